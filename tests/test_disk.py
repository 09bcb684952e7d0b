"""Disks that are full, folders that cannot be written to or are gone: one clear line, and nothing reported is lost."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from index.errors import IndexStoreError
from index.store import ArticleIndex
from tests.encoders import HashingEncoder
from tests.test_store import ROOT, article, dense_ids, finds, long_article, reopened, through_chroma

__all__ = ["through_chroma"]  # pytest applies it here too


def tanya(index: Path, *arguments: str, prefix: tuple[str, ...] = ()) -> str:
    """Runs the command, which must fail with one line; returns that line."""
    done = subprocess.run(
        [*prefix, sys.executable, "-m", "assistant.cli", "--index", str(index), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=os.environ | {"TMPDIR": str(index.parent)},
    )
    assert done.returncode == 1, done.stderr
    (line,) = [line for line in done.stderr.splitlines() if line.startswith("tanya: ")]
    assert "Traceback" not in done.stderr
    return line


def no_file_beyond(size: int) -> tuple[str, ...]:
    """What a command begins with so that it cannot make a file longer than that: to it, the disk is full."""
    return ("sh", "-c", f'ulimit -f {size // 512}; exec "$0" "$@"')


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    path = tmp_path / "berita.jsonl"
    rows = ({"title": a.title, "text": a.text} for a in (long_article(n) for n in range(200)))
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    return path


@pytest.mark.slow
@pytest.mark.parametrize("size", [400_000, 1_500_000])
def test_a_full_disk_is_said_and_loses_nothing(tmp_path: Path, corpus: Path, size: int) -> None:
    path = tmp_path / "index"
    with ArticleIndex.open(path) as index:
        added = index.add(article(n) for n in range(300)).added
    line = tanya(path, "add", str(corpus), prefix=no_file_beyond(size))
    assert "full" in line or "room" in line
    with ArticleIndex.open(path) as index:
        assert set(added) <= {a.id for a in index.articles()}
        assert finds(index, 17)
        assert index.check().sound, "the next search or change brings Chroma in step"
        assert len(list((path / "vectors").iterdir())) == 1


def test_a_copy_that_finds_no_room_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        index.add(long_article(n) for n in range(40))

        def half(source: Path, target: Path) -> None:
            target.mkdir()
            (target / "chroma.sqlite3").write_bytes(b"half")
            raise shutil.Error([(source, target, "[Errno 28] No space left on device")])

        with monkeypatch.context() as full:
            full.setattr(shutil, "copytree", half)
            with pytest.raises(IndexStoreError, match="Make room"):
                index.add(long_article(n) for n in range(100, 140))
        assert len(list((tmp_path / "vectors").iterdir())) == 1
        assert finds(index, 139), "the archive has it, and the search repaired the rest"
        assert dense_ids(index) == index._archive.chunk_ids()


def unprivileged() -> tuple[str, ...]:
    """What a command begins with so that permissions count, also for root."""
    if os.geteuid():
        return ()
    program = shutil.which("setpriv")
    drop = "-dac_override,-dac_read_search"
    prefix = (str(program), f"--bounding-set={drop}", f"--inh-caps={drop}")
    if not program or subprocess.run([*prefix, "true"], capture_output=True, check=False).returncode:
        pytest.skip("root may write everywhere, and setpriv cannot take that away here")
    return prefix


@pytest.mark.parametrize("where", ["index", "parent"])
def test_a_folder_that_cannot_be_written_to(tmp_path: Path, corpus: Path, where: str) -> None:
    prefix = unprivileged()
    parent = tmp_path / "terkunci"
    parent.mkdir()
    path = parent / "index"
    if where == "index":
        with ArticleIndex.open(path) as index:
            index.add([article(1)])
    folder = path if where == "index" else parent
    folder.chmod(0o555)
    try:
        assert "ermission" in tanya(path, "add", str(corpus), prefix=prefix)
        assert not (path / "vectors" / "2").exists()
    finally:
        folder.chmod(0o755)


def test_a_folder_that_is_deleted_while_it_is_open(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as index:
        index.add([article(1)])
        shutil.rmtree(tmp_path / "index")
        with pytest.raises(IndexStoreError, match=str(tmp_path)):
            index.add([article(2)])


def test_a_file_where_the_vectors_should_be(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        index.add([article(1)])
    shutil.rmtree(tmp_path / "vectors")
    (tmp_path / "vectors").write_text("bukan folder")
    with reopened(tmp_path) as index, pytest.raises(IndexStoreError, match="vectors"):
        index.retrieve("rapat")
