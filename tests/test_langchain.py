"""LangChain's own tests of a retriever, and the assistant in chains and in an agent."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage, ToolCall, ToolMessage
from langchain_core.runnables import RunnableLambda, RunnableParallel, RunnablePassthrough
from langchain_tests.integration_tests import RetrieversIntegrationTests

from assistant import Assistant, Settings, open_index
from assistant.langchain import ArticleRetriever, assistant_tool
from assistant.wording import NOT_FOUND
from index.reading import read_articles
from index.types import Filter

ROOT = Path(__file__).parents[1]
QUESTION = "Berapa nilai PDRB Kaltim 2024?"
ANSWER = "Rp858,43 triliun"
UNANSWERABLE = "Berapa harga tiket konser musik di Tokyo tahun depan?"


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    with open_index(Settings(index=tmp_path_factory.mktemp("seeds"))) as index:
        assert not index.add(read_articles(ROOT / "seeds")).failed
        yield index


@pytest.fixture(scope="module")
def assistant(index):
    return Assistant(index)


class TestArticleRetriever(RetrieversIntegrationTests):
    """What LangChain asks of every retriever. Over the module's index, which only its fixture can give."""

    @pytest.fixture(autouse=True)
    def _over(self, index):
        type(self).index = index

    @property
    def retriever_constructor(self):
        return ArticleRetriever

    @property
    def retriever_constructor_params(self):
        return {"retriever": self.index}

    @property
    def retriever_query_example(self):
        return QUESTION

    @property
    def num_results_arg_name(self):
        return "k"


def test_a_document_is_a_passage_and_says_where_it_stands(index):
    documents = ArticleRetriever(retriever=index, k=3).invoke(QUESTION)
    assert [d.id for d in documents] == [p.chunk.id for p in index.retrieve(QUESTION, 3)]
    assert ANSWER in documents[0].page_content
    for document in documents:
        article = index.get(document.metadata["article"])
        start, end = document.metadata["start"], document.metadata["end"]
        assert article.text[start:end] == document.page_content
        assert document.metadata["published"] == article.published.isoformat()


def test_a_filter_holds_for_the_retriever_or_for_one_call(index):
    only = Filter(publishers=frozenset({"Tidak Ada"}))
    assert ArticleRetriever(retriever=index, filter=only).invoke(QUESTION) == []
    retriever = ArticleRetriever(retriever=index)
    assert retriever.invoke(QUESTION, filter=only) == []
    assert retriever.invoke(QUESTION)


def chain(assistant):
    """The assistant between other people's steps."""
    return (
        RunnablePassthrough()
        | assistant.as_runnable()
        | RunnableParallel(text=RunnableLambda(str), quotes=RunnableLambda(lambda a: [c.quote for c in a.citations]))
    )


def test_the_assistant_is_a_step_of_a_chain_in_every_way_to_run_one(assistant):
    joined = chain(assistant)
    whole = joined.invoke(QUESTION)
    assert ANSWER in whole["text"]
    assert any(ANSWER in quote for quote in whole["quotes"])
    assert asyncio.run(joined.ainvoke(QUESTION)) == whole
    one, two, three = joined.batch([QUESTION, {"question": UNANSWERABLE}, {"question": QUESTION, "history": []}])
    assert one == three == whole
    assert two["text"].startswith(NOT_FOUND["id"])
    assert asyncio.run(joined.abatch([QUESTION])) == [whole]


def test_it_streams_growing_answers(assistant):
    runnable = assistant.as_runnable()
    answers = list(runnable.stream(QUESTION))
    assert len(answers) > 2
    assert answers[-1] == runnable.invoke(QUESTION)

    async def streamed():
        return [answer async for answer in runnable.astream(QUESTION)]

    assert asyncio.run(streamed()) == answers


def test_a_failure_in_a_batch_is_one_of_its_results(assistant):
    good, bad = assistant.as_runnable().batch([QUESTION, " "], return_exceptions=True)
    assert good.found
    assert isinstance(bad, Exception)


class Caller(GenericFakeChatModel):
    """A chat model that calls a tool, and then says what it got."""

    def bind_tools(self, tools, **kwargs):
        return self


def test_an_agent_calls_the_tool_and_keeps_the_answer(assistant):
    from langchain.agents import create_agent

    tool = assistant_tool(assistant)
    call = ToolCall(name="tanya_berita", args={"question": QUESTION}, id="1")
    model = Caller(messages=iter([AIMessage("", tool_calls=[call]), AIMessage("selesai")]))
    messages = create_agent(model, [tool]).invoke({"messages": [("user", QUESTION)]})["messages"]
    (result,) = [message for message in messages if isinstance(message, ToolMessage)]
    assert ANSWER in result.content
    assert "[1]" in result.content
    again = assistant.ask(QUESTION)
    assert (result.artifact.text, result.artifact.citations) == (again.text, again.citations)
    assert messages[-1].content == "selesai"


def test_the_tool_works_in_async_code_and_within_its_filter(assistant):
    tool = assistant_tool(assistant, name="berita", filter=Filter(publishers=frozenset({"Tidak Ada"})))
    assert tool.name == "berita"
    assert asyncio.run(tool.ainvoke({"question": QUESTION})).startswith(NOT_FOUND["id"])
