"""ArticleIndex on a real archive and a real Chroma: what is added, changed, damaged, killed and locked."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
import pytest

from index import retrieval
from index.errors import (
    EmbeddingError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStoreError,
)
from index.replica import TAIL
from index.store import ArticleIndex
from index.types import Article, Failure, Filter
from index.vectors import Vectors
from tests.encoders import HashingEncoder

ROOT = Path(__file__).parents[1]


def article(number: int, **fields: object) -> Article:
    """An article about a word of its own, which finds it."""
    values: dict[str, object] = {
        "title": f"Rapat desa ke-{number}",
        "text": f"Kepala desa membahas perkara{number} bersama warga. Rapat ke-{number} itu selesai pada malam hari.",
        "source": f"/berita/{number}.txt",
        "publisher": "Kabar Desa",
        "published": date(2024, 1, 1),
    }
    return Article(**(values | fields))


def long_article(number: int, sentences: int = 60) -> Article:
    """An article of some ten chunks."""
    text = " ".join(
        f"Kalimat ke-{n} menyebut perkara{number} dan bilangan {n * 7} tanpa maksud lain." for n in range(sentences)
    )
    return article(number, text=text)


@pytest.fixture(autouse=True)
def through_chroma(monkeypatch: pytest.MonkeyPatch) -> None:
    """The indexes here are small enough to be scored without Chroma; these tests are about what Chroma holds."""
    monkeypatch.setattr(retrieval, "_SMALL", 0)


@pytest.fixture
def encoder() -> HashingEncoder:
    return HashingEncoder()


@pytest.fixture
def index(tmp_path: Path, encoder: HashingEncoder) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path / "index", embedding=encoder) as opened:
        yield opened


def reopened(path: Path) -> ArticleIndex:
    return ArticleIndex.open(path, create=False, embedding=HashingEncoder())


def dense_ids(index: ArticleIndex) -> set[str]:
    """Chunk ids in the vector index, as a search sees them."""
    vectors = index._replica._current()
    return vectors.ids() if vectors else set()


def finds(index: ArticleIndex, number: int) -> bool:
    best = index.retrieve(f"perkara{number}", 1)
    return bool(best) and f"perkara{number} " in best[0].article.text


# ---- adding, changing, removing


def test_added_articles_come_back_whole(index: ArticleIndex) -> None:
    given = article(
        1,
        url="https://example.com/1",
        author="Sri",
        editor="Budi",
        updated=datetime(2024, 1, 2, 3, 4, tzinfo=UTC),
        language="id",
        topics=("Desa", "Rapat"),
    )
    report = index.add([given, article(2)])
    assert set(report.added) == {given.id, article(2).id}
    assert index.get(given.id) == given
    assert index.get(given.id[:6]) == given
    assert index.get("zzz") is None
    assert index.get("") is None
    assert len(index) == 2
    assert index.chunk_count == 2


def test_adding_again_embeds_and_writes_nothing(index: ArticleIndex, encoder: HashingEncoder) -> None:
    articles = [article(n) for n in range(5)]
    index.add(articles)
    encoded = encoder.encoded
    files = {path: path.stat().st_mtime_ns for path in index.path.rglob("*.db*")}
    report = index.add(articles)
    assert len(report.unchanged) == 5
    assert not report.added
    assert encoder.encoded == encoded
    assert {path: path.stat().st_mtime_ns for path in index.path.rglob("*.db*")} == files


def test_a_changed_source_replaces_its_article(index: ArticleIndex) -> None:
    old = article(1)
    index.add([old])
    new = article(1, text="Warga menanam bakau di tepi sungai.")
    report = index.add([new])
    assert report.updated == (new.id,)
    assert not report.removed
    assert [found.id for found in index.articles()] == [new.id]
    assert dense_ids(index) == {p.chunk.id for p in index.retrieve("bakau")}


def test_metadata_alone_is_updated_without_embedding(index: ArticleIndex, encoder: HashingEncoder) -> None:
    index.add([article(1, topics=("Lama",))])
    encoded = encoder.encoded
    dated = article(1, published=date(2024, 5, 5), topics=("Baru",))
    report = index.add([dated])
    assert report.updated == (dated.id,)
    assert index.get(dated.id) == dated
    assert encoder.encoded == encoded
    day = date(2024, 5, 5)
    assert index.retrieve("rapat", filter=Filter(since=day, until=day, topics=frozenset({"baru"})))
    assert not index.retrieve("rapat", filter=Filter(topics=frozenset({"lama"})))


def test_another_name_for_the_same_article(index: ArticleIndex, encoder: HashingEncoder) -> None:
    first, second = article(1), article(1, source="/salinan/1.txt", published=date(2030, 1, 1))
    assert first.id == second.id
    report = index.add([first, second])
    assert (report.added, report.unchanged) == ((first.id,), (first.id,))
    assert index.get(first.id) == first, "the copy's metadata must not take over"
    for _ in range(2):  # nor may the two take turns
        assert not index.add([first, second]).updated

    changed = article(1, text="Berita pertama kini lain sekali.")
    assert index.add([changed]).updated == (changed.id,)
    assert len(index) == 2, "the copy still yields the old article"
    kept = index.get(first.id)
    assert kept is not None
    assert kept.source == second.source

    last = replace(changed, source=second.source)
    report = index.add([last])
    assert report.removed == (first.id,), "its last source now yields a known article"
    assert [found.id for found in index.articles()] == [changed.id]


def test_a_source_that_comes_twice_keeps_the_last(index: ArticleIndex) -> None:
    first, last = article(1), article(1, text="Versi terakhir dari berita yang sama.")
    report = index.add([first, last])
    assert report.updated == (last.id,)
    assert [found.id for found in index.articles()] == [last.id]
    assert dense_ids(index) == index._archive.chunk_ids()


def test_rows_that_move_by_one_are_not_lost(index: ArticleIndex, encoder: HashingEncoder) -> None:
    rows = [article(n, source=f"/tabel.csv#{n}") for n in range(1, 6)]
    index.add(rows)
    encoded = encoder.encoded
    moved = [
        article(99, source="/tabel.csv#1"),
        *(replace(row, source=f"/tabel.csv#{n}") for n, row in enumerate(rows, 2)),
    ]
    report = index.add(moved)
    assert report.updated == (moved[0].id,)
    assert len(report.unchanged) == 5
    assert not report.removed
    assert encoder.encoded == encoded + 1
    assert {found.id for found in index.articles()} == {row.id for row in moved}


def test_remove(index: ArticleIndex) -> None:
    index.add([article(1), article(2)])
    report = index.remove(article(1).id[:8])
    assert report.removed == (article(1).id,)
    assert index.get(article(1).id) is None
    assert not any(p.article.id == article(1).id for p in index.retrieve("perkara1"))
    assert dense_ids(index) == {p.chunk.id for p in index.retrieve("perkara2")}
    (failure,) = index.remove(article(1).id).failed
    assert failure.source == article(1).id
    assert index.add([article(1)]).added


def test_failures_are_reported_and_stop_nothing(tmp_path: Path) -> None:
    poisoned = article(2, text="Naskah ini beracun.")
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder(poison="beracun")) as index:
        index.add([article(3)])
        report = index.add(
            [
                article(1),
                Failure("rusak.pdf", "tidak terbaca"),
                poisoned,
                article(4, text="Huruf rusak \ud800 di sini."),
                replace(poisoned, source=article(3).source),
            ]
        )
        assert report.added == (article(1).id,)
        assert {failure.source for failure in report.failed} == {"rusak.pdf", poisoned.source, "/berita/4.txt"}
        assert index.get(article(3).id), "a new version that cannot be embedded leaves the old one"


def test_a_model_that_gives_nonsense_is_a_failure(tmp_path: Path) -> None:
    class Nonsense(HashingEncoder):
        def encode_documents(self, texts):
            return super().encode_documents(texts) * float("nan")

    with ArticleIndex.open(tmp_path, embedding=Nonsense()) as index:
        (failure,) = index.add([article(1)]).failed
        assert "not finite" in failure.reason


def test_an_error_among_the_articles_keeps_what_came_before(index: ArticleIndex) -> None:
    def articles() -> Iterator[Article]:
        for n in range(600):
            yield article(n)
        raise KeyError("source broke")

    with pytest.raises(KeyError):
        index.add(articles())
    assert len(index) >= 512
    assert dense_ids(index) == index._archive.chunk_ids()


def test_articles_and_coverage(index: ArticleIndex) -> None:
    index.add(
        [
            article(1, published=date(2024, 3, 1), topics=("Ekonomi",)),
            article(
                2, published=datetime(2024, 4, 1, 23, 0, tzinfo=UTC), publisher="kabar desa", topics=("ekonomi", "Laut")
            ),
            article(3, published=None, publisher=None),
        ]
    )
    assert [found.title for found in index.articles()] == [article(n).title for n in (2, 1, 3)]
    assert [found.title for found in index.articles(Filter(until=date(2024, 3, 31)))] == [article(1).title]
    coverage = index.coverage()
    assert (coverage.articles, coverage.chunks) == (3, 3)
    assert (coverage.first_day, coverage.last_day) == (date(2024, 3, 1), date(2024, 4, 1))
    assert coverage.publishers == {"Kabar Desa": 2}
    assert coverage.topics == {"Ekonomi": 2, "Laut": 1}


def test_text_of_which_the_model_knows_nothing(index: ArticleIndex) -> None:
    index.add([article(1, title="!!!", text="???")])
    assert len(index) == 1
    assert index.retrieve("rapat") == []
    index.add([article(2)])
    assert finds(reopened(index.path), 2)


# ---- opening


def test_create(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError, match="no index"):
        ArticleIndex.open(tmp_path / "none", create=False)
    assert not (tmp_path / "none").exists()
    ArticleIndex.open(tmp_path / "new", create=True, embedding=HashingEncoder()).close()
    with pytest.raises(IndexStoreError, match="already"):
        ArticleIndex.open(tmp_path / "new", create=True, embedding=HashingEncoder())


def test_a_folder_that_is_no_index_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "surat.txt").write_text("penting")
    with pytest.raises(IndexMissingError, match=r"surat\.txt"):
        ArticleIndex.open(tmp_path, embedding=HashingEncoder())
    assert [path.name for path in tmp_path.iterdir()] == ["surat.txt"]
    with pytest.raises(IndexStoreError, match="cannot be used"):
        ArticleIndex.open(tmp_path / "surat.txt" / "index", embedding=HashingEncoder())


def test_a_creation_that_was_killed_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "articles.db.new").write_bytes(b"")
    (tmp_path / "writer.lock").touch()
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        assert index.add([article(1)]).added


@pytest.mark.parametrize("other", [HashingEncoder("lain"), HashingEncoder(dimension=32), "tanya-static-v2"])
def test_another_model_is_refused_by_name(index: ArticleIndex, other: HashingEncoder | str) -> None:
    with pytest.raises(IndexMismatchError, match="'hashing'"):
        ArticleIndex.open(index.path, embedding=other)


def test_the_recorded_model_is_used_when_none_is_given(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def load(name: str) -> HashingEncoder:
        asked.append(name)
        return loaded

    monkeypatch.setattr("index.embedding.load_embedding", load)
    loaded = HashingEncoder()
    with ArticleIndex.open(index.path) as again:
        assert len(again) == 0
        assert not asked, "counting needs no model"
        assert again.add([article(1)]).added
        assert finds(again, 1)
        assert asked == ["hashing"]
    loaded = HashingEncoder(dimension=32)
    with ArticleIndex.open(index.path) as again, pytest.raises(IndexMismatchError, match="64 dimensions"):
        again.retrieve("rapat")


def test_a_recorded_model_that_is_gone(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def load(name: str) -> HashingEncoder:
        raise EmbeddingError("There is no such model.")

    monkeypatch.setattr("index.embedding.load_embedding", load)
    with ArticleIndex.open(index.path) as again, pytest.raises(EmbeddingError, match=r"made with .* 'hashing'"):
        again.add([article(1)])


@pytest.mark.parametrize(("key", "value"), [("schema", "0"), ("analyser", "lain")])
def test_another_version_is_refused(index: ArticleIndex, key: str, value: str) -> None:
    index.close()
    with sqlite3.connect(index.path / "articles.db") as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))
    connection.close()
    with pytest.raises(IndexMismatchError):
        reopened(index.path)


def test_closed_is_closed(index: ArticleIndex) -> None:
    index.close()
    index.close()
    with pytest.raises(IndexStoreError, match="closed"):
        len(index)


# ---- damage


@pytest.mark.parametrize("how", ["garbage", "truncated", "empty", "tables gone"])
def test_a_damaged_archive_is_said_to_be(index: ArticleIndex, how: str) -> None:
    index.add([article(1)])
    index.close()
    path = index.path / "articles.db"
    if how == "garbage":
        path.write_bytes(b"bukan basis data" * 1000)
    elif how == "truncated":
        os.truncate(path, 6000)
    elif how == "empty":
        path.write_bytes(b"")
    else:
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE meta")
        connection.close()
    with pytest.raises(IndexDamagedError, match=r"articles\.db"):
        reopened(index.path)


def damage_vectors(path: Path, how: str) -> None:
    (folder,) = (path / "vectors").iterdir()
    if how == "folder deleted":
        shutil.rmtree(path / "vectors")
    elif how == "log garbage":
        (folder / "chroma.sqlite3").write_bytes(b"bukan basis data" * 1000)
    elif how == "log torn":
        with (folder / "chroma.sqlite3").open("r+b") as file:
            file.seek(8192)
            file.write(os.urandom(100_000))
    elif how == "log deleted":
        (folder / "chroma.sqlite3").unlink()
    else:
        name = {
            "graph garbage": "data_level0.bin",
            "graph deleted": "index_metadata.pickle",
            "links garbage": "link_lists.bin",
        }
        (file_path,) = folder.glob("*/" + name[how])
        size = file_path.stat().st_size
        file_path.unlink()
        if "garbage" in how:
            file_path.write_bytes(os.urandom(size))


DAMAGE = ["folder deleted", "log garbage", "log torn", "log deleted", "graph garbage", "graph deleted", "links garbage"]


@pytest.mark.parametrize("how", DAMAGE)
def test_a_damaged_vector_index_is_rebuilt(tmp_path: Path, how: str) -> None:
    encoder = HashingEncoder()
    with ArticleIndex.open(tmp_path, embedding=encoder) as index:
        index.add(long_article(n) for n in range(40))
        assert index.chunk_count > TAIL
    damage_vectors(tmp_path, how)
    with reopened(tmp_path) as index:
        assert all(finds(index, n) for n in (0, 17, 39))
        assert dense_ids(index) == index._archive.chunk_ids()
        assert len(list((tmp_path / "vectors").iterdir())) == 1, "the damaged folder is gone"
    damage_vectors(tmp_path, how)
    with reopened(tmp_path) as index:  # writing finds and repairs it just so
        index.add([article(100)])
        assert dense_ids(index) == index._archive.chunk_ids()


def test_a_damaged_vector_index_of_an_emptied_archive(index: ArticleIndex) -> None:
    index.add([article(1)])
    index.remove(article(1).id)
    shutil.rmtree(index.path / "vectors")
    with reopened(index.path) as again:
        assert again.retrieve("rapat") == []
        again.add([article(2)])
        assert finds(again, 2)


def test_a_search_that_fails_for_ever_says_so(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: Vectors, vector: np.ndarray, n: int) -> list[str]:
        raise IndexDamagedError("still broken")

    index.add([article(1)])
    with monkeypatch.context() as patched:
        patched.setattr(Vectors, "search", fail)
        with pytest.raises(IndexDamagedError, match="still broken"):
            index._replica.search(np.ones(64, np.float32), 1)
    assert finds(index, 1)


def test_a_query_of_another_model_is_not_taken_for_damage(index: ArticleIndex) -> None:
    index.add([article(1)])
    folders = list((index.path / "vectors").iterdir())
    with pytest.raises(IndexMismatchError, match="64 dimensions"):
        index._replica.search(np.ones(3, np.float32), 1)
    assert list((index.path / "vectors").iterdir()) == folders, "nothing was rebuilt"


def test_a_vector_index_that_is_behind_is_repaired(index: ArticleIndex, encoder: HashingEncoder) -> None:
    """As a kill between the archive's commit and Chroma's leaves it."""
    index.add([article(1), article(2)])
    encoded = encoder.encoded
    vectors = index._replica._current()
    assert vectors is not None
    stray = sorted(dense_ids(index))[0]
    vectors.delete([stray])
    vectors.write(["asing:0-1"], encoder.encode_query("asing")[None, :])
    with index._archive.writing() as writer:
        writer._chunks_changed = True
    assert finds(index, 1)
    assert finds(index, 2)
    assert dense_ids(index) == index._archive.chunk_ids()
    assert encoder.encoded == encoded


def test_missing_rows_are_noticed_by_their_number(index: ArticleIndex) -> None:
    index.add([article(1), article(2)])
    vectors = index._replica._current()
    assert vectors is not None
    vectors.delete(sorted(dense_ids(index))[:1])
    index.close()
    with reopened(index.path) as again:
        assert finds(again, 1)
        assert dense_ids(again) == again._archive.chunk_ids()


def test_small_changes_stay_in_the_folder_and_large_ones_switch(index: ArticleIndex) -> None:
    def folders() -> list[str]:
        return sorted(path.name for path in (index.path / "vectors").iterdir())

    index.add(long_article(n) for n in range(40))
    assert folders() == ["1"]
    for n in range(100, 105):
        index.add([article(n)])
    index.remove(article(100).id)
    assert folders() == ["1"]
    with reopened(index.path) as again:
        assert all(finds(again, n) for n in (1, 38, 101, 104))
    assert folders() == ["1"], "opening must find the folder sound"
    index.add(long_article(n) for n in range(200, 240))
    assert folders() == ["2"]
    assert all(finds(index, n) for n in (0, 104, 239))
    assert dense_ids(index) == index._archive.chunk_ids()


# ---- several threads and processes

WRITER = """
import sys
import time
from index import replica_writer
from index.store import ArticleIndex
from tests.encoders import HashingEncoder
from tests.test_store import article, long_article
path, first, last, kind = sys.argv[1:]
if kind == "apart":
    replica_writer._BLOCK = 100  # a process of its own writes the vectors
with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
    def held():
        print("writing", flush=True)
        time.sleep(60)
        yield article(0)
    for start in range(int(first), int(last)):
        many = (long_article(start * 100 + n) for n in range(30))
        report = index.add(many if kind in ("many", "apart") else held() if kind == "held" else [article(start)])
        print(*report.added, flush=True)
"""


def writer_process(path: Path, first: int, last: int, kind: str = "one") -> subprocess.Popen[str]:
    command = [sys.executable, "-c", WRITER, str(path), str(first), str(last), kind]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT)


def test_threads_retrieve_while_another_adds(index: ArticleIndex) -> None:
    index.add([article(0)])
    errors: list[BaseException] = []
    done = threading.Event()

    def read() -> None:
        try:
            while not done.is_set():
                assert finds(index, 0)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(4)]
    for reader in readers:
        reader.start()
    for start in range(1, 6):
        index.add(long_article(start * 100 + n) for n in range(30))
    done.set()
    for reader in readers:
        reader.join()
    assert not errors
    assert finds(index, 529)
    assert dense_ids(index) == index._archive.chunk_ids()


def test_a_second_writer_is_told_to_wait(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.locking.PATIENCE", 0.05)
    with reopened(index.path) as other:

        def articles() -> Iterator[Article]:
            yield article(1)
            with pytest.raises(IndexLockedError, match="Another process is writing"):
                other.add([article(2)])
            with pytest.raises(IndexLockedError):
                other.remove("ab")
            assert other.retrieve("rapat") == []

        index.add(articles())
        assert other.add([article(2)]).added
        assert finds(other, 1)
        assert finds(index, 2)


@pytest.mark.slow
def test_processes_take_turns_and_see_each_other(index: ArticleIndex) -> None:
    index.add([article(0)])
    assert finds(index, 0)
    for turn in range(1, 4):
        with writer_process(index.path, turn, turn + 1, "many") as process:
            assert process.wait(60) == 0
        assert finds(index, turn * 100 + 29), "the other process's articles are found without reopening"
        assert dense_ids(index) == index._archive.chunk_ids()
        index.add([article(turn * 1000)])
        assert finds(index, turn * 1000)
    with reopened(index.path) as again:
        assert dense_ids(again) == again._archive.chunk_ids()


@pytest.mark.slow
def test_a_process_that_writes_locks_out_another(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.locking.PATIENCE", 0.05)
    with writer_process(index.path, 1, 2, "held") as process:
        assert process.stdout
        assert process.stdout.readline() == "writing\n"
        with pytest.raises(IndexLockedError):
            index.add([article(1000)])
        process.kill()
    assert index.add([article(2000)]).added, "the lock dies with its process"


READER = """
import sys
from index import retrieval
from index.store import ArticleIndex
from tests.encoders import HashingEncoder
from tests.test_store import finds
path, last = sys.argv[1:]
retrieval._SMALL = 0
with ArticleIndex.open(path, create=False, embedding=HashingEncoder()) as index:
    print("reading", flush=True)
    while not finds(index, int(last)):
        assert finds(index, 0)
"""


@pytest.mark.slow
def test_processes_read_while_one_writes(index: ArticleIndex) -> None:
    index.add([article(0)])
    command = [sys.executable, "-c", READER, str(index.path), "529"]
    readers = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) for _ in range(3)]
    try:
        for reader in readers:
            assert reader.stdout
            assert reader.stdout.readline() == "reading\n"
        for start in range(1, 6):
            index.add([article(start * 1000)])
            index.add(long_article(start * 100 + n) for n in range(30))
        assert [reader.wait(300) for reader in readers] == [0, 0, 0]
    finally:
        for reader in readers:
            reader.kill()  # they read until they find the last article
            reader.communicate()
    assert dense_ids(index) == index._archive.chunk_ids()


def kill_and_check(path: Path, delay: float, kind: str) -> int:
    """Kills a writer after ``delay`` seconds; everything it reported must be there. Returns how much that was."""
    with writer_process(path, 0, 10_000, kind) as process:
        assert process.stdout
        reported = process.stdout.readline().split()
        time.sleep(delay)
        process.send_signal(signal.SIGKILL)
        rest = process.stdout.read()
    lines = rest.split("\n")
    reported += " ".join(lines[:-1]).split()  # the last line may be torn
    with reopened(path) as index:
        for article_id in reported:
            assert index.get(article_id) is not None
        assert index.retrieve("perkara0")
        assert dense_ids(index) == index._archive.chunk_ids()
        assert index.add([article(100_000)]).added
        assert finds(index, 100_000)
    return len(reported)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["one", "many", "apart"])
def test_killed_while_writing(tmp_path: Path, kind: str) -> None:
    chance = random.Random(kind)
    for attempt in range(6):
        assert kill_and_check(tmp_path / str(attempt), chance.uniform(0, 0.6), kind) > 0
