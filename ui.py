"""The chat page: ``python ui.py`` or ``tanya ui`` serves it, ``launch`` and ``build_page`` do so from Python."""

from __future__ import annotations

import asyncio
import os
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from assistant.core import Assistant
from index.errors import SettingsError, TanyaError

if TYPE_CHECKING:
    import gradio as gr
    from fastapi import FastAPI

    from index.store import ArticleIndex

__all__ = ["NotebookPage", "build_page", "launch", "mount", "show"]

_ASSETS = Path(__file__).parent / "page"
_WAITING = 32

T = TypeVar("T")


def build_page(
    assistant: Assistant, *, seeds: str | os.PathLike[str] | None = None, read_only: bool = False
) -> gr.Blocks:
    """The chat page as Gradio Blocks, to be launched or mounted; ``launch`` adds its looks.

    Args:
        assistant: answers the questions; the library shows its index.
        seeds: a file or folder of articles, offered while the index is empty; by default those that ship.
        read_only: whether visitors can only ask; the settings' ``ui_read_only`` says so too.
    """
    # Read by Gradio when it is imported; without it, a start asks the network for versions and reports usage.
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    from page.blocks import build

    return _in_loop(lambda: build(assistant, Path(seeds) if seeds is not None else _bundled(), read_only=read_only))


def launch(
    assistant: Assistant,
    *,
    host: str = "127.0.0.1",
    port: int | None = 7860,
    seeds: str | os.PathLike[str] | None = None,
    block: bool = True,
) -> gr.Blocks:
    """Serves the chat page.

    Args:
        assistant: answers the questions; its settings' ``ui_*`` say who may do what on the page.
        host: the address to listen on; anything but a loopback address lets others ask too.
        port: the port; ``None`` takes the first free one from 7860 on.
        seeds: a file or folder of articles, offered while the index is empty; by default those that ship.
        block: whether to serve until interrupted, or return at once and serve from a thread until ``.close()``.

    Returns:
        The page, with its address in ``local_url``.

    Raises:
        SettingsError: the address cannot be listened on.
    """
    _reach_directly(host)
    page = build_page(assistant, seeds=seeds)
    from page.access import Logins

    settings = assistant.settings
    options = _options(0 if settings.ui_read_only else settings.ui_upload_mb)

    def start() -> None:
        page.queue(max_size=_WAITING, api_open=False)
        page.launch(
            server_name=host,
            server_port=port,
            share=False,
            # Gradio awaits it, though its annotation does not say so.
            auth=cast("Any", Logins(settings.logins).check) if settings.logins else None,
            auth_message="Masuk untuk bertanya. · Log in to ask.",
            quiet=True,
            inline=False,  # in a notebook, ``show`` does it
            prevent_thread_lock=True,
            _frontend=False,  # else it visits the page, and gives up on a busy computer after three seconds
            **options,
        )

    try:
        _in_loop(start)
    except OSError as error:
        raise SettingsError(f"cannot serve on {host}:{port}: {error}. Choose another --host or --port.") from error
    print(f"Tanya Berita: {page.local_url}", flush=True)
    if block:
        page.block_thread()
    return page


class NotebookPage:
    """The page in a notebook's cell, served on this computer until ``close``; a ``with`` block closes it, too.

    Attributes:
        url: its address, for a browser's own tab.
    """

    def __init__(self, blocks: gr.Blocks, height: int) -> None:
        self._blocks = blocks
        self._height = height
        self.url = str(blocks.local_url)

    def close(self) -> None:
        """Stops serving. The index stays open. Safe to call twice."""
        self._blocks.close(verbose=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"Tanya Berita: {self.url}"

    def _repr_html_(self) -> str:
        return f'<iframe src="{self.url}" style="width:100%;height:{self._height}px;border:0"></iframe>'


def show(source: ArticleIndex | Assistant, *, height: int = 720) -> NotebookPage:
    """The chat page in a notebook, over the notebook's own index.

        page = show(index)
        page

    Args:
        source: an index, or an assistant over one.
        height: of the page in the notebook, in pixels.
    """
    assistant = source if isinstance(source, Assistant) else Assistant(source)
    with warnings.catch_warnings():
        # Libraries that Gradio brings ask for notebook widgets to show progress with; nothing here does.
        warnings.filterwarnings("ignore", message="IProgress not found")
        return NotebookPage(launch(assistant, port=None, block=False), height)


def mount(app: FastAPI, assistant: Assistant, *, seeds: str | os.PathLike[str] | None = None) -> gr.Blocks:
    """Puts the page at ``/`` of an application, behind the routes that it has by now. Looks as ``launch`` serves it.

    Its visitors can only ask: the application has other ways, with its own keys, to change what is indexed.

    Args:
        app: the application; it starts and stops the page with itself.
        assistant: answers the questions.
        seeds: as of ``launch``.
    """
    page = build_page(assistant, seeds=seeds, read_only=True)
    import gradio

    _in_loop(lambda: page.queue(max_size=_WAITING, api_open=False))
    gradio.mount_gradio_app(app, page, "/", show_error=False, **_options(0))
    return page


def _options(upload_mb: int) -> dict[str, Any]:
    """How the page looks and what Gradio leaves out, alike in both ways to serve it."""
    from page.looks import theme

    return {
        "theme": theme(),
        "head": _head(),
        "favicon_path": str(_ASSETS / "favicon.svg"),
        # Gradio's address for uploads is always open, also where the page takes no files.
        "max_file_size": f"{upload_mb}mb" if upload_mb else "1kb",
        "ssr_mode": False,
        "mcp_server": False,
        "enable_monitoring": False,
        "run_history": False,
        "footer_links": [],
    }


def _in_loop(function: Callable[[], T]) -> T:
    """Calls the function where an event loop runs: elsewhere Gradio makes one for every application, and leaves it."""
    try:
        asyncio.get_running_loop()
    except RuntimeError:

        async def called() -> T:
            return function()

        return asyncio.run(called())
    return function()


def _bundled() -> Path | None:
    """The articles that ship: beside this file in the repository, inside ``index`` where it is installed."""
    here = Path(__file__).parent
    return next((folder for folder in (here / "seeds", here / "index" / "seeds") if folder.is_dir()), None)


def _reach_directly(host: str) -> None:
    """Keeps a proxy in the environment away from this computer: Gradio visits its own page before it serves others."""
    for name in ("no_proxy", "NO_PROXY"):
        os.environ[name] = ",".join(filter(None, (os.environ.get(name), "localhost,127.0.0.1,::1", host)))


def _head() -> str:
    # Not as Gradio's ``css``: it puts a prefix before every comma of a selector, those within ``:is()`` too.
    css, *scripts = ((_ASSETS / name).read_text(encoding="utf-8") for name in ("page.css", "memory.js", "page.js"))
    return f"<style>{css}</style>" + "".join(f"<script>{script}</script>" for script in scripts)


def main() -> None:
    """Serves the index that the environment's ``TANYA_*`` settings name."""
    try:
        with Assistant.from_settings(create=None) as assistant:
            launch(assistant)
    except TanyaError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
