"""The assistant as a whole. Its chain is tried with a scripted retriever and reader, its answers on the real seeds."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
from langchain_core.callbacks import BaseCallbackHandler

from assistant import Answer, Assistant, Settings, Turn, open_index
from assistant.reader import Evidence, Reading
from assistant.wording import EMPTY_INDEX, NOT_FOUND
from index.errors import IndexMissingError, QueryError
from index.reading import read_articles
from index.retrieval import LONGEST_QUERY
from index.types import Article, Chunk, Filter, Passage

ROOT = Path(__file__).parents[1]
SHARED = ROOT.parent / "shared"

ARTICLE = Article(
    title="Jembatan dibuka", text="Jembatan Pulau Balang dibuka Minggu. Wali kota hadir.", publisher="Kabar"
)
PASSAGE = Passage(article=ARTICLE, chunk=Chunk(ARTICLE.id, 0, 0, len(ARTICLE.text)), score=1.0)
FOUND = Reading(True, 0.9, (Evidence(PASSAGE, 0, 36, (9, 21), 0.9), Evidence(PASSAGE, 37, 53, None, 0.4)))


class Script:
    """Stands where retriever and reader stand, returns what it was given and remembers what it was asked."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.asked: list[tuple[object, ...]] = []

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        self.asked.append((query, k, filter))
        return [PASSAGE]

    def read(self, question: str, passages: list[Passage]) -> Reading:
        self.asked.append((question, tuple(passages)))
        return self.reading


@pytest.fixture(scope="module")
def seeds(tmp_path_factory):
    """The real index of ``seeds/``; tests only read it."""
    with open_index(Settings(index=tmp_path_factory.mktemp("seeds"))) as index:
        report = index.add(read_articles(ROOT / "seeds"))
        assert report.added
        assert not report.failed
        yield index


@pytest.fixture
def scripted(seeds):
    script = Script(FOUND)
    assistant = Assistant(seeds, retriever=script, reader=script, settings=Settings(top_k=4))
    return assistant, script


def test_stream_grows_from_passages_to_short_answer_to_quotations(scripted):
    assistant, _ = scripted
    answers = list(assistant.stream("Jembatan apa yang dibuka?"))
    assert [len(answer.claims) for answer in answers] == [0, 1, 2, 3]
    assert [answer.complete for answer in answers] == [False, False, False, True]
    assert answers[0].query == "Jembatan apa yang dibuka?"
    assert answers[0].passages == (PASSAGE,)
    assert answers[0].text == ""
    for before, after in pairwise(answers):
        assert after.text.startswith(before.text)
        assert after.citations[: len(before.citations)] == before.citations


def test_ask_is_the_last_of_stream_in_every_way_to_ask(scripted):
    assistant, _ = scripted
    question = "Jembatan apa yang dibuka?"
    *_, last = assistant.stream(question)
    runnable = assistant.as_runnable()

    async def asynchronous() -> list[Answer]:
        streamed = [answer async for answer in assistant.astream(question)]
        assert len(streamed) == 4
        return [streamed[-1], await assistant.aask(question), await runnable.ainvoke({"question": question})]

    answers = [
        assistant.ask(question),
        runnable.invoke(question),
        runnable.invoke({"question": question, "history": []}),
        *runnable.batch([question, question]),
        *asyncio.run(asynchronous()),
    ]
    assert answers == [last] * len(answers)
    assert last.complete


def test_the_steps_get_query_number_and_filter(scripted):
    assistant, script = scripted
    wanted = Filter(publishers=frozenset({"Kabar"}))
    answer = assistant.ask("  Jembatan apa? ", filter=wanted)
    assert script.asked == [("Jembatan apa?", 4, wanted), ("Jembatan apa?", (PASSAGE,))]
    assert answer.filter == wanted
    script.asked.clear()
    assistant.ask("Jembatan apa?")
    assert script.asked[0][2] == Filter()


def test_history_reaches_the_rewriting_in_either_form(scripted):
    assistant, script = scripted
    turn = {"question": "Siapa calon wakil gubernur nomor urut dua?", "answer": "Seno Aji."}
    one = assistant.ask("Dia lahir di mana?", [Turn(**turn)])
    other = assistant.as_runnable().invoke({"question": "Dia lahir di mana?", "history": [turn]})
    assert one == other
    assert one.question == "Dia lahir di mana?"
    assert one.query != one.question
    assert script.asked[0][0] == one.query


def test_callbacks_see_the_steps_by_name(scripted):
    assistant, _ = scripted

    class Names(BaseCallbackHandler):
        def __init__(self) -> None:
            self.names: list[str] = []

        def on_chain_start(self, serialized, inputs, **kwargs) -> None:
            self.names.append(kwargs["name"])

    steps = [
        "check_question",
        "rewrite_question",
        "retrieve_passages",
        "read_passages",
        "survey_index",
        "compose_answer",
    ]
    handler = Names()
    assistant.ask("Jembatan apa?", config={"callbacks": [handler]})
    assert [name for name in handler.names if name in steps] == steps
    assert handler.names[0] == "tanya_berita"
    streaming = Names()
    list(assistant.stream("Jembatan apa?", config={"callbacks": [streaming]}))
    assert set(steps) <= set(streaming.names)


def test_a_stream_may_be_left_early(scripted):
    assistant, _ = scripted
    stream = assistant.stream("Jembatan apa?")
    assert next(stream).passages
    stream.close()
    assert assistant.ask("Jembatan apa?").found


def test_errors_of_a_step_come_out_as_they_are(scripted):
    assistant, script = scripted

    def broken(*args: object, **kwargs: object) -> list[Passage]:
        raise QueryError("no search today")

    script.retrieve = broken
    for ask in (assistant.ask, lambda q: list(assistant.stream(q)), lambda q: asyncio.run(assistant.aask(q))):
        with pytest.raises(QueryError, match="no search today"):
            ask("Jembatan apa?")


@pytest.mark.parametrize("question", ["", "  \n\t "])
def test_empty_question_is_refused(scripted, question):
    with pytest.raises(QueryError, match="empty"):
        scripted[0].ask(question)


def test_long_question_is_refused_by_the_limit(scripted):
    assistant, _ = scripted
    with pytest.raises(QueryError, match=r"20,000 characters; at most 2,000"):
        assistant.ask("a" * 20_000)
    assert assistant.ask("a" * LONGEST_QUERY).complete


def test_question_that_is_no_text_is_refused(scripted):
    with pytest.raises(QueryError, match="UTF-8"):
        scripted[0].ask("siapa \udcff")


def test_refusal_covers_the_index(seeds):
    script = Script(Reading(found=False, confidence=0.05, evidence=()))
    answer = Assistant(seeds, retriever=script, reader=script).ask("Siapa raja Swedia?")
    assert not answer.found
    assert answer.citations == ()
    assert answer.text.startswith(NOT_FOUND["id"])
    assert f"memuat {len(seeds)} artikel" in answer.text
    assert "Jembatan dibuka (Kabar, tanpa tanggal)" in answer.text


def test_empty_index_answers_how_to_add(tmp_path):
    with Assistant.from_settings(Settings(index=tmp_path / "new"), create=True) as assistant:
        answer = assistant.ask("Siapa gubernur?")
    assert not answer.found
    assert answer.text == EMPTY_INDEX["id"]


def test_from_settings_makes_no_index_unless_told(tmp_path):
    with pytest.raises(IndexMissingError):
        Assistant.from_settings(Settings(index=tmp_path / "none"))
    assert not (tmp_path / "none").exists()


def test_tracing_stays_off_and_asks_no_network(seeds):
    """With no LANGSMITH_* variable, a fresh process that asks opens no connection at all."""
    code = (
        "import os, socket, sys\n"
        "for name in list(os.environ):\n"
        "    if name.startswith(('LANGSMITH', 'LANGCHAIN')): del os.environ[name]\n"
        "def refuse(*a, **k): raise SystemExit('connection attempted: %r' % (a,))\n"
        "socket.socket.connect = socket.socket.connect_ex = socket.getaddrinfo = refuse\n"
        "from assistant import Assistant, Settings\n"
        "from langsmith.utils import tracing_is_enabled\n"
        "with Assistant.from_settings(Settings(index=sys.argv[1])) as a: print(a.ask('Siapa Seno Aji?').query)\n"
        "assert not tracing_is_enabled()\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(seeds.path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "Siapa Seno Aji?"


def test_seeds_answer_with_the_cited_sentence(seeds):
    answer = Assistant(seeds).ask("Panjang Jembatan Pulau Balang berapa meter?")
    assert answer.found
    assert any("804 meter" in citation.quote for citation in answer.citations)
    for citation in answer.citations:
        stored = seeds.get(citation.article.id)
        assert stored is not None
        assert stored.text[citation.start : citation.end] == citation.quote
        assert f"[{citation.number}]" in answer.text
    assert json.loads(answer.to_json())["citations"][0]["quote"] == answer.citations[0].quote


def test_the_article_the_project_was_asked_for_with(tmp_path):
    wire = SHARED / "seeds"
    if not wire.is_dir():
        pytest.skip("the shared folder with the wire article is not here")
    with Assistant.from_settings(Settings(index=tmp_path / "index"), create=True) as assistant:
        assistant.index.add(read_articles(wire))
        answer = assistant.ask("Siapa pendamping Rudy Mas'ud?")
    assert answer.found
    assert any("Seno Aji" in citation.quote for citation in answer.citations)
    assert "Seno Aji" in answer.text
