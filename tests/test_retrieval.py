"""Hybrid retrieval: fusion, completion of scores, filters that are exact at every size."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from index import retrieval
from index.errors import QueryError
from index.retrieval import LONGEST_QUERY, HybridRetriever, Retriever, fuse
from index.store import ArticleIndex
from index.types import Article, Filter
from tests.encoders import HashingEncoder

WORDS = ["beras", "laut", "hujan", "kereta", "gempa", "panen", "sekolah", "jembatan", "pasar", "sungai", "hutan", "api"]
FIRST = date(2024, 1, 1)


def article(n: int) -> Article:
    words = [WORDS[(n * step) % len(WORDS)] for step in (1, 5, 7, 11)]
    return Article(
        title=f"Laporan {n}",
        text=f"Petugas mencatat {words[0]} dan {words[1]}. Warga membicarakan {words[2]} serta {words[3]}.",
        source=str(n),
        publisher="Kabar" if n % 10 == 0 else "Suara",
        published=FIRST + timedelta(days=n % 100),
        topics=("genap",) if n % 2 == 0 else (),
    )


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path_factory.mktemp("index"), embedding=HashingEncoder()) as opened:
        opened.add(article(n) for n in range(600))
        yield opened


def test_best_first_with_the_parts_of_the_score(index: ArticleIndex) -> None:
    passages = index.retrieve("beras dan laut", 5)
    assert len(passages) == 5
    scores = [p.score for p in passages]
    assert scores == sorted(scores, reverse=True)
    for p in passages:
        assert p.text == p.article.text[p.start : p.end]
        assert set(p.scores) == {"bm25", "dense"}
        encoder = HashingEncoder()
        vector = encoder.encode_documents([f"{p.article.title}\n{p.text}"])[0]
        assert p.scores["dense"] == pytest.approx(float(vector @ encoder.encode_query("beras dan laut")), abs=2e-3)


def test_the_same_question_has_the_same_answer(index: ArticleIndex) -> None:
    first = [(p.chunk.id, p.score) for p in index.retrieve("jembatan sungai", 50)]
    assert [(p.chunk.id, p.score) for p in index.retrieve("jembatan sungai", 50)] == first
    added = {index._archive.rows([chunk_id])[0]: score for chunk_id, score in first}
    for (one, score), (other, lower) in pairwise(added.items()):
        assert score > lower or one < other


def test_more_than_there_are(index: ArticleIndex) -> None:
    assert len(index.retrieve("laporan petugas warga", 10_000)) == index.chunk_count


def test_words_that_nothing_holds_still_find_the_nearest(index: ArticleIndex) -> None:
    found = index.retrieve("xyzzy", 3)
    assert len(found) == 3
    assert all(p.scores["bm25"] == 0 for p in found)


def test_a_question_of_which_the_model_knows_nothing(index: ArticleIndex) -> None:
    assert index.retrieve("?!", 3) == []


@pytest.mark.parametrize("query", ["", "  \n\t", "a" * 20_000])
def test_questions_that_cannot_be_searched(index: ArticleIndex, query: str) -> None:
    with pytest.raises(QueryError, match=r"empty|20000 characters; at most 2000"):
        index.retrieve(query)


def test_the_longest_question(index: ArticleIndex) -> None:
    distinct = " ".join(f"k{n}" for n in range(400))[:LONGEST_QUERY]
    assert index.retrieve(distinct, 1)


@pytest.mark.parametrize("k", [0, -1])
def test_k_is_positive(index: ArticleIndex, k: int) -> None:
    with pytest.raises(ValueError, match="at least 1"):
        index.retrieve("beras", k)


def test_an_index_with_nothing_in_it(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as empty:
        assert empty.retrieve("beras") == []
        assert empty.retrieve("beras", filter=Filter(since=FIRST)) == []


FILTERS = [
    Filter(publishers=frozenset({"kabar"})),
    Filter(topics=frozenset({"GENAP"})),
    Filter(since=FIRST + timedelta(days=20), until=FIRST + timedelta(days=79)),
    Filter(since=FIRST, until=FIRST),
    Filter(articles=frozenset({article(3).id, article(4).id})),
    Filter(publishers=frozenset({"Kabar"}), since=FIRST + timedelta(days=50)),
    Filter(publishers=frozenset({"tidak ada"})),
]


@pytest.mark.parametrize("only", FILTERS)
def test_filters_are_exact_by_either_way(index: ArticleIndex, only: Filter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scoring all that pass, and over-fetching from Chroma, give what brute force gives."""
    monkeypatch.setattr(retrieval, "_SMALL", 0)
    monkeypatch.setattr(retrieval, "_FETCHED", 10**9)
    exact = [(p.chunk.id, p.score) for p in index.retrieve("hujan di hutan", 10, filter=only)]
    monkeypatch.setattr(retrieval, "_FETCHED", 0.001)
    fetched = [(p.chunk.id, p.score) for p in index.retrieve("hujan di hutan", 10, filter=only)]
    assert fetched == exact
    passing = {found.id for found in index.articles(only)}
    assert len(exact) == min(10, sum(1 for p in index.retrieve("hujan", 10_000) if p.article.id in passing))
    for chunk_id, _ in exact:
        assert chunk_id.partition(":")[0] in passing


DAYS = st.none() | st.integers(0, 99).map(lambda day: FIRST + timedelta(days=day))


@settings(deadline=None, max_examples=40)
@given(
    st.builds(
        Filter,
        since=DAYS,
        until=DAYS,
        publishers=st.frozensets(st.sampled_from(["Kabar", "Suara"]), max_size=1),
        topics=st.frozensets(st.just("genap")),
        articles=st.frozensets(st.integers(0, 599).map(lambda n: article(n).id), max_size=300),
    ),
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map(" ".join),
    st.integers(1, 150),
)
def test_filtered_is_the_same_as_all_without_what_does_not_pass(
    index: ArticleIndex, only: Filter, question: str, k: int
) -> None:
    """Brute force: everything that passes is scored, and BM25 ranks all there is before the filter is looked at."""
    archive, encoder = index.archive, HashingEncoder()
    blocks = list(archive.all_vectors())
    ids = [chunk_id for block, _ in blocks for chunk_id in block]
    matrix = np.vstack([vectors for _, vectors in blocks]).astype(np.float32)

    def nearest(vector: np.ndarray, n: int) -> list[str]:
        return [ids[row] for row in np.argsort(-(matrix @ vector), kind="stable")[:n]]

    class Everything(HybridRetriever):
        def _nearest_rows(self, *_: object) -> None:
            return None

    def all_bm25(terms: list[str], n: int, only: Filter | None, share: float) -> dict[int, float]:
        everything = type(archive).bm25(archive, terms, 10**6)
        passing = archive.passing(list(everything), only)
        return dict([(row, score) for row, score in everything.items() if row in passing][:n])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(retrieval, "_SMALL", 0)
        patched.setattr(retrieval, "_FETCHED", 0.2)
        found = HybridRetriever(archive, nearest, encoder).retrieve(question, k, only)
        patched.setattr(archive, "bm25", all_bm25)
        expected = Everything(archive, nearest, encoder).retrieve(question, k, only)
    assert [p.score for p in found] == pytest.approx([p.score for p in expected])
    assert {p.article.id for p in found} <= {one.id for one in index.articles(only)}
    assert len(found) == min(k, len(expected))


def test_ids_that_have_gone_are_passed_over(index: ArticleIndex) -> None:
    def nearest(vector: np.ndarray, n: int) -> list[str]:
        return ["f" * 16 + ":0-5", *index._replica.search(vector, n)]

    retriever: Retriever = HybridRetriever(index._archive, nearest, HashingEncoder())
    assert retriever.retrieve("beras", 3) == index.retrieve("beras", 3)


# ---- fusion

SCORES = arrays(np.float64, st.integers(0, 20), elements=st.integers(-1000, 1000).map(lambda n: n / 100))


@given(SCORES, st.floats(0.01, 10), st.floats(-5, 5), st.floats(0.1, 10))
def test_fusion_does_not_depend_on_the_scale_of_the_model(
    dense: np.ndarray, scale: float, shift: float, weight: float
) -> None:
    bm25 = np.abs(dense[::-1])
    fused = fuse(dense, bm25, weight)
    assert fused.shape == dense.shape
    assert ((fused >= 0) & (fused <= 1 + 1e-9)).all()
    np.testing.assert_allclose(fuse(dense * scale + shift, bm25, weight), fused, atol=1e-3)


def test_fusion_by_hand() -> None:
    np.testing.assert_allclose(fuse([0.2, 0.4, 0.6], [0, 10, 5], 5), [0, 12.5 / 15, 10 / 15])
    np.testing.assert_allclose(fuse([0.5, 0.5], [1, 3], 1), [0.25, 0.75])
    np.testing.assert_allclose(fuse([0.1, 0.9], [0, 0]), [0, 1])
    assert fuse([], []).shape == (0,)


def test_what_a_passage_opens_with_counts_more(tmp_path: Path) -> None:
    """The first words of a passage, not those of its title, which every passage of the article has."""
    about = "Danau itu dalam. Warga desa setempat sering memancing ikan mujair di tepi Waduk Jatiluhur setiap hari."
    named = "Waduk Jatiluhur memancing warga. Danau itu dalam, desa setempat sering ikan mujair di tepi setiap hari."
    with ArticleIndex.open(tmp_path, embedding=HashingEncoder()) as index:
        index.add([Article(title="Kabar", text=about), Article(title="Kabar", text=named)])
        first, second = index.retrieve("waduk jatiluhur", 2)
    assert first.article.text == named
    assert first.scores["bm25"] > second.scores["bm25"] > 0


def test_a_small_index_is_searched_without_chroma(index: ArticleIndex, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(vector: object, n: int) -> list[str]:
        raise AssertionError("Chroma was asked")

    asked = HybridRetriever(index._archive, refuse, index._load_encoder())
    exact = asked.retrieve("panen di sungai", 5)
    monkeypatch.setattr(retrieval, "_SMALL", 0)
    assert [p.chunk for p in exact] == [p.chunk for p in index.retrieve("panen di sungai", 5)]
    with pytest.raises(AssertionError, match="Chroma was asked"):
        asked.retrieve("panen di sungai", 5)
