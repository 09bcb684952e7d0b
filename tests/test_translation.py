"""English questions in Indonesian words, for searching."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.translation import searchable, translated
from index.questions import parse_question

TERMS = {
    "announced": "mengumumkan",
    "analysts": "analis",
    "bridge": "jembatan",
    "toll road": "jalan tol",
    "city": "kota",
    "price": "harga",
    "how long": "berapa lama",
}


@pytest.mark.parametrize(
    ("text", "indonesian"),
    [
        ("the bridges of Muara", "jembatan Muara"),
        ("toll road prices", "jalan tol harga"),
        ("East Kalimantan's cities", "Kalimantan Timur kota"),
        ("Rudi-Melati in 2024", "Rudi-Melati 2024"),
        ("how long is the toll road", "jalan tol"),
        ("zyzzyva", "zyzzyva"),
        ("what did the analyst announce", "analis mengumumkan"),  # what alignment has in another form
        ("inspectors joined the bridge", "inspektur bergabung jembatan"),
        ("who did they beat", "mengalahkan"),
        ("the Muara I bridge", "Muara I jembatan"),
        ("Where can I see the bridge", "see jembatan"),
    ],
)
def test_word_for_word_the_longest_phrase_first_and_names_as_they_are(text: str, indonesian: str) -> None:
    assert translated(text, TERMS) == indonesian


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("Who is the governor of East Kalimantan?", {"Siapa", "gubernur", "Kalimantan Timur"}),
        ("How many people were killed in the earthquake?", {"Berapa", "orang", "tewas", "gempa"}),
        ("What percentage of voters supported the bill?", {"persen", "pemilih"}),
        ("When was the bridge opened?", {"Kapan", "jembatan", "dibuka"}),
        ("How many people died when the bridge was opened?", {"Berapa", "jembatan", "dibuka"}),
        ("Who won the election in Papua?", {"Siapa", "Papua"}),
    ],
)
def test_an_english_question_keeps_its_kind(question: str, words: set[str]) -> None:
    searched = searchable(question)
    assert all(word in searched for word in words)
    assert parse_question(searched).kind is parse_question(question).kind


@pytest.mark.parametrize("question", ["Siapa gubernur Kalimantan Timur?", "Isran Noor", "", "Apa itu The Post?"])
def test_an_indonesian_question_stays_as_it_is(question: str) -> None:
    assert searchable(question) == question


@given(st.text(max_size=80))
def test_any_text_can_be_searched_for(text: str) -> None:
    assert bool(searchable(text).strip()) == bool(text.strip())
    translated(text, TERMS)
