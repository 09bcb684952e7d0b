"""What runs over web addresses and over folders have in common: what is known of a source, and how articles go in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from index.reading.dates import WIB
from index.sources.config import Source
from index.sources.state import Document, State, now
from index.types import Article, Failure, IngestReport

if TYPE_CHECKING:
    from index.store import ArticleIndex

__all__ = ["Run", "SourceReport", "Watch", "corrected"]

Watch = Callable[[str], None]
"""Is called with each address or path as it is read."""


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


class Run:
    """One run over one source."""

    def __init__(self, source: Source, index: ArticleIndex, watch: Watch) -> None:
        self._source = source
        self._index = index
        self._watch = watch
        self._state = State.load(index.path / "sources" / f"{source.name}.json")
        self._held = index.sources(list(self._state.sources())).keys()
        self._counts = IngestReport()
        self._current = 0
        self._now = now()

    def _known(self, key: str) -> Document:
        """What is known of a document; nothing if its articles are not (or no longer) in the index."""
        document = self._state.documents.get(key, Document())
        return document if self._held >= set(document.sources) else Document()

    def _dated(self, item: Article | Failure, seen: datetime) -> Article | Failure:
        """The article as a new version of the one that is stored, if it is one."""
        if isinstance(item, Failure):
            return item
        stored = self._index.sources([item.source]).get(item.source)
        before = self._index.get(stored) if stored else None
        return corrected(item, before, seen) if before else item

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
