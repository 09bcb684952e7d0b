"""What is known of a source's documents since the last time: a JSON file in the index's folder for each source."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from index.errors import IndexStoreError

__all__ = ["Document", "State"]

_VERSION = 1
_AGAIN = timedelta(hours=20)  # a run at the same hour each day looks again each day


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page or file as it was last seen.

    ``etag`` and ``modified`` are its HTTP validators, ``stamp`` a file's time and size; ``hint`` is what the feed or
    sitemap said of its last change. ``sources`` are the ``Article.source`` of what it yielded, ``newest`` the latest
    day of publication among them, ``checked`` when it was last looked at.
    """

    etag: str | None = None
    modified: str | None = None
    stamp: str | None = None
    hint: str | None = None
    sources: tuple[str, ...] = ()
    newest: str | None = None
    checked: str = ""

    def is_current(self, hint: str | None, days: int, now: datetime) -> bool:
        """Whether it need not be read, given what a listing says of its last change.

        What yielded nothing the last time is read again once a day.
        """
        if not self.checked or not self.sources:
            return bool(self.checked) and not self._is_stale(now)
        return hint == self.hint if hint else not self.is_due(days, now)

    def is_due(self, days: int, now: datetime) -> bool:
        """Whether it is young enough to change, and was not looked at today."""
        if not self.newest or not self.checked:
            return False
        young = now.date() - date.fromisoformat(self.newest) <= timedelta(days=days)
        return days > 0 and young and self._is_stale(now)

    def _is_stale(self, now: datetime) -> bool:
        return now - datetime.fromisoformat(self.checked) >= _AGAIN


@dataclass(slots=True)
class State:
    """The documents of one source by address or path. ``save`` writes all of it or nothing."""

    path: Path
    documents: dict[str, Document] = field(default_factory=dict)

    @classmethod
    def load(cls, path: Path) -> State:
        """The state in the file; empty where there is none, or one that cannot be made sense of: all is read again."""
        try:
            data = json.loads(path.read_text(encoding="utf-8"))
            if data["version"] != _VERSION:
                return cls(path)
            known = {
                key: Document(**{**value, "sources": tuple(value["sources"])})
                for key, value in data["documents"].items()
            }
        except FileNotFoundError:
            return cls(path)
        except (ValueError, KeyError, TypeError, AttributeError):
            return cls(path)
        except OSError as error:
            raise IndexStoreError(f"{path} cannot be read: {error.strerror or error}. Check permissions.") from error
        return cls(path, known)

    def save(self) -> None:
        """Writes the file.

        Raises:
            IndexStoreError: the disk does not take it.
        """
        draft = self.path.with_suffix(".new")
        data = {"version": _VERSION, "documents": {key: asdict(one) for key, one in self.documents.items()}}
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with draft.open("w", encoding="utf-8") as file:
                json.dump(data, file, ensure_ascii=True)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self.path)
        except OSError as error:
            raise IndexStoreError(f"{self.path} cannot be written: {error.strerror or error}.") from error

    def sources(self) -> Iterator[str]:
        """What all documents yielded."""
        for document in self.documents.values():
            yield from document.sources

    def due(self, days: int, now: datetime, seen: Iterable[str]) -> list[str]:
        """Documents that should be looked at again and are not among those seen in this run."""
        passed = set(seen)
        return [key for key, one in self.documents.items() if key not in passed and one.is_due(days, now)]


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)
