"""The one file that touches SQLite: connections to one database file, and its errors as ours."""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, Final

from index.errors import IndexDamagedError, IndexStoreError

__all__ = ["WAY_OUT", "Connection", "Database"]

Connection = sqlite3.Connection

WAY_OUT: Final = "bring back a copy with `tanya restore FILE --replace`, or keep what can be read with `tanya rebuild`."
"""What to do about a damaged archive."""
_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_TABLES_GONE = ("no such table", "vtable constructor failed", "malformed", "Could not decode")
# What SQLite says, by the name of its code, when the file is sound but cannot be used now.
_UNUSABLE = {
    "SQLITE_FULL": "cannot grow: the disk is full. Make room and try again",
    "SQLITE_READONLY": "cannot be written to; check the permissions of the file and its folder",
    "SQLITE_PERM": "cannot be opened; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened; check that the folder exists, and its permissions",
    "SQLITE_BUSY": "is being written to by another program; try again when it has finished",
    "SQLITE_LOCKED": "is being written to by another program; try again when it has finished",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error, or is full",
}


class Database:
    """One SQLite file in WAL mode. Any thread may call any method.

    Raises, from every method:
        IndexDamagedError: SQLite cannot make sense of the file.
        IndexStoreError: the file cannot be used now: disk full, no permission, locked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    def close(self) -> None:
        """Closes every connection that is not in use; those in use close when they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    @contextmanager
    def connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for this block alone. They are pooled: opening one costs more than most queries."""
        with self.translated():
            with self._lock:
                if self._closed:
                    raise IndexStoreError(f"The index in {self.path.parent} has been closed; open it again.")
                connection = self._idle.pop() if self._idle else None
            connection = connection or self._connect()
            try:
                yield connection
            finally:
                with self._lock:
                    keep = not self._closed
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def _connect(self) -> sqlite3.Connection:
        # The pool hands a connection to one thread at a time; autocommit, since transactions are written out.
        connection = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
        return connection

    @contextmanager
    def translated(self, path: Path | None = None) -> Iterator[None]:
        """SQLite's errors as ours, each with what to do."""
        path = path or self.path
        try:
            yield
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", "")
            for code, why in _UNUSABLE.items():
                if name.startswith(code):
                    raise IndexStoreError(f"{path} {why}.") from error
            if not name.startswith(_DAMAGED) and not str(error).startswith(_TABLES_GONE):
                raise  # a mistake of ours
            raise IndexDamagedError(f"{path} is damaged ({error}); {WAY_OUT}") from error

    def select(self, query: str, *values: object) -> list[Any]:
        """All rows of a query."""
        with self.connection() as connection:
            return connection.execute(query, values).fetchall()

    def select_among(self, query: str, keys: Sequence[object], *values: object) -> list[Any]:
        """Rows of ``query`` + " IN (keys)", however many keys there are; a JSON array needs one parameter."""
        return self.select(f"{query} IN (SELECT value FROM json_each(?))", *values, json.dumps(list(keys)))

    def copy_to(self, path: Path) -> None:
        """Writes a copy of this moment to ``path``, also while another process writes: SQLite's own backup."""
        with (
            self.connection() as connection,
            self.translated(path),
            closing(sqlite3.connect(path, isolation_level=None)) as copy,
        ):
            # One step for all pages: they are of one transaction, and the writer is not held up in WAL mode.
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it

    def move_to(self, path: Path) -> None:
        """Closes the database and renames its file, which appears at ``path`` whole or not at all."""
        with self.connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self.close()
        self.path.rename(path)

    def take_over(self, other: Database) -> None:
        """Becomes a copy of ``other`` in one transaction: readers see the old contents until it ends, and a kill
        leaves them as they were."""
        with other.connection() as source, self.connection() as connection:
            source.backup(connection)
