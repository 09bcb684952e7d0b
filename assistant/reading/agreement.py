"""What a question is about and the passages never mention: reason enough to doubt any answer from them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.wording import question_language
from index.lexicon import words
from index.questions import Question
from index.terms import analyse
from index.types import Passage

__all__ = ["unmentioned"]

_MONTHS_AND_DAYS = frozenset(
    analyse(
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember "
        "Senin Selasa Rabu Kamis Jumat Sabtu Minggu"
    )
)
_INITIAL = re.compile(r"\b[^\W\d_]")
# The thing asked for: "siapa nama istri", "berapa harga". Money is asked for by words that news seldom uses.
_ASKED_FOR = re.compile(
    r"\b(?:siapa(?:kah)?|berapa(?:kah)?)\s+(?:(?:nama|banyak|jumlah|nilai)\s+)?(?!(?:uang|duit|dana)\b)(\w+)",
    re.IGNORECASE,
)


def unmentioned(question: Question, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names, the figures and the thing asked for that no passage's article has in title, date or text.

    An acronym counts as mentioned where words with its initials stand in a row. Months and weekdays are left out: news
    writes dates in too many ways. So are English questions, whose names the articles spell in Indonesian, and
    questions in capitals throughout, which show no names.
    """
    if question.text.isupper() or question_language(question.text) == "en":
        return ()
    asked_for = [match.start(1) for match in _ASKED_FOR.finditer(question.text)]
    wanted = {
        word.term: word.text
        for place, word in enumerate(word for word in words(question.text) if word.term)
        if word.term in question.terms and word.term not in _MONTHS_AND_DAYS
        if word.text[0].isdecimal() or (place and word.text[0].isupper()) or word.start in asked_for
    }
    if not wanted:
        return ()
    articles = {passage.article.id: passage.article for passage in passages}.values()
    texts = [f"{article.title}\n{article.text}\n{article.day or ''}" for article in articles]
    mentioned = {term for text in texts for term in analyse(text)}
    initials = "".join("".join(_INITIAL.findall(text)).lower() for text in texts)
    return tuple(
        text
        for term, text in wanted.items()
        if term not in mentioned and not (text.isupper() and text.lower() in initials)
    )
