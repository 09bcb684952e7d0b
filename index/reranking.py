"""A second look at what a retriever found: the shipped cross-encoder reads the best passages with the question."""

from __future__ import annotations

from dataclasses import replace

from .cross_encoder import CrossEncoder
from .retrieval import Retriever
from .types import Filter, Passage

__all__ = ["DEPTH", "RELEVANCE_WEIGHT", "Reranker"]

DEPTH = 30
"""How many passages are read again."""

RELEVANCE_WEIGHT = 0.2
"""What a logit of the cross-encoder's relevance counts beside the fused score (0 to 1); chosen on the valid splits."""


class Reranker:
    """A ``Retriever`` that puts another retriever's best passages into a better order.

    The new score is ``score + RELEVANCE_WEIGHT * logit``; the logit is kept in ``Passage.scores["relevance"]``, the old
    score in ``Passage.scores["fused"]``. Passages behind the first ``DEPTH`` stay behind them.
    """

    def __init__(self, retriever: Retriever, encoder: CrossEncoder | None = None) -> None:
        self._retriever = retriever
        self._encoder = encoder

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages for ``query``, best first, from articles that pass the filter."""
        passages = self._retriever.retrieve(query, max(k, DEPTH), filter=filter)
        encoder = self._encoder or CrossEncoder.shipped()
        readings = encoder.read(query, [passage.text for passage in passages[:DEPTH]])
        reranked = [
            replace(
                passage,
                score=passage.score + RELEVANCE_WEIGHT * reading.relevant,
                scores={**passage.scores, "fused": passage.score, "relevance": reading.relevant},
            )
            for passage, reading in zip(passages, readings, strict=False)
        ]
        reranked.sort(key=lambda passage: (-passage.score, passage.article.id, passage.start))
        return [*reranked, *passages[DEPTH:]][:k]
