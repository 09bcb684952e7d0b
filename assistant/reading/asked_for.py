"""The thing and the offices that a question asks for, and whether any article speaks of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.places import ABBREVIATED, PLACES
from assistant.wording import question_language
from index.lexicon import words
from index.questions import Question
from index.terms import analyse
from index.types import Passage

from .agreement import articles_of

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
    told = [analyse(f"{article.title}\n{article.text}") for article in articles_of(passages)]
    mentioned = {term for terms in told for term in terms}
    found = [word for word in words(question.text) if word.start in asked_for and word.text[0].islower()]
    missing = [word.text for word in found if word.term in question.terms and word.term not in mentioned]
    rows = [f" {' '.join(terms)} " for terms in told]
    return (*missing, *(office for office in _offices(question.text) if not any(_stands(office, row) for row in rows)))


def _offices(question: str) -> Iterator[str]:
    """The offices over places that a question names: "Bupati Penajam Paser Utara"."""
    for match in _OFFICE.finditer(question):
        named = match["place"].split()
        place = next((place for n in range(len(named), 0, -1) if (place := " ".join(named[:n])) in PLACES), "")
        if place:
            yield f"{match['office']} {place}"


def _stands(office: str, row: str) -> bool:
    """Whether the terms of an office stand beside each other, with the short or the full name of a province."""
    kind, _, place = office.rpartition(" ")
    written = (office, f"{kind} {ABBREVIATED.get(place.lower(), place)}")
    return any(f" {' '.join(analyse(one))} " in row for one in written)
