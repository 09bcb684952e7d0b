"""Everything this project raises on purpose.

Every message is written to be shown to the user as it stands: what is wrong, with which file or setting, and what to
do next.

    TanyaError
    ├── ReadError             a file or folder cannot be read as articles
    │   └── FetchError            a web address may not or cannot be fetched
    ├── QueryError            a question is empty or too long to search with
    ├── EmbeddingError        the embedding model cannot be loaded or used
    ├── RerankerError         the reranking model cannot be loaded or used
    ├── ChatModelError        the chat model failed, and answering without it was not allowed
    ├── SettingsError         a TANYA_* variable or argument has a value that cannot be used
    └── IndexStoreError       the index folder cannot be used
        ├── IndexMissingError     there is no index where one was to be opened
        ├── IndexLockedError      another process is writing to it
        ├── IndexMismatchError    another embedding model, analyser or version made it
        └── IndexDamagedError     its files are damaged
"""

from __future__ import annotations

__all__ = [
    "ChatModelError",
    "EmbeddingError",
    "FetchError",
    "IndexDamagedError",
    "IndexLockedError",
    "IndexMismatchError",
    "IndexMissingError",
    "IndexStoreError",
    "QueryError",
    "ReadError",
    "RerankerError",
    "SettingsError",
    "TanyaError",
]


class TanyaError(Exception):
    """Base of all errors of this project."""


class ReadError(TanyaError):
    """A file or folder cannot be read as articles."""


class FetchError(ReadError):
    """A web address may not or cannot be fetched.

    ``status`` is the server's answer (404, ...), None where there was none or none was asked for.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status

    @property
    def gone(self) -> bool:
        """Whether the server says that there is nothing (any more): 404 or 410."""
        return self.status in (404, 410)


class QueryError(TanyaError):
    """A question is empty or too long to search with."""


class EmbeddingError(TanyaError):
    """The embedding model cannot be loaded or used."""


class RerankerError(TanyaError):
    """The reranking model cannot be loaded or used."""


class ChatModelError(TanyaError):
    """The chat model failed, and answering without it was not allowed."""


class SettingsError(TanyaError):
    """A TANYA_* variable or argument has a value that cannot be used."""


class IndexStoreError(TanyaError):
    """The index folder cannot be used."""


class IndexMissingError(IndexStoreError):
    """There is no index where one was to be opened."""


class IndexLockedError(IndexStoreError):
    """Another process is writing to the index."""


class IndexMismatchError(IndexStoreError):
    """Another embedding model, analyser or version made the index."""


class IndexDamagedError(IndexStoreError):
    """The index's files are damaged."""
