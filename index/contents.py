"""What an archive holds, for those who search, list or count it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime

from index.lexical import Lexical
from index.schema import (
    ARTICLE_COLUMNS,
    CHUNK_ID,
    CHUNKS,
    SOURCES,
    STORIES,
    VECTORS,
    Float16,
    Rows,
    article_of,
    condition_of,
    matrix_of,
)
from index.types import Article, Chunk, Coverage, Filter

__all__ = ["Contents"]

_LIST = 500  # articles fetched at a time where a caller may want all of them


class Contents(Lexical):
    """The reading half of ``index.archive.Archive``."""

    def vector_count(self) -> int:
        """Number of chunks that have a vector."""
        return int(self.select("SELECT count(*) FROM vectors")[0][0])

    def article(self, prefix: str) -> Article | None:
        """The article with this id, or the only one whose id starts so."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT 2"
        rows = self.select(query, prefix, prefix + "\U0010ffff")
        exact = [row for row in rows if row[0] == prefix]
        return article_of(rows[0]) if len(rows) == 1 or exact else None

    def known(self, ids: Sequence[str]) -> dict[str, Article]:
        """The stored articles among ``ids``, by id."""
        found = self.select_among(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id", ids)
        return {row[0]: article_of(row) for row in found}

    def sources(self, sources: Sequence[str]) -> dict[str, str]:
        """The ids of the articles that the stored ones among ``sources`` stand for."""
        return dict(self.select_among(f"SELECT sources.source, id FROM {SOURCES} WHERE sources.source", sources))

    def articles(self, only: Filter | None = None) -> Iterator[Article]:
        """Articles that pass the filter, newest first, those without a date last."""
        condition, values = condition_of(only)
        where = f" WHERE {condition}" if condition else ""
        ids = [row[0] for row in self.select(f"SELECT id FROM articles{where} ORDER BY day DESC, id", *values)]
        for start in range(0, len(ids), _LIST):
            part = ids[start : start + _LIST]
            found = self.known(part)
            yield from (found[key] for key in part if key in found)

    def coverage(self) -> Coverage:
        """What the archive holds, counted; the most frequent publishers and topics first."""
        publishers = "SELECT min(publisher), count(*) FROM articles WHERE publisher_key <> '' GROUP BY publisher_key"
        topics = "SELECT min(topic), count(*) FROM article_topics GROUP BY topic_key"
        first, last = self.select("SELECT min(day), max(day) FROM articles")[0]
        return Coverage(
            articles=self.article_count(),
            chunks=self.chunk_count(),
            first_day=date.fromisoformat(first) if first else None,
            last_day=date.fromisoformat(last) if last else None,
            publishers=dict(self.select(publishers + " ORDER BY 2 DESC, 1")),
            topics=dict(self.select(topics + " ORDER BY 2 DESC, 1")),
        )

    def days(self, only: Filter | None = None) -> dict[date, int]:
        """Numbers of articles that pass the filter by day of publication, the first day first."""
        condition, values = condition_of(only)
        where = f" AND {condition}" if condition else ""
        query = f"SELECT day, count(*) FROM articles WHERE day IS NOT NULL{where} GROUP BY day ORDER BY day"
        return {date.fromisoformat(day): count for day, count in self.select(query, *values)}

    def updated(self) -> datetime | None:
        """When articles were last added, changed or removed, in UTC; None if never."""
        rows = self.select("SELECT value FROM meta WHERE key = 'updated'")
        return datetime.fromisoformat(rows[0][0]) if rows else None

    # ---- searching; chunks are known by row numbers here, which are never used twice

    def rows(self, chunk_ids: Sequence[str], only: Filter | None = None) -> list[int]:
        """Row numbers of the chunks that still exist and whose article passes the filter, in the order given."""
        condition, values = condition_of(only, checked=True)
        query = f"SELECT {CHUNK_ID}, chunks.rowid FROM {CHUNKS} WHERE {condition or 'TRUE'} AND articles.id"
        articles = list({chunk_id.partition(":")[0] for chunk_id in chunk_ids})
        found = dict(self.select_among(query, articles, *values))
        return [found[chunk_id] for chunk_id in chunk_ids if chunk_id in found]

    def vectors(self, rows: Sequence[int]) -> tuple[Rows, Float16]:
        """Stored vectors of those of ``rows`` that have one: (row numbers, matrix), both in ascending order of row."""
        return matrix_of(self.select_among("SELECT chunk, vector FROM vectors WHERE chunk", sorted(rows)))

    def filtered_vectors(self, only: Filter) -> tuple[Rows, Float16]:
        """Vectors of all chunks that pass the filter: (row numbers, matrix)."""
        condition, values = condition_of(only)
        # "+" keeps SQLite from walking through all vectors in their order where few pass.
        query = f"SELECT vectors.chunk, vector FROM {VECTORS} WHERE {condition or '1'} ORDER BY +vectors.chunk"
        return matrix_of(self.select(query, *values))

    def passages(self, rows: Sequence[int]) -> dict[int, tuple[Article, Chunk]]:
        """The chunks of those row numbers that still exist, each with its article."""
        query = f"SELECT chunks.rowid, articles.id, position, start, end FROM {CHUNKS} WHERE chunks.rowid"
        chunks = {row[0]: Chunk(*row[1:]) for row in self.select_among(query, rows)}
        articles = self.known(list({chunk.article_id for chunk in chunks.values()}))
        return {row: (articles[c.article_id], c) for row, c in chunks.items() if c.article_id in articles}

    def stories(self, article_ids: Sequence[str], only: Filter | None = None) -> dict[str, list[Article]]:
        """By id, the articles that pass the filter and tell the same story; none for those that stand alone."""
        told_again = (
            "SELECT 1 FROM stories AS other WHERE other.story = stories.story AND other.article <> stories.article"
        )
        query = f"SELECT id, story FROM {STORIES} WHERE EXISTS ({told_again}) AND id"
        story_of = dict(self.select_among(query, article_ids))
        if not story_of:
            return {}
        condition, values = condition_of(only)
        query = f"SELECT story, {ARTICLE_COLUMNS} FROM {STORIES} WHERE {condition or '1'} AND story"
        members: dict[int, list[Article]] = {}
        for story, *row in self.select_among(query, list(set(story_of.values())), *values):
            members.setdefault(story, []).append(article_of(row))
        return {article_id: members.get(story, []) for article_id, story in story_of.items()}

    # ---- for replicas

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks that have a vector."""
        return {row[0] for row in self.select(f"SELECT {CHUNK_ID} FROM {VECTORS}")}

    def all_vectors(self) -> Iterator[tuple[list[str], Float16]]:
        """All chunk ids and their vectors, a block at a time, in the order they were stored."""
        where = "WHERE vectors.chunk > ? ORDER BY vectors.chunk LIMIT 5000"
        query = f"SELECT vectors.chunk, {CHUNK_ID}, vector FROM {VECTORS} {where}"
        last = 0
        while block := self.select(query, last):
            last = block[-1][0]
            yield [row[1] for row in block], matrix_of([(row[0], row[2]) for row in block])[1]
