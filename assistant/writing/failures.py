"""What can go wrong with a chat model, in one list whatever the provider calls it, and how a user is told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from queue import Empty
from typing import Final

from langchain_core import exceptions as standard

from assistant.wording import Language

__all__ = ["Failure", "ModelFailure", "failure_notice", "failure_of"]


class Failure(StrEnum):
    """Why there is no usable reply."""

    UNREACHABLE = "unreachable"
    TIMEOUT = "timeout"
    RATE_LIMIT = "rate_limit"
    KEY = "key"
    UNKNOWN_MODEL = "unknown_model"
    CONTEXT = "context"
    SERVER = "server"
    REJECTED = "rejected"
    EMPTY = "empty"
    MALFORMED = "malformed"
    CUT = "cut"
    BUDGET = "budget"

    @property
    def is_passing(self) -> bool:
        """Whether the same request may succeed in a moment."""
        return self in _PASSING


class ModelFailure(Exception):  # noqa: N818 - the kind says which failure it is
    """A chat model gave no usable reply. Stays inside the writer, which falls back or raises ``ChatModelError``.

    ``wait`` is how many seconds the server asked to be left alone; 0 where it did not say.
    """

    def __init__(self, kind: Failure, detail: str = "", *, wait: float = 0.0) -> None:
        super().__init__(f"{kind}: {detail}" if detail else str(kind))
        self.kind = kind
        self.detail = detail
        self.wait = wait


_PASSING: Final = frozenset({Failure.UNREACHABLE, Failure.RATE_LIMIT, Failure.SERVER})
_STANDARD: Final[tuple[tuple[type[BaseException], Failure], ...]] = (
    (standard.ContextOverflowError, Failure.CONTEXT),
    (standard.ModelTimeoutError, Failure.TIMEOUT),
    (standard.ModelConnectionError, Failure.UNREACHABLE),
    (standard.ModelRateLimitError, Failure.RATE_LIMIT),
    (standard.ModelAuthenticationError, Failure.KEY),
    (standard.ModelPermissionDeniedError, Failure.KEY),
    (standard.ModelNotFoundError, Failure.UNKNOWN_MODEL),
    (standard.ModelAPIError, Failure.SERVER),
    (TimeoutError, Failure.TIMEOUT),
    (ConnectionError, Failure.UNREACHABLE),
    (Empty, Failure.TIMEOUT),  # transformers: no word for a minute
)
_STATUS: Final = {
    401: Failure.KEY,
    403: Failure.KEY,
    404: Failure.UNKNOWN_MODEL,
    408: Failure.TIMEOUT,
    413: Failure.CONTEXT,
    429: Failure.RATE_LIMIT,
    504: Failure.TIMEOUT,
}
# Servers without a code of their own for a prompt that is too long say so in words.
_TOO_LONG: Final = ("context length", "context size", "context window", "context_length", "too many tokens", "too long")
_NOTHING: Final = ("no generation", "no data received")  # LangChain's words for a stream without content
_MALFORMED: Final = ("JSONDecodeError", "ValidationError", "DecodingError", "UnicodeDecodeError")
_REASONS: Final[Mapping[Failure, tuple[str, str]]] = {
    Failure.UNREACHABLE: ("tidak dapat dihubungi", "could not be reached"),
    Failure.TIMEOUT: ("tidak selesai pada waktunya", "did not finish in time"),
    Failure.RATE_LIMIT: ("sedang menerima terlalu banyak permintaan", "is receiving too many requests"),
    Failure.KEY: ("menolak kunci API", "refused the API key"),
    Failure.UNKNOWN_MODEL: ("tidak dikenal oleh servernya", "is not known to its server"),
    Failure.CONTEXT: ("tidak dapat memuat artikel sebanyak ini", "cannot hold this much text"),
    Failure.SERVER: ("mengalami gangguan di servernya", "has trouble on its server"),
    Failure.REJECTED: ("menolak permintaan ini", "rejected the request"),
    Failure.EMPTY: ("tidak memberi jawaban", "gave no answer"),
    Failure.MALFORMED: ("memberi jawaban yang tidak dapat dibaca", "gave an answer that cannot be read"),
    Failure.CUT: ("terputus sebelum selesai", "was cut off before it had finished"),
    Failure.BUDGET: ("akan melampaui batas token", "would have exceeded the token budget"),
}


def failure_of(error: BaseException) -> ModelFailure:
    """The failure that an exception of any provider's library stands for.

    LangChain's own classes come first; then HTTP status codes; then what HTTP libraries call a lost connection. The
    causes of an exception are looked at too.
    """
    for cause in _causes(error):
        kind = _kind(cause)
        if kind is not None:
            return ModelFailure(kind, _line(error), wait=_retry_after(cause))
    return ModelFailure(Failure.REJECTED, _line(error))


def failure_notice(failure: Failure, language: Language) -> str:
    """What is shown above an answer that the embedded reader gave in the model's place."""
    indonesian, english = _REASONS[failure]
    if language == "en":
        return f"The language model {english}; this answer is quoted from the articles without it."
    return f"Model bahasa {indonesian}; jawaban ini dikutip langsung dari artikel tanpa model."


def _causes(error: BaseException) -> Iterator[BaseException]:
    cause: BaseException | None = error
    for _ in range(6):  # chains of causes are short; a loop in one must not be followed for ever
        if cause is None:
            return
        yield cause
        cause = cause.__cause__ or cause.__context__


def _kind(error: BaseException) -> Failure | None:
    said = str(error).lower()
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if isinstance(error, standard.ContextOverflowError) or (status in (400, 413, 422, 500) and _says_too_long(said)):
        return Failure.CONTEXT
    for known, kind in _STANDARD:
        if isinstance(error, known):
            return kind
    if isinstance(status, int) and 400 <= status < 600:
        return _STATUS.get(status, Failure.SERVER if status >= 500 else Failure.REJECTED)
    if isinstance(error, ValueError) and any(words in said for words in _NOTHING):
        return Failure.EMPTY
    names = {base.__name__ for base in type(error).__mro__}
    if "TimeoutException" in names:  # httpx
        return Failure.TIMEOUT
    if "RemoteProtocolError" in names or "ReadError" in names:
        return Failure.CUT
    if "TransportError" in names:
        return Failure.UNREACHABLE
    return Failure.MALFORMED if names & set(_MALFORMED) else None


def _says_too_long(said: str) -> bool:
    return any(words in said for words in _TOO_LONG)


def _retry_after(error: BaseException) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(0.0, float(headers.get("retry-after", 0)))
    except (TypeError, ValueError):  # a date instead of seconds: the usual back-off will do
        return 0.0


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
