"""Days as Indonesian and English news write them -> partial dates that can be compared.

"7/10/2024" and "Senin, 7 Oktober 2024" are one day. "Minggu (22/9)", "5 Mei" and "keesokan harinya" are resolved: a
missing year is the one nearest to publication, a weekday the last one before or the next one after it, and "a day
later" counts from the day named before.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .vocabulary import COUNTS, MONTHS, TEENS, WEEKDAYS, any_of, capitalised

__all__ = ["DayMention", "PartialDay", "agrees", "days"]


class PartialDay(NamedTuple):
    """A date as far as it is given."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


@dataclass(frozen=True, slots=True)
class DayMention:
    """A date in a text: ``text[start:end]``.

    ``written`` is what stands there, ``meant`` the days it can mean once resolved, the likeliest first. ``weekday``
    counts from Monday as 0; None where none is written. ``relative``: "kemarin", "a day later".
    """

    start: int
    end: int
    written: PartialDay
    meant: tuple[PartialDay, ...]
    weekday: int | None = None
    relative: bool = False


_COUNTS = {**COUNTS, **TEENS, "se": 1, "a": 1, "the": 1}
_MONTH = capitalised(MONTHS)
_WEEKDAY = capitalised(WEEKDAYS)
_YEAR = r"(?:1[89]|20|21)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_ORDINAL = r"(?:st|nd|rd|th)?"
_TO = r"(?:[-–—]|hingga|sampai|to|dan|and)"
_COUNTED = r"(?:ribu|juta|mil[iy]ar|tril[iy]un|persen|%|orang|meter|km|hektare|ton\b|suara|unit)"
# Tried in order at every place. Named groups end in a number where a part occurs in several forms.
_DATES = (
    rf"\b(?P<year1>{_YEAR})-(?P<number1>[01]?\d)-(?P<day1>[0-3]?\d)\b",
    rf"(?<![\d/.])(?P<day2>{_DAY})(?:\s?/\s?|-(?=\d\d?-\d{{4}}))(?P<number2>0?[1-9]|1[0-2])"
    rf"(?:\s?[-/]\s?(?P<year2>{_YEAR}|\d\d))?(?![\d/])",
    rf"(?<![\d.,/])(?P<from>{_DAY})\s?{_TO}\s?(?P<till>{_DAY})\s(?P<month3>{_MONTH})\b(?:\s(?P<year3>{_YEAR})\b)?",
    rf"(?<![\d.,/])(?P<day4>{_DAY}){_ORDINAL}\s(?:of\s)?(?P<month4>{_MONTH})\b\.?(?:,?\s(?P<year4>{_YEAR})\b)?",
    rf"\b(?P<month5>{_MONTH})\s(?P<day5>{_DAY}){_ORDINAL}\b(?![.,]?\d)(?:,?\s(?P<year5>{_YEAR})\b)?",
    rf"\b(?P<month6>{_MONTH})\s(?P<year6>{_YEAR})\b",
    rf"\b(?P<fromyear>{_YEAR})\s?[-–—]\s?(?P<tillyear>{_YEAR})\b",
    rf"(?<![\w.,/-])(?P<year7>{_YEAR})\b(?![\d/]|[.,]\d|\s?{_COUNTED})",
    rf"\b(?P<month8>{_MONTH})\b(?!\s?\d)",
)
_RELATIVE = (
    rf"\b(?P<count>\d{{1,3}}|{any_of(_COUNTS)})\s?(?:[Hh]ari|[Dd]ays?)\s"
    r"(?P<way>sebelum(?:nya|\situ)?|kemudian|berikutnya|se(?:telah|sudah)(?:nya|\situ)?|before|earlier|later|after)\b",
    r"\b(?P<next>(?:ke)?esok(?:an)?\s(?:harinya|hari)|hari\sberikutnya|the\s(?:next|following)\sday)\b",
    r"\b(?P<now>hari\sini|today|kemarin|yesterday|besok|tomorrow)\b",
    r"\b(?P<period>(?:tahun|bulan)\s(?:ini|lalu|depan)|(?:this|last|next)\s(?:year|month))\b",
)
_PATTERN = re.compile(
    rf"(?:\b(?P<weekday>{_WEEKDAY})\b[,\s]*(?:\(\s*)?(?:tanggal\s+)?)?(?:{'|'.join(_DATES)})\s*\)?"
    rf"|\b(?P<alone>{_WEEKDAY})\b|(?i:{'|'.join(_RELATIVE)})"
)
_BACK = ("sebelum", "before", "earlier")
_NOW = {"hari ini": 0, "today": 0, "kemarin": -1, "yesterday": -1, "besok": 1, "tomorrow": 1}
_WHICH = {"ini": 0, "this": 0, "lalu": -1, "last": -1, "depan": 1, "next": 1}


def days(text: str, published: date | None = None) -> list[DayMention]:
    """The dates in ``text`` in order.

    Args:
        text: a sentence or a passage.
        published: the day that "kemarin" and missing years are resolved against.
    """
    found: list[DayMention] = []
    previous: date | None = published
    for match in _PATTERN.finditer(text):
        for mention in _mentions(match, published, previous):
            found.append(mention)
            previous = _whole(mention.meant) or previous
    return found


def agrees(evidence: DayMention, claim: DayMention) -> bool:
    """Whether every part of a date that the claim gives is so in the evidence's date."""
    if claim.relative:
        return any(_within(meant, given) for given in claim.meant for meant in evidence.meant)
    if claim.weekday is not None and not _on(claim.weekday, evidence):
        return False
    return any(_within(meant, claim.written) for meant in evidence.meant) or (
        claim.written == PartialDay() and claim.weekday == evidence.weekday
    )


def _within(meant: PartialDay, given: PartialDay) -> bool:
    """Whether ``meant`` is as narrow as ``given`` and the same; the year of an undated article's "5/10" may be any."""
    return all(
        b is None or a == b or (a is None and part == "year" and meant.month is not None)
        for part, a, b in zip(PartialDay._fields, meant, given, strict=True)
    )


def _on(weekday: int, evidence: DayMention) -> bool:
    if evidence.weekday is not None:
        return evidence.weekday == weekday
    whole = [day for meant in evidence.meant if (day := _date(meant))]
    return not whole or any(day.weekday() == weekday for day in whole)


def _mentions(match: re.Match[str], published: date | None, previous: date | None) -> Iterator[DayMention]:
    part = {name: value for name, value in match.groupdict().items() if value}
    start, end = match.start(), match.start() + len(match.group().rstrip())
    weekday = WEEKDAYS.get((part.get("weekday") or part.get("alone") or "").lower())
    if "alone" in part and weekday is not None:
        yield DayMention(start, end, PartialDay(), _near(weekday, published), weekday)
    elif relative := _relative(part, published, previous):
        yield DayMention(start, end, PartialDay(), (relative,), relative=True)
    for day in _written(part):
        yield DayMention(start, end, day, _completed(day, published), weekday)


def _written(part: dict[str, str]) -> Iterator[PartialDay]:
    if "fromyear" in part:
        yield PartialDay(int(part["fromyear"]))
        yield PartialDay(int(part["tillyear"]))
        return
    given = {name.rstrip("0123456789"): value for name, value in part.items()}
    year = int(given["year"]) if "year" in given else None
    if year is not None and year < 100:
        year += 2000
    month = MONTHS.get(given.get("month", "").lower())
    if "number" in given:
        month = int(given["number"])
    if "from" in given:
        yield from (PartialDay(year, month, int(given[name])) for name in ("from", "till"))
    elif year or month:
        yield PartialDay(year, month, int(given["day"]) if "day" in given else None)


def _relative(part: dict[str, str], published: date | None, previous: date | None) -> PartialDay | None:
    if "now" in part and published:
        return _partial(published + timedelta(_NOW[" ".join(part["now"].lower().split())]))
    if "next" in part and previous:
        return _partial(previous + timedelta(1))
    if "count" in part and previous:
        word = part["count"].lower()
        count = int(word) if word.isdecimal() else _COUNTS[word]
        return _partial(previous + timedelta(-count if part["way"].lower().startswith(_BACK) else count))
    if "period" in part and published:
        words = part["period"].lower().split()
        step = next(_WHICH[word] for word in words if word in _WHICH)
        if "tahun" in words or "year" in words:
            return PartialDay(published.year + step)
        months = published.year * 12 + published.month - 1 + step
        return PartialDay(months // 12, months % 12 + 1)
    return None


def _completed(day: PartialDay, published: date | None) -> tuple[PartialDay, ...]:
    """A date without a year takes the one that brings it nearest to publication."""
    if day.year is not None or published is None or day.month is None:
        return (day,)
    years = sorted(
        (published.year - 1, published.year, published.year + 1),
        key=lambda year: abs((_date(PartialDay(year, day.month, day.day or 15)) or date.max) - published),
    )
    return (day._replace(year=years[0]),)


def _near(weekday: int, published: date | None) -> tuple[PartialDay, ...]:
    if published is None:
        return (PartialDay(),)
    back = published - timedelta((published.weekday() - weekday) % 7)
    return _partial(back), _partial(back + timedelta(7))


def _partial(day: date) -> PartialDay:
    return PartialDay(day.year, day.month, day.day)


def _date(day: PartialDay) -> date | None:
    if day.year is None or day.month is None or day.day is None:
        return None
    try:
        return date(day.year, day.month, day.day)
    except ValueError:  # 31 February
        return None


def _whole(meant: Iterable[PartialDay]) -> date | None:
    return next((day for partial in meant if (day := _date(partial))), None)
