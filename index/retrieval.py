"""Passages for a question: dense and lexical search, fused by score, under exact filters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

from index.archive import Archive
from index.copies import fold, with_copies
from index.errors import QueryError
from index.terms import analyse_question
from index.types import Filter, Passage

if TYPE_CHECKING:
    from index.embedding import Encoder

__all__ = ["DENSE_WEIGHT", "LONGEST_QUERY", "HybridRetriever", "Retriever", "fuse"]

LONGEST_QUERY = 2_000
"""Characters; a question is shorter, and longer ones would only blur what is searched for."""

DENSE_WEIGHT = 9.0
"""What the best dense score counts beside BM25, in units of BM25; chosen on the valid splits (8 to 12 are alike)."""

_CANDIDATES = 100  # from dense and from lexical search each
_FETCHED = 2.5  # what a neighbour fetched from Chroma and looked up costs (10 µs), in chunks read and scored exactly
_SMALL = 1_000  # chunks of an index that is scored whole: in 4 ms, and importing Chroma takes .6 s of a cold start
_COPIES = 3  # passages looked at for each that is wanted, where stories are told more than once

Floats = npt.NDArray[np.float64]
Nearest = Callable[[npt.NDArray[np.float32], int], list[str]]


class _Ranked(NamedTuple):
    """A chunk, by its row, before it is read."""

    row: int
    score: float
    scores: dict[str, float]


class Retriever(Protocol):
    """Finds passages. Anything with this method can take the place of ``HybridRetriever``."""

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages for ``query``, best first, from articles that pass the filter."""


class HybridRetriever:
    """Dense and BM25 search over one index.

    Chroma (``nearest``) and FTS5 each name candidates; the dense score of every candidate is then computed from its
    stored vector, so scores do not depend on who named it. Few chunks are all scored, without Chroma.
    """

    def __init__(self, archive: Archive, nearest: Nearest, encoder: Encoder) -> None:
        self._archive = archive
        self._nearest = nearest
        self._encoder = encoder

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages, best first; equal scores in the order in which they were added.

        What several articles carry (the same wire copy) is returned once, with the others in ``Passage.copies``: see
        ``index.copies.fold``.

        ``Passage.scores`` holds ``"bm25"`` (0 for a chunk that was not among the best lexical ones) and ``"dense"``
        (cosine, -1 to 1; 0 for a chunk or question of which the model knows no word).

        Raises:
            QueryError: ``query`` is blank or longer than LONGEST_QUERY characters.
            ValueError: ``k`` is less than 1.
        """
        if k < 1:
            raise ValueError(f"k is {k}; ask for at least 1 passage")
        if not query.strip():
            raise QueryError("The question is empty; ask something.")
        if len(query) > LONGEST_QUERY:
            raise QueryError(
                f"The question has {len(query)} characters; at most {LONGEST_QUERY} can be searched with. Shorten it."
            )
        n = max(_CANDIDATES, k)
        share = self._archive.share(filter) if filter else 1.0
        bm25 = self._archive.bm25(analyse_question(query), n, filter, share)
        vector = self._encoder.encode_query(query)
        dense = self._dense(vector, n, filter, share, list(bm25)) if vector.any() else {}
        rows = sorted(bm25.keys() | dense.keys())
        fused = fuse(_values(dense, rows), _values(bm25, rows))
        best = np.argsort(-fused, kind="stable").tolist()
        ranked = [
            _Ranked(rows[i], float(fused[i]), {"bm25": bm25.get(rows[i], 0.0), "dense": dense.get(rows[i], 0.0)})
            for i in best
        ]
        return self._told_once(ranked, k, filter)

    def _told_once(self, ranked: Sequence[_Ranked], k: int, only: Filter | None) -> list[Passage]:
        """The first ``k`` passages that are no copies of each other."""
        depth = k
        while True:
            passages = self._passages(ranked[:depth])
            stories = self._archive.stories(list({passage.article.id for passage in passages}), only)
            if not stories:
                return passages[:k]
            if depth > k:
                folded = fold(passages, stories)
                if len(folded) >= k or depth >= len(ranked):
                    return [with_copies(passage, stories) for passage in folded[:k]]
            depth *= _COPIES

    def _passages(self, ranked: Sequence[_Ranked]) -> list[Passage]:
        found = self._archive.passages([one.row for one in ranked])
        return [
            Passage(article=found[one.row][0], chunk=found[one.row][1], score=one.score, scores=one.scores)
            for one in ranked
            if one.row in found  # it may have been removed in this moment
        ]

    def _dense(
        self, vector: npt.NDArray[np.float32], n: int, only: Filter | None, share: float, also: Sequence[int]
    ) -> dict[int, float]:
        """{row: cosine} of the ``n`` nearest chunks that pass the filter, and of the rows in ``also``."""
        nearest = self._nearest_rows(vector, n, only, share)
        if nearest is None:
            rows, matrix = self._archive.filtered_vectors(only or Filter())
            scores = matrix.astype(np.float32) @ vector if len(rows) else np.zeros(0, np.float32)
            best = np.argsort(-scores, kind="stable")[:n]
            keep = np.union1d(best, np.flatnonzero(np.isin(rows, also)))
            return dict(zip(rows[keep].tolist(), scores[keep].tolist(), strict=True))
        rows, matrix = self._archive.vectors(list({*nearest, *also}))
        scores = matrix.astype(np.float32) @ vector if len(rows) else np.zeros(0, np.float32)
        return dict(zip(rows.tolist(), scores.tolist(), strict=True))

    def _nearest_rows(
        self, vector: npt.NDArray[np.float32], n: int, only: Filter | None, share: float
    ) -> list[int] | None:
        """Rows of the nearest chunks that pass; None where scoring all that pass is exact or faster."""
        total = self._archive.chunk_count()
        if total <= _SMALL:
            return None
        if not only:
            return self._archive.rows(self._nearest(vector, n))
        fetch = int(2 * n / share) if share else 0
        while fetch and _FETCHED * fetch < share * total:
            named = self._nearest(vector, fetch)
            rows = self._archive.rows(named, only)
            if len(rows) >= n:
                return rows[:n]
            if len(named) < fetch:  # there are no more, or Chroma Cloud names no more: asking again would not help
                break
            # What passes the filter is seldom about what is asked; how seldom is known now.
            fetch = max(2 * fetch, int(1.5 * fetch * n / max(1, len(rows))))
        return None


def fuse(dense: npt.ArrayLike, bm25: npt.ArrayLike, weight: float = DENSE_WEIGHT) -> Floats:
    """One score per candidate, 0 to 1, from the dense and BM25 scores of the same candidates, each of shape (n,).

    ``(bm25 + weight * m) / (max(bm25) + weight)`` where ``m`` is the dense score brought to 0..1 over the candidates,
    since models differ in how far apart their cosines lie. BM25 keeps its own scale: the more a question's words
    say, the less the dense score decides. On the valid splits this ranks better than a convex combination of both
    normalised scores (Bruch, Gai and Ingber, "An Analysis of Fusion Functions for Hybrid Retrieval", 2023), and far
    better than reciprocal ranks.
    """
    similarity, lexical = np.asarray(dense, dtype=np.float64), np.asarray(bm25, dtype=np.float64)
    if not similarity.size:
        return np.zeros(0)
    span = np.ptp(similarity)
    normalised = (similarity - similarity.min()) / span if span > 0 else np.zeros_like(similarity)
    fused: Floats = (lexical + weight * normalised) / (lexical.max() + weight)
    return fused


def _values(scores: dict[int, float], rows: Sequence[int]) -> Floats:
    return np.array([scores.get(row, 0.0) for row in rows])
