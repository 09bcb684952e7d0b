"""``tanya serve``, ``tanya mcp`` and ``tanya keys``. What is heavy is imported when a command runs."""

from __future__ import annotations

import logging
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click

from index.errors import SettingsError

from .keys import KeyRing, Scope
from .settings import ServerSettings

__all__ = ["keys", "mcp", "serve"]


@contextmanager
def _extra() -> Iterator[None]:
    try:
        yield
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{error.name} is not installed; the server needs an extra: pip install 'tanya-berita[serve]'"
        ) from error


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", default=8000, show_default=True, type=click.IntRange(0, 65535), help="Port; 0: any free one.")
@click.option("--public", is_flag=True, help="Everybody may ask and read; writing needs a key all the same.")
@click.pass_obj
def serve(folder: str | None, /, host: str, port: int, public: bool) -> None:
    """Serve the chat page and the APIs.

    REST, OpenAI's chat protocol and MCP. On this computer only, and then without keys, unless --host says otherwise.
    Ctrl-C or SIGTERM stops it once the answers under way are complete.

    \b
    Example:
      tanya keys add redaksi --write
      tanya serve --host 0.0.0.0
    """
    from assistant.core import Assistant

    settings = ServerSettings.from_env(index=folder)
    with _extra():
        from .app import serve as run
    _log_to_stderr()
    # The server has finished its answers when it raises the signal again; then everything is closed as at any exit.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with Assistant.from_settings(settings, create=None) as assistant:
        run(assistant, settings, host=host, port=port, public=public)


@click.command()
@click.pass_obj
def mcp(folder: str | None, /) -> None:
    """Serve an MCP client that starts this itself.

    The tools are ask, search and get_article, over stdin and stdout. Over HTTP they are at /mcp of tanya serve.

    \b
    Example:
      tanya mcp
      {"mcpServers": {"berita": {"command": "tanya", "args": ["mcp"]}}}   in the client's settings
    """
    from assistant.core import Assistant

    settings = ServerSettings.from_env(index=folder)
    with _extra():
        from .mcp_tools import tool_server
        from .metrics import Metrics
        from .service import Service
    _log_to_stderr()
    with Assistant.from_settings(settings) as assistant:
        tool_server(Service(assistant, settings, Metrics(assistant.index))).run("stdio")


@click.group()
def keys() -> None:
    """Make, list and revoke API keys.

    Only their hashes are kept, in the file that TANYA_KEYS names. A running server notices changes at once.
    """


@keys.command("add")
@click.argument("name")
@click.option("--write", is_flag=True, help="It may add and delete articles too.")
@click.option("--rate", type=click.IntRange(1, 1_000_000), help="Requests a minute (else TANYA_RATE).")
def add_key(name: str, write: bool, rate: int | None) -> None:
    """Make a key.

    It is printed this once.

    \b
    Example:
      tanya keys add redaksi --write
    """
    scopes: tuple[Scope, ...] = ("read", "write") if write else ("read",)
    click.echo(_ring().add(name, scopes, rate))
    click.echo(f"This is the key of {name!r}. It is shown this once; keep it like a password.", err=True)


@keys.command("list")
def list_keys() -> None:
    """List the keys.

    Name, scopes, day of creation, rate.

    \b
    Example:
      tanya keys list
    """
    for key in _ring():
        rate = f"{key.rate} a minute" if key.rate else "-"
        click.echo(f"{key.name}\t{'+'.join(sorted(key.scopes))}\t{key.created:%Y-%m-%d}\t{rate}")


@keys.command("revoke")
@click.argument("name")
def revoke_key(name: str) -> None:
    """Take a key away.

    It stops working at once.

    \b
    Example:
      tanya keys revoke redaksi
    """
    _ring().revoke(name)
    click.echo(f"revoked {name}")


def _log_to_stderr() -> None:
    """Warnings and errors, a line each. Before the MCP library would set up a log of its own."""
    logging.basicConfig(level=logging.WARNING, format="%(asctime)s %(levelname)s %(name)s: %(message)s")


def _ring() -> KeyRing:
    return KeyRing(ServerSettings.from_env().keys)
