"""Quotations in a claim: word for word in what is cited, or no quotation."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.types import Citation, Support

from .evidence import Evidence, Finding, listed

__all__ = ["check", "unquoted"]

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|«([^«»]+)»|(?<!\w)‘([^‘’]+)’(?!\w)")
_MARKS = str.maketrans({"“": '"', "”": '"', "«": '"', "»": '"', "’": "'", "‘": "'", "–": "-", "—": "-"})
_A_NAME = 3  # words; shorter ones between marks may be a title or a by-name, which the article itself has


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """Every quotation that the cited characters do not have word for word."""
    for _, _, words in _quotations(claim):
        if _holds(evidence.text, words):
            continue
        short = len(words.split()) <= _A_NAME
        if short and any(_holds(f"{s.article.title}\n{s.article.text}", words) for s in evidence.sources):
            continue
        yield Finding(
            Support.UNSUPPORTED,
            evidence.say(
                f"{listed([words])} tidak tertulis seperti itu dalam sumber yang dirujuk.",
                f"The cited source does not say {listed([words])} in these words.",
            ),
        )


def unquoted(text: str, citations: Sequence[Citation]) -> str:
    """``text`` without the quotation marks around words that no citation holds word for word."""
    pieces = []
    position = 0
    for start, end, words in _quotations(text):
        if not any(_holds(citation.quote, words) for citation in citations):
            pieces += [text[position:start], words]
            position = end
    return "".join([*pieces, text[position:]])


def _quotations(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _QUOTED.finditer(text):
        yield match.start(), match.end(), next(group for group in match.groups() if group is not None)


def _holds(text: str, words: str) -> bool:
    """Whether ``words`` stand in ``text``: same letters, any white space and style of marks; a closing comma or full
    stop inside the marks is the sentence's around them."""
    return _plain(words).rstrip(",.") in _plain(text)


def _plain(text: str) -> str:
    return " ".join(text.translate(_MARKS).split())
