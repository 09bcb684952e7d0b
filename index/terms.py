"""Lexical analysis: text -> index terms, the same for articles and questions."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable

import Stemmer

__all__ = ["ANALYSER", "analyse"]

ANALYSER = "tanya-id-2"
"""Name of what ``analyse`` does; an index records it and refuses to be searched by another."""

_ASCII_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*", re.ASCII)
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_APOSTROPHE = re.compile(r"['’‘ʼ`´]\b")
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]")
_THOUSANDS = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)")
_CACHED_TERMS = 200_000
# Words that only ask. Articles use them too (in quotations, as relative pronouns), which is where they mislead.
_QUESTION_WORDS = frozenset(
    word + particle
    for word in ("apa", "siapa", "kapan", "mana", "dimana", "bagaimana", "berapa", "kenapa", "mengapa")
    for particle in ("", "kah")
)


def analyse(text: str) -> list[str]:
    """The index terms of ``text`` in order, repeats kept; none for a text of question words or signs only.

    Question words are left out; case, Latin diacritics and apostrophes inside words are ignored ("Mas'ud", "Masud");
    words are stemmed (Snowball's Indonesian stemmer); numbers are written one way ("1.250.000" and "1,250,000" ->
    ``1250000``; "1,2" -> ``1d2``). Terms hold letters and digits only, so SQLite's ``ascii`` tokeniser leaves them
    whole. Safe to call from threads.
    """
    pattern = _ASCII_TOKEN
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)))
        pattern = _TOKEN
    terms = _terms
    return [term for token in pattern.findall(_APOSTROPHE.sub("", text.lower())) if (term := terms[token])]


class _Terms(dict[str, str]):
    """token -> term ("" for none), each computed once: stemming costs far more than a look-up, and words repeat."""

    def __init__(self) -> None:
        super().__init__()
        # A Stemmer object keeps scratch memory and must not be used by two threads at once.
        self._lock = threading.Lock()
        self._stem = Stemmer.Stemmer("indonesian", maxCacheSize=0).stemWord

    def __missing__(self, token: str) -> str:
        with self._lock:
            if len(self) >= _CACHED_TERMS:
                self.clear()
            term = _term(token, self._stem)
            self[token] = term
        return term


def _term(token: str, stem: Callable[[str], str]) -> str:
    if token in _QUESTION_WORDS:
        return ""
    return _number(token) if token[0].isdecimal() else stem(token)


def _number(token: str) -> str:
    """One spelling for each number: no thousands separators, ``d`` for the decimal sign."""
    if _THOUSANDS.fullmatch(token):
        return token.replace(".", "").replace(",", "")
    return token.replace(".", "d").replace(",", "d")


_terms = _Terms()
