"""An index made anew from its own articles: for another embedding model, analyser or version, or after damage.

The new index grows as a draft in the folder ``rebuild`` inside the old one, by the same ``ArticleIndex.add`` as any: so
a rebuild that was killed goes on where it stopped. When the draft has every article, one SQLite transaction puts its
contents into ``articles.db``: readers, in any process, see the old index until then and the new one after.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from index.archive import Archive
from index.embedding import DEFAULT_EMBEDDING, is_shipped
from index.errors import (
    EmbeddingError,
    IndexDamagedError,
    IndexMismatchError,
    IndexMissingError,
    IndexStoreError,
    SettingsError,
)
from index.locking import writers_lock
from index.schema import MadeBy
from index.store import ARCHIVE, VECTORS, ArticleIndex
from index.types import Article, Failure, IngestReport
from index.vector_folders import clear_away, next_folder
from index.vectors import ChromaAddress, CollectionLabel, Vectors

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

__all__ = ["Watch", "rebuild"]

Watch = Callable[[Iterable[Article], int], Iterable[Article]]
"""Passes on the articles it is given, at most so many: a progress bar."""

_DRAFT, _LOCK = "rebuild", "rebuild.lock"
_BLOCK = 200  # articles compared at a time


def rebuild(path: Path, embedding: str | Embeddings | None, chroma: ChromaAddress | None, watch: Watch) -> IngestReport:
    """See ``ArticleIndex.rebuild``."""
    if not (path / ARCHIVE).is_file():
        raise IndexMissingError(f"There is no index in {path} that could be rebuilt.")
    if chroma and chroma.collection:
        raise SettingsError(
            f"The collection {chroma.collection!r} was named by you and cannot be rebuilt while it serves. Unset "
            "TANYA_CHROMA_COLLECTION, or add the articles to a new index and name another collection."
        )
    lost: dict[int, Failure] = {}
    with writers_lock(path, 0, _LOCK), closing(Archive(path / ARCHIVE)) as old:
        made_by = _made_by(old)
        with _draft(path / _DRAFT, embedding or _model_for(made_by), chroma) as draft:
            _catch_up(old, draft, lost, watch)  # others may still write to the old index
            with writers_lock(path):
                _catch_up(old, draft, lost, lambda articles, _: articles)
                _bring_records(old, draft)
                _switch(path, old, draft, keep_damaged=bool(lost))
        if chroma and made_by:
            _drop_collection(chroma, made_by)
        shutil.rmtree(path / _DRAFT)
        ids = tuple(row.id for row in old.articles())
    return IngestReport(added=ids, failed=tuple(lost.values()))


def _made_by(archive: Archive) -> MadeBy | None:
    """None where the archive cannot say it any more."""
    try:
        return archive.made_by()
    except IndexDamagedError:
        return None


def _model_for(made_by: MadeBy | None) -> str:
    """The model that made the index; for one that shipped with an earlier version, the one that ships now."""
    return DEFAULT_EMBEDDING if made_by is None or is_shipped(made_by.encoder) else made_by.encoder


def _draft(folder: Path, embedding: str | Embeddings, chroma: ChromaAddress | None) -> ArticleIndex:
    """The draft that was begun with the same model and version, or a new one."""
    try:
        return ArticleIndex.open(folder, embedding=embedding, chroma=chroma)
    except (IndexMismatchError, IndexDamagedError, IndexMissingError):
        shutil.rmtree(folder)
    return ArticleIndex.open(folder, embedding=embedding, chroma=chroma)


def _catch_up(old: Archive, draft: ArticleIndex, lost: dict[int, Failure], watch: Watch) -> None:
    """Adds to the draft what it lacks, and takes out what the old index no longer has."""
    seen: set[str] = set()

    def readable() -> Iterator[Article]:
        for found in old.survivors():
            if isinstance(found, Article):
                seen.add(found.id)
                yield found
            else:
                lost[found] = Failure(f"{old.path} (article {found})", "It can no longer be read from the file.")

    def lacking() -> Iterator[Article]:
        articles = iter(watch(readable(), old.last_article_row()))
        while block := list(islice(articles, _BLOCK)):
            there = draft.known([article.id for article in block])
            yield from (article for article in block if there.get(article.id) != article)

    failed = draft.add(lacking()).failed
    if failed:
        raise EmbeddingError(
            f"{len(failed):,} articles cannot be taken over ({failed[0].source}: {failed[0].reason}). The index stays "
            "as it is; name another model."
        )
    for article in list(draft.articles()):
        if article.id not in seen:
            draft.remove(article.id)
    if not seen and lost:
        raise IndexDamagedError(f"No article can be read from {old.path}. Bring back a copy: tanya restore FILE")


def _bring_records(old: Archive, draft: ArticleIndex) -> None:
    """What ``add`` decides for itself, as the old index has it: which sources yield an article, and its record."""
    try:
        sources = list(old.all_sources())
    except IndexDamagedError:
        sources = []  # lost with the file; every article keeps the one it is named after
    with draft.archive.writing() as writer:
        for article in old.survivors():
            if isinstance(article, Article) and draft.get(article.id) != article:
                writer.describe(article)
        for source, article_id in sources:
            writer.attach(source, article_id)


def _switch(path: Path, old: Archive, draft: ArticleIndex, *, keep_damaged: bool) -> None:
    """The draft's contents into ``articles.db``, its vector index in beside the old one; the old one goes."""
    state = draft.archive.replica("local")
    draft.release_vectors()
    if state.folder:
        folder = next_folder(path / VECTORS)
        folder.parent.mkdir(exist_ok=True)
        (draft.path / VECTORS / state.folder).rename(folder)
        with draft.archive.writing() as writer:
            writer.set_replica("local", state.moved_to(folder.name))
    try:
        if keep_damaged:
            shutil.copy2(old.path, old.path.with_name(old.path.name + ".damaged"))
    except OSError as error:
        raise IndexStoreError(f"{path} cannot be written to: {error.strerror or error}.") from error
    old.take_over(draft.archive)
    clear_away(path / VECTORS, old.replica("local").folder)


def _drop_collection(chroma: ChromaAddress, made_by: MadeBy) -> None:
    collection = Vectors.on_server(chroma, CollectionLabel(made_by.index, made_by.encoder, made_by.dimension))
    collection.drop()
    collection.close()
