"""Word lists, Indonesian and English: numbers, months, weekdays."""

from __future__ import annotations

import re
from collections.abc import Iterable

__all__ = ["COUNTS", "MONTHS", "TEENS", "TENS", "WEEKDAYS", "any_of", "word_set"]


def word_set(text: str) -> frozenset[str]:
    """The words of ``text``."""
    return frozenset(text.split())


def _numbered(*groups: str, start: int = 0, step: int = 1) -> dict[str, int]:
    """Each word of the first group -> ``start``, of the second -> ``start + step``, and so on."""
    return {word: start + step * at for at, group in enumerate(groups) for word in group.split()}


COUNTS = _numbered(
    "nol zero", "satu one", "dua two", "tiga three", "empat four", "lima five", "enam six", "tujuh seven",
    "delapan eight", "sembilan nine",
)  # fmt: skip
TEENS = _numbered(
    "sepuluh ten", "sebelas eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", start=10,
)  # fmt: skip
TENS = _numbered("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety", start=20, step=10)
MONTHS = _numbered(
    "januari january jan", "februari february pebruari feb peb", "maret march mar", "april apr", "mei may",
    "juni june jun", "juli july jul", "agustus august agu agt ags aug", "september sept sep", "oktober october okt oct",
    "november nopember nov nop", "desember december des dec", start=1,
)  # fmt: skip
WEEKDAYS = _numbered(
    "senin monday", "selasa tuesday", "rabu wednesday", "kamis thursday", "jumat jum'at jum’at friday",
    "sabtu saturday", "minggu ahad sunday",
)  # fmt: skip


def any_of(words: Iterable[str]) -> str:
    """A pattern of one of the words, the longer ones first."""
    return "|".join(sorted(map(re.escape, words), key=len, reverse=True))
