"""Assistants for what visitors may choose: they share the index, and each is made when it is first wanted."""

from __future__ import annotations

from dataclasses import replace
from threading import Lock
from typing import Final

from assistant.core import Assistant

from .session import Choice

__all__ = ["CAREFUL", "Choices"]

CAREFUL: Final = 0.65
"""Probability from which a careful visitor's question counts as answered; the README says what it refuses."""


class Choices:
    """The assistants by choice; one of these for all visitors."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self._made: dict[tuple[bool, bool], Assistant] = {(False, False): assistant}
        self._lock = Lock()

    def pick(self, choice: Choice) -> Assistant:
        """The assistant that answers so. How long an answer is shown makes no difference to it."""
        with self._lock:
            key = (choice.careful, choice.reader)
            if key not in self._made:
                self._made[key] = self._variant(choice)
            return self._made[key]

    def _variant(self, choice: Choice) -> Assistant:
        settings = self._assistant.settings
        if choice.careful:
            # Whether the operator asked for a confidence or a precision, nobody careful gets less than that.
            surer = max(CAREFUL, self._assistant.threshold or 0)
            settings = replace(settings, confidence=surer, precision=None)
        return self._assistant.with_settings(settings, reader_only=choice.reader)
