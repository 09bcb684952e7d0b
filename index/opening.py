"""Making an empty index, and finding the model that an index is used with: the one that made it, and no other."""

from __future__ import annotations

import uuid
from pathlib import Path
from typing import TYPE_CHECKING, cast

from index.archive import Archive, check_schema
from index.errors import EmbeddingError, IndexMismatchError, IndexMissingError
from index.locking import LOCK, writers_lock
from index.schema import MadeBy
from index.terms import ANALYSER

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

    from index.embedding import Encoder

__all__ = ["ARCHIVE", "VECTORS", "create_index", "given_encoder", "load_recorded", "mismatch"]

ARCHIVE, VECTORS = "articles.db", "vectors"
"""The file and the folder that make up an index."""

_OURS = (ARCHIVE, LOCK)  # what a creation that was killed leaves behind


def create_index(folder: Path, create: bool | None, embedding: str | Embeddings | None) -> Encoder:
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
    with writers_lock(folder):
        if not (folder / ARCHIVE).is_file():  # else another process was first
            Archive.create(folder / ARCHIVE, made_by | {"index": uuid.uuid4().hex}).close()
    return encoder


def load_recorded(made_by: MadeBy, folder: Path) -> Encoder:
    """The model that made the index in ``folder``, by its name.

    Raises:
        IndexMismatchError: an earlier version of this program shipped it.
        EmbeddingError: it cannot be loaded.
    """
    from index.embedding import DEFAULT_EMBEDDING, is_shipped, load_embedding

    if is_shipped(made_by.encoder) and made_by.encoder != DEFAULT_EMBEDDING:
        raise mismatch(folder, f"the embedding model {made_by.encoder!r}", f"ships {DEFAULT_EMBEDDING!r}")
    try:
        return load_embedding(made_by.encoder)
    except EmbeddingError as error:
        raise EmbeddingError(
            f"{folder} was made with the embedding model {made_by.encoder!r}. {error} For another model: tanya rebuild "
            "--embedding NAME"
        ) from error


def given_encoder(made_by: MadeBy, folder: Path, embedding: str | Embeddings | Encoder | None) -> Encoder | None:
    """The model that was given, if it is not to be loaded by name.

    Raises:
        IndexMismatchError: it is not the one that made the index, or another analyser or version of this program did.
    """
    check_schema(folder / ARCHIVE, made_by.schema)
    name, dimension = made_by.encoder, made_by.dimension
    if made_by.analyser != ANALYSER:
        raise mismatch(folder, f"the analyser {made_by.analyser!r}", f"has {ANALYSER!r}")
    if embedding is None or embedding == name:
        return None
    if isinstance(embedding, str):
        raise mismatch(folder, f"the embedding model {name!r}", f"was to use {embedding!r}")
    from index.embedding import as_encoder

    encoder = as_encoder(cast("Embeddings", embedding))
    if (encoder.name, encoder.dimension) != (name, dimension):
        made, given = f"{name!r} ({dimension} dimensions)", f"{encoder.name!r} ({encoder.dimension})"
        raise mismatch(folder, f"the embedding model {made}", f"was to use {given}")
    return encoder


def mismatch(folder: Path, made: str, given: str) -> IndexMismatchError:
    """The error for an index that was ``made`` with one thing, while this program has another."""
    return IndexMismatchError(
        f"{folder} was made with {made}, but this program {given}. Make it anew with: tanya rebuild (--embedding NAME "
        "for another model). Or use what it was made with."
    )
