"""``tanya serve`` as a real process, asked over loopback by the official clients of each protocol."""

from __future__ import annotations

import json
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import openai
import pytest
from mcp import Client, StdioServerParameters
from prometheus_client.parser import text_string_to_metric_families

from assistant import Settings, open_index
from index.reading import read_articles
from server.keys import KeyRing

from .serving import ANSWER, PATIENCE, QUESTION, ROOT, Server, serving

pytestmark = pytest.mark.slow

UNANSWERABLE = "Berapa harga tiket konser musik di Tokyo tahun depan?"
ARTICLE = {
    "title": "Pasar Segiri dibuka kembali",
    "text": "Pasar Segiri dibuka kembali pada 3 Maret 2025. Renovasinya menelan biaya Rp41,5 miliar.",
    "publisher": "Contoh Kabar",
    "published": "2025-03-03",
    "topics": ["pasar"],
}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
}


@pytest.fixture(scope="module")
def seeds(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("seeds")
    with open_index(Settings(index=folder)) as index:
        assert not index.add(read_articles(ROOT / "seeds")).failed
    return folder


@pytest.fixture(scope="module")
def server(seeds, tmp_path_factory) -> Iterator[Server]:
    """Open to this computer: there are no keys."""
    with serving(seeds, tmp_path_factory.mktemp("server"), rate=100_000) as server:
        yield server


@pytest.fixture(scope="module")
def client(server) -> Iterator[httpx.Client]:
    with server.client() as client:
        yield client


def events(reply: httpx.Response) -> list[tuple[str, dict]]:
    blocks = [dict(line.split(": ", 1) for line in block.splitlines()) for block in reply.text.strip().split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_an_answer_leads_to_the_characters_of_an_article(client):
    answer = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert answer["found"]
    assert ANSWER in answer["text"]
    for citation in answer["citations"]:
        article = client.get(f"/v1/articles/{citation['article']['id']}").json()
        assert article["text"][citation["start"] : citation["end"]] == citation["quote"]
        assert article["title"] == citation["article"]["title"]


def test_a_stream_grows_to_the_same_answer(client):
    whole = client.post("/v1/ask", json={"question": QUESTION}).json()
    for options in ({"json": {"question": QUESTION, "stream": True}},
                    {"json": {"question": QUESTION}, "headers": {"Accept": "text/event-stream"}}):  # fmt: skip
        reply = client.post("/v1/ask", **options)
        assert reply.headers["content-type"].startswith("text/event-stream")
        seen = events(reply)
        assert {name for name, _ in seen} == {"answer"}
        assert [answer["complete"] for _, answer in seen] == [False] * (len(seen) - 1) + [True]
        assert len(seen) > 2
        assert seen[-1][1] == whole


def test_a_follow_up_and_a_filter_are_understood(client):
    turn = {"question": "Siapa calon gubernur nomor urut 2 di Pilgub Kaltim?", "answer": "Rudy Mas'ud."}
    followed = client.post("/v1/ask", json={"question": "Siapa pendampingnya?", "history": [turn]}).json()
    assert followed["query"] != "Siapa pendampingnya?"
    before = client.post("/v1/ask", json={"question": QUESTION, "filter": {"until": "2000-01-01"}}).json()
    assert not before["found"]
    assert before["passages"] == []


def test_search_ranks_passages(client):
    passages = client.post("/v1/search", json={"query": QUESTION, "k": 3}).json()["passages"]
    assert len(passages) == 3
    assert ANSWER in passages[0]["text"]
    assert [p["score"] for p in passages] == sorted((p["score"] for p in passages), reverse=True)


def test_articles_come_go_and_are_listed_in_pages(client):
    before = client.get("/v1/articles", params={"limit": 200}).json()
    assert before["next_offset"] is None
    report = client.post("/v1/articles", json={"articles": [ARTICLE]}).json()
    (article_id,) = report["added"]
    assert client.post("/v1/articles", json={"articles": [ARTICLE]}).json()["unchanged"] == [article_id]
    answer = client.post("/v1/ask", json={"question": "Berapa biaya renovasi Pasar Segiri?"}).json()
    assert answer["citations"][0]["article"]["id"] == article_id
    listed: list[str] = []
    offset: int | None = 0
    while offset is not None:
        page = client.get("/v1/articles", params={"limit": 4, "offset": offset}).json()
        assert all(article["text"] is None for article in page["articles"])
        listed += [article["id"] for article in page["articles"]]
        offset = page["next_offset"]
    assert len(listed) == len(set(listed)) == len(before["articles"]) + 1
    found = client.get("/v1/articles", params={"publisher": "contoh kabar", "topic": "pasar"}).json()["articles"]
    assert [article["id"] for article in found] == [article_id]
    assert client.delete(f"/v1/articles/{article_id}").status_code == 204
    assert client.delete(f"/v1/articles/{article_id}").status_code == 404
    assert client.get(f"/v1/articles/{article_id}").status_code == 404
    assert client.get("/v1/articles", params={"limit": 200}).json() == before


def test_nobody_learns_where_articles_lie_on_this_computer(client):
    article = client.get("/v1/articles", params={"limit": 1}).json()["articles"][0]
    for reply in (
        client.post("/v1/ask", json={"question": QUESTION}),
        client.post("/v1/search", json={"query": QUESTION}),
        client.get("/v1/articles"),
        client.get(f"/v1/articles/{article['id']}"),
    ):
        assert "seeds/" not in reply.text
        assert '"source"' not in reply.text


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "part"),
    [
        ("POST", "/v1/ask", {"question": " "}, 422, "/question"),
        ("POST", "/v1/ask", {"question": "x" * 2_001}, 422, "/question"),
        ("POST", "/v1/ask", {"question": "x", "filter": {"since": "kemarin"}}, 422, "/filter/since"),
        ("POST", "/v1/ask", {"question": "x", "filtr": {}}, 422, "/filtr"),
        ("POST", "/v1/search", {"query": "x", "k": 0}, 422, "/k"),
        ("POST", "/v1/articles", {"articles": []}, 422, "/articles"),
        ("POST", "/v1/articles", {"articles": [{**ARTICLE, "text": " "}]}, 422, "/articles/0"),
        ("POST", "/v1/articles", {"articles": [{**ARTICLE, "url": "file:///etc/passwd"}]}, 422, "/articles/0/url"),
        ("POST", "/v1/articles", {"articles": [{**ARTICLE, "source": "/etc/passwd"}]}, 422, "/articles/0/source"),
        ("GET", "/v1/articles/..%2F..%2Fetc%2Fpasswd", None, 404, None),
        ("GET", "/v1/articles/passwd", None, 422, "article_id"),
        ("GET", "/v1/articles?limit=0", None, 422, "limit"),
        ("GET", "/v1/nowhere", None, 404, None),
        ("GET", "/v1/ask", None, 405, None),
        ("POST", "/v1/ask", {"question": "x" * 2_000_000}, 413, None),
        ("POST", "/v1/chat/completions", {"messages": [{"role": "system", "content": "x"}]}, 422, None),
    ],
)
def test_every_problem_is_a_problem_document(client, method, path, body, status, part):
    reply = client.request(method, path, json=body)
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert problem["status"] == status
    assert problem["type"].startswith("urn:")
    assert problem["detail"]
    assert part is None or part in [error["pointer"] for error in problem["errors"]]


def metrics(text: str) -> dict[tuple[str, ...], float]:
    """{(name, labels in the order of their names): value}."""
    return {
        (sample.name, *(sample.labels[name] for name in sorted(sample.labels))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_metrics_count_routes_and_not_what_was_asked(client):
    client.post("/v1/ask", json={"question": QUESTION})
    client.post("/v1/ask", json={"question": UNANSWERABLE})
    client.get("/v1/articles/0123456789abcdef")
    client.get("/rahasia")
    text = client.get("/v1/metrics").text
    samples = metrics(text)
    assert samples["tanya_requests_total", "POST", "/v1/ask", "200"] >= 2
    assert samples["tanya_requests_total", "GET", "/v1/articles/{article_id}", "404"] >= 1
    assert samples["tanya_answers_total", "no"] >= 1
    assert samples["tanya_answers_running",] == 0
    assert samples["tanya_articles",] >= 14
    for secret in ("PDRB", "rahasia", "0123456789abcdef"):
        assert secret not in text


# OpenAI's protocol, by OpenAI's client


@pytest.fixture
def chat(server) -> Iterator[openai.OpenAI]:
    with httpx.Client(trust_env=False, timeout=PATIENCE, verify=False) as http, openai.OpenAI(
        base_url=f"{server.url}/v1", api_key="none-needed", max_retries=0, http_client=http
    ) as client:  # fmt: skip
        yield client


def test_openais_client_gets_answers_with_citations(chat, client):
    reply = chat.chat.completions.create(
        model="gpt-whatever",
        temperature=0.3,
        messages=[{"role": "system", "content": "Be brief."}, {"role": "user", "content": QUESTION}],
    )
    message = reply.choices[0].message
    assert ANSWER in message.content
    assert message.annotations
    for note in message.annotations:
        cited = note.url_citation
        assert message.content[cited.start_index : cited.end_index] == "[1]"
        article = client.get(f"/v1/articles/{cited.article_id}").json()
        assert article["text"][cited.quote_start : cited.quote_end] == cited.quote
        assert cited.url.startswith("http")


def test_openais_client_streams_and_goes_on(chat):
    turns = [
        {"role": "user", "content": "Siapa calon gubernur nomor urut 2 di Pilgub Kaltim?"},
        {"role": "assistant", "content": "Rudy Mas'ud."},
        {"role": "user", "content": [{"type": "text", "text": "Siapa pendampingnya?"}]},
    ]
    whole = chat.chat.completions.create(model="tanya-berita", messages=turns).choices[0].message
    chunks = list(chat.chat.completions.create(model="tanya-berita", messages=turns, stream=True))
    assert "".join(chunk.choices[0].delta.content or "" for chunk in chunks) == whole.content
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert len({chunk.id for chunk in chunks}) == 1
    notes = [note for chunk in chunks for note in (chunk.choices[0].delta.model_extra or {}).get("annotations", ())]
    assert notes == [note.model_dump() for note in whole.annotations or ()]
    assert "Seno" in whole.content


def test_openais_client_lists_the_models_and_is_told_which_answered(chat):
    assert [model.id for model in chat.models.list()] == ["tanya-berita", "tanya-berita-reader"]
    messages = [{"role": "user", "content": QUESTION}]
    for asked, answered in (("tanya-berita-reader", "tanya-berita-reader"), ("gpt-x", "tanya-berita")):
        reply = chat.chat.completions.create(model=asked, messages=messages)
        assert reply.model == answered
        assert ANSWER in reply.choices[0].message.content


def test_openais_client_understands_a_refusal(chat):
    with pytest.raises(openai.UnprocessableEntityError, match="last message"):
        chat.chat.completions.create(model="x", messages=[{"role": "assistant", "content": "x"}])


# MCP, by its own client


async def tried(client: Client) -> None:
    """All tools."""
    assert {tool.name for tool in (await client.list_tools()).tools} == {"ask", "search", "get_article"}
    answer = await client.call_tool("ask", {"question": QUESTION})
    assert not answer.is_error
    assert ANSWER in answer.content[0].text
    cited = answer.structured_content["citations"][0]
    article = await client.call_tool("get_article", {"article_id": cited["article"]["id"]})
    assert article.structured_content["text"][cited["start"] : cited["end"]] == cited["quote"]
    found = await client.call_tool("search", {"query": QUESTION, "k": 2, "since": "2025-01-01"})
    assert len(found.structured_content["passages"]) == 2
    assert ANSWER in found.content[0].text
    nothing = await client.call_tool("ask", {"question": QUESTION, "publishers": ["Tidak Ada"]})
    assert nothing.structured_content["found"] is False
    for name, arguments in (
        ("ask", {"question": " "}),
        ("get_article", {"article_id": "0123456789abcdef"}),
        ("get_article", {"article_id": "../../etc/passwd"}),
        ("search", {"query": "x", "k": 0}),
    ):
        assert (await client.call_tool(name, arguments)).is_error, name


async def test_mcp_over_http(server):
    async with Client(f"{server.url}/mcp") as client:
        await tried(client)


async def test_mcp_over_stdin_and_stdout(seeds):
    command = StdioServerParameters(
        command=sys.executable, args=["-m", "assistant.cli", "--index", str(seeds), "mcp"], cwd=str(ROOT)
    )
    async with Client(command) as client:
        await tried(client)


# Keys, limits, stopping


def test_keys_open_what_they_are_for_and_stand_in_no_log(seeds, tmp_path):
    copy = shutil.copytree(seeds, tmp_path / "index")
    ring = KeyRing(tmp_path / "keys.json")
    reader, writer = ring.add("pembaca"), ring.add("penulis", ("read", "write"))
    with serving(copy, tmp_path, "--host", "0.0.0.0") as server:
        asked = {"json": {"question": QUESTION}}
        with server.client() as nobody, server.client(reader) as reading, server.client(writer) as writing:
            assert nobody.post("/v1/ask", **asked).status_code == 401
            assert nobody.get("/").status_code == 401
            assert nobody.post("/mcp", json=INITIALIZE).status_code == 401
            assert nobody.get("/v1/health").json() | {"version": ""} == {
                **dict.fromkeys(("chat_model", "articles", "first_day", "last_day")), "status": "ok", "version": "",
            }  # fmt: skip
            assert reading.post("/v1/ask", **asked).status_code == 200
            assert reading.get("/").status_code == 200
            assert "Tanya Berita" in nobody.get("/", auth=("x", reader)).text
            accept = {"Accept": "application/json, text/event-stream"}
            assert reading.post("/mcp", json=INITIALIZE, headers=accept).status_code == 200
            assert reading.post("/v1/articles", json={"articles": [ARTICLE]}).status_code == 403
            (article_id,) = writing.post("/v1/articles", json={"articles": [ARTICLE]}).json()["added"]
            assert reading.delete(f"/v1/articles/{article_id}").status_code == 403
            KeyRing(tmp_path / "keys.json").revoke("pembaca")
            assert reading.post("/v1/ask", **asked).status_code == 401
            assert writing.post("/v1/ask", **asked).status_code == 200
        assert server.stop() == 0
    everything = (tmp_path / "server.log").read_text() + (tmp_path / "keys.json").read_text()
    for secret in (reader, writer):
        assert secret not in everything


def test_without_a_key_others_are_not_let_near(seeds, tmp_path):
    with pytest.raises(AssertionError, match="tanya keys add"), serving(seeds, tmp_path, "--host", "0.0.0.0"):
        pytest.fail("it serves")


def test_what_is_too_much_is_turned_away_at_once_and_the_rest_is_answered(seeds, tmp_path):
    with serving(seeds, tmp_path, parallel=1, waiting=2, rate=100_000) as server, server.client() as client:
        client.post("/v1/ask", json={"question": QUESTION})  # models are loaded
        with ThreadPoolExecutor(16) as callers:
            replies = list(callers.map(lambda _: client.post("/v1/ask", json={"question": QUESTION}), range(24)))
    statuses = [reply.status_code for reply in replies]
    assert set(statuses) == {200, 429}
    assert all(ANSWER in reply.json()["text"] for reply in replies if reply.status_code == 200)
    assert all(reply.headers["Retry-After"] for reply in replies if reply.status_code == 429)


def test_sigterm_finishes_the_answers_under_way(seeds, tmp_path):
    count, enough = 6, 4  # few: the server's patience is 30 seconds, however slow the computer is
    with serving(seeds, tmp_path, parallel=1, rate=100_000) as server, server.client() as client:
        client.post("/v1/ask", json={"question": QUESTION})

        def ask(number: int) -> str | None:
            """The body; None where the server did not take the question on any more."""
            with server.client() as own:
                try:
                    reply = own.post("/v1/ask", json={"question": QUESTION, "stream": bool(number % 2)})
                except httpx.ConnectError:
                    return None
            return None if reply.status_code == 503 else reply.text

        with ThreadPoolExecutor(count) as callers:
            answers = callers.map(ask, range(count))
            until = time.monotonic() + PATIENCE
            while metrics(client.get("/v1/metrics").text)["tanya_requests_running",] < enough:
                assert time.monotonic() < until
                time.sleep(0.01)
            code = server.stop()
            bodies = [body for body in answers if body is not None]
    assert code == 0
    assert len(bodies) >= enough - 1  # one of those under way was the look at the metrics
    assert all('"complete":true' in body for body in bodies)


def test_the_page_asks_and_answers_where_it_is_mounted(server):
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("needs a chromium (Debian's package is enough)")
    from playwright.sync_api import expect, sync_playwright

    outside: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(locale="id-ID")
        page.on("request", lambda request: outside.append(request.url) if server.url not in request.url else None)
        page.goto(server.url)
        page.get_by_label("Pertanyaan", exact=True).fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.locator("#latest")).to_contain_text(ANSWER)
        page.locator("a.tb-cite").first.click()
        expect(page.locator("#panel mark strong").first).to_have_text(ANSWER)
        assert page.evaluate("getComputedStyle(document.body).getPropertyValue('--paper')")
        browser.close()
    assert [url for url in outside if not url.startswith(("data:", "blob:"))] == []
