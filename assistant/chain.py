"""The LangChain runnable from a question to its answer. Every step has a name, so that callbacks and traces show it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableLambda, RunnablePassthrough

from index.errors import QueryError
from index.questions import parse_question
from index.retrieval import LONGEST_QUERY
from index.types import Filter, Passage

from .about import answer_about
from .answering import answer_snapshots
from .parts import Part, split_question
from .streaming import GrowingAnswer, PartAnswers, State
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
    steps = _Steps(rewrite=rewrite, retrieve=retrieve, read=read, survey=survey, today=today, writer=writer)
    one = (
        RunnablePassthrough.assign(query=_step("rewrite_question", steps.query))
        | RunnablePassthrough.assign(searched=_step("translate_question", lambda state: searchable(state["query"])))
        | RunnablePassthrough.assign(time=_step("read_time", lambda state: timeframe(state["query"], today())))
        | RunnablePassthrough.assign(passages=_step("retrieve_passages", steps.passages))
        | RunnablePassthrough.assign(about=_step("describe_article", steps.about))
        | RunnablePassthrough.assign(reading=_step("read_passages", steps.reading))
        | RunnablePassthrough.assign(wider=_step("widen_search", steps.wider))
        | RunnablePassthrough.assign(coverage=_step("survey_index", steps.coverage))
        | GrowingAnswer(steps.answers, name="compose_answer")
    )
    checked: Runnable[Any, Any] = RunnableLambda(steps.begun, name="check_question")
    divided = RunnablePassthrough.assign(parts=RunnableLambda(steps.parts, name="divide_question"))
    chain: Runnable[Any, Answer] = checked | divided | PartAnswers(one, name="answer_parts")
    return chain.with_config(run_name="tanya_berita")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Steps:
    """What each step adds to the state, under the step's own name."""

    rewrite: Callable[[str, Sequence[Turn]], str]
    retrieve: Callable[[str, Filter], Sequence[Passage]]
    read: Callable[[str, Sequence[Passage]], Reading]
    survey: Callable[[], Coverage]
    today: Callable[[], date]
    writer: Writer | None

    def begun(self, asked: str | State) -> State:
        return {**_checked(asked), "budget": self.writer.budget() if self.writer else None}

    def parts(self, state: State, config: RunnableConfig) -> Sequence[Part]:
        question, history = state["question"], state["history"]
        divided = self.writer.divide(question, history, state["budget"], config) if self.writer else ()
        return divided or split_question(question)

    def query(self, state: State) -> str:
        return state["standalone"] or self.rewrite(state["question"], state["history"])

    def passages(self, state: State) -> list[Passage]:
        return self._found(state, limited(state["filter"], state["time"]))

    def about(self, state: State) -> Answer | None:
        return answer_about(_opening(state), state["history"])

    def reading(self, state: State) -> Reading | None:
        return None if state["about"] else self.read(state["searched"], state["passages"])

    def wider(self, state: State) -> State | None:
        if (
            state["reading"] is None
            or state["reading"].found
            or limited(state["filter"], state["time"]) == state["filter"]
        ):
            return None
        passages = self._found(state, state["filter"])
        return {"passages": passages, "reading": self.read(state["searched"], passages), "filter": state["filter"]}

    def coverage(self, state: State) -> Coverage | None:
        known = {**state, **(state["wider"] or {})}
        return None if state["about"] or known["reading"].found else self.survey()

    def answers(self, state: State, came: State, config: RunnableConfig) -> Iterator[Answer]:
        """What can be said once ``came`` is part of the state; the parts come in the order of the chain."""
        opening = _opening(state)
        if "passages" in came:
            yield opening
        if "coverage" not in came:
            return
        if state["about"]:
            yield state["about"]
            return
        known = {**state, **(state["wider"] or {})}
        if state["wider"] and known["reading"].found:
            limit = limited(state["filter"], state["time"])
            opening = replace(opening, notice=widened_line(limit, question_language(opening.question)))
        yield from self._composed(opening, known, config)

    def _composed(self, opening: Answer, state: State, config: RunnableConfig) -> Iterator[Answer]:
        """Growing answers by quotation; written ones where there is a writer and the evidence is worth it."""
        reading, coverage, budget = state["reading"], state["coverage"], state["budget"]

        def quoted(opening: Answer) -> Iterator[Answer]:
            return answer_snapshots(opening, reading, coverage, asked=state["searched"], time=state["time"])

        if not (self.writer and reading.found):
            answers = quoted(opening)
        else:
            opening = replace(opening, confidence=reading.confidence)
            asked = parse_question(state["searched"])
            grown = self.writer.snapshots(opening, quoted, budget, config)
            answers = (weighed(answer, reading, asked, state["time"]) for answer in grown)
        return (replace(answer, usage=budget.usage()) for answer in answers) if budget else answers

    def _found(self, state: State, wanted: Filter) -> list[Passage]:
        return preferred(self.retrieve(state["searched"], wanted), state["time"])


def _step(name: str, function: Callable[[State], Any]) -> RunnableLambda[Any, Any]:
    def timed(state: State) -> Any:  # noqa: ANN401 - whatever the step finds
        with state["budget"].timed(name) if state["budget"] else nullcontext():
            return function(state)

    return RunnableLambda(timed, name=name)


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
