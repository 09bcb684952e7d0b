"""Questions and searches: ``ask``, ``chat``, ``search``."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator

import click

from assistant.core import Assistant, open_index
from assistant.settings import MAX_TOP_K
from assistant.types import Answer, Turn
from index.errors import QueryError
from index.types import Filter, Passage

from .options import Problem, echo_json, filter_options, json_option, reader_option, settings_for

__all__ = ["ask", "chat", "search"]

_GOODBYES = frozenset({"keluar", "selesai", "exit", "quit"})


@click.command()
@click.argument("question")
@filter_options
@json_option
@reader_option
@click.pass_obj
def ask(folder: str | None, /, question: str, as_json: bool, reader: bool, wanted: Filter) -> None:
    """Answer a question from the articles.

    The answer quotes the sentences that say so, with publisher and date, or says that these articles do not. With
    TANYA_LLM, that chat model writes it, and every statement is checked against the sentences it cites.

    \b
    Example:
      tanya ask "Berapa jumlah pemilih di Kalimantan Timur?" --since 2024-09-01
    """
    with Assistant.from_settings(settings_for(folder, reader=reader)) as assistant:
        answer = assistant.ask(question, filter=wanted)
    if as_json:
        echo_json(answer.to_dict())
    else:
        _echo_answer(answer)


@click.command()
@click.argument("query")
@click.option("-k", "count", type=click.IntRange(1, MAX_TOP_K), help="How many passages (else TANYA_TOP_K, else 10).")
@filter_options
@json_option
@click.pass_obj
def search(folder: str | None, /, query: str, count: int | None, as_json: bool, wanted: Filter) -> None:
    """Show the passages nearest to a query.

    Each with its article and its scores, best first.

    \b
    Example:
      tanya search "jalan tol IKN" -k 5
    """
    settings = settings_for(folder, top_k=count)
    with open_index(settings, create=False) as index:
        passages = index.retrieve(query, settings.top_k, filter=wanted)
    if as_json:
        echo_json([passage.to_dict() for passage in passages])
        return
    for rank, passage in enumerate(passages, start=1):
        click.echo(_passage_text(rank, passage))
    if not passages:
        click.echo("no passage found", err=True)


@click.command()
@filter_options
@reader_option
@click.pass_obj
def chat(folder: str | None, /, reader: bool, wanted: Filter) -> None:
    """Ask one question after another.

    Follow-ups are understood. "keluar" or Ctrl-D ends it. Reads from a pipe too, a question a line.

    \b
    Example:
      tanya chat
      printf 'Siapa calon nomor urut 2?\\nDari partai apa dia?\\n' | tanya chat
    """
    with Assistant.from_settings(settings_for(folder, reader=reader)) as assistant:
        history: list[Turn] = []
        for question in _questions():
            try:
                answer = assistant.ask(question, history, wanted)
            except QueryError as error:
                Problem(str(error)).show()
                continue
            _echo_answer(answer)
            click.echo()
            history.append(Turn(question, answer.text, answer.citations))


def _questions() -> Iterator[str]:
    """Lines of stdin; with a prompt and line editing where that is a terminal."""
    if not sys.stdin.isatty():
        lines: Iterable[str] = sys.stdin
    else:
        import readline  # noqa: F401 - gives input() its line editing

        click.echo("Ketik pertanyaan; “keluar” atau Ctrl-D mengakhiri.")
        lines = iter(lambda: input("Tanya: "), None)
    try:
        for line in lines:
            question = line.strip()
            if question.casefold() in _GOODBYES:
                return
            if question:
                yield question
    except EOFError:
        click.echo()


def _passage_text(rank: int, passage: Passage) -> str:
    from assistant.wording import copies_label, source_label

    article = passage.article
    scores = ", ".join(f"{name} {score:.3f}" for name, score in passage.scores.items())
    heading = f"{rank}. {article.title} ({source_label(article, 'id')}){copies_label(article, passage.copies, 'id')}"
    return f"{heading}\n   {article.id}  score {passage.score:.3f} ({scores})\n   {' '.join(passage.text.split())}\n"


def _echo_answer(answer: Answer) -> None:
    from assistant.rendering import answer_text

    click.echo(answer_text(answer))
