"""One row for each question asked: what was answered, what that is worth, and where it is from. JSONL in and out."""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from assistant.answer_evaluation import Outcome, Verdict, gold_items, is_evidence, is_relevant, items_shown
from assistant.types import Answer, Citation
from index.display import source_text
from index.errors import ReadError, TanyaError

__all__ = ["RETRIEVAL", "Cited", "Retrieved", "Row", "make_rows", "read_rows", "write_rows"]

RETRIEVAL = ("nDCG@10", "R@5", "R@10", "RR@10")
"""What is measured of the passages, by ir-measures' names: nDCG, recall and reciprocal rank, at a depth."""


@dataclass(frozen=True, slots=True)
class Cited:
    """A quotation of an answer, the article it is from, and whether it shows the gold answer or is the evidence."""

    quote: str
    article: str
    shows: bool


@dataclass(frozen=True, slots=True)
class Retrieved:
    """The article of a passage that was retrieved, and whether the passage is relevant (``is_relevant``)."""

    article: str
    relevant: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A question and what became of it. What cannot be said of the question is ``None``.

    ``short`` is the answer in a few words: what the reader marked in its first quotation, else the first statement.
    ``exact`` and ``f1`` compare it with the gold answer by SQuAD's rules (Rajpurkar et al. 2016), 0 to 1; a refusal
    has 0. ``precision`` is the share of the citations that show an item of the gold answer or are the evidence, 0 for
    an answer to a question without one; ``recall`` the share of the gold items that are shown, 1 with the evidence.
    ``verdict`` and ``unrestrained`` are those of ``Outcome``. ``passages`` come best first; ``retrieval`` holds
    ``RETRIEVAL`` of them, one relevant passage being all that is wanted, and is empty where neither article nor
    evidence is known. ``history`` are the questions before.
    """

    question: str
    kind: str
    answerable: bool | None
    gold: str | None
    gold_article: str | None
    answer: str
    short: str
    verdict: Verdict
    unrestrained: Verdict | None
    confidence: float
    seconds: float
    exact: float | None
    f1: float | None
    precision: float | None
    recall: float | None
    citations: tuple[Cited, ...]
    gold_evidence: str | None = None
    history: tuple[str, ...] = ()
    passages: tuple[Retrieved, ...] = ()
    retrieval: Mapping[str, float] = field(default_factory=dict)


def make_rows(outcomes: Iterable[Outcome]) -> list[Row]:
    """A row of each outcome.

    Raises:
        TanyaError: torchmetrics or ir-measures is not installed.
    """
    known = list(outcomes)
    passages = [_retrieved(outcome) for outcome in known]
    measured = _retrieval(known, passages)
    return [_row(*parts) for parts in zip(known, passages, measured, strict=True)]


def write_rows(rows: Iterable[Row], path: Path) -> None:
    """Writes JSONL, one object a row.

    Raises:
        TanyaError: the file cannot be written.
    """
    lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
    try:
        path.write_text(lines, encoding="utf-8")
    except OSError as error:
        raise TanyaError(f"{path} cannot be written: {error}") from error


def read_rows(path: Path) -> list[Row]:
    """Reads what ``write_rows`` wrote.

    Raises:
        ReadError: the file cannot be read, or holds other lines.
    """
    try:
        lines = [line for line in path.read_text(encoding="utf-8").split("\n") if line.strip()]
    except (OSError, UnicodeDecodeError) as error:
        raise ReadError(f"{path}: {error}") from error
    try:
        rows = [json.loads(line) for line in lines]
        read = [_read(row) for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise ReadError(f"{path}: not the rows that `tanya evaluate answers --rows` writes ({error!r})") from error
    if not read:
        raise ReadError(f"{path}: holds no rows")
    return read


def _read(row: dict[str, Any]) -> Row:
    parts = {
        "citations": tuple(Cited(**cited) for cited in row["citations"]),
        "history": tuple(row.get("history", ())),
        "passages": tuple(Retrieved(**passage) for passage in row.get("passages", ())),
    }
    return Row(**{**row, **parts})


def _row(outcome: Outcome, passages: tuple[Retrieved, ...], retrieval: Mapping[str, float]) -> Row:
    case, answer = outcome.case, outcome.answer
    short = _short(answer)
    exact, f1 = _squad(short, case.answer) if case.answerable and case.answer else (None, None)
    items = gold_items(case)
    shown = [items_shown(items, citation) for citation in answer.citations]
    evidence = [is_evidence(case, citation) for citation in answer.citations]
    shows = [bool(found) or proof for found, proof in zip(shown, evidence, strict=True)]
    precision = sum(shows) / len(shows) if shows and outcome.verdict != "unjudged" else None
    recall = None
    if case.answerable and outcome.verdict != "unjudged":
        recall = 1.0 if any(evidence) else len(set().union(*shown)) / max(len(set(items)), 1)
    return Row(
        question=case.question,
        kind=case.kind,
        answerable=case.answerable,
        gold=case.answer,
        gold_article=case.article,
        answer=answer.text,
        short=short,
        verdict=outcome.verdict,
        unrestrained=outcome.unrestrained,
        confidence=answer.confidence,
        seconds=round(outcome.seconds, 4),
        exact=exact,
        f1=f1,
        precision=precision,
        recall=recall,
        citations=_cited(answer.citations, shows),
        gold_evidence=case.evidence,
        history=tuple(turn.question for turn in case.history),
        passages=passages,
        retrieval=retrieval,
    )


def _cited(citations: Sequence[Citation], shows: Sequence[bool]) -> tuple[Cited, ...]:
    parts = zip(citations, shows, strict=True)
    return tuple(Cited(citation.quote, source_text(citation.article), show) for citation, show in parts)


def _retrieved(outcome: Outcome) -> tuple[Retrieved, ...]:
    return tuple(
        Retrieved(source_text(passage.article), is_relevant(outcome.case, passage))
        for passage in outcome.answer.passages
    )


def _retrieval(outcomes: Sequence[Outcome], asked: Sequence[Sequence[Retrieved]]) -> list[dict[str, float]]:
    """``RETRIEVAL`` of each question's passages; the first relevant one is found, those after it bring nothing new."""
    try:
        import ir_measures
    except ImportError as error:
        raise TanyaError("Measuring retrieval needs ir-measures: pip install 'tanya-berita[evaluate]'") from error
    located = [number for number, outcome in enumerate(outcomes) if outcome.case.located]
    ranked = {number: [passage.relevant for passage in asked[number]] for number in located}
    first = {number: marks.index(True) if True in marks else None for number, marks in ranked.items()}
    judgements = {str(number): {"wanted": 1} for number in located}
    run = {
        str(number): {"wanted" if place == first[number] else str(place): -float(place) for place in range(len(marks))}
        for number, marks in ranked.items()
    }
    values: list[dict[str, float]] = [{} for _ in outcomes]
    for metric in ir_measures.iter_calc(map(ir_measures.parse_measure, RETRIEVAL), judgements, run):
        values[int(metric.query_id)][str(metric.measure)] = metric.value
    return values


def _short(answer: Answer) -> str:
    if not answer.found:
        return ""
    if answer.citations and (span := answer.citations[0].span):
        return answer.citations[0].article.text[slice(*span)]
    return answer.claims[0].text if answer.claims else ""


def _squad(predicted: str, gold: str) -> tuple[float, float]:
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="IProgress not found")  # in a notebook; it shows no progress
            from torchmetrics.functional.text import squad
    except ImportError as error:
        raise TanyaError("Measuring answers needs torchmetrics: pip install 'tanya-berita[evaluate]'") from error
    answers: dict[str, Any] = {"answers": {"answer_start": [0], "text": [gold]}, "id": "0"}
    scores = squad([{"prediction_text": predicted, "id": "0"}], [answers])
    return float(scores["exact_match"]) / 100, float(scores["f1"]) / 100
