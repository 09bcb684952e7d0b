"""The page's components and what happens on each event. Imports Gradio: ``ui.py`` imports this late."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, Final

import gradio as gr

from assistant.core import Assistant
from index.errors import TanyaError
from index.reading import count_articles, read_articles
from index.types import Article, Failure

from . import conversation, masthead
from .actions import Actions, Data
from .evidence import article_panel
from .examples import Examples
from .feedback import Feedback
from .history import conversations_panel
from .library import library_panel, report_lines
from .session import Session
from .strings import LANGUAGES, preferred_language, say

__all__ = ["build"]

# Gives page.js one way to say that the visitor did something, whichever component the element stands in. Gradio knows
# an event of one's own, 'seed', by its name in quotes here.
_CONNECT: Final = """
const events = {ask: 'submit', retry: 'submit', search: 'submit', seed: 'seed'};
element.act = (action, data) => trigger(events[action] ?? 'click', {...data, action});
"""
_SETTLE: Final = "() => tanyaPage.settle()"
_REMEMBERED: Final = "(session, remembered) => [session, tanyaPage.remembered()]"

Update = dict[Any, Any]


def build(assistant: Assistant, seeds: Path | None = None) -> gr.Blocks:
    """The page for an assistant.

    Args:
        assistant: answers the questions; its index is what the library shows.
        seeds: a file or folder of articles that an empty index is offered.
    """
    blocks = gr.Blocks(title="Tanya Berita", fill_width=True, analytics_enabled=False)
    with blocks:
        _Page(assistant, seeds).connect(blocks)
    return blocks


class _Page:
    """The components, and the handlers of their events. What is a visitor's own is in the ``Session``, never here."""

    def __init__(self, assistant: Assistant, seeds: Path | None) -> None:
        self.assistant = assistant
        self.seeds = seeds
        self.seed_count = count_articles(seeds) if seeds is not None else 0
        self.examples = Examples(assistant)
        self.rated = not assistant.settings.ui_read_only
        feedback = assistant.settings.ui_feedback or assistant.index.path / "feedback.jsonl"
        self.actions = Actions(assistant, Feedback(feedback) if self.rated else None)
        connected: dict[str, Any] = {"js_on_load": _CONNECT, "apply_default_css": False}
        start = Session()
        self.session = gr.State(start)
        self.remembered = gr.Textbox(visible=False)
        self.header = gr.HTML(self._header(start), elem_id="head", **connected)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                self.welcome = gr.HTML(self._welcome(start), elem_id="welcome", **connected)
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

    def connect(self, blocks: gr.Blocks) -> None:
        """Joins events and handlers. Answers are queued, as many at once as there are cores; the rest is immediate."""
        talk: list[Any] = [self.welcome, self.past, self.latest]
        page: list[Any] = [
            self.header, *talk, self.limits, self.question, self.send, self.stop, self.clear, self.panel,
        ]  # fmt: skip
        at_once: dict[str, Any] = {"queue": False, "show_progress": "hidden", "api_visibility": "private"}
        queued: dict[str, Any] = {"api_visibility": "private", "show_progress": "minimal"}
        answers: list[Any] = []
        beginnings = [
            self.question.submit(self.ask, [self.session, self.question], page, **at_once),
            self.send.click(self.ask, [self.session, self.question], page, **at_once),
            *(part.submit(self.ask_again, [self.session], page, **at_once) for part in (self.welcome, self.latest)),
        ]
        for begun in beginnings:
            answer = begun.then(self.answer, [self.session], [self.latest], concurrency_limit=os.cpu_count(), **queued)
            ended = answer.then(self.finish, [self.session], page, **at_once)
            ended.then(self.follow, [self.session], [self.latest], concurrency_limit=1, **queued)
            answers.append(answer)
        self.stop.click(self.halt, [self.session], page, cancels=answers, **at_once)
        self.clear.click(self.restart, [self.session], page, cancels=answers, **at_once).then(None, js=_SETTLE)
        for component in (self.header, *talk, self.limits, self.panel):
            # Not Gradio's "once", which drops what is chosen before the last choice has been answered.
            acted = component.click(self.act, [self.session], page, trigger_mode="multiple", **at_once)
            acted.then(None, js=_SETTLE)
        opened = blocks.load(self.open, [self.session, self.remembered], page, js=_REMEMBERED, **at_once)
        opened.then(None, js=_SETTLE)
        seeded = self.welcome.seed(self.seed, [self.session], page, concurrency_limit=1, **queued)
        for changed in (opened, seeded):
            found = changed.then(self.suggest, [self.session], [self.welcome], concurrency_limit=None, **queued)
            found.then(self.rest, [self.session], page, **at_once)

    # What the visitor does

    def open(self, session: Session, remembered: str, request: gr.Request) -> Update:
        """A page is loaded: in the language last chosen, or the browser's, with the conversation it was left with."""
        session.clear()
        preferred = preferred_language(request.headers.get("accept-language", ""))
        kept = _object(remembered)
        session.language = LANGUAGES.get(kept.get("language", ""), preferred)
        if kept.get("conversation"):
            with _told():
                self.actions.restore(session, kept["conversation"])
        return self._all(session)

    def suggest(self, session: Session) -> Update:
        """Example questions that the index answers; found once for all visitors, after the page is there."""
        with _told():
            session.examples = self.examples.questions()
            return {self.welcome: self._welcome(session)}

    def ask(self, session: Session, question: str) -> Update:
        """A question is sent."""
        return {**self._all(session), self.question: ""} if session.begin(question) else {self.panel: gr.skip()}

    def ask_again(self, session: Session, event: gr.EventData) -> Update:
        """An example is chosen, or the last question is to be asked once more, perhaps with another one searched."""
        data = _data(event)
        match data.get("action"):
            case "ask":
                session.begin(data.get("question", ""))
            case "retry" | "search":
                query = data.get("query", "") or (session.exchanges[-1].query if session.exchanges else "")
                session.begin(session.withdraw(), query)
        return self._all(session)

    def answer(self, session: Session) -> Iterator[Update]:
        """The last question's answer, as it grows."""
        exchange = session.take()
        if exchange is None:
            yield {self.latest: gr.skip()}
            return
        asked = (exchange.query, ()) if exchange.query else (exchange.question, session.history)
        try:
            for answer in self.assistant.stream(*asked, filter=session.filter):
                more = session.put(exchange, answer=answer)
                if more is None:
                    return
                exchange = more
                yield {self.latest: self._latest(session)}
        except TanyaError as error:
            session.put(exchange, problem=str(error))
            yield {self.latest: self._latest(session)}
        except GeneratorExit:
            session.put(exchange, stopped=True)
            raise
        finally:
            # Still unanswered: an error that is ours to mend. Gradio reports it, and the conversation goes on.
            session.put(exchange, problem=say(session.language, "problem"))

    def finish(self, session: Session) -> Update:
        """An answer has ended. One that was never begun had no place in the queue."""
        session.refuse(say(session.language, "crowded"))
        return self._all(session)

    def follow(self, session: Session) -> Update:
        """Questions that may be asked next, because the articles answer them."""
        exchange = session.exchanges[-1] if session.exchanges else None
        if exchange is not None and exchange.answer is not None and not exchange.pending and not exchange.follow_ups:
            asked = [earlier.question for earlier in session.exchanges]
            with _told():
                session.suggest(exchange, self.examples.after(exchange.answer, asked))
        return {self.latest: self._latest(session)}

    def rest(self, session: Session) -> Update:
        """Something slow has ended: whatever the visitor chose meanwhile is shown again, in case that came first."""
        return self._all(session)

    def halt(self, session: Session) -> Update:
        """The answer is not waited for any longer."""
        session.stop()
        return self._all(session)

    def restart(self, session: Session) -> Update:
        """A new conversation begins."""
        session.clear()
        return {**self._all(session), self.question: ""}

    def act(self, session: Session, event: gr.EventData) -> Update:
        """Something in the page is chosen: a marker, an article, the library, a limit, the language."""
        with _told():
            self.actions.act(session, _data(event))
        return self._all(session)

    def seed(self, session: Session, progress: gr.Progress = gr.Progress()) -> Update:  # noqa: B008 - Gradio's way
        """The bundled articles are indexed."""
        if self.seeds is not None:
            try:
                report = self.assistant.index.add(_counted(read_articles(self.seeds), self.seed_count, progress))
                session.notice = report_lines(report, session.language)
            except TanyaError as error:
                session.notice = (str(error),)
        session.examples = None
        return self._all(session)

    # What the visitor sees

    def _all(self, session: Session) -> Update:
        language, busy = session.language, session.busy
        with _told():
            shown = {
                self.header: self._header(session),
                self.welcome: self._welcome(session),
                self.past: conversation.past(session),
                self.latest: self._latest(session),
                self.limits: masthead.limits(session),
                self.panel: self._panel(session),
            }
        question = gr.update(label=say(language, "question"), placeholder=say(language, "placeholder"))
        if session.draft is not None:
            question["value"], session.draft = session.draft, None
        return {
            **shown,
            self.question: question,
            self.send: gr.update(value=say(language, "ask"), visible=not busy),
            self.stop: gr.update(value=say(language, "stop"), visible=busy),
            self.clear: gr.update(value=say(language, "clear"), visible=bool(session.exchanges)),
        }

    def _header(self, session: Session) -> str:
        return masthead.header(session, self.assistant.index.coverage())

    def _welcome(self, session: Session) -> str:
        return conversation.welcome(session, self.assistant.index.coverage(), self.seed_count)

    def _latest(self, session: Session) -> str:
        return conversation.latest(session, len(self.assistant.index), rated=self.rated)

    def _panel(self, session: Session) -> str:
        index, panel = self.assistant.index, session.panel
        match panel.kind:
            case "closed":
                return ""
            case "library":
                return library_panel(session, index.articles(session.filter), index.coverage())
            case "conversations":
                return conversations_panel(session)
            case "article":
                return article_panel(session, index.get(panel.article), None)
        return self._evidence(session)

    def _evidence(self, session: Session) -> str:
        """The source of the answer that the panel belongs to: as the answer quoted it, whatever the index holds now."""
        panel = session.panel
        exchange = session.exchange(panel.turn)
        answer = exchange.answer if exchange is not None else None
        if answer is not None and panel.kind == "citation":
            for citation in answer.citations:
                if citation.number == panel.number:
                    return article_panel(session, citation.article, citation)
        if answer is not None and panel.kind == "passage" and 0 <= panel.number < len(answer.passages):
            passage = answer.passages[panel.number]
            return article_panel(session, passage.article, passage)
        return ""


@contextmanager
def _told() -> Iterator[None]:
    """Errors made to be shown are shown, as the sentences they are; Gradio hides all others behind a word."""
    try:
        yield
    except TanyaError as error:
        raise gr.Error(escape(str(error)), print_exception=False) from error


def _data(event: gr.EventData) -> Data:
    data = event._data  # noqa: SLF001 - Gradio offers the fields one by one only
    return _texts(data)


def _object(text: str) -> Data:
    """A JSON object's text fields; none if it is no object."""
    try:
        return _texts(json.loads(text or "{}"))
    except (ValueError, RecursionError):
        return {}


def _texts(data: object) -> Data:
    return {key: value for key, value in data.items() if isinstance(value, str)} if isinstance(data, Mapping) else {}


def _counted(articles: Iterator[Article | Failure], total: int, progress: gr.Progress) -> Iterator[Article | Failure]:
    for place, article in enumerate(articles):
        progress((place, max(total, place + 1)))
        yield article
