"""Articles in, passages out: an index of news that finds the exact characters and knows nothing of answers.

from index import ArticleIndex, read_articles

with ArticleIndex.open("berita") as index:
    index.add(read_articles("artikel/"))
    for passage in index.retrieve("Siapa gubernur Kalimantan Timur?"):
        print(passage.article.title, passage.text)
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from index.errors import (
    ChatModelError,
    EmbeddingError,
    FetchError,
    IndexDamagedError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStoreError,
    QueryError,
    ReadError,
    RerankerError,
    SettingsError,
    TanyaError,
)
from index.types import Article, CheckReport, Chunk, Coverage, Failure, Filter, Finding, IngestReport, Passage

if TYPE_CHECKING:
    from index.reading import read_articles
    from index.retrieval import HybridRetriever, Retriever
    from index.sources import read_url
    from index.store import ArticleIndex
    from index.vectors import ChromaAddress

__all__ = [
    "Article",
    "ArticleIndex",
    "ChatModelError",
    "CheckReport",
    "ChromaAddress",
    "Chunk",
    "Coverage",
    "EmbeddingError",
    "Failure",
    "FetchError",
    "Filter",
    "Finding",
    "HybridRetriever",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexStoreError",
    "IngestReport",
    "Passage",
    "QueryError",
    "ReadError",
    "RerankerError",
    "Retriever",
    "SettingsError",
    "TanyaError",
    "read_articles",
    "read_url",
]

# What brings numpy, a stemmer or a parser along is imported when it is asked for.
_LATE = {
    "ArticleIndex": "index.store",
    "ChromaAddress": "index.vectors",
    "HybridRetriever": "index.retrieval",
    "Retriever": "index.retrieval",
    "read_articles": "index.reading",
    "read_url": "index.sources",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_LATE[name]), name)
    globals()[name] = value
    return value
