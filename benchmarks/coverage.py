"""Draws what refusing more brings: how often answers are right against how many questions are answered so.

    python -m benchmarks.coverage

Two curves, each point a confidence: the questions of the public sets that ``TANYA_PRECISION`` is looked up in
(``assistant/models/reader/calibration.json``), and ``training/questions/seeds.jsonl`` asked of ``seeds/``, on which
nothing was trained. Always refusing is the origin, never refusing the right end of each curve. Needs matplotlib.
Writes ``benchmarks/results/coverage.json`` and ``docs/images/coverage.png``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import matplotlib.pyplot as plt

from assistant import Assistant, Settings
from assistant.answer_evaluation import evaluate_answers, load_questions
from assistant.reading.calibration import Calibration
from assistant.reading.scorer import Scorer
from benchmarks.runs import ROOT, SEEDS_QUESTIONS, seeds_index

RESULTS = Path(__file__).parent / "results" / "coverage.json"
IMAGE = ROOT / "docs" / "images" / "coverage.png"
FEWEST = 10  # answers, from which a share says something


class Asked(NamedTuple):
    """A question answered whatever the confidence; ``refused`` where no confidence would have it answered."""

    confidence: float
    answerable: bool
    held: bool
    refused: bool


class Point(NamedTuple):
    """From ``threshold``: of the answers the share that is right, of the answerable questions the share answered so,
    and right minus wrong answers for each answerable question."""

    threshold: float
    precision: float
    coverage: float
    net: float


def seeds() -> Iterator[Asked]:
    """Every question about ``seeds/``, asked at confidence 0."""
    with seeds_index() as index:
        assistant = Assistant(index, settings=Settings(confidence=0.0))
        for outcome in evaluate_answers(assistant, load_questions(SEEDS_QUESTIONS)).outcomes:
            answer, answerable = outcome.answer, bool(outcome.case.answerable)
            yield Asked(answer.confidence, answerable, outcome.verdict == "held", not answer.found)


def curve(asked: Sequence[Asked], thresholds: Iterable[float]) -> Iterator[Point]:
    """A point for each threshold from which enough is answered."""
    answerable = sum(one.answerable for one in asked)
    for threshold in thresholds:
        said = [one for one in asked if one.confidence >= threshold and not one.refused]
        right = sum(one.held for one in said)
        if len(said) >= FEWEST:
            net = (2 * right - len(said)) / answerable
            yield Point(threshold, round(right / len(said), 4), round(right / answerable, 4), round(net, 4))


def draw(curves: dict[str, Sequence[Point]], default: float) -> None:
    figure, axes = plt.subplots(figsize=(6.4, 4.2), layout="constrained")
    for label, points in curves.items():
        line = axes.plot([p.coverage for p in points], [p.precision for p in points], label=label)[0]
        shipped = min(points, key=lambda p: abs(p.threshold - default))
        axes.plot(shipped.coverage, shipped.precision, "o", color=line.get_color())
        axes.annotate(f"{default:g}", (shipped.coverage, shipped.precision), textcoords="offset points", xytext=(6, 4))
    axes.set(
        xlabel="answerable questions answered rightly", ylabel="answers that are right", xlim=(0, 1), ylim=(0.5, 1)
    )
    axes.grid(alpha=0.3)
    axes.legend(loc="lower left")
    figure.savefig(IMAGE, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.parse_args()
    default = Scorer.shipped().threshold
    asked = list(seeds())
    points = list(curve(asked, [step / 100 for step in range(100)]))
    public = [
        Point(threshold, precision, coverage, round(coverage * (2 - 1 / precision), 4))
        for threshold, precision, coverage in Calibration.shipped().rows
    ]
    curves = {"IDK-MRC and FacQA, whole pool": public, f"{len(asked)} questions about seeds/": points}
    stored = {
        "columns": Point._fields,
        "default": default,
        "always refuse": {"coverage": 0.0, "net": 0.0},
        "never refuse": {label: rows[0]._asdict() for label, rows in curves.items()},
        "curves": curves,
    }
    RESULTS.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    draw(curves, default)
    for label, rows in curves.items():
        shipped = min(rows, key=lambda p: abs(p.threshold - default))
        print(f"{label}: never refusing {rows[0]}, from {default:g} {shipped}")


if __name__ == "__main__":
    main()
