"""The LangChain runnable from a question to its answer. Every step has a name, so that callbacks and traces show it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Generator, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from contextvars import copy_context
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda, RunnablePassthrough

from index.errors import QueryError
from index.questions import parse_question
from index.retrieval import LONGEST_QUERY
from index.types import Filter, Passage

from .about import answer_about
from .answering import answer_snapshots
from .parts import Part, joined, split_question
from .timeframe import limited, preferred, timeframe
from .translation import searchable
from .types import Answer, Turn
from .weighing import weighed
from .wording import question_language, widened_line

if TYPE_CHECKING:
    from index.types import Coverage

    from .reader import Reading
    from .writer import Writer

__all__ = ["build_chain"]

State = Mapping[str, Any]
Compose = Callable[..., Iterator[Answer]]  # (opening, state, config=...) -> growing answers


def build_chain(
    *,
    rewrite: Callable[[str, Sequence[Turn]], str],
    retrieve: Callable[[str, Filter], Sequence[Passage]],
    read: Callable[[str, Sequence[Passage]], Reading],
    survey: Callable[[], Coverage],
    today: Callable[[], date],
    writer: Writer | None = None,
) -> Runnable[Any, Answer]:
    """Joins the steps: question -> its parts, and for each: query -> its time -> passages -> reading -> answer.

    With a writer, the chat model divides and rewrites follow-ups, and writes what the reading finds worth answering.

    Where a question limits itself to articles of some time ("berita kemarin") and those do not answer it, all articles
    are searched, and the answer's notice says so.

    The runnable takes a question, or ``{"question": ..., "history": [...], "filter": ...}``; history holds ``Turn`` or
    mappings with their fields. Its stream yields growing answers, first one with the passages alone.
    """

    def found(state: State, wanted: Filter) -> list[Passage]:
        return preferred(retrieve(state["searched"], wanted), state["time"])

    def described(state: State) -> Answer | None:
        return answer_about(_opening(state), state["history"])

    def reading(state: State) -> Reading | None:
        return None if state["about"] else read(state["searched"], state["passages"])

    def widened(state: State) -> State | None:
        if (
            state["reading"] is None
            or state["reading"].found
            or limited(state["filter"], state["time"]) == state["filter"]
        ):
            return None
        passages = found(state, state["filter"])
        return {"passages": passages, "reading": read(state["searched"], passages), "filter": state["filter"]}

    def coverage(state: State) -> Coverage | None:
        known = {**state, **(state["wider"] or {})}
        return None if state["about"] or known["reading"].found else survey()

    def step(name: str, function: Callable[[State], Any]) -> RunnableLambda[Any, Any]:
        def timed(state: State) -> Any:  # noqa: ANN401 - whatever the step finds
            with state["budget"].timed(name) if state["budget"] else nullcontext():
                return function(state)

        return RunnableLambda(timed, name=name)

    def begun(asked: str | State) -> State:
        return {**_checked(asked), "budget": writer.budget() if writer else None}

    def divide(state: State, config: RunnableConfig) -> Sequence[Part]:
        divided = writer.divide(state["question"], state["history"], state["budget"], config) if writer else ()
        return divided or split_question(state["question"])

    def snapshots(opening: Answer, state: State, config: RunnableConfig) -> Iterator[Answer]:
        def quoted(opening: Answer) -> Iterator[Answer]:
            reading, coverage = state["reading"], state["coverage"]
            return answer_snapshots(opening, reading, coverage, asked=state["searched"], time=state["time"])

        if not (writer and state["reading"].found):
            answers = quoted(opening)
        else:
            opening = replace(opening, confidence=state["reading"].confidence)
            asked = parse_question(state["searched"])
            grown = writer.snapshots(opening, quoted, state["budget"], config)
            answers = (weighed(answer, state["reading"], asked, state["time"]) for answer in grown)
        budget = state["budget"]
        return (replace(answer, usage=budget.usage()) for answer in answers) if budget else answers

    one = (
        RunnablePassthrough.assign(
            query=step("rewrite_question", lambda s: s["standalone"] or rewrite(s["question"], s["history"]))
        )
        | RunnablePassthrough.assign(searched=step("translate_question", lambda s: searchable(s["query"])))
        | RunnablePassthrough.assign(time=step("read_time", lambda s: timeframe(s["query"], today())))
        | RunnablePassthrough.assign(
            passages=step("retrieve_passages", lambda s: found(s, limited(s["filter"], s["time"])))
        )
        | RunnablePassthrough.assign(about=step("describe_article", described))
        | RunnablePassthrough.assign(reading=step("read_passages", reading))
        | RunnablePassthrough.assign(wider=step("widen_search", widened))
        | RunnablePassthrough.assign(coverage=step("survey_index", coverage))
        | _Snapshots(partial(_grow, snapshots), partial(_agrow, snapshots), name="compose_answer")
    )
    checked: Runnable[Any, Any] = RunnableLambda(begun, name="check_question")
    chain: Runnable[Any, Answer] = (
        checked | RunnablePassthrough.assign(parts=RunnableLambda(divide, name="divide_question")) | _Parts(one)
    )
    return chain.with_config(run_name="tanya_berita")


def _checked(asked: str | State) -> State:
    """The chain's input, checked and complete.

    Raises:
        QueryError: the question is empty, too long, or not text.
    """
    request: State = {"question": asked} if isinstance(asked, str) else asked
    question = request["question"].strip()
    if not question:
        raise QueryError("the question is empty; ask something, for example: Siapa gubernur Kalimantan Timur?")
    if len(question) > LONGEST_QUERY:
        raise QueryError(f"the question has {len(question):,} characters; at most {LONGEST_QUERY:,} are allowed")
    try:
        question.encode()
    except UnicodeEncodeError as error:
        raise QueryError("the question holds bytes that are no text; send it as UTF-8") from error
    history = tuple(turn if isinstance(turn, Turn) else Turn(**turn) for turn in request.get("history") or ())
    return {"question": question, "history": history, "filter": request.get("filter") or Filter()}


class _Snapshots(RunnableGenerator[Any, Answer]):
    """A generator whose outputs replace each other: ``invoke`` returns the last instead of adding them up."""

    def invoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401
        *_, last = self.stream(input, config, **kwargs)
        return last

    async def ainvoke(self, input: Any, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:  # noqa: A002, ANN401
        return [answer async for answer in self.astream(input, config, **kwargs)][-1]


class _Parts(_Snapshots):
    """The parts of a question answered one after the other by ``one``, each with those before it as its history."""

    def __init__(self, one: Runnable[Any, Answer]) -> None:
        each: Any = self._each  # its declaration does not know functions that take the config
        aeach: Any = self._aeach
        super().__init__(each, aeach, name="answer_parts")
        self._one = one

    def invoke(self, input: Any, config: RunnableConfig | None = None, **_: Any) -> Answer:  # noqa: A002, ANN401
        return self._call_with_config(self._answered, input, config)

    def _answered(self, state: State, run_manager: object, config: RunnableConfig) -> Answer:  # noqa: ARG002 - passed by that name
        done: list[Answer] = []
        for part in state["parts"]:
            done.append(self._one.invoke(_part_request(state, part, done), config))
        return joined(state["question"], done, len(state["parts"]))

    def _each(self, states: Iterator[State], config: RunnableConfig) -> Iterator[Answer]:
        state: dict[str, Any] = {}
        for more in states:
            state.update(more)
        done: list[Answer] = []
        for part in state["parts"]:
            answers = []
            for answer in self._one.stream(_part_request(state, part, done), config):
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
            async for answer in self._one.astream(_part_request(state, part, done), config):
                answers = [answer]
                yield joined(state["question"], [*done, answer], len(state["parts"]))
            done += answers


def _part_request(state: State, part: Part, done: Sequence[Answer]) -> State:
    before = [Turn(answer.query, answer.text, answer.citations) for answer in done]
    return {
        "question": part.question,
        "standalone": part.standalone,
        "history": (*state["history"], *before),
        "filter": state["filter"],
        "budget": state["budget"],
    }


def _grow(snapshots: Compose, parts: Iterator[State], config: RunnableConfig) -> Iterator[Answer]:
    state: dict[str, Any] = {}
    for part in parts:
        state.update(part)
        yield from _snapshots(state, part, partial(snapshots, config=config))


async def _agrow(snapshots: Compose, parts: AsyncIterator[State], config: RunnableConfig) -> AsyncIterator[Answer]:
    state: dict[str, Any] = {}
    async for part in parts:
        state.update(part)
        async for answer in _in_thread(_snapshots(state, part, partial(snapshots, config=config))):
            yield answer


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


def _opening(state: State) -> Answer:
    """The answer as far as the state has come: question, query, filter and passages."""
    known = {**state, **(state.get("wider") or {})}
    wanted = known["filter"] if state.get("wider") or "time" not in state else limited(known["filter"], state["time"])
    return Answer(
        question=known["question"],
        query=known.get("query", ""),
        passages=tuple(known.get("passages", ())),
        filter=wanted,
        complete=False,
    )


def _snapshots(state: State, part: State, snapshots: Callable[[Answer, State], Iterator[Answer]]) -> Iterator[Answer]:
    """What can be said once ``part`` of the state has arrived; the parts come in the order of the chain."""
    opening = _opening(state)
    if "passages" in part:
        yield opening
    if "coverage" not in part:
        return
    if state["about"]:
        yield state["about"]
        return
    known = {**state, **(state["wider"] or {})}
    if state["wider"] and known["reading"].found:
        limit = limited(state["filter"], state["time"])
        opening = replace(opening, notice=widened_line(limit, question_language(opening.question)))
    yield from snapshots(opening, known)
