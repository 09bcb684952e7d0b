"""Keeps the vector index in step with the archive, whatever happens to either.

The archive is the truth and records, for every vector index, which of its revisions that one holds. A local vector
index is one numbered folder. Its persisted files never change once the archive points to it: up to ``TAIL`` rows are
added to its log, anything larger goes into a copy that is switched to when it is complete. So a kill at any moment
leaves a sound folder that lacks some rows at most, readers never open a file that is being written, and a checksum
tells damage before Chroma does (it crashes on some).
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.archive import Archive, ReplicaState
from index.errors import IndexDamagedError, IndexLockedError, IndexMismatchError, IndexStoreError
from index.replica_writer import ReplicaWriter
from index.vector_folders import checksum, clear_away, next_folder
from index.vector_process import VectorProcess
from index.vectors import ChromaAddress, CollectionLabel, Vectors

__all__ = ["TAIL", "Replica"]

TAIL = 256
"""Rows that a local vector index may hold in its log alone; the log is replayed on every opening, in about .2 s."""

_SAME = 0.999  # cosine between a vector in Chroma and the stored one, which has half its precision


class Replica:
    """The vector index of one archive: in ``folder``, or on a server. Safe to search from several threads.

    ``lock`` is entered for repairs; it raises IndexLockedError at once if somebody is writing.
    """

    def __init__(
        self,
        archive: Archive,
        folder: Path,
        address: ChromaAddress | None,
        lock: Callable[[], AbstractContextManager[None]],
    ) -> None:
        self._archive = archive
        self._folder = folder
        self._address = address
        self._lock = lock
        self._location = address.location if address else "local"
        self._opening = threading.Lock()
        self._opened: tuple[ReplicaState, CollectionLabel, Vectors] | None = None
        self._counted = False

    def search(self, vector: npt.NDArray[np.float32], n: int) -> list[str]:
        """Chunk ids of the ``n`` nearest vectors, nearest first; some may no longer exist in the archive.

        Repairs the vector index first if it is damaged or behind. While another process writes, it is searched as it
        is, and one that is damaged finds nothing: lexical search answers alone until that process has repaired it.
        """
        rebuilt = False
        while True:
            state, label = self._state(), self._label()
            if len(vector) != label.dimension:
                raise IndexMismatchError(f"{label.encoder} has {label.dimension} dimensions, the query {len(vector)}.")
            try:
                if not self._in_step():
                    self._repaired(state, fresh=False)
                vectors = self._current()
                return vectors.search(vector, n) if vectors else []
            except IndexStoreError as error:
                if self._state() != state:
                    continue  # another process switched to a new folder and cleared this one away
                if rebuilt or not isinstance(error, IndexDamagedError):
                    raise
                if not self._repaired(state, fresh=True):
                    return []
                rebuilt = True

    @contextmanager
    def writing(self) -> Iterator[ReplicaWriter]:
        """For whoever holds the writer's lock: in step before, and in step with all that was applied after."""
        try:
            if not self._in_step():
                self._repair(fresh=False)
        except IndexDamagedError:
            self._repair(fresh=True)
        writer = self._writer(self._current())
        try:
            yield writer
        finally:
            self._finish(writer)

    def close(self) -> None:
        """Lets go of the vector index."""
        with self._opening:
            self._opened = None

    def problems(self) -> list[str]:
        """What differs between the vector index and the archive, in plain words; the writer's lock must be held."""
        try:
            vectors = self._current()
            held = vectors.ids() if vectors else set()
            wanted = self._archive.chunk_ids()
            if not vectors:
                return [f"There is no vector index yet for {len(wanted):,} vectors."] if wanted else []
            found = []
            if missing := len(wanted - held):
                found.append(f"{missing:,} of {len(wanted):,} vectors are missing in Chroma.")
            if extra := len(held - wanted):
                found.append(f"Chroma holds {extra:,} vectors of chunks that do not exist.")
            if different := self._different(vectors, held):
                found.append(f"{different:,} vectors in Chroma are not those of their chunks.")
            if self._state().revision != self._archive.revision():
                found.append("The vector index was not brought up to date after the last change.")
        except IndexDamagedError as error:
            return [str(error)]
        return found

    def renew(self) -> None:
        """Makes the vector index anew from the stored vectors; the writer's lock must be held."""
        vectors = self._current() if self._address else None
        if vectors:
            vectors.delete(sorted(vectors.ids()))
        self._repair(fresh=True)

    def _different(self, vectors: Vectors, held: set[str]) -> int:
        """Number of vectors in Chroma that are not the stored ones; Chroma keeps them at length 1."""
        count = 0
        for ids, matrix in self._archive.all_vectors():
            there = [row for row, chunk_id in enumerate(ids) if chunk_id in held]
            found = vectors.get([ids[row] for row in there])
            for row in there:
                vector, other = matrix[row].astype(np.float32), found.get(ids[row])
                count += other is None or bool(other @ vector < _SAME * np.linalg.norm(other))
        return count

    def _state(self) -> ReplicaState:
        return self._archive.replica(self._location)

    def _label(self) -> CollectionLabel:
        """Read each time: a rebuild in another process changes it."""
        made_by = self._archive.made_by()
        return CollectionLabel(made_by.index, made_by.encoder, made_by.dimension)

    def _in_step(self) -> bool:
        """Whether the vector index holds what the archive holds, by revision and by number of rows.

        Rows are counted when it is opened; after that only this program changes them, and counts revisions.
        """
        self._current()
        return self._counted and self._state().revision == self._archive.revision()

    def _current(self) -> Vectors | None:
        """The vector index as it stands now, opened again if it changed; None where there has never been one."""
        with self._opening:
            while True:
                state, label = self._state(), self._label()
                if self._opened and self._opened[1] == label and (self._opened[0] == state or self._address):
                    return self._opened[2]
                self._opened = None
                try:
                    vectors = self._open(state, label)
                    held = vectors.count() if vectors else 0
                except IndexStoreError:
                    if (self._state(), self._label()) == (state, label):
                        raise
                    continue  # another process switched to a new folder and cleared this one away,
                if (self._state(), self._label()) != (state, label):
                    continue  # or Chroma found nothing and made it anew
                self._counted = held == self._archive.vector_count()
                if vectors:
                    self._opened = (state, label, vectors)
                return vectors

    def _open(self, state: ReplicaState, label: CollectionLabel) -> Vectors | None:
        if self._address:
            return Vectors.on_server(self._address, label)
        if not state.folder:
            return None
        folder = self._folder / state.folder
        if not folder.is_dir() or checksum(folder) != state.checksum:
            raise IndexDamagedError(f"{folder} is damaged or missing.")
        return Vectors.in_folder(folder, label)

    # ---- repairs and writes: for whoever holds the writer's lock

    def _repaired(self, state: ReplicaState, *, fresh: bool) -> bool:
        """Repairs what was found in ``state``, unless somebody is writing; whether it is repaired."""
        try:
            with self._lock():
                if self._state() == state:  # else another process was first
                    self._repair(fresh=fresh)
        except IndexLockedError:
            return False
        return True

    def _repair(self, *, fresh: bool) -> None:
        """Makes the vector index equal to the archive, from the vectors stored there; ``fresh`` builds a new one."""
        self.close()
        vectors = None if fresh and not self._address else self._current()
        have = vectors.ids() if vectors else set()
        writer = self._writer(vectors)
        writer.apply(sorted(have - self._archive.chunk_ids()), (), ())
        for ids, matrix in self._archive.all_vectors():
            missing = [row for row, chunk_id in enumerate(ids) if chunk_id not in have]
            writer.apply((), [ids[row] for row in missing], matrix[missing])
        self._finish(writer)

    def _writer(self, vectors: Vectors | None) -> ReplicaWriter:
        left = max(0, TAIL - self._state().pending) if vectors else 0
        return ReplicaWriter(self._archive, vectors, None if self._address else left, self._copy)

    def _copy(self, vectors: Vectors | None, much: bool) -> Vectors | VectorProcess:
        """A new folder with what the vector index holds, or empty if that is unusable or there is none.

        ``much`` is to be written there, which takes a process of its own.
        """
        folder = next_folder(self._folder)
        try:
            if vectors:
                shutil.copytree(self._folder / self._state().folder, folder)
            else:
                folder.mkdir(parents=True)
        except OSError as error:
            shutil.rmtree(folder, ignore_errors=True)  # half a copy would keep a full disk full
            why = error.strerror or "not every file could be copied"  # copytree collects errors without a common word
            raise IndexStoreError(f"{folder} cannot be written: {why}. Make room, or check permissions.") from error
        open_folder = VectorProcess if much else Vectors.in_folder
        try:
            return open_folder(folder, self._label(), persist_every=TAIL)
        except IndexStoreError:
            shutil.rmtree(folder, ignore_errors=True)
            raise

    def _finish(self, writer: ReplicaWriter) -> None:
        """Waits until all is written, and points the archive to it."""
        before = self._state()
        try:
            writer.close()
        except IndexStoreError:
            if writer.copied:
                writer.copied.close()
                clear_away(self._folder, before.folder)
            raise
        if writer.copied and writer.copied.folder:
            folder = writer.copied.folder
            writer.copied.close()
            opened: Vectors | None = Vectors.in_folder(folder, self._label())
            state = ReplicaState(
                folder.name, checksum(folder), writer.revision, writer.last if writer.last < TAIL else 0
            )
        elif writer.vectors is None:  # and nothing to write
            opened, state = None, ReplicaState(revision=writer.revision)
        else:
            opened = writer.vectors
            state = replace(before, revision=writer.revision, pending=before.pending + writer.written)
        if state == before:
            return
        with self._opening:  # or a search in this moment would open the new folder once more
            with self._archive.writing() as archive:
                archive.set_replica(self._location, state)
            self._opened = (state, self._label(), opened) if opened else None
            self._counted = True
        if state.folder != before.folder:
            clear_away(self._folder, state.folder)
