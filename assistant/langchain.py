"""The assistant in LangChain: a retriever for anybody's chain, and a tool for anybody's agent.

LangChain's ``Document`` stays in this file. ``Assistant.as_runnable`` is the third way in, and needs nothing from here.
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever
from langchain_core.tools import BaseTool, StructuredTool
from pydantic import BaseModel, ConfigDict, Field, SkipValidation

from index.retrieval import Retriever
from index.types import Filter, Passage

from .core import Assistant
from .rendering import answer_text
from .types import Answer

__all__ = ["ArticleRetriever", "assistant_tool"]


class ArticleRetriever(BaseRetriever):
    """An index, or any other ``Retriever``, as LangChain's.

        retriever = ArticleRetriever(retriever=index, k=5)
        documents = retriever.invoke("Siapa gubernur Kalimantan Timur?")

    A document's ``page_content`` is the passage, word for word; its ``metadata`` are ``article`` (the id), ``start``,
    ``end``, ``score``, and of the article ``title``, ``publisher``, ``published`` (ISO 8601), ``url`` and ``topics``.

    Attributes:
        retriever: finds the passages.
        k: how many; ``invoke`` takes another number as ``k=...``.
        filter: which articles they may come from; ``invoke`` takes another one as ``filter=...``.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    retriever: SkipValidation[Retriever]
    k: int = Field(default=10, ge=1)
    filter: SkipValidation[Filter] | None = None

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - LangChain's own signature
        k: int | None = None,
        filter: Filter | None = None,  # noqa: A002 - the word for it everywhere
    ) -> list[Document]:
        found = self.retriever.retrieve(query, self.k if k is None else k, filter=filter or self.filter)
        return [_document(passage) for passage in found]


class Question(BaseModel):
    """What the tool is asked."""

    question: str = Field(description="A whole question about the news, in Indonesian or English.")


def assistant_tool(assistant: Assistant, *, name: str = "tanya_berita", filter: Filter | None = None) -> BaseTool:  # noqa: A002
    """The assistant as a tool that an agent may call.

    The model gets the answer with its sources as text; the ``Answer`` itself is the tool message's ``artifact``.

    Args:
        assistant: answers the questions.
        name: what the model calls it by.
        filter: which articles answers may come from.
    """

    def ask(question: str) -> tuple[str, Answer]:
        answer = assistant.ask(question, filter=filter)
        return answer_text(answer), answer

    async def aask(question: str) -> tuple[str, Answer]:
        answer = await assistant.aask(question, filter=filter)
        return answer_text(answer), answer

    return StructuredTool.from_function(
        func=ask,
        coroutine=aask,
        name=name,
        description=(
            "Answers a question from indexed Indonesian news articles, quoting the exact sentences with [1] markers and"
            " naming the articles, or says that the articles do not say. Do not add to it from memory."
        ),
        args_schema=Question,
        response_format="content_and_artifact",
    )


def _document(passage: Passage) -> Document:
    article = passage.article
    metadata: dict[str, Any] = {
        "article": article.id,
        "start": passage.start,
        "end": passage.end,
        "score": passage.score,
        "title": article.title,
        "publisher": article.publisher,
        "published": article.published.isoformat() if article.published else None,
        "url": article.url,
        "topics": list(article.topics),
    }
    return Document(id=passage.chunk.id, page_content=passage.text, metadata=metadata)
