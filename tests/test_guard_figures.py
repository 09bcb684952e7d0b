"""The figures of the shipped models on the questions about ``seeds/`` do not drop by more than chance."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from assistant.evaluating.comparing import compare
from assistant.evaluating.rows import Row
from benchmarks.guard import HEADLINE, dropped, measured, recorded
from benchmarks.runs import SEEDS_QUESTIONS


def worse(rows: Sequence[Row], count: int) -> list[Row]:
    """The same run with ``count`` more wrong answers."""
    held = [place for place, row in enumerate(rows) if row.verdict == "held"][:count]
    return [
        replace(row, verdict="wrong", f1=0.0, recall=0.0, precision=0.0) if place in held else row
        for place, row in enumerate(rows)
    ]


@pytest.mark.slow
def test_no_headline_figure_drops_by_more_than_chance():
    comparison = compare(recorded(), measured())
    assert comparison.left_out == 0, f"{SEEDS_QUESTIONS.name} has changed: python -m benchmarks.guard --record"
    assert dropped(comparison) == [], (
        "worse than the record by more than chance; where that is meant, say why and run "
        "`python -m benchmarks.guard --record`"
    )


def test_the_guard_sees_seven_lost_answers_and_not_three():
    rows = recorded()
    assert dropped(compare(rows, rows)) == []
    assert dropped(compare(rows, worse(rows, 3))) == []
    lost = dropped(compare(rows, worse(rows, 7)))
    assert any(name.startswith("held ") for name in lost)
    assert any(name.startswith("net score ") for name in lost)


def test_the_guard_sees_worse_retrieval_and_lax_refusals():
    rows = recorded()
    buried = [
        replace(row, retrieval=dict.fromkeys(row.retrieval, 0.2)) if n % 9 == 0 else row for n, row in enumerate(rows)
    ]
    assert any(name.startswith("nDCG@10") for name in dropped(compare(rows, buried)))
    lax = [replace(row, verdict="invented") if row.verdict == "refused" else row for row in rows]
    assert any(name.startswith("balanced accuracy") for name in dropped(compare(rows, lax)))


def test_the_record_gives_every_headline_figure():
    differences = compare(recorded(), recorded()).differences
    assert all(differences[name].before is not None for name in HEADLINE)
