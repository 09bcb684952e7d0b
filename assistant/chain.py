"""The LangChain runnable from a question to its answer. Every step has a name, so that callbacks and traces show it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda, RunnablePassthrough

from index.errors import QueryError
from index.retrieval import LONGEST_QUERY
from index.types import Filter, Passage

from .about import answer_about
from .answering import answer_snapshots
from .timeframe import limited, preferred, timeframe
from .translation import searchable
from .types import Answer, Turn
from .wording import question_language, widened_line

if TYPE_CHECKING:
    from index.types import Coverage

    from .reader import Reading

__all__ = ["build_chain"]

State = Mapping[str, Any]


def build_chain(
    *,
    rewrite: Callable[[str, Sequence[Turn]], str],
    retrieve: Callable[[str, Filter], Sequence[Passage]],
    read: Callable[[str, Sequence[Passage]], Reading],
    survey: Callable[[], Coverage],
    today: Callable[[], date],
) -> Runnable[Any, Answer]:
    """Joins the steps: question -> query -> what it says about time -> passages -> reading -> answer.

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
        return RunnableLambda(function, name=name)

    return (
        step("check_question", _checked)
        | RunnablePassthrough.assign(query=step("rewrite_question", lambda s: rewrite(s["question"], s["history"])))
        | RunnablePassthrough.assign(searched=step("translate_question", lambda s: searchable(s["query"])))
        | RunnablePassthrough.assign(time=step("read_time", lambda s: timeframe(s["query"], today())))
        | RunnablePassthrough.assign(
            passages=step("retrieve_passages", lambda s: found(s, limited(s["filter"], s["time"])))
        )
        | RunnablePassthrough.assign(about=step("describe_article", described))
        | RunnablePassthrough.assign(reading=step("read_passages", reading))
        | RunnablePassthrough.assign(wider=step("widen_search", widened))
        | RunnablePassthrough.assign(coverage=step("survey_index", coverage))
        | _Snapshots(_grow, _agrow, name="compose_answer")
    ).with_config(run_name="tanya_berita")


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


def _grow(parts: Iterator[State]) -> Iterator[Answer]:
    state: dict[str, Any] = {}
    for part in parts:
        state.update(part)
        yield from _snapshots(state, part)


async def _agrow(parts: AsyncIterator[State]) -> AsyncIterator[Answer]:
    state: dict[str, Any] = {}
    async for part in parts:
        state.update(part)
        for answer in _snapshots(state, part):
            yield answer


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


def _snapshots(state: State, part: State) -> Iterator[Answer]:
    """What can be said once ``part`` of the state has arrived; the parts come in the order of the chain."""
    opening = _opening(state)
    if "passages" in part:
        yield opening
    if "coverage" not in part:
        return
    if state["about"]:
        yield state["about"]
        return
    reading = {**state, **(state["wider"] or {})}["reading"]
    if state["wider"] and reading.found:
        limit = limited(state["filter"], state["time"])
        opening = replace(opening, notice=widened_line(limit, question_language(opening.question)))
    yield from answer_snapshots(opening, reading, state["coverage"], asked=state["searched"], time=state["time"])
