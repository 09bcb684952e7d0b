"""A question that asks several things: its parts, and their answers as one answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.terms import analyse

from .contrast import contrast, outcome
from .rendering import citation_markers
from .types import Answer, Claim
from .wording import NOT_FOUND, question_language

__all__ = ["MOST_PARTS", "Part", "joined", "split_question"]

MOST_PARTS: Final = 4

_ASKS: Final = (
    r"(?:siapa(?:kah)?|kapan(?:kah)?|di ?mana(?:kah)?|ke ?mana|dari mana|berapa(?:kah)?|mengapa|kenapa|"
    r"bagaimana(?:kah)?|apakah|apa (?:saja|nama|alasan|penyebab|dampak|tujuan|isi|yang)|"
    r"who|when|where|why|how|what|which)"
)
_BREAK: Final = re.compile(
    rf"\?\s+(?:(?:dan|serta|lalu|kemudian|juga|and|also)\s+)?(?={_ASKS}\b)"
    rf"|,?\s+(?:dan|serta|lalu|and|and also)\s+(?={_ASKS}\b)",
    re.IGNORECASE,
)
_ASKING: Final = re.compile(rf"\b{_ASKS}\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a question as it is asked, and as it stands alone where that is known already ("" where not)."""

    question: str
    standalone: str = ""


def split_question(question: str) -> tuple[Part, ...]:
    """The parts that each ask something, at most ``MOST_PARTS``; the question as it is where it asks one thing.

    It is cut at question marks, and at "dan" or "and", before a question word. What a later part leaves out or points
    back to is for the rewriting of follow-ups, which gets the earlier parts as history. A question that sets two things
    against each other asks for both.
    """
    if against := contrast(question):
        return tuple(Part(side, side) for side in against.questions)
    pieces = [piece.strip(" ,") for piece in _BREAK.split(question)]
    asking = all(_ASKING.search(piece) and analyse(piece) for piece in pieces)  # not "kapan" alone
    if not (asking and 1 < len(pieces) <= MOST_PARTS):
        return (Part(question),)
    return tuple(Part(piece if piece.endswith("?") else f"{piece}?") for piece in pieces)


def joined(question: str, answers: Sequence[Answer], count: int) -> Answer:
    """The answers to the parts of a question as one, complete when all ``count`` are.

    Citations are numbered through. A part that the articles do not answer says so under its own words; where they
    answer none, the answer is the first part's, with what it says about the index. Where the parts are two sides that
    can be compared, the last paragraph compares them.
    """
    if count == 1:
        return replace(answers[0], question=question)
    whole = answers[0] if not any(answer.found for answer in answers) else _merged(answers)
    if (against := contrast(question)) and all(answer.complete for answer in answers):
        whole = _compared(whole, answers, outcome(against, answers, question_language(question)))
    return replace(
        whole,
        question=question,
        query=" ".join(_distinct(answer.query for answer in answers)),
        notice=" ".join(_distinct(answer.notice for answer in answers)),
        usage=answers[-1].usage,
        passages=tuple({passage.chunk.id: passage for answer in answers for passage in answer.passages}.values()),
        complete=len(answers) == count and answers[-1].complete,
    )


def _merged(answers: Sequence[Answer]) -> Answer:
    offset = 0
    texts, claims, citations, disagreement = [], [], [], []
    for answer in answers:
        texts.append(_text(answer, offset))
        claims += [replace(one, citations=tuple(n + offset for n in one.citations)) for one in answer.claims]
        citations += [replace(one, number=one.number + offset) for one in answer.citations]
        disagreement += [tuple(n + offset for n in group) for group in answer.disagreement]
        offset += len(answer.citations)
    days = [answer.as_of for answer in answers if answer.as_of]
    return replace(
        answers[0],
        text="\n\n".join(filter(None, texts)),
        found=True,
        claims=tuple(claims),
        citations=tuple(citations),
        confidence=max(answer.confidence for answer in answers if answer.found),
        as_of=min(days) if days else None,
        disagreement=tuple(disagreement),
    )


def _compared(whole: Answer, answers: Sequence[Answer], said: str) -> Answer:
    """With what is said of both answers together, on the evidence of both."""
    if not said:
        return whole
    first, second = (answer.claims[0].citations for answer in answers)
    numbers = (*first, *(number + len(answers[0].citations) for number in second))
    markers = "".join(f"[{number}]" for number in numbers)
    return replace(whole, text=f"{whole.text}\n\n{said} {markers}", claims=(*whole.claims, Claim(said, numbers)))


def _text(answer: Answer, offset: int) -> str:
    """The text with its markers ``offset`` higher; of a refusal only that it is one, under its question."""
    if not answer.found:
        refused = NOT_FOUND[question_language(answer.question)]
        return f"{answer.question} {refused}" if answer.complete else ""
    pieces, position = [], 0
    for start, end, citation in citation_markers(answer):
        pieces += [answer.text[position:start], f"[{citation.number + offset}]"]
        position = end
    return "".join([*pieces, answer.text[position:]])


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
