"""Which sentences answer, whether any does, and what the short answer is: what words and network say of it, weighed.

Three linear models, so that a few thousand questions are enough to fit them and nothing is too sure of itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .features import FEATURES
from .neural import NEURAL_FEATURES
from .spans import Span

__all__ = ["SHIPPED", "Linear", "Scorer", "cited", "probability", "question_row", "sentence_rows", "span_row"]

SHIPPED = Path(__file__).parents[1] / "models" / "reader" / "scorer.json"
_COVERAGE = [FEATURES.index(name) for name in ("coverage", "coverage_with_previous", "coverage_passage")]
_ANSWERED = NEURAL_FEATURES.index("answered")
_SENTENCE = NEURAL_FEATURES.index("sentence_probability")
_MOST_CITED = 3
_LEAST_OF_BEST = 0.12  # of the best sentence's share; two sentences a question on average
_LEAST = 1e-6  # of a probability whose logarithm is taken


@dataclass(frozen=True)
class Linear:
    """Standardise, then a weighted sum."""

    mean: np.ndarray
    scale: np.ndarray
    weights: np.ndarray
    bias: float

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Linear:
        """From its weights as they are stored."""
        mean, scale, weights = (np.asarray(stored[name], dtype=np.float32) for name in ("mean", "scale", "weights"))
        return cls(mean, scale, weights, stored["bias"])

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(n, columns) -> (n,)."""
        return np.asarray((rows - self.mean) / self.scale @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Scorer:
    """Rates sentences, questions and short answers.

    ``threshold`` is the probability from which a question counts as answered, ``sure`` that from which a short answer
    is given.
    """

    sentence: Linear
    question: Linear
    span: Linear
    threshold: float
    sure: float

    @staticmethod
    @cache
    def shipped() -> Scorer:
        """The weights that ship with the reader."""
        return Scorer.read(json.loads(SHIPPED.read_text(encoding="utf-8")))

    @staticmethod
    def read(stored: dict[str, Any]) -> Scorer:
        """From the weights as they are stored."""
        sentence, question, span = (Linear.read(stored[name]) for name in ("sentence", "question", "span"))
        return Scorer(sentence, question, span, stored["threshold"], stored["sure"])

    def rate(self, rows: np.ndarray, neural: np.ndarray) -> tuple[np.ndarray, float]:
        """A score for each sentence, shape (n,), the higher the likelier it answers, and the probability, 0 to 1, that
        any does. ``rows`` are ``features``, ``neural`` ``neural_features`` of the same sentences."""
        scores = self.sentence(sentence_rows(rows, neural))
        return scores, probability(self.question, question_row(scores, rows, neural))

    def short(
        self, found: Sequence[Span], share: float, confidence: float, neural: np.ndarray
    ) -> tuple[Span, float] | None:
        """The likeliest of the places where the short answer may stand, and how likely it is; arguments as of
        ``span_row``. ``None`` where there is none."""
        rated = [(probability(self.span, span_row(span, share, confidence, neural)), span) for span in found]
        chance, best = max(rated, key=lambda one: one[0], default=(0.0, None))
        return (best, chance) if best else None


def probability(model: Linear, row: np.ndarray) -> float:
    """What a logistic regression says of one row, 0 to 1."""
    return float(1 / (1 + np.exp(-model(row[None])[0])))


def cited(scores: np.ndarray) -> list[tuple[int, float]]:
    """The sentences worth citing, best first, each with its share of the softmax: the best and at most two more."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")[:_MOST_CITED]
    return [(int(i), float(shares[i])) for i in order if shares[i] >= _LEAST_OF_BEST * shares.max()]


def sentence_rows(rows: np.ndarray, neural: np.ndarray) -> np.ndarray:
    """What ``Scorer.sentence`` sees: both sorts of columns, one row a sentence."""
    return np.column_stack([rows, neural]).astype(np.float32)


def question_row(scores: np.ndarray, rows: np.ndarray, neural: np.ndarray) -> np.ndarray:
    """What ``Scorer.question`` sees: the best sentence and how it stands out, and the most that is found anywhere."""
    best, order = int(scores.argmax()), np.sort(scores)[::-1]
    second = order[1] if len(order) > 1 else order[0] - 5
    spread = np.log(np.exp(scores - order[0]).sum())
    standing = [order[0], order[0] - second, spread, neural[:, _ANSWERED].max()]
    return np.concatenate([standing, rows[best], neural[best], rows[:, _COVERAGE].max(axis=0)]).astype(np.float32)


def span_row(span: Span, share: float, confidence: float, neural: np.ndarray) -> np.ndarray:
    """What ``Scorer.span`` sees: the span, and how likely its sentence and passage answer.

    ``share`` is the sentence's among those worth citing, ``confidence`` the probability that any answers, ``neural``
    the sentence's ``neural_features``.
    """
    odds = np.log(max(confidence, _LEAST) / max(1 - confidence, _LEAST))
    return np.array([*span.row, np.log(share), odds, neural[_ANSWERED], neural[_SENTENCE]], dtype=np.float32)
