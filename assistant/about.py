"""Questions about an article itself, answered from its metadata: who wrote or edited it, which outlet, when."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from enum import StrEnum

from index.lexicon import Lexicon
from index.questions import parse_question
from index.sentences import sentence_spans
from index.terms import analyse
from index.types import Article, Passage

from .types import Answer, Citation, Claim, Turn
from .wording import Language, format_day, question_language

__all__ = ["Detail", "answer_about", "asked_detail"]


class Detail(StrEnum):
    """What can be asked of an article that its text does not say."""

    AUTHOR = "author"
    EDITOR = "editor"
    PUBLISHER = "publisher"
    PUBLISHED = "published"
    UPDATED = "updated"


_ARTICLE = r"(?:artikel|berita|tulisan|laporan|liputan|article|story|report|news item|piece)"
_MEDIUM = r"(?:media|situs|koran|portal|surat kabar|outlet|newspaper|site|publisher)"
# In order: the narrower first. Each needs the article to be named as one, or its writer or medium to be asked for.
_DETAILS: tuple[tuple[Detail, re.Pattern[str]], ...] = tuple(
    (detail, re.compile(pattern, re.IGNORECASE))
    for detail, pattern in (
        (
            Detail.EDITOR,
            rf"\bsiapa(?:kah)?\b.*\b(?:penyunting|editor|redaktur|menyunting|mengedit)(?:nya)?\b.*(?:\b{_ARTICLE}|$)|"
            rf"\bwho edited\b.*\b{_ARTICLE}|\b{_ARTICLE}\b.*\b(?:disunting|diedit)\b.*\bsiapa",
        ),
        (
            Detail.AUTHOR,
            rf"\bsiapa(?:kah)?\b(?: nama| yang)?(?: (?:penulis|pewarta|wartawan|jurnalis|reporter)(?:nya)?| menulis)\b"
            rf"(?:\W*$|.*\b{_ARTICLE})|\bwho (?:wrote|authored|reported)\b.*\b{_ARTICLE}|"
            rf"\b{_ARTICLE}\b.*\bditulis\b.*\bsiapa",
        ),
        (
            Detail.UPDATED,
            rf"\b(?:kapan|when)\b.*\b{_ARTICLE}\b.*\b(?:diperbarui|dimutakhirkan|updated)\b",
        ),
        (
            Detail.PUBLISHED,
            rf"\b(?:kapan|when)\b.*\b{_ARTICLE}\b.*\b(?:terbit|diterbitkan|dimuat|tayang|dipublikasikan|ditulis|published)\b|"
            rf"\b{_ARTICLE}\b.*\b(?:terbit|diterbitkan|dimuat|tayang)\b.*\b(?:kapan|tanggal berapa)",
        ),
        (
            Detail.PUBLISHER,
            rf"\b(?:(?:di|dari) )?{_MEDIUM} (?:apa|mana)\b.*\b(?:memuat|menerbitkan|memberitakan|menulis|{_ARTICLE})\b|"
            rf"\b{_ARTICLE}\b.*\b(?:dari|di) {_MEDIUM} (?:apa|mana)|\b(?:which|what) {_MEDIUM}\b|"
            rf"\bsiapa(?:kah)? (?:penerbit(?:nya)?|yang (?:menerbitkan|memuat))\b.*(?:\b{_ARTICLE}|$)",
        ),
    )
)
_META = re.compile(
    rf"\b(?:{_ARTICLE}|{_MEDIUM}|penulis|pewarta|wartawan|jurnalis|reporter|penyunting|editor|redaktur|menulis|ditulis|"
    r"menyunting|disunting|mengedit|diedit|penerbit|menerbitkan|diterbitkan|terbit|dimuat|memuat|memberitakan|tayang|"
    r"dipublikasikan|diperbarui|dimutakhirkan|tanggal|berjudul|wrote|edited|published|updated|reported|carried)(?:nya)?\b",
    re.IGNORECASE,
)
_POINTS = frozenset(analyse("ini itu tersebut tadi this that soal tentang mengenai terkait judul"))  # name no topic
_ABOUT = 0.7  # share of the topic's weight that an article's title and text must hold to be the one that is meant
_SAID = {
    "id": {
        Detail.AUTHOR: "Artikel “{title}” ditulis oleh {value}.",
        Detail.EDITOR: "Artikel “{title}” disunting oleh {value}.",
        Detail.PUBLISHER: "Artikel “{title}” diterbitkan oleh {value}.",
        Detail.PUBLISHED: "Artikel “{title}” terbit pada {value}.",
        Detail.UPDATED: "Artikel “{title}” diperbarui pada {value}.",
    },
    "en": {
        Detail.AUTHOR: "The article “{title}” was written by {value}.",
        Detail.EDITOR: "The article “{title}” was edited by {value}.",
        Detail.PUBLISHER: "The article “{title}” was published by {value}.",
        Detail.PUBLISHED: "The article “{title}” was published on {value}.",
        Detail.UPDATED: "The article “{title}” was updated on {value}.",
    },
}
_UNSAID = {
    "id": {
        Detail.AUTHOR: "Artikel “{title}” tidak mencantumkan penulisnya.",
        Detail.EDITOR: "Artikel “{title}” tidak mencantumkan penyuntingnya.",
        Detail.PUBLISHER: "Artikel “{title}” tidak mencantumkan penerbitnya.",
        Detail.PUBLISHED: "Artikel “{title}” tidak mencantumkan tanggal terbitnya.",
        Detail.UPDATED: "Artikel “{title}” tidak mencantumkan pembaruan.",
    },
    "en": {
        Detail.AUTHOR: "The article “{title}” does not name its author.",
        Detail.EDITOR: "The article “{title}” does not name its editor.",
        Detail.PUBLISHER: "The article “{title}” does not name its publisher.",
        Detail.PUBLISHED: "The article “{title}” does not give its date of publication.",
        Detail.UPDATED: "The article “{title}” does not mention any update.",
    },
}


def asked_detail(question: str) -> Detail | None:
    """Which detail of an article is asked for; None for any other question."""
    return next((detail for detail, pattern in _DETAILS if pattern.search(question)), None)


def answer_about(opening: Answer, history: Sequence[Turn]) -> Answer | None:
    """The complete answer to a question about an article itself; None for other questions or if none is meant surely.

    The article is the best passage's that is about the question's topic, or, where the question has none ("Siapa
    penulisnya?"), the one that the last answer cites first. Its first sentence is cited, to lead there.
    """
    detail = asked_detail(opening.question)
    if detail is None:
        return None
    article = _meant(opening.query, opening.passages, history)
    if article is None:
        return None
    language = question_language(opening.question)
    value = _value(article, detail, language)
    words = _SAID if value else _UNSAID
    text = words[language][detail].format(title=article.title, value=value)
    start, end = sentence_spans(article.text)[0]
    return replace(
        opening,
        text=f"{text} [1]",
        found=bool(value),
        claims=(Claim(text, (1,)),),
        citations=(Citation(number=1, article=article, start=start, end=end),),
        confidence=1.0,
        complete=True,
    )


def _meant(question: str, passages: Sequence[Passage], history: Sequence[Turn]) -> Article | None:
    topic = _META.sub(" ", question)
    terms = parse_question(topic).terms if re.search(r"\w", topic) else ()
    weights = Lexicon.shipped().weights(term for term in terms if term not in _POINTS)
    if not weights:
        cited = history[-1].citations if history else ()
        return cited[0].article if cited else None
    for passage in passages:
        said = set(analyse(f"{passage.article.title} {passage.article.text}"))
        if sum(weight for term, weight in weights.items() if term in said) >= _ABOUT * sum(weights.values()):
            return passage.article
    return None


def _value(article: Article, detail: Detail, language: Language) -> str:
    value = getattr(article, detail)
    return format_day(value, language) if isinstance(value, date) else value or ""
