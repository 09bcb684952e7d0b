"""Chat models over HTTP: the OpenAI and the Ollama protocol on loopback, through LangChain's own clients."""

from __future__ import annotations

import gc
import time

import pytest

from assistant import Answer, Assistant, Settings, Support
from index.errors import ChatModelError
from tests.chat_servers import ChatServer, Reply, chat_server
from tests.scripted import QUESTION, length
from tests.tiny_model import tiny_model

# The clients of other libraries leave the closing of a broken connection to the garbage collector, which warns of it.
pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")]

PROTOCOLS = ("openai", "ollama")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-somebody-else")
    for name in (
        "OPENAI_BASE_URL",
        "OPENAI_API_BASE",
        "OLLAMA_HOST",
        "HTTP_PROXY",
        "http_proxy",
        "ALL_PROXY",
        "all_proxy",
    ):
        monkeypatch.delenv(name, raising=False)
    yield
    gc.collect()  # here, and not in the middle of a test of something else


def assistant(bridges, server: ChatServer, **settings) -> Assistant:
    return Assistant(bridges, settings=Settings(llm=f"{server.protocol}:kecil", llm_url=server.url, **settings))


def quoted_instead(answer: Answer, said: str) -> None:
    """The embedded reader answered, and the notice says why."""
    assert answer.found
    assert answer.complete
    assert any(claim.quoted and "640 meter" in claim.text for claim in answer.claims)
    assert said in answer.notice


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_an_answer_streams_from_a_server(bridges, protocol) -> None:
    with chat_server(protocol, length) as server:
        answers = list(assistant(bridges, server).stream(QUESTION))
    assert answers[-1].text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert answers[-1].claims[0].support is Support.SUPPORTED
    assert len(answers) > 5
    usage = answers[-1].usage
    assert usage is not None
    assert (usage.model, usage.calls, usage.estimated) == (f"{protocol}:kecil", 1, False)
    assert (usage.input_tokens, usage.output_tokens) == (321, 45)
    (request,) = server.requests
    assert request["model"] == "kecil"
    assert request["stream"] is True


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_what_a_model_without_sense_writes_is_never_taken_for_an_answer(bridges, protocol) -> None:
    """The way of a model on one's own computer, behind a server such as llama.cpp's or Ollama."""
    written: list[str] = []
    model = tiny_model()

    def reply(prompt: str) -> str:
        written.append(model(prompt))
        return written[-1]

    with chat_server(protocol, reply) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    assert written
    assert answer.complete
    assert answer.usage is not None
    assert answer.usage.calls == len(written)
    assert answer.notice  # the model is said to have failed, or to have written what no article says
    assert not any(text[:20] in answer.text for text in written)


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_words_are_shown_before_the_reply_has_ended(bridges, protocol) -> None:
    endless = Reply(lambda p: length(p) + " Lalu?" * 500, pause=0.02)
    with chat_server(protocol, endless) as server:
        stream = assistant(bridges, server).stream(QUESTION)
        for answer in stream:
            if answer.text.startswith("Panjang Jembatan Rantau Indah 640 meter. [1]"):
                break
        stream.close()
        assert server.left.wait(30), "the connection was kept open after the answer was left"


def test_the_key_that_is_set_is_sent_and_nobody_elses(bridges) -> None:
    with chat_server("openai", length) as server:
        assistant(bridges, server).ask(QUESTION)
        assistant(bridges, server, llm_api_key="kunci-rahasia").ask(QUESTION)
    sent = [headers.get("authorization", "") for headers in server.headers]
    assert not any("sk-of-somebody-else" in value for value in sent)
    assert sent[1] == "Bearer kunci-rahasia"
    with chat_server("ollama", length) as server:
        assistant(bridges, server, llm_api_key="kunci-rahasia").ask(QUESTION)
    assert server.headers[0]["authorization"] == "Bearer kunci-rahasia"


def test_the_providers_own_key_goes_to_the_provider_alone(bridges, monkeypatch) -> None:
    with chat_server("openai", length) as server:
        monkeypatch.setenv("OPENAI_BASE_URL", server.url)  # stands where the provider stands
        Assistant(bridges, settings=Settings(llm="openai:kecil")).ask(QUESTION)
    assert server.headers[0]["authorization"] == "Bearer sk-of-somebody-else"


def test_ollama_is_told_how_long_the_prompt_may_be(bridges) -> None:
    with chat_server("ollama", length) as server:
        assistant(bridges, server, llm_tokens=9000).ask(QUESTION)
    assert server.requests[0]["options"] == {"num_ctx": 4500, "temperature": 0.0}


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize(
    ("reply", "said", "calls"),
    [
        (Reply(status=401, error="bad key"), "menolak kunci API", 1),
        (Reply(status=403, error="no rights"), "menolak kunci API", 1),
        (Reply(status=404, error="model not found"), "tidak dikenal", 1),
        (Reply(status=400, error="bad request"), "menolak permintaan", 1),
        (Reply(status=429, error="slow down"), "terlalu banyak permintaan", 3),
        (Reply(status=503, error="overloaded"), "gangguan di servernya", 3),
        (Reply(text=length, cut=12), "terputus", 1),
        (Reply(text=length, unfinished=True), "terputus", 1),
        (Reply(text=""), "tidak memberi jawaban", 1),
    ],
    ids=["key", "rights", "model", "rejected", "rate", "server", "cut", "unfinished", "empty"],
)
def test_failures_of_a_server_fall_back_to_the_reader(bridges, protocol, reply, said, calls) -> None:
    with chat_server(protocol, reply) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    quoted_instead(answer, said)
    assert len(server.requests) == calls


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_garbled_stream_falls_back(bridges, protocol) -> None:
    with chat_server(protocol, Reply(text=length, garbage=True)) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    quoted_instead(answer, "Model bahasa ")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_silent_server_falls_back_when_the_time_is_up(bridges, protocol) -> None:
    with chat_server(protocol, Reply(silent=True)) as server:
        answer = assistant(bridges, server, llm_seconds=1).ask(QUESTION)
    quoted_instead(answer, "tidak selesai pada waktunya")


def test_a_server_that_drips_falls_back_when_the_time_is_up(bridges) -> None:
    """Each byte restarts an HTTP client's own limit; the question's limit does not."""
    with chat_server("openai", Reply(text="lama " * 2000, pause=0.2)) as server:
        answer = assistant(bridges, server, llm_seconds=1.5).ask(QUESTION)
    quoted_instead(answer, "tidak selesai pada waktunya")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_nobody_listening_falls_back(bridges, protocol) -> None:
    with chat_server(protocol, "") as server:
        gone = assistant(bridges, server)
    quoted_instead(gone.ask(QUESTION), "tidak dapat dihubungi")


@pytest.mark.parametrize("protocol", PROTOCOLS)
def test_a_failure_that_passes_is_retried(bridges, protocol) -> None:
    with chat_server(protocol, Reply(status=503), Reply(status=429, headers={"Retry-After": "1"}), length) as server:
        begun = time.monotonic()
        answer = assistant(bridges, server).ask(QUESTION)
        waited = time.monotonic() - begun
    assert answer.notice == ""
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert len(server.requests) == 3
    assert waited > (1.0 if protocol == "openai" else 0.5)  # at least what the server asked for


@pytest.mark.parametrize("protocol", PROTOCOLS)
@pytest.mark.parametrize("error", ["context_length_exceeded", "the request exceeds the available context size"])
def test_a_context_too_short_is_tried_with_fewer_sentences(bridges, protocol, error) -> None:
    with chat_server(protocol, Reply(status=400, error=error), length) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert len(server.requests) == 2
    with chat_server(protocol, Reply(status=400, error=error)) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    quoted_instead(answer, "tidak dapat memuat")
    assert len(server.requests) == 3


def test_any_failure_may_be_an_error_instead(bridges) -> None:
    with (
        chat_server("openai", Reply(status=401, error="bad key")) as server,
        pytest.raises(ChatModelError, match="refused the API key"),
    ):
        assistant(bridges, server, llm_failure="error").ask(QUESTION)


def test_tokens_are_estimated_where_the_server_counts_none(bridges) -> None:
    with chat_server("openai", Reply(text=length, usage=None)) as server:
        usage = assistant(bridges, server).ask(QUESTION).usage
    assert usage is not None
    assert usage.estimated
    assert usage.input_tokens > 100


def test_reaching_the_longest_reply_is_told_by_the_server(bridges) -> None:
    with chat_server("openai", Reply(text=lambda p: f"{length(p)} Biayanya adalah", finish="length")) as server:
        answer = assistant(bridges, server).ask(QUESTION)
    assert answer.text == "Panjang Jembatan Rantau Indah 640 meter. [1]"
    assert "dipotong" in answer.notice
