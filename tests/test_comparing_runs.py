"""Two runs compared question by question: differences, chance, and what changed."""

from __future__ import annotations

import random

import pytest
from scipy.stats import binomtest

from assistant.evaluating.comparing import compare, format_comparison
from assistant.evaluating.figures import figures_of
from index.errors import ReadError
from tests.test_evaluating import row

VERDICTS = ("held", "wrong", "missed", "held", "held")


def run(*verdicts: str, first: int = 0, **fields):
    return [row(verdict, question=f"Apa {n}?", **fields) for n, verdict in enumerate(verdicts, first)]


def test_a_run_differs_in_nothing_from_itself():
    rows = run(*VERDICTS * 4, "refused", "invented")
    comparison = compare(rows, rows, resamples=100, permutations=50)
    assert comparison.changes == ()
    held = comparison.differences["held"]
    assert (held.before, held.after, held.difference.value, held.p) == (0.6, 0.6, 0.0, 1.0)
    assert (held.difference.low, held.difference.high) == (0.0, 0.0)
    assert comparison.differences["F1"].p is None  # no gold answers: nothing to test


def test_chance_is_that_of_mcnemars_exact_test():
    before = run(*["held"] * 20, *["wrong"] * 20)
    after = run(*["wrong"] * 3, *["held"] * 17, *["held"] * 12, *["wrong"] * 8)  # 3 lost, 12 won
    held = compare(before, after, permutations=19_999).differences["held"]
    assert held.difference.value == pytest.approx(9 / 40)
    assert held.p == pytest.approx(binomtest(3, 15).pvalue, abs=0.01)
    assert held.difference.low > 0  # 3 to 12 is no chance
    # The normal approximation of a paired difference of shares (Agresti, section 11.1).
    width = 1.96 * ((12 + 3) - (12 - 3) ** 2 / 40) ** 0.5 / 40
    assert held.difference.high - held.difference.value == pytest.approx(width, rel=0.2)


def test_pairing_sees_what_two_separate_intervals_hide():
    seeds = random.Random(1)
    before = run(*(seeds.choice(["held", "wrong"]) for _ in range(60)))
    better = {n for n, one in enumerate(before) if one.verdict == "wrong"}
    after = run(*("held" if n in better and n % 4 == 0 else one.verdict for n, one in enumerate(before)))
    old, new = figures_of(before)["held"], figures_of(after)["held"]
    held = compare(before, after).differences["held"]
    assert new.low < old.high
    assert held.difference.low > 0
    assert held.p < 0.05


def test_questions_are_paired_by_what_they_ask_not_by_their_place():
    before = run("held", "wrong", "missed")
    after = [*run("held", first=7), *reversed(run("wrong", "wrong", "held"))]
    comparison = compare(before, after, resamples=50, permutations=20)
    assert (comparison.questions, comparison.left_out) == (3, 1)
    changed = {(c.before.question, c.before.verdict, c.after.verdict, c.gain) for c in comparison.changes}
    assert changed == {("Apa 0?", "held", "wrong", -2), ("Apa 2?", "missed", "held", 1)}
    text = format_comparison(comparison)
    assert text.index("Apa 0?") < text.index("Apa 2?")  # the worse first
    assert "1 questions that only one" in text


def test_the_same_question_with_another_history_is_another_question():
    before = [row("held", history=("Siapa?",)), row("wrong")]
    after = [row("wrong"), row("held", history=("Siapa?",))]
    assert compare(before, after, resamples=20, permutations=20).changes == ()
    with pytest.raises(ReadError, match="no question in common"):
        compare(before[:1], after[:1])
