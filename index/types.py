"""What the rooms of the index hand to each other: articles, chunks, passages, reports. All frozen."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from .display import passage_html, report_html, report_text, show_as_text, source_text

__all__ = [
    "Article",
    "CheckReport",
    "Chunk",
    "Coverage",
    "Failure",
    "Filter",
    "Finding",
    "IngestReport",
    "Passage",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One news article. ``text`` is the one truth: every offset, everywhere, points into it.

    ``id`` is a hash of publisher, url, title and text, so the same content read twice is the same article.
    ``source`` says where it was read from (a canonical URL, a path, or ``path#row``); when the same source later
    yields other content, the new article replaces the old one. ``published`` and ``updated`` are a ``date`` where only
    the day is known and a time-zone-aware ``datetime`` where the time is known too.

    Raises:
        ValueError: ``text`` or ``title`` is blank, or a datetime has no time zone.
    """

    title: str
    text: str
    source: str = ""
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    editor: str | None = None
    published: date | None = None
    updated: date | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    id: str = field(init=False)

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise ValueError("an article needs text")
        if not self.title.strip():
            raise ValueError("an article needs a title")
        for moment in (self.published, self.updated):
            if isinstance(moment, datetime) and moment.tzinfo is None:
                raise ValueError(f"{moment!r} needs a time zone; give datetime(..., tzinfo=...) or a plain date")
        key = "\0".join((self.publisher or "", self.url or "", self.title, self.text))
        object.__setattr__(self, "id", hashlib.blake2b(key.encode("utf-8", "surrogatepass"), digest_size=8).hexdigest())

    @property
    def day(self) -> date | None:
        """The calendar day of publication, in the article's own time zone."""
        return self.published.date() if isinstance(self.published, datetime) else self.published

    def to_dict(self, *, text: bool = True) -> dict[str, Any]:
        """JSON-ready fields; dates in ISO 8601. ``text=False`` leaves the body out."""
        fields: dict[str, Any] = {
            "id": self.id,
            "title": self.title,
            "url": self.url,
            "publisher": self.publisher,
            "author": self.author,
            "editor": self.editor,
            "published": self.published.isoformat() if self.published else None,
            "updated": self.updated.isoformat() if self.updated else None,
            "language": self.language,
            "topics": list(self.topics),
            "source": self.source,
        }
        if text:
            fields["text"] = self.text
        return fields


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole sentences of one article: ``article.text[start:end]``. Offsets are characters (code points)."""

    article_id: str
    position: int
    start: int
    end: int

    @property
    def id(self) -> str:
        """Article and offsets: the same content has the same id."""
        return f"{self.article_id}:{self.start}-{self.end}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A chunk that retrieval returned, with its article and why it ranks where it does.

    ``score`` is the figure it was ranked by, higher is better; ``scores`` holds the parts of it by name (``"bm25"``,
    ``"dense"``, ...), each on its own scale. ``copies`` are other articles that carry the same text, a little edited
    (the same wire copy at other publishers): it is retrieved once.
    """

    article: Article
    chunk: Chunk
    score: float
    scores: Mapping[str, float] = field(default_factory=dict)
    copies: tuple[Article, ...] = ()

    @property
    def start(self) -> int:
        """Where the passage starts in the article's text."""
        return self.chunk.start

    @property
    def end(self) -> int:
        """Where the passage ends in the article's text, exclusive."""
        return self.chunk.end

    @property
    def text(self) -> str:
        """The exact characters ``article.text[start:end]``."""
        return self.article.text[self.chunk.start : self.chunk.end]

    def __str__(self) -> str:
        return f"{source_text(self.article)}\n{self.text}"

    _repr_pretty_ = show_as_text

    def _repr_html_(self) -> str:
        return passage_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields; the article without its body."""
        return {
            "article": self.article.to_dict(text=False),
            "start": self.start,
            "end": self.end,
            "text": self.text,
            "score": self.score,
            "scores": dict(self.scores),
            "copies": [article.to_dict(text=False) for article in self.copies],
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Which articles a question may be answered from. Empty fields allow everything; fields combine by "and".

    ``since`` and ``until`` are days of publication, both inclusive; an article without a date passes only when both
    are ``None``. ``publishers`` and ``topics`` match whole names, ignoring case; ``articles`` are article ids.
    """

    since: date | None = None
    until: date | None = None
    publishers: frozenset[str] = frozenset()
    topics: frozenset[str] = frozenset()
    articles: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        """Whether anything is filtered at all."""
        return bool(self.since or self.until or self.publishers or self.topics or self.articles)


@dataclass(frozen=True, slots=True)
class Failure:
    """Something that could not be read or indexed, and why, in words a user can act on."""

    source: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IngestReport:
    """What ``ArticleIndex.add`` or ``.remove`` did: article ids by outcome, and the failures with their reasons."""

    added: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    failed: tuple[Failure, ...] = ()

    def __str__(self) -> str:
        return report_text(self)

    _repr_pretty_ = show_as_text

    def _repr_html_(self) -> str:
        return report_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {
            "added": list(self.added),
            "updated": list(self.updated),
            "unchanged": list(self.unchanged),
            "removed": list(self.removed),
            "failed": [{"source": failure.source, "reason": failure.reason} for failure in self.failed],
        }


@dataclass(frozen=True, slots=True)
class Coverage:
    """What an index holds: counts, first and last day of publication, numbers of articles by publisher and by topic."""

    articles: int
    chunks: int
    first_day: date | None
    last_day: date | None
    publishers: dict[str, int]
    topics: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that is wrong with an index, in words for whoever keeps it.

    ``part`` is what it is wrong with: ``"file"``, ``"version"``, ``"text"``, ``"chunks"``, ``"filters"``, ``"terms"``,
    ``"vectors"`` or ``"Chroma"``. ``articles`` are ids of those concerned, where it concerns single ones.
    ``way_out`` says what to do where ``ArticleIndex.check(repair=True)`` cannot help, and is empty where it can.
    """

    part: str
    problem: str
    articles: tuple[str, ...] = ()
    way_out: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What ``ArticleIndex.check`` looked at and found; ``remaining`` is what is still wrong after repairs."""

    articles: int
    chunks: int
    vectors: int
    found: tuple[Finding, ...] = ()
    remaining: tuple[Finding, ...] = ()

    @property
    def sound(self) -> bool:
        """Whether nothing is wrong now."""
        return not self.remaining

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""

        def fields(finding: Finding) -> dict[str, Any]:
            return {
                "part": finding.part,
                "problem": finding.problem,
                "articles": list(finding.articles),
                "way_out": finding.way_out,
            }

        return {
            "articles": self.articles,
            "chunks": self.chunks,
            "vectors": self.vectors,
            "found": [fields(finding) for finding in self.found],
            "remaining": [fields(finding) for finding in self.remaining],
        }
