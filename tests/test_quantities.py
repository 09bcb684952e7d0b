"""Numbers that are written differently and are the same, and ones that look alike and are not."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.verifying.quantities import Bound, Quantity, bears, quantities


def one(text: str, language: str = "id") -> Quantity:
    (found,) = quantities(text, language=language)  # type: ignore[arg-type]
    return found


@pytest.mark.parametrize(
    ("one_way", "another"),
    [
        ("1,2 triliun", "1.200 miliar"),
        ("Rp1.250.000", "1,25 juta rupiah"),
        ("Rp4,2 M", "Rp4,2 miliar"),
        ("5 orang", "lima orang"),
        ("21 truk", "dua puluh satu truk"),
        ("6.247 titik", "enam ribu dua ratus empat puluh tujuh titik"),
        ("1.400 tamu", "seribu empat ratus tamu"),
        ("2,5 juta", "dua setengah juta"),
        ("5 kilometer", "5.000 meter"),
        ("252.660 hektare", "2.526,6 km2"),
        ("12,5 persen", "12,5%"),
        ("pukul 14.00 WITA", "jam 2 siang"),
        ("pukul 20.30", "pukul 8.30 malam"),
        ("ke-79", "79"),
    ],
)
def test_the_same_number(one_way: str, another: str) -> None:
    assert bears(one(one_way), one(another))
    assert bears(one(another), one(one_way))


@pytest.mark.parametrize(
    ("indonesian", "english"),
    [
        ("1,2 triliun", "1.2 trillion"),
        ("2.821.202 orang", "2,821,202 people"),
        ("3.182 pelari", "3,182 runners"),
        ("11,38 persen", "11.38 per cent"),
        ("127.346,92 kilometer persegi", "127,346.92 square kilometres"),
        ("21 truk", "twenty-one trucks"),
        ("pukul 20.00 WIB", "8 p.m."),
        ("6.274 titik", "6.274 polling stations"),  # copied as the article has it
    ],
)
def test_the_same_number_in_english(indonesian: str, english: str) -> None:
    assert bears(one(indonesian), one(english, "en"))


@pytest.mark.parametrize(
    ("evidence", "claim"),
    [
        ("1.400 tamu", "4.100 tamu"),
        ("1,43 triliun", "1,43 miliar"),
        ("60 orang", "60 persen"),
        ("Rp35 miliar", "US$35 miliar"),
        ("12 kilometer", "12 meter"),
        ("pukul 11.00", "pukul 11.30"),
        ("613.202", "lebih dari 700 ribu"),
        ("996.399", "sekitar 1,2 juta"),
        ("lebih dari 60 persen", "kurang dari 60 persen"),
    ],
)
def test_another_number(evidence: str, claim: str) -> None:
    assert not bears(one(evidence), one(claim))


@pytest.mark.parametrize(
    "claim", ["2,8 juta", "sekitar 2.800.000", "lebih dari 2,8 juta", "hampir 2,9 juta", "kurang dari 3 juta"]
)
def test_fewer_digits_and_limits_that_hold(claim: str) -> None:
    assert bears(one("2.821.202 orang"), one(claim))


def test_a_list_shares_its_unit_and_a_range_its_scale() -> None:
    found = quantities("masing-masing 39 juta, 28 juta, dan 15 juta ton; 5-10 juta orang")
    assert [q.unit for q in found] == ["kg", "kg", "kg", "", ""]
    assert found[0].values == (Decimal(39_000_000_000),)
    assert Decimal(5_000_000) in found[3].values


def test_codes_and_what_is_skipped_are_no_numbers() -> None:
    text = "Seksi 3A, pesawat RJ-85, pilar P4, 7 Oktober 2024"
    assert quantities(text, skip=[(text.index("7"), len(text))]) == []
    assert one("lebih dari 5.000-an").bound is Bound.MORE
    assert one("5.000-an orang").bound is Bound.ABOUT


@given(st.integers(0, 10**13), st.sampled_from(["id", "en"]))
def test_thousands_are_read_in_both_languages(number: int, language: str) -> None:
    written = f"{number:,}" if language == "en" else f"{number:,}".replace(",", ".")
    assert one(written, language).values[0] == number


@given(st.decimals(0, 10**9, places=2), st.sampled_from(["id", "en"]))
def test_decimals_are_read_in_both_languages(number: Decimal, language: str) -> None:
    written = f"{number:,}"
    if language == "id":
        written = written.translate(str.maketrans(",.", ".,"))
    assert one(written, language).values[0] == number


WORDS = (*"nol satu dua tiga empat lima enam tujuh delapan sembilan".split(), "sepuluh", "sebelas")  # noqa: SIM905


def spelled(number: int) -> str:
    """Indonesian words of a number below a million."""
    units = [
        "nol",
        "satu",
        "dua",
        "tiga",
        "empat",
        "lima",
        "enam",
        "tujuh",
        "delapan",
        "sembilan",
        "sepuluh",
        "sebelas",
    ]
    if number < 12:
        return units[number]
    if number < 20:
        return f"{units[number - 10]} belas"
    for size, name in ((1000, "ribu"), (100, "ratus"), (10, "puluh")):
        if number >= size:
            head, rest = divmod(number, size)
            begun = f"se{name}" if head == 1 else f"{spelled(head)} {name}"
            return f"{begun} {spelled(rest)}" if rest else begun
    raise AssertionError(number)


@given(st.integers(2, 999_999))
def test_numbers_in_words(number: int) -> None:
    text = f"Ada {spelled(number)} orang"
    found = one(text)
    assert found.values == (number,)
    assert text[found.start : found.end] == spelled(number)


@given(st.text(alphabet="0123456789.,-% Rpjutadwlmb()$/ke", max_size=60), st.sampled_from(["id", "en"]))
def test_any_text_is_read_without_error_and_offsets_lie_in_it(text: str, language: str) -> None:
    found = quantities(text, language=language)  # type: ignore[arg-type]
    assert all(0 <= a.start < a.end <= len(text) for a in found)
    assert [a.start for a in found] == sorted(a.start for a in found)
