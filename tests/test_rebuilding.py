"""Another model, another version, damage and copies: the index made anew while the old one serves."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import cli
from index.errors import EmbeddingError, IndexLockedError, IndexMismatchError, IndexMissingError, SettingsError
from index.store import ArticleIndex
from index.types import Article
from index.vectors import ChromaAddress
from tests.encoders import HashingEncoder
from tests.test_store import ROOT, article, dense_ids, finds, long_article, through_chroma
from tests.test_vectors import server

__all__ = ["server", "through_chroma"]  # pytest applies them here too

OTHER = HashingEncoder("lain", dimension=512)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of 60 articles made with the model ``hashing``."""
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as index:
        index.add([*(long_article(n) for n in range(40)), *(article(n) for n in range(40, 60))])
    return tmp_path / "index"


def opened(path: Path) -> ArticleIndex:
    return ArticleIndex.open(path, create=False, embedding=OTHER)


def set_meta(path: Path, key: str, value: str) -> None:
    with closing(sqlite3.connect(path / "articles.db", isolation_level=None)) as connection:
        connection.execute("UPDATE meta SET value = ? WHERE key = ?", (value, key))


def leftovers(path: Path) -> list[str]:
    return sorted(p.name for p in path.iterdir() if not p.name.startswith(("articles.db", "vectors", "writer.lock")))


def test_another_model(path: Path) -> None:
    with ArticleIndex.open(path, embedding=HashingEncoder()) as before:
        articles = list(before.articles())
        chunk_ids = before._archive.chunk_ids()
    report = ArticleIndex.rebuild(path, embedding=OTHER)
    assert sorted(report.added) == sorted(a.id for a in articles)
    with opened(path) as index:
        assert list(index.articles()) == articles
        assert index._archive.chunk_ids() == chunk_ids == dense_ids(index)
        assert index.check().found == ()
        assert all(finds(index, n) for n in (0, 39, 59))
        assert index.add([article(100)]).added
        assert finds(index, 100)
    assert leftovers(path) == ["rebuild.lock"]
    assert len(list((path / "vectors").iterdir())) == 1
    with pytest.raises(IndexMismatchError, match="'lain'"):
        ArticleIndex.open(path, embedding=HashingEncoder())


def test_sources_and_records_are_kept(tmp_path: Path) -> None:
    first = article(1)
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        index.add([first, replace(first, source="/salinan/1.txt"), article(2, topics=("Desa",))])
        index.add([article(2, topics=("Desa", "Rapat"))])
        kept = list(index.articles())
    ArticleIndex.rebuild(tmp_path, embedding=OTHER)
    with opened(tmp_path) as index:
        assert list(index.articles()) == kept
        index.add([article(1, text="Berita pertama kini lain sekali.")])
        found = index.get(first.id)
        assert found is not None, "its second source was forgotten"
        assert found.source == "/salinan/1.txt"


@pytest.mark.parametrize(("key", "value"), [("analyser", "lama"), ("schema", "0")])
def test_another_version_is_brought_up_to_date(path: Path, key: str, value: str) -> None:
    set_meta(path, key, value)
    with pytest.raises(IndexMismatchError, match="tanya rebuild"):
        opened(path)
    ArticleIndex.rebuild(path, embedding=OTHER)
    with opened(path) as index:
        assert len(index) == 60
        assert index.check().sound


def test_tables_of_an_older_schema_are_read(path: Path) -> None:
    set_meta(path, "schema", "0")
    with closing(sqlite3.connect(path / "articles.db", isolation_level=None)) as connection:
        for column in ("editor", "language"):
            connection.execute(f"ALTER TABLE articles DROP COLUMN {column}")
    ArticleIndex.rebuild(path, embedding=OTHER)
    with opened(path) as index:
        assert len(index) == 60
        assert finds(index, 17)


def test_a_model_of_an_earlier_version_gives_way_to_the_one_that_ships(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path) as index:
        index.add([article(1)])
        shipped = index._archive.made_by().encoder
    set_meta(tmp_path, "encoder", "tanya-static-v0")
    with ArticleIndex.open(tmp_path) as index, pytest.raises(IndexMismatchError, match="tanya rebuild"):
        index.retrieve("rapat")
    result = CliRunner().invoke(cli, ["--index", str(tmp_path), "rebuild"], catch_exceptions=False)
    assert result.stdout == "rebuilt with 1 articles\n"
    with ArticleIndex.open(tmp_path) as index:
        assert index._archive.made_by().encoder == shipped
        assert finds(index, 1)


def test_a_model_that_cannot_embed_everything_changes_nothing(path: Path) -> None:
    with pytest.raises(EmbeddingError, match="stays as it is"):
        ArticleIndex.rebuild(path, embedding=HashingEncoder("racun", poison="perkara17 "))
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        assert len(index) == 60
        assert finds(index, 17)
    ArticleIndex.rebuild(path, embedding=OTHER)  # the draft of another model is not gone on with
    with opened(path) as index:
        assert index.check().sound


def test_the_old_index_serves_and_takes_articles_until_the_switch(path: Path) -> None:
    with ArticleIndex.open(path, embedding=HashingEncoder()) as old:

        def watch(articles: Iterable[Article], total: int) -> Iterator[Article]:
            assert total >= 60
            yield from articles
            # All are in the draft now, or on their way there.
            assert finds(old, 3)
            old.add([article(3, text="Isi baru tentang perkara3 yang diralat."), article(1000)])
            old.remove(long_article(5).id)
            with pytest.raises(IndexLockedError):
                ArticleIndex.rebuild(path, embedding=OTHER)

        ArticleIndex.rebuild(path, embedding=OTHER, watch=watch)
        with pytest.raises(IndexMismatchError, match="'lain'"):
            old.retrieve("rapat")  # it was told to use another model
    with opened(path) as index:
        assert finds(index, 1000)
        assert index.get(long_article(3).id) is None
        assert index.get(long_article(5).id) is None
        assert len(index) == 60
        assert index.check().found == ()


def test_who_has_it_open_follows_to_the_new_model(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = {"hashing": HashingEncoder(), "lain": OTHER}
    monkeypatch.setattr("index.embedding.load_embedding", lambda name: models[name])
    with ArticleIndex.open(path) as reader:
        assert finds(reader, 7)
        ArticleIndex.rebuild(path, embedding="lain")
        encoded = OTHER.encoded
        assert finds(reader, 7)
        assert reader.add([article(500)]).added
        assert OTHER.encoded == encoded + 1
        assert finds(reader, 500)
        assert reader.check().sound


def test_what_a_damaged_file_still_holds_is_kept(path: Path) -> None:
    with closing(sqlite3.connect(path / "articles.db", isolation_level=None)) as connection:
        connection.execute("UPDATE articles SET topics = 'bukan json' WHERE rowid = 9")
        connection.execute("UPDATE articles SET text = CAST(x'FFFEFF' AS TEXT) WHERE rowid = 12")
        connection.execute("DROP TABLE sources")
    result = CliRunner().invoke(cli, ["--index", str(path), "rebuild", "--embedding", "tanya-static-v2"])
    assert "rebuilt with 58 articles, 2 lost" in result.stdout, result.output
    assert result.stderr.count("can no longer be read") == 2
    assert (path / "articles.db.damaged").is_file()
    with ArticleIndex.open(path) as index:
        assert len(index) == 58
        assert finds(index, 20)
        assert index.check().sound


def test_there_must_be_an_index(tmp_path: Path) -> None:
    with pytest.raises(IndexMissingError):
        ArticleIndex.rebuild(tmp_path / "tidak-ada")
    assert not (tmp_path / "tidak-ada").exists()


def test_a_collection_with_a_name_is_refused(path: Path) -> None:
    with pytest.raises(SettingsError, match="TANYA_CHROMA_COLLECTION"):
        ArticleIndex.rebuild(path, chroma=ChromaAddress(url="http://127.0.0.1:1", collection="bernama"))


@pytest.mark.slow
def test_on_a_server(server: str, path: Path) -> None:
    address = ChromaAddress(url=server)
    with ArticleIndex.open(path, embedding=HashingEncoder(), chroma=address) as index:
        assert finds(index, 7)
        vectors = index._replica._current()
        assert vectors is not None
        names = {collection.name for collection in vectors._client.list_collections()}
    ArticleIndex.rebuild(path, embedding=OTHER, chroma=address)
    with ArticleIndex.open(path, embedding=OTHER, chroma=address) as index:
        assert finds(index, 7)
        assert index.check().found == ()
        vectors = index._replica._current()
        assert vectors is not None
        now = {collection.name for collection in vectors._client.list_collections()}
    assert len(now - names) == 1
    assert not names & now, "the old collection is gone"


REBUILDER = """
import sys
import time
from index.store import ArticleIndex
from tests.test_rebuilding import OTHER
stop = int(sys.argv[2])
def watch(articles, total):
    for number, article in enumerate(articles):
        if number == stop:
            print("stopped", flush=True)
            time.sleep(60)
        yield article
ArticleIndex.rebuild(sys.argv[1], embedding=OTHER, watch=watch)
"""


@pytest.mark.slow
def test_killed_and_gone_on_with(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        index.add(article(n) for n in range(1000, 1600))
    command = [sys.executable, "-c", REBUILDER, str(path), "650"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout
        assert process.stdout.readline() == "stopped\n"
        process.kill()
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        assert finds(index, 39)
        assert index.check().sound
    encoded = OTHER.encoded
    ArticleIndex.rebuild(path, embedding=OTHER)
    with opened(path) as index:
        assert OTHER.encoded - encoded < index.chunk_count - 500, "what the draft had was not embedded again"
        assert len(index) == 660
        assert index.check().found == ()


# ---- copies


def test_backup_and_restore(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cadangan.db"
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        index.backup(copy)
        index.add([article(1000)])
        index.remove(long_article(5).id)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["cadangan.db", "index"]

    ArticleIndex.restore(tmp_path / "baru", copy)
    with ArticleIndex.open(tmp_path / "baru", embedding=HashingEncoder()) as index:
        assert len(index) == 60
        assert finds(index, 5)
        assert dense_ids(index) == index._archive.chunk_ids()
        assert index.check().found == ()
    assert leftovers(tmp_path / "baru") == []


def test_restored_over_an_index_that_is_open(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cadangan.db"
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        index.backup(copy)
        index.add([article(1000)])
        assert finds(index, 1000)
        result = CliRunner().invoke(cli, ["--index", str(path), "restore", str(copy)])
        assert result.exit_code == 1
        assert "--replace" in result.stderr
        assert len(index) == 61
        ArticleIndex.restore(path, copy, replace=True)
        assert len(index) == 60
        assert index.get(article(1000).id) is None
        assert finds(index, 5)
        assert dense_ids(index) == index._archive.chunk_ids()
        index.add([article(2000)])
        assert finds(index, 2000)


def test_a_damaged_index_is_restored_and_set_aside(path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "cadangan.db"
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        index.backup(copy)
    (path / "articles.db").write_bytes(b"bukan basis data" * 1000)
    ArticleIndex.restore(path, copy, replace=True)
    assert (path / "articles.db.damaged").is_file()
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        assert index.check(repair=True).sound
        assert finds(index, 5)


def test_a_backup_while_another_writes_is_of_one_moment(path: Path, tmp_path: Path) -> None:
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        held: list[int] = []

        def articles() -> Iterator[Article]:
            for n in range(2000):
                if n % 600 == 0:
                    index.backup(tmp_path / "cadangan.db")
                    shutil.rmtree(tmp_path / "baru", ignore_errors=True)
                    ArticleIndex.restore(tmp_path / "baru", tmp_path / "cadangan.db")
                    with ArticleIndex.open(tmp_path / "baru", embedding=HashingEncoder()) as copy:
                        assert copy.check(repair=True).remaining == ()
                        held.append(len(copy))
                yield article(1000 + n)

        index.add(articles())
    assert held == [60, 572, 1084, 1596]


@pytest.mark.parametrize("how", ["other file", "torn", "missing"])
def test_what_is_no_backup_is_refused(path: Path, tmp_path: Path, how: str) -> None:
    copy = tmp_path / "cadangan.db"
    if how == "other file":
        copy.write_text("catatan penting")
        result = CliRunner().invoke(cli, ["--index", str(path), "backup", str(copy)])
        assert result.exit_code == 1
        assert copy.read_text() == "catatan penting"
    elif how == "torn":
        with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
            index.backup(copy)
        with copy.open("r+b") as file:
            file.seek(copy.stat().st_size // 2)
            file.write(b"\xff" * 30_000)
    result = CliRunner().invoke(cli, ["--index", str(path), "restore", str(copy), "--replace"])
    assert result.exit_code == 1
    assert str(copy) in result.stderr
    with ArticleIndex.open(path, embedding=HashingEncoder()) as index:
        assert len(index) == 60


def test_a_backup_replaces_an_earlier_one_and_needs_a_folder(path: Path, tmp_path: Path) -> None:
    for _ in range(2):
        result = CliRunner().invoke(cli, ["--index", str(path), "backup", str(tmp_path / "c.db")])
        assert result.stdout == f"backed up 60 articles to {tmp_path / 'c.db'}\n"
    result = CliRunner().invoke(cli, ["--index", str(path), "backup", str(tmp_path / "tidak" / "c.db")])
    assert result.exit_code == 1
    assert "folder" in result.stderr
