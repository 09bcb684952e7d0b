"""The writer's lock of an index folder: held by one process, and gone with it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.errors import IndexLockedError, IndexStoreError

__all__ = ["LOCK", "PATIENCE", "writers_lock"]

LOCK = "writer.lock"
PATIENCE = 2.0
"""Seconds to wait for another writer: long enough for a small change, too short for an ingest."""


@contextmanager
def writers_lock(folder: Path, patience: float | None = None, name: str = LOCK) -> Iterator[None]:
    """Holds the lock for the block; ``patience`` is PATIENCE unless given.

    Raises:
        IndexLockedError: another process still holds it after that time.
        IndexStoreError: the folder cannot be written to.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(folder / name, timeout=PATIENCE if patience is None else patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(
            f"Another process is writing to {folder}. Searching goes on; wait until it has finished, then try again."
        ) from error
    except OSError as error:
        raise IndexStoreError(
            f"{folder} cannot be written to: {error.strerror or error}. Check permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()
