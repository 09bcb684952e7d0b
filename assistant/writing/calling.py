"""One call of a chat model: streamed, within the budget, retried where that may help, never left hanging."""

from __future__ import annotations

import queue
import random
import threading
import time
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from contextvars import copy_context
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, TypeVar

from .budget import CHARACTERS_PER_TOKEN, LONGEST_REPLY, Budget
from .failures import Failure, ModelFailure, failure_of

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk, BaseMessage
    from langchain_core.runnables import RunnableConfig

__all__ = ["Piece", "in_time", "reply_text", "stream_reply"]

Item = TypeVar("Item")

_RETRIES: Final = 2
_FIRST_WAIT: Final = 0.5  # seconds; doubled at each retry, with a random part so that clients do not return together
_LONGEST_WAIT: Final = 20.0
_REPORTS_ITS_END: Final = frozenset({"openai-chat", "chat-ollama", "anthropic-chat", "mistralai-chat"})
_LENGTH: Final = frozenset({"length", "max_tokens", "MAX_TOKENS"})
_END: Final = ("finish_reason", "done_reason", "stop_reason")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a reply: text, and the source texts that the provider itself says it cites there.

    ``is_cut`` on the last piece: the reply was longer than it may be, and its last sentence may be unfinished.
    """

    text: str
    cited: tuple[str, ...] = ()
    is_cut: bool = False


def stream_reply(
    model: BaseChatModel, messages: Sequence[BaseMessage], budget: Budget, config: RunnableConfig | None
) -> Generator[Piece]:
    """The pieces of a model's reply as they come, at most ``LONGEST_REPLY`` tokens of them.

    A failure that may pass is retried after a pause, twice, as long as nothing was yielded yet.

    Raises:
        ModelFailure: there is no reply, or it broke off.
    """
    prompt = "\n".join(str(message.text) for message in messages)
    for attempt in range(_RETRIES + 1):
        budget.check(prompt)
        begun = False
        try:
            for piece in _attempt(model, messages, prompt, budget, config):
                begun = True
                yield piece
            return
        except ModelFailure as failure:
            if begun and failure.kind in (Failure.UNREACHABLE, Failure.MALFORMED, Failure.SERVER):
                raise ModelFailure(Failure.CUT, failure.detail) from failure
            if begun or not failure.kind.is_passing or attempt == _RETRIES:
                raise
            pause = max(failure.wait, _FIRST_WAIT * 2**attempt * random.uniform(1, 1.5))  # noqa: S311 - no secret
            if pause > min(_LONGEST_WAIT, budget.seconds_left):
                raise
            time.sleep(pause)


def reply_text(
    model: BaseChatModel, messages: Sequence[BaseMessage], budget: Budget, config: RunnableConfig | None
) -> str:
    """The whole reply, where nobody watches it come.

    Raises:
        ModelFailure: there is no reply, or it broke off.
    """
    return "".join(piece.text for piece in stream_reply(model, messages, budget, config))


def _attempt(
    model: BaseChatModel, messages: Sequence[BaseMessage], prompt: str, budget: Budget, config: RunnableConfig | None
) -> Iterator[Piece]:
    said: list[str] = []
    size = 0
    reported: dict[str, Any] = {}
    ended: object = None
    try:
        with closing(in_time(lambda: model.stream(list(messages), config), budget.seconds_left)) as chunks:
            for chunk in chunks:
                for name, count in (getattr(chunk, "usage_metadata", None) or {}).items():
                    if isinstance(count, int):
                        reported[name] = reported.get(name, 0) + count
                ended = _end(chunk.response_metadata) or ended
                piece = Piece(str(chunk.text), _cited(chunk))
                said.append(piece.text)
                size += len(piece.text)
                if piece.text or piece.cited:
                    yield piece
                if size > LONGEST_REPLY * CHARACTERS_PER_TOKEN:
                    ended = "length"
                    break
    except ModelFailure:
        raise
    except Exception as error:  # every provider's library raises classes of its own
        raise failure_of(error) from error
    finally:
        budget.spend(prompt, "".join(said), reported)
    if not "".join(said).strip():
        raise ModelFailure(Failure.EMPTY)
    if ended is None and model._llm_type in _REPORTS_ITS_END:  # noqa: SLF001 - LangChain's name for the kind of model
        raise ModelFailure(Failure.CUT, "the stream ended without saying why")
    if ended in _LENGTH:
        yield Piece("", is_cut=True)


def in_time(iterate: Callable[[], Iterator[Item]], seconds: float) -> Generator[Item]:
    """What ``iterate()`` yields, from a thread of its own, until the time is up. Closing it closes the source.

    Not every model can be given a time limit, and limits of HTTP clients start anew with each byte. The thread is a
    daemon: one that hangs in a library keeps neither the caller nor the end of the program.

    Raises:
        ModelFailure: the time is up.
    """
    deadline = time.monotonic() + seconds
    results: queue.Queue[tuple[str, Any]] = queue.Queue()
    left = threading.Event()

    def run() -> None:
        try:
            source = iterate()
            for item in source:
                results.put(("item", item))
                if left.is_set():
                    break
            if hasattr(source, "close"):
                source.close()
        except BaseException as error:  # noqa: BLE001 - raised again where the results are read
            results.put(("error", error))
        else:
            results.put(("end", None))

    threading.Thread(target=copy_context().run, args=(run,), name="chat-model", daemon=True).start()
    try:
        while True:
            try:
                kind, value = results.get(timeout=max(0.0, deadline - time.monotonic()))
            except queue.Empty:
                raise ModelFailure(Failure.TIMEOUT, f"no end after {seconds:.0f} seconds") from None
            if kind == "end":
                return
            if kind == "error":
                raise value
            yield value
    finally:
        left.set()


def _end(metadata: Mapping[str, Any]) -> object:
    return next((metadata[name] for name in _END if metadata.get(name)), None)


def _cited(chunk: AIMessageChunk) -> tuple[str, ...]:
    """The source texts of LangChain's standard citation annotations, where the provider cites by itself."""
    if isinstance(chunk.content, str):
        return ()
    return tuple(
        text
        for block in chunk.content_blocks
        if block["type"] == "text"
        for note in block.get("annotations", ())
        if note["type"] == "citation" and (text := note.get("cited_text"))
    )
