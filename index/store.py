"""ArticleIndex: articles on disk, searchable; archive and vector index kept in step under one writer's lock."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self, cast

from index.archive import Archive
from index.errors import (
    EmbeddingError,
    IndexLockedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStoreError,
)
from index.ingest import ingest
from index.replica import Replica
from index.retrieval import HybridRetriever
from index.terms import ANALYSER
from index.types import Article, Coverage, Failure, Filter, IngestReport, Passage
from index.vectors import ChromaAddress, CollectionLabel

if TYPE_CHECKING:
    import os

    from langchain_core.embeddings import Embeddings

    from index.embedding import Encoder

__all__ = ["ArticleIndex"]

_ARCHIVE, _VECTORS, _LOCK = "articles.db", "vectors", "writer.lock"
_OURS = (_ARCHIVE, _LOCK)  # what a creation that was killed leaves behind
_PATIENCE = 2.0  # seconds to wait for another writer: long enough for a small change, too short for an ingest


class ArticleIndex:
    """A folder of indexed articles. Open it with ``ArticleIndex.open``; use it as a context manager or ``close`` it.

    Any thread may call any method. Any number of processes may read while one writes; they see what it has finished.

    Every method raises:
        IndexDamagedError: ``articles.db`` is damaged. (A damaged vector index is rebuilt from it without a word.)
        IndexStoreError: the disk is full or read-only, or the Chroma server cannot be used.
    """

    def __init__(self, path: Path, archive: Archive, chroma: ChromaAddress | None, encoder: Encoder | None) -> None:
        self.path = path
        self._archive = archive
        self._encoder = encoder
        label = CollectionLabel(archive.meta("index"), archive.meta("encoder"), int(archive.meta("dimension")))
        self._replica = Replica(archive, path / _VECTORS, label, chroma, lambda: _locked(path, patience=0))

    @classmethod
    def open(
        cls,
        path: str | os.PathLike[str],
        *,
        create: bool | None = None,
        embedding: str | Embeddings | None = None,
        chroma: ChromaAddress | None = None,
    ) -> ArticleIndex:
        """The index in the folder ``path``.

        ``create``: None makes a new one if the folder is missing or empty, False never does, True insists on a new one.
        ``embedding``: a model's name or a LangChain ``Embeddings``; by default the one that the index was made with,
        or the one that ships for a new index. ``chroma``: keep the vectors there instead of in the folder.

        Raises:
            IndexMissingError: there is no index and none was made.
            IndexMismatchError: another embedding model, analyser or version made it.
            EmbeddingError: the model cannot be loaded.
        """
        folder = Path(path).expanduser().absolute()
        try:
            exists = (folder / _ARCHIVE).is_file()
            if exists and create:
                raise IndexStoreError(
                    f"{folder} is an index already; open it without create=True, or give another folder."
                )
            chosen = embedding if exists else _create(folder, create, embedding)
        except OSError as error:
            raise IndexStoreError(f"{folder} cannot be used as an index: {error.strerror or error}.") from error
        archive = Archive.open(folder / _ARCHIVE)
        try:
            return cls(folder, archive, chroma, _checked(archive, folder, chosen))
        except BaseException:
            archive.close()
            raise

    def add(self, articles: Iterable[Article | Failure]) -> IngestReport:
        """Stores articles as they come, a few hundred at a time; memory stays flat however many there are.

        An article whose content is there already is ``unchanged``, unless the source it is known by now says something
        else about it (a date, an author): then it is ``updated``. So is new content from a source that had other
        content before; the older article goes, once no other source yields it. It counts as ``removed`` only where no
        new article takes its place. Failures among ``articles`` are passed on to ``failed``, together with articles
        that cannot be stored or embedded. What was reported is on disk and survives a kill or a power cut.

        Raises:
            IndexLockedError: another process is writing.
        """
        encoder = self._load_encoder()
        with _locked(self.path, _PATIENCE), self._replica.writing() as replica:
            return ingest(articles, self._archive, replica, encoder)

    def remove(self, article_id: str) -> IngestReport:
        """Takes one article out, by its id or the unique beginning of one; ``failed`` if there is none.

        Raises:
            IndexLockedError: another process is writing.
        """
        with _locked(self.path, _PATIENCE), self._replica.writing() as replica:
            article = self.get(article_id)
            if article is None:
                return IngestReport(failed=(Failure(article_id, "There is no article with this id."),))
            with self._archive.writing() as archive:
                chunk_ids = archive.remove(article.id)
            replica.apply(chunk_ids, (), ())
            return IngestReport(removed=(article.id,))

    def withdraw(self, sources: Sequence[str]) -> IngestReport:
        """Takes back what these sources (``Article.source``) yielded: articles that no other source yields go.

        Raises:
            IndexLockedError: another process is writing.
        """
        with _locked(self.path, _PATIENCE), self._replica.writing() as replica:
            owners = self.sources(sources)
            with self._archive.writing() as archive:
                for source in owners:
                    archive.detach(source)
                gone = [article_id for article_id in dict.fromkeys(owners.values()) if archive.is_orphan(article_id)]
                chunk_ids = [chunk_id for article_id in gone for chunk_id in archive.remove(article_id)]
            replica.apply(chunk_ids, (), ())
            return IngestReport(removed=tuple(gone))

    def sources(self, sources: Sequence[str]) -> dict[str, str]:
        """The ids of the articles that those of ``sources`` which are known yield now."""
        return self._archive.sources(sources)

    def articles(self, filter: Filter | None = None) -> Iterator[Article]:  # noqa: A002
        """Articles that pass the filter, the latest first, those without a date last."""
        return self._archive.articles(filter)

    def get(self, article_id: str) -> Article | None:
        """The article with this id, or the only one whose id begins so."""
        return self._archive.article(article_id) if article_id else None

    def retrieve(self, query: str, k: int = 10, *, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages for ``query``, best first; see ``HybridRetriever.retrieve``.

        Raises:
            QueryError: ``query`` is blank or too long.
            ValueError: ``k`` is less than 1.
        """
        return HybridRetriever(self._archive, self._replica.search, self._load_encoder()).retrieve(query, k, filter)

    def coverage(self) -> Coverage:
        """What the index holds, counted."""
        return self._archive.coverage()

    def days(self, filter: Filter | None = None) -> dict[date, int]:  # noqa: A002
        """How many articles that pass the filter were published on which day; those without a date are left out."""
        return self._archive.days(filter)

    @property
    def updated(self) -> datetime | None:
        """When articles were last added, changed or removed, in UTC; None if never."""
        return self._archive.updated()

    @property
    def chunk_count(self) -> int:
        """Number of chunks."""
        return self._archive.chunk_count()

    def __len__(self) -> int:
        """Number of articles."""
        return self._archive.article_count()

    def __bool__(self) -> bool:
        """True, also when empty: an index is not a list."""
        return True

    def __repr__(self) -> str:
        return f"ArticleIndex({str(self.path)!r})"

    def _repr_html_(self) -> str:
        from index.display import index_html

        return index_html(self.path.name, self.coverage())

    def close(self) -> None:
        """Lets go of all files. Safe to call twice."""
        self._replica.close()
        self._archive.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _load_encoder(self) -> Encoder:
        """The recorded model, loaded when it is first needed: listing and showing articles need none."""
        if self._encoder is None:
            from index.embedding import load_embedding

            name, dimension = self._archive.meta("encoder"), int(self._archive.meta("dimension"))
            try:
                encoder = load_embedding(name)
            except EmbeddingError as error:
                raise EmbeddingError(f"{self.path} was made with the embedding model {name!r}. {error}") from error
            if encoder.dimension != dimension:
                raise _mismatch(self.path, f"{name!r} with {dimension} dimensions", f"has {encoder.dimension}")
            self._encoder = encoder
        return self._encoder


def _create(folder: Path, create: bool | None, embedding: str | Embeddings | None) -> Encoder:
    """Makes an empty index, and returns the model for it."""
    others = [path.name for path in folder.iterdir() if not path.name.startswith(_OURS)] if folder.is_dir() else []
    if others:
        raise IndexMissingError(
            f"{folder} is no index: it holds other files ({others[0]}, …). Give the folder of an index, or a new one."
        )
    if create is False:
        raise IndexMissingError(f"There is no index in {folder}. Make one by adding articles: tanya add PATH")
    from index.embedding import DEFAULT_EMBEDDING, as_encoder, load_embedding

    chosen = embedding if embedding is not None else DEFAULT_EMBEDDING
    encoder = load_embedding(chosen) if isinstance(chosen, str) else as_encoder(chosen)
    made_by = {"encoder": encoder.name, "dimension": str(encoder.dimension), "analyser": ANALYSER}
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, _PATIENCE):
        if not (folder / _ARCHIVE).is_file():  # else another process was first
            Archive.create(folder / _ARCHIVE, made_by | {"index": uuid.uuid4().hex}).close()
    return encoder


def _checked(archive: Archive, folder: Path, embedding: str | Embeddings | Encoder | None) -> Encoder | None:
    """The model that was given, if it is not to be loaded by name; refuses any but the one that made the index."""
    analyser, name, dimension = (archive.meta(key) for key in ("analyser", "encoder", "dimension"))
    if analyser != ANALYSER:
        raise _mismatch(folder, f"the analyser {analyser!r}", f"has {ANALYSER!r}")
    if embedding is None or embedding == name:
        return None
    if isinstance(embedding, str):
        raise _mismatch(folder, f"the embedding model {name!r}", f"was to use {embedding!r}")
    from index.embedding import as_encoder

    encoder = as_encoder(cast("Embeddings", embedding))
    if (encoder.name, str(encoder.dimension)) != (name, dimension):
        made, given = f"{name!r} ({dimension} dimensions)", f"{encoder.name!r} ({encoder.dimension})"
        raise _mismatch(folder, f"the embedding model {made}", f"was to use {given}")
    return encoder


def _mismatch(folder: Path, made: str, given: str) -> IndexMismatchError:
    return IndexMismatchError(
        f"{folder} was made with {made}, but this program {given}. Use the one it was made with, or add the articles "
        "to a new index."
    )


@contextmanager
def _locked(folder: Path, patience: float) -> Iterator[None]:
    """The writer's lock: held by one process, and gone with it."""
    from filelock import FileLock, Timeout

    lock = FileLock(folder / _LOCK, timeout=patience)
    try:
        lock.acquire()
    except Timeout as error:
        raise IndexLockedError(
            f"Another process is writing to {folder}. Searching goes on; wait until it has finished, then try again."
        ) from error
    except OSError as error:
        raise IndexStoreError(
            f"{folder} cannot be written to: {error.strerror or error}. Check permissions."
        ) from error
    try:
        yield
    finally:
        lock.release()
