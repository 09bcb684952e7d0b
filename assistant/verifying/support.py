"""The trained part of the claims check."""

from __future__ import annotations

from functools import cache
from pathlib import Path

__all__ = ["ORDINARY", "ordinary_words"]

_FOLDER = Path(__file__).parents[1] / "models" / "support"
ORDINARY = _FOLDER / "ordinary.txt"


@cache
def ordinary_words() -> frozenset[str]:
    """Words that head sentences and are seldom names, counted over the training texts."""
    return frozenset(ORDINARY.read_text(encoding="utf-8").split())
