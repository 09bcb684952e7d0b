"""How often a cited quotation holds the answer, and how often a question without one is refused.

A quotation *holds the answer* when one of these is so, after normalisation (NFKC, lower case, words and figures only):

- the gold answer's words stand in it one after another; of an answer with several items (``A; B; C``), the words of
  each item stand in one of the cited quotations;
- the quotation is from the gold article and contains the gold evidence sentence, or is contained in it. This is what
  counts where the gold answer is a paraphrase, a "Ya", or in another language than the article;
- neither gold answer nor evidence is known, and the quotation is from the gold article.

Only quotations count, never the words around them: an answer is right when its evidence shows it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any, Literal

from index.display import show_as_text
from index.types import Passage

from .evaluating.questions import QuestionCase, load_questions
from .types import Answer, Citation

if TYPE_CHECKING:
    from .core import Assistant

__all__ = [
    "AnswerReport",
    "Outcome",
    "QuestionCase",
    "Verdict",
    "evaluate_answers",
    "gold_items",
    "holds_answer",
    "is_evidence",
    "is_relevant",
    "items_shown",
    "load_questions",
]


Verdict = Literal["held", "wrong", "missed", "refused", "invented", "unjudged"]
_WORD = re.compile(r"\w+(?:[.,]\d+)*")


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, what was answered, and how that is judged.

    Answerable: ``held`` (a cited quotation holds the answer), ``wrong`` (none does), ``missed`` (refused).
    Unanswerable: ``refused``, ``invented`` (answered all the same). ``unjudged`` where too little is known of the
    question. ``seconds`` is how long the answer took; ``unrestrained`` the verdict on the answer at confidence 0, where
    it was asked for.
    """

    case: QuestionCase
    answer: Answer
    verdict: Verdict
    seconds: float = 0.0
    unrestrained: Verdict | None = None


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

    _repr_pretty_ = show_as_text

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


def evaluate_answers(
    assistant: Assistant, cases: Iterable[QuestionCase], *, unrestrained: Assistant | None = None
) -> AnswerReport:
    """Asks every question, with its history, and judges the answers.

    ``unrestrained`` is the same assistant at confidence 0; it is asked what ``assistant`` refused, to know what never
    refusing would bring.
    """
    return AnswerReport(tuple(_outcomes(assistant, cases, unrestrained)))


def holds_answer(case: QuestionCase, answer: Answer) -> bool:
    """Whether the cited quotations hold the gold answer; the module's docstring says what that means."""
    items = gold_items(case)
    quotes = [_normalised(citation.quote) for citation in answer.citations]
    if items and all(any(item in quote for quote in quotes) for item in items):
        return True
    return any(is_evidence(case, citation) for citation in answer.citations)


def gold_items(case: QuestionCase) -> list[str]:
    """The items of the gold answer, normalised; empty where no gold answer is known."""
    items = (_normalised(item) for item in (case.answer or "").split(";"))
    return [item for item in items if item.strip()]


def items_shown(items: Iterable[str], citation: Citation) -> set[str]:
    """Which of the ``gold_items`` stand in the quotation."""
    quote = _normalised(citation.quote)
    return {item for item in items if item in quote}


def is_evidence(case: QuestionCase, citation: Citation) -> bool:
    """Whether the quotation is the gold evidence; where only the gold article is known, whether it is from that."""
    article = citation.article
    if not _is_article(case, article.source, article.id, article.url):
        return False
    evidence, quote = _normalised(case.evidence or ""), _normalised(citation.quote)
    if not evidence.strip():
        return bool(case.answerable) and case.answer is None and case.article is not None
    return evidence in quote or quote in evidence


def is_relevant(case: QuestionCase, passage: Passage) -> bool | None:
    """Whether the passage is from the gold article and holds the gold evidence, as far as they are known.

    ``None`` where neither is known: that a passage holds the words of an answer does not say that it answers.
    """
    if not case.located:
        return None
    article = passage.article
    holds = not case.evidence or _normalised(case.evidence) in _normalised(passage.text)
    return holds and _is_article(case, article.source, article.id, article.url)


def _outcomes(assistant: Assistant, cases: Iterable[QuestionCase], unrestrained: Assistant | None) -> Iterator[Outcome]:
    for case in cases:
        start = perf_counter()
        answer = assistant.ask(case.question, case.history)
        seconds = perf_counter() - start
        verdict = _verdict(case, answer)
        without = verdict
        if unrestrained and not answer.found:
            without = _verdict(case, unrestrained.ask(case.question, case.history))
        yield Outcome(case, answer, verdict, seconds, without if unrestrained else None)


def _verdict(case: QuestionCase, answer: Answer) -> Verdict:
    if case.answerable is None or (answer.found and case.answerable and not _checkable(case)):
        return "unjudged"
    if not case.answerable:
        return "invented" if answer.found else "refused"
    if not answer.found:
        return "missed"
    return "held" if holds_answer(case, answer) else "wrong"


def _checkable(case: QuestionCase) -> bool:
    return any((case.answer, case.evidence, case.article))


def _is_article(case: QuestionCase, *names: str | None) -> bool:
    return case.article is None or any(name and case.article in (name, Path(name).name) for name in names)


def _normalised(text: str) -> str:
    """Words and figures with single spaces, one before and one after, so that ``in`` compares whole words."""
    words = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return f" {' '.join(words)} "


def _share(part: int, whole: int) -> str:
    return f"{part}/{whole} ({part / whole:.0%})" if whole else "-"
