"""The page: components, handlers, and which event calls which. Imports Gradio: ``ui.py`` imports this late."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, Final

import gradio as gr

from assistant.core import Assistant
from index.reading import count_articles

from .adding import SUFFIXES
from .handlers import Handlers
from .layout import Layout
from .library import Uploads
from .session import Session
from .views import Views

__all__ = ["build"]

_SETTLE: Final = "() => tanyaPage.settle()"
_REMEMBERED: Final = "(session, remembered) => [session, tanyaPage.remembered()]"

_STRAY = (3600, 86_400)  # seconds: how often uploads are looked through, and how old those are that nobody has taken


def build(assistant: Assistant, seeds: Path | None = None, *, read_only: bool = False) -> gr.Blocks:
    """The page for an assistant.

    Args:
        assistant: answers the questions; its index is what the library shows.
        seeds: a file or folder of articles that an empty index is offered.
        read_only: whether visitors can only ask, whatever the settings say.
    """
    settings = assistant.settings
    writable = not (read_only or settings.ui_read_only)
    uploads = Uploads(SUFFIXES, settings.ui_upload_files, settings.ui_upload_mb) if writable else None
    bundled = count_articles(seeds) if seeds is not None else 0
    views = Views(assistant.index, bundled, uploads, assistant.chat_model)
    blocks = gr.Blocks(title="Tanya Berita", fill_width=True, analytics_enabled=False, delete_cache=_STRAY)
    with blocks:
        layout = Layout(Session(), views, writable=writable)
        handlers = Handlers(assistant, layout, views, seeds=seeds, uploads=uploads)
        _connect(blocks, layout, handlers, writable=writable)
    return blocks


def _connect(blocks: gr.Blocks, on: Layout, do: Handlers, *, writable: bool) -> None:
    """Joins events and handlers. Answers are queued, as many at once as there are cores; the rest is immediate."""
    later: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    at_once: dict[str, Any] = {"queue": False, **later}
    growing: dict[str, Any] = {"show_progress": "minimal", "api_visibility": "private"}  # tells the place in the queue
    answers: list[Any] = []
    beginnings = [
        on.question.submit(do.ask, [on.session, on.question], on.page, **at_once),
        on.send.click(do.ask, [on.session, on.question], on.page, **at_once),
        *(part.submit(do.ask_again, [on.session], on.page, **at_once) for part in (on.welcome, on.latest)),
    ]
    for begun in beginnings:
        answer = begun.then(do.answer, [on.session], [on.latest], concurrency_limit=os.cpu_count(), **growing)
        ended = answer.then(do.finish, [on.session], on.page, **at_once)
        ended.then(do.follow, [on.session], on.page, concurrency_limit=1, **later)
        answers.append(answer)
    on.stop.click(do.halt, [on.session], on.page, cancels=answers, **at_once)
    on.clear.click(do.restart, [on.session], on.page, cancels=answers, **at_once).then(None, js=_SETTLE)
    for component in on.clickable:
        # Not Gradio's "once", which drops what is chosen before the last choice has been answered.
        acted = component.click(do.act, [on.session], on.page, trigger_mode="multiple", **at_once)
        acted.then(None, js=_SETTLE)
    opened = blocks.load(do.open, [on.session, on.remembered], on.page, js=_REMEMBERED, **at_once)
    opened.then(None, js=_SETTLE)
    changes = [opened]
    if writable:
        one_by_one: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "adding", **later}
        changes += [part.bring(do.bring, [on.session], on.page, **one_by_one) for part in (on.welcome, on.panel)]
        changes += [on.files.upload(do.add_files, [on.session, on.files], [*on.page, on.files], **one_by_one)]
    for changed in changes:
        changed.then(do.suggest, [on.session], on.page, concurrency_limit=None, **later)
