"""A claim and what it cites as arrays for the trained score: each word's vector and marks, and how the two match."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from assistant.dates.days import agrees, days
from index.lexicon import Lexicon, Word, words

from .polarity import DENIALS, denied, opposite
from .quantities import bears, quantities

if TYPE_CHECKING:
    from index.embedding import Encoder

__all__ = ["DIMENSION", "FEATURES", "MARKS", "Floats", "Pair", "pair"]

Floats = npt.NDArray[np.float32]

DIMENSION = 256
"""Of the word vectors: those of the shipped embedding."""
MARKS = ("same", "same_beginning", "idf", "number", "denial", "capital")
"""What is told of every word besides its vector."""
FEATURES = (
    "coverage", "share", "rarest_missing", "missing", "reverse_coverage", "pairs", "length", "shorter",
    "numbers_missing", "numbers_found", "days_missing", "denied", "opposite", "denials",
    "denials_difference", "disorder", "cosine", "nearest_mean", "nearest_least", "names_missing",
)  # fmt: skip
"""What is told of the two texts together."""
_MOST_WORDS = 128  # of a text; the rest is not read
_BEGINNING = 4  # letters


@dataclass(frozen=True, slots=True)
class Pair:
    """``evidence`` (n, dimension + marks), ``claim`` (m, dimension + marks), ``features`` (len(FEATURES),)."""

    evidence: Floats
    claim: Floats
    features: Floats


@cache
def _encoder() -> Encoder:
    from index.embedding import load_embedding

    return load_embedding()


@lru_cache(maxsize=50_000)
def _vector(word: str) -> Floats:
    return _encoder().encode_query(word)


def pair(evidence: str, claim: str) -> Pair:
    """The two texts for the network."""
    shown = [word for word in words(evidence) if word.term][:_MOST_WORDS]
    said = [word for word in words(claim) if word.term][:_MOST_WORDS]
    a, b = _rows(shown, said), _rows(said, shown)
    return Pair(a, b, np.array(_features(evidence, claim, shown, said, a, b), dtype=np.float32))


def _rows(own: Sequence[Word], other: Sequence[Word]) -> Floats:
    terms = {word.term for word in other}
    beginnings = {word.text[:_BEGINNING].lower() for word in other}
    lexicon = Lexicon.shipped()
    rows = [
        np.concatenate(
            [
                _vector(word.text.lower()),
                [
                    word.term in terms,
                    word.text[:_BEGINNING].lower() in beginnings,
                    lexicon.idf(word.term) / lexicon.maximum,
                    word.text[0].isdecimal(),
                    word.text.lower() in DENIALS,
                    word.text[0].isupper(),
                ],
            ]
        )
        for word in own
    ]
    return np.array(rows, dtype=np.float32).reshape(len(rows), DIMENSION + len(MARKS))


def _features(
    evidence: str, claim: str, shown: Sequence[Word], said: Sequence[Word], a: Floats, b: Floats
) -> list[float]:
    lexicon = Lexicon.shipped()
    weights, reverse = lexicon.weights(w.term for w in said), lexicon.weights(w.term for w in shown)
    missing = [weight for term, weight in weights.items() if term not in reverse]
    near = b[:, :DIMENSION] @ a[:, :DIMENSION].T if len(a) and len(b) else np.zeros((1, 1), dtype=np.float32)
    best = near.max(axis=1)
    terms = [[word.term for word in text] for text in (shown, said)]
    common = set(pairwise(terms[0])) & set(pairwise(terms[1]))
    numbers = [quantities(text, skip=[(d.start, d.end) for d in days(text)]) for text in (evidence, claim)]
    found = [any(bears(x, y) for x in numbers[0]) for y in numbers[1]]
    dated = [days(text) for text in (evidence, claim)]
    denials = [sum(word.text.lower() in DENIALS for word in text) for text in (shown, said)]
    return [
        1 - sum(missing) / (sum(weights.values()) or 1.0),
        1 - len(missing) / (len(weights) or 1),
        max(missing, default=0.0) / lexicon.maximum,
        min(len(missing), 10) / 10,
        sum(w for term, w in reverse.items() if term in weights) / (sum(reverse.values()) or 1.0),
        len(common) / max(len(said) - 1, 1),
        min(len(said), 30) / 30,
        min(len(said) / max(len(shown), 1), 2.0),
        min(found.count(False), 3),
        min(found.count(True), 3),
        sum(not any(agrees(x, y) for x in dated[0]) for y in dated[1]),
        denied(claim, evidence) is not None,
        opposite(claim, evidence) is not None,
        min(denials[1], 2),
        min(denials[1], 2) - min(denials[0], 2),
        _disorder(terms[0], terms[1]),
        float(_encoder().encode_query(evidence) @ _encoder().encode_query(claim)),
        float(best.mean()),
        float(best.min()),
        sum(word.text[0].isupper() and word.term not in reverse for word in said[1:]),
    ]


def _disorder(shown: Sequence[str], said: Sequence[str]) -> float:
    """Share of neighbours in the claim that stand the other way round in the evidence."""
    places = [shown.index(term) for term in said if term in shown]
    turned = [b < a for a, b in pairwise(places)]
    return sum(turned) / len(turned) if turned else 0.0
