"""What all ways to ask have in common: the assistant behind its gate, counted."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import ParamSpec, TypeVar, cast

from starlette.concurrency import run_in_threadpool

from assistant.core import Assistant
from assistant.types import Answer, Turn
from index.types import Filter

from .limits import Gate
from .metrics import Metrics
from .settings import ServerSettings

__all__ = ["Service"]

P = ParamSpec("P")
T = TypeVar("T")


class Service:
    """One assistant for many callers. It keeps nothing of what they ask."""

    def __init__(self, assistant: Assistant, settings: ServerSettings, metrics: Metrics) -> None:
        self.assistant = assistant
        self.settings = settings
        self.metrics = metrics
        self._reader = (
            assistant.with_settings(assistant.settings, reader_only=True) if assistant.chat_model else assistant
        )
        self._gate = Gate(settings.parallel, settings.waiting)

    async def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002 - the word for it everywhere
        *,
        reader_only: bool = False,
    ) -> AsyncGenerator[Answer, None]:
        """Growing answers; see ``Assistant.stream``. With ``reader_only``, the chat model is not asked.

        Raises:
            ProblemError: 429: too many questions are waiting.
            TimeoutError: it took too long.
            QueryError: the question is empty or too long.
        """
        deadline = self._deadline()
        async with self._gate.entered(deadline):
            answer: Answer | None = None
            assistant = self._reader if reader_only else self.assistant
            growing = cast("AsyncGenerator[Answer, None]", assistant.astream(question, history, filter))
            with self.metrics.running.track_inprogress():
                async with aclosing(growing):
                    while True:
                        # Not around the loop: a timeout belongs to the task that began it, and after the first answer
                        # a response is sent by another one.
                        async with asyncio.timeout_at(deadline):
                            more = await anext(growing, None)
                        if more is None:
                            break
                        answer = more
                        yield answer
            if answer is not None:
                self.metrics.answered(answer)

    async def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002
        *,
        reader_only: bool = False,
    ) -> Answer:
        """The complete answer: the last of ``stream``."""
        async with aclosing(self.stream(question, history, filter, reader_only=reader_only)) as growing:
            return [answer async for answer in growing][-1]

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Something shorter than an answer, such as a search, in a thread and through the same gate."""
        deadline = self._deadline()
        async with self._gate.entered(deadline), asyncio.timeout_at(deadline):
            return await run_in_threadpool(function, *args, **kwargs)

    def _deadline(self) -> float:
        return asyncio.get_running_loop().time() + self.settings.time_limit
