"""How often a cited quotation holds the answer, and how often a question without one is refused.

A quotation *holds the answer* when one of these is so, after normalisation (NFKC, lower case, words and figures only):

- the gold answer's words stand in it one after another; of an answer with several items (``A; B; C``), the words of
  each item stand in one of the cited quotations;
- the quotation is from the gold article and contains the gold evidence sentence, or is contained in it. This is what
  counts where the gold answer is a paraphrase, a "Ya", or in another language than the article.

Only quotations count, never the words around them: an answer is right when its evidence shows it.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from index.errors import ReadError

from .types import Answer, Turn

if TYPE_CHECKING:
    from .core import Assistant

__all__ = ["AnswerReport", "Outcome", "QuestionCase", "evaluate_answers", "holds_answer", "load_questions"]

Verdict = Literal["held", "wrong", "missed", "refused", "invented"]
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionCase:
    """A question with its gold answer; ``answer`` is ``None`` where the articles do not answer it.

    ``article`` is the file name, id or URL of the article with the ``evidence``, a verbatim sentence of it.
    """

    question: str
    answer: str | None
    article: str | None = None
    evidence: str | None = None
    kind: str = "all"
    history: tuple[Turn, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, what was answered, and how that is judged.

    Answerable: ``held`` (a cited quotation holds the answer), ``wrong`` (none does), ``missed`` (refused).
    Unanswerable: ``refused``, ``invented`` (answered all the same).
    """

    case: QuestionCase
    answer: Answer
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class AnswerReport:
    """The figures over all outcomes, or by kind of question."""

    outcomes: tuple[Outcome, ...]

    def count(self, *verdicts: Verdict) -> int:
        """How many outcomes have one of these verdicts."""
        counts = Counter(outcome.verdict for outcome in self.outcomes)
        return sum(counts[verdict] for verdict in verdicts)

    @property
    def answerable(self) -> int:
        """How many questions have an answer."""
        return self.count("held", "wrong", "missed")

    @property
    def unanswerable(self) -> int:
        """How many questions have none."""
        return self.count("refused", "invented")

    @property
    def net_score(self) -> float | None:
        """(held - wrong - invented) / answerable: 1 is perfect, 0 always refusing; ``None`` without answerable ones."""
        if not self.answerable:
            return None
        return (self.count("held") - self.count("wrong", "invented")) / self.answerable

    def by_kind(self) -> dict[str, AnswerReport]:
        """A report for each kind of question, in alphabetical order."""
        kinds = sorted({outcome.case.kind for outcome in self.outcomes})
        return {kind: AnswerReport(tuple(o for o in self.outcomes if o.case.kind == kind)) for kind in kinds}

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready figures."""
        return {
            "answerable": self.answerable,
            "held": self.count("held"),
            "wrong": self.count("wrong"),
            "missed": self.count("missed"),
            "unanswerable": self.unanswerable,
            "refused": self.count("refused"),
            "net_score": self.net_score,
        }

    def __str__(self) -> str:
        rows = [("kind", "answer cited", "wrong", "missed", "refused", "net")]
        for kind, part in [*self.by_kind().items(), ("total", self)]:
            rows.append(
                (
                    kind,
                    _share(part.count("held"), part.answerable),
                    str(part.count("wrong")),
                    str(part.count("missed")),
                    _share(part.count("refused"), part.unanswerable),
                    "-" if part.net_score is None else f"{part.net_score:+.2f}",
                )
            )
        widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
        return "\n".join(
            "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
            for row in rows
        )


def load_questions(path: Path) -> list[QuestionCase]:
    """Reads JSONL: ``question``, ``answer`` (null: none), optionally ``article``, ``evidence``, ``kind``, ``history``.

    Raises:
        ReadError: the file cannot be read, or a line is no such object.
    """
    cases = []
    try:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            if line.strip():
                try:
                    cases.append(_case(json.loads(line)))
                except (ValueError, KeyError, TypeError, AttributeError) as error:
                    raise ReadError(f"{path}, line {number}: not a question with its answer ({error!r})") from error
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: {error}") from error
    if not cases:
        raise ReadError(f"{path}: holds no questions")
    return cases


def evaluate_answers(assistant: Assistant, cases: Iterable[QuestionCase]) -> AnswerReport:
    """Asks every question, with its history, and judges the answers."""
    return AnswerReport(tuple(_outcomes(assistant, cases)))


def holds_answer(case: QuestionCase, answer: Answer) -> bool:
    """Whether the cited quotations hold the gold answer; the module's docstring says what that means."""
    quotes = [_normalised(citation.quote) for citation in answer.citations]
    items = [_normalised(item) for item in (case.answer or "").split(";")]
    if all(item.strip() and any(item in quote for quote in quotes) for item in items):
        return True
    evidence = _normalised(case.evidence or "")
    return bool(evidence.strip()) and any(
        _is_article(case, citation.article.source, citation.article.id, citation.article.url)
        and (evidence in quote or quote in evidence)
        for citation, quote in zip(answer.citations, quotes, strict=True)
    )


def _outcomes(assistant: Assistant, cases: Iterable[QuestionCase]) -> Iterator[Outcome]:
    for case in cases:
        answer = assistant.ask(case.question, case.history)
        yield Outcome(case, answer, _verdict(case, answer))


def _verdict(case: QuestionCase, answer: Answer) -> Verdict:
    if case.answer is None:
        return "invented" if answer.found else "refused"
    if not answer.found:
        return "missed"
    return "held" if holds_answer(case, answer) else "wrong"


def _case(row: dict[str, Any]) -> QuestionCase:
    return QuestionCase(
        question=row["question"],
        answer=row["answer"],
        article=row.get("article"),
        evidence=row.get("evidence"),
        kind=row.get("kind", "all"),
        history=tuple(Turn(**turn) for turn in row.get("history", ())),
    )


def _is_article(case: QuestionCase, *names: str | None) -> bool:
    return case.article is None or any(name and case.article in (name, Path(name).name) for name in names)


def _normalised(text: str) -> str:
    """Words and figures with single spaces, one before and one after, so that ``in`` compares whole words."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(words)} "


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "-"
