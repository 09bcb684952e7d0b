"""The embedded reader: which sentences of the passages answer a question, and whether any of them does."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from index.cross_encoder import CrossEncoder, PassageReading
from index.lexicon import Lexicon
from index.questions import Question, parse_question
from index.types import Passage

from .reading.agreement import speaks_of_another, tells_of_life, unmentioned
from .reading.asked_for import thing_asked_for
from .reading.enumerations import belonging
from .reading.features import Candidate, candidates, features
from .reading.neural import neural_features
from .reading.offices import holder
from .reading.scorer import Scorer, cited
from .reading.spans import spans
from .reading.trimming import trimmed

__all__ = ["Evidence", "Reader", "Reading", "lead"]

_MOST_PASSAGES = 10
_LONGEST_LEAD = 400  # characters
# Of an answer although no article has the word for what is asked: of the held-out questions about news, 13 of 14 such
# answers were right from here, and no question without an answer was answered.
_SURE_IN_OTHER_WORDS = 0.8


@dataclass(frozen=True, slots=True)
class Evidence:
    """Whole sentences ``passage.article.text[start:end]`` that answer, with a ``score`` (0 to 1).

    The best comes first, or one that says outright who it is that is asked for.

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
    names and figures of the question that no passage's article mentions, and what it asks for, where the confidence is
    not high enough to take that as said in other words; then ``found`` is false.
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
        sentences = [one for one in candidates(passages) if tells_of_life(asked, one.text)]
        if not sentences or not asked.terms:
            return Reading(found=False, confidence=0.0, evidence=())
        scorer = Scorer.shipped()
        readings = CrossEncoder.shipped().read(
            question, [passage.text for passage in passages], [lead(passage) for passage in passages]
        )
        rows = features(asked, sentences, Lexicon.shipped())
        neural = neural_features(sentences, readings)
        scores, confidence = scorer.rate(rows, neural)
        threshold = scorer.threshold if self._threshold is None else self._threshold
        missing = unmentioned(asked, passages)
        if confidence < _SURE_IN_OTHER_WORDS:
            missing += thing_asked_for(asked, passages)
        return Reading(
            found=confidence >= threshold and not missing,
            confidence=confidence,
            evidence=tuple(_evidence(asked, sentences, readings, (scores, confidence), neural)),
            unmentioned=missing,
        )


def lead(passage: Passage) -> str:
    """The article's first paragraph, which says what later ones take up with "he" or "the bridge"; "" in it itself.

    Bounded, because the network reads so many words and no more: a long lead would leave none of the passage.
    """
    first, _, _ = passage.article.text[: min(passage.start, _LONGEST_LEAD)].partition("\n")
    return f"{first}\n" if first else ""


def _evidence(
    question: Question,
    sentences: Sequence[Candidate],
    readings: Sequence[PassageReading],
    rated: tuple[np.ndarray, float],
    neural: np.ndarray,
) -> Iterator[Evidence]:
    """The sentences worth citing, each with its span where the scorer is sure enough of that."""
    scorer, (scores, confidence) = Scorer.shipped(), rated
    rated_best = [(i, share, holder(question, sentences[i])) for i, share in cited(scores)]
    rated_best.sort(key=lambda one: one[2] is None)  # who is said outright comes before who is only spoken of
    chosen = [one for one in rated_best if not _of_another(question, sentences[one[0]])] or rated_best[:1]
    for i, share, outright in chosen:
        sentence = sentences[i]
        found = scorer.short(spans(question, sentence, readings[sentence.rank]), share, confidence, neural[i])
        span = found[0].place if found and found[1] >= scorer.sure else None
        if outright and not (span and span[0] < outright[1] < span[1]):
            span = outright
        if span:
            span = trimmed(question, sentence, belonging(question, sentence, span))
        yield Evidence(sentence.passage, sentence.start, sentence.end, span, share)


def _of_another(question: Question, sentence: Candidate) -> bool:
    return speaks_of_another(question, sentence.passage.article, sentence.start, sentence.end)
