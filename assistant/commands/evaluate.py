"""Figures from questions: ``evaluate answers``, ``evaluate retrieval``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.core import Assistant
from assistant.settings import Settings

from .options import echo_json, json_option, progress, settings_for

__all__ = ["evaluate"]


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
@click.option("--questions", metavar="JSONL", required=True, type=click.Path(path_type=Path), help="The questions.")
@json_option
@click.pass_obj
def answers(folder: str | None, /, questions: Path, as_json: bool) -> None:
    """Count cited answers and right refusals.

    Each line of JSONL holds question and answer (null where the articles do not answer), optionally article,
    evidence, kind, history. The net score is (cited - wrong - answered without an answer) / answerable.

    \b
    Example:
      tanya evaluate answers --questions QUESTIONS.jsonl
    """
    from assistant.answer_evaluation import evaluate_answers, load_questions

    cases = load_questions(questions)
    with Assistant.from_settings(settings_for(folder)) as assistant:
        report = evaluate_answers(assistant, progress(cases, len(cases), "question"))
    if as_json:
        kinds = {kind: part.to_dict() for kind, part in report.by_kind().items()}
        echo_json({**report.to_dict(), "kinds": kinds})
    else:
        click.echo(str(report))


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
