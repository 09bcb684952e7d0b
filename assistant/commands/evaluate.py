"""Figures from questions, and drafts of questions: the group ``evaluate``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.core import Assistant
from assistant.settings import Settings
from index.types import Filter

from .options import Problem, echo_json, filter_options, json_option, progress, settings_for

if TYPE_CHECKING:
    from assistant.answer_evaluation import AnswerReport
    from assistant.evaluating.questions import QuestionCase

__all__ = ["evaluate"]


def _settings(_context: click.Context, _option: click.Parameter, values: Sequence[str]) -> dict[str, Any]:
    """The settings of ``--against``, by the names of ``Settings``."""
    known = {field.name for field in fields(Settings) if field.repr}  # secrets are not repeated, and not shown
    given = {}
    for value in values:
        variable, equals, text = value.partition("=")
        name = variable.strip().lower().removeprefix("tanya_")
        if not equals or name not in known:
            raise click.BadParameter(f"{value!r} is not NAME=VALUE with a setting's name, such as confidence=0.65.")
        given[name] = text
    return given


_REVIEW = 'read each, mend or delete it, and take "draft" out of its line.'


@click.group()
def evaluate() -> None:
    """Measure on questions with known answers."""


@evaluate.command()
@click.option(
    "--questions", metavar="PATH", required=True, type=click.Path(path_type=Path), help="Folder of the questions."
)
@click.option(
    "--embedding", metavar="NAME", help="Model by name or folder (else TANYA_EMBEDDING, else the shipped one)."
)
@click.option("--reranker", metavar="NAME", help="Model by name or folder (else TANYA_RERANKER, else the shipped one).")
@click.option(
    "--by",
    "configurations",
    multiple=True,
    type=click.Choice(["bm25", "dense", "fused", "reranked"]),
    help="Only this ranking; repeat for several.",
)
@json_option
def retrieval(
    questions: Path, embedding: str | None, reranker: str | None, configurations: tuple[str, ...], as_json: bool
) -> None:
    """Compare BM25, the embedding, both fused, and reranked.

    PATH holds JSONL files (or a folder qa/ of them) with question, context, answers: all contexts are searched, the
    questions of *.valid.jsonl are asked. Your own index is not touched.

    \b
    Example:
      tanya evaluate retrieval --questions data/
    """
    from assistant.retrieval_evaluation import CONFIGURATIONS, evaluate_retrieval, format_table, load_question_sets
    from index.embedding import DEFAULT_EMBEDDING
    from index.reranking import SHIPPED_RERANKER

    sets = load_question_sets(questions)
    settings = Settings.from_env(embedding=embedding, reranker=reranker)
    chosen = configurations or tuple(c for c in CONFIGURATIONS if c != "reranked" or settings.reranker != "off")
    if settings.reranker == "off" and "reranked" in chosen:
        raise click.UsageError("--by reranked needs a reranker, and TANYA_RERANKER is off.")
    report = evaluate_retrieval(
        sets,
        embedding=settings.embedding or DEFAULT_EMBEDDING,
        reranker=settings.reranker or SHIPPED_RERANKER,
        configurations=chosen,
    )
    if as_json:
        echo_json(report.to_dict())
    else:
        click.echo(format_table(report))


@evaluate.command()
@click.option("--questions", metavar="FILE", required=True, type=click.Path(path_type=Path), help="The questions.")
@click.option("--rows", metavar="JSONL", type=click.Path(path_type=Path), help="Write what became of each question.")
@click.option("--report", metavar="HTML", type=click.Path(path_type=Path), help="Write a page with plots.")
@click.option(
    "--compare", "earlier", metavar="JSONL", type=click.Path(path_type=Path), help="Compare with an earlier run's rows."
)
@click.option(
    "--against",
    metavar="NAME=VALUE",
    multiple=True,
    callback=_settings,
    help="Ask again with another setting, such as confidence=0.65, and compare; repeat for several settings.",
)
@json_option
@click.pass_obj
def answers(
    folder: str | None,
    /,
    questions: Path,
    rows: Path | None,
    report: Path | None,
    earlier: Path | None,
    against: dict[str, Any],
    as_json: bool,
) -> None:
    """Measure answers, citations and refusals on your own questions.

    FILE is JSONL or CSV with question and optionally answer (null or empty where the articles do not answer), article,
    evidence (a sentence of it), answerable, kind, history. The net score is (cited - wrong - answered without an
    answer) / answerable; intervals are 95 % by bootstrap. Two runs are compared question by question, with a paired
    test.

    \b
    Example:
      tanya evaluate answers --questions QUESTIONS.csv --rows before.jsonl --report before.html
      tanya evaluate answers --questions QUESTIONS.csv --compare before.jsonl
      tanya evaluate answers --questions QUESTIONS.csv --against confidence=0.65
    """
    from assistant.answer_evaluation import load_questions
    from assistant.evaluating.comparing import compare, format_comparison
    from assistant.evaluating.figures import baselines, figures_of, format_figures
    from assistant.evaluating.report import report_html, write_report
    from assistant.evaluating.rows import make_rows, read_rows, write_rows

    if earlier and against:
        raise click.UsageError("--compare and --against are two ways to compare; use one of them.")
    cases, settings = load_questions(questions), settings_for(folder)
    before = read_rows(earlier) if earlier else None  # a bad file is told before the questions are asked
    other = settings_for(folder, **against) if against else None
    if drafts := sum(case.draft for case in cases):
        click.echo(f"{drafts} of {len(cases)} questions are drafts that nobody has reviewed: {_REVIEW}", err=True)
    with Assistant.from_settings(settings) as assistant:
        answered = _asked(assistant, cases)
        about = _about(assistant, questions) if report else {}
    made = make_rows(answered.outcomes)
    if rows:
        write_rows(made, rows)
    comparison = compare(before, made) if before else None
    if other:
        with Assistant.from_settings(other) as assistant:
            comparison = compare(made, make_rows(_asked(assistant, cases).outcomes))
    if report:
        unreviewed = {"drafts nobody reviewed": str(drafts)} if drafts else {}
        write_report(report, report_html(made, unreviewed | about | _compared(earlier, against), comparison))
    figures, decided = figures_of(made), baselines(made)
    if as_json:
        kinds = {kind: part.to_dict() for kind, part in answered.by_kind().items()}
        measured = {name: figure.to_dict() for name, figure in figures.items()}
        compared = {"comparison": comparison.to_dict()} if comparison else {}
        echo_json({**answered.to_dict(), "kinds": kinds, "figures": measured, "baselines": decided, **compared})
    else:
        click.echo(f"{answered}\n\n{format_figures(figures, decided)}")
        if comparison:
            click.echo(f"\n{_compared(earlier, against)['compared']}\n{format_comparison(comparison)}")


@evaluate.command()
@click.option("--out", metavar="JSONL", required=True, type=click.Path(path_type=Path), help="The file to write.")
@click.option("--count", default=40, show_default=True, type=click.IntRange(1, 10_000), help="How many, at most.")
@click.option("--seed", default=0, show_default=True, help="Another number draws other articles.")
@filter_options
@click.pass_obj
def draft(folder: str | None, /, out: Path, count: int, seed: int, wanted: Filter) -> None:
    """Draft questions from your own articles, for you to review.

    A sentence with its name, date, place or figure asked for; one question in four is about somebody whom the article
    does not name. They are rough, nearer to the articles' words than what people ask, and some are wrong: read each,
    mend or delete it, and take "draft" out of its line.

    \b
    Example:
      tanya evaluate draft --out questions.jsonl --count 100
    """
    from assistant.evaluating.drafting import draft_questions, write_drafts

    with Assistant.from_settings(settings_for(folder)) as assistant:
        drafts = draft_questions(assistant.index.articles(wanted), count, seed=seed)
    if not drafts:
        raise Problem(
            "No sentence of these articles makes a question; add articles first, or write questions yourself."
        )
    write_drafts(drafts, out)
    click.echo(f"{len(drafts)} drafts in {out}. {_REVIEW.capitalize()}")


def _asked(assistant: Assistant, cases: Sequence[QuestionCase]) -> AnswerReport:
    """The answers, and with the embedded reader also those to the refused questions at confidence 0."""
    from assistant.answer_evaluation import evaluate_answers

    settings = assistant.settings
    free = None if settings.llm else assistant.with_settings(replace(settings, confidence=0.0, precision=None))
    return evaluate_answers(assistant, progress(cases, len(cases), "question"), unrestrained=free)


def _about(assistant: Assistant, questions: Path) -> dict[str, str]:
    settings, coverage, threshold = assistant.settings, assistant.index.coverage(), assistant.threshold
    return {
        "questions": questions.name,
        "articles": f"{coverage.articles:,}, {coverage.first_day or '?'} – {coverage.last_day or '?'}",
        "embedding": settings.embedding or "the index's own",
        "reranker": settings.reranker or "the one that ships",
        "answers by": settings.llm or "the embedded reader",
        "confidence": "the reader's own" if threshold is None else f"{threshold:.2f}",
        "version": version("tanya-berita"),
        "made": f"{datetime.now().astimezone():%Y-%m-%d %H:%M %Z}",
    }


def _compared(earlier: Path | None, against: Mapping[str, Any]) -> dict[str, str]:
    if earlier:
        return {"compared": f"before: {earlier.name}, after: this run"}
    if against:
        return {"compared": "before: this run, after: " + ", ".join(f"{n}={v}" for n, v in against.items())}
    return {}


@evaluate.command()
@click.option("--questions", metavar="JSONL", required=True, type=click.Path(path_type=Path), help="The follow-ups.")
@json_option
@click.pass_obj
def followups(folder: str | None, /, questions: Path, as_json: bool) -> None:
    """Compare what follow-ups find with what the same questions in full find.

    Each line of JSONL holds question, history, standalone (the question in full), evidence (words of the article).

    \b
    Example:
      tanya evaluate followups --questions tests/followups.jsonl
    """
    from assistant.followup_evaluation import evaluate_follow_ups, load_follow_ups

    cases = load_follow_ups(questions)
    with Assistant.from_settings(settings_for(folder)) as assistant:
        report = evaluate_follow_ups(assistant, progress(cases, len(cases), "question"))
    if as_json:
        echo_json(report.to_dict())
    else:
        click.echo(str(report))
