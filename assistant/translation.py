"""An English question in Indonesian words, for searching Indonesian articles and reading them. Not for being shown.

Word for word from a small lexicon, which ships, names left as they are: enough to find and to compare terms, no prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from index.questions import Kind, parse_question

from .english_words import WORDS
from .places import PLACES
from .wording import question_language

__all__ = ["searchable", "translated"]

_TERMS = Path(__file__).parent / "models" / "english" / "terms.json"
_LONGEST_PHRASE = 3  # words
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,/]\d+)*%?")
_POSSESSIVE = re.compile(r"['’]s\b")
_ENDINGS = (("ies", "y"), ("es", "e"), ("es", ""), ("s", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""))
_ADDED = ("s", "ed", "d")  # alignment has "announced" and "analysts", a question asks whether they "announce"
_SIDES = {"east": "Timur", "west": "Barat", "north": "Utara", "south": "Selatan", "central": "Tengah"}
_SIDES |= {f"{side}ern": name for side, name in _SIDES.items()}


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Words that build the sentence or ask; what they ask for is said by the question word in front.
_DROPPED = _words(
    """a about am an and any are as at be been being by can could did do does doing during for from get gets got had has
    have having her his how i if in into is it its many may me might much must my of on or our please shall should so
    some tell than that the their them there these they this those to upon us was we were what when where which while
    who whom whose why will with would you your long far big old tall"""
)
_ASKS = {
    Kind.PERSON: "Siapa yang", Kind.DATE: "Kapan", Kind.TIME: "Pukul berapa", Kind.PLACE: "Di mana",
    Kind.NUMBER: "Berapa banyak yang", Kind.MONEY: "Berapa dana", Kind.PERCENT: "Berapa persen", Kind.REASON: "Mengapa",
    Kind.MANNER: "Bagaimana", Kind.DEFINITION: "Apa itu", Kind.YES_NO: "Apakah", Kind.OTHER: "Apa",
}  # fmt: skip


@cache
def _shipped() -> Mapping[str, str]:
    terms: dict[str, str] = json.loads(_TERMS.read_text(encoding="utf-8"))
    return terms


def searchable(question: str) -> str:
    """The question in Indonesian words where it is asked in English; otherwise as it is."""
    if question_language(question) != "en":
        return question
    asked = parse_question(question)
    content = translated(question, _shipped())
    return f"{_ASKS[asked.kind]}{' saja' if asked.several else ''} {content}?" if content else question


def translated(text: str, terms: Mapping[str, str]) -> str:
    """The content words of an English text by a lexicon of lower-case English words and phrases -> Indonesian.

    The longest phrase wins; a word that is not there is tried without its ending, then kept. "East X" becomes
    "X Timur", as the names of provinces and countries are formed.
    """
    words = _WORD.findall(_POSSESSIVE.sub("", text))
    said: list[str] = []
    place = 0
    while place < len(words):
        word = words[place]
        side = _SIDES.get(word.lower())
        if side and place + 1 < len(words) and word[0].isupper() and words[place + 1][0].isupper():
            said += [_one(words[place + 1], terms), side]
            place += 2
            continue
        # A phrase that begins with a word that asks or builds would bring that word back.
        longest = 1 if word.lower() in _DROPPED else min(_LONGEST_PHRASE, len(words) - place)
        for length in range(longest, 1, -1):
            if phrase := terms.get(" ".join(words[place : place + length]).lower()):
                said.append(phrase)
                place += length
                break
        else:
            if word.lower() not in _DROPPED or _is_numeral(words, place):
                said.append(_one(word, terms))
            place += 1
    return " ".join(said)


def _is_numeral(words: Sequence[str], place: int) -> bool:
    """Whether "I" is the first of a name ("Mahakam I") and not the one who asks."""
    before = words[place - 1] if place else ""
    return words[place] == "I" and before[:1].isupper() and before.lower() not in _DROPPED


def _one(word: str, terms: Mapping[str, str]) -> str:
    lower = word.lower()
    if word in PLACES:
        return word
    if lower in terms or not word.islower():
        return terms.get(lower, word)
    for known in (terms, WORDS):
        for ending, instead in (("", ""), *_ENDINGS):
            if lower.endswith(ending) and (meaning := known.get(lower.removesuffix(ending) + instead)):
                return meaning
    return next((terms[form] for ending in _ADDED if (form := lower + ending) in terms), word)
