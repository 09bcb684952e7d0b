"""Every way in which a date is written is found whole and read as that date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates.days import PartialDay, days
from assistant.dates.grammar import DateExpression, date_expressions
from assistant.dates.periods import Period, date_mentions

WEEKDAYS = ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu")
ENGLISH_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
SHORT_MONTHS = ("Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des")
ENGLISH_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
DAYS = st.dates(date(1900, 1, 1), date(2099, 12, 31))
AROUND = st.sampled_from(
    [("", ""), ("Rapat digelar pada ", " di balai kota."), ("Warga (", ") datang."), ("kata dia, ", ".")]
)


def complete(day: date) -> Iterator[str]:
    """Spellings that leave nothing out."""
    month, weekday = day.month - 1, day.weekday()
    for name in (MONTHS[month], SHORT_MONTHS[month], MONTHS[month].upper(), MONTHS[month].lower()):
        yield f"{day.day} {name} {day.year}"
        yield f"{WEEKDAYS[weekday]}, {day.day} {name} {day.year}"
    yield f"{WEEKDAYS[weekday]} ({day.day}/{day.month}/{day.year})"
    yield f"{WEEKDAYS[weekday]} malam ({day.day} / {day.month} / {day.year})"
    yield f"{ENGLISH_WEEKDAYS[weekday]}, {day.day} {ENGLISH_MONTHS[month]} {day.year}"
    yield f"{ENGLISH_MONTHS[month]} {day.day}, {day.year}"
    yield f"{day.day}th of {ENGLISH_MONTHS[month]} {day.year}"
    yield f"{day:%d/%m/%Y}"
    yield f"{day:%d-%m-%Y}"
    yield day.isoformat()


@given(DAYS, AROUND)
def test_every_spelling_of_a_whole_date_comes_back_at_its_place(day: date, around: tuple[str, str]) -> None:
    before, after = around
    for spelling in complete(day):
        text = f"{before}{spelling}{after}"
        (mention,) = date_mentions(text, None)
        (same,) = days(text)
        assert (text[mention.start : mention.end], mention.period) == (spelling, Period(day, day))
        assert (same.start, same.end, same.written) == (mention.start, mention.end, PartialDay(*day.timetuple()[:3]))


@given(DAYS, st.integers(-150, 150))
def test_every_spelling_without_a_year_means_the_day_near_publication(published: date, away: int) -> None:
    day = published + timedelta(away)
    if (day.month, day.day) == (2, 29):
        return
    month, weekday = day.month - 1, day.weekday()
    for spelling in (
        f"{day.day} {MONTHS[month]}",
        f"{WEEKDAYS[weekday]}, {day.day} {MONTHS[month]}",
        f"{WEEKDAYS[weekday]} ({day.day}/{day.month})",
        f"{ENGLISH_MONTHS[month]} {day.day}",
    ):
        (mention,) = date_mentions(f"digelar {spelling} itu", published)
        (same,) = days(f"digelar {spelling} itu", published)
        assert (mention.start, mention.end) == (same.start, same.end) == (8, 8 + len(spelling)), spelling
        assert mention.period == Period(day, day), spelling
        assert same.meant == (PartialDay(day.year, day.month, day.day),), spelling
    (mention,) = date_mentions(f"Rapat itu ({day.day}/{day.month}) batal", published)
    assert mention.period == Period(day, day)


@given(DAYS, st.integers(1, 20))
def test_a_range_is_one_period_and_two_days(first: date, length: int) -> None:
    last = first + timedelta(length)
    if last.month != first.month:
        return
    for joint in ("-", " - ", "–", " hingga ", " sampai "):
        text = f"pada {first.day}{joint}{last.day} {MONTHS[first.month - 1]} {first.year}"
        (mention,) = date_mentions(text, None)
        assert mention == (5, len(text), Period(first, last), False)
        assert [found.written.day for found in days(text)] == [first.day, last.day]


def test_two_days_are_no_period() -> None:
    assert date_mentions("pada 5 dan 7 Mei 2024", None) == []
    assert [found.written.day for found in days("pada 5 dan 7 Mei 2024")] == [5, 7]


@given(DAYS, st.sampled_from(["pekan", "minggu", "bulan", "tahun"]))
def test_a_distance_is_counted_whole(published: date, unit: str) -> None:
    for text in (f"beberapa {unit} lalu", f"dua puluh {unit} lalu", f"belasan {unit} yang lalu", f"3 {unit} ini"):
        assert date_mentions(text, published) == [], text
    (mention,) = date_mentions(f"sejak tiga {unit} lalu", published)
    assert mention.start == 6
    assert mention.period.last < published


def test_a_day_later_counts_from_the_date_named_before() -> None:
    text = "Pada 5 Februari hakim memutus. Dua hari kemudian wali kota ditetapkan."
    assert [found.period.first for found in date_mentions(text, date(2025, 3, 1))] == [
        date(2025, 2, 5),
        date(2025, 2, 7),
    ]
    assert date_mentions("Keesokan harinya ia pergi.", date(2025, 3, 1)) == []


@pytest.mark.parametrize(
    "text",
    [
        "Section 5 may be amended",
        "Green Day ini",
        "RT 03/03",
        "skor 7/1",
        "UU No. 8 Tahun 1999",
        "tiga minggu",
        "layar 1080 x 2160 dan 2019 orang",
        "Ada 2024 siswa yang ikut lomba",
        "Sebanyak 2000 rumah rusak",
        "harga Rp 2000 per kilogram",
        "berita 1800 personel",
        "ribuan tahun lalu",
        "satu setengah tahun lalu",
        "tiga ratus tahun lalu",
    ],
)
def test_what_only_looks_like_a_date(text: str) -> None:
    assert list(date_expressions(text)) == []


def test_white_space_of_any_kind_parts_the_words() -> None:
    assert [(found.start, found.end) for found in date_expressions("Senin,\u00a07\nOktober 2024")] == [(0, 21)]


PIECES = st.sampled_from(
    [*WEEKDAYS, *MONTHS, "minggu", "may", "2024", "31", "(7", "/", "10)", "-", "dua", "hari", "lalu", "ini", "kemudian"]
)


@given(st.text(max_size=60) | st.lists(PIECES, max_size=10).map(" ".join))
def test_any_text_gives_ordered_spans_inside_it(text: str) -> None:
    end = 0
    for found in date_expressions(text):
        assert end <= found.start < found.end <= len(text)
        assert isinstance(found, DateExpression)
        end = found.end


@pytest.mark.parametrize("text", ["Pilkada 2024 digelar", "tahun 2024 siswa masuk", "anggaran 2024 naik", "sejak 2024"])
def test_four_digits_that_count_nothing_are_a_year(text: str) -> None:
    assert [found.year for found in date_expressions(text)] == [2024]
