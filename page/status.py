"""What answers, and from what."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from index.types import Coverage

from .session import Session
from .strings import say

__all__ = ["Status"]


class Status(NamedTuple):
    """The index's size and last change, and the chat model that answers, by name; empty where there is none."""

    coverage: Coverage
    updated: date | None
    chat_model: str = ""

    def answers(self, session: Session) -> str:
        """The name of what answers this visitor."""
        by_reader = session.choice.reader or not self.chat_model
        return say(session.language, "reader") if by_reader else self.chat_model
