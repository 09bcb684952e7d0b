"""A small fixed evaluation: does a change make the answers about ``seeds/`` worse by more than chance?

    python -m benchmarks.guard             # figures, and how they differ from the record
    python -m benchmarks.guard --record    # this is the record from now on; say in the commit why

The record, ``guard.jsonl``, holds what became of each question of ``training/questions/seeds.jsonl``. A headline figure
has dropped when it is lower than recorded and the paired permutation test's p is below .05: the same questions are
asked, so that six lost answers and none won are a drop, while six lost and two won may be chance.
``tests/test_guard_figures.py`` fails then.
"""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from assistant import Assistant, Settings
from assistant.answer_evaluation import evaluate_answers, load_questions
from assistant.evaluating.comparing import Comparison, compare, format_comparison
from assistant.evaluating.figures import baselines, figures_of, format_figures
from assistant.evaluating.rows import Row, make_rows, read_rows, write_rows
from benchmarks.runs import SEEDS_QUESTIONS, seeds_index

RECORD = Path(__file__).with_name("guard.jsonl")
HEADLINE = ("nDCG@10", "held", "citation precision", "citation recall", "F1", "AUROC", "balanced accuracy", "net score")
"""Figures that must not drop; of all of them more is better."""
_CHANCE = 0.05


def measured() -> list[Row]:
    """The questions answered by the models that ship, at their own settings, over an index of ``seeds/``."""
    with seeds_index() as index:
        assistant = Assistant(index, settings=Settings(index=index.path))
        return make_rows(evaluate_answers(assistant, load_questions(SEEDS_QUESTIONS)).outcomes)


def recorded() -> list[Row]:
    """What became of each question when it was last recorded."""
    return read_rows(RECORD)


def record(rows: Sequence[Row]) -> None:
    """Writes what the figures are made of; not the words of answers, nor what the machine's speed was."""
    write_rows((replace(row, answer="", short="", seconds=0.0, citations=(), passages=()) for row in rows), RECORD)


def dropped(comparison: Comparison) -> list[str]:
    """The headline figures that dropped by more than chance, each with its difference."""
    found = []
    for name in HEADLINE:
        one = comparison.differences[name]
        if one.difference.value is not None and one.difference.value < 0 and one.p is not None and one.p < _CHANCE:
            found.append(f"{name} {one.before:.3f} -> {one.after:.3f}")
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true")
    arguments = parser.parse_args()
    rows = measured()
    print(format_figures(figures_of(rows), baselines(rows)))
    if RECORD.is_file():
        comparison = compare(recorded(), rows)
        print(f"\nbefore: the record, after: now\n{format_comparison(comparison)}")
        print("\ndropped: " + ("; ".join(dropped(comparison)) or "nothing"))
    if arguments.record:
        record(rows)


if __name__ == "__main__":
    main()
