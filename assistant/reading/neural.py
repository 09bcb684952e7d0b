"""What the cross-encoder says of each sentence, as further columns beside ``features``."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.cross_encoder import PassageReading

from .features import Candidate

__all__ = ["NEURAL_FEATURES", "best_span", "log_softmax", "neural_features", "passage_words"]

NEURAL_FEATURES = (
    "answered", "relevant", "answered_below_best", "relevant_below_best", "starts_here", "ends_here", "span_share",
    "span_logit", "span_below_best", "sentence_probability",
)  # fmt: skip
"""Names of the columns of ``neural_features``."""
_LONGEST_SPAN = 24  # words
_FLOOR = -12.0  # of logarithms of probabilities


def neural_features(sentences: Sequence[Candidate], readings: Sequence[PassageReading]) -> np.ndarray:
    """One row a sentence, columns as in ``NEURAL_FEATURES``: float32 (len(sentences), len(NEURAL_FEATURES)).

    ``readings`` are those of the passages, by the rank that the sentences name.
    """
    answered = max(reading.answered for reading in readings)
    relevant = max(reading.relevant for reading in readings)
    rows = []
    for sentence in sentences:
        reading = readings[sentence.rank]
        first, last = passage_words(sentence, reading)
        starts, ends = log_softmax(reading.start)[first:last], log_softmax(reading.end)[first:last]
        here = [reading.answered, reading.relevant, reading.answered - answered, reading.relevant - relevant]
        if first == last:  # behind the part of the passage that the network reads
            rows.append([*here, _FLOOR, _FLOOR, 2 * _FLOOR, _FLOOR, 0.0, _FLOOR])
            continue
        _, share = best_span(starts, ends)
        _, logit = best_span(reading.start[first:last], reading.end[first:last])
        begins = float(np.logaddexp.reduce(starts))
        probability = begins - float(np.log1p(np.exp(-reading.answered)))
        rows.append([*here, begins, float(np.logaddexp.reduce(ends)), share, logit / 10, 0.0, probability])
    table = np.asarray(rows, dtype=np.float32)
    table[:, 8] = table[:, 7] - table[:, 7].max()
    return np.maximum(table, 2 * np.float32(_FLOOR))


def passage_words(sentence: Candidate, reading: PassageReading) -> tuple[int, int]:
    """Which words of its passage the sentence consists of: first and one behind the last."""
    starts = reading.spans[:, 0] + sentence.passage.start
    return int(np.searchsorted(starts, sentence.start)), int(np.searchsorted(starts, sentence.end))


def best_span(start: np.ndarray, end: np.ndarray) -> tuple[tuple[int, int], float]:
    """The words (first, last) with the greatest ``start[first] + end[last]``, first <= last, and that sum."""
    scores = start[:, None] + end[None]
    allowed = np.triu(np.ones_like(scores, dtype=bool)) & ~np.triu(np.ones_like(scores, dtype=bool), _LONGEST_SPAN)
    scores = np.where(allowed, scores, -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return (int(first), int(last)), float(scores[first, last])


def log_softmax(x: np.ndarray) -> np.ndarray:
    """Logarithms of shares that sum to 1."""
    return np.asarray(x - np.logaddexp.reduce(x))
