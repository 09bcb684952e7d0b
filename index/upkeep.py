"""An archive looked through for damage, and read as far as it can be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from index.database import Database
from index.errors import IndexDamagedError
from index.schema import ARTICLE_COLUMNS, SOURCES, StoredArticle, article_of
from index.types import Article, Chunk

__all__ = ["Upkeep"]

_BLOCK = 500  # articles read at a time


class Upkeep(Database):
    """The half of ``index.archive.Archive`` that checks, repairs and rebuilds use."""

    def file_problems(self) -> list[str]:
        """What SQLite's own check finds wrong with the file, a line each."""
        return [row[0] for row in self.select("PRAGMA integrity_check(20)") if row[0] != "ok"]

    def stray_count(self) -> int:
        """Number of rows that belong to something that is not there."""
        strays = "SELECT count(*) FROM terms_docsize WHERE id NOT IN (SELECT rowid FROM chunks)"
        return len(self.select("PRAGMA foreign_key_check")) + int(self.select(strays)[0][0])

    def inverted_index_is_sound(self) -> bool:
        """Whether the inverted index is exactly that of the terms stored beside it; FTS5's own check."""
        try:
            self.select("INSERT INTO terms (terms, rank) VALUES ('integrity-check', 1)")
        except IndexDamagedError:
            return False
        return True

    def stored(self, block: int = _BLOCK) -> Iterator[StoredArticle]:
        """Every article with all that is stored for it, in the order in which they were added."""
        query = (
            "SELECT chunks.article, position, start, end, terms.body, vectors.vector FROM chunks "
            "LEFT JOIN terms ON terms.rowid = chunks.rowid LEFT JOIN vectors ON vectors.chunk = chunks.rowid "
            "WHERE chunks.article > ? AND chunks.article <= ? ORDER BY chunks.article, chunks.rowid"
        )
        records = f"SELECT rowid, day, publisher_key, {ARTICLE_COLUMNS} FROM articles WHERE rowid > ? ORDER BY rowid"
        last = 0
        while rows := self.select(f"{records} LIMIT ?", last, block):
            of_article: dict[int, list[Any]] = {row[0]: [] for row in rows}
            for row in self.select(query, last, rows[-1][0]):
                of_article.setdefault(row[0], []).append(row[1:])
            last = rows[-1][0]
            yield from (_stored(row, of_article[row[0]]) for row in rows)

    def survivors(self) -> Iterator[Article | int]:
        """Every article that can still be read, in the order in which they were added; the row numbers of the others.

        Reads archives of other schemas too: what those do not record is left at its default.
        """
        present = {row[1] for row in self.select("PRAGMA table_info(articles)")}
        columns = ", ".join(
            name if name in present else ("''" if name == "source" else "'[]'" if name == "topics" else "NULL")
            for name in ARTICLE_COLUMNS.split(", ")
        )
        last = self.last_article_row()
        for start in range(0, last, _BLOCK):
            end = min(start + _BLOCK, last)
            try:
                rows = self.select(f"SELECT rowid, {columns} FROM articles WHERE rowid > ? AND rowid <= ?", start, end)
                yield from [article_of(row[1:]) for row in rows]
            except (IndexDamagedError, ValueError, TypeError):  # find out which ones it is
                yield from (found for row in range(start + 1, end + 1) for found in self._survivor(columns, row))

    def last_article_row(self) -> int:
        """The highest row number of an article: at most so many can be read, whatever is damaged."""
        return int(self.select("SELECT coalesce(max(rowid), 0) FROM articles")[0][0])

    def _survivor(self, columns: str, row: int) -> list[Article | int]:
        try:
            return [article_of(found) for found in self.select(f"SELECT {columns} FROM articles WHERE rowid = ?", row)]
        except (IndexDamagedError, ValueError, TypeError):
            return [row]

    def all_sources(self) -> Iterator[tuple[str, str]]:
        """(source, id of the article that it yields), for all sources."""
        yield from self.select(f"SELECT sources.source, id FROM {SOURCES} ORDER BY 1")


def _stored(record: Sequence[Any], rows: Sequence[Sequence[Any]]) -> StoredArticle:
    article_id = record[3]
    try:
        article = article_of(record[3:])
    except (ValueError, TypeError):
        article = None
    return StoredArticle(
        id=article_id,
        article=article,
        day=record[1],
        publisher_key=record[2],
        chunks=[Chunk(article_id, *row[:3]) for row in rows],
        terms=[row[3] for row in rows],
        vectors=[row[4] for row in rows],
    )
