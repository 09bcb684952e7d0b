"""Days, weeks, months and years that a text names, as periods: "kemarin", "pekan lalu", "Senin (7/10)", "Mei 2025".

What a text leaves out is completed from an anchor, which the caller passes in: the day an article was published, or
the day a question is asked. Nothing here reads a clock. A date that could mean several days is left alone.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from typing import NamedTuple

__all__ = ["DateMention", "Period", "date_mentions"]

_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february feb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu aug",
            "september sep sept",
            "oktober october okt oct",
            "november nov",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "senin monday",
            "selasa tuesday",
            "rabu wednesday",
            "kamis thursday",
            "jumat jum'at jum’at friday",
            "sabtu saturday",
            "minggu ahad sunday",
        )
    )
    for name in names.split()
}
_COUNTS = {
    word: number
    for number, words in enumerate(
        (
            "se satu one a an",
            "dua two",
            "tiga three",
            "empat four",
            "lima five",
            "enam six",
            "tujuh seven",
            "delapan eight",
            "sembilan nine",
            "sepuluh ten",
        ),
        start=1,
    )
    for word in words.split()
}
_UNITS = {
    "hari": "day", "day": "day", "pekan": "week", "minggu": "week", "week": "week", "bulan": "month",
    "month": "month", "tahun": "year", "year": "year",
}  # fmt: skip


def _any_of(words: object) -> str:
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))  # type: ignore[call-overload]


_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{_any_of(_MONTHS)})\b"
_WEEKDAY = rf"(?P<weekday>{_any_of(_WEEKDAYS)})"
_COUNT = rf"(?P<count>\d{{1,2}}|{_any_of(_COUNTS)}) ?"
_UNIT = rf"(?P<unit>{_any_of(_UNITS)})s?"
_SIDE = r"(?: (?:yang )?(?P<side>lalu|silam|kemarin|depan|mendatang|nanti|ini|ago|lagi))"
_BEFORE = r"(?P<before>last|next|this) "
# A figure like a year counts something where a unit follows.
_NO_FIGURE = r"(?! ?(?:[.,]\d|ribu|juta|miliar|triliun|persen|%|orang|jiwa|meter|km|hektare|ton|unit|suara|kursi))"
# Tried in order at each place: the fuller date before the parts of it.
_FORMS = tuple(
    re.compile(rf"(?<![\w/.,])(?:{form})(?![\w/])", re.IGNORECASE)
    for form in (
        r"(?P<year>(?:19|20)\d\d)-(?P<monthnumber>\d\d)-(?P<day>\d\d)",
        rf"(?:{_WEEKDAY},? )?{_DAY} {_MONTH}\.? {_YEAR}",
        rf"(?:{_WEEKDAY},? )?{_MONTH}\.? {_DAY},? {_YEAR}",
        rf"(?:{_WEEKDAY},? )?(?:\(|\b){_DAY} ?[/-] ?(?P<monthnumber>\d{{1,2}}) ?[/-] ?{_YEAR}\)?",
        rf"(?:{_WEEKDAY},? )?{_DAY} {_MONTH}{_SIDE}?",
        rf"(?:{_WEEKDAY},? )?\({_DAY} ?/ ?(?P<monthnumber>\d{{1,2}})\)",
        rf"{_WEEKDAY},? {_DAY} ?/ ?(?P<monthnumber>\d{{1,2}})",
        rf"{_MONTH}\.? {_YEAR}",
        rf"{_BEFORE}{_WEEKDAY}",
        rf"{_WEEKDAY}(?: (?P<week>(?:pekan|minggu) (?:lalu|depan|ini)))?{_SIDE}?",
        rf"{_COUNT}{_UNIT}(?P<span> (?:terakhir|belakangan))",
        rf"(?:the )?(?:last|past) {_COUNT}{_UNIT}(?P<span>)",
        rf"{_COUNT}{_UNIT}{_SIDE}",
        rf"{_BEFORE}{_UNIT}",
        rf"(?<!-){_UNIT}{_SIDE}",
        rf"{_BEFORE}{_MONTH}",
        rf"{_MONTH}{_SIDE}",
        _MONTH,
        r"(?P<near>kemarin|hari ini|besok|semalam|tadi (?:malam|pagi|siang|sore)|yesterday|today|tomorrow)",
        rf"{_YEAR}{_NO_FIGURE}",
    )
)
# A law's name holds a year that dates nothing; a month alone is a date only where the text says so.
_LAW = re.compile(r"\b(?:Nomor|No\.?) ?\d+(?:/[\w/]+)* Tahun $", re.IGNORECASE)
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
_CLAUSE = 80  # characters before a weekday in which "akan" makes it lie ahead
_NEAR = {
    "kemarin": -1, "yesterday": -1, "semalam": -1, "tadi malam": -1, "hari ini": 0, "today": 0, "besok": 1,
    "tomorrow": 1,
}  # fmt: skip
_BACK = frozenset({"lalu", "silam", "kemarin", "ago", "last"})
_ONWARD = frozenset({"depan", "mendatang", "nanti", "lagi", "next"})


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
    position = 0
    while position < len(text):
        hits = [match for form in _FORMS if (match := form.search(text, position))]
        if not hits:
            break
        match = min(hits, key=lambda match: (match.start(), -match.end()))
        mention = _mention(match, anchor, asked=asked)
        if mention:
            found.append(mention)
        position = match.end()
    return found


def _mention(match: re.Match[str], anchor: date | None, *, asked: bool) -> DateMention | None:
    parts = {name: value.lower() for name, value in match.groupdict().items() if value is not None}
    before = match.string[: match.start()]
    if _LAW.search(before) or (parts.keys() == {"month"} and not _MONTH_FOLLOWS.search(before)):
        return None
    try:
        period = _period(parts, match, anchor, asked=asked)
    except (ValueError, OverflowError):  # 31 February; a year before the first or after the last
        return None
    if period is None:
        return None
    return DateMention(match.start(), match.end(), period, relative="year" not in parts)


def _period(parts: dict[str, str], match: re.Match[str], anchor: date | None, *, asked: bool) -> Period | None:
    month = int(parts["monthnumber"]) if "monthnumber" in parts else _MONTHS.get(parts.get("month", ""))
    if "year" in parts:
        year = int(parts["year"])
        if month is None:
            return Period(date(year, 1, 1), date(year, 12, 31))
        return _days(year, month, parts.get("day"))
    if anchor is None:
        return None
    side = parts.get("side") or parts.get("before") or ""
    if month is not None:
        return _dated(month, parts, side, anchor, asked=asked)
    if "weekday" in parts:
        return _weekday(parts, side, match, anchor)
    if "near" in parts:
        day = anchor + timedelta(_NEAR.get(parts["near"], 0))
        return Period(day, day)
    return _counted(parts, side, anchor)


def _days(year: int, month: int, day: str | None) -> Period:
    if day is not None:
        only = date(year, month, int(day))
        return Period(only, only)
    return Period(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))


def _dated(month: int, parts: dict[str, str], side: str, anchor: date, *, asked: bool) -> Period | None:
    """A day or month without its year: the year in which its weekday fits, then the one nearest to the anchor."""
    if parts.get("month") == "may" and "day" not in parts and not side:
        return None  # far more often the verb
    choices = []
    for year in range(max(MINYEAR, anchor.year - 1), min(MAXYEAR, anchor.year + 1) + 1):
        try:
            choices.append(_days(year, month, parts.get("day")))
        except ValueError:  # 29 February
            continue
    weekday = _WEEKDAYS.get(parts.get("weekday", ""))
    fitting = [choice for choice in choices if weekday is None or choice.first.weekday() == weekday]
    if side in _BACK:
        fitting = [choice for choice in fitting if choice.last < anchor]
    elif asked and not side:
        fitting = [choice for choice in fitting if choice.first <= anchor]
    elif side in _ONWARD:
        fitting = [choice for choice in fitting if choice.last > anchor]
    elif side:
        fitting = [choice for choice in fitting if choice.first.year == anchor.year]
    elif "day" not in parts:
        fitting = [choice for choice in fitting if (choice.first - anchor).days <= _SOON]
    return min(fitting, key=lambda choice: abs((choice.first - anchor).days), default=None)


def _weekday(parts: dict[str, str], side: str, match: re.Match[str], anchor: date) -> Period | None:
    """The last such day up to the anchor, or the next one where the text looks ahead; None where it may be either."""
    weekday = _WEEKDAYS[parts["weekday"]]
    before = match.string[max(0, match.start() - _CLAUSE) : match.start()]
    if _may_be_a_week(match["weekday"], before.rstrip()) and not (before.lower().endswith("hari ") and not side):
        return None
    if week := parts.get("week"):
        monday = anchor - timedelta(anchor.weekday()) + timedelta(_shift(week.split()[1]) * 7)
        day = monday + timedelta(weekday)
        return Period(day, day)
    if not side and _EITHER_WAY.search(before):
        return None
    ahead = side in _ONWARD or (not side and _AHEAD.search(re.split(r"[.!?;,]", before)[-1]) is not None)
    if ahead:
        day = anchor + timedelta((weekday - anchor.weekday() - (side in _ONWARD)) % 7 + (side in _ONWARD))
    else:
        day = anchor - timedelta((anchor.weekday() - weekday - (side in _BACK)) % 7 + (side in _BACK))
    return Period(day, day)


def _may_be_a_week(word: str, before: str) -> bool:
    """Whether "minggu" may mean a week: in small letters, or where a sentence begins and has a capital anyway."""
    return word == "minggu" or (word == "Minggu" and (not before or before[-1] in ".!?”"))


def _counted(parts: dict[str, str], side: str, anchor: date) -> Period | None:
    """ "pekan lalu", "dua hari lalu", "tiga tahun terakhir"."""
    unit = _UNITS[parts["unit"]]
    written = parts.get("count", "")
    count = int(written) if written.isdecimal() else _COUNTS.get(written, 1)
    if "span" in parts:
        return Period(_moved(anchor, unit, -count), anchor)
    if side == "ini" and written:
        return None
    return _around(_moved(anchor, unit, _shift(side) * count), unit)


def _shift(side: str) -> int:
    return -1 if side in _BACK else 1 if side in _ONWARD else 0


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
    return _days(day.year, day.month, None) if unit == "month" else Period(date(day.year, 1, 1), date(day.year, 12, 31))
