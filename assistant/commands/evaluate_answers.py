"""``tanya evaluate answers``: answers, citations and refusals measured on one's own questions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from assistant.core import Assistant
from assistant.settings import Settings

from .options import echo_json, json_option, progress, settings_for

if TYPE_CHECKING:
    from assistant.answer_evaluation import AnswerReport
    from assistant.evaluating.comparing import Comparison
    from assistant.evaluating.questions import QuestionCase
    from assistant.evaluating.rows import Row

__all__ = ["REVIEW", "answers"]

REVIEW: Final = 'read each, mend or delete it, and take "draft" out of its line.'
"""What is to be done with questions that nobody has reviewed."""


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


@click.command()
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
        click.echo(f"{drafts} of {len(cases)} questions are drafts that nobody has reviewed: {REVIEW}", err=True)
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
    if as_json:
        echo_json(_as_json(answered, made, comparison))
        return
    click.echo(f"{answered}\n\n{format_figures(figures_of(made), baselines(made))}")
    if comparison:
        click.echo(f"\n{_compared(earlier, against)['compared']}\n{format_comparison(comparison)}")


def _asked(assistant: Assistant, cases: Sequence[QuestionCase]) -> AnswerReport:
    """The answers, and with the embedded reader also those to the refused questions at confidence 0."""
    from assistant.answer_evaluation import evaluate_answers

    settings = assistant.settings
    free = None if settings.llm else assistant.with_settings(replace(settings, confidence=0.0, precision=None))
    return evaluate_answers(assistant, progress(cases, len(cases), "question"), unrestrained=free)


def _as_json(answered: AnswerReport, rows: Sequence[Row], comparison: Comparison | None) -> dict[str, Any]:
    from assistant.evaluating.figures import baselines, figures_of

    return {
        **answered.to_dict(),
        "kinds": {kind: part.to_dict() for kind, part in answered.by_kind().items()},
        "figures": {name: figure.to_dict() for name, figure in figures_of(rows).items()},
        "baselines": baselines(rows),
        **({"comparison": comparison.to_dict()} if comparison else {}),
    }


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
