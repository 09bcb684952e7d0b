"""The archive of an index: articles, their chunks, vectors and index terms, BM25 and filters.

One file, ``articles.db``, in WAL mode: what it has committed survives a kill and a power cut, readers never wait for
the writer, and everything else in an index folder can be rebuilt from it. Any thread may call any method; writing goes
through ``Archive.writing`` and is the business of one process at a time (see ``index.store``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.archive_writer import ArchiveWriter
from index.contents import Contents
from index.database import WAY_OUT
from index.errors import IndexDamagedError, IndexMismatchError, IndexStoreError
from index.schema import SCHEMA, SCHEMA_VERSION, Analysed, MadeBy, ReplicaState
from index.upkeep import Upkeep

__all__ = ["Analysed", "Archive", "ArchiveWriter", "ReplicaState", "check_schema"]


class Archive(Contents, Upkeep):
    """The articles of one index. Use ``create`` or ``open``."""

    @classmethod
    def create(cls, path: Path, meta: dict[str, str]) -> Archive:
        """A new, empty archive at ``path``, recording ``meta``. The file appears whole or not at all."""
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        archive = cls(draft)
        with archive.connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            rows = meta | {"schema": SCHEMA_VERSION, "revision": "0"}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())
        archive.close()
        draft.rename(path)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Archive:
        """The archive at ``path``.

        Raises:
            IndexMismatchError: another version of this program made it.
            IndexDamagedError: it is not an archive.
        """
        archive = cls(path)
        try:
            check_schema(path, archive.meta("schema"))
        except IndexStoreError:
            archive.close()
            raise
        return archive

    def meta(self, key: str) -> str:
        """What was recorded under ``key`` when the archive was made."""
        rows = self.select("SELECT value FROM meta WHERE key = ?", key)
        if not rows:
            raise IndexDamagedError(f"{self.path} does not say its {key}; {WAY_OUT}")
        return str(rows[0][0])

    def made_by(self) -> MadeBy:
        """What the archive was made with."""
        found = dict(self.select("SELECT key, value FROM meta"))
        try:
            return MadeBy(found["index"], found["encoder"], int(found["dimension"]), found["analyser"], found["schema"])
        except (KeyError, ValueError) as error:
            raise IndexDamagedError(f"{self.path} does not say what made it ({error}); {WAY_OUT}") from error

    def revision(self) -> int:
        """Grows with every transaction that changes chunks."""
        return int(self.meta("revision"))

    def replica(self, location: str) -> ReplicaState:
        """State of the vector index at ``location``; all zero when there has been none."""
        rows = self.select("SELECT folder, checksum, revision, pending FROM replicas WHERE location = ?", location)
        return ReplicaState(*rows[0]) if rows else ReplicaState()

    @contextmanager
    def writing(self) -> Iterator[ArchiveWriter]:
        """One transaction: all of it is kept, or none if the block raises."""
        with self.connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                writer = ArchiveWriter(connection)
                yield writer
                writer.finish()
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise


def check_schema(path: Path, version: str) -> None:
    """Refuses an archive whose tables this program does not know.

    Raises:
        IndexMismatchError: another version of this program made it.
    """
    if version != SCHEMA_VERSION:
        raise IndexMismatchError(
            f"{path.parent} was made by another version of this program (schema {version}, this one reads "
            f"{SCHEMA_VERSION}). Bring it up to date with: tanya rebuild. Or use that version."
        )
