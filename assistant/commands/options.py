"""What the commands share: options, settings, progress, JSON, and how a failure is shown."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import wraps
from typing import IO, Any, TypeVar

import click

from assistant.settings import Settings
from index.types import Filter

__all__ = ["Problem", "echo_json", "filter_options", "json_option", "progress", "reader_option", "settings_for"]

Item = TypeVar("Item")
reader_option = click.option(
    "--reader", is_flag=True, help="Answer by quotation with the embedded reader, whatever TANYA_LLM says."
)
json_option = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")


class Problem(click.ClickException):
    """Shown as one line on stderr; exit code 1."""

    def show(self, file: IO[Any] | None = None) -> None:
        """Prints it; called by click."""
        click.echo(f"tanya: {' '.join(self.message.splitlines())}", err=file is None, file=file)


def filter_options(command: Callable[..., None]) -> Callable[..., None]:
    """Adds --since, --until, --publisher and --topic, which the command gets as one ``wanted: Filter``."""

    @wraps(command)
    def filtered(*args: object, **values: Any) -> None:  # noqa: ANN401 - whatever click parsed
        since, until = values.pop("since"), values.pop("until")
        wanted = Filter(
            since=since and since.date(),
            until=until and until.date(),
            publishers=frozenset(values.pop("publishers")),
            topics=frozenset(values.pop("topics")),
        )
        command(*args, wanted=wanted, **values)

    day = click.DateTime(formats=["%Y-%m-%d"])
    for option in (
        click.option("--topic", "topics", multiple=True, help="Only articles on this topic; repeat for several."),
        click.option("--publisher", "publishers", multiple=True, help="Only this publisher; repeat for several."),
        click.option("--until", type=day, metavar="YYYY-MM-DD", help="Only articles published on this day or before."),
        click.option("--since", type=day, metavar="YYYY-MM-DD", help="Only articles published on this day or after."),
    ):
        filtered = option(filtered)
    return filtered


def settings_for(folder: str | None, *, reader: bool = False, **given: object) -> Settings:
    """The environment's settings, with what the command line says going before them; ``reader`` without chat model."""
    settings = Settings.from_env(None, index=folder, **given)
    return replace(settings, llm=None) if reader else settings


def progress(items: Iterable[Item], total: int | None, unit: str) -> Iterable[Item]:
    """A progress bar on stderr where that is a terminal."""
    from tqdm import tqdm

    bar: Iterable[Item] = tqdm(items, total=total, unit=f" {unit}s", disable=None, file=sys.stderr)
    return bar


def echo_json(value: object) -> None:
    """Prints JSON."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
