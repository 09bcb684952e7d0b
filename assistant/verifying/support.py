"""The trained part of the claims check."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["ENGLISH", "ORDINARY", "english_words", "ordinary_words"]

_FOLDER = Path(__file__).parents[1] / "models" / "support"
ORDINARY = _FOLDER / "ordinary.txt"
ENGLISH = _FOLDER / "english.txt"


@cache
def ordinary_words() -> frozenset[str]:
    """Words that head sentences and are seldom names, counted over the training texts."""
    return frozenset(ORDINARY.read_text(encoding="utf-8").split())


@cache
def english_words() -> frozenset[str]:
    """English words that are seldom names; an Indonesian article has their translations."""
    return frozenset(ENGLISH.read_text(encoding="utf-8").split())
