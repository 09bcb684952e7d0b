"""Writing many vectors from a process of its own: Chroma holds the interpreter's lock for as long as it writes.

In one process, articles would wait to be prepared while Chroma writes, and searches and answers would stand still. The
process writes into a folder that nothing points to yet. It ends when its input does, so also when whoever started it
was killed; what it has written by then is cleared away like any other unfinished folder.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.errors import IndexStoreError
from index.vectors import CollectionLabel, Vectors

__all__ = ["VectorProcess"]

_MAIN = "from index.vector_process import main; main()"
_PATIENCE = 60.0  # seconds for the process to let go of its files


class VectorProcess:
    """Writes into the collection in ``folder`` as ``index.vectors.Vectors`` does; one thread writes.

    Raises, from every method that writes:
        IndexStoreError: as ``Vectors`` does, or the process has ended.
    """

    def __init__(self, folder: Path, label: CollectionLabel, *, persist_every: int) -> None:
        self.folder = folder
        path = os.pathsep.join(part or str(Path.cwd()) for part in sys.path)  # to find the same modules
        try:
            # No multiprocessing: it would run the program's main script once more.
            self._process = subprocess.Popen(  # noqa: S603 (this interpreter, and nothing that came from outside)
                [sys.executable, "-P", "-c", _MAIN],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": path},
            )
        except OSError as error:
            raise IndexStoreError(f"No process can be started to write {folder}: {error}. Try again.") from error
        if not self._process.stdin or not self._process.stdout:
            raise AssertionError("both were asked for")
        self._requests, self._answers = self._process.stdin, self._process.stdout
        try:
            self._ask(folder, label, persist_every)
        except IndexStoreError:
            self.close()
            raise

    def write(self, ids: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        """See ``Vectors.write``."""
        self._ask("write", ids, vectors)

    def delete(self, ids: Sequence[str]) -> None:
        """See ``Vectors.delete``."""
        self._ask("delete", ids)

    def close(self) -> None:
        """Waits until the process has let go of its files. Safe to call twice."""
        with contextlib.suppress(BrokenPipeError):  # it has ended before it read everything
            self._requests.close()
        try:
            self._process.wait(_PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._answers.close()

    def _ask(self, *request: object) -> None:
        """Sends a request, and waits until it is done."""
        try:
            pickle.dump(request, self._requests, pickle.HIGHEST_PROTOCOL)
            self._requests.flush()
            error = pickle.load(self._answers)  # noqa: S301 (from our own process)
        except (OSError, EOFError, pickle.UnpicklingError, ValueError) as gone:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(1)  # its output ends a moment before it does
            raise IndexStoreError(
                f"The process that writes vectors into {self.folder} has ended (status {self._process.poll()}). "
                "Nothing is lost: the next search or change makes them again."
            ) from gone
        if error is not None:
            raise error


def main() -> None:
    """What the process does: the first request says where to write, the others what."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started it, and who then closes the input
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # whatever a library prints must not get among the answers
    vectors: Vectors | None = None
    try:
        while True:
            error: IndexStoreError | None = None
            request = pickle.load(sys.stdin.buffer)  # noqa: S301 (from the process that started this one)
            try:
                if vectors is None:
                    folder, label, persist_every = request
                    vectors = Vectors.in_folder(folder, label, persist_every=persist_every)
                else:
                    method, *arguments = request
                    getattr(vectors, method)(*arguments)
            except IndexStoreError as failed:
                error = failed
            pickle.dump(error, answers)
            answers.flush()
    except (EOFError, pickle.UnpicklingError):
        if vectors:
            vectors.close()
    except BrokenPipeError:
        os._exit(0)  # nobody is there to hear the answer
