"""The archive's tables, and how their rows become articles, vectors and conditions and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from index.types import Article, Chunk, Filter

__all__ = [
    "ARTICLE_COLUMNS",
    "CHUNKS",
    "CHUNK_ID",
    "SCHEMA",
    "SCHEMA_VERSION",
    "SOURCES",
    "STORIES",
    "VECTORS",
    "Analysed",
    "Float16",
    "MadeBy",
    "ReplicaState",
    "Rows",
    "StoredArticle",
    "article_of",
    "condition_of",
    "matrix_of",
    "record_of",
]

SCHEMA_VERSION = "2"

SCHEMA = """
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE articles (
    rowid INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    title TEXT NOT NULL, text TEXT NOT NULL,
    url TEXT, publisher TEXT, author TEXT, editor TEXT, published TEXT, updated TEXT, language TEXT,
    topics TEXT NOT NULL, source TEXT NOT NULL,
    day TEXT, publisher_key TEXT            -- for filters: ISO day, name without case
);
CREATE INDEX articles_day ON articles (day);
CREATE INDEX articles_publisher ON articles (publisher_key);
CREATE TABLE article_topics (
    topic_key TEXT NOT NULL, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE, topic TEXT NOT NULL,
    PRIMARY KEY (topic_key, article)
) WITHOUT ROWID;
CREATE INDEX article_topics_article ON article_topics (article);
CREATE TABLE sources (
    source TEXT PRIMARY KEY, article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE
) WITHOUT ROWID;
CREATE INDEX sources_article ON sources (article);
CREATE TABLE chunks (
    rowid INTEGER PRIMARY KEY AUTOINCREMENT,
    article INTEGER NOT NULL REFERENCES articles ON DELETE CASCADE,
    position INTEGER NOT NULL, start INTEGER NOT NULL, end INTEGER NOT NULL
);
CREATE INDEX chunks_article ON chunks (article, start);
-- float16; a chunk of which the model knows no word has none
CREATE TABLE vectors (chunk INTEGER PRIMARY KEY REFERENCES chunks ON DELETE CASCADE, vector BLOB NOT NULL);
-- The terms are kept beside the inverted index: without them FTS5 cannot take a row out exactly.
CREATE VIRTUAL TABLE terms USING fts5 (body, tokenize = 'ascii');
CREATE VIRTUAL TABLE term_counts USING fts5vocab (terms, 'row');
-- Near-duplicates: the story an article belongs to, and the keys under which texts that may be copies meet.
CREATE TABLE stories (
    article INTEGER PRIMARY KEY REFERENCES articles ON DELETE CASCADE, story INTEGER NOT NULL, bands TEXT NOT NULL
);
CREATE INDEX stories_story ON stories (story);
CREATE TABLE bands (band INTEGER NOT NULL, article INTEGER NOT NULL, PRIMARY KEY (band, article)) WITHOUT ROWID;
CREATE TABLE replicas (
    location TEXT PRIMARY KEY,
    folder TEXT NOT NULL, checksum INTEGER NOT NULL, revision INTEGER NOT NULL, pending INTEGER NOT NULL
) WITHOUT ROWID;
"""

ARTICLE_COLUMNS = "id, title, text, source, url, publisher, author, editor, published, updated, language, topics"
CHUNK_ID = "articles.id || ':' || chunks.start || '-' || chunks.end"
SOURCES = "sources JOIN articles ON articles.rowid = sources.article"
STORIES = "stories JOIN articles ON articles.rowid = stories.article"
CHUNKS = "articles JOIN chunks ON chunks.article = articles.rowid"
VECTORS = CHUNKS + " JOIN vectors ON vectors.chunk = chunks.rowid"
Float16 = npt.NDArray[np.float16]
Rows = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Analysed:
    """An article ready to be stored: its chunks, with one string of space-joined terms and one vector for each.

    ``vectors`` has shape (chunks, dimension); a row of zeros stands for "no vector". ``bands`` are those of
    ``index.copies.bands``.
    """

    article: Article
    chunks: Sequence[Chunk]
    terms: Sequence[str]
    vectors: Float16
    bands: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What an archive says it was made with. Analysers, models and schemas change what is stored.

    ``index`` is drawn at random for every archive that is made or rebuilt; a collection of vectors names it.
    """

    index: str
    encoder: str
    dimension: int
    analyser: str
    schema: str


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article with everything stored for it, unchecked.

    ``article`` is None where the record cannot be an article; ``day`` and ``publisher_key`` are the columns that
    filters look at. For every chunk there is one string of terms and one vector; None stands for a missing one.
    """

    id: str
    article: Article | None
    day: str | None
    publisher_key: str | None
    chunks: Sequence[Chunk]
    terms: Sequence[str | None]
    vectors: Sequence[bytes | None]


@dataclass(frozen=True, slots=True)
class ReplicaState:
    """How far a vector index has followed the archive.

    It holds the chunks of ``revision``. A local one is the folder ``folder``, whose persisted files have ``checksum``;
    ``pending`` rows were written since they were persisted.
    """

    folder: str = ""
    checksum: int = 0
    revision: int = 0
    pending: int = 0

    def moved_to(self, folder: str) -> ReplicaState:
        """The same vector index under another name."""
        return replace(self, folder=folder)


def record_of(article: Article) -> tuple[str | None, ...]:
    """The values of ``ARTICLE_COLUMNS``."""
    return (
        article.id,
        article.title,
        article.text,
        article.source,
        article.url,
        article.publisher,
        article.author,
        article.editor,
        article.published.isoformat() if article.published else None,
        article.updated.isoformat() if article.updated else None,
        article.language,
        json.dumps(article.topics, ensure_ascii=False),
    )


def article_of(row: Sequence[Any]) -> Article:
    """The article of a row of ``ARTICLE_COLUMNS``."""
    title, text, source, url, publisher, author, editor, published, updated, language, topics = row[1:]
    return Article(
        title=title,
        text=text,
        source=source,
        url=url,
        publisher=publisher,
        author=author,
        editor=editor,
        published=_moment(published),
        updated=_moment(updated),
        language=language,
        topics=tuple(json.loads(topics)),
    )


def _moment(text: str | None) -> date | None:
    if text is None:
        return None
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def matrix_of(rows: Sequence[tuple[Any, bytes]]) -> tuple[Rows, Float16]:
    """Rows of (row number, stored vector) as an array of shape (n,) and one of shape (n, dimension)."""
    if not rows:
        return np.zeros(0, dtype=np.int64), np.zeros((0, 0), dtype=np.float16)
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float16)
    numbers = [row[0] for row in rows]
    return np.array(numbers, dtype=np.int64), vectors.reshape(len(rows), -1)


def condition_of(only: Filter | None, *, checked: bool = False) -> tuple[str, list[Any]]:
    """A filter as an SQL condition on ``articles``, and its values; the empty string lets everything pass.

    ``checked``: for rows that something else in the query finds. SQLite would else begin with what passes the filter,
    which may be nearly everything; a "+" before a column keeps it from using that column's index.
    """
    if not only:
        return "", []
    mark = "+" if checked else ""
    parts: list[tuple[str, Any]] = []
    if only.since:
        parts.append((f"{mark}day >= ?", _day(only.since)))
    if only.until:
        parts.append((f"{mark}day <= ?", _day(only.until)))
    among = "IN (SELECT value FROM json_each(?))"
    if only.publishers:
        parts.append((f"{mark}publisher_key {among}", json.dumps([name.casefold() for name in only.publishers])))
    if only.topics:
        with_topic = f"{mark}articles.rowid IN (SELECT article FROM article_topics WHERE topic_key {among})"
        parts.append((with_topic, json.dumps([name.casefold() for name in only.topics])))
    if only.articles:
        parts.append((f"{mark}articles.id {among}", json.dumps(list(only.articles))))
    return " AND ".join(part for part, _ in parts), [value for _, value in parts]


def _day(moment: date) -> str:
    return (moment.date() if isinstance(moment, datetime) else moment).isoformat()
