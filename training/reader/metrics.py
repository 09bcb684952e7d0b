"""Exact match and F1 of answers by the rules of SQuAD 2.0, with NFKC and without its rule for English articles; and
whether what is cited holds the answer."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter

from assistant.reader import Reading

from .data import Example


def normalise(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if c not in string.punctuation).split()


def exact(given: str, right: str) -> float:
    return float(normalise(given) == normalise(right))


def f1(given: str, right: str) -> float:
    a, b = normalise(given), normalise(right)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) if common else float(a == b)


def cited(reading: Reading, example: Example) -> bool:
    """Whether a cited sentence of the question's own passage holds its answer."""
    return any(
        piece.passage.text == example.context
        and any(piece.start <= start and end <= piece.end for start, end in example.answers)
        for piece in reading.evidence
    )
