"""Runnables whose outputs replace each other: an answer grows, in this thread or for an event loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator

from .parts import Part, joined
from .types import Answer, Turn

__all__ = ["GrowingAnswer", "PartAnswers", "State"]

State = Mapping[str, Any]
"""What the chain knows of a question so far, by the names of its steps."""

Compose = Callable[[State, State, RunnableConfig], Iterator[Answer]]


class _Snapshots(RunnableGenerator[Any, Answer]):
    """``invoke`` returns the last output instead of adding them all up."""

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401
        *_, last = self.stream(input, config, **kwargs)
        return last

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401
        return [answer async for answer in self.astream(input, config, **kwargs)][-1]


class GrowingAnswer(_Snapshots):
    """What can be said of a state that comes step by step.

    Args:
        compose: is given the state so far, what of it came last, and LangChain's config.
        name: of the step, for callbacks and traces.
    """

    def __init__(self, compose: Compose, *, name: str) -> None:
        grow: Any = self._grow  # its declaration does not know functions that take the config
        agrow: Any = self._agrow
        super().__init__(grow, agrow, name=name)
        self._compose = compose

    def _grow(self, parts: Iterator[State], config: RunnableConfig) -> Iterator[Answer]:
        state: dict[str, Any] = {}
        for part in parts:
            state.update(part)
            yield from self._compose(state, part, config)

    async def _agrow(self, parts: AsyncIterator[State], config: RunnableConfig) -> AsyncIterator[Answer]:
        state: dict[str, Any] = {}
        async for part in parts:
            state.update(part)
            async for answer in _in_thread(self._compose(state, part, config)):
                yield answer


class PartAnswers(_Snapshots):
    """The parts of a question answered one after the other by ``one``, each with those before it as its history."""

    def __init__(self, one: Runnable[Any, Answer], *, name: str) -> None:
        each: Any = self._each
        aeach: Any = self._aeach
        super().__init__(each, aeach, name=name)
        self._one = one

    def invoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002, ANN401
        """The last one, without a stream of those before it."""
        return self._call_with_config(self._answered, input, config)

    def _answered(self, state: State, run_manager: object, config: RunnableConfig) -> Answer:  # noqa: ARG002 - passed by that name
        done: list[Answer] = []
        for part in state["parts"]:
            done.append(self._one.invoke(_request(state, part, done), config))
        return joined(state["question"], done, len(state["parts"]))

    def _each(self, states: Iterator[State], config: RunnableConfig) -> Iterator[Answer]:
        state: dict[str, Any] = {}
        for more in states:
            state.update(more)
        done: list[Answer] = []
        for part in state["parts"]:
            answers = []
            for answer in self._one.stream(_request(state, part, done), config):
                answers = [answer]
                yield joined(state["question"], [*done, answer], len(state["parts"]))
            done += answers

    async def _aeach(self, states: AsyncIterator[State], config: RunnableConfig) -> AsyncIterator[Answer]:
        state: dict[str, Any] = {}
        async for more in states:
            state.update(more)
        done: list[Answer] = []
        for part in state["parts"]:
            answers = []
            async for answer in self._one.astream(_request(state, part, done), config):
                answers = [answer]
                yield joined(state["question"], [*done, answer], len(state["parts"]))
            done += answers


def _request(state: State, part: Part, done: Sequence[Answer]) -> State:
    before = [Turn(answer.query, answer.text, answer.citations) for answer in done]
    return {
        "question": part.question,
        "standalone": part.standalone,
        "history": (*state["history"], *before),
        "filter": state["filter"],
        "budget": state["budget"],
    }


async def _in_thread(answers: Iterator[Answer]) -> AsyncIterator[Answer]:
    """What a generator yields, each item worked out in one thread; left early, the generator is closed in it."""
    loop = asyncio.get_running_loop()
    context = copy_context()
    thread = ThreadPoolExecutor(1, thread_name_prefix="answer")
    try:
        while (answer := await loop.run_in_executor(thread, lambda: context.run(next, answers, None))) is not None:
            yield answer
    finally:
        if isinstance(answers, Generator):
            thread.submit(answers.close)
        thread.shutdown(wait=False)
