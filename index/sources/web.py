"""A run over a web address: a feed or sitemap and the pages it lists, or one page."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from index.errors import FetchError, ReadError
from index.reading import at_address, read_document
from index.sources.config import Source
from index.sources.feeds import Entry, entries, is_listing
from index.sources.fetching import Fetcher, Reply
from index.sources.pages import completed, read_entry
from index.sources.runs import Run, SourceReport, Watch
from index.sources.state import Document
from index.types import Article, Failure

if TYPE_CHECKING:
    from index.store import ArticleIndex

__all__ = ["WebRun"]

_BATCH = 25  # pages between two writes: what an interruption can cost


@dataclass(slots=True)
class _Batch:
    """Documents that were read and are not in the index yet: (key, document, its articles and failures)."""

    read: list[tuple[str, Document, list[Article | Failure]]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class WebRun(Run):
    """One run over a source on the web."""

    def __init__(self, source: Source, index: ArticleIndex, watch: Watch, fetcher: Fetcher) -> None:
        super().__init__(source, index, watch)
        self._fetcher = fetcher
        self._batch = _Batch()
        self._troubled = False  # whether a page could not be fetched

    def run(self) -> SourceReport:
        """Everything new that the source's address lists, then what should be looked at again."""
        stopped = ""
        try:
            visited = self._listed()
            for key in self._state.due(self._source.recheck_days, self._now, visited):
                self._visit(Entry(url=key))
        except ReadError as error:
            stopped = str(error)
        finally:
            self._write()
        return self._report(stopped)

    def _listed(self) -> set[str]:
        """Visits what is listed, unless it is known not to have changed; returns the addresses visited."""
        url = self._source.url
        known = self._known(url)
        if known.sources:  # an article by itself
            self._visit(Entry(url=url))
            return {url}
        self._watch(url)
        reply = self._fetcher.get(url, etag=known.etag, modified=known.modified)
        if reply.unchanged:
            self._current += 1
            return set()
        if not is_listing(reply):
            self._take(Entry(url=url), known, reply)
            return {url}
        visited: set[str] = set()
        for entry in entries(reply, self._fetcher, self._source.selection):
            if self._known(entry.url).is_current(_hint(entry), self._source.recheck_days, self._now):
                self._current += 1
            elif len(visited) == self._source.limit:
                return visited
            else:
                visited.add(entry.url)
                self._visit(entry)
        if not self._counts.failed and not self._troubled:  # else the next run looks at the listing again
            self._state.documents[url] = Document(
                etag=reply.etag, modified=reply.modified, checked=self._now.isoformat()
            )
        return visited

    def _visit(self, entry: Entry) -> None:
        """Reads one page, if it has changed."""
        known = self._known(entry.url)
        self._watch(entry.url)
        if self._source.full_text and entry.text:
            found = read_document(_as_page(entry), "entry.html", entry.url)
            self._read(entry, known, [self._dated(_at(item, entry), self._now) for item in found])
            return
        try:
            reply = self._fetcher.get(entry.url, etag=known.etag, modified=known.modified)
        except FetchError as error:
            if error.gone and known.sources:
                self._batch.gone.append(entry.url)
            else:
                self._troubled = True
                self._failed(Failure(entry.url, str(error)))
            return
        if reply.unchanged:
            hint = _hint(entry) or known.hint
            self._state.documents[entry.url] = replace(known, checked=self._now.isoformat(), hint=hint)
            self._current += 1
        elif known.sources and _is_front_page(reply.url) and not _is_front_page(entry.url):
            self._batch.gone.append(entry.url)
        else:
            self._take(entry, known, reply)

    def _take(self, entry: Entry, known: Document, reply: Reply) -> None:
        """The articles of a page that was fetched."""
        moment = reply.modified_at or self._now
        try:
            found = read_entry(entry, reply, self._fetcher, self._source.columns)
            items = [self._dated(item, moment) for item in found]
        except ReadError as error:
            items = [Failure(entry.url, str(error))]
        self._read(entry, known, items, etag=reply.etag, modified=reply.modified)

    def _read(self, entry: Entry, known: Document, items: list[Article | Failure], **validators: str | None) -> None:
        """Puts a document into the batch. Of one that cannot be read now, what was there stays."""
        articles = [item for item in items if isinstance(item, Article)]
        failed = len(articles) < len(items)
        sources = (*(article.source for article in articles), *(known.sources if failed else ()))
        days = [article.day for article in articles if article.day]
        newest = max(days, default=self._now.date()).isoformat() if articles else known.newest
        self._batch.read.append(
            (
                entry.url,
                Document(
                    **({} if failed else validators),
                    hint=_hint(entry),
                    sources=tuple(dict.fromkeys(sources)),
                    newest=newest,
                    checked=self._now.isoformat(),
                ),
                items,
            )
        )
        if len(self._batch.read) >= _BATCH:
            self._write()

    def _write(self) -> None:
        """The batch into the index, then into the state: what is killed in between is only read again."""
        batch, self._batch = self._batch, _Batch()
        if not (batch.read or batch.gone):
            self._state.save()
            return
        self._count(self._index.add(self._completed(item) for _, _, items in batch.read for item in items))
        lost: list[str] = []
        for key, document, _ in batch.read:
            lost += set(self._state.documents.get(key, Document()).sources) - set(document.sources)
            self._state.documents[key] = document
        for key in batch.gone:
            lost += self._state.documents.pop(key, Document()).sources
        kept = set(self._state.sources())
        self._withdraw([source for source in lost if source not in kept])
        self._state.save()


def _as_page(entry: Entry) -> bytes:
    """A feed's full text as a page of its own."""

    title = escape(entry.title or "")
    head = f'<html><head><meta charset="utf-8"><title>{title}</title></head>'
    return f"{head}<body><article><h1>{title}</h1>{entry.text}</article></body></html>".encode()


def _is_front_page(url: str) -> bool:
    return urlsplit(url).path in ("", "/")


def _hint(entry: Entry) -> str | None:
    return entry.changed.isoformat() if entry.changed else None


def _at(item: Article | Failure, entry: Entry) -> Article | Failure:
    """An article out of a feed: its page's address is its own."""
    return item if isinstance(item, Failure) else completed(at_address(item, entry.url), entry)
