"""One visitor's page: the conversation, the limits on it, and what the source panel shows. Never shared.

Mutable on purpose: while an answer streams in, its reader may already open a source, and both must see the same state.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

from assistant.types import Answer, Turn
from assistant.wording import Language
from index.types import Filter

__all__ = ["Exchange", "Panel", "Session"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """A question and, as far as it has come, its answer; or the problem that kept it from one."""

    question: str
    answer: Answer | None = None
    taken: bool = False
    problem: str = ""
    stopped: bool = False

    @property
    def pending(self) -> bool:
        """Whether the answer, or more of it, is still to come."""
        return not (self.problem or self.stopped or (self.answer is not None and self.answer.complete))


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """What the panel beside the conversation shows.

    ``citation`` and ``passage`` belong to one answer, ``turn``, and to the citation's number or the passage's place in
    it; ``article`` is opened from the library.
    """

    kind: Literal["closed", "library", "article", "citation", "passage"] = "closed"
    turn: int = 0
    number: int = 0
    article: str = ""


@dataclass(slots=True)
class Session:
    """The state of one open page."""

    language: Language = "id"
    exchanges: list[Exchange] = field(default_factory=list)
    filter: Filter = field(default_factory=Filter)
    panel: Panel = field(default_factory=Panel)
    examples: tuple[str, ...] | None = None
    notice: tuple[str, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether an answer is under way; only one at a time is."""
        return bool(self.exchanges) and self.exchanges[-1].pending

    @property
    def history(self) -> tuple[Turn, ...]:
        """The answered exchanges before the last one."""
        return tuple(
            Turn(exchange.question, exchange.answer.text)
            for exchange in self.exchanges[:-1]
            if exchange.answer is not None and exchange.answer.complete
        )

    def begin(self, question: str) -> bool:
        """Puts a question at the end of the conversation and closes what the panel showed for another one.

        Returns:
            Whether it was taken: not while another one is being answered, and not if it is blank.
        """
        question = question.strip()
        if not question or self.busy:
            return False
        self.exchanges.append(Exchange(question=question))
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
        self.exchanges = []
        self.panel = Panel()

    def limit(self, wanted: Mapping[str, str]) -> bool:
        """Takes the limits of the library's form: ``since`` and ``until`` in ISO 8601, ``publisher``; empty for any.

        Returns:
            Whether they make sense; if not, nothing changes.
        """
        try:
            since, until = (
                date.fromisoformat(wanted[name]) if wanted.get(name) else None for name in ("since", "until")
            )
        except ValueError:
            return False
        if since and until and since > until:
            return False
        publisher = wanted.get("publisher", "")
        self.filter = Filter(since=since, until=until, publishers=frozenset([publisher] if publisher else []))
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
