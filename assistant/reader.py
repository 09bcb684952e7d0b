"""The embedded reader: which sentences of the passages answer a question, and whether any of them does."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.cross_encoder import CrossEncoder, PassageReading
from index.lexicon import Lexicon
from index.questions import Kind, Question, parse_question
from index.types import Passage

from .reading.agreement import unmentioned
from .reading.features import Candidate, candidates, features, fitting
from .reading.neural import best_span, neural_features, passage_words
from .reading.scorer import Scorer, cited

__all__ = ["Evidence", "Reader", "Reading"]

_MOST_PASSAGES = 10
_LONGEST_LEAD = 400  # characters
_SURE_SPAN = 0.3  # probability, within its sentence, from which a span is marked
_SURE = 0.5  # confidence below which the sentences stand without a span
_SPAN_LENGTHS = range(2, 81)  # characters; longer ones are no short answer but the sentence again
_WITHOUT_SPAN = frozenset({Kind.DEFINITION, Kind.REASON, Kind.MANNER, Kind.YES_NO})  # answered by whole sentences
_ROLE = re.compile(
    r"(?:wakil |mantan |calon )*(?:wali kota|bupati|gubernur|presiden|menteri|ketua|kepala|direktur|sekretaris|camat|"
    r"lurah|rektor|juru bicara|pelatih|kapten|mayor|kolonel|jenderal|the |mayor |president |minister )",
    re.IGNORECASE,
)
_AMOUNTS = frozenset({Kind.MONEY, Kind.PERCENT, Kind.TIME})


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whole sentences ``passage.article.text[start:end]`` that answer, best first by ``score`` (0 to 1).

    ``span`` is the answer itself (a name, a date, an amount) as offsets into the article, where the reader is sure.
    """

    passage: Passage
    start: int
    end: int
    span: tuple[int, int] | None
    score: float

    @property
    def text(self) -> str:
        """The exact characters ``passage.article.text[start:end]``."""
        return self.passage.article.text[self.start : self.end]


@dataclass(frozen=True, slots=True)
class Reading:
    """What was read for one question.

    ``confidence`` is the calibrated probability that the passages answer it at all; ``found`` says whether that is
    enough. ``evidence`` is given either way, best first, so that what comes nearest can be shown. ``unmentioned`` are
    names and figures of the question that no passage's article mentions; then ``found`` is false.
    """

    found: bool
    confidence: float
    evidence: tuple[Evidence, ...]
    unmentioned: tuple[str, ...] = ()


class Reader:
    """Answers from passages without any language model. Loads its weights at the first question; safe in threads.

    Args:
        threshold: the confidence from which a question counts as answered; None: the shipped model's own. The model
            card says what others cost and bring.
    """

    def __init__(self, *, threshold: float | None = None) -> None:
        self._threshold = threshold

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """The sentences of the first ten ``passages`` that answer ``question``. Passages come best first."""
        asked = parse_question(question)
        passages = passages[:_MOST_PASSAGES]
        sentences = candidates(passages)
        if not sentences or not asked.terms:
            return Reading(found=False, confidence=0.0, evidence=())
        scorer = Scorer.shipped()
        readings = CrossEncoder.shipped().read(
            question, [passage.text for passage in passages], [_lead(passage) for passage in passages]
        )
        rows = features(asked, sentences, Lexicon.shipped())
        scores, confidence = scorer.rate(rows, neural_features(sentences, readings))
        threshold = scorer.threshold if self._threshold is None else self._threshold
        missing = unmentioned(asked, passages)
        return Reading(
            found=confidence >= threshold and not missing,
            confidence=confidence,
            evidence=_evidence(asked, sentences, scores, readings, sure=confidence >= _SURE),
            unmentioned=missing,
        )


def _lead(passage: Passage) -> str:
    """The article's first paragraph, which says what later ones take up with "he" or "the bridge"; "" in it itself.

    Bounded, because the network reads so many words and no more: a long lead would leave none of the passage.
    """
    first, _, _ = passage.article.text[: min(passage.start, _LONGEST_LEAD)].partition("\n")
    return f"{first}\n" if first else ""


def _evidence(
    question: Question,
    sentences: Sequence[Candidate],
    scores: np.ndarray,
    readings: Sequence[PassageReading],
    *,
    sure: bool,
) -> tuple[Evidence, ...]:
    found = []
    for i, share in cited(scores):
        sentence = sentences[i]
        span = _span(question, sentence, readings[sentence.rank]) if sure else None
        found.append(Evidence(sentence.passage, sentence.start, sentence.end, span, share))
    return tuple(found)


def _span(question: Question, sentence: Candidate, reading: PassageReading) -> tuple[int, int] | None:
    """Where in the sentence the answer stands, None where that is not sure. An amount is marked whole."""
    first, last = passage_words(sentence, reading)
    if first == last or question.kind in _WITHOUT_SPAN:
        return None
    (begin, finish), _ = best_span(reading.start[first:last], reading.end[first:last])
    chance = _share(reading.start[first:last])[begin] * _share(reading.end[first:last])[finish]
    words = reading.spans[first:last] + sentence.passage.start
    span = int(words[begin, 0]), int(words[finish, 1])
    if chance < _SURE_SPAN or span[1] - span[0] not in _SPAN_LENGTHS:
        return None
    for amount in fitting(question, sentence.text):
        start, end = sentence.start + amount.start, sentence.start + amount.end
        if amount.kind in _AMOUNTS and start <= span[0] and span[1] <= end:
            return start, end
    if question.kind is Kind.PERSON and not question.several:
        # "Ratna Wibisana, wali kota": what follows the comma says who that is; a longer list stays whole.
        name, _, rest = sentence.passage.article.text[slice(*span)].partition(",")
        if name and rest and "," not in rest and " dan " not in rest and not _ROLE.match(name):
            return span[0], span[0] + len(name)
    return span


def _share(logits: np.ndarray) -> np.ndarray:
    exponents = np.exp(logits - logits.max())
    return np.asarray(exponents / exponents.sum())
