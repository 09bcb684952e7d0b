"""Articles in, listed, shown and out again: ``add``, ``list``, ``show``, ``remove``."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.core import open_index
from index.errors import ReadError
from index.types import Article, Failure, Filter, IngestReport

from .options import Problem, echo_json, filter_options, json_option, progress, settings_for

if TYPE_CHECKING:
    from index.store import ArticleIndex

__all__ = ["add", "add_articles", "list_articles", "remove", "show"]


def _as_columns(context: click.Context, _: click.Parameter, values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    if any(not (field and name) for field, _, name in pairs):
        raise click.BadParameter("write it as FIELD=NAME, for example text=isi_lengkap", context)
    return {field: name for field, _, name in pairs}


@click.command()
@click.argument("paths", metavar="PATH|URL...", nargs=-1, required=True)
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=NAME",
    callback=_as_columns,
    help="Which column of a table holds a field (title, text, published, ...); repeat for several.",
)
@click.option("--allow-local", is_flag=True, help="Also fetch from this computer and the local network.")
@click.pass_obj
def add(folder: str | None, /, paths: tuple[str, ...], columns: dict[str, str], allow_local: bool) -> None:
    """Index the articles in files, folders and web addresses.

    Reads text, Markdown, HTML, JSON, JSONL, CSV, Parquet, PDF, DOCX, ZIP and WARC, and makes the index if there is
    none. An address may be an article's, a document's, or a feed's or sitemap's, whose articles are then fetched one
    by one, with a pause between them. What is indexed already is left alone; a changed file replaces its article.

    \b
    Example:
      tanya add berita/ arsip-2024.csv https://berita.example/artikel
      tanya add korpus.parquet --column text=isi_lengkap
    """
    missing = [path for path in paths if not _is_url(path) and not Path(path).exists()]
    if missing:
        raise ReadError(f"there is no file or folder {', '.join(missing)}; nothing was added")
    with open_index(settings_for(folder)) as index:
        report = add_articles(index, paths, columns=columns, allow_local=allow_local)
    parts = ("added", "updated", "unchanged", "removed", "failed")
    counts = {part: len(getattr(report, part)) for part in parts}
    click.echo(", ".join(f"{part} {count:,}" for part, count in counts.items() if count or part != "removed"))
    if not counts["added"] + counts["updated"] + counts["unchanged"]:
        raise ReadError(f"no article could be read from {', '.join(paths)}")


@click.command(name="list")
@filter_options
@json_option
@click.pass_obj
def list_articles(folder: str | None, /, as_json: bool, wanted: Filter) -> None:
    """List the indexed articles.

    A line each: id, day, publisher, title.

    \b
    Example:
      tanya list --publisher "Tanya Berita" --until 2024-12-31
    """
    with open_index(settings_for(folder), create=False) as index:
        articles = list(index.articles(wanted))
    if as_json:
        echo_json([article.to_dict(text=False) for article in articles])
        return
    for article in articles:
        day = article.day.isoformat() if article.day else "-"
        click.echo(f"{article.id}  {day:<10}  {article.publisher or '-'}  {article.title}")


@click.command()
@click.argument("article_id", metavar="ID")
@json_option
@click.pass_obj
def show(folder: str | None, /, article_id: str, as_json: bool) -> None:
    """Show an article.

    What is known about it, and its text. The beginning of an ID is enough.

    \b
    Example:
      tanya show 3fa9
    """
    with open_index(settings_for(folder), create=False) as index:
        (article,) = _found(index, [article_id])
    fields = article.to_dict()
    if as_json:
        echo_json(fields)
        return
    text = fields.pop("text")
    fields["topics"] = ", ".join(fields["topics"])
    for name, value in fields.items():
        if value:
            click.echo(f"{name + ':':<11}{value}")
    click.echo(f"\n{text}")


@click.command()
@click.argument("article_ids", metavar="ID...", nargs=-1, required=True)
@click.pass_obj
def remove(folder: str | None, /, article_ids: tuple[str, ...]) -> None:
    """Remove articles from the index.

    The beginning of an ID is enough. The files they came from stay where they are.

    \b
    Example:
      tanya remove 3fa9 77b0
    """
    with open_index(settings_for(folder), create=False) as index:
        for article in _found(index, article_ids):
            index.remove(article.id)
            click.echo(f"removed {article.id}  {article.title}")


def add_articles(
    index: ArticleIndex, paths: Sequence[str], *, columns: Mapping[str, str] | None = None, allow_local: bool = False
) -> IngestReport:
    """Reads and indexes files, folders and web addresses, with a progress bar; failures are listed on stderr."""
    from index.reading import count_articles, read_articles

    urls = [path for path in paths if _is_url(path)]
    files = [path for path in paths if not _is_url(path)]
    # Fetched first: the index is locked while articles go in, and sites are slow.
    fetched = list(_fetched(urls, allow_local=allow_local)) if urls else []
    found = chain(fetched, (item for path in files for item in read_articles(path, columns=columns)))
    report = index.add(progress(found, len(fetched) + sum(map(count_articles, files)), "article"))
    for failure in report.failed:
        click.echo(f"tanya: {failure.source}: {failure.reason}", err=True)
    return report


def _fetched(urls: Sequence[str], *, allow_local: bool) -> Iterator[Article | Failure]:
    from index.sources import Fetcher, FetchRules, read_url

    with Fetcher(FetchRules(allow_local=allow_local)) as fetcher:
        for url in urls:
            try:
                yield from progress(read_url(url, fetcher=fetcher), None, "page")
            except ReadError as error:
                yield Failure(url, str(error))


def _is_url(path: str) -> bool:
    return path.startswith(("http://", "https://"))


def _found(index: ArticleIndex, article_ids: Iterable[str]) -> list[Article]:
    articles = {article_id: index.get(article_id) for article_id in article_ids}
    unknown = [article_id for article_id, article in articles.items() if article is None]
    if unknown:
        raise Problem(f"no article has the id {', '.join(unknown)}; `tanya list` shows them all")
    return list({article.id: article for article in articles.values() if article is not None}.values())
