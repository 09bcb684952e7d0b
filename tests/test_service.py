"""What every way to ask goes through, over an assistant that does as it is told; and the protocols' own corners."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from assistant import Answer, Assistant, Citation, Claim, Settings, Support, Usage, open_index
from assistant.types import Gloss
from index.types import Article, Chunk, Passage
from server.asking import _events
from server.chat_completions import READER, _chunks
from server.metrics import Metrics
from server.problems import ProblemError
from server.responses import AnswerBody
from server.service import Service
from server.settings import ServerSettings
from tests.scripted import BRIDGE, MARKET, QUESTION, length
from tests.scripted import Scripted as Writing

ARTICLE = Article(title="Pasar dibuka", text="Pasar dibuka Senin.", url="https://contoh.example/pasar")
CITED = Citation(number=1, article=ARTICLE, start=0, end=19)
GROWING = [
    Answer(question="x", query="x", complete=False),
    Answer(question="x", query="x", text="Senin. [1]", citations=(CITED,), complete=False),
    Answer(question="x", query="x", text="Senin. [1] Pagi. [1]", citations=(CITED,), found=True),
]


class Scripted:
    """Stands where the assistant stands; an item of the script is an answer, an error to raise, or seconds to take."""

    chat_model = ""

    def __init__(self, *script: object) -> None:
        self.script = script
        self.closed = 0

    async def astream(self, *_: object) -> AsyncIterator[Answer]:
        try:
            for item in self.script:
                if isinstance(item, Exception):
                    raise item
                if isinstance(item, Answer):
                    yield item
                else:
                    await asyncio.sleep(item)
        finally:
            self.closed += 1


@pytest.fixture
def service(tmp_path):
    """Makes a service over a script; at most one answer at a time, nobody in line."""
    index = open_index(Settings(index=tmp_path / "index"))

    def make(*script: object, **settings: object) -> Service:
        values = ServerSettings(**{"parallel": 1, "waiting": 0, **settings})
        return Service(Scripted(*script), values, Metrics(index))

    yield make
    index.close()


async def test_an_answer_that_takes_too_long_is_given_up_and_its_place_is_free(service):
    served = service(GROWING[0], 600.0, time_limit=1)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await served.ask("x")
    assert served.assistant.closed == 2


async def test_a_stream_that_nobody_reads_on_is_closed_and_its_place_is_free(service):
    served = service(*GROWING)
    for times in (1, 2):
        stream = served.stream("x")
        assert await anext(stream) == GROWING[0]
        with pytest.raises(ProblemError):
            await served.ask("x")
        await stream.aclose()
        assert served.assistant.closed == times


async def test_a_stream_goes_on_in_another_task_than_it_began_in(service):
    served = service(*GROWING, time_limit=60)
    stream = served.stream("x")
    await anext(stream)

    async def rest() -> list[Answer]:
        return [answer async for answer in stream]

    assert await asyncio.create_task(rest()) == GROWING[1:]
    assert await served.ask("x") == GROWING[-1]


async def test_complete_answers_are_counted_and_others_are_not(service):
    served = service(*GROWING)
    await served.ask("x")
    served.assistant.script = (GROWING[0], RuntimeError())
    with pytest.raises(RuntimeError):
        await served.ask("x")
    text = served.metrics.text().decode()
    assert 'tanya_answers_total{found="yes"} 1.0' in text
    assert 'found="no"' not in text
    assert "tanya_answers_running 0.0" in text


async def test_a_stream_of_events_ends_with_the_problem(service, caplog):
    stream = service(*GROWING[:2], RuntimeError("/srv/secret")).stream("x")
    text = b"".join([event async for event in _events(await anext(stream), stream)]).decode()
    *answers, last = text.strip().split("\n\n")
    assert len(answers) == 2
    assert last.startswith("event: problem\n")
    problem = json.loads(last.partition("data: ")[2])
    assert problem["status"] == 500
    assert "secret" not in text
    assert "secret" in caplog.text


async def deltas(service: Service) -> list[dict]:
    stream = service.stream("x")
    events = [event async for event in _chunks(await anext(stream), stream, "http://test/v1", READER)]
    return [json.loads(event.decode().removeprefix("data: ")) for event in events if b"[DONE]" not in event]


async def test_chunks_add_up_to_the_answer_and_notes_point_at_its_markers(service):
    choices = [chunk["choices"][0]["delta"] for chunk in await deltas(service(*GROWING))]
    text = "".join(delta.get("content", "") for delta in choices)
    assert text == GROWING[-1].text
    (notes,) = [delta["annotations"] for delta in choices if "annotations" in delta]
    assert [text[n["url_citation"]["start_index"] : n["url_citation"]["end_index"]] for n in notes] == ["[1]", "[1]"]
    assert {note["url_citation"]["url"] for note in notes} == {ARTICLE.url}


async def test_what_was_sent_and_did_not_stand_up_is_followed_by_what_holds(service):
    other = replace(GROWING[2], text="Bukan Senin. [1]")
    choices = [chunk["choices"][0]["delta"] for chunk in await deltas(service(*GROWING[:2], other))]
    text = "".join(delta.get("content", "") for delta in choices)
    assert text == "Senin. [1]\n\n---\n\nBukan Senin. [1]"
    (notes,) = [delta["annotations"] for delta in choices if "annotations" in delta]
    (note,) = notes
    assert note["url_citation"]["start_index"] == text.rindex("[1]")


async def test_a_chat_that_fails_on_the_way_says_so(service, caplog):
    *_, last = await deltas(service(GROWING[0], RuntimeError("boom")))
    assert last["error"]["message"]
    assert "boom" in caplog.text


def test_the_document_has_every_field_of_an_answer_and_no_other():
    gloss = Gloss("Senin", "4 Maret 2024", 13, 18)
    cited = replace(CITED, glosses=(gloss,), copies=(replace(ARTICLE, publisher="Kabar", source="/srv/kabar.txt"),))
    answer = Answer(
        question="x",
        query="x",
        claims=(Claim("Senin.", (1,), support=Support.PARTLY, reason="Harinya lain."),),
        citations=(cited,),
        passages=(Passage(article=ARTICLE, chunk=Chunk(ARTICLE.id, 0, 0, 19), score=1.0),),
        notice="Model bahasa tidak dapat dihubungi.",
        usage=Usage(model="ollama:x", calls=1, seconds={"write": 0.5}),
        as_of=date(2024, 3, 4),
        disagreement=((1, 2),),
    )
    body = AnswerBody(**answer.to_dict())
    sent = json.loads(body.model_dump_json())
    told = answer.to_dict()
    for article in [told["citations"][0]["article"], told["passages"][0]["article"], *told["citations"][0]["copies"]]:
        del article["source"]  # where on the server it was read from
        article["text"] = None
    assert sent == told
    for part in (body, body.usage, body.claims[0], body.citations[0], body.citations[0].glosses[0]):
        assert not part.model_extra


async def test_who_wants_quotations_only_is_not_answered_by_the_chat_model(tmp_path):
    with open_index(Settings(index=tmp_path / "index")) as index:
        index.add([BRIDGE, MARKET])
        model = Writing(replies=[length], prompts=[])
        served = Service(Assistant(index, llm=model), ServerSettings(), Metrics(index))
        quoted = await served.ask(QUESTION, reader_only=True)
        assert model.prompts == []
        assert quoted.usage is None
        assert any(claim.quoted for claim in quoted.claims)
        written = await served.ask(QUESTION)
        assert len(model.prompts) == written.usage.calls == 1
