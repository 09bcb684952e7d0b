"""The page's components and where they stand. Imports Gradio: only what is imported late may import this."""

from __future__ import annotations

from typing import Any, Final

import gradio as gr

from .session import Session
from .strings import say
from .views import Views

__all__ = ["Layout"]

# Gives page.js one way to say that the visitor did something, whichever component the element stands in. Gradio knows
# an event of one's own, 'bring', by its name in quotes here.
_CONNECT: Final = """
const events = {ask: 'submit', retry: 'submit', search: 'submit', seed: 'bring', fetch: 'bring'};
element.act = (action, data) => trigger(events[action] ?? 'click', {...data, action});
"""


class Layout:
    """Made inside ``gr.Blocks``, the components stand in it in this order.

    Args:
        start: what a visitor finds.
        views: show it.
        writable: whether visitors may add articles.
    """

    def __init__(self, start: Session, views: Views, *, writable: bool) -> None:
        connected: dict[str, Any] = {"js_on_load": _CONNECT, "apply_default_css": False}
        self.session = gr.State(start)
        self.remembered = gr.Textbox(visible=False)
        # Not shown: page.js sees by it when an older state of the page overtook a newer one on the way.
        self.state = gr.HTML(visible="hidden", elem_id="state", **connected)
        self.header = gr.HTML(views.header(start), elem_id="head", **connected)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                self.welcome = gr.HTML(views.welcome(start), elem_id="welcome", **connected)
                self.past = gr.HTML(elem_id="past", **connected)
                self.latest = gr.HTML(elem_id="latest", **connected)
                with gr.Column(elem_id="ask"):
                    self.limits = gr.HTML(elem_id="limits", **connected)
                    with gr.Row(elem_id="ask-row"):
                        self.question = gr.Textbox(
                            label=say(start.language, "question"),
                            placeholder=say(start.language, "placeholder"),
                            show_label=False,
                            container=False,
                            max_lines=6,
                            elem_id="question",
                            autofocus=True,
                        )
                        self.send = gr.Button(say(start.language, "ask"), variant="primary", elem_id="send")
                        self.stop = gr.Button(say(start.language, "stop"), visible=False, elem_id="stop")
                    self.clear = gr.Button(say(start.language, "clear"), visible=False, elem_id="clear")
            with gr.Column(elem_id="side"):
                self.panel = gr.HTML(elem_id="panel", **connected)
                # Not shown: the panel has the place where files are dropped, and page.js hands them to this one.
                self.files = gr.File(file_count="multiple", visible="hidden", elem_id="files", render=writable)

    @property
    def clickable(self) -> list[gr.HTML]:
        """Those in which a visitor can choose something."""
        return [self.state, self.header, self.welcome, self.past, self.latest, self.limits, self.panel]

    @property
    def page(self) -> list[Any]:
        """All that follows a visitor's session."""
        return [*self.clickable, self.question, self.send, self.stop, self.clear]
