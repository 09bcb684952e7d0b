"""Statements become an answer: claims with numbered citations, and the text that holds them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.types import Answer, Citation, Claim
from assistant.weighing import in_context
from assistant.wording import SUPPORT_LABELS, Language

from .grounding import Grounded

__all__ = ["with_context", "written"]


def written(opening: Answer, said: Sequence[Grounded], language: Language, *, tail: str = "") -> Answer:
    """An answer of statements, their sentences numbered in the order in which they appear.

    Args:
        opening: question, query, filter and passages.
        said: the statements so far.
        language: of the words around them.
        tail: the words of a statement that is not finished, shown behind them and part of no claim.
    """
    citations: dict[tuple[str, int, int], Citation] = {}
    claims: list[Claim] = []
    text = ""
    for item in said:
        for one in item.sentences:
            place = (one.article.id, one.start, one.end)
            citations.setdefault(
                place, Citation(number=len(citations) + 1, article=one.article, start=one.start, end=one.end)
            )
        numbers = tuple(citations[one.article.id, one.start, one.end].number for one in item.sentences)
        claims.append(Claim(item.text, numbers, support=item.support, reason=item.reason))
        text += (item.lead if text else item.lead.lstrip()) + _claim_text(claims[-1], language)
    return replace(
        opening,
        text=" ".join(filter(None, (text, tail))),
        found=bool(claims),
        claims=tuple(claims),
        citations=tuple(citations.values()),
    )


def with_context(answer: Answer, language: Language) -> Answer:
    """The answer, its citations with their copies and with what their weekdays and pronouns mean."""
    return replace(answer, citations=tuple(in_context(cited, answer.passages, language) for cited in answer.citations))


def _claim_text(claim: Claim, language: Language) -> str:
    """One claim as it stands in an answer's text, with its markers and, in words, what it lacks."""
    markers = "".join(f"[{number}]" for number in claim.citations)
    label = SUPPORT_LABELS[language].get(claim.support, "")
    return " ".join(filter(None, (claim.text, markers, label)))
