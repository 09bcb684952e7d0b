"""Figures and number words, a token at a time -> the values that they can mean: "1.250", "enam ribu dua ratus"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from assistant.vocabulary import COUNTS, TEENS, TENS
from assistant.wording import Language

__all__ = ["ONE", "SCALES", "TOKEN", "adjoin", "figures", "in_words"]

ONE = Decimal(1)
TOKEN = re.compile(r"\d+(?:[.,]\d+)*|km²|m²|km2\b|m2\b|[^\W\d_]+|[%$€£¥]")
"""A figure, a word, or a sign: what the functions below take lists of."""
_WHOLE = {**TEENS, **TENS}  # what no "puluh" follows
_TIMES = {"belas": (1, 10), "puluh": (10, 0), "ratus": (100, 0), "hundred": (100, 0)}  # "lima belas": 1 x 5 + 10
SCALES = {
    **dict.fromkeys(("ribu", "rb", "thousand"), Decimal(10**3)),
    **dict.fromkeys(("juta", "jt", "million", "mn"), Decimal(10**6)),
    **dict.fromkeys(("miliar", "milyar", "billion", "bn"), Decimal(10**9)),
    **dict.fromkeys(("triliun", "trilyun", "trillion", "tn"), Decimal(10**12)),
}
_WITH_ONE = {"seribu", "sejuta"}
_GAP = re.compile(r"[\s\u00a0]*-?[\s\u00a0]*")


def figures(written: str, language: Language) -> tuple[tuple[Decimal, ...], Decimal]:
    """Readings of a figure, the one of the language first, and the place of its last digit.

    Several separators of one kind, or one kind before another, are unambiguous; one separator before three digits is
    not: in an English sentence both readings stand, because figures are often copied as the article has them.
    """
    separators = re.sub(r"\d", "", written)
    if not separators:
        value = Decimal(written)
        return (value,), ONE
    last = separators[-1]
    digits = len(written) - written.rindex(last) - 1
    whole = Decimal(re.sub(r"[.,]", "", written))
    decimal = Decimal(re.sub(r"[.,]", "", written[: written.rindex(last)]) + "." + written[-digits:])
    fraction = ONE.scaleb(-digits)
    if len(set(separators)) > 1 or digits != 3:
        return ((decimal,), fraction) if len(set(separators)) > 1 or len(separators) == 1 else ((whole,), ONE)
    if len(separators) > 1:
        return (whole,), ONE
    if language == "id":
        return ((whole,), ONE) if last == "." else ((decimal,), fraction)
    return ((decimal, whole), fraction) if last == "." else ((whole, decimal), ONE)


def in_words(text: str, tokens: Sequence[re.Match[str]], at: int) -> tuple[Decimal | None, int]:
    """The number that is written out from token ``at`` ("enam ribu dua ratus"), and the index behind it."""
    total: Decimal | None = None
    last = max(SCALES.values()) + 1
    began = at
    while at < len(tokens) and (at == began or adjoin(text, tokens, at)):
        word = tokens[at].group().lower()
        scale = SCALES.get(word.removeprefix("se")) if word in _WITH_ONE else None
        value, following = (ONE, at + 1) if scale else _below_thousand(text, tokens, at)
        if value is None:
            break
        if not scale and following < len(tokens) and adjoin(text, tokens, following):
            scale = SCALES.get(tokens[following].group().lower())
            following += scale is not None
        if (scale or ONE) >= last:  # "dua juta tiga juta": a second number
            break
        at, last = following, scale or ONE
        total = (total or Decimal(0)) + value * last
    return total, at


def _below_thousand(text: str, tokens: Sequence[re.Match[str]], at: int) -> tuple[Decimal | None, int]:
    below = last = Decimal(0)
    began = at
    while at < len(tokens) and (at == began or adjoin(text, tokens, at)):
        word = tokens[at].group().lower()
        if word == "seratus" and at == began:
            below = Decimal(100)
        elif word in _WHOLE and not last:
            below += _WHOLE[word]
        elif word in COUNTS and COUNTS[word] and not last:
            last = Decimal(COUNTS[word])
        elif word in _TIMES and last:
            times, plus = _TIMES[word]
            below, last = below + times * last + plus, Decimal(0)
        elif word == "setengah" and last:
            last += Decimal("0.5")
        else:
            break
        at += 1
    return (below + last, at) if at > began else (None, at)


def adjoin(text: str, tokens: Sequence[re.Match[str]], at: int) -> bool:
    """Whether nothing but white space or a hyphen parts token ``at`` from the one before."""
    return _GAP.fullmatch(text, tokens[at - 1].end(), tokens[at].start()) is not None
