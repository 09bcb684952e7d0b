"""A statement of the model is held against the sentences: cited where it said so, cited anew, or found unsupported."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from assistant.types import Citation, Support
from assistant.verification import Verdict, unquoted, verify
from assistant.wording import Language
from index.terms import analyse

from .sources import Sentence, Sources
from .statements import Statement

__all__ = ["Grounded", "ground", "says_nothing_found"]

_OTHERS: Final = 3  # sentences tried where those cited do not bear a statement out
_ALIKE: Final = 0.5  # share of the statement's terms from which another sentence is tried
_RANK: Final = {Support.SUPPORTED: 2, Support.PARTLY: 1, Support.UNSUPPORTED: 0}
_ABSENT = re.compile(
    r"\b(?:tidak|tak|belum)\s+(?:di)?(?:temukan|sebut\w*|jelaskan|cantumkan|muat|ada|terdapat|tersedia|rinci)\b"
    r".{0,60}\b(?:artikel|sumber|kalimat|teks|informasi|dokumen|berita)\b"
    r"|\b(?:artikel|sumber|kalimat|teks|informasi|dokumen|berita)\b.{0,60}\b(?:tidak|tak)\s+(?:me\w+|ada|di\w+|cukup)\b"
    r"|\bnot (?:found|mentioned|stated|given|available|provided|in the (?:articles|sources?))\b"
    r"|\b(?:articles?|sources?|sentences?|text|passages?) (?:do|does|did)(?: not|n't) (?:\w+ )?(?:say|mention|"
    r"state|answer|give|contain|provide)\b",
    re.IGNORECASE,
)
_SENTINEL = re.compile(r"\W*(?:TIDAK DITEMUKAN|NOT FOUND)\W*", re.IGNORECASE)
_ONLY_CHECKED: Final = {
    "id": "Hanya kalimat yang ditemukan yang diperiksa, bukan seluruh arsip.",
    "en": "Only the sentences that were found have been checked, not the whole archive.",
}


@dataclass(frozen=True, slots=True)
class Grounded:
    """What a statement says, the sentences it rests on, and how far they bear it out."""

    text: str
    sentences: tuple[Sentence, ...]
    support: Support
    reason: str = ""
    lead: str = " "


def ground(statement: Statement, sources: Sources, language: Language) -> Grounded:
    """Checks a statement against the sentences it cites, and where they do not bear it out, against those most like it.

    A model that cites the neighbouring sentence is right about the news and wrong about the place: the place is mended.
    """
    cited = tuple(sources.by_id[name] for name in statement.ids)
    if not cited and _ABSENT.search(statement.text):
        return Grounded(statement.text, (), Support.PARTLY, _ONLY_CHECKED[language], statement.lead)
    best: Grounded | None = None
    for sentences in _places(statement.text, cited, sources):
        text, verdict = _checked(statement.text, sentences, language)
        if best is None or _RANK[verdict.support] > _RANK[best.support]:
            best = Grounded(text, sentences, verdict.support, verdict.reason, statement.lead)
        if verdict.support is Support.SUPPORTED:
            break
    if best is None or (not cited and best.support is Support.UNSUPPORTED):
        verdict = verify(statement.text, (), language=language)
        return Grounded(unquoted(statement.text, ()), (), verdict.support, verdict.reason, statement.lead)
    return best


def says_nothing_found(statements: Sequence[Statement]) -> bool:
    """Whether the whole reply says, and does no more than say, that the sentences do not answer."""
    if not statements or any(statement.ids for statement in statements):
        return False
    return bool(_SENTINEL.fullmatch(statements[0].text)) or all(
        _SENTINEL.search(statement.text) or _ABSENT.search(statement.text) for statement in statements
    )


def _places(text: str, cited: tuple[Sentence, ...], sources: Sources) -> Iterator[tuple[Sentence, ...]]:
    """What the statement may rest on, in the order in which it is tried."""
    if cited:
        yield cited
    others = [one for one in _most_like(text, sources) if one not in cited]
    for one in others:
        yield (one,)
    if cited and others:
        yield (*cited, others[0])
    elif len(others) > 1:
        yield others[0], others[1]


def _most_like(text: str, sources: Sources) -> list[Sentence]:
    terms = set(analyse(text))
    if not terms:
        return []
    shares = [(len(terms & set(analyse(one.text))) / len(terms), one) for one in sources.sentences]
    ranked = sorted((pair for pair in shares if pair[0] >= _ALIKE), key=lambda pair: -pair[0])
    return [one for _, one in ranked[:_OTHERS]]


def _checked(text: str, sentences: Sequence[Sentence], language: Language) -> tuple[str, Verdict]:
    """The statement, without marks around what is no quotation, and what its check says of it."""
    citations = [
        Citation(number=number, article=one.article, start=one.start, end=one.end)
        for number, one in enumerate(sentences, start=1)
    ]
    return unquoted(text, citations), verify(text, citations, language=language)
