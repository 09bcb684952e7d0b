"""Words of a text with their offsets and terms, and how rare each term is in Indonesian text."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

from .terms import analyse

__all__ = ["Lexicon", "Word", "words"]

_WORD = re.compile(r"\d+(?:[.,]\d+)*|[^\W\d_]+(?:['’‘][^\W\d_]+)*|[^\w\s]|_")
_SHIPPED = Path(__file__).parent / "models" / "reader" / "lexicon.json"


class Word(NamedTuple):
    """One word, number or punctuation mark: ``text[start:end]``, and its index term ("" for punctuation)."""

    text: str
    start: int
    end: int
    term: str


def words(text: str, offset: int = 0) -> list[Word]:
    """The words, numbers and punctuation marks of ``text`` in order; ``offset`` is added to every position."""
    found = []
    for match in _WORD.finditer(text):
        word = match.group()
        found.append(Word(word, offset + match.start(), offset + match.end(), _term(word)))
    return found


@lru_cache(maxsize=100_000)
def _term(word: str) -> str:
    return "".join(analyse(word))


class Lexicon:
    """Inverse document frequency of terms, in nats, counted over the training passages.

    idf(t) = ln(1 + (N - df + 0.5) / (df + 0.5)), the BM25 form (Robertson & Zaragoza 2009, eq. 3.3 with the +1 of
    Lucene); a term never seen has df 0.
    """

    def __init__(self, documents: int, frequencies: Mapping[str, int]) -> None:
        self._documents = documents
        self._frequencies = frequencies
        self.maximum = self.idf("")

    @staticmethod
    @cache
    def shipped() -> Lexicon:
        """The counts that ship with the reader."""
        stored = json.loads(_SHIPPED.read_text(encoding="utf-8"))
        return Lexicon(stored["documents"], stored["frequencies"])

    def idf(self, term: str) -> float:
        """How rare ``term`` is, in nats."""
        frequency = self._frequencies.get(term, 0)
        return math.log1p((self._documents - frequency + 0.5) / (frequency + 0.5))

    def weights(self, terms: Iterable[str]) -> dict[str, float]:
        """Each distinct non-empty term with its idf."""
        return {term: self.idf(term) for term in terms if term}
