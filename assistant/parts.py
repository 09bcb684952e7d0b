"""A question that asks several things: its parts, and their answers as one answer."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.terms import analyse

from .answering import paragraphs
from .contrast import Contrast, contrast, outcome
from .rendering import citation_markers
from .types import Answer, Citation, Claim
from .wording import NOT_FOUND, question_language

__all__ = ["MOST_PARTS", "Part", "joined", "split_question"]

MOST_PARTS: Final = 4
_SIDE_QUOTES: Final = 2

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
    against = contrast(question)
    parts = _sides(against, answers) if against else list(answers)
    whole = _merged(parts) if any(answer.found for answer in answers) else answers[0]
    if against and all(answer.complete for answer in answers):
        whole = _compared(whole, outcome(against, parts, question_language(question)))
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
    texts: list[str] = []
    claims: list[Claim] = []
    citations: list[Citation] = []
    disagreement: list[tuple[int, ...]] = []
    for answer in answers:
        numbers = {cited.number: number for number, cited in enumerate(answer.citations, start=len(citations) + 1)}
        texts.append(_text(answer, numbers))
        claims += [replace(one, citations=tuple(numbers[n] for n in one.citations)) for one in answer.claims]
        citations += [replace(one, number=numbers[one.number]) for one in answer.citations]
        disagreement += [tuple(numbers[n] for n in group) for group in answer.disagreement]
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


def _sides(against: Contrast, answers: Sequence[Answer]) -> list[Answer]:
    """The answers to both sides, each under its name, with two quotations at most and none of them twice."""
    sides: list[Answer] = []
    for name, answer in zip(against.sides, answers, strict=False):
        shown = {claim.text for side in sides for claim in side.claims if claim.quoted}
        quoted = [claim.text for claim in answer.claims if claim.quoted and claim.text not in shown][:_SIDE_QUOTES]
        if not quoted and answer.claims and answer.claims[0].quoted:
            quoted = [answer.claims[0].text]  # it has nothing else to show
        claims = tuple(claim for claim in answer.claims if not claim.quoted or claim.text in quoted)
        numbers = {number for claim in claims for number in claim.citations}
        text = "\n\n".join(said for said, claim in paragraphs(answer) if claim is None or claim.text in quoted)
        sides.append(
            replace(
                answer,
                text=f"{name[0].upper()}{name[1:]}: {text}" if answer.found and text else text,
                claims=claims,
                citations=tuple(citation for citation in answer.citations if citation.number in numbers),
                disagreement=tuple(group for group in answer.disagreement if numbers.issuperset(group)),
            )
        )
    return sides


def _compared(whole: Answer, said: str) -> Answer:
    """With what is said of both sides together, on the evidence of both."""
    if not said:
        return whole
    numbers = tuple(number for claim in whole.claims if not claim.quoted for number in claim.citations)
    markers = "".join(f"[{number}]" for number in numbers)
    return replace(whole, text=f"{whole.text}\n\n{said} {markers}", claims=(*whole.claims, Claim(said, numbers)))


def _text(answer: Answer, numbers: Mapping[int, int]) -> str:
    """The text with other numbers in its markers; of a refusal only that it is one, under its question."""
    if not answer.found:
        refused = NOT_FOUND[question_language(answer.question)]
        return f"{answer.question} {refused}" if answer.complete else ""
    pieces, position = [], 0
    for start, end, citation in citation_markers(answer):
        pieces += [answer.text[position:start], f"[{numbers[citation.number]}]"]
        position = end
    return "".join([*pieces, answer.text[position:]])


def _distinct(texts: Iterable[str]) -> list[str]:
    return [text for text in dict.fromkeys(texts) if text]
