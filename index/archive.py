"""The one file that touches SQLite: articles, their chunks, vectors and index terms, BM25 and filters.

One file, ``articles.db``, in WAL mode: what it has committed survives a kill and a power cut, readers never wait for
the writer, and everything else in an index folder can be rebuilt from it. Any thread may call any method; writing goes
through ``Archive.writing`` and is the business of one process at a time (see ``index.store``).
"""

from __future__ import annotations

import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, cast

from index.copies import share_a_story
from index.errors import IndexDamagedError, IndexMismatchError, IndexStoreError
from index.schema import (
    ARTICLE_COLUMNS,
    CHUNK_ID,
    CHUNKS,
    SCHEMA,
    SCHEMA_VERSION,
    SOURCES,
    STORIES,
    VECTORS,
    Analysed,
    Float16,
    MadeBy,
    ReplicaState,
    Rows,
    StoredArticle,
    article_of,
    condition_of,
    matrix_of,
    record_of,
)
from index.types import Article, Chunk, Coverage, Filter

__all__ = ["Analysed", "Archive", "ArchiveWriter", "ReplicaState", "check_schema"]

# FTS5's time is that of the postings it reads. On the valid splits leaving out terms of more than a quarter of all
# chunks costs nothing and halves the time; more than a tenth costs a point of nDCG.
_COMMON = 0.25
_POSTINGS = 100_000
_WAY_OUT = "bring back a copy with `tanya restore FILE --replace`, or keep what can be read with `tanya rebuild`."
_CANDIDATES = 4  # stored articles, those with most bands in common, that a new one is compared with
_TOLD = 24  # articles of one story at most: more outlets are rare, and chains of half-alike articles have no end
_LIST = 500  # rows fetched at a time where a caller may want all of them


class Archive:
    """The articles of one index. Use ``create`` or ``open``.

    Raises, from every method:
        IndexDamagedError: SQLite cannot make sense of the file.
        IndexStoreError: the file cannot be used now: disk full, no permission, locked.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._closed = False

    @classmethod
    def create(cls, path: Path, meta: dict[str, str]) -> Archive:
        """A new, empty archive at ``path``, recording ``meta``. The file appears whole or not at all."""
        draft = path.with_name(path.name + ".new")
        draft.unlink(missing_ok=True)
        archive = cls(draft)
        with archive._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
            connection.executescript(f"BEGIN; {SCHEMA} COMMIT;")
            rows = meta | {"schema": SCHEMA_VERSION, "revision": "0"}
            connection.executemany("INSERT INTO meta VALUES (?, ?)", rows.items())
        archive.close()
        draft.rename(path)
        return cls(path)

    @classmethod
    def open(cls, path: Path) -> Archive:
        """The archive at ``path``.

        Raises:
            IndexMismatchError: another version of this program made it.
            IndexDamagedError: it is not an archive.
        """
        archive = cls(path)
        try:
            check_schema(path, archive.meta("schema"))
        except IndexStoreError:
            archive.close()
            raise
        return archive

    def close(self) -> None:
        """Closes every connection that is not in use; those in use close when they are given back."""
        with self._lock:
            self._closed = True
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # ---- reading

    def meta(self, key: str) -> str:
        """What was recorded under ``key`` when the archive was made."""
        rows = self._rows("SELECT value FROM meta WHERE key = ?", key)
        if not rows:
            raise IndexDamagedError(f"{self.path} does not say its {key}; {_WAY_OUT}")
        return str(rows[0][0])

    def made_by(self) -> MadeBy:
        """What the archive was made with."""
        found = dict(self._rows("SELECT key, value FROM meta"))
        try:
            return MadeBy(found["index"], found["encoder"], int(found["dimension"]), found["analyser"], found["schema"])
        except (KeyError, ValueError) as error:
            raise IndexDamagedError(f"{self.path} does not say what made it ({error}); {_WAY_OUT}") from error

    def revision(self) -> int:
        """Grows with every transaction that changes chunks."""
        return int(self.meta("revision"))

    def replica(self, location: str) -> ReplicaState:
        """State of the vector index at ``location``; all zero when there has been none."""
        rows = self._rows("SELECT folder, checksum, revision, pending FROM replicas WHERE location = ?", location)
        return ReplicaState(*rows[0]) if rows else ReplicaState()

    def article_count(self) -> int:
        """Number of articles."""
        return int(self._rows("SELECT count(*) FROM articles")[0][0])

    def chunk_count(self, only: Filter | None = None) -> int:
        """Number of chunks, of those that pass the filter if one is given."""
        condition, values = condition_of(only)
        source = f"{CHUNKS} WHERE {condition}" if condition else "chunks"
        return int(self._rows(f"SELECT count(*) FROM {source}", *values)[0][0])

    def vector_count(self) -> int:
        """Number of chunks that have a vector."""
        return int(self._rows("SELECT count(*) FROM vectors")[0][0])

    def article(self, prefix: str) -> Article | None:
        """The article with this id, or the only one whose id starts so."""
        query = f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id >= ? AND id < ? ORDER BY id LIMIT 2"
        rows = self._rows(query, prefix, prefix + "\U0010ffff")
        exact = [row for row in rows if row[0] == prefix]
        return article_of(rows[0]) if len(rows) == 1 or exact else None

    def known(self, ids: Sequence[str]) -> dict[str, Article]:
        """The stored articles among ``ids``, by id."""
        return {
            row[0]: article_of(row) for row in self._rows_in(f"SELECT {ARTICLE_COLUMNS} FROM articles WHERE id", ids)
        }

    def sources(self, sources: Sequence[str]) -> dict[str, str]:
        """The ids of the articles that the stored ones among ``sources`` stand for."""
        return dict(self._rows_in(f"SELECT sources.source, id FROM {SOURCES} WHERE sources.source", sources))

    def articles(self, only: Filter | None = None) -> Iterator[Article]:
        """Articles that pass the filter, newest first, those without a date last."""
        condition, values = condition_of(only)
        where = f" WHERE {condition}" if condition else ""
        ids = [row[0] for row in self._rows(f"SELECT id FROM articles{where} ORDER BY day DESC, id", *values)]
        for start in range(0, len(ids), _LIST):
            part = ids[start : start + _LIST]
            found = self.known(part)
            yield from (found[key] for key in part if key in found)

    def coverage(self) -> Coverage:
        """What the archive holds, counted; the most frequent publishers and topics first."""
        publishers = "SELECT min(publisher), count(*) FROM articles WHERE publisher_key <> '' GROUP BY publisher_key"
        topics = "SELECT min(topic), count(*) FROM article_topics GROUP BY topic_key"
        first, last = self._rows("SELECT min(day), max(day) FROM articles")[0]
        return Coverage(
            articles=self.article_count(),
            chunks=self.chunk_count(),
            first_day=date.fromisoformat(first) if first else None,
            last_day=date.fromisoformat(last) if last else None,
            publishers=dict(self._rows(publishers + " ORDER BY 2 DESC, 1")),
            topics=dict(self._rows(topics + " ORDER BY 2 DESC, 1")),
        )

    def days(self, only: Filter | None = None) -> dict[date, int]:
        """Numbers of articles that pass the filter by day of publication, the first day first."""
        condition, values = condition_of(only)
        where = f" AND {condition}" if condition else ""
        query = f"SELECT day, count(*) FROM articles WHERE day IS NOT NULL{where} GROUP BY day ORDER BY day"
        return {date.fromisoformat(day): count for day, count in self._rows(query, *values)}

    def updated(self) -> datetime | None:
        """When articles were last added, changed or removed, in UTC; None if never."""
        rows = self._rows("SELECT value FROM meta WHERE key = 'updated'")
        return datetime.fromisoformat(rows[0][0]) if rows else None

    # ---- searching; chunks are known by row numbers here, which are never used twice

    def bm25(self, terms: Iterable[str], n: int, only: Filter | None = None) -> dict[int, float]:
        """The ``n`` best chunks by BM25 (k1 = 1.2, b = 0.75, as FTS5 has it), best first: {row: score}.

        A chunk matches when it holds any of the terms. Common terms are left out where rarer ones remain: they cost
        most of the time and decide nothing.
        """
        chosen = self._rarer(list(dict.fromkeys(terms)))
        if not chosen:
            return {}
        condition, values = condition_of(only)
        if condition:
            # "+" keeps SQLite from running the search anew for every row that passes.
            condition = f" AND +rowid IN (SELECT chunks.rowid FROM {CHUNKS} WHERE {condition})"
        query = f"SELECT rowid, -rank FROM terms WHERE terms MATCH ?{condition} ORDER BY rank, rowid LIMIT ?"
        return dict(self._rows(query, " OR ".join(f'"{term}"' for term in chosen), *values, n))

    def rows(self, chunk_ids: Sequence[str]) -> list[int]:
        """Row numbers of the chunks that still exist, in the order given."""
        articles = list({chunk_id.partition(":")[0] for chunk_id in chunk_ids})
        found = dict(self._rows_in(f"SELECT {CHUNK_ID}, chunks.rowid FROM {CHUNKS} WHERE articles.id", articles))
        return [found[chunk_id] for chunk_id in chunk_ids if chunk_id in found]

    def passing(self, rows: Sequence[int], only: Filter | None) -> set[int]:
        """Those of ``rows`` whose article passes the filter."""
        condition, values = condition_of(only)
        if not condition:
            return set(rows)
        query = f"SELECT chunks.rowid FROM {CHUNKS} WHERE {condition} AND chunks.rowid"
        return {row[0] for row in self._rows_in(query, rows, *values)}

    def vectors(self, rows: Sequence[int]) -> tuple[Rows, Float16]:
        """Stored vectors of those of ``rows`` that have one: (row numbers, matrix), both in ascending order of row."""
        return matrix_of(self._rows_in("SELECT chunk, vector FROM vectors WHERE chunk", sorted(rows)))

    def filtered_vectors(self, only: Filter) -> tuple[Rows, Float16]:
        """Vectors of all chunks that pass the filter: (row numbers, matrix)."""
        condition, values = condition_of(only)
        query = f"SELECT vectors.chunk, vector FROM {VECTORS} WHERE {condition or '1'} ORDER BY vectors.chunk"
        return matrix_of(self._rows(query, *values))

    def passages(self, rows: Sequence[int]) -> dict[int, tuple[Article, Chunk]]:
        """The chunks of those row numbers that still exist, each with its article."""
        query = f"SELECT chunks.rowid, articles.id, position, start, end FROM {CHUNKS} WHERE chunks.rowid"
        chunks = {row[0]: Chunk(*row[1:]) for row in self._rows_in(query, rows)}
        articles = self.known(list({chunk.article_id for chunk in chunks.values()}))
        return {row: (articles[c.article_id], c) for row, c in chunks.items() if c.article_id in articles}

    def stories(self, article_ids: Sequence[str], only: Filter | None = None) -> dict[str, list[Article]]:
        """By id, the articles that pass the filter and tell the same story; none for those that stand alone."""
        told_again = (
            "SELECT 1 FROM stories AS other WHERE other.story = stories.story AND other.article <> stories.article"
        )
        query = f"SELECT id, story FROM {STORIES} WHERE EXISTS ({told_again}) AND id"
        story_of = dict(self._rows_in(query, article_ids))
        if not story_of:
            return {}
        condition, values = condition_of(only)
        query = f"SELECT story, {ARTICLE_COLUMNS} FROM {STORIES} WHERE {condition or '1'} AND story"
        members: dict[int, list[Article]] = {}
        for story, *row in self._rows_in(query, list(set(story_of.values())), *values):
            members.setdefault(story, []).append(article_of(row))
        return {article_id: members.get(story, []) for article_id, story in story_of.items()}

    # ---- for replicas

    def chunk_ids(self) -> set[str]:
        """Ids of all chunks that have a vector."""
        return {row[0] for row in self._rows(f"SELECT {CHUNK_ID} FROM {VECTORS}")}

    def all_vectors(self) -> Iterator[tuple[list[str], Float16]]:
        """All chunk ids and their vectors, a block at a time, in the order they were stored."""
        where = "WHERE vectors.chunk > ? ORDER BY vectors.chunk LIMIT 5000"
        query = f"SELECT vectors.chunk, {CHUNK_ID}, vector FROM {VECTORS} {where}"
        last = 0
        while block := self._rows(query, last):
            last = block[-1][0]
            yield [row[1] for row in block], matrix_of([(row[0], row[2]) for row in block])[1]

    # ---- for maintenance

    def file_problems(self) -> list[str]:
        """What SQLite's own check finds wrong with the file, a line each."""
        return [row[0] for row in self._rows("PRAGMA integrity_check(20)") if row[0] != "ok"]

    def stray_count(self) -> int:
        """Number of rows that belong to something that is not there."""
        strays = "SELECT count(*) FROM terms_docsize WHERE id NOT IN (SELECT rowid FROM chunks)"
        return len(self._rows("PRAGMA foreign_key_check")) + int(self._rows(strays)[0][0])

    def inverted_index_is_sound(self) -> bool:
        """Whether the inverted index is exactly that of the terms stored beside it; FTS5's own check."""
        try:
            self._rows("INSERT INTO terms (terms, rank) VALUES ('integrity-check', 1)")
        except IndexDamagedError:
            return False
        return True

    def stored(self, block: int = _LIST) -> Iterator[StoredArticle]:
        """Every article with all that is stored for it, in the order in which they were added."""
        query = (
            "SELECT chunks.article, position, start, end, terms.body, vectors.vector FROM chunks "
            "LEFT JOIN terms ON terms.rowid = chunks.rowid LEFT JOIN vectors ON vectors.chunk = chunks.rowid "
            "WHERE chunks.article > ? AND chunks.article <= ? ORDER BY chunks.article, chunks.rowid"
        )
        records = f"SELECT rowid, day, publisher_key, {ARTICLE_COLUMNS} FROM articles WHERE rowid > ? ORDER BY rowid"
        last = 0
        while rows := self._rows(f"{records} LIMIT ?", last, block):
            of_article: dict[int, list[Any]] = {row[0]: [] for row in rows}
            for row in self._rows(query, last, rows[-1][0]):
                of_article.setdefault(row[0], []).append(row[1:])
            last = rows[-1][0]
            yield from (_stored(row, of_article[row[0]]) for row in rows)

    def survivors(self) -> Iterator[Article | int]:
        """Every article that can still be read, in the order in which they were added; the row numbers of the others.

        Reads archives of other schemas too: what those do not record is left at its default.
        """
        present = {row[1] for row in self._rows("PRAGMA table_info(articles)")}
        columns = ", ".join(
            name if name in present else ("''" if name == "source" else "'[]'" if name == "topics" else "NULL")
            for name in ARTICLE_COLUMNS.split(", ")
        )
        last = self.last_article_row()
        for start in range(0, last, _LIST):
            end = min(start + _LIST, last)
            try:
                rows = self._rows(f"SELECT rowid, {columns} FROM articles WHERE rowid > ? AND rowid <= ?", start, end)
                yield from [article_of(row[1:]) for row in rows]
            except (IndexDamagedError, ValueError, TypeError):  # find out which ones it is
                yield from (found for row in range(start + 1, end + 1) for found in self._survivor(columns, row))

    def last_article_row(self) -> int:
        """The highest row number of an article: at most so many can be read, whatever is damaged."""
        return int(self._rows("SELECT coalesce(max(rowid), 0) FROM articles")[0][0])

    def _survivor(self, columns: str, row: int) -> list[Article | int]:
        try:
            return [article_of(found) for found in self._rows(f"SELECT {columns} FROM articles WHERE rowid = ?", row)]
        except (IndexDamagedError, ValueError, TypeError):
            return [row]

    def all_sources(self) -> Iterator[tuple[str, str]]:
        """(source, id of the article that it yields), for all sources."""
        yield from self._rows(f"SELECT sources.source, id FROM {SOURCES} ORDER BY 1")

    def copy_to(self, path: Path) -> None:
        """Writes a copy of this moment to ``path``, also while another process writes: SQLite's own backup."""
        with (
            self._connection() as connection,
            self._translated(path),
            closing(sqlite3.connect(path, isolation_level=None)) as copy,
        ):
            # One step for all pages: they are of one transaction, and the writer is not held up in WAL mode.
            connection.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, with nothing beside it

    def move_to(self, path: Path) -> None:
        """Closes the archive and renames its file, which appears at ``path`` whole or not at all."""
        with self._connection() as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        self.close()
        self.path.rename(path)

    def take_over(self, other: Archive) -> None:
        """Becomes a copy of ``other`` in one transaction: readers see the old contents until it ends, and a kill
        leaves them as they were."""
        with other._connection() as source, self._connection() as connection:
            source.backup(connection)

    # ---- writing

    @contextmanager
    def writing(self) -> Iterator[ArchiveWriter]:
        """One transaction: all of it is kept, or none if the block raises."""
        with self._connection() as connection:
            connection.execute("BEGIN IMMEDIATE")
            try:
                writer = ArchiveWriter(connection)
                yield writer
                writer.finish()
                connection.execute("COMMIT")
            except BaseException:
                if connection.in_transaction:
                    connection.execute("ROLLBACK")
                raise

    # ---- connections

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """A connection for this block alone. They are pooled: opening one costs more than most queries."""
        with self._translated():
            with self._lock:
                if self._closed:
                    raise IndexStoreError(f"The index in {self.path.parent} has been closed; open it again.")
                connection = self._idle.pop() if self._idle else None
            connection = connection or self._connect()
            try:
                yield connection
            finally:
                with self._lock:
                    keep = not self._closed
                    if keep:
                        self._idle.append(connection)
                if not keep:
                    connection.close()

    def _connect(self) -> sqlite3.Connection:
        # The pool hands a connection to one thread at a time; autocommit, since transactions are written out.
        connection = sqlite3.connect(self.path, timeout=10, isolation_level=None, check_same_thread=False)
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA cache_size = -16000")
        return connection

    @contextmanager
    def _translated(self, path: Path | None = None) -> Iterator[None]:
        path = path or self.path
        try:
            yield
        except sqlite3.DatabaseError as error:
            name = getattr(error, "sqlite_errorname", "")
            for code, why in _UNUSABLE.items():
                if name.startswith(code):
                    raise IndexStoreError(f"{path} {why}.") from error
            if not name.startswith(_DAMAGED) and not str(error).startswith(_TABLES_GONE):
                raise  # a mistake of ours
            raise IndexDamagedError(f"{path} is damaged ({error}); {_WAY_OUT}") from error

    def _rows(self, query: str, *values: object) -> list[Any]:
        with self._connection() as connection:
            return connection.execute(query, values).fetchall()

    def _rows_in(self, query: str, keys: Sequence[object], *values: object) -> list[Any]:
        """Rows of ``query`` + " IN (keys)", however many keys there are; a JSON array needs one parameter."""
        return self._rows(f"{query} IN (SELECT value FROM json_each(?))", *values, json.dumps(list(keys)))

    def _rarer(self, terms: list[str]) -> list[str]:
        """The terms to search for, rarest first: those that occur, less the common ones while a rarer one remains."""
        counts = dict(self._rows_in("SELECT term, doc FROM term_counts WHERE term", terms))
        share = _COMMON * self.chunk_count()
        chosen: list[str] = []
        postings = 0
        for term in sorted(counts, key=lambda term: (counts[term], term)):
            postings += counts[term]
            if chosen and (counts[term] > share or postings > _POSTINGS):
                break
            chosen.append(term)
        return chosen


class ArchiveWriter:
    """What can be written in one transaction of ``Archive.writing``."""

    def __init__(self, connection: sqlite3.Connection) -> None:
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


def check_schema(path: Path, version: str) -> None:
    """Refuses an archive whose tables this program does not know.

    Raises:
        IndexMismatchError: another version of this program made it.
    """
    if version != SCHEMA_VERSION:
        raise IndexMismatchError(
            f"{path.parent} was made by another version of this program (schema {version}, this one reads "
            f"{SCHEMA_VERSION}). Bring it up to date with: tanya rebuild. Or use that version."
        )


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


_DAMAGED = ("SQLITE_CORRUPT", "SQLITE_NOTADB")
_TABLES_GONE = ("no such table", "vtable constructor failed", "malformed", "Could not decode")
# What SQLite says, by the name of its code, when the file is sound but cannot be used now.
_UNUSABLE = {
    "SQLITE_FULL": "cannot grow: the disk is full. Make room and try again",
    "SQLITE_READONLY": "cannot be written to; check the permissions of the file and its folder",
    "SQLITE_PERM": "cannot be opened; check the permissions of the file and its folder",
    "SQLITE_CANTOPEN": "cannot be opened; check that the folder exists, and its permissions",
    "SQLITE_BUSY": "is being written to by another program; try again when it has finished",
    "SQLITE_LOCKED": "is being written to by another program; try again when it has finished",
    "SQLITE_IOERR": "cannot be read or written: the disk reports an error, or is full",
}
