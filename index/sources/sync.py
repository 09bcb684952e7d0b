"""Keeps an index in step with the sources of a file: new articles come in, changed ones replace, withdrawn ones go."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from index.errors import FetchError, ReadError
from index.reading import at_address, files_in, read_articles, read_document
from index.reading.dates import WIB
from index.sources.config import Source, SourceList
from index.sources.feeds import Entry, entries, is_listing
from index.sources.fetching import Fetcher, Reply
from index.sources.pages import completed, read_entry
from index.sources.state import Document, State, now
from index.types import Article, Failure, IngestReport

if TYPE_CHECKING:
    from index.store import ArticleIndex

__all__ = ["SourceReport", "sync"]

_BATCH = 25  # pages between two writes: what an interruption can cost

Watch = Callable[[str], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """What a run did for one source. ``current`` documents were known not to have changed, without being read.

    ``stopped`` says why the run ended before all was seen; what was read until then is kept, and the next run goes on.
    """

    name: str
    report: IngestReport
    current: int = 0
    stopped: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {"name": self.name, "current": self.current, "stopped": self.stopped, **self.report.to_dict()}


def sync(
    listed: SourceList, index: ArticleIndex, *, only: Sequence[str] = (), watch: Watch = lambda _: None
) -> Iterator[SourceReport]:
    """Goes through the sources (those named in ``only``, else all), and yields a report for each as it is finished.

    Nothing is fetched that is known not to have changed: by what the feed or sitemap says, by ETag and Last-Modified,
    by a file's time and size, and by content. A page that is gone (404, 410, or sent to the site's front page) takes
    its articles out; a changed one replaces them, with ``Article.updated`` saying when and ``published`` kept. What is
    known is kept in ``sources/NAME.json`` in the index's folder. ``watch`` is called with each address that is read.

    Raises:
        IndexLockedError: another process is writing. What was finished before stays.
        IndexStoreError: the disk does not take it.
    """
    with Fetcher(listed.rules) as fetcher:
        for source in listed.sources:
            if not only or source.name in only:
                run = _Run(source, index, fetcher, watch)
                yield run.from_path(source.path) if source.path else run.from_web()


@dataclass(slots=True)
class _Batch:
    """Documents that were read and are not in the index yet: (key, document, its articles and failures)."""

    read: list[tuple[str, Document, list[Article | Failure]]] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)


class _Run:
    """One run over one source."""

    def __init__(self, source: Source, index: ArticleIndex, fetcher: Fetcher, watch: Watch) -> None:
        self._source = source
        self._index = index
        self._fetcher = fetcher
        self._watch = watch
        self._state = State.load(index.path / "sources" / f"{source.name}.json")
        self._held = index.sources(list(self._state.sources())).keys()
        self._batch = _Batch()
        self._counts = IngestReport()
        self._current = 0
        self._troubled = False  # whether a page could not be fetched
        self._now = now()

    # ---- web

    def from_web(self) -> SourceReport:
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

    def _known(self, key: str) -> Document:
        """What is known of a document; nothing if its articles are not (or no longer) in the index."""
        document = self._state.documents.get(key, Document())
        return document if self._held >= set(document.sources) else Document()

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

    def _dated(self, item: Article | Failure, seen: datetime) -> Article | Failure:
        """The article as a new version of the one that is stored, if it is one."""
        if isinstance(item, Failure):
            return item
        stored = self._index.sources([item.source]).get(item.source)
        before = self._index.get(stored) if stored else None
        return corrected(item, before, seen) if before else item

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

    # ---- folders and files

    def from_path(self, path: Path) -> SourceReport:
        """Files that are new or changed; those that are gone take their articles along."""
        try:
            found = list(files_in(path))
        except ReadError as error:
            return self._report(str(error))
        files = {str(file): file for file in found if isinstance(file, Path)}
        for failure in found:
            if isinstance(failure, Failure):
                self._failed(failure)
        missing = [key for key in self._state.documents if key not in files]
        if missing and not files:
            return self._report(
                f"{path} holds none of the files it held; nothing was removed, in case it is not mounted"
            )
        if self._counts.failed:  # a folder that cannot be opened hides its files
            missing = []
        changed = {key: stamp for key, file in files.items() if (stamp := _stamp(file)) != self._known(key).stamp}
        self._current += len(files) - len(changed)
        read: dict[str, list[str]] = {}
        failures: set[str] = set()
        self._count(self._index.add(self._from_files(changed, read, failures)))
        lost = [source for key in missing for source in self._state.documents.pop(key).sources]
        for key, sources in read.items():
            before = set(self._state.documents.get(key, Document()).sources)
            # What cannot be read now stays as it was.
            left = before if key in failures else before & failures
            lost += before - left - set(sources)
            seen = None if key in failures else changed[key]
            self._state.documents[key] = Document(stamp=seen, sources=tuple(dict.fromkeys((*sources, *left))))
        kept = set(self._state.sources())
        self._withdraw([source for source in lost if source not in kept])
        self._state.save()
        return self._report("")

    def _from_files(
        self, changed: Iterable[str], read: dict[str, list[str]], failures: set[str]
    ) -> Iterator[Article | Failure]:
        for key in changed:
            self._watch(key)
            sources = read[key] = []
            for item in read_articles(key, columns=self._source.columns):
                if isinstance(item, Failure):
                    failures.add(item.source)
                    yield item
                    continue
                sources.append(item.source)
                yield self._completed(self._dated(item, self._now))

    # ---- both

    def _completed(self, item: Article | Failure) -> Article | Failure:
        """With what the source's entry says of articles that name none."""
        if isinstance(item, Failure):
            return item
        source = self._source
        return replace(
            item,
            publisher=source.publisher or item.publisher,
            language=item.language or source.language,
            topics=item.topics or source.topics,
        )

    def _withdraw(self, sources: list[str]) -> None:
        if sources:
            self._count(self._index.withdraw(sources))

    def _failed(self, failure: Failure) -> None:
        self._count(IngestReport(failed=(failure,)))

    def _count(self, report: IngestReport) -> None:
        names = [one.name for one in fields(IngestReport)]
        self._counts = IngestReport(**{name: getattr(self._counts, name) + getattr(report, name) for name in names})

    def _report(self, stopped: str) -> SourceReport:
        return SourceReport(name=self._source.name, report=self._counts, current=self._current, stopped=stopped)


def corrected(article: Article, before: Article, seen: datetime) -> Article:
    """``article`` as the new version of ``before``: published when that was, updated when it says, else when seen."""
    published = min(filter(None, (article.published, before.published)), key=_order, default=None)
    updated = article.updated or (article.published if article.published != published else None)
    if (article.title, article.text) == (before.title, before.text):
        return replace(article, published=published, updated=updated or before.updated)
    if updated is None or (before.updated and _order(updated) <= _order(before.updated)):
        updated = seen.astimezone(WIB)
    return replace(article, published=published, updated=updated)


def _order(moment: date) -> tuple[date, time]:
    """By day, then by time; a day without a time goes before its times."""
    if isinstance(moment, datetime):
        local = moment.astimezone(WIB)
        return local.date(), local.time()
    return moment, time.min


def _as_page(entry: Entry) -> bytes:
    """A feed's full text as a page of its own."""
    from html import escape

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


def _stamp(file: Path) -> str:
    """A file's time and size: what is enough for make and rsync."""
    with suppress(OSError):  # it went this moment; reading it says so
        status = file.stat()
        return f"{status.st_mtime_ns}-{status.st_size}"
    return ""
