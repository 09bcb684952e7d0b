"""The days that a claim and its evidence name, as partial dates that can be compared.

"7/10/2024" and "Senin, 7 Oktober 2024" are one day. A missing year is the one nearest to publication, a weekday the
last one before or the next one after it, and "a day later" counts from the day named before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from .grammar import DateExpression, date_expressions
from .periods import Period, resolved

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


def days(text: str, published: date | None = None) -> list[DayMention]:
    """The dates in ``text`` in order; of "21-23 Oktober" the first and the last day.

    Args:
        text: a sentence or a passage.
        published: the day that "kemarin" and missing years are resolved against.
    """
    found: list[DayMention] = []
    previous = published
    for written in date_expressions(text):
        if written.is_bare_month and text[written.start].islower():  # "mar", "des", "mei" may be other words
            continue
        for mention in _mentions(written, published, resolved(text, written, published, previous=previous)):
            found.append(mention)
            previous = next((day for meant in mention.meant if (day := _date(meant))), previous)
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


def _mentions(written: DateExpression, published: date | None, period: Period | None) -> Iterator[DayMention]:
    place, year, month, weekday = (written.start, written.end), written.year, written.month, written.weekday
    if year is not None or month is not None:
        for day in (written.day, *filter(None, [written.until])):
            given = PartialDay(year, month, day)
            years = [period.first.year] if period else [year]
            if period and written.is_bare_month:  # it may be the next one as well
                years.append(period.first.year + 1)
            yield DayMention(*place, given, tuple(given._replace(year=one) for one in years), weekday)
    elif written.is_bare_weekday and weekday is not None:
        yield DayMention(*place, PartialDay(), _near(weekday, published), weekday)
    elif period and (whole := _as_partial(period)):
        yield DayMention(*place, PartialDay(), (whole,), weekday, relative=weekday is None)


def _near(weekday: int, published: date | None) -> tuple[PartialDay, ...]:
    if published is None:
        return (PartialDay(),)
    back = published - timedelta((published.weekday() - weekday) % 7)
    return _partial(back), _partial(back + timedelta(7))


def _as_partial(period: Period) -> PartialDay | None:
    """The period as a day, a month or a year; ``None`` where it is none, such as a week."""
    whole = _partial(period.first)
    if period.is_day:
        return whole
    return whole._replace(day=None) if period.is_month else PartialDay(whole.year) if period.is_year else None


def _partial(day: date) -> PartialDay:
    return PartialDay(day.year, day.month, day.day)


def _date(day: PartialDay) -> date | None:
    if day.year is None or day.month is None or day.day is None:
        return None
    try:
        return date(day.year, day.month, day.day)
    except ValueError:  # 31 February
        return None
