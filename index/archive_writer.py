"""What one transaction may write into an archive."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import cast

from index.copies import share_a_story
from index.database import Connection
from index.schema import (
    ARTICLE_COLUMNS,
    CHUNK_ID,
    CHUNKS,
    SOURCES,
    STORIES,
    VECTORS,
    Analysed,
    ReplicaState,
    record_of,
)
from index.types import Article

__all__ = ["ArchiveWriter"]

_CANDIDATES = 4  # stored articles, those with most bands in common, that a new one is compared with
_TOLD = 24  # articles of one story at most: more outlets are rare, and chains of half-alike articles have no end


class ArchiveWriter:
    """What can be written in one transaction of ``Archive.writing``."""

    def __init__(self, connection: Connection) -> None:
        self._execute = connection.execute
        self._executemany = connection.executemany
        self._chunks_changed = False

    def insert(self, item: Analysed) -> None:
        """Stores an article that is not there yet."""
        article = item.article
        marks = ", ".join("?" * len(record_of(article)))
        inserted = self._execute(f"INSERT INTO articles ({ARTICLE_COLUMNS}) VALUES ({marks})", record_of(article))
        self._index_fields(article)
        self._insert_chunks(inserted.lastrowid, item)
        if item.bands:
            self._join_story(cast("int", inserted.lastrowid), article.text, item.bands)

    def describe(self, article: Article) -> None:
        """Replaces what is recorded about a stored article; its id, title, text and chunks stay."""
        names = ", ".join(f"{name} = ?" for name in ARTICLE_COLUMNS.split(", "))
        self._execute(f"UPDATE articles SET {names} WHERE id = ?", (*record_of(article), article.id))
        self._index_fields(article)

    def attach(self, source: str, article_id: str) -> None:
        """Records that ``source`` now yields that article, whatever it yielded before."""
        self._execute("INSERT OR REPLACE INTO sources SELECT ?, rowid FROM articles WHERE id = ?", (source, article_id))

    def detach(self, source: str) -> None:
        """Records that ``source`` yields nothing any more."""
        self._execute("DELETE FROM sources WHERE source = ?", (source,))

    def is_orphan(self, article_id: str) -> bool:
        """Whether no source yields the article. One that still has sources is named after one of those."""
        query = f"SELECT sources.source FROM {SOURCES} WHERE id = ? ORDER BY 1"
        sources = [row[0] for row in self._execute(query, (article_id,))]
        if sources:
            lost = "UPDATE articles SET source = ? WHERE id = ? AND source NOT IN (SELECT value FROM json_each(?))"
            self._execute(lost, (sources[0], article_id, json.dumps(sources)))
        return not sources

    def remove(self, article_id: str) -> list[str]:
        """Takes an article out, with everything that belongs to it; returns the ids of its chunks that had vectors."""
        of_article = f"FROM {CHUNKS} WHERE articles.id = ?"
        query = f"SELECT {CHUNK_ID} FROM {VECTORS} WHERE articles.id = ?"
        chunk_ids = [row[0] for row in self._execute(query, (article_id,))]
        self._execute(f"DELETE FROM terms WHERE rowid IN (SELECT chunks.rowid {of_article})", (article_id,))
        filed = f"SELECT value, article FROM {STORIES}, json_each(bands) WHERE articles.id = ?"
        self._execute(f"DELETE FROM bands WHERE (band, article) IN ({filed})", (article_id,))
        self._execute("DELETE FROM articles WHERE id = ?", (article_id,))
        self._chunks_changed = True
        return chunk_ids

    def analyse_again(self, item: Analysed) -> None:
        """Replaces all that was derived from a stored article: chunks, terms, vectors and what filters look at."""
        (row,) = self._execute("SELECT rowid FROM articles WHERE id = ?", (item.article.id,)).fetchone()
        self._execute("DELETE FROM terms WHERE rowid IN (SELECT rowid FROM chunks WHERE article = ?)", (row,))
        self._execute("DELETE FROM chunks WHERE article = ?", (row,))
        self._index_fields(item.article)
        self._insert_chunks(row, item)

    def renew_inverted_index(self) -> None:
        """Makes the inverted index anew from the terms stored beside it."""
        self._execute("INSERT INTO terms (terms) VALUES ('rebuild')")

    def renew_indexes(self) -> None:
        """Makes SQLite's own indexes anew from the tables."""
        self._execute("REINDEX")

    def remove_strays(self) -> None:
        """Deletes rows that belong to something that is not there."""
        for table, rowid in {row[:2] for row in self._execute("PRAGMA foreign_key_check").fetchall()}:
            if rowid is not None:
                self._execute(f"DELETE FROM {table} WHERE rowid = ?", (rowid,))
        for table in ("sources", "article_topics", "bands"):  # these have no row numbers
            self._execute(f"DELETE FROM {table} WHERE article NOT IN (SELECT rowid FROM articles)")
        strays = "SELECT id FROM terms_docsize WHERE id NOT IN (SELECT rowid FROM chunks)"
        self._execute(f"DELETE FROM terms WHERE rowid IN ({strays})")
        self._chunks_changed = True

    def set_meta(self, key: str, value: str) -> None:
        """Records ``value`` under ``key``."""
        self._execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (key, value))

    def forget_replicas(self) -> None:
        """As if no vector index had ever followed this archive; the next use makes one."""
        self._execute("DELETE FROM replicas")

    def set_replica(self, location: str, state: ReplicaState) -> None:
        """Records how far the vector index at ``location`` has come."""
        values = (location, state.folder, state.checksum, state.revision, state.pending)
        self._execute("INSERT OR REPLACE INTO replicas VALUES (?, ?, ?, ?, ?)", values)

    def finish(self) -> None:
        """Counts the transaction, where it changed chunks."""
        if self._chunks_changed:
            self._execute("UPDATE meta SET value = value + 1 WHERE key = 'revision'")
            now = datetime.now(UTC).isoformat(timespec="seconds")
            self._execute("INSERT OR REPLACE INTO meta VALUES ('updated', ?)", (now,))

    def _insert_chunks(self, article_row: int | None, item: Analysed) -> None:
        for chunk, terms, vector in zip(item.chunks, item.terms, item.vectors, strict=True):
            row = self._execute(
                "INSERT INTO chunks (article, position, start, end) VALUES (?, ?, ?, ?)",
                (article_row, chunk.position, chunk.start, chunk.end),
            ).lastrowid
            self._execute("INSERT INTO terms (rowid, body) VALUES (?, ?)", (row, terms))
            if vector.any():
                self._execute("INSERT INTO vectors VALUES (?, ?)", (row, vector.tobytes()))
        self._chunks_changed = True

    def _join_story(self, row: int, text: str, bands: Sequence[int]) -> None:
        """Files a new article under its bands and puts it into one story with those whose text it shares."""
        filed = json.dumps(bands)
        candidates = (
            "SELECT story, text FROM bands JOIN stories USING (article) JOIN articles ON articles.rowid = article "
            "WHERE band IN (SELECT value FROM json_each(?)) "
            "GROUP BY article ORDER BY count(*) DESC, article DESC LIMIT ?"
        )
        size = "SELECT count(*) FROM stories WHERE story = ?"
        stories: list[int] = []
        told = 1
        for story, other in self._execute(candidates, (filed, _CANDIDATES)).fetchall():
            if story not in stories and share_a_story(text, other):
                (more,) = self._execute(size, (story,)).fetchone()
                if told + more <= _TOLD:
                    told += more
                    stories.append(story)
        if not stories:
            stories = [self._execute("SELECT coalesce(max(story), 0) + 1 FROM stories").fetchone()[0]]
        self._executemany("UPDATE stories SET story = ? WHERE story = ?", [(stories[0], one) for one in stories[1:]])
        self._execute("INSERT INTO stories VALUES (?, ?, ?)", (row, stories[0], filed))
        self._executemany("INSERT INTO bands VALUES (?, ?)", [(band, row) for band in bands])

    def _index_fields(self, article: Article) -> None:
        """The columns and rows that filters look at."""
        day = article.day.isoformat() if article.day else None
        self._execute(
            "UPDATE articles SET day = ?, publisher_key = ? WHERE id = ?",
            (day, (article.publisher or "").casefold(), article.id),
        )
        (row,) = self._execute("SELECT rowid FROM articles WHERE id = ?", (article.id,)).fetchone()
        self._execute("DELETE FROM article_topics WHERE article = ?", (row,))
        topics = {topic.casefold(): topic for topic in article.topics}
        self._executemany("INSERT INTO article_topics VALUES (?, ?, ?)", [(k, row, t) for k, t in topics.items()])
