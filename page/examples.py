"""Example questions that the indexed articles answer: made from their sentences, kept if the answer cites these."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from threading import Lock
from typing import Final

from assistant.core import Assistant
from assistant.types import Answer
from index.sentences import sentence_spans
from index.types import Article

__all__ = ["Examples", "candidate_questions"]

_WANTED = 4
_ARTICLES = 40
_TRIED = 16  # questions asked at most: a tenth of a second each on an idle core, and nobody waits for them
_NEXT = 3
_TRIED_NEXT = 8
_LONGEST = 90

_MONTH = "Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember"
_QUANTITY = "Anggaran|Biaya|Jumlah|Kerugian|Luas|Nilai|Panjang|Partisipasi|Pertumbuhan|Produksi|Tingkat|Total|Volume"
_OFFICE = "Bupati|Direktur|Gubernur|Kapolda|Kepala|Ketua|Menteri|Presiden|Rektor|Sekretaris|Wakil|Wali Kota"
_NAME = r"[A-Z][\w'’.-]+"
_WORDS = r"[\w'’()/-]+"
_EQUALS = "adalah|hanya|mencapai|sebanyak|sebesar|tercatat|sekitar"
# Each finds, in a sentence that states a fact plainly, what can be asked about; the rest of the match is the answer.
_PATTERNS: Final = tuple(
    (template, re.compile(pattern))
    for template, pattern in (
        (
            "Kapan {}?",
            rf"^({_NAME}(?: {_WORDS}){{1,9}} di[a-z]{{4,}})\b[^.;]*?\bpada (?:\w+, )?\d{{1,2}} (?:{_MONTH})\b",
        ),
        ("Berapa {}?", rf"^((?:{_QUANTITY})(?: {_WORDS}){{1,9}}?) (?:{_EQUALS})\b[^.;]*?\d"),
        ("Siapa yang {}?", rf"^(?:{_OFFICE})(?: {_NAME}){{1,4}} ((?:me|ber)[a-z]{{4,}}(?: {_WORDS}){{2,9}})[.,]"),
        ("Siapa {}?", rf"{_NAME} {_NAME}, ((?:{_OFFICE})(?: {_NAME}){{1,5}})(?=[,.])"),
        ("Siapa {}?", rf"\b((?:{_OFFICE})(?: {_NAME}){{1,5}}), {_NAME} {_NAME},"),
    )
)
# What points to an earlier sentence cannot be asked about out of its context.
_POINTS_BACK = re.compile(r"\b(?:adalah|dia|hal|ia|ini|itu|keduanya|mereka|tersebut|yang)\b|\w{3,}nya\b", re.IGNORECASE)


Candidate = tuple[str, int, int]


class Examples:
    """Example questions for one assistant, looked for once and again only when the number of articles has changed.

    How many are tried is counted, not timed: a slow computer finds the same ones.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._lock = Lock()
        self._found: tuple[int, tuple[str, ...]] = (0, ())

    def questions(self) -> tuple[str, ...]:
        """Up to four questions, each about another article; fewer if no more are found among the first tried."""
        with self._lock:
            count = len(self._assistant.index)
            if self._found[0] != count:
                newest = islice(self._assistant.index.articles(), _ARTICLES)
                candidates = ((article, _longest_first(article)) for article in newest)
                self._found = (count, tuple(self._answerable(candidates, _WANTED, _TRIED)))
            return self._found[1]

    def after(self, answer: Answer, asked: Iterable[str]) -> tuple[str, ...]:
        """Up to three questions that the articles of an answer answer too, beyond what it quotes and what was asked."""
        known = {_bare(question) for question in asked}
        articles = chain((cited.article for cited in answer.citations), (near.article for near in answer.passages))
        distinct = list({article.id: article for article in articles}.values())
        candidates = (
            (
                article,
                (
                    (question, start, end)
                    for question, start, end in _longest_first(article)
                    if _bare(question) not in known and not _quoted(answer, article, start, end)
                ),
            )
            for article in distinct
        )
        return tuple(self._answerable(candidates, _NEXT, _TRIED_NEXT))

    def _answerable(
        self, candidates: Iterable[tuple[Article, Iterable[Candidate]]], wanted: int, tries: int
    ) -> Iterator[str]:
        """Of each article's candidates the first that it answers, and that no other one has given yet."""
        given: set[str] = set()
        for article, questions in candidates:
            for question, start, end in questions:
                if not wanted or not tries:
                    return
                if _bare(question) in given:
                    continue
                tries -= 1
                if self._answered(question, article, start, end):
                    given.add(_bare(question))
                    yield question
                    wanted -= 1
                    break

    def _answered(self, question: str, article: Article, start: int, end: int) -> bool:
        answer = self._assistant.ask(question)
        return answer.found and _quoted(answer, article, start, end)


def candidate_questions(article: Article) -> Iterator[Candidate]:
    """Questions that a sentence of the article seems to answer, with that sentence's offsets, in textual order."""
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end]
        for template, pattern in _PATTERNS:
            for match in pattern.finditer(sentence):
                asked = match[1]
                question = template.format(_lowered(asked, article.text))
                if len(question) <= _LONGEST and not _POINTS_BACK.search(asked):
                    yield question, start, end


def _longest_first(article: Article) -> list[Candidate]:
    """The longest says most about what it asks for."""
    return sorted(candidate_questions(article), key=lambda candidate: -len(candidate[0]))


def _quoted(answer: Answer, article: Article, start: int, end: int) -> bool:
    return any(cited.article.id == article.id and cited.start < end and start < cited.end for cited in answer.citations)


def _bare(question: str) -> str:
    return question.casefold().strip(" ?")


def _lowered(asked: str, text: str) -> str:
    """Without the capital of a sentence's first word, unless the word is a name: never seen in lower case."""
    first = asked.split()[0]
    common = first in _QUANTITY.split("|") or re.search(rf"\b{re.escape(first.lower())}\b", text)
    return asked[0].lower() + asked[1:] if common else asked
