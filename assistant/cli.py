"""The command line, ``tanya``.

Exit codes: 0 done, 1 not done (one line ``tanya: ...`` on stderr says why), 2 wrong usage, 130 interrupted. ``add``
counts as done when at least one article could be read; files that could not are listed on stderr.
"""

from __future__ import annotations

import sys
from typing import Any

import click

from index.errors import TanyaError
from server.commands import keys, mcp, serve

from .commands.articles import add, add_articles, list_articles, remove, show
from .commands.care import backup, doctor, rebuild, restore
from .commands.evaluate import evaluate
from .commands.options import Problem, settings_for
from .commands.questions import ask, chat, search
from .commands.sync import sync
from .core import Assistant

__all__ = ["cli", "main"]


class _Tanya(click.Group):
    """Turns what this project raises on purpose into one line and an exit code."""

    def invoke(self, ctx: click.Context) -> Any:  # noqa: ANN401 - click's own signature
        try:
            return super().invoke(ctx)
        except TanyaError as error:
            raise Problem(str(error)) from error
        except KeyboardInterrupt:
            click.echo("", err=True)
            ctx.exit(130)


@click.group(cls=_Tanya, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.option(
    "--index", "folder", metavar="PATH", help="Folder of the index (else TANYA_INDEX, else your data folder)."
)
@click.version_option(package_name="tanya-berita", prog_name="tanya")
@click.pass_context
def cli(context: click.Context, folder: str | None) -> None:
    """Ask questions of Indonesian news articles; every answer quotes the exact words it rests on.

    \b
    Example:
      tanya add articles/
      tanya ask "Siapa pendamping Rudy Mas'ud?"
    """
    context.obj = folder


@cli.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=7860, show_default=True, type=click.IntRange(1, 65535), help="Port to listen on.")
@click.option("--seeds", metavar="PATH", help="Index this file or folder first if the index is missing or empty.")
@click.option("--read-only", is_flag=True, default=None, help="Visitors can only ask: nothing is added or removed.")
@click.option("--auth", metavar="NAME:PASSWORD", multiple=True, help="Ask for a login; repeat for several.")
@click.pass_obj
def ui(
    folder: str | None, /, host: str, port: int, seeds: str | None, read_only: bool | None, auth: tuple[str, ...]
) -> None:
    """Serve the chat page.

    On this computer only, unless --host says otherwise. Ctrl-C stops it. Others on this computer can see --auth;
    TANYA_UI_AUTH is not seen.

    \b
    Example:
      tanya ui --seeds articles/
    """
    import ui as page  # noqa: TID251 - the one door through which the page is opened

    # An index is made if there is none: the page shows how to fill it.
    settings = settings_for(folder, ui_read_only=read_only, ui_auth=",".join(auth) or None)
    with Assistant.from_settings(settings, create=None) as assistant:
        if seeds and not len(assistant.index):
            add_articles(assistant.index, [seeds])
        page.launch(assistant, host=host, port=port)


for command in (
    *(add, ask, backup, chat, doctor, evaluate, keys, list_articles, mcp, rebuild, remove, restore, search, serve),
    *(show, sync),
):
    cli.add_command(command)


def main() -> None:
    """What the command ``tanya`` runs: UTF-8 whatever the locale says, then ``cli``."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        stream.reconfigure(encoding="utf-8", errors=errors)  # type: ignore[union-attr]
    cli(prog_name="tanya")


if __name__ == "__main__":
    main()
