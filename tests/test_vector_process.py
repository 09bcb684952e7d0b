"""The process that writes many vectors: what it writes, how it fails, and that it never outlives whoever started it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index import ingest, replica_writer
from index.errors import IndexDamagedError, IndexStoreError
from index.store import ArticleIndex
from index.types import Article
from index.vector_process import VectorProcess
from index.vectors import CollectionLabel, Vectors
from tests.test_store import ROOT, dense_ids, encoder, finds, index, long_article, reopened, through_chroma

__all__ = ["encoder", "index", "through_chroma"]  # pytest applies them here too

LABEL = CollectionLabel("sebuah indeks", "model", 8)


def vectors_of(count: int) -> tuple[list[str], np.ndarray]:
    matrix = np.random.default_rng(count).normal(size=(count, 8)).astype(np.float32)
    return [f"a:{n}-{n + 1}" for n in range(count)], matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "zombie" not in Path(f"/proc/{pid}/status").read_text() if Path("/proc").is_dir() else True


def wait_until_gone(pid: int) -> None:
    deadline = time.monotonic() + 60
    while is_alive(pid):
        assert time.monotonic() < deadline, f"process {pid} still runs"
        time.sleep(0.05)


def test_it_writes_what_vectors_reads(tmp_path: Path) -> None:
    ids, matrix = vectors_of(300)
    process = VectorProcess(tmp_path, LABEL, persist_every=100)
    process.write(ids, matrix)
    process.delete(ids[:10])
    process.close()
    process.close()
    written = Vectors.in_folder(tmp_path, LABEL)
    assert written.ids() == set(ids[10:])
    assert written.search(matrix[42], 1) == [ids[42]]
    written.close()


def test_errors_arrive_as_they_were_raised(tmp_path: Path) -> None:
    Vectors.in_folder(tmp_path, CollectionLabel("ein anderer", "model", 8)).close()
    with pytest.raises(IndexDamagedError, match="holds vectors of something else"):
        VectorProcess(tmp_path, LABEL, persist_every=100)


def test_a_process_that_is_killed_is_said_to_have_ended(tmp_path: Path) -> None:
    ids, matrix = vectors_of(300)
    process = VectorProcess(tmp_path, LABEL, persist_every=100)
    process._process.kill()
    with pytest.raises(IndexStoreError, match="has ended"):
        process.write(ids, matrix)
    process.close()


OWNER = """
import sys
import time
from pathlib import Path
from index.vector_process import VectorProcess
from tests.test_vector_process import LABEL
process = VectorProcess(Path(sys.argv[1]), LABEL, persist_every=100)
print(process._process.pid, flush=True)
time.sleep(600)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="kills and asks by signals")
def test_it_ends_with_a_killed_owner(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as owner:
        assert owner.stdout
        pid = int(owner.stdout.readline())
        assert is_alive(pid)
        owner.send_signal(signal.SIGKILL)
    wait_until_gone(pid)


SCRIPT = """
import sys
from index import ingest, replica_writer
from index.store import ArticleIndex
from tests.encoders import HashingEncoder
from tests.test_store import long_article
replica_writer._BLOCK = 100
with ArticleIndex.open(sys.argv[1], embedding=HashingEncoder()) as index:
    print(len(index.add(long_article(n) for n in range(30)).added))
"""


def test_a_script_without_a_main_guard_is_run_once(tmp_path: Path) -> None:
    script = tmp_path / "naskah.py"
    script.write_text(SCRIPT, encoding="utf-8")
    command = [sys.executable, str(script), str(tmp_path / "indeks")]
    done = subprocess.run(command, capture_output=True, text=True, env=os.environ | {"PYTHONPATH": str(ROOT)})
    assert (done.returncode, done.stdout) == (0, "30\n"), done.stderr


# ---- in an index


def started(monkeypatch: pytest.MonkeyPatch) -> list[VectorProcess]:
    """The processes that writing starts from now on; blocks are small."""
    processes: list[VectorProcess] = []
    start = VectorProcess.__init__

    def noted(self: VectorProcess, folder: Path, label: CollectionLabel, *, persist_every: int) -> None:
        start(self, folder, label, persist_every=persist_every)
        processes.append(self)

    monkeypatch.setattr(VectorProcess, "__init__", noted)
    monkeypatch.setattr(replica_writer, "_BLOCK", 100)
    return processes


def test_much_is_written_by_a_process_and_little_is_not(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    processes = started(monkeypatch)
    index.add([long_article(0)])
    assert not processes
    index.add(long_article(n) for n in range(1, 40))
    assert len(processes) == 1
    assert processes[0]._process.returncode == 0
    assert dense_ids(index) == index.archive.chunk_ids()
    assert all(finds(index, n) for n in (0, 1, 39))
    with reopened(index.path) as again:
        assert finds(again, 39)
        assert again.check().sound


def test_a_process_that_dies_loses_no_article(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    processes = started(monkeypatch)
    monkeypatch.setattr(ingest, "_ARTICLES", 100)

    def articles() -> Iterator[Article]:
        for n in range(250):
            if n == 230:
                processes[0]._process.kill()
            yield long_article(n, sentences=6)

    with pytest.raises(IndexStoreError, match="has ended"):
        index.add(articles())
    kept = len(index)
    assert kept >= 200, "two batches of articles were there before it died"
    with reopened(index.path) as again:
        assert len(again) == kept
        assert finds(again, 199)
        assert dense_ids(again) == again.archive.chunk_ids()
        assert len(list((index.path / "vectors").iterdir())) == 1


def test_where_no_process_starts_no_copy_stays_behind(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replica_writer, "_BLOCK", 20)
    monkeypatch.setattr("index.vector_process._MAIN", "raise SystemExit(3)")
    with pytest.raises(IndexStoreError, match=r"has ended \(status 3\)"):
        index.add(long_article(number) for number in range(300))
    assert [path for path in (index.path / "vectors").iterdir() if path.is_dir()] == []
