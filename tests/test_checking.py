"""``ArticleIndex.check``: every kind of disagreement is found, named and, where it follows from the texts, repaired."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner

from assistant.cli import cli
from index.errors import IndexLockedError
from index.locking import writers_lock
from index.store import ArticleIndex
from tests.encoders import HashingEncoder
from tests.test_store import article, dense_ids, finds, long_article, reopened, through_chroma

__all__ = ["through_chroma"]  # pytest applies it here too


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """An index of twenty articles, closed; articles 0 to 4 have several chunks."""
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as index:
        index.add([*(long_article(n) for n in range(5)), *(article(n) for n in range(5, 20))])
        assert index.check().found == ()
    return tmp_path / "index"


@pytest.fixture
def index(path: Path) -> Iterator[ArticleIndex]:
    with reopened(path) as opened:
        yield opened


def execute(path: Path, *statements: str, **values: object) -> None:
    with closing(sqlite3.connect(path / "articles.db", isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement, values)


DAMAGE = {
    "chunks": ["UPDATE chunks SET end = end + 100000 WHERE rowid = 3"],
    "chunks gone": [
        "DELETE FROM terms WHERE rowid = 2",
        "DELETE FROM vectors WHERE chunk = 2",
        "DELETE FROM chunks WHERE rowid = 2",
    ],
    "filters": ["UPDATE articles SET day = '1999-01-01' WHERE rowid = 2"],
    "terms": ["UPDATE terms SET body = 'lain sekali' WHERE rowid = 3"],
    "terms gone": ["DELETE FROM terms WHERE rowid = 3"],
    "terms unindexed": ["UPDATE terms_content SET c0 = c0 || ' tambahan' WHERE id = 3"],
    "terms index": ["UPDATE terms_data SET block = x'00' WHERE id > 10"],
    "vectors": ["UPDATE vectors SET vector = zeroblob(3) WHERE chunk = 3"],
    "vectors as text": ["UPDATE vectors SET vector = 'bukan vektor' WHERE chunk = 3"],
    "vectors gone": ["DELETE FROM vectors WHERE chunk = 3"],
    "vectors not finite": [f"UPDATE vectors SET vector = x'{'007e' * 64}' WHERE chunk = 3"],
    "file": ["PRAGMA foreign_keys = OFF", "DELETE FROM articles WHERE rowid = 11"],
}


@pytest.mark.parametrize("how", DAMAGE)
def test_what_disagrees_is_found_and_repaired(path: Path, how: str) -> None:
    execute(path, *DAMAGE[how])
    with reopened(path) as index:
        report = index.check()
        assert how.split()[0] in {finding.part for finding in report.found}
        assert report.remaining == report.found
        assert not report.sound
        assert index.check().found == report.found, "without repair nothing changes"
        repaired = index.check(repair=True)
        assert repaired.found == report.found
        assert repaired.remaining == ()
    with reopened(path) as index:
        assert index.check().found == ()
        # Among five, since words may share a dimension of this encoder.
        lost = [n for n in range(20) if not any(f"perkara{n} " in p.text for p in index.retrieve(f"perkara{n}", 5))]
        assert lost == [10] * (how == "file")
        assert dense_ids(index) == index._archive.chunk_ids()


def test_a_changed_text_is_found_and_cannot_be_brought_back(path: Path) -> None:
    execute(path, "UPDATE articles SET text = text || ' Ditambah orang lain.' WHERE rowid = 7")
    with reopened(path) as index:
        (finding,) = index.check(repair=True).remaining
        assert finding.part == "text"
        assert finding.articles == (article(6).id,)
        assert "tanya remove" in finding.way_out
        # What the message says to do does it.
        index.remove(article(6).id)
        index.add([article(6)])
        assert index.check().sound


def test_an_index_of_sqlite_that_lacks_rows_is_repaired(path: Path) -> None:
    execute(
        path,
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_schema SET sql = 'CREATE INDEX articles_day ON articles (title)' WHERE name = 'articles_day'",
    )
    with reopened(path) as index:
        assert {finding.part for finding in index.check().found} == {"file"}
        assert index.check(repair=True).sound


@pytest.mark.parametrize("how", ["missing", "stray", "other vector", "behind"])
def test_chroma_is_compared_row_by_row(index: ArticleIndex, how: str) -> None:
    vectors = index._replica._current()
    assert vectors is not None
    some = sorted(dense_ids(index))[:2]
    if how == "missing":
        vectors.delete(some)
    elif how == "stray":
        vectors.write(["asing:0-1"], HashingEncoder().encode_query("asing")[None, :])
    elif how == "other vector":
        vectors.write(some[:1], HashingEncoder().encode_query("asing sekali")[None, :])
    else:
        with index._archive.writing() as writer:
            writer._chunks_changed = True
    assert {finding.part for finding in index.check().found} == {"Chroma"}
    assert index.check(repair=True).sound
    assert dense_ids(index) == index._archive.chunk_ids()


def test_a_damaged_vector_folder(path: Path) -> None:
    for file in (path / "vectors").glob("*/chroma.sqlite3"):
        file.write_bytes(b"bukan basis data" * 1000)
    with reopened(path) as index:
        (finding,) = index.check().found
        assert finding.part == "Chroma"
        assert index.check(repair=True).sound
        assert finds(index, 3)


def test_a_model_that_changed_under_its_name_is_noticed(path: Path) -> None:
    class Changed(HashingEncoder):
        def encode_query(self, text: str) -> np.ndarray:
            return np.roll(super().encode_query(text), 7)

    with ArticleIndex.open(path, embedding=Changed()) as index:
        (finding,) = index.check(repair=True).remaining
        assert finding.part == "version"
        assert "20 of 20" in finding.problem
        assert "tanya rebuild" in finding.way_out


def test_a_model_that_is_gone_is_said_and_the_rest_checked(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    execute(path, "UPDATE meta SET value = '/tidak/ada' WHERE key = 'encoder'", "DELETE FROM terms WHERE rowid = 3")
    with ArticleIndex.open(path) as index:
        parts = {finding.part for finding in index.check().found}
        assert {"version", "terms"} <= parts


def test_damaged_pages_are_a_finding_and_no_traceback(path: Path) -> None:
    size = (path / "articles.db").stat().st_size
    with (path / "articles.db").open("r+b") as file:
        file.seek(size // 2)
        file.write(b"\xff" * 8192)
    code, out, _ = run(path, "doctor", "--repair")
    assert code == 1
    assert "tanya restore FILE" in out


def test_an_empty_index_is_sound(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        report = index.check()
        assert report.sound
        assert (report.articles, report.chunks, report.vectors) == (0, 0, 0)


def test_it_waits_for_no_writer(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.locking.PATIENCE", 0.05)
    with writers_lock(index.path), pytest.raises(IndexLockedError):
        index.check()


# ---- the command


def run(path: Path, *arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(cli, ["--index", str(path), *arguments], catch_exceptions=False)
    return result.exit_code, result.stdout, result.stderr


def test_doctor(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path / "index") as index:
        index.add(article(n) for n in range(3))
    assert run(tmp_path / "index", "doctor") == (0, "sound: 3 articles, 3 chunks, 3 vectors\n", "")
    execute(tmp_path / "index", "DELETE FROM terms WHERE rowid = 2")
    code, out, err = run(tmp_path / "index", "doctor")
    assert code == 1
    assert out.startswith("wrong     terms: ")
    assert article(1).id in out
    assert "tanya doctor --repair" in out
    assert "1 of 1 findings remain" in err
    code, out, _ = run(tmp_path / "index", "doctor", "--repair")
    assert code == 0
    assert out.startswith("repaired  terms: ")
    assert '"remaining": []' in run(tmp_path / "index", "doctor", "--json")[1]


def test_doctor_of_what_cannot_be_opened(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path / "index") as index:
        index.add([article(1)])
    execute(tmp_path / "index", "UPDATE meta SET value = 'lain' WHERE key = 'analyser'")
    code, out, _ = run(tmp_path / "index", "doctor", "--repair")
    assert code == 1
    assert "version" in out
    assert "tanya rebuild" in out
    (tmp_path / "index" / "articles.db").write_bytes(b"bukan basis data" * 100)
    code, out, _ = run(tmp_path / "index", "doctor", "--repair")
    assert code == 1
    assert "tanya restore FILE" in out
