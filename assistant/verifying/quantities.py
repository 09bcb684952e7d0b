"""Numbers as Indonesian and English news write them -> values that can be compared.

``Rp1.250.000``, ``1,25 juta rupiah`` and ``1.25 million rupiah`` are one amount; ``lima`` is 5; ``5 kilometer`` is
``5.000 meter``. What is written with less precision, or with "sekitar" or "lebih dari", is compared as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum

from assistant.wording import Language

from .numerals import ONE, SCALES, TOKEN, adjoin, figures, in_words
from .units import CURRENCIES, UNITS, currency_before, unit_at

__all__ = ["Bound", "Quantity", "bears", "quantities"]

Span = tuple[int, int]


class Bound(StrEnum):
    """How a number is meant: exactly, nearly, or as a limit."""

    EXACT = "exact"
    ABOUT = "about"
    MORE = "more"
    LESS = "less"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its unit: ``text[start:end]``.

    ``values`` are its possible readings, the likeliest first ("1.250" in an English sentence may be meant as in
    Indonesian). ``unit`` is canonical ("idr", "%", "m", ...), "" where none is known. ``place`` is the value of the
    last digit written: 100,000 in "1,2 juta". ``factor`` leads from the unit written to the canonical one.
    """

    start: int
    end: int
    values: tuple[Decimal, ...]
    unit: str = ""
    place: Decimal = Decimal(1)
    bound: Bound = Bound.EXACT
    factor: Decimal = Decimal(1)


_MONEY_SCALES = {"M": Decimal(10**9), "T": Decimal(10**12)}  # only behind a currency: "Rp4,2 M"
_LETTERS = re.compile(r"[^\W\d_]+")
_TOUCHING = re.compile(r"(\w+)-?$")
_LONGEST_BEFORE = 20  # characters
_MAY_FOLLOW = {*UNITS, *SCALES, *map(str.lower, _MONEY_SCALES), "st", "nd", "rd", "th", "an", "wib", "wita", "wit"}
_MAY_PRECEDE = {*CURRENCIES, "ke", "us"}
_CLOCK = re.compile(
    r"\b(?:(?:pukul|pkl\.?|jam) ?(?P<h1>\d{1,2})(?:[.:](?P<m1>\d{2}))?(?: ?(?P<part>pagi|siang|sore|malam))?"
    r"|(?P<h2>\d{1,2})[.:](?P<m2>\d{2})(?= ?(?:WIB|WITA|WIT|GMT|UTC)\b)"
    r"|(?P<h3>\d{1,2})(?:[.:](?P<m3>\d{2}))? ?(?P<half>[ap])\.?m\b\.?"
    r"|at (?P<h4>\d{1,2})[.:](?P<m4>\d{2})\b)(?: ?(?:WIB|WITA|WIT|GMT|UTC)\b)?",
    re.IGNORECASE,
)
_BOUND_WORDS = {
    Bound.MORE: (
        "lebih dari|lebih daripada|di atas|melebihi|melampaui|sedikitnya|setidaknya|minimal|sekurang-kurangnya|"
        "paling sedikit|paling tidak|more than|over|above|at least|exceeding|no fewer than"
    ),
    Bound.LESS: "kurang dari|di bawah|maksimal|paling banyak|less than|fewer than|under|below|at most|up to",
    Bound.ABOUT: (
        "sekitar|kira-kira|kurang lebih|kisaran|hampir|mendekati|nyaris|diperkirakan|about|around|approximately|"
        "roughly|some|nearly|almost|close to|an estimated"
    ),
}
_BOUNDS = {bound: re.compile(rf"\b(?:{words})\W{{0,2}}$", re.IGNORECASE) for bound, words in _BOUND_WORDS.items()}
_MORE_AFTER = re.compile(r" lebih\b(?! (?:dari|daripada|besar|kecil|banyak|sedikit|tinggi|rendah|cepat|lambat))", re.I)
_ABOUT_AFTER = re.compile(r"-an\b")
_BOUND_REACH = 24  # characters before a number in which its "lebih dari" may stand
_LISTED = re.compile(r"[\s\u00a0]*(?:,|,? ?(?:dan|atau|and|or)\b|[-–—]|hingga|sampai|to\b|s\.d\.)[\s\u00a0]*")
_RANGED = re.compile(r"[\s\u00a0]*(?:[-–—]|hingga|sampai|to\b|s\.d\.)[\s\u00a0]*")
_NOT_COUNTED = re.compile(r"(?:salah|the|no|any|every|each|which|that|this|as)\s$", re.IGNORECASE)
_ROUGHLY = Decimal("0.05")  # how far off "about" may be, as a share of the number
_MISLEADING = Decimal(2)  # "more than 100" is true of 300, but does not say it


def quantities(text: str, *, language: Language = "id", skip: Sequence[Span] = ()) -> list[Quantity]:
    """The numbers in ``text`` in order, with their units; clock times have the unit "clock" and count minutes.

    Args:
        text: a sentence or a passage.
        language: decides between decimal point and decimal comma.
        skip: stretches that are something else, such as dates.
    """
    taken = bytearray(len(text))
    for start, end in skip:
        taken[start:end] = b"\1" * (end - start)
    found = []
    for match in _CLOCK.finditer(text):
        if not any(taken[match.start() : match.end()]) and (minutes := _minutes(match)) is not None:
            found.append(Quantity(match.start(), match.end(), (Decimal(minutes),), "clock"))
            taken[match.start() : match.end()] = b"\1" * (match.end() - match.start())
    found += _counted(text, language, taken)
    return _shared_units(text, sorted(found, key=lambda quantity: quantity.start))


def bears(evidence: Quantity, claim: Quantity) -> bool:
    """Whether a number of the evidence makes a number of the claim true.

    They agree when they are equal, when the claim gives the same number in fewer digits with a scale word ("2,8 juta"
    for 2.821.202), when it says "about" and is within five per cent, or when it gives a limit that holds.
    """
    if not _same_unit(evidence.unit, claim.unit):
        return False
    return any(_agree(a, evidence.bound, b, claim) for a in evidence.values for b in claim.values)


def _agree(a: Decimal, bound: Bound, b: Decimal, claim: Quantity) -> bool:
    if a == b:
        return {bound, claim.bound} != {Bound.MORE, Bound.LESS}
    if claim.place > 1 and abs(a - b) * 2 <= claim.place and abs(a - b) < _ROUGHLY * abs(a):
        return True
    if claim.bound is Bound.ABOUT:
        return abs(a - b) <= _ROUGHLY * abs(a)
    if claim.bound is Bound.MORE:
        return b < a <= b * _MISLEADING
    return claim.bound is Bound.LESS and b / _MISLEADING <= a < b


def _same_unit(evidence: str, claim: str) -> bool:
    if evidence == claim:
        return True
    # A bare number in the claim may be any; a bare one in the evidence is no percentage, money or time of day.
    if not claim:
        return evidence != "clock"
    return not evidence and claim not in ("%", "idr", "usd", "eur", "clock")


def _minutes(match: re.Match[str]) -> int | None:
    hour = int(next(match[name] for name in ("h1", "h2", "h3", "h4") if match[name]))
    minute = int(next((match[name] for name in ("m1", "m2", "m3", "m4") if match[name]), "0"))
    part, half = (match["part"] or "").lower(), (match["half"] or "").lower()
    if (half == "p" or part in ("sore", "malam") or (part == "siang" and hour < 6)) and hour < 12:
        hour += 12
    if half == "a" and hour == 12:
        hour = 0
    return hour * 60 + minute if hour <= 24 and minute < 60 else None


def _counted(text: str, language: Language, taken: bytearray) -> Iterator[Quantity]:
    tokens = list(TOKEN.finditer(text))
    at = 0
    while at < len(tokens):
        read = _read(text, tokens, at, language, taken)
        if read is None:
            at += 1
        else:
            quantity, at = read
            yield quantity


def _read(
    text: str, tokens: Sequence[re.Match[str]], at: int, language: Language, taken: bytearray
) -> tuple[Quantity, int] | None:
    """The number that begins with token ``at`` and the index of the token after it."""
    first = tokens[at]
    if taken[first.start()]:
        return None
    if first.group()[0].isdecimal():
        if _is_code(text, first):
            return None
        values, place = figures(first.group(), language)
        following = at + 1
    else:
        value, following = in_words(text, tokens, at)
        if value is None or _NOT_COUNTED.search(text[max(0, first.start() - 6) : first.start()]):
            return None
        values, place = (value,), ONE
    currency = currency_before(text, tokens, at)
    start = tokens[at - 1].start() if currency else first.start()
    while following < len(tokens) and adjoin(text, tokens, following):
        word = tokens[following].group()
        scale = SCALES.get(word.lower()) or (_MONEY_SCALES.get(word) if currency else None)
        if scale is None:
            break
        values, place = tuple(value * scale for value in values), place * scale
        following += 1
    unit, factor, following = unit_at(text, tokens, following)
    end = tokens[following - 1].end()
    return (
        Quantity(
            start,
            end,
            tuple(value * factor for value in values),
            currency or unit,
            place * factor,
            _bound(text, start, end),
            factor,
        ),
        following,
    )


def _is_code(text: str, figure: re.Match[str]) -> bool:
    """Whether the figure is part of a name such as "3A", "RJ-85" or "B2": letters that touch it and are no unit."""
    if after := _LETTERS.match(text, figure.end()):
        return after.group().lower() not in _MAY_FOLLOW
    before = _TOUCHING.search(text[max(0, figure.start() - _LONGEST_BEFORE) : figure.start()])
    return before is not None and not before[1].isdecimal() and before[1].lower() not in _MAY_PRECEDE


def _bound(text: str, start: int, end: int) -> Bound:
    before = text[max(0, start - _BOUND_REACH) : start]
    for bound, pattern in _BOUNDS.items():
        if pattern.search(before):
            return bound
    if _MORE_AFTER.match(text, end):
        return Bound.MORE
    return Bound.ABOUT if _ABOUT_AFTER.match(text, end) else Bound.EXACT


def _shared_units(text: str, found: list[Quantity]) -> list[Quantity]:
    """Gives "39, 28, dan 15 juta ton" the unit of the last to all, and "5-10 juta" its scale to the first as well."""
    found = list(found)
    for i in range(len(found) - 2, -1, -1):
        this, following = found[i], found[i + 1]
        if this.unit or following.unit == "clock" or not _LISTED.fullmatch(text, this.end, following.start):
            continue
        values, place = this.values, this.place
        if _RANGED.fullmatch(text, this.end, following.start) and place == 1 < following.place:
            scale = max(scale for scale in [*SCALES.values(), ONE] if scale * following.factor <= following.values[0])
            values = (*(value * scale for value in values if value < 1000), *values)
        factor = following.factor
        found[i] = replace(
            this, unit=following.unit, factor=factor, values=tuple(v * factor for v in values), place=place * factor
        )
    return found
