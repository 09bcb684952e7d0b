"""How well follow-ups are understood: what is found for them, beside what is found for the same asked in full."""

from __future__ import annotations

import json
import math
from collections.abc import Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ReadError

from .types import Turn

if TYPE_CHECKING:
    from .core import Assistant

__all__ = ["FollowUp", "FollowUpReport", "evaluate_follow_ups", "load_follow_ups"]

_DEPTHS = (1, 5)  # passages


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """A question that leans on ``history``, the same question in full, and the words of the article that answer it."""

    question: str
    standalone: str
    evidence: str
    history: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class FollowUpReport:
    """Recall, 0 to 1, by depth (1 and 5 passages): of questions alone, as they were rewritten, and in full.

    ``rewritten`` holds what was searched for each of ``cases``.
    """

    cases: tuple[FollowUp, ...]
    rewritten: tuple[str, ...]
    alone: Mapping[int, float]
    resolved: Mapping[int, float]
    standalone: Mapping[int, float]

    def share(self, depth: int) -> float | None:
        """What the rewritten find of what the questions in full find; None where those find nothing."""
        return self.resolved[depth] / self.standalone[depth] if self.standalone[depth] else None

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready figures."""
        return {
            "questions": len(self.cases),
            **{
                f"recall@{depth}": {
                    "alone": self.alone[depth],
                    "rewritten": self.resolved[depth],
                    "standalone": self.standalone[depth],
                    "share": self.share(depth),
                }
                for depth in _DEPTHS
            },
        }

    def __str__(self) -> str:
        lines = [f"{len(self.cases)} follow-ups  alone  rewritten  in full  rewritten / in full"]
        for depth in _DEPTHS:
            share = self.share(depth)
            figures = f"{self.alone[depth]:7.2f}  {self.resolved[depth]:9.2f}  {self.standalone[depth]:7.2f}"
            lines.append(f"recall@{depth}      {figures}  {'-' if share is None else format(share, '.2f'):>19}")
        return "\n".join(lines)


def load_follow_ups(path: Path) -> list[FollowUp]:
    """Reads JSONL: ``question``, ``standalone``, ``evidence`` (verbatim of an article), ``history`` of turns.

    Raises:
        ReadError: the file cannot be read, or a line is no such object.
    """
    cases = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    row = json.loads(line)
                    history = tuple(Turn(**turn) for turn in row["history"])
                    cases.append(
                        FollowUp(
                            question=row["question"],
                            standalone=row["standalone"],
                            evidence=row["evidence"],
                            history=history,
                        )
                    )
                except (ValueError, KeyError, TypeError) as error:
                    raise ReadError(f"{path}, line {number}: not a follow-up ({error!r})") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: {error}") from error
    if not cases:
        raise ReadError(f"{path}: holds no follow-ups")
    return cases


def evaluate_follow_ups(assistant: Assistant, cases: Iterable[FollowUp]) -> FollowUpReport:
    """Searches for every question alone, with its history, and in full; nothing is read or answered."""
    known, rewritten = [], []
    ranks: list[tuple[float, float, float]] = []
    for case in cases:
        query, resolved = _rank(assistant, case.question, case.history, case.evidence)
        _, alone = _rank(assistant, case.question, (), case.evidence)
        _, full = _rank(assistant, case.standalone, (), case.evidence)
        known.append(case)
        rewritten.append(query)
        ranks.append((alone, resolved, full))
    alone_, resolved_, full_ = (
        {depth: sum(rank < depth for rank in column) / len(ranks) for depth in _DEPTHS}
        for column in zip(*ranks, strict=True)
    )
    return FollowUpReport(tuple(known), tuple(rewritten), alone_, resolved_, full_)


def _rank(assistant: Assistant, question: str, history: Sequence[Turn], evidence: str) -> tuple[str, float]:
    """What was searched, and the place from 0 of the first passage that holds the evidence; infinite without one."""
    answers = assistant.stream(question, history)
    first = next(answers)
    if isinstance(answers, Generator):
        answers.close()  # now and here: left to the garbage collector, its threads may be joined while others start
    places = (place for place, passage in enumerate(first.passages) if evidence in passage.text)
    return first.query, next(places, math.inf)
