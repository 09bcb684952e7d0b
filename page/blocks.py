"""The page's components and what happens on each event. Imports Gradio: ``ui.py`` imports this late."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any, Final

import gradio as gr

from assistant.core import Assistant
from index.errors import TanyaError
from index.reading import count_articles
from index.types import IngestReport

from .access import Rate
from .actions import Actions, Data
from .adding import SUFFIXES, Steps, add_address, add_folder, add_uploads
from .choices import Choices
from .conversation import past
from .examples import Examples
from .feedback import Feedback
from .library import Uploads
from .masthead import limits
from .messages import translated
from .session import Choice, Session
from .strings import LANGUAGES, number, preferred_language, say
from .views import Views

__all__ = ["build"]

# Gives page.js one way to say that the visitor did something, whichever component the element stands in. Gradio knows
# an event of one's own, 'bring', by its name in quotes here.
_CONNECT: Final = """
const events = {ask: 'submit', retry: 'submit', search: 'submit', seed: 'bring', fetch: 'bring'};
element.act = (action, data) => trigger(events[action] ?? 'click', {...data, action});
"""
_SETTLE: Final = "() => tanyaPage.settle()"
_REMEMBERED: Final = "(session, remembered) => [session, tanyaPage.remembered()]"

_STRAY = (3600, 86_400)  # seconds: how often uploads are looked through, and how old those are that nobody has taken

Update = dict[Any, Any]


def build(assistant: Assistant, seeds: Path | None = None, *, read_only: bool = False) -> gr.Blocks:
    """The page for an assistant.

    Args:
        assistant: answers the questions; its index is what the library shows.
        seeds: a file or folder of articles that an empty index is offered.
        read_only: whether visitors can only ask, whatever the settings say.
    """
    blocks = gr.Blocks(title="Tanya Berita", fill_width=True, analytics_enabled=False, delete_cache=_STRAY)
    with blocks:
        _Page(assistant, seeds, read_only or assistant.settings.ui_read_only).connect(blocks)
    return blocks


class _Page:
    """The components, and the handlers of their events. What is a visitor's own is in the ``Session``, never here."""

    def __init__(self, assistant: Assistant, seeds: Path | None, read_only: bool) -> None:
        settings = assistant.settings
        self.assistant = assistant
        self.seeds = seeds
        self.writable = not read_only
        self.uploads = Uploads(SUFFIXES, settings.ui_upload_files, settings.ui_upload_mb) if self.writable else None
        bundled = count_articles(seeds) if seeds is not None else 0
        self.views = Views(assistant.index, bundled, self.uploads, assistant.chat_model)
        self.choices = Choices(assistant)
        self.examples = Examples(self.choices.pick(Choice(reader=True)))
        feedback = Feedback(settings.ui_feedback or assistant.index.path / "feedback.jsonl")
        self.actions = Actions(assistant, feedback if self.writable else None, read_only=not self.writable)
        self.rate = Rate(settings.ui_rate)
        connected: dict[str, Any] = {"js_on_load": _CONNECT, "apply_default_css": False}
        start = Session()
        self.session = gr.State(start)
        self.remembered = gr.Textbox(visible=False)
        self.header = gr.HTML(self.views.header(start), elem_id="head", **connected)
        with gr.Row(elem_id="desk"):
            with gr.Column(elem_id="talk"):
                self.welcome = gr.HTML(self.views.welcome(start), elem_id="welcome", **connected)
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
                self.files = gr.File(file_count="multiple", visible="hidden", elem_id="files", render=self.writable)

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
        one_by_one: dict[str, Any] = {"concurrency_limit": 1, "concurrency_id": "adding", "show_progress": "hidden"}
        changes = [opened]
        if self.writable:
            one_by_one["api_visibility"] = "private"
            brought = (
                part.bring(self.bring, [self.session], page, **one_by_one) for part in (self.welcome, self.panel)
            )
            files = self.files.upload(self.add_files, [self.session, self.files], [*page, self.files], **one_by_one)
            changes += [*brought, files]
        for changed in changes:
            found = changed.then(self.suggest, [self.session], [self.welcome], concurrency_limit=None, **queued)
            found.then(self.rest, [self.session], page, **at_once)

    # What the visitor does

    def open(self, session: Session, remembered: str, request: gr.Request) -> Update:
        """A page is loaded: in the language last chosen, or the browser's, with the conversation it was left with."""
        session.arrive()
        preferred = preferred_language(request.headers.get("accept-language", ""))
        kept = _object(remembered)
        session.language = LANGUAGES.get(kept.get("language", ""), preferred)
        self.actions.act(session, {**_object(kept.get("choices", "")), "action": "choose"})
        if kept.get("conversation") and not session.exchanges:
            with _told(session):
                self.actions.restore(session, kept["conversation"])
        return self._all(session)

    def suggest(self, session: Session) -> Update:
        """Example questions that the index answers; found once for all visitors, after the page is there."""
        with _told(session):
            session.examples = self.examples.questions()
            return {self.welcome: self.views.welcome(session)}

    def ask(self, session: Session, question: str, request: gr.Request) -> Update:
        """A question is sent."""
        if not session.begin(question):
            return {self.panel: gr.skip()}
        self._count(session, request)
        return {**self._all(session), self.question: ""}

    def ask_again(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """An example is chosen, or the last question is to be asked once more, perhaps with another one searched."""
        data = _data(event)
        match data.get("action"):
            case "ask":
                session.begin(data.get("question", ""))
            case "retry" | "search":
                query = data.get("query", "") or (session.exchanges[-1].query if session.exchanges else "")
                session.begin(session.withdraw(), query)
        self._count(session, request)
        return self._all(session)

    def answer(self, session: Session) -> Iterator[Update]:
        """The last question's answer, as it grows."""
        exchange = session.take()
        if exchange is None:
            yield {self.latest: gr.skip()}
            return
        asked = (exchange.query, ()) if exchange.query else (exchange.question, session.history)
        try:
            for answer in self.choices.pick(session.choice).stream(*asked, filter=session.filter):
                more = session.put(exchange, answer=answer)
                if more is None:
                    return
                exchange = more
                yield {self.latest: self.views.latest(session)}
        except TanyaError as error:
            session.put(exchange, problem=str(error))
            yield {self.latest: self.views.latest(session)}
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
            with _told(session):
                session.suggest(exchange, self.examples.after(exchange.answer, asked))
        return {self.latest: self.views.latest(session)}

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
        with _told(session):
            self.actions.act(session, _data(event))
        return self._all(session)

    def bring(self, session: Session, event: gr.EventData) -> Iterator[Update]:
        """The bundled articles, or those at a web address, are added."""
        data = _data(event)
        if data.get("action") == "fetch":
            yield from self._adding(session, lambda: add_address(self.assistant.index, data.get("url", "")))
        elif self.seeds is not None:
            seeds = self.seeds
            yield from self._adding(session, lambda: add_folder(self.assistant.index, seeds))

    def add_files(self, session: Session, files: list[str] | None) -> Iterator[Update]:
        """Uploaded files are added."""
        paths = [Path(file) for file in files or ()]
        if self.uploads is not None and len(paths) > self.uploads.files:
            for path in paths:
                path.unlink(missing_ok=True)
            most = number(self.uploads.files, session.language)
            session.notice = (say(session.language, "too_many", count=most),)
            yield {**self._all(session), self.files: None}
            return
        yield from self._adding(session, lambda: add_uploads(self.assistant.index, paths))
        yield {self.files: None}

    def _adding(self, session: Session, begin: Callable[[], Steps]) -> Iterator[Update]:
        session.notice, session.report = (), None
        try:
            for step in begin():
                if isinstance(step, IngestReport):
                    session.report = step
                else:
                    session.progress = step
                    yield {self.welcome: self.views.welcome(session), self.panel: self.views.panel(session)}
        except TanyaError as error:
            session.notice = (str(error),)
        finally:
            session.progress = None
        session.examples = None
        yield self._all(session)

    def _count(self, session: Session, request: gr.Request) -> None:
        """Lets no visitor ask too often: known by their login, or else by their computer."""
        if session.busy and (
            seconds := self.rate.wait(request.username or (request.client and request.client.host) or "")
        ):
            session.refuse(say(session.language, "too_often", seconds=str(seconds)))

    # What the visitor sees

    def _all(self, session: Session) -> Update:
        language, busy = session.language, session.busy
        with _told(session):
            shown = {
                self.header: self.views.header(session),
                self.welcome: self.views.welcome(session),
                self.past: past(session),
                self.latest: self.views.latest(session),
                self.limits: limits(session),
                self.panel: self.views.panel(session),
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


@contextmanager
def _told(session: Session) -> Iterator[None]:
    """Errors made to be shown are shown, as the sentences they are; Gradio hides all others behind a word."""
    try:
        yield
    except TanyaError as error:
        raise gr.Error(escape(translated(str(error), session.language)), print_exception=False) from error


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
