"""Days that are written differently and are the same."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.dates.days import DayMention, PartialDay, agrees, days

PUBLISHED = date(2024, 10, 8)  # a Tuesday


def one(text: str, published: date | None = PUBLISHED) -> DayMention:
    (found,) = days(text, published)
    return found


@pytest.mark.parametrize(
    "text",
    [
        "Senin, 7 Oktober 2024",
        "7/10/2024",
        "07-10-2024",
        "2024-10-07",
        "Senin (7/10/2024)",
        "Senin (7/10)",
        "7 Oktober",
        "tanggal 7 Okt 2024",
        "October 7, 2024",
        "Monday, 7 October 2024",
        "Oct 7th, 2024",
        "kemarin",
        "yesterday",
        "Senin",
    ],
)
def test_the_seventh_of_october(text: str) -> None:
    found = one(text)
    assert PartialDay(2024, 10, 7) in found.meant
    assert agrees(found, one("7/10/2024"))
    assert not agrees(found, one("8/10/2024"))


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("Oktober 2024", PartialDay(2024, 10)),
        ("Desember lalu", PartialDay(2023, 12)),
        ("tahun ini", PartialDay(2024)),
        ("tahun lalu", PartialDay(2023)),
        ("bulan lalu", PartialDay(2024, 9)),
        ("last year", PartialDay(2023)),
        ("pada 1957", PartialDay(1957)),
        ("20 Januari", PartialDay(2025, 1, 20)),  # nearer than January before
    ],
)
def test_parts_of_a_date_and_what_is_relative(text: str, meant: PartialDay) -> None:
    assert one(text).meant == (meant,)


def test_a_day_later_counts_from_the_day_before_it() -> None:
    first, second = days("Pada 5 Februari MK memutus. Esok harinya KPU menetapkan.", PUBLISHED)
    assert (first.meant, second.meant) == ((PartialDay(2025, 2, 5),), (PartialDay(2025, 2, 6),))
    _, earlier = days("Sabtu (21/9) ditetapkan. Dua hari sebelum itu disahkan.", PUBLISHED)
    assert earlier.meant == (PartialDay(2024, 9, 19),)


def test_ranges_are_two() -> None:
    assert [found.written for found in days("21-23 Oktober 2024")] == [
        PartialDay(2024, 10, 21),
        PartialDay(2024, 10, 23),
    ]
    assert [found.written for found in days("periode 2018-2023")] == [PartialDay(2018), PartialDay(2023)]


@pytest.mark.parametrize(
    "text", ["2.200 meter", "2024 orang", "tiga minggu", "she may be", "Nomor 262/PHPU/2025", "24,5"]
)
def test_no_dates(text: str) -> None:
    assert days(text, PUBLISHED) == []


def test_a_weekday_that_does_not_fit_is_another_day() -> None:
    assert agrees(one("Senin (7/10)"), one("Senin, 7 Oktober 2024"))
    assert not agrees(one("Senin (7/10)"), one("Selasa, 7 Oktober 2024"))
    assert not agrees(one("7 Oktober 2024"), one("Selasa, 7 Oktober 2024"))


def test_a_claim_may_say_less_than_the_evidence_but_not_more() -> None:
    assert agrees(one("7 Oktober 2024"), one("Oktober 2024"))
    assert not agrees(one("Oktober 2024"), one("7 Oktober 2024"))


@given(st.text(alphabet="0123456789/-., ()OktoberSninMhari lauj", max_size=60))
def test_any_text_is_read_without_error(text: str) -> None:
    for found in days(text, PUBLISHED):
        assert 0 <= found.start < found.end <= len(text)
