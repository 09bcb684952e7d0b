"""What happens on each event of the page: the session changes, and components show it."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from html import escape
from pathlib import Path
from typing import Any

import gradio as gr

from assistant.core import Assistant
from index.errors import TanyaError
from index.types import IngestReport

from .access import Rate
from .actions import Actions, Data, text_fields, text_fields_of
from .adding import Steps, add_address, add_folder, add_uploads
from .choices import Choices
from .conversation import past
from .examples import Examples
from .feedback import Feedback
from .layout import Layout
from .library import Uploads
from .masthead import limits
from .messages import translated
from .session import Choice, Session
from .strings import LANGUAGES, number, preferred_language, say
from .views import Views

__all__ = ["Handlers"]

Update = dict[Any, Any]


class Handlers:
    """For all visitors: what is a visitor's own is in the ``Session``, never here.

    Args:
        assistant: answers the questions; its index is what the library shows.
        layout: the components that the updates are for.
        views: show a session.
        seeds: a file or folder of articles that an empty index is offered.
        uploads: what visitors may add; ``None`` where they can only ask.
    """

    def __init__(
        self, assistant: Assistant, layout: Layout, views: Views, *, seeds: Path | None, uploads: Uploads | None
    ) -> None:
        settings = assistant.settings
        self._index = assistant.index
        self._layout = layout
        self._views = views
        self._seeds = seeds
        self._uploads = uploads
        self._choices = Choices(assistant)
        self._examples = Examples(self._choices.pick(Choice(reader=True)))
        feedback = Feedback(settings.ui_feedback or assistant.index.path / "feedback.jsonl") if uploads else None
        self._actions = Actions(assistant, feedback, read_only=uploads is None)
        self._rate = Rate(settings.ui_rate)
        self._states = itertools.count(1)

    def open(self, session: Session, remembered: str, request: gr.Request) -> Update:
        """A page is loaded: in the language last chosen, or the browser's, with the conversation it was left with."""
        session.arrive()
        preferred = preferred_language(request.headers.get("accept-language", ""))
        kept = text_fields_of(remembered)
        session.language = LANGUAGES.get(kept.get("language", ""), preferred)
        self._actions.act(session, {**text_fields_of(kept.get("choices", "")), "action": "choose"})
        if kept.get("conversation") and not session.exchanges:
            opened = session.panel
            with _told(session):
                self._actions.restore(session, kept["conversation"])
            session.panel = opened
        return self._all(session)

    def suggest(self, session: Session) -> Update:
        """Example questions that the index answers; found once for all visitors, after the page is there."""
        with _told(session):
            session.examples = self._examples.questions()
        return self._all(session)

    def ask(self, session: Session, question: str, request: gr.Request) -> Update:
        """A question is sent."""
        if not session.begin(question):
            return {self._layout.panel: gr.skip()}
        self._count(session, request)
        return {**self._all(session), self._layout.question: ""}

    def ask_again(self, session: Session, event: gr.EventData, request: gr.Request) -> Update:
        """An example is chosen, or the last question is to be asked once more, perhaps with another one searched."""
        data = _data(event)
        match data.get("action"):
            case "ask":
                begun = session.begin(data.get("question", ""))
            case "retry" | "search":
                query = data.get("query", "") or (session.exchanges[-1].query if session.exchanges else "")
                begun = session.begin(session.withdraw(), query)
            case _:
                begun = False
        if begun:
            self._count(session, request)
        return self._all(session)

    def answer(self, session: Session) -> Iterator[Update]:
        """The last question's answer, as it grows."""
        exchange = session.take()
        if exchange is None:
            yield {self._layout.latest: gr.skip()}
            return
        asked = (exchange.query, ()) if exchange.query else (exchange.question, session.history)
        try:
            for answer in self._choices.pick(session.choice).stream(*asked, filter=session.filter):
                more = session.put(exchange, answer=answer)
                if more is None:
                    return
                exchange = more
                yield {self._layout.latest: self._views.latest(session)}
        except TanyaError as error:
            session.put(exchange, problem=str(error))
            yield {self._layout.latest: self._views.latest(session)}
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
                session.suggest(exchange, self._examples.after(exchange.answer, asked))
        return self._all(session)

    def halt(self, session: Session) -> Update:
        """The answer is not waited for any longer."""
        session.stop()
        return self._all(session)

    def restart(self, session: Session) -> Update:
        """A new conversation begins."""
        session.clear()
        return {**self._all(session), self._layout.question: ""}

    def act(self, session: Session, event: gr.EventData) -> Update:
        """Something in the page is chosen: a marker, an article, the library, a limit, the language.

        Nothing is, where page.js only asks for the page as it is now.
        """
        with _told(session):
            self._actions.act(session, _data(event))
        return self._all(session)

    def bring(self, session: Session, event: gr.EventData) -> Iterator[Update]:
        """The bundled articles, or those at a web address, are added."""
        data = _data(event)
        if data.get("action") == "fetch":
            yield from self._adding(session, lambda: add_address(self._index, data.get("url", "")))
        elif self._seeds is not None:
            seeds = self._seeds
            yield from self._adding(session, lambda: add_folder(self._index, seeds))

    def add_files(self, session: Session, files: list[str] | None) -> Iterator[Update]:
        """Uploaded files are added."""
        paths = [Path(file) for file in files or ()]
        if self._uploads is not None and len(paths) > self._uploads.files:
            for path in paths:
                path.unlink(missing_ok=True)
            most = number(self._uploads.files, session.language)
            session.notice = (say(session.language, "too_many", count=most),)
            yield {**self._all(session), self._layout.files: None}
            return
        yield from self._adding(session, lambda: add_uploads(self._index, paths))
        yield {self._layout.files: None}

    def _adding(self, session: Session, begin: Callable[[], Steps]) -> Iterator[Update]:
        session.notice, session.report = (), None
        try:
            for step in begin():
                if isinstance(step, IngestReport):
                    session.report = step
                else:
                    session.progress = step
                    yield {
                        self._layout.welcome: self._views.welcome(session),
                        self._layout.panel: self._views.panel(session),
                    }
        except TanyaError as error:
            session.notice = (str(error),)
        finally:
            session.progress = None
        session.examples = None
        yield self._all(session)

    def _count(self, session: Session, request: gr.Request) -> None:
        """Lets no visitor ask too often: known by their login, or else by their computer."""
        if session.busy and (
            seconds := self._rate.wait(request.username or (request.client and request.client.host) or "")
        ):
            session.refuse(say(session.language, "too_often", seconds=str(seconds)))

    def _all(self, session: Session) -> Update:
        """The whole page, with the number of this state of it: two may overtake each other on the way."""
        layout, language, busy = self._layout, session.language, session.busy
        state = next(self._states)  # before anything is shown: what changes from here on comes with a higher one
        with _told(session):
            shown = {
                layout.state: f"<i>{state}</i>",
                layout.header: self._views.header(session),
                layout.welcome: self._views.welcome(session),
                layout.past: past(session),
                layout.latest: self._views.latest(session),
                layout.limits: limits(session),
                layout.panel: self._views.panel(session),
            }
        question = gr.update(label=say(language, "question"), placeholder=say(language, "placeholder"))
        if session.draft is not None:
            question["value"], session.draft = session.draft, None
        return {
            **shown,
            layout.question: question,
            layout.send: gr.update(value=say(language, "ask"), visible=not busy),
            layout.stop: gr.update(value=say(language, "stop"), visible=busy),
            layout.clear: gr.update(value=say(language, "clear"), visible=bool(session.exchanges)),
        }


@contextmanager
def _told(session: Session) -> Iterator[None]:
    """Errors made to be shown are shown, as the sentences they are; Gradio hides all others behind a word."""
    try:
        yield
    except TanyaError as error:
        raise gr.Error(escape(translated(str(error), session.language)), print_exception=False) from error


def _data(event: gr.EventData) -> Data:
    return text_fields(event._data)  # noqa: SLF001 - Gradio offers the fields one by one only
