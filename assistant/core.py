"""The facade: an index in, answers out. The one place where settings become objects."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self, cast

from index.types import Filter, Passage

from .settings import Settings
from .types import Answer, Turn

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.runnables import Runnable, RunnableConfig

    from index.retrieval import Retriever
    from index.store import ArticleIndex
    from index.vectors import ChromaAddress

    from .reader import Reader
    from .writer import Writer

__all__ = ["Assistant", "chroma_address", "open_index"]


def open_index(settings: Settings | None = None, *, create: bool | None = None) -> ArticleIndex:
    """Opens the index that the settings name.

    Args:
        settings: by default those of the environment.
        create: whether to make a new one; ``None`` makes one where the folder is missing or empty.

    Raises:
        IndexStoreError: the folder cannot be used; its subclasses say why.
        EmbeddingError: the embedding model cannot be loaded.
    """
    from index.store import ArticleIndex

    settings = settings or Settings.from_env()
    chroma = chroma_address(settings)
    return ArticleIndex.open(settings.index, create=create, embedding=settings.embedding, chroma=chroma)


def chroma_address(settings: Settings) -> ChromaAddress | None:
    """The Chroma server that the settings name; None for Chroma in the index folder."""
    from index.vectors import ChromaAddress

    if not settings.on_server:
        return None
    return ChromaAddress(
        url=settings.chroma_url,
        api_key=settings.chroma_api_key,
        tenant=settings.chroma_tenant,
        database=settings.chroma_database,
        collection=settings.chroma_collection,
    )


class Assistant:
    """Answers questions from the articles of an index, each statement with the characters that support it.

        with Assistant.from_settings() as assistant:
            answer = assistant.ask("Siapa pendamping Rudy Mas'ud?")
            print(answer.text, answer.citations[0].quote)

    An assistant may be shared by threads. Closing it closes its index.

    Args:
        index: the articles.
        retriever: finds the passages; by default the index, its best passages reranked as the settings say.
        reader: picks the answer from the passages; by default the embedded one.
        llm: a LangChain chat model that writes the answers; by default the one that ``settings.llm`` names, if any.
        settings: by default those of the environment; ``top_k``, ``reranker``, ``confidence`` and ``llm_*`` are used
            here.
        today: the day a question is asked on, against which "kemarin" in it is resolved; by default that in Jakarta.
    """

    def __init__(
        self,
        index: ArticleIndex,
        *,
        retriever: Retriever | None = None,
        reader: Reader | None = None,
        llm: BaseChatModel | None = None,
        settings: Settings | None = None,
        today: Callable[[], date] | None = None,
    ) -> None:
        self.index = index
        self.settings = settings or Settings.from_env()
        self._retriever = retriever
        self._reader = reader
        self._llm = llm
        self._today = today or _today_in_jakarta

    @classmethod
    def from_settings(cls, settings: Settings | None = None, *, create: bool | None = False) -> Self:
        """An assistant over the index that the settings (by default those of the environment) name.

        Raises:
            IndexStoreError: the index cannot be used; without ``create``, also when there is none yet.
            EmbeddingError: the embedding model cannot be loaded.
        """
        settings = settings or Settings.from_env()
        return cls(open_index(settings, create=create), settings=settings)

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002 - the word for it everywhere
        *,
        config: RunnableConfig | None = None,
    ) -> Answer:
        """The complete answer: the last one that ``stream`` yields.

        Args:
            question: in Indonesian or English, at most 2,000 characters.
            history: earlier turns of the conversation, oldest first; a follow-up is resolved from them.
            filter: which articles the answer may come from.
            config: LangChain's, for callbacks, tags and tracing.

        Raises:
            QueryError: the question is empty or too long.
        """
        return self._chain.invoke(_request(question, history, filter), config)

    def stream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002
        *,
        config: RunnableConfig | None = None,
    ) -> Iterator[Answer]:
        """Growing answers: the passages alone, then the short answer, then each quotation. Arguments as of ``ask``."""
        return self._chain.stream(_request(question, history, filter), config)

    async def aask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002
        *,
        config: RunnableConfig | None = None,
    ) -> Answer:
        """``ask`` for async code; the work is done in threads, so the loop stays free."""
        return await self._chain.ainvoke(_request(question, history, filter), config)

    def astream(
        self,
        question: str,
        history: Sequence[Turn] = (),
        filter: Filter | None = None,  # noqa: A002
        *,
        config: RunnableConfig | None = None,
    ) -> AsyncIterator[Answer]:
        """``stream`` for async code."""
        return self._chain.astream(_request(question, history, filter), config)

    def as_runnable(self) -> Runnable[str | Mapping[str, Any], Answer]:
        """The assistant as a step of a LangChain chain.

        It takes a question, or ``{"question": str, "history": [{"question": str, "answer": str}, ...],
        "filter": Filter}`` of which all but the question may be missing.
        """
        return self._chain

    def with_settings(self, settings: Settings, *, reader_only: bool = False) -> Assistant:
        """An assistant over the same index, not another one, with other settings. Closing either closes the index.

        With ``reader_only`` no chat model writes its answers, whichever the settings or this assistant have.
        """
        return Assistant(
            self.index,
            retriever=self._retriever,
            reader=self._reader,
            llm=None if reader_only else self._llm,
            settings=replace(settings, llm=None) if reader_only else settings,
            today=self._today,
        )

    @property
    def chat_model(self) -> str:
        """The name of the chat model that writes the answers; empty where the embedded reader quotes them."""
        if self._llm is None:
            return self.settings.llm or ""
        from .writing.connection import model_name

        return model_name(self._llm)

    def close(self) -> None:
        """Closes the index."""
        self.index.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @cached_property
    def _chain(self) -> Runnable[Any, Answer]:
        # Here and not above: LangChain and the reader's model are paid for by the first question, not by opening.
        from .chain import build_chain
        from .reader import Reader
        from .rewriting import standalone_question

        return build_chain(
            rewrite=standalone_question,
            retrieve=self._retrieve,
            read=(self._reader or Reader(threshold=self.threshold)).read,
            survey=self.index.coverage,
            today=self._today,
            writer=self._writer(),
        )

    @property
    def threshold(self) -> float | None:
        """The confidence that an answer needs: as set, or the one that gives the precision wanted."""
        if self.settings.precision is None:
            return self.settings.confidence
        from .reading.calibration import Calibration

        return Calibration.shipped().threshold(self.settings.precision)

    def _writer(self) -> Writer | None:
        if self._llm is None and self.settings.llm is None:
            return None
        from .writer import Writer
        from .writing.connection import connect

        return Writer(self._llm or connect(self.settings), self.settings, self.index.coverage)

    @cached_property
    def _passages(self) -> Retriever:
        from index.reranking import SHIPPED_RERANKER, Reranker, load_relevance

        index = cast("Retriever", self.index)
        if self._retriever or self.settings.reranker == "off":
            return self._retriever or index
        return Reranker(index, load_relevance(self.settings.reranker or SHIPPED_RERANKER))

    def _retrieve(self, query: str, wanted: Filter) -> Sequence[Passage]:
        return self._passages.retrieve(query, self.settings.top_k, filter=wanted)


def _today_in_jakarta() -> date:
    return datetime.now(timezone(timedelta(hours=7))).date()


def _request(question: str, history: Sequence[Turn], wanted: Filter | None) -> dict[str, Any]:
    return {"question": question, "history": history, "filter": wanted}
