"""Chroma behind ``Vectors``: in a folder and on a server."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import numpy as np
import pytest

from index.errors import IndexDamagedError, IndexMismatchError, IndexStoreError, SettingsError
from index.store import ArticleIndex
from index.vectors import ChromaAddress, CollectionLabel, Vectors
from tests.encoders import HashingEncoder
from tests.test_store import article, dense_ids, finds, long_article, through_chroma

__all__ = ["through_chroma"]  # pytest applies it here too

LABEL = CollectionLabel("index-a", "hashing", 4)


def rows(*values: list[float]) -> np.ndarray:
    matrix = np.array(values, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


@pytest.fixture
def vectors(tmp_path: Path) -> Iterator[Vectors]:
    opened = Vectors.in_folder(tmp_path / "1", LABEL)
    yield opened
    opened.close()


def test_nearest_first_by_cosine(vectors: Vectors) -> None:
    vectors.write(["a", "b", "c"], rows([1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]))
    assert vectors.count() == 3
    assert vectors.search(rows([1, 0.1, 0, 0])[0], 2) == ["a", "b"]
    assert vectors.search(rows([1, 0.1, 0, 0])[0], 50) == ["a", "b", "c"]
    vectors.write(["a"], rows([0, 0, 0, 1]))
    assert vectors.search(rows([0, 0, 0, 1])[0], 1) == ["a"]
    vectors.delete(["b", "unknown"])
    assert vectors.ids() == {"a", "c"}


def test_no_more_rows_at_a_time_than_the_cloud_takes(vectors: Vectors) -> None:
    few = Vectors(vectors._client, vectors._collection, vectors._place, vectors.folder, most=2)
    few._finalizer.detach()  # the fixture closes both
    asked: list[int] = []
    upsert = few._collection.upsert
    few._collection.upsert = lambda ids, embeddings: (asked.append(len(ids)), upsert(ids=ids, embeddings=embeddings))
    few.write(["a", "b", "c"], rows([1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 0]))
    assert asked == [2, 1]
    assert few.ids() == {"a", "b", "c"}
    assert few.search(rows([1, 0.1, 0, 0])[0], 50) == ["a", "b"]


def test_nothing_to_search_write_or_delete(vectors: Vectors) -> None:
    assert vectors.search(rows([1, 0, 0, 0])[0], 3) == []
    vectors.write([], np.zeros((0, 4), np.float32))
    vectors.delete([])
    assert vectors.count() == 0
    assert vectors.ids() == set()


def test_more_rows_than_are_written_at_once(vectors: Vectors) -> None:
    vectors._batch = 50
    matrix = np.random.default_rng(0).standard_normal((120, 4)).astype(np.float32)
    ids = [str(n) for n in range(len(matrix))]
    vectors.write(ids, matrix)
    assert vectors.ids() == set(ids)
    vectors.delete(ids[:100])
    assert vectors.ids() == set(ids[100:])


def test_two_openings_of_a_folder_are_independent(vectors: Vectors, tmp_path: Path) -> None:
    vectors.write(["a"], rows([1, 0, 0, 0]))
    other = Vectors.in_folder(tmp_path / "1", LABEL)
    vectors.close()
    vectors.close()
    assert other.search(rows([1, 0, 0, 0])[0], 1) == ["a"]
    other.close()
    again = Vectors.in_folder(tmp_path / "1", LABEL)
    assert again.ids() == {"a"}
    again.close()
    assert not [s for s in Vectors._spellings if s.startswith(str(tmp_path))]


def test_a_folder_of_other_vectors_is_not_used(vectors: Vectors, tmp_path: Path) -> None:
    with pytest.raises(IndexDamagedError, match="something else"):
        Vectors.in_folder(tmp_path / "1", CollectionLabel("index-a", "other", 4))


def test_a_broken_folder_stays_broken_until_it_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "1").mkdir()
    for _ in range(2):  # Chroma remembers the failure and then fails in another way
        (tmp_path / "1" / "chroma.sqlite3").write_bytes(b"bukan basis data" * 100)
        with pytest.raises(IndexDamagedError):
            Vectors.in_folder(tmp_path / "1", LABEL)
    (tmp_path / "1" / "chroma.sqlite3").unlink()
    Vectors.in_folder(tmp_path / "1", LABEL).close()


def test_a_panic_in_chroma_is_damage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As when another process clears a folder away while it is opened: rare, so the panic is thrown here."""

    class PanicException(BaseException):
        pass

    def panic(*_: object, **__: object) -> None:
        raise PanicException("unable to open database file")

    monkeypatch.setattr("chromadb.PersistentClient", panic)
    with pytest.raises(IndexDamagedError, match="unable to open"):
        Vectors.in_folder(tmp_path / "1", LABEL)


def test_vector_files_stay_as_they_are_unless_asked(tmp_path: Path) -> None:
    def persisted() -> list[Path]:
        return list((tmp_path / "1").glob("*/index_metadata.pickle"))

    matrix = np.random.default_rng(0).standard_normal((1_200, 4)).astype(np.float32)
    vectors = Vectors.in_folder(tmp_path / "1", LABEL)
    vectors.write([str(n) for n in range(1_200)], matrix)
    assert not persisted()
    vectors.close()
    vectors = Vectors.in_folder(tmp_path / "1", LABEL, persist_every=100)
    vectors.write([f"x{n}" for n in range(100)], matrix[:100])
    assert persisted()
    vectors.close()


@pytest.mark.parametrize("url", ["localhost:8000", "ftp://x", "http://", "http://x:99999", ""])
def test_an_address_is_checked(url: str) -> None:
    with pytest.raises(SettingsError, match="http://host:8000"):
        ChromaAddress(url=url)


def test_the_cloud_needs_a_key() -> None:
    with pytest.raises(SettingsError, match="API key"):
        ChromaAddress()
    address = ChromaAddress(api_key="rahasia", tenant="t")
    assert "rahasia" not in repr(address)
    assert "rahasia" not in address.location


def free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def test_no_server(tmp_path: Path) -> None:
    address = ChromaAddress(url=f"http://127.0.0.1:{free_port()}")
    with (
        ArticleIndex.open(tmp_path, embedding=HashingEncoder(), chroma=address) as index,
        pytest.raises(IndexStoreError, match="Check that it runs"),
    ):
        index.add([article(1)])


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    port = free_port()
    command = [
        str(Path(sys.executable).with_name("chroma")),
        *("run", "--path", str(tmp_path_factory.mktemp("server")), "--host", "127.0.0.1", "--port", str(port)),
    ]
    environment = os.environ | {"ANONYMIZED_TELEMETRY": "False"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=environment) as process:
        url = f"http://127.0.0.1:{port}"
        for _ in range(300):
            try:
                urlopen(f"{url}/api/v2/heartbeat", timeout=1).close()
                break
            except (URLError, ConnectionError, TimeoutError):
                assert process.poll() is None, "chroma run ended"
                time.sleep(0.1)
        yield url
        process.terminate()


@pytest.mark.slow
def test_an_index_on_a_server(server: str, tmp_path: Path) -> None:
    address = ChromaAddress(url=server)
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder(), chroma=address) as index:
        index.add(long_article(n) for n in range(30))
        assert not (tmp_path / "vectors").exists()
        assert finds(index, 29)
        index.remove(long_article(29).id)
        assert dense_ids(index) == index._archive.chunk_ids()
        with ArticleIndex.open(tmp_path, embedding=HashingEncoder(), chroma=address) as other:
            other.add([article(77)])
        assert finds(index, 77)
        assert dense_ids(index) == index._archive.chunk_ids()

    # The same index in its folder, changed there, and on the server again: each is brought up to date.
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        assert finds(index, 77)
        index.remove(article(77).id)
        index.add([article(78)])
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder(), chroma=address) as index:
        assert finds(index, 78)
        assert dense_ids(index) == index._archive.chunk_ids()


@pytest.mark.slow
def test_a_collection_of_another_index_is_refused(server: str, tmp_path: Path) -> None:
    address = ChromaAddress(url=server, collection="bersama")
    with ArticleIndex.open(tmp_path / "a", embedding=HashingEncoder(), chroma=address) as index:
        index.add([article(1)])
    with (
        ArticleIndex.open(tmp_path / "b", embedding=HashingEncoder(), chroma=address) as index,
        pytest.raises(IndexMismatchError, match="bersama"),
    ):
        index.add([article(2)])


@pytest.mark.slow
def test_a_collection_that_was_deleted_on_the_server_is_made_again(server: str, tmp_path: Path) -> None:
    address = ChromaAddress(url=server, collection="terhapus")
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder(), chroma=address) as index:
        index.add(article(n) for n in range(5))
        vectors = index._replica._current()
        assert vectors is not None
        vectors._client.delete_collection("terhapus")
        assert finds(index, 3)
        assert dense_ids(index) == index._archive.chunk_ids()
