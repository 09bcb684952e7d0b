"""A second look at what a retriever found: a cross-encoder reads the best passages together with the question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .errors import RerankerError
from .hub import load_model
from .retrieval import Retriever
from .types import Filter, Passage

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder as LibraryCrossEncoder

__all__ = ["DEPTH", "RELEVANCE_WEIGHT", "SHIPPED_RERANKER", "Relevance", "Reranker", "load_relevance"]

DEPTH = 30
"""How many passages are read again."""

RELEVANCE_WEIGHT = 0.07
"""What a logit of relevance counts beside the fused score (0 to 1); chosen for the shipped model on the valid splits.
Larger models give logits of -10 to 10, which then decide alone, as they should."""

SHIPPED_RERANKER = "tanya-reader"
"""The cross-encoder that ships with the package, in ``index/models/reader``; the embedded reader uses it too."""

Relevance = Callable[[str, Sequence[str]], Sequence[float]]
"""(question, passages) -> a logit for each passage: the higher, the more relevant."""

_BATCH = 8
_WAY_OUT = f"leave TANYA_RERANKER unset for the model that ships ({SHIPPED_RERANKER}), or set it to off."


class Reranker:
    """A ``Retriever`` that puts another retriever's best passages into a better order.

    The new score is ``score + RELEVANCE_WEIGHT * logit``; the logit is kept in ``Passage.scores["relevance"]``, the old
    score in ``Passage.scores["fused"]``. Passages behind the first ``DEPTH`` stay behind them.
    """

    def __init__(self, retriever: Retriever, relevance: Relevance | None = None) -> None:
        self._retriever = retriever
        self._relevance = relevance or load_relevance()

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages for ``query``, best first, from articles that pass the filter."""
        passages = self._retriever.retrieve(query, max(k, DEPTH), filter=filter)
        logits = self._relevance(query, [passage.text for passage in passages[:DEPTH]])
        reranked = [
            replace(
                passage,
                score=passage.score + RELEVANCE_WEIGHT * logit,
                scores={**passage.scores, "fused": passage.score, "relevance": logit},
            )
            for passage, logit in zip(passages, logits, strict=False)
        ]
        reranked.sort(key=lambda passage: (-passage.score, passage.article.id, passage.start))
        return [*reranked, *passages[DEPTH:]][:k]


def load_relevance(name: str = SHIPPED_RERANKER) -> Relevance:
    """The reranking model of that name.

    ``name`` is the shipped model, a folder with a CrossEncoder of sentence-transformers, or one on the Hugging Face
    hub: looked for among the files already downloaded, then downloaded (the only case that uses the network).

    Raises:
        RerankerError: there is no such model, it cannot be loaded, or it gives more than one score a passage.
    """
    if name == SHIPPED_RERANKER:
        return _shipped
    model = load_model(name, _load, kind="reranking model", error=RerankerError, way_out=_WAY_OUT)

    def relevance(question: str, passages: Sequence[str]) -> Sequence[float]:
        from torch import nn

        if not passages:
            return []
        # Logits: models differ in whether they say a probability.
        pairs = [(question, passage) for passage in passages]
        scores = model.predict(pairs, batch_size=_BATCH, activation_fn=nn.Identity(), show_progress_bar=False)
        return [float(score) for score in scores]

    return relevance


def _shipped(question: str, passages: Sequence[str]) -> Sequence[float]:
    from .cross_encoder import CrossEncoder  # here, so that opening an index does not load the model

    return [reading.relevant for reading in CrossEncoder.shipped().read(question, passages)]


def _load(name: str, *, local_files_only: bool) -> LibraryCrossEncoder:
    from sentence_transformers import CrossEncoder

    try:
        model: LibraryCrossEncoder = CrossEncoder(name, local_files_only=local_files_only)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise RerankerError(
            f"The reranking model {name!r} cannot be loaded: {error}. Download or copy it again, or {_WAY_OUT}"
        ) from error
    if model.num_labels != 1:
        raise RerankerError(
            f"The reranking model {name!r} gives {model.num_labels} scores a passage where one is needed. Use a model "
            f"trained to rank, or {_WAY_OUT}"
        )
    return model
