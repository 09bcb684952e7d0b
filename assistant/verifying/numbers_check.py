"""Numbers in a claim: in the cited characters, with their unit, and said of the same thing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import combinations

from assistant.dates.days import days
from assistant.types import Support
from assistant.vocabulary import COUNTS, any_of

from .evidence import Evidence, Finding, Source, listed
from .names import Name, names, tokens
from .polarity import clause_around, opposite
from .quantities import Quantity, bears, quantities
from .support import ordinary_words

__all__ = ["check"]

_DERIVED = re.compile(
    r"\b(?:selisih|beda|gabungan|total|seluruhnya|keseluruhan|jika dijumlahkan|naik|turun|bertambah|berkurang|lebih|"
    r"difference|combined|altogether|in all|margin|rose by|fell by|more|fewer)\b",
    re.IGNORECASE,
)
_COUNTED_TOGETHER = re.compile(rf"\bke({any_of(COUNTS)}|sepuluh)(?:nya)?\b|\b(both)\b", re.IGNORECASE)
_TOGETHER = {**COUNTS, "sepuluh": 10, "both": 2}
_ENDS = {
    "from": re.compile(r"\b(?:dari|from)\s+\W{0,2}$", re.IGNORECASE),
    "to": re.compile(r"\b(?:menjadi|jadi|ke|to)\s+(?:sekitar |about )?\W{0,2}$", re.IGNORECASE),
}
_END_REACH = 24  # characters before a number in which its "menjadi" may stand
_IN_TURN = re.compile(r"\b(?:masing-masing|berturut-turut|respectively)\b", re.IGNORECASE)


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """Every number that the cited characters do not have, or have of something else."""
    dated = [(found.start, found.end) for found in days(claim, evidence.published)]
    said = quantities(claim, language=evidence.language, skip=dated)
    for quantity in said:
        if _is_article_word(claim, quantity):
            continue
        written = claim[quantity.start : quantity.end]
        bearing = [(s, q) for s in evidence.sources for q in s.quantities if bears(q, quantity)]
        if bearing:
            if all(_belongs_to_another(claim, quantity, said, source, found) for source, found in bearing):
                yield Finding(
                    Support.UNSUPPORTED,
                    evidence.say(
                        f"Dalam sumbernya, {listed([written])} adalah angka untuk hal lain.",
                        f"In the source, {listed([written])} is the figure of something else.",
                    ),
                )
        elif not (_together(quantity, evidence) or _derived(claim, quantity, evidence)):
            yield _missing(written, quantity, evidence)


def _is_article_word(claim: str, quantity: Quantity) -> bool:
    """ "satu", "one": seldom a count."""
    return quantity.values[0] == 1 and claim[quantity.start : quantity.end].isalpha()


def _missing(written: str, quantity: Quantity, evidence: Evidence) -> Finding:
    for source in evidence.sources:
        around = quantities("\n".join([*source.before, source.topic]), language=source.language)
        if any(bears(found, quantity) for found in around if found.unit == quantity.unit):
            return Finding(
                Support.PARTLY,
                evidence.say(
                    f"Angka {listed([written])} ada dalam artikelnya, tetapi tidak dalam kutipan yang dirujuk.",
                    f"The figure {listed([written])} is in the article, but not in the cited sentence.",
                ),
            )
    instead = [
        source.text[found.start : found.end]
        for source in evidence.sources
        for found in source.quantities
        if found.unit == quantity.unit
    ]
    return Finding(
        Support.UNSUPPORTED,
        evidence.say(
            f"Sumber yang dirujuk tidak menyebut {listed([written])}"
            + (f"; di sana tertulis {listed(instead)}." if instead else "."),
            f"The cited source does not give {listed([written])}"
            + (f"; it has {listed(instead)}." if instead else "."),
        ),
    )


def _together(quantity: Quantity, evidence: Evidence) -> bool:
    """ "keduanya", "ketiga daerah": counts that the evidence gives as a group."""
    found = {
        _TOGETHER[(match[1] or match[2]).lower()]
        for source in evidence.sources
        for match in _COUNTED_TOGETHER.finditer(" ".join([source.text, *source.before[:1]]))
    }
    return not quantity.unit and any(value in found for value in quantity.values)


def _derived(claim: str, quantity: Quantity, evidence: Evidence) -> bool:
    """Whether the claim says that it reckons, and the number is a sum or difference of two that are cited."""
    if not _DERIVED.search(claim):
        return False
    for a, b in combinations([found for found in evidence.quantities if found.unit == quantity.unit], 2):
        reckoned = {a.values[0] + b.values[0], abs(a.values[0] - b.values[0])}
        if any(abs(value - right) * 2 < quantity.place for value in quantity.values for right in reckoned):
            return True
    return False


def _belongs_to_another(
    claim: str, quantity: Quantity, said: Sequence[Quantity], source: Source, found: Quantity
) -> bool:
    """Whether the source says this number of something else than the claim does."""
    return (
        _is_another_end(claim, quantity, source, found)
        or _is_anothers(claim, quantity, said, source, found)
        or opposite(clause_around(claim, quantity.start), clause_around(source.text, found.start)) is not None
    )


def _is_another_end(claim: str, quantity: Quantity, source: Source, found: Quantity) -> bool:
    """Whether the claim says "menjadi" of the number that something fell or rose from, or the reverse."""
    here, there = _end(claim, quantity), _end(source.text, found)
    return bool(here and there and here != there)


def _end(text: str, quantity: Quantity) -> str:
    before = text[max(0, quantity.start - _END_REACH) : quantity.start]
    return next((end for end, pattern in _ENDS.items() if pattern.search(before)), "")


def _is_anothers(claim: str, quantity: Quantity, said: Sequence[Quantity], source: Source, found: Quantity) -> bool:
    """Whether the source gives this number to a name that the claim leaves out, and another to the name in the claim.

    "Samarinda (613.202 orang), Kutai Kartanegara (552.600 orang)": 552.600 is not Samarinda's.
    """
    labels = _labels(source.text, source.quantities, source.names)
    mentioned = names(claim, ordinary=ordinary_words())
    near = _labels(claim, said, mentioned).get(quantity.start, frozenset())
    if len(said) == 1:
        near = frozenset(token for name in mentioned for token in name.tokens)
    own = labels.get(found.start, frozenset())
    for other in source.quantities:
        label = labels.get(other.start, frozenset())
        if label == own or other.unit != found.unit:
            continue
        if (label - own) & near and own - label and not (own - label) & tokens(claim):
            return True
    return False


def _labels(text: str, numbers: Sequence[Quantity], named: Sequence[Name]) -> dict[int, frozenset[str]]:
    """For each number, by its start, the tokens of the names between it and the number before it, or that one's names
    where there are none; "masing-masing" pairs names and numbers in order."""
    if in_turn := _IN_TURN.search(text):
        before = [name for name in named if name.end <= in_turn.start()]
        after = [number for number in numbers if number.start >= in_turn.end()]
        if after and len(before) >= len(after):
            pairs = zip(after, before[-len(after) :], strict=True)
            return {number.start: frozenset(name.tokens) for number, name in pairs}
    found: dict[int, frozenset[str]] = {}
    label: frozenset[str] = frozenset()
    behind = 0
    for number in numbers:
        between = [name for name in named if behind <= name.start and name.end <= number.start]
        label = frozenset(token for name in between for token in name.tokens) or label
        found[number.start] = label
        behind = number.end
    return found
