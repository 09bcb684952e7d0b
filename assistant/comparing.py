"""Sentences of several articles beside each other: those that say the same, and those that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import lru_cache

from index.lexicon import Lexicon, words
from index.questions import Kind, Question
from index.terms import analyse

from .dates.periods import Period, date_mentions
from .reading.features import fitting
from .types import Citation
from .verifying.quantities import Quantity, bears, quantities

__all__ = ["answering_span", "contradictions", "same_statement"]

_ALIKE = 0.75  # share of the terms of two sentences, both together, that they have in common
_DENIED = re.compile(r"\b(?:tidak|tak|belum|bukan|batal|tanpa|not|no|never)\b", re.IGNORECASE)
_ABOUT = 0.75  # share of the question's weight that a sentence and its title must hold to be taken for an answer to it
_COUNTED = re.compile(r"(?:[\d.,]*\d|\b\w+) ([^\W\d]+)")  # a figure and the word behind it
_FIGURES = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})


def same_statement(one: str, other: str) -> bool:
    """Whether two sentences say the same, word for word or nearly: the same figures and denials, and most terms."""
    if one == other:
        return True
    terms, others = set(analyse(one)), set(analyse(other))
    if {term for term in terms ^ others if term[0].isdecimal()}:
        return False
    if len(_DENIED.findall(one)) != len(_DENIED.findall(other)):
        return False
    return len(terms & others) >= _ALIKE * len(terms | others) > 0


def contradictions(question: Question, citations: Sequence[Citation]) -> tuple[Citation, ...]:
    """The citations whose figures or dates for the question differ, the newest article first, each with its span.

    Each must be about what is asked, name one figure or date of the kind asked for, and come from an article of its
    own. Empty where they agree, or where it cannot be told that they speak of the same.
    """
    if question.several:
        return ()
    chosen: list[Citation] = []
    for citation in sorted(citations, key=lambda cited: cited.article.day or date.min, reverse=True):
        span = answering_span(question, citation)
        if span is None or not _is_about(question, citation):
            continue
        marked = replace(citation, span=span)
        if all(_differ(question, marked, other) for other in chosen):
            chosen.append(marked)
    return tuple(chosen) if len(chosen) > 1 else ()


def answering_span(question: Question, citation: Citation) -> tuple[int, int] | None:
    """Where in the article the answer stands: the span that is marked, or the only mention of the kind asked for.

    ``None`` where neither is.
    """
    if citation.span is not None:
        return citation.span
    fits = fitting(question, citation.quote)
    return (citation.start + fits[0].start, citation.start + fits[0].end) if len(fits) == 1 else None


def _is_about(question: Question, citation: Citation) -> bool:
    weights = _weights(question.terms)
    said = set(analyse(f"{citation.article.title} {citation.quote}"))
    # The names of a question may outweigh the one word that says what is asked of them: "lahir", "dilantik".
    plain = {word.term for word in words(question.text) if word.term in weights and not word.text[0].isupper()}
    if plain and plain.isdisjoint(said):
        return False
    return sum(weight for term, weight in weights.items() if term in said) >= _ABOUT * sum(weights.values())


@lru_cache(maxsize=64)
def _weights(terms: tuple[str, ...]) -> dict[str, float]:
    return Lexicon.shipped().weights(terms)


def _differ(question: Question, one: Citation, other: Citation) -> bool:
    if one.article.id == other.article.id:
        return False
    if question.kind is Kind.DATE:
        days, others = _days(one), _days(other)
        return days is not None and others is not None and (days.last < others.first or others.last < days.first)
    if question.kind not in _FIGURES:
        return False
    figure, figures = _figure(one), _figure(other)
    if figure is None or figures is None or figure.unit != figures.unit:
        return False
    if not figure.unit and not _counts_the_same(one, other):
        return False
    return not bears(figure, figures) and not bears(figures, figure)


def _days(citation: Citation) -> Period | None:
    found = date_mentions(_marked(citation), citation.article.day)
    return found[0].period if len(found) == 1 else None


def _figure(citation: Citation) -> Quantity | None:
    found = quantities(_marked(citation))
    return found[0] if len(found) == 1 else None


def _counts_the_same(one: Citation, other: Citation) -> bool:
    """Whether the same word stands in or behind both figures: "3.182 pelari", not "tiga gol" and "23 tahun"."""
    counted = [
        _COUNTED.search(citation.article.text, (citation.span or (citation.start, 0))[0], citation.end)
        for citation in (one, other)
    ]
    terms = [analyse(match[1]) if match else [] for match in counted]
    return bool(terms[0]) and terms[0] == terms[1]


def _marked(citation: Citation) -> str:
    return citation.article.text[slice(*(citation.span or (citation.start, citation.end)))]
