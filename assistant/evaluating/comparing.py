"""Two runs over the same questions: what differs, whether chance would do it, and which questions changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.errors import ReadError, TanyaError

from .figures import GAIN, Figure, Measure, Values, interval, measures_of, resampled
from .rows import Row

__all__ = ["Change", "Comparison", "Difference", "compare", "format_comparison"]


@dataclass(frozen=True, slots=True)
class Difference:
    """A figure before and after, what lies between with its 95 % interval, and how often chance alone does as much.

    ``p`` is of a two-sided test; ``None`` where there is nothing to test.
    """

    before: float | None
    after: float | None
    difference: Figure
    p: float | None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready."""
        return {"before": self.before, "after": self.after, "difference": self.difference.to_dict(), "p": self.p}


@dataclass(frozen=True, slots=True)
class Change:
    """A question with another verdict than before."""

    before: Row
    after: Row

    @property
    def gain(self) -> int:
        """How much better the new verdict is, in units of the net score; 0 where one of them is unknown."""
        if "unjudged" in (self.before.verdict, self.after.verdict):
            return 0
        return round(GAIN[self.after.verdict] - GAIN[self.before.verdict])


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs, over the questions that both of them asked; ``left_out`` counts those that only one did."""

    differences: dict[str, Difference]
    changes: tuple[Change, ...]
    questions: int
    left_out: int

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready: the differences, and of each change the question and both verdicts."""
        changes = [
            {"question": c.after.question, "before": c.before.verdict, "after": c.after.verdict} for c in self.changes
        ]
        differences = {name: difference.to_dict() for name, difference in self.differences.items()}
        counts = {"questions": self.questions, "left_out": self.left_out}
        return {**counts, "differences": differences, "changes": changes}


def compare(
    before: Sequence[Row], after: Sequence[Row], *, resamples: int = 1000, permutations: int = 999, seed: int = 0
) -> Comparison:
    """Compares the runs question by question.

    Intervals are those of the paired bootstrap: both runs on the same questions drawn. ``p`` is that of the paired
    permutation test (Fisher 1935, section 21): the share of exchanges of the two runs' rows, question by question, that
    bring as large a difference. Of a share of questions it is McNemar's test.

    Raises:
        ReadError: the runs have no question in common.
        TanyaError: scipy is not installed.
    """
    pairs = _paired(before, after)
    if not pairs:
        raise ReadError("The two runs have no question in common; compare runs over the same questions.")
    measures = measures_of([row for pair in zip(*pairs, strict=True) for row in pair])  # those before, those after
    earlier = np.arange(len(pairs))
    drawn = resampled(len(pairs), resamples, seed)
    differences = {}
    for name, measure in measures.items():
        old, new = (float(measure(positions[None, :])[0]) for positions in (earlier, earlier + len(pairs)))
        difference = interval(new - old, measure(drawn + len(pairs)) - measure(drawn))
        p = None if difference.value is None else _chance(measure, len(pairs), permutations, seed)
        differences[name] = Difference(_known(old), _known(new), difference, p)
    changes = tuple(Change(old, new) for old, new in pairs if old.verdict != new.verdict)
    return Comparison(differences, changes, len(pairs), len(before) + len(after) - 2 * len(pairs))


def format_comparison(comparison: Comparison) -> str:
    """Plain text: the differences, then the questions that changed, the worse ones first."""
    wide = max(map(len, comparison.differences))
    lines = ["".ljust(wide) + "  before   after  difference                  p"]
    for name, one in comparison.differences.items():
        if one.difference.value is not None:
            cells = (Figure(one.before), Figure(one.after), f"{_signed(one.difference).ljust(26)}{one.p:.3f}")
            lines.append("  ".join([name.ljust(wide), *(str(cell).rjust(6) for cell in cells)]))
    if comparison.left_out:
        lines.append(f"{comparison.left_out} questions that only one of the runs asked are left out.")
    ordered = sorted(comparison.changes, key=lambda change: change.gain)
    lines += ["", f"{len(ordered)} of {comparison.questions} questions changed"]
    lines += [
        f"  {change.gain:+d}  {change.before.verdict} -> {change.after.verdict}: {change.after.question}"
        for change in ordered
    ]
    return "\n".join(lines)


def _chance(measure: Measure, count: int, permutations: int, seed: int) -> float:
    """How often exchanging the two rows of questions at random gives as large a difference."""
    try:
        from scipy.stats import permutation_test
    except ImportError as error:
        raise TanyaError("Comparing runs needs scipy: pip install 'tanya-berita[evaluate]'") from error

    def difference(before: npt.NDArray[np.int64], after: npt.NDArray[np.int64], axis: int) -> Values:
        flat = (np.moveaxis(positions, axis, -1).reshape(-1, count) for positions in (before, after))
        old, new = (measure(positions) for positions in flat)
        return (new - old).reshape(np.delete(before.shape, axis))

    earlier = np.arange(count)
    tested = permutation_test(
        (earlier, earlier + count),
        difference,
        permutation_type="samples",
        vectorized=True,
        n_resamples=permutations,
        rng=seed,
    )
    return float(tested.pvalue)


def _paired(before: Sequence[Row], after: Sequence[Row]) -> list[tuple[Row, Row]]:
    """The rows of the same question with the same history and gold answer, in the order of the second run."""
    waiting: dict[object, list[Row]] = defaultdict(list)
    for row in before:
        waiting[_asked(row)].append(row)
    return [(same.pop(0), row) for row in after if (same := waiting[_asked(row)])]


def _asked(row: Row) -> tuple[object, ...]:
    return row.question, row.history, row.gold, row.answerable


def _known(value: float) -> float | None:
    return None if np.isnan(value) else value


def _signed(figure: Figure) -> str:
    return f"{figure.value:+.3f}  [{figure.low:+.3f}, {figure.high:+.3f}]"
