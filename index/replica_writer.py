"""Changes on their way into a vector index."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor

import numpy as np
import numpy.typing as npt

from index.archive import Archive
from index.vector_process import VectorProcess
from index.vectors import Vectors

__all__ = ["ReplicaWriter"]

_BLOCK = 5_000  # rows written at a time, while the next are prepared; Chroma rewrites its files after each block


class ReplicaWriter:
    """Collects changes and writes them in blocks, in the background: Chroma is slower than everything before it.

    Blocks go to ``vectors`` while there is ``room`` for so many rows (None: for any number), then to a copy. Whoever
    makes it is told whether there is a whole block: then a process of its own saves more than the second it costs.
    """

    def __init__(
        self,
        archive: Archive,
        vectors: Vectors | None,
        room: int | None,
        copy: Callable[[Vectors | None, bool], Vectors | VectorProcess],
    ) -> None:
        self.vectors = vectors
        self.copied: Vectors | VectorProcess | None = None
        self.written = 0
        self.last = 0
        self._archive = archive
        self._room = room
        self._copy = copy
        self.revision = archive.revision()
        self._removed: dict[str, None] = {}
        self._added: dict[str, npt.NDArray[np.float16]] = {}
        self._background = ThreadPoolExecutor(max_workers=1, thread_name_prefix="tanya-vectors")
        self._block: Future[None] | None = None

    def apply(self, removed: Iterable[str], ids: Sequence[str], matrix: Iterable[npt.NDArray[np.float16]]) -> None:
        """What the archive has just committed: chunk ids taken out, and chunk ids put in with their vectors.

        Rows of zeros have no direction and stay out.
        """
        for chunk_id in removed:
            self._added.pop(chunk_id, None)
            self._removed[chunk_id] = None
        for chunk_id, vector in zip(ids, matrix, strict=True):
            if vector.any():
                self._added[chunk_id] = vector
        self.revision = self._archive.revision()
        if len(self._added) + len(self._removed) >= _BLOCK:
            self._flush()

    def close(self) -> None:
        """Writes what is left and waits until everything is written.

        Raises:
            IndexStoreError: something could not be written; the archive has it, and the next use repairs this.
        """
        try:
            self._flush()
            self._wait()
        finally:
            self._background.shutdown()

    def _flush(self) -> None:
        removed, added = list(self._removed), self._added
        self._removed, self._added = {}, {}
        self._wait()
        if removed or added:
            self._block = self._background.submit(self._write, removed, added)

    def _wait(self) -> None:
        if self._block:
            self._block.result()

    def _write(self, removed: Sequence[str], added: Mapping[str, npt.NDArray[np.float16]]) -> None:
        self.last = len(removed) + len(added)
        self.written += self.last
        if self._room is not None and self.copied is None and self.written > self._room:
            self.copied = self._copy(self.vectors, self.last >= _BLOCK)
        target = self.copied or self.vectors
        if target is None:
            raise AssertionError("without a vector index there is no room, so a copy was made")
        target.delete(removed)
        target.write(list(added), np.array(list(added.values()), dtype=np.float32))
