"""``tanya sync``: an index kept in step with the sources of a file."""

from __future__ import annotations

import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assistant.core import open_index
from index.errors import SettingsError

from .options import Problem, echo_json, json_option, settings_for

if TYPE_CHECKING:
    from index.sources import SourceList, SourceReport
    from index.store import ArticleIndex

__all__ = ["sync"]


class _WithExample(click.Command):
    """Shows an example of the file under the options; it is kept beside the code that reads the file."""

    def format_epilog(self, _: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the example; called by click."""
        from index.sources import EXAMPLE

        with formatter.section("A sources.toml"):
            formatter.write_paragraph()
            for line in EXAMPLE.splitlines():
                formatter.write(f"  {line}".rstrip() + "\n")


@click.command(cls=_WithExample)
@click.argument("names", metavar="[NAME]...", nargs=-1)
@click.option(
    "--sources", "path", default="sources.toml", show_default=True, metavar="PATH", help="The file that lists them."
)
@click.option("--every", type=click.FloatRange(min=1), metavar="MINUTES", help="Go on, again and again, until Ctrl-C.")
@click.option("--allow-local", is_flag=True, help="Also fetch from this computer and the local network.")
@json_option
@click.pass_obj
def sync(
    folder: str | None, /, names: tuple[str, ...], path: str, every: float | None, allow_local: bool, as_json: bool
) -> None:
    """Keep the index in step with feeds, sites, folders and dumps.

    Reads what is new or changed in the sources that a file lists (or those NAMEd), takes out what was withdrawn, and
    says what it did. What was interrupted goes on with the next run.

    \b
    Example:
      tanya sync
      tanya sync kaltim --every 30
    """
    from index.sources import read_sources

    listed = read_sources(Path(path))
    unknown = set(names) - {source.name for source in listed.sources}
    if unknown:
        raise SettingsError(f"{path} lists no source {', '.join(sorted(unknown))}")
    if allow_local:
        listed = replace(listed, rules=replace(listed.rules, allow_local=True))
    with open_index(settings_for(folder)) as index:
        while True:
            reports = _once(index, listed, names, as_json)
            if every is None:
                break
            time.sleep(60 * every)
    if all(report.stopped for report in reports):
        raise Problem("no source could be read")


def _once(index: ArticleIndex, listed: SourceList, names: tuple[str, ...], as_json: bool) -> list[SourceReport]:
    """One run; its reports, which are shown as they come."""
    from tqdm import tqdm

    from index.sources import sync as run

    reports = []
    with tqdm(unit=" pages", disable=None, file=sys.stderr) as bar:
        for report in run(listed, index, only=names, watch=lambda _: bar.update()):
            reports.append(report)
            for failure in report.report.failed:
                click.echo(f"tanya: {failure.source}: {failure.reason}", err=True)
            if report.stopped:
                click.echo(f"tanya: {report.name}: {report.stopped}", err=True)
            if not as_json:
                click.echo(f"{report.name}: {_words(report)}")
    if as_json:
        echo_json([report.to_dict() for report in reports])
    return reports


def _words(report: SourceReport) -> str:
    counts = {
        part: len(getattr(report.report, part)) for part in ("added", "updated", "unchanged", "removed", "failed")
    }
    return (
        ", ".join(f"{part} {count:,}" for part, count in {**counts, "current": report.current}.items() if count)
        or "nothing"
    )
