"""Dates as Indonesian and English news write them -> ``date`` or ``datetime``, or None rather than a guess.

The forms that news sites, feeds and tables use are read by a strict grammar here, day before month; dateparser reads
what is left of the written-out forms (other zone abbreviations, "1:05 p.m."). Nothing relative ("kemarin") and nothing
with a missing part ("Oktober 2024", "7/10", two-digit years) is completed.
"""

from __future__ import annotations

import math
import re
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache
from typing import Any

__all__ = ["WIB", "WIT", "WITA", "parse_date"]

WIB = timezone(timedelta(hours=7), "WIB")
WITA = timezone(timedelta(hours=8), "WITA")
WIT = timezone(timedelta(hours=9), "WIT")

_ZONES: dict[str, tzinfo] = {
    "wib": WIB,
    "wita": WITA,
    "wit": WIT,
    **dict.fromkeys(("z", "utc", "gmt"), UTC),
}
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "januari january jan",
            "februari february pebruari feb peb",
            "maret march mar",
            "april apr",
            "mei may",
            "juni june jun",
            "juli july jul",
            "agustus august agu agt agust ags aug",
            "september sep sept",
            "oktober october okt oct",
            "november nopember nov nop",
            "desember december des dec",
        ),
        start=1,
    )
    for name in names.split()
}
_WEEKDAYS = (
    "senin selasa rabu kamis jumat jum'at jum’at sabtu minggu ahad sen sel rab kam jum sab min "
    "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun"
)


def _any_of(names: str) -> str:
    return "|".join(sorted(map(re.escape, names.split()), key=len, reverse=True))


_YEAR = r"(?P<year>(?:1[89]|20|21)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_MONTH = rf"(?P<month>{_any_of(' '.join(_MONTHS))})\.?"
_DAYS = (
    rf"{_YEAR}(?P<mark>[-/.])(?P<monthnumber>\d{{1,2}})(?P=mark){_DAY}",
    rf"{_DAY}(?P<mark>[-/.]) ?(?P<monthnumber>\d{{1,2}})(?P=mark) ?{_YEAR}",
    rf"{_YEAR}(?P<monthnumber>\d\d)(?P<day>\d\d)",
    rf"{_DAY}[ -]{_MONTH}[ -]{_YEAR}",
    rf"{_MONTH} {_DAY} {_YEAR}",
)
_TIME = (
    r"(?:(?:pukul|pkl\.?|jam|at) )?(?P<hour>\d{1,2})[:.](?P<minute>\d\d)"
    r"(?:[:.](?P<second>\d\d)(?:\.(?P<fraction>\d{1,9}))?)?"
    r"(?: ?(?P<half>[ap])\.?m\b\.?)?(?: ?(?P<zone>wib|wita|wit|(?:utc|gmt)(?![+-])|z)\b"
    r"| ?(?:utc|gmt)?(?P<sign>[+-])(?P<zonehours>\d{1,2})(?::?(?P<zoneminutes>\d\d))?)?"
)
_COMPACT_TIME = r"(?P<hour>\d\d)(?P<minute>\d\d)(?P<second>\d\d)?(?P<zone>z)?"
_WEEKDAY = rf"(?:(?:{_any_of(_WEEKDAYS)})\.? )?"
_FORMS = [
    re.compile(form, re.IGNORECASE | re.ASCII)
    for day in _DAYS
    for form in (rf"{_WEEKDAY}{day}(?:[t ]{_TIME})?", rf"{_TIME} {_WEEKDAY}{day}", rf"{day}t{_COMPACT_TIME}")
]
_PUNCTUATION = re.compile(r"\s*[,|()•·]\s*|\s+[-–—]\s+|\s+")
_NUMBER = re.compile(r"\d{9,13}(?:\.\d+)?", re.ASCII)
_WRITTEN_OUT = re.compile(rf"(?=.*\b(?:{_any_of(' '.join(_MONTHS))})\b)(?=.*\b(?:1[89]|20|21)\d\d\b)", re.IGNORECASE)
_LONGEST = 80  # characters; no date is written longer, and junk is refused without work
_FIRST_EPOCH = 631_152_000  # 1990: seconds below it and milliseconds below it are other numbers (ids, counts)
_LAST_EPOCH = 4_102_444_800  # 2100


def parse_date(text: str | int | float, *, default_tz: tzinfo = WIB) -> date | None:
    """The moment or day that ``text`` names.

    Args:
        text: a date in words or digits ("Senin, 7 Oktober 2024 13:05 WIB", "07/10/2024" with the day first, ISO 8601,
            "October 7, 2024"), or seconds or milliseconds since 1970 between 1990 and 2100.
        default_tz: the zone of times written without one, and of epoch numbers.

    Returns:
        An aware ``datetime`` where a time of day is given, a ``date`` where only the day is; None where the text is no
        complete date, names an impossible one (31/02/2024) or could mean several.
    """
    if isinstance(text, bool):
        return None
    if isinstance(text, int | float):
        if isinstance(text, int) and 1800_00_00 < text < 2200_00_00:
            return parse_date(str(text))
        return _epoch(text, default_tz)
    written = _PUNCTUATION.sub(" ", text[: _LONGEST + 1]).strip(" ,")
    if len(text) > 2 * _LONGEST or len(written) > _LONGEST:
        return None
    if _NUMBER.fullmatch(written):
        return _epoch(float(written), default_tz)
    for form in _FORMS:
        if match := form.fullmatch(written):
            return _from_parts(match.groupdict(), default_tz)
    return _written_out(written, default_tz) if _WRITTEN_OUT.match(written) else None


def _epoch(number: float, zone: tzinfo) -> datetime | None:
    if not math.isfinite(number):
        return None
    for seconds in (number, number / 1000):
        if _FIRST_EPOCH <= seconds < _LAST_EPOCH:
            return datetime.fromtimestamp(seconds, zone)
    return None


def _from_parts(parts: dict[str, str | None], default_tz: tzinfo) -> date | None:
    """The named groups of a form -> date or datetime; None where they name no real moment."""
    month = parts.get("monthnumber") or _MONTHS[(parts["month"] or "").lower()]
    try:
        day = date(int(parts["year"] or 0), int(month), int(parts["day"] or 0))
        if parts.get("hour") is None:
            return day
        hour = int(parts["hour"] or 0)
        if half := parts.get("half"):
            if not 1 <= hour <= 12:
                return None
            hour = hour % 12 + 12 * (half.lower() == "p")
        fraction = (parts.get("fraction") or "").ljust(6, "0")[:6]
        clock = (hour, int(parts["minute"] or 0), int(parts.get("second") or 0), int(fraction))
        return datetime(day.year, day.month, day.day, *clock, tzinfo=_zone(parts, default_tz))
    except ValueError:  # 31 February, 25:61, an offset of a day or more
        return None


def _zone(parts: dict[str, str | None], default_tz: tzinfo) -> tzinfo:
    if name := parts.get("zone"):
        return _ZONES[name.lower()]
    if not (sign := parts.get("sign")):
        return default_tz
    offset = timedelta(hours=int(parts["zonehours"] or 0), minutes=int(parts["zoneminutes"] or 0))
    return timezone(-offset if sign == "-" else offset)


@cache
def _dateparser() -> Any:  # noqa: ANN401 - the class is imported lazily and has no types
    from dateparser.date import DateDataParser

    settings = {
        "PARSERS": ["absolute-time"],
        "REQUIRE_PARTS": ["day", "month", "year"],
        "DATE_ORDER": "DMY",
        "STRICT_PARSING": True,
        "RETURN_TIME_AS_PERIOD": True,
    }
    return DateDataParser(languages=["id", "en"], settings=settings)


def _written_out(text: str, default_tz: tzinfo) -> date | None:
    """A date with the month's name and a four-digit year, in a form that the grammar above does not know."""
    try:
        found = _dateparser().get_date_data(text)
    except (ValueError, OverflowError):  # dateparser builds the date from whatever digits stand there
        return None
    moment: datetime | None = found.date_obj
    if moment is None or str(moment.year) not in text:
        return None
    if found.period != "time":
        return moment.date()
    return moment if moment.tzinfo else moment.replace(tzinfo=default_tz)
