"""The one file that touches Chroma: a collection of chunk vectors in a folder, on a server or in Chroma Cloud.

Only vectors and ids are kept there; texts, dates and filters are the archive's. Every vector is ours, so Chroma never
loads an embedding function of its own.
"""

from __future__ import annotations

import itertools
import time
import warnings
import weakref
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, TypeVar, cast
from urllib.parse import urlsplit

import numpy as np
import numpy.typing as npt

from index.errors import IndexDamagedError, IndexMismatchError, IndexStoreError, SettingsError

if TYPE_CHECKING:
    import httpx
    from chromadb.api.client import AdminClient, Client
    from chromadb.api.collection_configuration import CreateCollectionConfiguration, CreateHNSWConfiguration
    from chromadb.api.fastapi import FastAPI
    from chromadb.api.models.Collection import Collection

__all__ = ["NEVER", "ChromaAddress", "CollectionLabel", "Vectors"]

T = TypeVar("T")

NEVER = 1_000_000_000
"""As ``persist_every``: Chroma leaves its vector files as they are, so that no kill can catch it rewriting them."""

# Recall@10 against exact search at 500,000 vectors is .993 with these and .937 with Chroma's defaults, for 2 ms more.
_HNSW: CreateHNSWConfiguration = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 400}
_BATCH = 5_000  # Chroma takes 5,461 rows at most; small batches cost a transaction each
_SERVER_BATCH = 1_000  # JSON of some 6 MB
_CLOUD_MOST = 300  # rows that Chroma Cloud takes at a time, and names for a query
_BUSY = 10.0  # seconds for other processes to let go of a local collection
_PATIENCE = 120.0  # seconds for a server to take a block or to answer


@dataclass(frozen=True, slots=True, kw_only=True)
class ChromaAddress:
    """Where a Chroma server is. Without ``url`` it is Chroma Cloud, which needs ``api_key``.

    ``collection`` names the collection to use; by default each index has one of its own.

    Raises:
        SettingsError: neither ``url`` nor ``api_key``, or a ``url`` that is not http(s)://host[:port].
    """

    url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    tenant: str | None = None
    database: str | None = None
    collection: str | None = None

    def __post_init__(self) -> None:
        if self.url is None:
            if not self.api_key:
                raise SettingsError("A Chroma server needs an address (TANYA_CHROMA_URL), Chroma Cloud an API key.")
            return
        try:
            parts = urlsplit(self.url)
            valid = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:
            valid = False
        if not valid:
            raise SettingsError(f"{self.url!r} is not the address of a Chroma server; write http://host:8000.")

    @property
    def location(self) -> str:
        """Names the place without its key: for messages, and to know it again."""
        place = self.url or "Chroma Cloud"
        return " ".join(filter(None, (place, self.tenant, self.database, self.collection)))


@dataclass(frozen=True, slots=True)
class CollectionLabel:
    """What a collection's metadata says about its vectors: which index they belong to and which model made them."""

    index: str
    encoder: str
    dimension: int


class Vectors:
    """One Chroma collection. Safe to search from several threads; one thread writes.

    It stays open as long as somebody holds it: a search that is still running when its holder moves on to a newer
    one ends undisturbed.
    """

    # Chroma shares one engine per path string in a process, and an engine never sees what another process wrote.
    # Each Vectors therefore opens the folder under a spelling that nobody else holds: "…/1", "…/1/.", "…/1/./.".
    _spellings: ClassVar[set[str]] = set()

    def __init__(
        self, client: Client, collection: Collection, place: str, folder: Path | None, *, most: int | None = None
    ) -> None:
        self._client = client
        self._collection = collection
        self._place = place
        self.folder = folder
        """The folder as it was asked for; None on a server."""
        self._most = most
        self._batch = min(most or (_BATCH if folder else _SERVER_BATCH), client.get_max_batch_size())
        self._finalizer = weakref.finalize(self, _close, client, place if folder else None)

    @classmethod
    def in_folder(cls, folder: Path, label: CollectionLabel, *, persist_every: int = NEVER) -> Vectors:
        """The collection in ``folder``, created when there is none.

        ``persist_every``: after that many changed rows Chroma rewrites its vector files; until then it keeps a log
        that is replayed on opening (about 2,000 rows/s).

        Raises:
            IndexDamagedError: Chroma cannot read the folder, or it holds other vectors than ``label`` says.
        """
        import chromadb
        from chromadb.config import Settings

        # _env_file: Chroma would read any .env of the working directory as its own settings.
        settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
        spelling = ""

        def opened() -> Client:
            nonlocal spelling
            # One that fails stays taken: Chroma keeps the broken engine under that spelling.
            spelling = cls._free_spelling(folder)
            return cast("Client", chromadb.PersistentClient(spelling, settings=settings))

        client = _patiently(str(folder), opened)
        try:
            collection = _patiently(spelling, partial(_local_collection, client, label, persist_every))
            if collection.metadata != _metadata(label):
                raise IndexDamagedError(f"{folder} holds vectors of something else; it is rebuilt from the archive.")
            return cls(client, collection, spelling, folder)
        except IndexStoreError:
            _close(client, spelling)
            raise

    @classmethod
    def on_server(cls, address: ChromaAddress, label: CollectionLabel) -> Vectors:
        """The collection on a server or in Chroma Cloud, created when there is none.

        Raises:
            IndexStoreError: the server cannot be reached or refuses.
            IndexMismatchError: the collection belongs to another index or was made by another model.
        """
        client = None
        try:
            with _translated(address.location, local=False):
                client = _connect(address)
                # Chroma Cloud has SPANN where the others have HNSW.
                configuration: CreateCollectionConfiguration = (
                    {"hnsw": _HNSW} if address.url else {"spann": {"space": "cosine"}}
                )
                collection = _collection(client, address.collection or f"tanya-{label.index}", label, configuration)
            if collection.metadata != _metadata(label):
                raise IndexMismatchError(
                    f"The collection {collection.name!r} at {address.location} holds the vectors of another index or "
                    f"model ({collection.metadata}); name another collection, or leave the name out."
                )
            return cls(client, collection, address.location, None, most=None if address.url else _CLOUD_MOST)
        except IndexStoreError:
            if client is not None:
                _close(client, None)
            raise

    def count(self) -> int:
        """Number of vectors."""
        return self._do(self._collection.count)

    def ids(self) -> set[str]:
        """Ids of all vectors."""
        found: set[str] = set()
        # Servers and the cloud limit how much one answer may hold.
        for offset in itertools.count(step=self._batch):
            page = self._do(partial(self._collection.get, include=[], limit=self._batch, offset=offset))["ids"]
            found.update(page)
            if len(page) < self._batch:
                return found
        raise AssertionError("unreachable")

    def get(self, ids: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The vectors of those of ``ids`` that are there."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        for start in range(0, len(ids), self._batch):
            part = list(ids[start : start + self._batch])
            rows = self._do(partial(self._collection.get, ids=part, include=["embeddings"]))
            matrix = np.asarray(rows["embeddings"], dtype=np.float32)
            found.update(zip(rows["ids"], matrix, strict=True))
        return found

    def drop(self) -> None:
        """Deletes the collection."""
        self._do(partial(self._client.delete_collection, self._collection.name))

    def write(self, ids: Sequence[str], vectors: npt.NDArray[np.float32]) -> None:
        """Adds or replaces; ``vectors`` has shape (len(ids), dimension), rows of length 1."""
        for start in range(0, len(ids), self._batch):
            part = slice(start, start + self._batch)
            self._do(partial(self._collection.upsert, ids=list(ids[part]), embeddings=vectors[part]))

    def delete(self, ids: Sequence[str]) -> None:
        """Removes; ids that are not there are passed over."""
        for start in range(0, len(ids), self._batch):
            self._do(partial(self._collection.delete, ids=list(ids[start : start + self._batch])))

    def search(self, vector: npt.NDArray[np.float32], n: int) -> list[str]:
        """Ids of the (approximately) ``n`` nearest vectors by cosine, nearest first; Chroma Cloud names 300 at most."""
        most = min(n, self._most or n)
        query = partial(self._collection.query, query_embeddings=vector[None, :], n_results=most, include=[])
        return self._do(query)["ids"][0]

    def close(self) -> None:
        """Lets go of files and connections. Safe to call twice."""
        self._finalizer()

    def _do(self, action: Callable[[], T]) -> T:
        if self.folder:
            return _patiently(self._place, action)
        with _translated(self._place, local=False):
            return action()

    @classmethod
    def _free_spelling(cls, folder: Path) -> str:
        for times in itertools.count():
            spelling = str(folder) + "/." * times
            if spelling not in cls._spellings:
                cls._spellings.add(spelling)
                return spelling
        raise AssertionError("unreachable")


def _close(client: Client, spelling: str | None) -> None:
    if spelling is None:
        for session in _sessions(client):
            session.close()
    client.close()
    if spelling is not None:
        Vectors._spellings.discard(spelling)  # noqa: SLF001 (the finalizer of that class)


def _sessions(client: Client) -> list[httpx.Client]:
    """The connections to a server. Chroma neither closes them nor gives up waiting, nor has a setting for that."""
    admin = cast("AdminClient", client._admin_client)  # noqa: SLF001
    servers = (cast("FastAPI", part._server) for part in (client, admin))  # noqa: SLF001
    return [server._session for server in servers]  # noqa: SLF001


def _connect(address: ChromaAddress) -> Client:
    import chromadb
    from chromadb.config import DEFAULT_DATABASE, DEFAULT_TENANT, Settings

    settings = Settings(_env_file=None, anonymized_telemetry=False)  # type: ignore[call-arg]
    if address.url is None:
        opened = chromadb.CloudClient(
            tenant=address.tenant, database=address.database, api_key=address.api_key, settings=settings
        )
    else:
        parts = urlsplit(address.url)
        secure = parts.scheme == "https"
        opened = chromadb.HttpClient(
            host=str(parts.hostname),
            port=parts.port or (443 if secure else 8000),
            ssl=secure,
            headers={"x-chroma-token": address.api_key} if address.api_key else None,
            settings=settings,
            tenant=address.tenant or DEFAULT_TENANT,
            database=address.database or DEFAULT_DATABASE,
        )
    client = cast("Client", opened)
    for session in _sessions(client):
        session.timeout = _PATIENCE
    return client


def _collection(
    client: Client, name: str, label: CollectionLabel, configuration: CreateCollectionConfiguration
) -> Collection:
    return client.get_or_create_collection(
        name, configuration=configuration, metadata=_metadata(label), embedding_function=None
    )


def _local_collection(client: Client, label: CollectionLabel, persist_every: int) -> Collection:
    from chromadb.errors import NotFoundError

    try:  # get_or_create writes even where there is nothing to create, and several processes may be opening
        collection = client.get_collection("chunks", embedding_function=None)
    except NotFoundError:
        hnsw: CreateHNSWConfiguration = {**_HNSW, "sync_threshold": persist_every}
        return _collection(client, "chunks", label, {"hnsw": hnsw})
    # A collection keeps the threshold it was last given. Chroma reads it with the first row.
    if collection.configuration_json["hnsw"]["sync_threshold"] != persist_every:
        _set_persistence(collection, persist_every)
    return collection


def _set_persistence(collection: Collection, persist_every: int) -> None:
    with warnings.catch_warnings():
        # Chroma deprecates, in its own record of the change, that a collection has no embedding function.
        warnings.filterwarnings("ignore", "legacy embedding function config", DeprecationWarning)
        collection.modify(configuration={"hnsw": {"sync_threshold": persist_every}})


def _metadata(label: CollectionLabel) -> dict[str, str | int]:
    return {"index": label.index, "encoder": label.encoder, "dimension": label.dimension}


def _patiently(place: str, action: Callable[[], T]) -> T:
    """What ``action`` gives, tried again for a while if another process has Chroma's file locked."""
    deadline = time.monotonic() + _BUSY
    while True:
        try:
            with _translated(place, local=True):
                return action()
        except _BusyError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)


class _BusyError(IndexStoreError):
    """Another process has Chroma's file locked."""


# What SQLite inside Chroma says when the files are sound but cannot be used now.
_UNUSABLE = {
    "(code: 8)": "cannot be written to; check its permissions",
    "(code: 13)": "is on a full disk; make room and try again",
    "(code: 14)": "cannot be opened; check that it exists and its permissions",
}


@contextmanager
def _translated(place: str, *, local: bool) -> Iterator[None]:
    """Chroma's errors as ours."""
    import httpx
    from chromadb.errors import ChromaError, NotFoundError

    try:
        yield
    except NotFoundError as error:
        raise IndexDamagedError(f"The vectors in {place} are gone; they are rebuilt on the next use.") from error
    except OSError as error:
        raise IndexStoreError(f"{place} cannot be used: {error}. Check that it exists and its permissions.") from error
    except (ChromaError, ValueError, httpx.HTTPError) as error:
        if not local:
            raise IndexStoreError(
                f"The Chroma server at {place} cannot be used: {error}. Check that it runs and that the address, key, "
                "tenant and database are right, or unset TANYA_CHROMA_URL to use the folder alone."
            ) from error
        if "(code: 5)" in str(error):
            raise _BusyError(f"The vector index in {place} is in use by another program; try again.") from error
        for code, why in _UNUSABLE.items():
            if code in str(error):
                raise IndexStoreError(f"The vector index in {place} {why}.") from error
        raise IndexDamagedError(f"The vector index in {place} is damaged ({error}).") from error
    except BaseException as error:
        # How a panic in Chroma's Rust arrives; it is no Exception and has no module to be imported from. It panics when
        # its file goes while it is opened: another process has switched to a new folder and cleared this one away.
        if type(error).__name__ != "PanicException":
            raise
        raise IndexDamagedError(f"Chroma cannot open {place} ({error}).") from error
