"""What visitors think of answers, a JSON object a line, to evaluate by."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from threading import Lock

from index.errors import SettingsError

from .records import record
from .session import Exchange

__all__ = ["Feedback"]

_LONGEST = 2_000  # characters of a comment


class Feedback:
    """Appends ratings to a file. One for all visitors."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = Lock()

    def store(self, conversation: str, turn: int, exchange: Exchange) -> None:
        """Stores an exchange with its rating. Of several lines about the same conversation and turn the last counts.

        Raises:
            SettingsError: the file cannot be written.
        """
        fields = record(exchange)
        if fields["rating"]:
            fields["rating"]["comment"] = fields["rating"]["comment"][:_LONGEST]
        stored = datetime.now().astimezone().isoformat(timespec="seconds")
        line = json.dumps({"conversation": conversation, "turn": turn, "stored": stored, **fields}, ensure_ascii=False)
        try:
            with self._lock:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                with self._path.open("a", encoding="utf-8") as file:
                    file.write(line + "\n")
        except OSError as error:
            raise SettingsError(
                f"{self._path} cannot be written ({error.strerror or error}): set TANYA_UI_FEEDBACK to a file that can."
            ) from error
