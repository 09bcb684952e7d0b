"""A question's turn and its answer. All frozen; an ``Answer`` serves the page, notebook, CLI and API alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from index.display import show_as_text, source_text
from index.types import Article, Filter, Passage

__all__ = ["Answer", "Citation", "Claim", "Gloss", "Support", "Turn", "Usage"]


class Support(StrEnum):
    """How far the cited characters bear a claim out."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    UNSUPPORTED = "unsupported"


@dataclass(frozen=True, slots=True)
class Turn:
    """An earlier exchange of the same conversation; ``citations`` are those of its answer, where they are known."""

    question: str
    answer: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Gloss:
    """What an expression of a quotation means in its article: "Senin" a day, "ia" a person.

    ``text`` is ``article.text[start:end]``; ``meaning`` stands beside the quotation, never inside its marks.
    """

    text: str
    meaning: str
    start: int
    end: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {"text": self.text, "meaning": self.meaning, "start": self.start, "end": self.end}


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact characters of an article that support a claim: ``article.text[start:end] == quote``.

    ``span`` is the part of the quote that answers by itself (a name, a date, an amount) as offsets into
    ``article.text``, where the reader is sure of one. ``glosses`` explain the weekdays, relative dates and pronouns of
    the quote that the article makes clear. ``copies`` are other articles that carry the quote with all its facts,
    perhaps a little edited: the same wire copy at other publishers.

    Raises:
        ValueError: the offsets do not lie in the article, or the span not in the quote.
    """

    number: int
    article: Article
    start: int
    end: int
    span: tuple[int, int] | None = None
    glosses: tuple[Gloss, ...] = ()
    copies: tuple[Article, ...] = ()

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end <= len(self.article.text):
            raise ValueError(f"[{self.start}:{self.end}] does not lie in article {self.article.id}")
        if self.span is not None and not self.start <= self.span[0] < self.span[1] <= self.end:
            raise ValueError(f"span {self.span} does not lie in [{self.start}:{self.end}]")

    @property
    def quote(self) -> str:
        """The exact characters ``article.text[start:end]``."""
        return self.article.text[self.start : self.end]

    def __str__(self) -> str:
        return f"[{self.number}] “{self.quote}” — {source_text(self.article)}"

    _repr_pretty_ = show_as_text

    def _repr_html_(self) -> str:
        from .rendering import citation_html  # late: rendering needs these types

        return citation_html(self)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields; the article without its body."""
        return {
            "number": self.number,
            "article": self.article.to_dict(text=False),
            "start": self.start,
            "end": self.end,
            "quote": self.quote,
            "span": list(self.span) if self.span else None,
            "copies": [article.to_dict(text=False) for article in self.copies],
            "glosses": [gloss.to_dict() for gloss in self.glosses],
        }


@dataclass(frozen=True, slots=True)
class Claim:
    """One statement of an answer and the numbers of the citations that support it.

    ``quoted`` is true when ``text`` is verbatim the quote of the first of its citations; others then say the same in
    the same or nearly the same words. ``support`` says how far those citations
    bear the statement out, and ``reason`` why not wholly, as a sentence to show; empty for a supported claim.
    """

    text: str
    citations: tuple[int, ...] = ()
    quoted: bool = False
    support: Support = Support.SUPPORTED
    reason: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {
            "text": self.text,
            "citations": list(self.citations),
            "quoted": self.quoted,
            "support": str(self.support),
            "reason": self.reason,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What a chat model was asked for one answer, and how long the steps took.

    ``calls`` counts requests to the model. Tokens are those the model reports; where it reports none they are estimated
    from the number of characters, and ``estimated`` is true. ``cached`` says that the reply came from the answer cache.
    ``seconds`` holds the duration of each step by name, in the order in which they ran.
    """

    model: str
    calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    estimated: bool = False
    cached: bool = False
    seconds: Mapping[str, float] = field(default_factory=dict)

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {
            "model": self.model,
            "calls": self.calls,
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "estimated": self.estimated,
            "cached": self.cached,
            "seconds": {step: round(seconds, 4) for step, seconds in self.seconds.items()},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the assistant says to a question, and what it rests on.

    ``query`` is the standalone question that was searched (equal to ``question`` unless history resolved something).
    ``text`` is the answer as plain text with ``[1]`` markers. ``found`` is false when the articles do not answer it;
    ``passages`` then still holds the nearest ones. ``confidence`` is the probability, 0 to 1, that the passages answer
    the question at all. ``complete`` is false on the growing snapshots that ``Assistant.stream`` yields before the
    last. ``notice`` is a plain sentence to show beside the answer, such as that the chat model could not be reached.
    ``usage`` is there where a chat model is configured; two answers that differ only in it are equal. ``as_of`` is the
    day of the article that a figure comes from, where such figures age. ``disagreement`` holds groups of citation
    numbers that contradict each other, the newest article first in each.
    """

    question: str
    query: str
    text: str = ""
    found: bool = False
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    passages: tuple[Passage, ...] = ()
    filter: Filter = field(default_factory=Filter)
    confidence: float = 0.0
    complete: bool = True
    notice: str = ""
    usage: Usage | None = field(default=None, compare=False)
    as_of: date | None = None
    disagreement: tuple[tuple[int, ...], ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields; articles without their bodies."""
        return {
            "question": self.question,
            "query": self.query,
            "text": self.text,
            "found": self.found,
            "confidence": self.confidence,
            "complete": self.complete,
            "notice": self.notice,
            "usage": self.usage.to_dict() if self.usage else None,
            "as_of": self.as_of.isoformat() if self.as_of else None,
            "disagreement": [list(group) for group in self.disagreement],
            "claims": [claim.to_dict() for claim in self.claims],
            "citations": [citation.to_dict() for citation in self.citations],
            "passages": [passage.to_dict() for passage in self.passages],
        }

    def to_json(self, *, indent: int | None = None) -> str:
        """``to_dict`` as JSON text, letters as they are."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def __str__(self) -> str:
        return self.text

    _repr_pretty_ = show_as_text

    def _repr_html_(self) -> str:
        from .rendering import answer_html  # late: rendering needs these types

        return answer_html(self)
