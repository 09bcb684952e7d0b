"""Figures from rows, each with the interval that chance leaves it: shares, citations, refusal, net score, latency."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from operator import attrgetter
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.answer_evaluation import Verdict

from .rows import RETRIEVAL, Row

__all__ = [
    "DECISIONS",
    "FIGURES",
    "GAIN",
    "Figure",
    "baselines",
    "figures_of",
    "format_figures",
    "interval",
    "measures_of",
    "resampled",
]

Values = npt.NDArray[np.float64]
Measure = Callable[[npt.NDArray[np.int64]], Values]
FIGURES = {
    "nDCG@10": "how far up the passage with the answer is retrieved",
    "R@5": "questions with that passage among the first 5",
    "R@10": "likewise, among the first 10",
    "RR@10": "one divided by its rank, on average (MRR)",
    "held": "answerable questions with a quotation that holds the answer",
    "held, follow-ups": "the same, of questions with a history",
    "exact match": "short answers equal to the gold answer (SQuAD's rules)",
    "F1": "words in common with the gold answer (SQuAD's rules)",
    "citation precision": "citations that show the answer",
    "citation recall": "items of the answers that a citation shows",
    "AUROC": "an answerable question has more confidence than one without an answer",
    "balanced accuracy": "right decisions to answer or to refuse, both kinds weighing the same",
    "false refusals": "answerable questions refused",
    "false answers": "questions without an answer answered",
    "net score": "(held - wrong - false answers) / answerable",
    "seconds, median": "time of an answer",
    "seconds, p95": "time within which 95 of 100 answers are there",
}
"""What is measured, and what each figure says."""
DECISIONS = ("held", "balanced accuracy", "false refusals", "false answers", "net score")
"""The figures that change with how readily questions are refused."""
GAIN: dict[Verdict, float] = {"held": 1.0, "wrong": -1.0, "invented": -1.0, "missed": 0.0, "refused": 0.0}
"""What a question brings to the net score; one that is not judged brings nothing."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and its 95 % confidence interval; all ``None`` where the questions do not give it."""

    value: float | None
    low: float | None = None
    high: float | None = None

    def __str__(self) -> str:
        if self.value is None:
            return "-"
        return f"{self.value:.3f}" + ("" if self.low is None else f"  [{self.low:.3f}, {self.high:.3f}]")

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready fields."""
        return {"value": self.value, "low": self.low, "high": self.high}


def figures_of(rows: Sequence[Row], *, resamples: int = 1000, seed: int = 0) -> dict[str, Figure]:
    """``FIGURES`` over the rows, with the percentile bootstrap's intervals (Efron and Tibshirani 1993, chapter 13)."""
    drawn = resampled(len(rows), resamples, seed)
    whole = np.arange(len(rows))[None, :]
    figures = {}
    for name, measure in measures_of(rows).items():
        figures[name] = interval(float(measure(whole)[0]), measure(drawn))
    return figures


def interval(value: float, samples: Values) -> Figure:
    """The figure with the percentiles of what the samples, of shape (samples,), gave; NaN for none."""
    if np.isnan(value):
        return Figure(None)
    low, high = np.nanpercentile(samples, [2.5, 97.5])
    return Figure(value, float(low), float(high))


def baselines(rows: Sequence[Row]) -> dict[str, dict[str, float | None]]:
    """``DECISIONS`` as measured, when every question is refused, and, where that was asked for, when none is."""
    decided = {
        "as measured": list(rows),
        "always refuse": [replace(row, verdict=_refusal(row), confidence=0.0) for row in rows],
    }
    if all(row.unrestrained for row in rows):
        decided["never refuse"] = [replace(row, verdict=row.unrestrained or row.verdict) for row in rows]
    return {name: {key: _value(part, key) for key in DECISIONS} for name, part in decided.items()}


def format_figures(figures: Mapping[str, Figure], against: Mapping[str, Mapping[str, float | None]]) -> str:
    """Plain text: the figures with their intervals and what they say, then the baselines side by side."""
    wide = max(map(len, FIGURES))
    lines = [f"{name.ljust(wide)}  {str(figure).ljust(22)}  {FIGURES[name]}" for name, figure in figures.items()]
    heading = "".ljust(wide) + "".join(name.rjust(16) for name in against)
    rows = [
        key.ljust(wide) + "".join(str(Figure(part[key])).rjust(16) for part in against.values()) for key in DECISIONS
    ]
    return "\n".join([*lines, "", heading, *rows])


def resampled(questions: int, resamples: int, seed: int) -> npt.NDArray[np.int64]:
    """Positions drawn with replacement, of shape (resamples, questions)."""
    return np.random.default_rng(seed).integers(0, questions, (resamples, questions))


def measures_of(rows: Sequence[Row]) -> dict[str, Measure]:
    """``FIGURES``, each as a function of positions in ``rows``, of shape (samples, questions), to a value a sample.

    A value is NaN where the rows at these positions do not give it.
    """

    def column(value: Callable[[Row], float | bool | None]) -> Values:
        return np.array([np.nan if (v := value(row)) is None else float(v) for row in rows])

    judged = [row if row.verdict != "unjudged" else replace(row, answerable=None) for row in rows]
    positive = np.array([row.answerable is True for row in judged])
    negative = np.array([row.answerable is False for row in judged])
    missed, invented, held = (
        np.where(kind, [row.verdict == verdict for row in rows], np.nan)
        for kind, verdict in ((positive, "missed"), (negative, "invented"), (positive, "held"))
    )
    gains = np.array([GAIN.get(row.verdict, 0.0) for row in rows])
    confidence, seconds = column(lambda row: row.confidence), column(lambda row: row.seconds)
    known = column(lambda row: row.answerable)
    follow_ups = np.where([bool(row.history) for row in rows], held, np.nan)
    columns = {"exact match": "exact", "F1": "f1", "citation precision": "precision", "citation recall": "recall"}
    return {
        **{name: _mean_of(column(partial(_retrieved, name=name))) for name in RETRIEVAL},
        "held": lambda at: _mean(held[at]),
        "held, follow-ups": lambda at: _mean(follow_ups[at]),
        **{name: _mean_of(column(attrgetter(field))) for name, field in columns.items()},
        "AUROC": lambda at: _auroc(known[at], confidence[at]),
        "balanced accuracy": lambda at: 1 - (_mean(missed[at]) + _mean(invented[at])) / 2,
        "false refusals": lambda at: _mean(missed[at]),
        "false answers": lambda at: _mean(invented[at]),
        "net score": lambda at: _ratio(gains[at].sum(axis=1), positive[at].sum(axis=1)),
        "seconds, median": lambda at: np.percentile(seconds[at], 50, axis=1),
        "seconds, p95": lambda at: np.percentile(seconds[at], 95, axis=1),
    }


def _retrieved(row: Row, name: str) -> float | None:
    return row.retrieval.get(name)


def _value(rows: Sequence[Row], name: str) -> float | None:
    value = float(measures_of(rows)[name](np.arange(len(rows))[None, :])[0])
    return None if np.isnan(value) else value


def _auroc(answerable: Values, confidence: Values) -> Values:
    """Of each line: Mann and Whitney's U over the pairs (Hanley and McNeil 1982); NaN where it has one kind only."""
    from scipy.stats import rankdata

    unknown = np.isnan(answerable)
    # Questions that are not judged go below all others, so that each of these is ranked too high by their number.
    ranks = rankdata(np.where(unknown, -np.inf, confidence), axis=1) - unknown.sum(axis=1, keepdims=True)
    positive = answerable == 1
    ones, zeros = positive.sum(axis=1), (answerable == 0).sum(axis=1)
    return _ratio((ranks * positive).sum(axis=1) - ones * (ones + 1) / 2, ones * zeros)


def _mean_of(values: Values) -> Measure:
    return lambda at: _mean(values[at])


def _mean(values: Values) -> Values:
    """The mean of each line's numbers; NaN where it has none."""
    return _ratio(np.nansum(values, axis=1), (~np.isnan(values)).sum(axis=1))


def _ratio(part: Values, whole: npt.NDArray[Any]) -> Values:
    ratios: Values = np.full(len(part), np.nan)
    np.divide(part, whole, out=ratios, where=whole > 0)
    return ratios


def _refusal(row: Row) -> Verdict:
    if row.answerable is None:
        return "unjudged"
    return "missed" if row.answerable else "refused"
