"""Which days a date of a text means, as periods: "kemarin", "pekan lalu", "Senin (7/10)", "Mei 2025".

What a text leaves out is completed from an anchor, which the caller passes in: the day an article was published, or
the day a question is asked. Nothing here reads a clock. A date that could mean several days is left alone.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple

from .grammar import DateExpression, date_expressions

__all__ = ["DateMention", "Period", "date_mentions", "resolved"]

# A month alone is a date only where the text says so; it may be a name.
_MONTH_FOLLOWS = re.compile(
    r"\b(?:bulan|pada|awal|akhir|pertengahan|sejak|per|dari|antara|dan|hingga|sampai|"
    r"in|from|since|between|and|until|by) $",
    re.IGNORECASE,
)
_AHEAD = re.compile(
    r"\b(?:akan|bakal|rencananya|direncanakan|berencana|dijadwalkan|ditunggu|besok|will|scheduled)\b", re.IGNORECASE
)
_EITHER_WAY = re.compile(
    r"\b(?:mulai|hingga|sampai|sejak|setiap|saban|tiap|until|from|every)(?: hari)? $", re.IGNORECASE
)
_SOON = 92  # days ahead up to which a month without a year is the next one; news tells more of what has been
_FAR = 240  # days from an article beyond which the weekday of a date is rather a slip than the year's
_CLAUSE = 80  # characters before a weekday in which "akan" makes it lie ahead


@dataclass(frozen=True, slots=True)
class Period:
    """The days from ``first`` to ``last``, both inclusive; ``date.min`` and ``date.max`` leave an end open.

    Raises:
        ValueError: the last day comes before the first.
    """

    first: date = date.min
    last: date = date.max

    def __post_init__(self) -> None:
        if self.last < self.first:
            raise ValueError(f"{self.last} comes before {self.first}")

    def __contains__(self, day: date) -> bool:
        return self.first <= day <= self.last

    @property
    def is_day(self) -> bool:
        """Whether it is a single day."""
        return self.first == self.last

    @property
    def is_month(self) -> bool:
        """Whether it is a whole month."""
        year, month = self.first.year, self.first.month
        return self == Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @property
    def is_year(self) -> bool:
        """Whether it is a whole year."""
        return self == Period(date(self.first.year, 1, 1), date(self.first.year, 12, 31))


class DateMention(NamedTuple):
    """``text[start:end]`` names ``period``; ``relative`` is true where the anchor was needed to say which."""

    start: int
    end: int
    period: Period
    relative: bool


def date_mentions(text: str, anchor: date | None, *, asked: bool = False) -> list[DateMention]:
    """The dates that ``text`` names, in order, without overlaps.

    Args:
        text: of an article or a question, Indonesian or English.
        anchor: the day the text was published or asked; without one only complete dates are found.
        asked: whether the text is a question. Days and months without a year then lie in the past; in an article a day
            is the one nearest to its publication, a month the last one or one of the next three.
    """
    found: list[DateMention] = []
    previous: date | None = None
    for written in date_expressions(text):
        if not _is_sure(text, written):
            continue
        period = resolved(text, written, anchor, previous=previous, asked=asked)
        if period is None:
            continue
        found.append(DateMention(written.start, written.end, period, relative=written.year is None))
        if period.is_day:
            previous = period.first
    return found


def resolved(
    text: str, written: DateExpression, anchor: date | None, *, previous: date | None = None, asked: bool = False
) -> Period | None:
    """What a date in ``text`` means; ``None`` where the calendar has no such day, or nothing says which it is.

    Args:
        text: what it stands in.
        written: as the grammar found it there.
        anchor: the day of publication or of the question.
        previous: the day named before it, from which "keesokan harinya" counts.
        asked: whether the text is a question.
    """
    try:
        if written.year is not None:
            return _days(written.year, written)
        anchor = previous if written.follows else anchor
        if anchor is None:
            return None
        if written.month is not None:
            return _dated(written, anchor, asked=asked)
        if written.weekday is not None:
            return _weekday(text, written, anchor)
        return _counted(written, anchor)
    except (ValueError, OverflowError):  # 31 February; a year before the first or after the last
        return None


def _is_sure(text: str, written: DateExpression) -> bool:
    """Whether it is a date, and one: not "5 dan 7 Mei", the name of a month alone, or "Minggu" where a sentence begins,
    which may be a week."""
    before = text[: written.start]
    if written.weekday is not None and written.day is None and text.startswith("Minggu", written.start):
        return bool(before.rstrip()) and before.rstrip()[-1] not in ".!?”"
    return not written.joined and not (written.is_bare_month and not _MONTH_FOLLOWS.search(before))


def _days(year: int, written: DateExpression) -> Period:
    """The day or days, the month, or the whole of the year."""
    month, day = written.month, written.day
    if month is None:
        return Period(date(year, 1, 1), date(year, 12, 31))
    if day is None:
        return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))
    return Period(date(year, month, day), date(year, month, written.until or day))


def _dated(written: DateExpression, anchor: date, *, asked: bool) -> Period | None:
    """A day or month without its year: the year in which its weekday fits, then the one nearest to the anchor."""
    choices = []
    for year in range(max(MINYEAR, anchor.year - 1), min(MAXYEAR, anchor.year + 1) + 1):
        try:
            choices.append(_days(year, written))
        except ValueError:  # 29 February
            continue
    weekday, side = written.weekday, written.side
    fitting = choices
    if weekday is not None:
        fitting = [choice for choice in choices if choice.first.weekday() == weekday]
        if not asked and side is None:
            fitting = [choice for choice in fitting if abs((choice.first - anchor).days) <= _FAR]
    if side == -1:
        fitting = [choice for choice in fitting if choice.last < anchor]
    elif side == 1:
        fitting = [choice for choice in fitting if choice.last > anchor]
    elif side == 0:
        fitting = [choice for choice in fitting if choice.first.year == anchor.year]
    elif asked:
        fitting = [choice for choice in fitting if choice.first <= anchor]
    elif written.day is None:
        fitting = [choice for choice in fitting if (choice.first - anchor).days <= _SOON]
    return min(fitting, key=lambda choice: abs((choice.first - anchor).days), default=None)


def _weekday(text: str, written: DateExpression, anchor: date) -> Period | None:
    """The last such day up to the anchor, or the next one where the text looks ahead; None where it may be either."""
    before = text[max(0, written.start - _CLAUSE) : written.start]
    weekday, side = written.weekday or 0, written.side
    if written.unit == "week":
        day = anchor + timedelta(weekday - anchor.weekday() + 7 * (side or 0))
    elif side is None and _EITHER_WAY.search(before):
        return None
    elif side == 1 or (side is None and _AHEAD.search(re.split(r"[.!?;,]", before)[-1])):
        day = anchor + timedelta((weekday - anchor.weekday() - (side == 1)) % 7 + (side == 1))
    else:
        day = anchor - timedelta((anchor.weekday() - weekday - (side == -1)) % 7 + (side == -1))
    return Period(day, day)


def _counted(written: DateExpression, anchor: date) -> Period | None:
    """ "pekan lalu", "dua hari lalu", "tiga tahun terakhir"."""
    unit, count, side = written.unit or "day", 1 if written.count is None else written.count, written.side or 0
    if written.spans:
        return Period(_moved(anchor, unit, -count), anchor)
    if not side and written.count is not None:  # "tiga hari ini"
        return None
    return _around(_moved(anchor, unit, side * count), unit)


def _moved(day: date, unit: str, count: int) -> date:
    if unit in {"day", "week"}:
        return day + timedelta(count * (7 if unit == "week" else 1))
    months = day.year * 12 + day.month - 1 + count * (12 if unit == "year" else 1)
    year, month = divmod(months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def _around(day: date, unit: str) -> Period:
    """The whole day, week (from Monday), month or year that ``day`` lies in."""
    if unit == "day":
        return Period(day, day)
    if unit == "week":
        monday = day - timedelta(day.weekday())
        return Period(monday, monday + timedelta(6))
    return _days(day.year, DateExpression(0, 0, month=day.month if unit == "month" else None))
