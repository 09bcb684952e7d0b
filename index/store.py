"""ArticleIndex: articles on disk, searchable; archive and vector index kept in step under one writer's lock."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Self

from index.archive import Archive
from index.errors import EmbeddingError, IndexStoreError
from index.ingest import ingest
from index.locking import writers_lock
from index.opening import ARCHIVE, VECTORS, create_index, given_encoder, load_recorded, mismatch
from index.replica import Replica
from index.retrieval import HybridRetriever
from index.schema import MadeBy
from index.types import Article, CheckReport, Coverage, Failure, Filter, IngestReport, Passage
from index.vectors import ChromaAddress

if TYPE_CHECKING:
    import os

    from langchain_core.embeddings import Embeddings

    from index.embedding import Encoder
    from index.rebuilding import Watch

__all__ = ["ARCHIVE", "VECTORS", "ArticleIndex"]


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
        self._given = encoder
        self._loaded: Encoder | None = encoder
        self._replica = Replica(archive, path / VECTORS, chroma, lambda: writers_lock(path, 0))

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
            exists = (folder / ARCHIVE).is_file()
            if exists and create:
                raise IndexStoreError(
                    f"{folder} is an index already; open it without create=True, or give another folder."
                )
            chosen = embedding if exists else create_index(folder, create, embedding)
        except OSError as error:
            raise IndexStoreError(f"{folder} cannot be used as an index: {error.strerror or error}.") from error
        archive = Archive.open(folder / ARCHIVE)
        try:
            return cls(folder, archive, chroma, given_encoder(archive.made_by(), folder, chosen))
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
        self._load_encoder()  # a model that cannot be loaded is said before anybody is kept waiting
        with writers_lock(self.path):
            encoder = self._load_encoder()  # another process may just have rebuilt the index
            with self._replica.writing() as replica:
                return ingest(articles, self._archive, replica, encoder)

    def remove(self, article_id: str) -> IngestReport:
        """Takes one article out, by its id or the unique beginning of one; ``failed`` if there is none.

        Raises:
            IndexLockedError: another process is writing.
        """
        with writers_lock(self.path), self._replica.writing() as replica:
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
        with writers_lock(self.path), self._replica.writing() as replica:
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

    def known(self, ids: Sequence[str]) -> dict[str, Article]:
        """The stored articles among ``ids``, by id."""
        return self._archive.known(ids)

    def retrieve(self, query: str, k: int = 10, *, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        """At most ``k`` passages for ``query``, best first; see ``HybridRetriever.retrieve``.

        Raises:
            QueryError: ``query`` is blank or too long.
            ValueError: ``k`` is less than 1.
        """
        while True:
            made_by = self._archive.made_by()
            try:
                encoder = self._load_encoder(made_by)
                passages = HybridRetriever(self._archive, self._replica.search, encoder).retrieve(query, k, filter)
            except (IndexStoreError, ValueError):  # vectors of two models do not fit together
                if self._archive.made_by() == made_by:
                    raise
                continue
            if self._archive.made_by() == made_by:  # else another process has rebuilt the index in this moment
                return passages

    # ---- care

    def check(self, *, repair: bool = False) -> CheckReport:
        """Whether file, texts, chunks, terms, vectors and Chroma agree, each with what it was made from.

        ``repair`` makes anew what is wrong, as far as it follows from the texts. Takes about as long as adding the
        articles did, without Chroma.

        Raises:
            IndexLockedError: another process is writing.
        """
        from index.checking import check_index

        try:
            encoder: Encoder | EmbeddingError = self._load_encoder()
        except EmbeddingError as error:
            encoder = error
        with writers_lock(self.path):
            return check_index(self._archive, self._replica, encoder, repair=repair)

    def backup(self, file: str | os.PathLike[str]) -> None:
        """Writes a copy of the index as it is in this moment, also while another process writes.

        It is one SQLite file with everything that cannot be made again; it appears whole or not at all, and replaces
        an earlier backup of that name.
        """
        from index.backup import back_up

        back_up(self._archive, Path(file).expanduser().absolute())

    @staticmethod
    def restore(path: str | os.PathLike[str], file: str | os.PathLike[str], *, replace: bool = False) -> None:
        """Puts the backup ``file`` into the folder ``path``. Whoever has the index open sees the change at once.

        ``replace``: instead of the index that is there; without it such a folder is refused.

        Raises:
            IndexDamagedError: ``file`` is no backup, or damaged; nothing was changed.
            IndexLockedError: another process is writing.
        """
        from index.backup import restore

        restore(Path(path).expanduser().absolute() / ARCHIVE, Path(file).expanduser(), replace=replace)

    @staticmethod
    def rebuild(
        path: str | os.PathLike[str],
        *,
        embedding: str | Embeddings | None = None,
        chroma: ChromaAddress | None = None,
        watch: Watch = lambda articles, _: articles,
    ) -> IngestReport:
        """Makes the index in ``path`` anew from its articles: with another model, or for this version of the program.

        ``embedding``: by default the model that made it, or the one that ships now where an earlier one did. The old
        index answers questions and takes articles until the new one is complete, in any process; then all see the
        new one. Killed and called again, it goes on where it stopped. What can no longer be read from a damaged file is
        reported as ``failed``, and the damaged file kept as ``articles.db.damaged``.

        Raises:
            IndexMissingError: there is no index.
            IndexLockedError: another process is rebuilding it, or writing at the moment of the switch.
            EmbeddingError: the model cannot be loaded, or cannot embed every article; the index stays as it was.
        """
        from index.rebuilding import rebuild

        return rebuild(Path(path).expanduser().absolute(), embedding, chroma, watch)

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

    @property
    def archive(self) -> Archive:
        """The archive, for what works on a whole index."""
        return self._archive

    def release_vectors(self) -> None:
        """Closes the vector index, which the next search opens again."""
        self._replica.close()

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

    def _load_encoder(self, made_by: MadeBy | None = None) -> Encoder:
        """The model that made the index, loaded when it is first needed: listing and showing articles need none.

        Looked up each time: another process may rebuild the index with another model.
        """
        made_by = made_by or self._archive.made_by()
        given_encoder(made_by, self.path, self._given)
        if self._loaded is None or self._loaded.name != made_by.encoder:
            self._loaded = load_recorded(made_by, self.path)
        if self._loaded.dimension != made_by.dimension:
            raise mismatch(
                self.path,
                f"{made_by.encoder!r} with {made_by.dimension} dimensions",
                f"has one of {self._loaded.dimension} by that name",
            )
        return self._loaded
