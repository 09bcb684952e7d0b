from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.reading.dates import WIB, WIT, WITA, parse_date

MONTHS = [
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
]
SHORT_MONTHS = ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"]
ENGLISH_MONTHS = [
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
]
WEEKDAYS = ["Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"]

SEVENTH = date(2024, 10, 7)
FIVE_PAST_ONE = datetime(2024, 10, 7, 13, 5, tzinfo=WIB)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Senin, 7 Oktober 2024 13:05 WIB", FIVE_PAST_ONE),
        ("Senin, 7 Oktober 2024 pukul 13.05 WIB", FIVE_PAST_ONE),
        ("Senin, 7 Oktober 2024, Pukul 13.05", FIVE_PAST_ONE),
        ("Senin (7/10/2024) 13.05 WIB", FIVE_PAST_ONE),
        ("07/10/2024, 13:05 WIB", FIVE_PAST_ONE),
        ("13:05 WIB, 7 Oktober 2024", FIVE_PAST_ONE),
        ("Senin, 07 Okt 2024 13:05 WIB", FIVE_PAST_ONE),
        ("Sel, 8 Okt 2024 | 10.15 WIB", datetime(2024, 10, 8, 10, 15, tzinfo=WIB)),
        ("Jum'at, 11 Okt. 2024 - 08:00 WITA", datetime(2024, 10, 11, 8, 0, tzinfo=WITA)),
        ("7 Oktober 2024 13:05 WIT", datetime(2024, 10, 7, 13, 5, tzinfo=WIT)),
        ("7 Oktober 2024 13:05 GMT+7", FIVE_PAST_ONE),
        ("2024-10-07T06:05:00Z", FIVE_PAST_ONE),
        ("2024-10-07T13:05:00+07:00", FIVE_PAST_ONE),
        ("2024-10-07T13:05:00.250+0700", FIVE_PAST_ONE.replace(microsecond=250_000)),
        ("2024-10-07 13:05", FIVE_PAST_ONE),
        ("20241007T060500Z", FIVE_PAST_ONE),
        ("Mon, 07 Oct 2024 06:05:00 GMT", FIVE_PAST_ONE),
        ("Mon, 07 Oct 2024 01:05:00 EST", FIVE_PAST_ONE),
        ("October 7, 2024 at 1:05 PM", FIVE_PAST_ONE),
        ("October 7, 2024 12:05 am", datetime(2024, 10, 7, 0, 5, tzinfo=WIB)),
        ("October 7, 2024", SEVENTH),
        ("7th October 2024", SEVENTH),
        ("7 Oktober 2024", SEVENTH),
        ("07/10/2024", SEVENTH),
        ("7-10-2024", SEVENTH),
        ("7.10.2024", SEVENTH),
        ("2024-10-07", SEVENTH),
        ("2024/10/07", SEVENTH),
        ("20241007", SEVENTH),
        (20241007, SEVENTH),
        ("  Senin,\u00a07 Oktober 2024 ", SEVENTH),
        (1728281100, FIVE_PAST_ONE),
        (1728281100.0, FIVE_PAST_ONE),
        (1728281100_000, FIVE_PAST_ONE),
        ("1728281100", FIVE_PAST_ONE),
        ("1728281100000", FIVE_PAST_ONE),
    ],
)
def test_reads_the_forms_news_is_dated_in(text, expected):
    found = parse_date(text)
    assert found == expected
    assert type(found) is type(expected)


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            " ",
            "-",
            "kemarin",
            "Senin",
            "2 jam yang lalu",
            "hari ini, 13:05 WIB",
            "Oktober 2024",
            "2024",
            "7 Oktober",
        ),
        *("(6/10)", "7/10/24", "7 Okt 24", "31/02/2024", "31 Februari 2024", "2024-02-30", "10/25/2024", "00/10/2024"),
        *("2024-10-07T25:00:00", "7 Oktober 2024 13:75", "7 Oktober 2024 13:05 pm", "2024-10-07T13:05+99:00"),
        *("12345", "123456789", "99999999999", "Rp1.728.281.100", "1728281100-sebuah-judul", "3 Mei 2024 4 Juni 2025"),
        *("pada 7 Oktober 2024 di Samarinda", "COPYRIGHT © ANTARA 2024", "7 Oktober 20245", "1/2/3/2024", "nan"),
        *(0, 7, -1728281100, 45572, 10**30, float("nan"), float("inf"), True, False),
        "7 Oktober 2024 " * 1000,
    ],
)
def test_guesses_nothing(text):
    assert parse_date(text) is None


def test_times_without_a_zone_are_in_the_given_one():
    assert parse_date("7 Oktober 2024 13:05", default_tz=WITA) == datetime(2024, 10, 7, 13, 5, tzinfo=WITA)
    assert parse_date("7 Oktober 2024 13:05 WIB", default_tz=WITA) == FIVE_PAST_ONE
    assert parse_date("Oct. 7th, 2024, 1:05 p.m.", default_tz=UTC) == datetime(2024, 10, 7, 13, 5, tzinfo=UTC)


DAYS = st.dates(min_value=date(1900, 1, 1), max_value=date(2099, 12, 31))
MOMENTS = st.builds(
    lambda day, hour, minute, zone: datetime(day.year, day.month, day.day, hour, minute, tzinfo=zone),
    DAYS,
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from((WIB, WITA, WIT)),
)


@given(DAYS)
def test_days_come_back_from_every_form(day):
    month = day.month - 1
    for form in (
        f"{WEEKDAYS[day.weekday()]}, {day.day} {MONTHS[month]} {day.year}",
        f"{WEEKDAYS[day.weekday()]} ({day.day}/{day.month}/{day.year})",
        f"{day.day:02} {SHORT_MONTHS[month]} {day.year}",
        f"{ENGLISH_MONTHS[month]} {day.day}, {day.year}",
        f"{day:%d/%m/%Y}",
        f"{day.day}-{day.month}-{day.year}",
        f"{day:%Y%m%d}",
        day.isoformat(),
    ):
        assert parse_date(form) == day, form


@given(MOMENTS)
def test_moments_come_back_from_every_form(moment):
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}"
    for form in (
        f"{WEEKDAYS[moment.weekday()]}, {day} {moment:%H:%M} {moment.tzname()}",
        f"{day} | {moment:%H.%M} {moment.tzname()}",
        f"{day} pukul {moment:%H.%M} {moment.tzname()}",
        f"{moment:%H:%M} {moment.tzname()}, {day}",
        moment.isoformat(),
        moment.astimezone(UTC).isoformat().replace("+00:00", "Z"),
    ):
        assert parse_date(form) == moment, form


@given(st.datetimes(datetime(1990, 1, 2), datetime(2099, 12, 30), timezones=st.just(UTC)))
def test_epoch_seconds_and_milliseconds_come_back(moment):
    moment = moment.replace(microsecond=0)
    seconds = int(moment.timestamp())
    assert parse_date(seconds) == parse_date(str(seconds)) == parse_date(seconds * 1000) == moment
    assert parse_date(seconds).utcoffset() == timedelta(hours=7)


@given(st.datetimes(datetime(1900, 1, 2), datetime(2099, 12, 30)), st.integers(-12 * 60, 14 * 60))
def test_iso_8601_comes_back_to_the_microsecond(moment, minutes):
    moment = moment.replace(tzinfo=timezone(timedelta(minutes=minutes)))
    assert parse_date(moment.isoformat()) == moment


PIECES = ["2024", "7", "07", "31", "99", "13:05", "25:61", "WIB", "EST", "pm", "/", "-", ".", ",", "|", "+", "T", "Z"]
DATEISH = st.lists(st.sampled_from([*MONTHS, *ENGLISH_MONTHS, *WEEKDAYS, *PIECES]), max_size=8).map(" ".join)


@given(st.one_of(st.text(), DATEISH, st.integers(), st.floats()))
def test_never_raises_and_always_says_the_zone(text):
    found = parse_date(text)
    if isinstance(found, datetime):
        assert found.tzinfo is not None
