"""Questions with what is known of their answers, from JSONL or CSV."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.types import Turn
from index.errors import ReadError

__all__ = ["QuestionCase", "load_questions"]

_SWITCHES = {"true": True, "yes": True, "ya": True, "1": True, "false": False, "no": False, "tidak": False, "0": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCase:
    """A question with what is known of its answer.

    ``answer`` is the gold answer, ``A; B; C`` where it has several items; ``article`` the file name, id or URL of the
    article with the ``evidence``, a verbatim sentence of it. ``answerable`` says whether the articles answer the
    question; ``None``: nobody knows, so that an answer to it is not judged. ``draft`` says that a program made the
    question, and that nobody has reviewed it.
    """

    question: str
    answer: str | None = None
    article: str | None = None
    evidence: str | None = None
    answerable: bool | None = None
    kind: str = "all"
    history: tuple[Turn, ...] = ()
    draft: bool = False

    def __post_init__(self) -> None:
        if self.answerable is None and (self.answer or self.evidence):
            object.__setattr__(self, "answerable", True)

    @property
    def located(self) -> bool:
        """Whether it is known where the answer stands."""
        return bool(self.answerable and (self.article or self.evidence))


def load_questions(path: Path) -> list[QuestionCase]:
    """Reads ``question`` and optionally the other fields of ``QuestionCase`` by their names.

    A file ``*.csv`` has a heading line with these names, and ``history`` as JSON; any other file is JSONL. An
    ``answer`` that is there but null or empty says that the articles do not answer the question, unless ``evidence``
    or ``answerable`` say otherwise.

    Raises:
        ReadError: the file cannot be read, or a line is no such object.
    """
    cases = []
    try:
        for number, row in _csv_rows(path) if path.suffix.lower() == ".csv" else _json_rows(path):
            try:
                cases.append(_case(json.loads(row) if isinstance(row, str) else row))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ReadError(f"{path}, line {number}: not a question with its answer ({error!r})") from error
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise ReadError(f"{path}: {error}") from error
    if not cases:
        raise ReadError(f"{path}: holds no questions")
    return cases


def _json_rows(path: Path) -> Iterator[tuple[int, str]]:
    lines = path.read_text(encoding="utf-8-sig").split("\n")
    yield from ((number, line) for number, line in enumerate(lines, start=1) if line.strip())


def _csv_rows(path: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        for cells in reader:
            yield reader.line_num, {name: (cell or "").strip() or None for name, cell in cells.items() if name}


def _case(row: dict[str, Any]) -> QuestionCase:
    texts = {name: row.get(name) or None for name in ("answer", "article", "evidence")}
    for name, text in [*texts.items(), ("question", row["question"])]:
        if text is not None and not isinstance(text, str):
            raise TypeError(f"{name} is no text")
    if not (row["question"] or "").strip():
        raise ValueError("the question is empty")
    answerable = _switch(row.get("answerable"), "answerable")
    if answerable is None and not (texts["answer"] or texts["evidence"]):
        answerable = False if "answer" in row else texts["article"] is not None or None
    history = row.get("history") or ()
    turns = json.loads(history) if isinstance(history, str) else history  # a cell of CSV is text
    return QuestionCase(
        question=row["question"],
        **texts,
        answerable=answerable,
        kind=row.get("kind") or "all",
        history=tuple(Turn(**turn) for turn in turns),
        draft=_switch(row.get("draft"), "draft") or False,
    )


def _switch(value: object, name: str) -> bool | None:
    if value is None or value == "":
        return None
    if (switch := _SWITCHES.get(str(value).lower())) is None:
        raise ValueError(f"{name} is {value!r}; true or false is allowed")
    return switch
