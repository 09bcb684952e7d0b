"""The thing and the offices that a question asks for, and whether any article speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.places import ABBREVIATED, place_words
from assistant.wording import question_language
from index.lexicon import words
from index.questions import Question
from index.types import Passage

from .agreement import articles_of, terms_of

__all__ = ["thing_asked_for"]

# The thing asked for: "siapa nama istri", "berapa harga". Money is asked for by words that news seldom uses; "berapa
# lama" and "berapa ekor" ask how much, of what comes behind or nowhere.
_HOW_MUCH = (
    "lama|jauh|dalam|tinggi|panjang|lebar|luas|besar|berat|cepat|kuat|tua|sering|banyak|orang|ekor|buah|unit|kilo|kali|"
    "pas|saat|waktu|ketika|kalau"
)
_ASKED_FOR = re.compile(
    r"\b(?:siapa(?:kah)?|berapa(?:kah)?)\s+(?:(?:nama|banyak|jumlah|nilai)\s+)?"
    rf"(?!(?:uang|duit|dana|{_HOW_MUCH})\b)(\w+)",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"\b(?<!calon )(?<!kandidat )(?P<office>(?i:(?:wakil )?(?:gubernur|bupati|wali ?kota))) "
    r"(?P<place>[A-Z][\w-]*(?: [A-Z][\w-]*)*)"
)


def thing_asked_for(question: Question, passages: Sequence[Passage]) -> tuple[str, ...]:
    """What "siapa istri ..." or "berapa harga ..." asks for, and the offices of the question ("Bupati Seruni"), where
    no passage's article has them in title or text.

    An article may say it in other words ("juru bicara" for "jubir"), so this is no more than a reason for doubt.
    """
    if question.text.isupper() or question_language(question.text) == "en":
        return ()
    asked_for = [match.start(1) for match in _ASKED_FOR.finditer(question.text)]
    texts = [f"{article.title}\n{article.text}" for article in articles_of(passages)]
    offices = [
        f"{office} {place}"
        for office, place in _offices(question.text)
        if not any(_stands(office, place, text) for text in texts)
    ]
    found = [
        word
        for word in words(question.text)
        if word.start in asked_for and word.text[0].islower() and word.term in question.terms
    ]
    mentioned = terms_of(texts) if found else set()  # ten articles are analysed for it
    missing = [word.text for word in found if word.term not in mentioned]
    return (*(word for word in missing if not any(office.startswith(word) for office in offices)), *offices)


def _offices(question: str) -> Iterator[tuple[str, str]]:
    """The offices over places that a question names: "Bupati" and "Penajam Paser Utara"."""
    for match in _OFFICE.finditer(question):
        if place := _place_at_start(match["place"]):
            yield match["office"], place


def _stands(office: str, place: str, text: str) -> bool:
    """Whether a text speaks of an office: with its place, the province's name short or full, or of who holds it where
    it has the place elsewhere: "Wakil Gubernur Seno Aji", "dilantik sebagai wakil gubernur"."""
    full = ABBREVIATED.get(place.lower(), place)
    short = (rf"(?i:{re.escape(one)})" for one, other in ABBREVIATED.items() if other == full)
    places = "|".join((re.escape(place), re.escape(full), *short))
    office = re.sub(r"(?i)wali ?kota", "wali ?kota", office)
    another = r"(?<![Ww]akil )(?<![Cc]alon )(?<!andidat )"
    if re.search(rf"\b{another}(?i:{office}) (?:terpilih )?(?:{places})\b", text):
        return True
    if re.search(rf"\b(?:{places})\b", text) is None:
        return False
    held = re.finditer(
        rf"\b(?P<as>(?i:sebagai|menjadi) )?{another}(?i:{office})\b(?: (?P<name>[A-Z][\w'’-]*(?: [A-Z]\w*)*))?",
        text,
    )
    return any(not _place_at_start(one["name"]) if one["name"] else bool(one["as"]) for one in held)


def _place_at_start(words_with_capitals: str) -> str:
    """The longest name of a place that the words begin with; "" where they begin with none."""
    named = words_with_capitals.split()
    return " ".join(named[: place_words(named)])
