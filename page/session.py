"""One visitor's page: the conversation, the limits on it, and what the source panel shows. Never shared.

Mutable on purpose: while an answer streams in, its reader may already open a source, and both must see the same state.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Final, Literal

from assistant.types import Answer, Turn
from assistant.wording import Language
from index.types import Filter, IngestReport

__all__ = ["REASONS", "Choice", "Exchange", "Panel", "PanelKind", "Rating", "Session"]

REASONS: Final = ("wrong", "unsupported", "incomplete", "missed", "other")
"""Why an answer is not helpful."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rating:
    """What the visitor thinks of an answer."""

    helpful: bool
    reason: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and, as far as it has come, its answer; or the problem that kept it from one.

    ``query`` is what the visitor wants searched instead of the question; empty to leave that to the assistant.
    ``gone`` are the ids of articles of which nothing but the quotation is left: kept by the browser, and no longer in
    the index.
    """

    question: str
    query: str = ""
    asked: datetime = field(default_factory=lambda: datetime.now().astimezone())
    answer: Answer | None = None
    gone: frozenset[str] = frozenset()
    rating: Rating | None = None
    follow_ups: tuple[str, ...] = ()
    taken: bool = False
    problem: str = ""
    stopped: bool = False

    @property
    def pending(self) -> bool:
        """Whether the answer, or more of it, is still to come."""
        return not (self.problem or self.stopped or (self.answer is not None and self.answer.complete))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """How a visitor wants answers.

    ``careful`` refuses what is less than sure, ``brief`` shows the first quotation only, and ``reader`` lets the
    embedded reader answer by quotation although a chat model is configured.
    """

    careful: bool = False
    brief: bool = False
    reader: bool = False


PanelKind = Literal["closed", "library", "conversations", "preferences", "article", "citation", "passage"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the panel beside the conversation shows.

    ``citation`` and ``passage`` belong to one answer, ``turn``, and to the citation's number or the passage's place in
    it; ``article`` is opened from the library, ``words`` are what is searched for in it.
    """

    kind: PanelKind = "closed"
    turn: int = 0
    number: int = 0
    article: str = ""
    words: str = ""


@dataclass(slots=True)
class Session:
    """The state of one open page. The browser keeps the conversation under its ``id``."""

    language: Language = "id"
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    exchanges: list[Exchange] = field(default_factory=list)
    filter: Filter = field(default_factory=Filter)
    choice: Choice = field(default_factory=Choice)
    panel: Panel = field(default_factory=Panel)
    examples: tuple[str, ...] | None = None
    notice: tuple[str, ...] = ()
    report: IngestReport | None = None  # of what this visitor added last
    progress: tuple[int, int] | None = None  # articles read and to read, while something is added
    draft: str | None = None  # to be put into the question box

    @property
    def busy(self) -> bool:
        """Whether an answer is under way; only one at a time is."""
        return bool(self.exchanges) and self.exchanges[-1].pending

    @property
    def history(self) -> tuple[Turn, ...]:
        """The answered exchanges before the last one."""
        return tuple(
            Turn(exchange.query or exchange.question, exchange.answer.text, exchange.answer.citations)
            for exchange in self.exchanges[:-1]
            if exchange.answer is not None and exchange.answer.complete
        )

    def begin(self, question: str, query: str = "") -> bool:
        """Puts a question at the end of the conversation and closes what the panel showed for another one.

        Args:
            question: what is asked.
            query: what is to be searched instead, where the visitor says so.

        Returns:
            Whether it was taken: not while another one is being answered, and not if it is blank.
        """
        question = question.strip()
        if not question or self.busy:
            return False
        self.exchanges.append(Exchange(question=question, query=query.strip()))
        self.panel = Panel()
        return True

    def take(self) -> Exchange | None:
        """The last exchange, to be answered; ``None`` if it is answered already or somebody does so."""
        if not self.busy or self.exchanges[-1].taken:
            return None
        self.exchanges[-1] = replace(self.exchanges[-1], taken=True)
        return self.exchanges[-1]

    def put(
        self, known: Exchange, *, answer: Answer | None = None, problem: str = "", stopped: bool = False
    ) -> Exchange | None:
        """Puts what more is known of an answer in the place of what was known.

        Args:
            known: what ``take`` or the last ``put`` returned.
            answer: how far it has come; ``None`` if no further than it was.
            problem: what keeps the question from an answer.
            stopped: nobody waits for more of it.

        Returns:
            The new exchange; ``None``, and nothing changes, if it is no longer waited for: stopped, withdrawn, cleared.
        """
        for place, exchange in enumerate(self.exchanges):
            if exchange is known and known.pending:
                self.exchanges[place] = replace(known, answer=answer or known.answer, problem=problem, stopped=stopped)
                return self.exchanges[place]
        return None

    def withdraw(self) -> str:
        """Takes the last question out of the conversation, to be asked again or changed; empty if there is none."""
        if not self.exchanges or self.busy:
            return ""
        self.panel = Panel()
        return self.exchanges.pop().question

    def stop(self) -> None:
        """Keeps what the last answer says so far."""
        if self.busy:
            self.put(self.exchanges[-1], stopped=True)

    def clear(self) -> None:
        """Starts a new conversation; language, limits and examples stay."""
        self.resume(secrets.token_hex(8), [])

    def arrive(self) -> None:
        """A conversation of one's own for whoever loads the page; what was asked or opened faster than that stays."""
        self.id = secrets.token_hex(8)

    def resume(self, conversation: str, exchanges: list[Exchange]) -> None:
        """Goes on with a conversation that the browser kept."""
        self.id = conversation
        self.exchanges = exchanges
        self.panel = Panel()

    def refuse(self, reason: str) -> None:
        """Ends the last exchange with a reason if nobody has begun to answer it."""
        if self.busy and not self.exchanges[-1].taken:
            self.put(self.exchanges[-1], problem=reason)

    def rate(self, turn: int, rating: Rating) -> Exchange | None:
        """Adds to an answer what the visitor thinks of it; ``None``, and nothing changes, if there is no answer."""
        exchange = self.exchange(turn)
        if exchange is None or exchange.pending or exchange.answer is None:
            return None
        self.exchanges[turn] = replace(exchange, rating=rating)
        return self.exchanges[turn]

    def suggest(self, known: Exchange, follow_ups: tuple[str, ...]) -> None:
        """Adds to the last exchange what may be asked next, if it still is the one that was known."""
        if self.exchanges and self.exchanges[-1] is known:
            self.exchanges[-1] = replace(known, follow_ups=follow_ups)

    def exchange(self, turn: int) -> Exchange | None:
        """The exchange at that place, counted from 0."""
        return self.exchanges[turn] if 0 <= turn < len(self.exchanges) else None

    def limit(self, wanted: Mapping[str, str]) -> bool:
        """Takes the limits of the library's form.

        Args:
            wanted: ``since`` and ``until`` in ISO 8601, ``publisher`` and ``topic``; empty or missing for any.

        Returns:
            Whether they make sense; if not, nothing changes.
        """
        if not self.limit_to(wanted.get("since", ""), wanted.get("until", "")):
            return False
        publishers, topics = (frozenset(filter(None, [wanted.get(name, "")])) for name in ("publisher", "topic"))
        self.filter = replace(self.filter, publishers=publishers, topics=topics)
        return True

    def limit_to(self, first: str, last: str) -> bool:
        """Takes a period, in ISO 8601, empty for any; returns whether it makes sense."""
        try:
            since, until = (date.fromisoformat(day) if day else None for day in (first, last))
        except ValueError:
            return False
        if since and until and since > until:
            return False
        self.filter = replace(self.filter, since=since, until=until)
        return True

    def unlimit(self, name: str) -> None:
        """Drops one limit by its name in ``Filter``."""
        match name:
            case "since":
                self.filter = replace(self.filter, since=None)
            case "until":
                self.filter = replace(self.filter, until=None)
            case "publishers":
                self.filter = replace(self.filter, publishers=frozenset())
            case "topics":
                self.filter = replace(self.filter, topics=frozenset())
