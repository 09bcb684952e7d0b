"""What a visitor can do by choosing something in the page, as changes to the session. Knows nothing of Gradio."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Final

from assistant.core import Assistant

from .feedback import Feedback
from .records import restore
from .session import REASONS, Choice, Panel, PanelKind, Rating, Session
from .strings import LANGUAGES, say

__all__ = ["Actions", "Data", "text_fields", "text_fields_of"]

_LONGEST = 200  # characters to search the library for

Data = Mapping[str, str]
"""What the browser sent with an event: text fields only, because anybody can send anything."""


def text_fields(sent: object) -> Data:
    """The text fields of what was sent; none if it has no fields."""
    return {key: value for key, value in sent.items() if isinstance(value, str)} if isinstance(sent, Mapping) else {}


def text_fields_of(sent: str) -> Data:
    """Those of a JSON object; none if it is no object."""
    try:
        return text_fields(json.loads(sent or "{}"))
    except (ValueError, RecursionError):
        return {}


class Actions:
    """The actions by their names in ``data-action``; one for all visitors.

    Args:
        assistant: whose index holds the articles that conversations quote.
        feedback: takes ratings; ``None`` where none are wanted.
        read_only: whether nothing may be removed.
    """

    def __init__(self, assistant: Assistant, feedback: Feedback | None, *, read_only: bool = False) -> None:
        self._index = assistant.index
        self._feedback = feedback
        self._read_only = read_only
        self._actions: Final[Mapping[str, Callable[[Session, Data], None]]] = {
            "citation": self._open_evidence,
            "passage": self._open_evidence,
            "article": self._open_article,
            "library": _opener("library"),
            "conversations": _opener("conversations"),
            "preferences": _opener("preferences"),
            "close": self._close,
            "choose": self._choose,
            "find": self._find,
            "remove": self._remove,
            "period": self._period,
            "limit": self._limit,
            "unlimit": self._unlimit,
            "edit": self._edit,
            "undo": self._undo,
            "rate": self._rate,
            "why": self._why,
            "language": self._language,
            "restore": self._restore,
            "forget": self._forget,
        }

    def act(self, session: Session, data: Data) -> None:
        """Does what ``data["action"]`` names; anything else changes nothing."""
        action = self._actions.get(data.get("action", ""))
        if action is not None:
            session.notice = ()
            action(session, data)

    def restore(self, session: Session, kept: str) -> None:
        """Goes on with a conversation that the browser kept; says so if it cannot be read."""
        try:
            session.resume(*restore(kept, self._index.get))
        except ValueError:
            session.notice = (say(session.language, "not_restored"),)

    def _open_evidence(self, session: Session, data: Data) -> None:
        turn, number = _integer(data, "turn"), _integer(data, "number")
        session.panel = Panel(kind="citation" if data["action"] == "citation" else "passage", turn=turn, number=number)

    def _open_article(self, session: Session, data: Data) -> None:
        session.panel = Panel(kind="article", article=data.get("id", ""))

    def _close(self, session: Session, _: Data) -> None:
        session.panel = Panel()

    def _find(self, session: Session, data: Data) -> None:
        session.panel = Panel(kind="library", words=data.get("words", "").strip()[:_LONGEST])

    def _remove(self, session: Session, data: Data) -> None:
        article = self._index.get(data.get("id", ""))
        if self._read_only or article is None:
            return
        report = self._index.remove(article.id)
        session.panel, session.report = Panel(kind="library"), None
        session.notice = tuple(failure.reason for failure in report.failed) or (
            say(session.language, "removed", title=article.title),
        )

    def _period(self, session: Session, data: Data) -> None:
        session.limit_to(data.get("since", ""), data.get("until", ""))

    def _limit(self, session: Session, data: Data) -> None:
        if not session.limit(data):
            session.notice = (say(session.language, "bad_day"),)

    def _unlimit(self, session: Session, data: Data) -> None:
        session.unlimit(data.get("name", ""))

    def _edit(self, session: Session, _: Data) -> None:
        session.draft = session.withdraw() or None

    def _undo(self, session: Session, _: Data) -> None:
        session.withdraw()

    def _rate(self, session: Session, data: Data) -> None:
        self._store(session, _integer(data, "turn"), Rating(helpful=data.get("helpful") == "yes"))

    def _why(self, session: Session, data: Data) -> None:
        turn = _integer(data, "turn")
        exchange = session.exchange(turn)
        if exchange is not None and exchange.rating is not None:
            reason = data.get("reason", "")
            comment = data.get("comment", "").strip()
            rating = Rating(
                helpful=exchange.rating.helpful, reason=reason if reason in REASONS else "", comment=comment
            )
            self._store(session, turn, rating)

    def _store(self, session: Session, turn: int, rating: Rating) -> None:
        rated = session.rate(turn, rating) if self._feedback is not None else None
        if self._feedback is not None and rated is not None:
            self._feedback.store(session.id, turn, rated)

    def _choose(self, session: Session, data: Data) -> None:
        session.choice = Choice(
            careful=data.get("precision") == "careful",
            brief=data.get("length") == "brief",
            reader=data.get("answers_by") == "reader",
        )

    def _language(self, session: Session, data: Data) -> None:
        session.language = LANGUAGES.get(data.get("language", ""), session.language)

    def _restore(self, session: Session, data: Data) -> None:
        self.restore(session, data.get("record", ""))

    def _forget(self, session: Session, _: Data) -> None:
        opened = session.panel
        session.clear()
        session.panel = opened


def _opener(kind: PanelKind) -> Callable[[Session, Data], None]:
    """Opens one of the panels that belong to the whole page, or closes it if it is open."""

    def toggle(session: Session, _: Data) -> None:
        session.panel = Panel() if session.panel.kind == kind else Panel(kind=kind)

    return toggle


def _integer(data: Data, name: str) -> int:
    """A field as a number; -1, which is no turn and no citation, if it is none."""
    value = data.get(name, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else -1
