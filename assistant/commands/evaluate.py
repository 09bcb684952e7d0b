"""Figures from questions, and drafts of questions: the group ``evaluate``."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.core import Assistant
from assistant.settings import Settings
from index.types import Filter

from .evaluate_answers import REVIEW, answers
from .options import Problem, echo_json, filter_options, json_option, progress, settings_for

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
    click.echo(f"{len(drafts)} drafts in {out}. {REVIEW.capitalize()}")


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


evaluate.add_command(answers)
