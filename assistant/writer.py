"""The writer: a chat model writes the answer, and every statement of it is held to the sentences of the articles."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from langchain_core.messages import AIMessage, BaseMessage

from index.errors import ChatModelError

from .answering import refusal
from .parts import MOST_PARTS, Part, split_question
from .prompts import PROMPT_VERSION, answer_messages, repair_messages, standalone_messages
from .types import Answer, Turn
from .wording import question_language
from .writing.budget import Budget
from .writing.cache import ReplyCache
from .writing.calling import Piece, reply_text, stream_reply
from .writing.connection import model_name
from .writing.dividing import parts_from
from .writing.draft import Draft
from .writing.failures import Failure, ModelFailure, failure_notice
from .writing.numbering import with_context, written
from .writing.sources import gather_sources

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import RunnableConfig

    from index.types import Coverage

    from .settings import Settings

__all__ = ["Writer"]

log = logging.getLogger(__name__)

_SMALLER: Final = 2  # times the sources are halved where the model's context is too short for them
_CUT_SHORT: Final = {
    "id": "Jawaban model terlalu panjang dan dipotong setelah kalimat terakhir yang utuh.",
    "en": "The model's answer was too long and has been cut after its last whole sentence.",
}
_NOTHING_HELD: Final = {
    "id": "Model menulis jawaban yang tidak didukung artikel; jawaban itu tidak ditampilkan.",
    "en": "The model wrote an answer that the articles do not support; it is not shown.",
}
_SOME_REMOVED: Final = {
    "id": "Pernyataan model yang tidak didukung artikel tidak ditampilkan.",
    "en": "Statements of the model that the articles do not support are not shown.",
}


class Writer:
    """Writes answers with a chat model. Safe in threads as far as the model is.

    Args:
        model: any LangChain chat model.
        settings: ``llm`` names the model in usage and cache; the other ``llm_*`` limit it and say what to do when it
            fails or says what no article does.
        survey: what the index covers, asked when the model finds nothing.
    """

    def __init__(self, model: BaseChatModel, settings: Settings, survey: Callable[[], Coverage]) -> None:
        self.model = model
        self.settings = settings
        self.name = settings.llm or model_name(model)
        self._survey = survey
        self._cache = ReplyCache(settings.llm_cache) if settings.llm_cache else None

    def budget(self) -> Budget:
        """A new question's."""
        return Budget(self.name, self.settings.llm_seconds, self.settings.llm_tokens)

    def divide(
        self, question: str, history: Sequence[Turn], budget: Budget, config: RunnableConfig | None = None
    ) -> tuple[Part, ...]:
        """The question, made to stand alone, in its parts; none where the rules of the embedded rewriting are to do it.

        The model is asked only about a follow-up, or a question that looks as if it asks several things.
        """
        if not history and len(split_question(question)) == 1:
            return ()
        try:
            with budget.timed("divide_question"):
                reply = reply_text(self.model, standalone_messages(question, history, most=MOST_PARTS), budget, config)
        except ModelFailure as failure:
            log.info("the embedded rewriting takes over: %s", failure)
            return ()
        return parts_from(reply, question, history)

    def snapshots(
        self,
        opening: Answer,
        quoted: Callable[[Answer], Iterator[Answer]],
        budget: Budget,
        config: RunnableConfig | None = None,
    ) -> Iterator[Answer]:
        """Growing answers to a question whose passages are worth writing from.

        Args:
            opening: the answer so far: question, query, filter, passages and confidence.
            quoted: what the embedded reader makes of an opening; it answers where the model fails.
            budget: the question's.
            config: LangChain's, for callbacks.

        Raises:
            ChatModelError: the model failed, and ``llm_failure`` is ``"error"``.
        """
        try:
            yield from self._fitting(opening, budget, config)
        except ModelFailure as failure:
            language = question_language(opening.question)
            if self.settings.llm_failure == "error":
                raise ChatModelError(_failed(self.name, failure)) from failure
            notice = failure_notice(failure.kind, language)
            yield from quoted(_noticed(opening, notice))

    def _fitting(self, opening: Answer, budget: Budget, config: RunnableConfig | None) -> Iterator[Answer]:
        """Answers from as many sentences as the model's context holds."""
        characters = budget.prompt_characters
        for smaller in range(_SMALLER + 1):
            sources = gather_sources(opening.passages, characters=characters >> smaller)
            if not sources.sentences:
                raise ModelFailure(Failure.BUDGET, "not one passage fits into the budget")
            try:
                yield from self._answered(opening, Draft(opening, sources), budget, config)
            except ModelFailure as failure:
                if failure.kind is not Failure.CONTEXT or smaller == _SMALLER:
                    raise
            else:
                return

    def _answered(
        self, opening: Answer, draft: Draft, budget: Budget, config: RunnableConfig | None
    ) -> Iterator[Answer]:
        """The draft as it grows, then repaired, then final."""
        messages = answer_messages(opening.query, draft.sources, draft.language)
        key = ReplyCache.key(opening.query, draft.sources, self.name, PROMPT_VERSION)
        kept = self._cache.get(key, draft.sources) if self._cache else None
        if kept is not None:
            budget.cached = True
            yield from draft.grown([Piece(kept)], budget)
        else:
            with closing(stream_reply(self.model, messages, budget, config)) as pieces:
                yield from draft.grown(pieces, budget)
            self._repair(draft, messages, budget, config)
            if self._cache:
                self._cache.put(key, draft.reply, draft.sources)
        yield self._final(opening, draft)

    def _repair(
        self, draft: Draft, messages: Sequence[BaseMessage], budget: Budget, config: RunnableConfig | None
    ) -> None:
        wrong = draft.to_mend
        if not wrong:
            return
        asked = [*messages, AIMessage(draft.raw), *repair_messages(wrong, draft.language)]
        try:
            with budget.timed("repair_answer"):
                draft.mend(reply_text(self.model, asked, budget, config))
        except ModelFailure as failure:
            # The answer is there without it; what is not supported stays and says so.
            log.info("no repair: %s", failure)

    def _final(self, opening: Answer, draft: Draft) -> Answer:
        language = draft.language
        if draft.nothing_found:
            return refusal(opening, self._survey())
        removed = draft.without_unsupported() if self.settings.llm_unsupported == "remove" else draft.silenced
        if not draft.holds:
            return refusal(_noticed(opening, _NOTHING_HELD[language]), self._survey())
        notices = (_SOME_REMOVED[language] if removed else "", _CUT_SHORT[language] if draft.is_cut else "")
        opening = _noticed(opening, " ".join(filter(None, notices)))
        return replace(with_context(written(opening, draft.said, language), language), complete=True)


def _noticed(opening: Answer, notice: str) -> Answer:
    return replace(opening, notice=" ".join(filter(None, (opening.notice, notice))))


def _failed(name: str, failure: ModelFailure) -> str:
    detail = f" ({failure.detail})" if failure.detail else ""
    return (
        f"{name}: {failure_notice(failure.kind, 'en').partition(';')[0]}{detail}; try again, check TANYA_LLM, or set"
        " TANYA_LLM_FAILURE=reader to answer by quotation instead"
    )
