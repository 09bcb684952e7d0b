"""Dates named in running text, resolved against the day of publication or of the question."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates.periods import Period, date_mentions

TUESDAY = date(2024, 10, 8)
WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
DAYS = st.dates(min_value=date(1950, 1, 1), max_value=date(2090, 12, 31))


def named(text: str, anchor: date | None = TUESDAY, *, asked: bool = False) -> list[tuple[str, str]]:
    """What was found, each with its period as ``2024-10-07`` or ``2024-10-01..2024-10-31``."""
    return [
        (
            text[mention.start : mention.end],
            str(mention.period.first) if mention.period.is_day else f"{mention.period.first}..{mention.period.last}",
        )
        for mention in date_mentions(text, anchor, asked=asked)
    ]


@pytest.mark.parametrize(
    ("text", "found", "period"),
    [
        ("Rapat digelar Senin di balai kota.", "Senin", "2024-10-07"),
        ("Rapat digelar Selasa.", "Selasa", "2024-10-08"),
        ("Lomba pada Minggu (6/10) pagi", "Minggu (6/10)", "2024-10-06"),
        ("Rapat Jumat (3/1)", "Jumat (3/1)", "2025-01-03"),  # the year in which 3 January is a Friday
        ("kata camat, Senin, 7 Oktober 2024,", "Senin, 7 Oktober 2024", "2024-10-07"),
        ("diumumkan pada Senin, 5 Mei", "Senin, 5 Mei", "2025-05-05"),
        ("Pasar dibuka 17 Agustus lalu.", "17 Agustus lalu", "2024-08-17"),
        ("Pasar akan dibuka Sabtu.", "Sabtu", "2024-10-12"),
        ("Kemarin dibuka, Sabtu diresmikan.", "Kemarin", "2024-10-07"),
        ("Ditutup pekan lalu.", "pekan lalu", "2024-09-30..2024-10-06"),
        ("Selesai tahun ini.", "tahun ini", "2024-01-01..2024-12-31"),
        ("Mulai bulan depan.", "bulan depan", "2024-11-01..2024-11-30"),
        ("Dua hari lalu ia tiba.", "Dua hari lalu", "2024-10-06"),
        ("Sebulan lalu ia tiba.", "Sebulan lalu", "2024-09-01..2024-09-30"),
        ("dalam tiga tahun terakhir", "tiga tahun terakhir", "2021-10-08..2024-10-08"),
        ("Jumat pekan depan", "Jumat pekan depan", "2024-10-18"),
        ("Sabtu sore kemarin warga berkumpul.", "Sabtu sore kemarin", "2024-10-05"),
        ("the hall opened two weeks ago", "two weeks ago", "2024-09-23..2024-09-29"),
        ("on October 7, 2024", "October 7, 2024", "2024-10-07"),
        ("pada akhir Desember", "Desember", "2024-12-01..2024-12-31"),
        ("sejak 2019 ia memimpin", "2019", "2019-01-01..2019-12-31"),
    ],
)
def test_a_date_is_found_whole_and_resolved(text: str, found: str, period: str) -> None:
    assert named(text)[0] == (found, period)


@pytest.mark.parametrize(
    "text",
    [
        "Undang-Undang Nomor 3 Tahun 2022",  # a name
        "harganya Rp2024 dan 2024 orang hadir",
        "1.950.000 pemilih",
        "31 Februari 2024",
        "ditutup hingga Kamis",  # the last one or the next
        "setiap Senin",
        "Minggu lalu warga berkumpul.",  # Sunday or week
        "selama dua minggu",
        "they may be late",
        "skor 3/1",
        "bertahun-tahun lalu",
    ],
)
def test_what_is_no_date_or_may_be_several_is_left_alone(text: str) -> None:
    assert named(text) == []


def test_a_month_without_year_lies_in_the_past_of_a_question_and_near_an_article() -> None:
    assert named("pada Januari", date(2024, 10, 30)) == [("Januari", "2025-01-01..2025-01-31")]
    assert named("pada April", date(2024, 10, 30)) == [("April", "2024-04-01..2024-04-30")]
    assert named("pada Februari", date(2024, 10, 8), asked=True) == [("Februari", "2024-02-01..2024-02-29")]


def test_without_an_anchor_only_complete_dates_are_found() -> None:
    assert named("Senin dan kemarin, 7 Oktober, lalu 9 Oktober 2024", None) == [("9 Oktober 2024", "2024-10-09")]


@given(day=DAYS, back=st.integers(0, 6))
def test_a_weekday_is_the_last_such_day_up_to_publication(day: date, back: int) -> None:
    meant = day - timedelta(back)
    (mention,) = date_mentions(f"Rapat digelar {WEEKDAYS[meant.weekday()]} di sana", day)
    assert mention.period == Period(meant, meant)
    assert mention.relative


@given(day=DAYS, count=st.integers(2, 30))
def test_relative_days_count_from_the_anchor(day: date, count: int) -> None:
    (mention,) = date_mentions(f"{count} hari lalu", day)
    assert mention.period.first == mention.period.last == day - timedelta(count)


@given(day=DAYS)
def test_weeks_months_and_years_hold_the_anchor_only_where_they_are_this_one(day: date) -> None:
    for unit in ("pekan", "bulan", "tahun"):
        for side, holds in (("ini", True), ("lalu", False), ("depan", False)):
            (mention,) = date_mentions(f"{unit} {side}", day)
            assert (day in mention.period) is holds


PIECES = [
    "minggu",
    "31",
    "29",
    "2024",
    "1999",
    "(6/10)",
    "dua",
    "hari",
    "lalu",
    "depan",
    "ini",
    "kemarin",
    ".",
    "(",
    "/",
]
TEXTS = st.text(max_size=60) | st.lists(st.sampled_from([*WEEKDAYS, *MONTHS, *PIECES]), max_size=10).map(" ".join)


@given(TEXTS, DAYS | st.just(date.max), st.booleans())
def test_any_text_gives_ordered_spans_inside_it(text: str, anchor: date, asked: bool) -> None:
    end = 0
    for mention in date_mentions(text, anchor, asked=asked):
        assert end <= mention.start < mention.end <= len(text)
        assert mention.period.first <= mention.period.last
        end = mention.end
