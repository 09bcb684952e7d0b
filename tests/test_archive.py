"""The SQLite archive by itself: transactions, BM25, filters, row numbers."""

from __future__ import annotations

import math
import sqlite3
import threading
from collections.abc import Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index import lexical
from index.archive import Analysed, Archive, ReplicaState
from index.errors import IndexDamagedError, IndexStoreError
from index.types import Article, Chunk, Filter

META = {"index": "a", "encoder": "hashing", "dimension": "2", "analyser": "x"}


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    opened = Archive.create(tmp_path / "articles.db", META)
    yield opened
    opened.close()


def put(archive: Archive, article: Article, *terms: str, vectors: list[list[float]] | None = None) -> None:
    """Stores the article with one chunk for each string of terms."""
    chunks = [Chunk(article.id, n, n, n + 1) for n in range(len(terms))]
    matrix = np.array(vectors or [[1, 0]] * len(terms), dtype=np.float16)
    with archive.writing() as writer:
        writer.insert(Analysed(article, chunks, terms, matrix))


def article(text: str, **fields: object) -> Article:
    return Article(**({"title": "Judul", "text": text} | fields))


def test_an_article_comes_back_as_it_was(archive: Archive) -> None:
    zone = timezone(timedelta(hours=7))
    whole = article(
        "Teks “lengkap” 😀\n\ndengan baris.\0",
        source="a#1",
        url="https://example.com",
        publisher="P",
        author="A",
        editor="E",
        published=datetime(2024, 5, 1, 23, 59, tzinfo=zone),
        updated=date(2024, 5, 2),
        language="id",
        topics=("Satu, dua", "tiga"),
    )
    put(archive, whole, "teks")
    back = archive.article(whole.id)
    assert back == whole
    assert back is not None
    assert back.day == date(2024, 5, 1)


def test_an_ambiguous_prefix_finds_nothing(archive: Archive) -> None:
    many = [article(f"teks {n}") for n in range(20)]  # 16 first characters for 20 ids
    for one in many:
        put(archive, one, "teks")
    firsts = [one.id[0] for one in many]
    for one in many:
        alone = firsts.count(one.id[0]) == 1
        assert archive.article(one.id[0]) == (one if alone else None)
        assert archive.article(one.id) == one


def test_a_transaction_is_kept_whole_or_not_at_all(archive: Archive) -> None:
    put(archive, article("satu"), "satu")
    revision = archive.revision()

    def interrupted() -> None:
        with archive.writing() as writer:
            writer.insert(Analysed(article("dua"), [Chunk("x", 0, 0, 1)], ["dua"], np.ones((1, 2), np.float16)))
            raise KeyError

    with pytest.raises(KeyError):
        interrupted()
    assert archive.article_count() == 1
    assert archive.revision() == revision
    assert not archive.bm25(["dua"], 5)
    with archive.writing() as writer:
        writer.describe(article("satu", author="B"))
        writer.set_replica("local", ReplicaState("1", 2, 3, 4))
    assert archive.revision() == revision, "chunks did not change"
    assert archive.replica("local") == ReplicaState("1", 2, 3, 4)
    assert archive.replica("elsewhere") == ReplicaState()


def test_removing_leaves_nothing_behind(archive: Archive, tmp_path: Path) -> None:
    gone = article("satu", source="s", topics=("T",))
    put(archive, gone, "satu dua", "tiga", vectors=[[1, 0], [0, 0]])
    with archive.writing() as writer:
        writer.attach("s", gone.id)
    with archive.writing() as writer:
        assert writer.remove(gone.id) == [f"{gone.id}:0-1"], "the second chunk had no vector"
    with sqlite3.connect(tmp_path / "articles.db") as connection:
        for table in ("articles", "article_topics", "sources", "chunks", "vectors", "terms"):
            assert connection.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,), table
        connection.execute("INSERT INTO terms (terms) VALUES ('integrity-check')")
    connection.close()


def test_row_numbers_are_never_used_twice(archive: Archive) -> None:
    put(archive, article("satu"), "satu")
    (row,) = archive.bm25(["satu"], 1)
    with archive.writing() as writer:
        writer.remove(article("satu").id)
    put(archive, article("dua"), "dua")
    (other,) = archive.bm25(["dua"], 1)
    assert other > row
    assert archive.passages([row]) == {}


def test_bm25_is_the_formula(archive: Archive) -> None:
    documents = ["beras naik naik", "beras", "hujan deras di bogor", "naik kereta ke bogor", "kereta", "laut"]
    for n, terms in enumerate(documents):
        put(archive, article(f"teks {n}"), terms)
    lengths = [len(d.split()) for d in documents]
    mean = sum(lengths) / len(lengths)

    def score(words: list[str], query: list[str]) -> float:
        total = 0.0
        for term in query:
            holding = sum(term in d.split() for d in documents)
            idf = math.log((len(documents) - holding + 0.5) / (holding + 0.5))
            tf = words.count(term)
            total += idf * tf * 2.2 / (tf + 1.2 * (0.25 + 0.75 * len(words) / mean))
        return total

    query = ["laut", "deras"]
    found = archive.bm25([*query, "laut", "takada"], 10)
    expected = sorted((score(d.split(), query) for d in documents), reverse=True)
    assert list(found.values()) == pytest.approx([s for s in expected if s > 0])


def test_common_terms_are_left_out_where_rarer_ones_remain(archive: Archive) -> None:
    for n in range(8):
        put(archive, article(f"teks {n}"), f"yang kata{n}")
    assert len(archive.bm25(["yang", "kata3"], 10)) == 1
    assert len(archive.bm25(["yang"], 10)) == 8
    assert len(archive.bm25(["yang", "takada"], 10)) == 8
    assert archive.bm25(["takada"], 10) == {}
    assert archive.bm25([], 10) == {}


def test_non_ascii_terms(archive: Archive) -> None:
    put(archive, article("satu"), "москва 北京 café")
    for term in ("москва", "北京", "café"):
        assert archive.bm25([term], 1)


def test_missing_rows_and_ids_are_passed_over(archive: Archive) -> None:
    one = article("satu")
    put(archive, one, "a", "b", vectors=[[1, 0], [0, 0]])
    ids = [f"{one.id}:1-2", "f" * 16 + ":0-1", f"{one.id}:0-1", f"{one.id}:9-10"]
    rows = archive.rows(ids)
    assert len(rows) == 2
    assert archive.passages(rows)[rows[0]] == (one, Chunk(one.id, 1, 1, 2))
    numbers, matrix = archive.vectors([*rows, 999])
    assert numbers.tolist() == [rows[1]]
    assert matrix.tolist() == [[1, 0]]
    assert archive.chunk_count() == 2
    assert archive.vector_count() == 1
    assert next(archive.all_vectors())[0] == [f"{one.id}:0-1"]


def test_more_keys_than_sqlite_has_variables(archive: Archive) -> None:
    put(archive, article("satu"), "satu")
    assert archive.known([*map(str, range(300_000)), article("satu").id]).keys() == {article("satu").id}


def test_many_threads_read_and_one_writes(archive: Archive) -> None:
    errors: list[BaseException] = []

    def read() -> None:
        try:
            for _ in range(50):
                assert archive.article_count() <= 20
                list(archive.articles())
                archive.bm25(["teks"], 5)
        except BaseException as error:  # noqa: BLE001
            errors.append(error)

    readers = [threading.Thread(target=read) for _ in range(6)]
    for reader in readers:
        reader.start()
    for n in range(20):
        put(archive, article(f"teks {n}"), "teks")
    for reader in readers:
        reader.join()
    assert not errors
    assert archive.article_count() == 20


def test_a_disk_that_is_full(archive: Archive) -> None:
    put(archive, article("satu"), "satu")

    def overfill() -> None:
        with archive.writing() as writer:
            writer._execute("PRAGMA max_page_count = 1")  # SQLite's own limit reports as a full disk does
            long = article("x" * 100_000)
            writer.insert(Analysed(long, [Chunk(long.id, 0, 0, 1)], ["dua"], np.ones((1, 2), np.float16)))

    with pytest.raises(IndexStoreError, match="Make room"):
        overfill()
    assert archive.article_count() == 1


def test_what_is_missing_is_damage_and_what_is_wrong_sql_is_not(archive: Archive) -> None:
    with pytest.raises(IndexDamagedError, match="does not say its colour"):
        archive.meta("colour")
    with pytest.raises(sqlite3.OperationalError, match="syntax"):
        archive.select("SELEC 1")


# ---- filters

NAMES = ["Kabar Desa", "KABAR DESA", "Suara Laut", "Ekonomi", "ekonomi", ""]
DAYS = [None, *(date(2024, 1, day) for day in range(1, 6))]
ARTICLES = st.lists(
    st.tuples(st.sampled_from(DAYS), st.sampled_from(NAMES), st.sets(st.sampled_from(NAMES[:5]), max_size=2)),
    max_size=12,
)
FILTERS = st.builds(
    Filter,
    since=st.sampled_from(DAYS),
    until=st.sampled_from(DAYS),
    publishers=st.frozensets(st.sampled_from(NAMES[:5]), max_size=2),
    topics=st.frozensets(st.sampled_from(NAMES[:5]), max_size=2),
    articles=st.frozensets(
        st.sampled_from([article(f"teks {n}", publisher=p or None).id for n in range(12) for p in NAMES]), max_size=40
    ),
)


def passes(one: Article, only: Filter) -> bool:
    """What ``Filter`` says, in plain words."""
    if (only.since or only.until) and one.day is None:
        return False
    if only.since and one.day and one.day < only.since:
        return False
    if only.until and one.day and one.day > only.until:
        return False
    if only.publishers and (one.publisher or "").casefold() not in {p.casefold() for p in only.publishers}:
        return False
    if only.topics and not {t.casefold() for t in one.topics} & {t.casefold() for t in only.topics}:
        return False
    return not only.articles or one.id in only.articles


@settings(deadline=None, max_examples=50)
@given(ARTICLES, FILTERS)
def test_filters_equal_brute_force(tmp_path_factory: pytest.TempPathFactory, rows: list, only: Filter) -> None:
    archive = Archive.create(tmp_path_factory.mktemp("filters") / "articles.db", META)
    many = [
        article(f"teks {n}", published=day, publisher=publisher or None, topics=tuple(sorted(topics)))
        for n, (day, publisher, topics) in enumerate(rows)
    ]
    for one in many:
        put(archive, one, "teks", "lain")
    expected = {one.id for one in many if passes(one, only)}
    assert {one.id for one in archive.articles(only)} == expected
    assert archive.chunk_count(only) == 2 * len(expected)
    by_row = archive.passages(list(range(1, 100)))
    assert {by_row[row][0].id for row in archive.passing(list(by_row), only)} == expected
    assert {by_row[row][0].id for row in archive.filtered_vectors(only)[0].tolist()} == expected
    assert {by_row[row][0].id for row in archive.bm25(["teks"], 100, only)} == expected
    archive.close()


WORDS = ["beras", "laut", "hujan", "panen"]


@settings(deadline=None, max_examples=50)
@given(
    st.lists(
        st.tuples(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), st.booleans()), min_size=1, max_size=30
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=3),
    st.integers(1, 8),
    st.sampled_from([0.0, 0.2, 10.0]),
)
def test_the_best_that_pass_a_filter_are_those_of_brute_force(
    tmp_path_factory: pytest.TempPathFactory, rows: list, terms: list[str], n: int, fetched: float
) -> None:
    """Whether those that pass are listed, or all searched and then looked at (``fetched``: what that costs)."""
    archive = Archive.create(tmp_path_factory.mktemp("bm25") / "articles.db", META)
    for number, (words, passing) in enumerate(rows):
        put(archive, article(f"teks {number}", publisher="Kabar" if passing else "Suara"), " ".join(words), "lain")
    only = Filter(publishers=frozenset({"Kabar"}))
    everything = archive.bm25(terms, 1_000)
    passing = archive.passing(list(everything), only)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lexical, "_FETCHED", fetched)
        found = archive.bm25(terms, n, only)
    assert list(found.items()) == [item for item in everything.items() if item[0] in passing][:n]
    archive.close()


@settings(deadline=None, max_examples=50)
@given(
    st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=5), min_size=1, max_size=20),
    st.sets(st.sampled_from(WORDS), min_size=1),
    st.integers(0, 20),
)
def test_where_many_match_those_with_a_rare_term_or_two_others_are_ranked(
    tmp_path_factory: pytest.TempPathFactory, rows: list[list[str]], terms: set[str], scored: int
) -> None:
    archive = Archive.create(tmp_path_factory.mktemp("likely") / "articles.db", META)
    put(archive, article("teks"), *(" ".join(words) for words in rows), *["lain"] * 4 * len(rows))
    held = {term: sum(term in words for words in rows) for term in terms}
    rarest = sorted((term for term in terms if held[term]), key=lambda term: (held[term], term))
    rare = {t for n, t in enumerate(rarest) if n == 0 or sum(held[one] for one in rarest[: n + 1]) <= scored}

    everything = archive.bm25(terms, 1_000)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(lexical, "_SCORED", scored)
        patched.setattr(lexical, "_FETCHED", 0.0)
        found = archive.bm25(terms, 1_000)
        only = Filter(articles=frozenset({article("teks").id}))
        first = archive.bm25(terms, 1, only)
    likely = {n for n, words in enumerate(rows, 1) if rare & set(words) or len(terms & set(words)) > 1}
    assert list(found.items()) == [item for item in everything.items() if item[0] in likely]
    assert list(first.items()) == list(found.items())[:1]
    archive.close()


def test_a_filter_finds_what_holds_none_of_the_rare_terms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lexical, "_SCORED", 2)
    monkeypatch.setattr(lexical, "_FETCHED", 0.0)  # always first without the filter
    archive = Archive.create(tmp_path / "articles.db", META)
    with archive.writing() as writer:
        for n in range(80):
            article = Article(title="Kabar", text=f"{n}", publisher="Satu" if n < 40 else "Dua")
            terms = "langka umum" if n < 2 else "umum" if n % 8 == 0 else "lain"
            writer.insert(Analysed(article, [Chunk(article.id, 0, 0, 1)], [terms], np.zeros((1, 2), np.float16)))
    found = archive.bm25(["langka", "umum"], 3, Filter(publishers=("Dua",)))
    archive.close()
    assert len(found) == 3


def test_terms_that_nearly_every_chunk_holds_cost_no_more_than_a_look(
    archive: Archive, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(
        archive, article("teks"), *(["yang di ke beras"] * 2 + ["yang di ke"] * 3 + ["yang di", "yang"] + ["laut"] * 20)
    )
    monkeypatch.setattr(lexical, "_POSTINGS", 4)
    assert list(archive.bm25(["yang", "di", "beras"], 10)) == [1, 2]
    assert sorted(archive.bm25(["yang", "di", "ke"], 10)) == [1, 2, 3, 4, 5]  # the rarest, though it is common
    many = [f"kata{n}" for n in range(400)]
    put(archive, article("panjang"), *many)
    monkeypatch.setattr(lexical, "_POSTINGS", 1_000)
    monkeypatch.setattr(lexical, "_SCORED", 3)
    assert len(archive.bm25(many, 10)) == 3  # FTS5 can read a question of hundreds of words, all rare
