"""Which of several figures or dates in a sentence belongs to what is asked: "25 tahun untuk S1, 35 tahun untuk S2".

Such a sentence is cut between the figures, and each part has one of them. Where a word of the question stands in one
part only, and the answer was seen in another, the figure of that part is meant, if it is of the same sort. How the
sentence ends ("... dan 30 orang luka di Seruni") is about all parts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from assistant.verifying.quantities import quantities
from index.questions import Kind, Question
from index.terms import analyse

from .features import Candidate, fitting

__all__ = ["belonging"]

_BETWEEN = re.compile(r"; |, (?:dan |serta |sedangkan |sementara |and )?| (?:dan|serta|sedangkan|sementara|and|while) ")
_PREPOSITION = re.compile(
    r" (akibat|karena|di|ke|pada|dalam|saat|ketika|dari|oleh|sejak|setelah|selama|untuk|bagi|kata|ujar|menurut|dengan|"
    r"in|at|on|from|for|of|by)\b"
)
_KINDS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.TIME})

Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class _Part:
    """``text[start:end]`` of a sentence, and what in it may answer."""

    start: int
    end: int
    mentions: tuple[Place, ...]


def belonging(question: Question, sentence: Candidate, span: Place) -> Place:
    """``span``, or the place in the same sentence that its words give to what is asked; offsets into the article."""
    if question.kind not in _KINDS or question.several:
        return span
    text, start = sentence.text, sentence.start
    mentions = [(found.start, found.end) for found in fitting(question, text)]
    parts = _without_ending(text, list(_parts(text, mentions)))
    own = next((part for part in parts if part.start <= span[0] - start < part.end), None)
    if len(parts) < 2 or own is None:
        return span
    before = set(analyse(text[: mentions[0][0]]))  # what all of them are about
    said = [set(analyse(text[mentions[0][0] if not n else part.start : part.end])) for n, part in enumerate(parts)]
    telling = {term for term in question.terms if term not in before and sum(term in one for one in said) == 1}
    told = [part for part, terms in zip(parts, said, strict=True) if terms & telling]
    if len(told) != 1 or told[0] is own or len(told[0].mentions) != 1:
        return span
    (meant,) = told[0].mentions
    seen = next((one for one in own.mentions if one[0] < span[1] - start and span[0] - start < one[1]), None)
    if seen is None or _sort(text[slice(*seen)]) != _sort(text[slice(*meant)]):
        return span
    return start + meant[0], start + meant[1]


def _parts(text: str, mentions: Sequence[Place]) -> Iterator[_Part]:
    """The text cut at the last separator between two mentions; those without one between them are in one part."""
    begin, held = 0, 0
    for n, (one, other) in enumerate(pairwise(mentions), start=1):
        if cuts := list(_BETWEEN.finditer(text, one[1], other[0])):
            yield _Part(begin, cuts[-1].start(), tuple(mentions[held:n]))
            begin, held = cuts[-1].end(), n
    if mentions:
        yield _Part(begin, len(text), tuple(mentions[held:]))


def _without_ending(text: str, parts: list[_Part]) -> list[_Part]:
    """The parts, the last one up to the first preposition that not every other part has too."""
    if len(parts) < 2:
        return parts
    *others, last = parts
    shared = [set(_PREPOSITION.findall(text[part.start : part.end])) for part in others]
    for match in _PREPOSITION.finditer(text, last.mentions[0][1], last.end):
        if not all(match[1] in one for one in shared):
            return [*others, replace(last, end=match.start())]
    return parts


def _sort(mention: str) -> tuple[str, ...]:
    """The unit of a figure or, of a number without one, what is counted: "tentara", "atlet"."""
    figure = next(iter(quantities(mention)), None)
    if figure is None or figure.unit:
        return (figure.unit if figure else "",)
    return tuple(analyse(mention)[-1:])
