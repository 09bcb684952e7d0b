"""Plots of a run as SVG to stand inside a page: they take the page's colours, and no name in one meets another's."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from io import StringIO
from typing import TYPE_CHECKING, Any

import numpy as np

from assistant.answer_evaluation import Verdict
from index.errors import TanyaError

from .rows import Row

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["VERDICTS", "Plot", "plots_of"]

VERDICTS: dict[Verdict, str] = {
    "held": "#2a9d5c",
    "refused": "#7fc8a0",
    "missed": "#e9b44c",
    "wrong": "#d1495b",
    "invented": "#8f2d56",
    "unjudged": "#8d99ae",
}
"""Colour of each verdict, from good to bad; told apart on white and on black."""
_INK = "#010203"  # stands for the page's own text colour
_SIZE = (4.4, 2.9)  # inches; at 72 points an inch it is as wide as a phone
_MOST_KINDS, _LONGEST_KIND = 14, 18  # bars and characters that fit
_ID = re.compile(r'(\bid="|href="#|url\(#)')
_STYLE: Any = {  # its type would name every parameter of matplotlib
    "svg.fonttype": "none",  # text stays text: it can be read aloud, searched, and needs no font of ours
    "svg.hashsalt": "tanya",  # the same run gives the same page
    "font.family": "sans-serif",
    "font.size": 8,
    "text.parse_math": False,  # a kind of question may hold a dollar sign
    "axes.spines.top": False,
    "axes.spines.right": False,
    "text.color": _INK,
    "axes.edgecolor": _INK,
    "axes.labelcolor": _INK,
    "xtick.color": _INK,
    "ytick.color": _INK,
    "legend.frameon": False,
    "savefig.transparent": True,
}


@dataclass(frozen=True, slots=True)
class Plot:
    """A plot: what it shows, in a line each, and the SVG."""

    title: str
    caption: str
    svg: str


def plots_of(rows: Sequence[Row]) -> list[Plot]:
    """Coverage against precision, calibration, confidence by kind of question, verdicts by kind, and latency.

    What the rows do not give is left out.

    Raises:
        TanyaError: matplotlib is not installed.
    """
    judged = [row for row in rows if row.verdict != "unjudged"]
    drawn = [
        _plot(judged, _precision, "Precision and coverage", "What share is right when only the surest are answered."),
        _plot(judged, _calibration, "Calibration", "How often answers of a confidence are right; the line is ideal."),
        _plot(judged, _confidence, "Confidence", "Questions by confidence, with and without an answer."),
        _plot(rows, _kinds, "Kinds of questions", "What became of the questions of each kind."),
        _plot(rows, _latency, "Time", "Share of the questions that were answered within so many seconds."),
    ]
    return [
        replace(plot, svg=_ID.sub(rf"\g<1>plot{number}-", plot.svg)) for number, plot in enumerate(filter(None, drawn))
    ]


def _plot(rows: Sequence[Row], draw: Callable[[Axes, Sequence[Row]], bool], title: str, caption: str) -> Plot | None:
    try:
        import matplotlib as mpl
        from matplotlib.figure import Figure
    except ImportError as error:
        raise TanyaError("A report needs matplotlib: pip install 'tanya-berita[evaluate]'") from error
    if not rows:
        return None
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=_SIZE, layout="constrained")
        if not draw(figure.add_subplot(), rows):
            return None
        file = StringIO()
        figure.savefig(file, format="svg", metadata=dict.fromkeys(("Creator", "Date", "Format", "Type")))
    svg = file.getvalue()
    svg = svg[svg.index("<svg") :].replace(_INK, "currentColor")  # without the prologue, which HTML does not have
    return Plot(title, caption, svg)


def _precision(axes: Axes, rows: Sequence[Row]) -> bool:
    """Without a threshold where the refused were asked again at confidence 0, else among what was answered."""
    free = [replace(row, verdict=row.unrestrained or row.verdict) for row in rows]
    answered = sorted((row for row in free if _answered(row)), key=lambda row: -row.confidence)
    if not answered:
        return False
    right = np.cumsum([row.verdict == "held" for row in answered])
    count = np.arange(1, len(answered) + 1)
    axes.plot(count / len(rows), right / count, color=VERDICTS["held"])
    measured = [row for row in rows if _answered(row)]
    if measured:
        share = sum(row.verdict == "held" for row in measured) / len(measured)
        axes.plot(len(measured) / len(rows), share, "o", color=VERDICTS["wrong"], label="as measured")
        axes.legend(loc="lower left")
    axes.set(xlabel="coverage: share of all questions answered", ylabel="precision", xlim=(0, 1.02), ylim=(0, 1.05))
    return True


def _calibration(axes: Axes, rows: Sequence[Row]) -> bool:
    from sklearn.calibration import calibration_curve

    free = [replace(row, verdict=row.unrestrained or row.verdict) for row in rows]
    answered = [row for row in free if _answered(row)]
    if not answered:
        return False
    right = [row.verdict == "held" for row in answered]
    bins = min(8, max(1, len(answered) // 5))
    confidence = np.clip([row.confidence for row in answered], 0, 1)
    share, mean = calibration_curve(right, confidence, n_bins=bins, strategy="quantile")
    axes.plot([0, 1], [0, 1], ":", color=_INK, linewidth=0.8)
    axes.plot(mean, share, "o-", color=VERDICTS["held"])
    axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1.02), ylim=(0, 1.05))
    return True


def _confidence(axes: Axes, rows: Sequence[Row]) -> bool:
    parts = [[row.confidence for row in rows if row.answerable is value] for value in (True, False)]
    if not any(parts):
        return False
    labels, colours = ("with an answer", "without an answer"), (VERDICTS["held"], VERDICTS["invented"])
    axes.hist(parts, bins=np.linspace(0, 1, 11).tolist(), stacked=True, label=labels, color=colours)
    axes.set(xlabel="confidence", ylabel="questions", xlim=(0, 1))
    axes.legend()
    return True


def _kinds(axes: Axes, rows: Sequence[Row]) -> bool:
    counts = Counter((row.kind, row.verdict) for row in rows)
    totals = Counter(row.kind for row in rows)
    kinds = [kind for kind, _ in totals.most_common(_MOST_KINDS)][::-1]
    places, left = np.arange(len(kinds)), np.zeros(len(kinds))
    for verdict, colour in VERDICTS.items():
        share = np.array([counts[kind, verdict] / totals[kind] for kind in kinds])
        if share.any():
            axes.barh(places, share, left=left, label=verdict, color=colour)
            left += share
    labels = [f"{kind[:_LONGEST_KIND]} ({totals[kind]})" for kind in kinds]
    axes.set_yticks(places, labels)
    axes.set(xlabel="share of the questions", xlim=(0, 1))
    axes.legend(ncols=3, loc="lower center", bbox_to_anchor=(0.4, 1.0))
    return True


def _answered(row: Row) -> bool:
    return row.verdict in ("held", "wrong", "invented")


def _latency(axes: Axes, rows: Sequence[Row]) -> bool:
    axes.ecdf([row.seconds for row in rows], color=VERDICTS["held"])
    axes.set(xlabel="seconds", ylabel="share of the questions", ylim=(0, 1.02))
    axes.set_xlim(left=0)
    return True
