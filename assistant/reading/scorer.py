"""Scores of sentences and the probability of an answer: word features and the cross-encoder's columns, weighed.

Two small networks judge by the word features alone; two linear models weigh their verdict against the cross-encoder's.
They are trained apart because the cross-encoder has seen most training questions and is too sure of itself there.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from .features import FEATURES
from .neural import NEURAL_FEATURES

__all__ = ["SHIPPED", "Linear", "Network", "Scorer", "cited", "question_row", "summary"]

SHIPPED = Path(__file__).parents[1] / "models" / "reader" / "scorer.json"
_COVERAGE = [FEATURES.index(name) for name in ("coverage", "coverage_with_previous", "coverage_passage")]
_MOST_CITED = 3
_LEAST_OF_BEST = 0.3  # of the best sentence's probability
_ANSWERED = NEURAL_FEATURES.index("answered")


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
        return cls(_array(stored, "mean"), _array(stored, "scale"), _array(stored, "weights"), stored["bias"])

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(n, columns) -> (n,)."""
        return np.asarray((rows - self.mean) / self.scale @ self.weights + self.bias, dtype=np.float32)


@dataclass(frozen=True)
class Network:
    """Standardise, one hidden tanh layer, one output."""

    mean: np.ndarray
    scale: np.ndarray
    hidden: np.ndarray
    hidden_bias: np.ndarray
    weights: np.ndarray
    bias: float

    @classmethod
    def read(cls, stored: dict[str, Any]) -> Network:
        """From its weights as they are stored."""
        standard = _array(stored, "mean"), _array(stored, "scale")
        hidden = _array(stored, "hidden"), _array(stored, "hidden_bias")
        return cls(*standard, *hidden, _array(stored, "weights"), stored["bias"])

    def __call__(self, rows: np.ndarray) -> np.ndarray:
        """(n, columns) -> (n,)."""
        inner = np.tanh(((rows - self.mean) / self.scale) @ self.hidden + self.hidden_bias)
        return np.asarray(inner @ self.weights + self.bias, dtype=np.float32)


def _array(stored: dict[str, Any], name: str) -> np.ndarray:
    return np.asarray(stored[name], dtype=np.float32)


@dataclass(frozen=True)
class Scorer:
    """Rates sentences and questions; ``threshold`` is the probability from which a question counts as answered."""

    word_sentence: Network
    word_question: Network
    sentence: Linear
    question: Linear
    threshold: float

    @staticmethod
    @cache
    def shipped() -> Scorer:
        """The weights that ship with the reader."""
        return Scorer.read(json.loads(SHIPPED.read_text(encoding="utf-8")))

    @staticmethod
    def read(stored: dict[str, Any]) -> Scorer:
        """From the weights as they are stored."""
        return Scorer(
            Network.read(stored["word_sentence"]),
            Network.read(stored["word_question"]),
            Linear.read(stored["sentence"]),
            Linear.read(stored["question"]),
            stored["threshold"],
        )

    def rate(self, rows: np.ndarray, neural: np.ndarray) -> tuple[np.ndarray, float]:
        """A score for each sentence, shape (n,), the higher the likelier it answers, and the probability, 0 to 1, that
        any does. ``rows`` are ``features``, ``neural`` ``neural_features`` of the same sentences."""
        words = self.word_sentence(rows)
        scores = self.sentence(np.column_stack([words, neural]))
        asked = question_row(float(self.word_question(summary(rows, words)[None])[0]), scores, neural)
        return scores, float(1 / (1 + np.exp(-self.question(asked[None])[0])))


def cited(scores: np.ndarray) -> list[tuple[int, float]]:
    """The sentences worth citing, best first, each with its share of the softmax: the best and at most two more."""
    shares = np.exp(scores - scores.max())
    shares /= shares.sum()
    order = np.argsort(-shares, kind="stable")[:_MOST_CITED]
    return [(int(i), float(shares[i])) for i in order if shares[i] >= _LEAST_OF_BEST * shares.max()]


def summary(rows: np.ndarray, scores: np.ndarray) -> np.ndarray:
    """What ``word_question`` sees of one question: the best sentence, and how it stands out."""
    best = int(scores.argmax())
    return np.concatenate([rows[best], [scores[best], *_standing(scores)], rows[:, _COVERAGE].max(axis=0)]).astype(
        np.float32
    )


def question_row(words: float, scores: np.ndarray, neural: np.ndarray) -> np.ndarray:
    """What ``question`` sees: the verdict by words, the best score, and whether the network finds that passage,
    or any passage, to answer. More columns measured worse."""
    answered = neural[:, _ANSWERED]
    best = int(scores.argmax())
    return np.array([words, scores[best], answered[best], answered.max()], dtype=np.float32)


def _standing(scores: np.ndarray) -> list[float]:
    """How far the best score is above the second, and the logarithm of how many sentences share the softmax."""
    order = np.sort(scores)[::-1]
    second = order[1] if len(order) > 1 else order[0] - 5
    return [float(order[0] - second), float(np.log(np.exp(scores - order[0]).sum()))]
