"""Exchanges as JSON-ready records and back: what the browser keeps, and what an export freezes.

A record holds the quotations themselves. Read back, a citation is joined to its article again if the index still has
it with the same characters; if not, the quotation is all that is left of it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from assistant.types import Answer, Citation, Claim, Gloss, Support, Usage
from index.types import Article, Chunk, Passage

from .session import Exchange, Rating

__all__ = ["LARGEST", "Kept", "nearest", "record", "restore"]

LARGEST: Final = 4_000_000
"""Characters of a kept conversation; browsers keep about five million in all."""

_NEAREST = 5

Find = Callable[[str], Article | None]


class Kept(NamedTuple):
    """A conversation read back."""

    id: str
    exchanges: list[Exchange]


def record(exchange: Exchange) -> dict[str, Any]:
    """An exchange that is not pending, JSON-ready."""
    answer, rating = exchange.answer, exchange.rating
    fields = answer.to_dict() if answer is not None else None
    if answer is not None and fields is not None:
        # What an answer does not cite is looked at again only where there was nothing to cite.
        fields["passages"] = [] if answer.found else [passage.to_dict() for _, passage in nearest(answer)]
    return {
        "question": exchange.question,
        "query": exchange.query,
        "asked": exchange.asked.isoformat(timespec="seconds"),
        "stopped": exchange.stopped,
        "problem": exchange.problem,
        "rating": rating and {"helpful": rating.helpful, "reason": rating.reason, "comment": rating.comment},
        "answer": fields,
    }


def nearest(answer: Answer) -> Iterator[tuple[int, Passage]]:
    """The best passage of each of the nearest few articles, with its rank."""
    first = {passage.article.id: rank for rank, passage in reversed(list(enumerate(answer.passages)))}
    return ((rank, answer.passages[rank]) for rank in sorted(first.values())[:_NEAREST])


def restore(text: str, find: Find) -> Kept:
    """The conversation that a browser kept: ``{"id": str, "turns": [record, ...]}`` as JSON.

    Args:
        text: what it sent, which may be anything.
        find: the article with an id, if it is still there.

    Raises:
        ValueError: it is no kept conversation.
    """
    if len(text) > LARGEST:
        raise ValueError("the conversation is too large")
    try:
        kept = json.loads(text)
        return Kept(_text(kept, "id"), [_exchange(turn, find) for turn in kept["turns"]])
    except (AttributeError, IndexError, KeyError, RecursionError, TypeError) as error:
        raise ValueError(f"no kept conversation: {error!r}") from error


def _exchange(fields: Mapping[str, Any], find: Find) -> Exchange:
    rating, answer = fields["rating"], fields["answer"]
    given = _Articles(find)
    return Exchange(
        question=_text(fields, "question"),
        query=_text(fields, "query"),
        asked=datetime.fromisoformat(fields["asked"]).astimezone(),
        answer=_answer(answer, given) if answer else None,
        # An answer that had not ended when it was kept will not go on.
        stopped=bool(fields["stopped"] or not (fields["problem"] or (answer and answer["complete"]))),
        problem=_text(fields, "problem"),
        rating=Rating(helpful=bool(rating["helpful"]), reason=_text(rating, "reason"), comment=_text(rating, "comment"))
        if rating
        else None,
        gone=frozenset(given.gone),
    )


def _answer(fields: Mapping[str, Any], articles: _Articles) -> Answer:
    return Answer(
        question=_text(fields, "question"),
        query=_text(fields, "query"),
        text=_text(fields, "text"),
        found=bool(fields["found"]),
        confidence=float(fields["confidence"]),
        complete=bool(fields["complete"]),
        notice=_text(fields, "notice"),
        usage=_usage(fields["usage"]) if fields["usage"] else None,
        as_of=_moment(fields["as_of"]),
        disagreement=tuple(tuple(map(int, group)) for group in fields["disagreement"]),
        claims=tuple(
            Claim(
                text=_text(claim, "text"),
                citations=tuple(map(int, claim["citations"])),
                quoted=bool(claim["quoted"]),
                support=Support(claim["support"]),
                reason=_text(claim, "reason"),
            )
            for claim in fields["claims"]
        ),
        citations=tuple(articles.citation(citation) for citation in fields["citations"]),
        passages=tuple(articles.passage(passage) for passage in fields["passages"]),
    )


def _usage(fields: Mapping[str, Any]) -> Usage:
    return Usage(
        model=_text(fields, "model"),
        calls=int(fields["calls"]),
        input_tokens=int(fields["input_tokens"]),
        output_tokens=int(fields["output_tokens"]),
        estimated=bool(fields["estimated"]),
        cached=bool(fields["cached"]),
        seconds={str(step): float(seconds) for step, seconds in fields["seconds"].items()},
    )


class _Articles:
    """Joins kept quotations to the articles they are from; ``gone`` are the ids of those that stand for lost ones."""

    def __init__(self, find: Find) -> None:
        self._find = find
        self.gone: set[str] = set()

    def citation(self, fields: Mapping[str, Any]) -> Citation:
        """A citation by its offsets, or of a text that is nothing but the quotation."""
        article, start, end = self._place(fields, "quote")
        span = fields["span"]
        shift = start - int(fields["start"])
        key = (int(span[0]) + shift, int(span[1]) + shift) if span else None
        glosses = tuple(
            Gloss(_text(gloss, "text"), _text(gloss, "meaning"), int(gloss["start"]) + shift, int(gloss["end"]) + shift)
            for gloss in fields["glosses"]
        )
        return Citation(
            number=int(fields["number"]),
            article=article,
            start=start,
            end=end,
            span=key,
            glosses=glosses,
            copies=self._copies(fields),
        )

    def passage(self, fields: Mapping[str, Any]) -> Passage:
        """A passage likewise."""
        article, start, end = self._place(fields, "text")
        chunk = Chunk(article.id, 0, start, end)
        return Passage(article=article, chunk=chunk, score=float(fields["score"]), copies=self._copies(fields))

    def _copies(self, fields: Mapping[str, Any]) -> tuple[Article, ...]:
        return tuple(self._find(_text(other, "id")) or _excerpt(other, other["title"]) for other in fields["copies"])

    def _place(self, fields: Mapping[str, Any], name: str) -> tuple[Article, int, int]:
        described, text = fields["article"], _text(fields, name)
        start, end = int(fields["start"]), int(fields["end"])
        article = self._find(_text(described, "id"))
        if article is not None and article.id == described["id"] and article.text[start:end] == text:
            return article, start, end
        excerpt = _excerpt(described, text)
        self.gone.add(excerpt.id)
        return excerpt, 0, len(text)


def _excerpt(fields: Mapping[str, Any], text: str) -> Article:
    """What is left of an article."""
    return Article(
        title=_text(fields, "title"),
        text=text,
        url=fields["url"] and _text(fields, "url"),
        publisher=fields["publisher"] and _text(fields, "publisher"),
        author=fields["author"] and _text(fields, "author"),
        published=_moment(fields["published"]),
    )


def _moment(text: str | None) -> date | None:
    if text is None:
        return None
    return date.fromisoformat(text) if len(text) == len("2024-11-27") else datetime.fromisoformat(text)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str):
        raise TypeError(f"{name} is no text")
    return value
