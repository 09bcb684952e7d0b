"""Exact match and F1 of answers: the rules of SQuAD 2.0, with NFKC and without its rule for English articles."""

from __future__ import annotations

import string
import unicodedata
from collections import Counter


def normalise(text: str) -> list[str]:
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if c not in string.punctuation).split()


def exact(given: str, right: str) -> float:
    return float(normalise(given) == normalise(right))


def f1(given: str, right: str) -> float:
    a, b = normalise(given), normalise(right)
    common = sum((Counter(a) & Counter(b)).values())
    return 2 * common / (len(a) + len(b)) if common else float(a == b)
