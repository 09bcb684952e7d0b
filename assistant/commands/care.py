"""Looking after an index: ``doctor``, ``rebuild``, ``backup``, ``restore``."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import click

from assistant.core import chroma_address, open_index
from index.errors import IndexDamagedError, IndexMismatchError
from index.types import Article, CheckReport, Finding

from .options import Problem, echo_json, json_option, progress, settings_for

if TYPE_CHECKING:
    from index.types import IngestReport

__all__ = ["backup", "doctor", "rebuild", "restore"]


@click.command()
@click.option("--repair", is_flag=True, help="Make anew what is wrong and follows from the articles' texts.")
@json_option
@click.pass_obj
def doctor(folder: str | None, /, repair: bool, as_json: bool) -> None:
    """Check that everything in the index agrees.

    Reads all of it: the file, every text against its article's id, chunks and offsets, search terms, vectors, Chroma,
    and whether the embedding model is still the one that made the vectors. The exit code is 1 if something is wrong
    and stays so.

    \b
    Example:
      tanya doctor --repair
    """
    try:
        with open_index(settings_for(folder), create=False) as index:
            report = index.check(repair=repair)
    except (IndexDamagedError, IndexMismatchError) as error:  # it cannot even be opened
        part = "version" if isinstance(error, IndexMismatchError) else "file"
        finding = Finding(part=part, problem=str(error), way_out=str(error))
        report = CheckReport(articles=0, chunks=0, vectors=0, found=(finding,), remaining=(finding,))
    if as_json:
        echo_json(report.to_dict())
    else:
        _echo_findings(report)
    if not report.sound:
        raise Problem(f"{len(report.remaining)} of {len(report.found)} findings remain")


@click.command()
@click.option("--embedding", metavar="NAME", help="Model by name or folder (else TANYA_EMBEDDING, else the same).")
@click.pass_obj
def rebuild(folder: str | None, /, embedding: str | None) -> None:
    """Make the index anew from its articles.

    For another embedding model, or after a new version of this program. The old index answers until the new one is
    complete; interrupted and called again, it goes on where it stopped.

    \b
    Example:
      tanya rebuild --embedding intfloat/multilingual-e5-small
    """
    from index.store import ArticleIndex

    settings = settings_for(folder)

    def watch(articles: Iterable[Article], total: int) -> Iterable[Article]:
        return progress(articles, total, "article")

    report: IngestReport = ArticleIndex.rebuild(
        settings.index, embedding=embedding or settings.embedding, chroma=chroma_address(settings), watch=watch
    )
    for failure in report.failed:
        click.echo(f"tanya: {failure.source}: {failure.reason}", err=True)
    click.echo(f"rebuilt with {len(report.added):,} articles" + (f", {len(report.failed)} lost" * bool(report.failed)))


@click.command()
@click.argument("file", metavar="FILE")
@click.pass_obj
def backup(folder: str | None, /, file: str) -> None:
    """Write a copy of the index to one file.

    Also while articles are being added: it holds what was finished in that moment. An older backup of that name is
    replaced.

    \b
    Example:
      tanya backup berita-2024-11-24.db
    """
    with open_index(settings_for(folder), create=False) as index:
        index.backup(file)
        click.echo(f"backed up {len(index):,} articles to {file}")


@click.command()
@click.argument("file", metavar="FILE")
@click.option("--replace", is_flag=True, help="Instead of the index that is there.")
@click.pass_obj
def restore(folder: str | None, /, file: str, replace: bool) -> None:
    """Bring an index back from a backup.

    Chroma's index is made from it on the next search. Whoever has the index open sees the change at once.

    \b
    Example:
      tanya restore berita-2024-11-24.db --replace
    """
    from index.store import ArticleIndex

    settings = settings_for(folder)
    ArticleIndex.restore(settings.index, file, replace=replace)
    click.echo(f"restored {settings.index} from {file}")


def _echo_findings(report: CheckReport) -> None:
    repaired = [finding for finding in report.found if finding not in report.remaining]
    for finding in repaired:
        click.echo(f"repaired  {finding.part}: {finding.problem}")
    for finding in report.remaining:
        click.echo(f"wrong     {finding.part}: {finding.problem}")
        if finding.articles:
            click.echo(f"          {', '.join(finding.articles[:5])}{', …' * (len(finding.articles) > 5)}")
        if finding.way_out != finding.problem:
            click.echo(f"          {finding.way_out or 'Repair it with: tanya doctor --repair'}")
    if report.sound:
        click.echo(f"sound: {report.articles:,} articles, {report.chunks:,} chunks, {report.vectors:,} vectors")
