"""A session as the page shows it, with the index behind it."""

from __future__ import annotations

from collections.abc import Iterable

from index.store import ArticleIndex
from index.types import Article

from .conversation import latest, welcome
from .evidence import article_panel
from .history import conversations_panel
from .library import Holdings, Uploads, library_panel
from .masthead import header
from .preferences import preferences_panel
from .session import Session
from .status import Status

__all__ = ["Views"]

_FOUND = 50  # passages that a search of the library looks at


class Views:
    """The parts of the page that depend on what is indexed.

    Args:
        index: the articles.
        seeds: how many bundled ones an empty index could take; 0 for none.
        uploads: what visitors may add; ``None`` where they can only ask.
        chat_model: the name of the one that writes the answers; empty where none does.
    """

    def __init__(self, index: ArticleIndex, seeds: int, uploads: Uploads | None, chat_model: str = "") -> None:
        self._index = index
        self._seeds = seeds
        self._uploads = uploads
        self._writable = uploads is not None
        self._chat_model = chat_model

    def header(self, session: Session) -> str:
        """The masthead."""
        return header(session, self._status())

    def welcome(self, session: Session) -> str:
        """What to do first."""
        return welcome(session, self._index.coverage(), self._seeds, writable=self._writable)

    def latest(self, session: Session) -> str:
        """The last exchange."""
        return latest(session, len(self._index), writable=self._writable)

    def panel(self, session: Session) -> str:
        """What stands beside the conversation; empty for nothing."""
        panel = session.panel
        match panel.kind:
            case "closed":
                return ""
            case "library":
                return library_panel(session, self._holdings(session), self._uploads)
            case "conversations":
                return conversations_panel(session)
            case "preferences":
                return preferences_panel(session, self._status())
            case "article":
                return article_panel(session, self._index.get(panel.article), removable=self._writable)
        return _evidence(session)

    def _status(self) -> Status:
        updated = self._index.updated
        day = updated.astimezone().date() if updated else None
        return Status(self._index.coverage(), day, self._chat_model)

    def _holdings(self, session: Session) -> Holdings:
        wanted, words = session.filter, session.panel.words
        articles: Iterable[Article] = self._index.articles(wanted)
        if words:
            found = self._index.retrieve(words, _FOUND, filter=wanted)
            articles = {passage.article.id: passage.article for passage in found}.values()
        return Holdings(articles, self._index.days(wanted), self._index.coverage())


def _evidence(session: Session) -> str:
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
