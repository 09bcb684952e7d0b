"""The door of the server, over an application that says who came in."""

from __future__ import annotations

import base64

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from assistant import Settings, open_index
from server.guard import LOOPBACK, Door, Guard
from server.keys import KeyRing
from server.limits import Drain
from server.metrics import Metrics
from server.settings import ServerSettings

LOCAL = Door(loopback=True, public=False, hosts=frozenset(LOOPBACK))
CLOSED = Door(loopback=False, public=False, hosts=frozenset())
PUBLIC = Door(loopback=False, public=True, hosts=frozenset())


async def who(request: Request) -> JSONResponse:
    body = await request.body()
    caller = request.state.caller
    return JSONResponse({"id": caller.id, "scopes": sorted(caller.scopes), "size": len(body)})


@pytest.fixture
def ring(tmp_path):
    return KeyRing(tmp_path / "keys.json")


@pytest.fixture
def door(tmp_path, ring):
    """Makes a client of a guarded application."""
    index = open_index(Settings(index=tmp_path / "index"))

    def make(way: Door, **settings: object) -> httpx.AsyncClient:
        inside = Starlette(routes=[Route("/{rest:path}", who, methods=["GET", "POST"])])
        guard = Guard(
            inside,
            settings=ServerSettings(**settings),
            keys=ring,
            door=way,
            metrics=Metrics(index),
            drain=Drain(),
        )
        return httpx.AsyncClient(transport=httpx.ASGITransport(guard), base_url="http://127.0.0.1:8000")

    yield make
    index.close()


async def test_this_computer_needs_no_key_until_there_is_one(door, ring):
    client = door(LOCAL)
    assert (await client.get("/v1/x")).json()["scopes"] == ["read", "write"]
    secret = ring.add("redaksi")
    reply = await client.get("/v1/x")
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"] == "Bearer"
    assert reply.headers["content-type"] == "application/problem+json"
    with_key = await client.get("/v1/x", headers={"Authorization": f"Bearer {secret}"})
    assert with_key.json() == {"id": "redaksi", "scopes": ["read"], "size": 0}


async def test_the_page_takes_a_key_as_a_password(door, ring):
    secret = ring.add("redaksi")
    client = door(CLOSED)
    reply = await client.get("/")
    assert reply.status_code == 401
    assert reply.headers["WWW-Authenticate"].startswith("Basic ")
    assert (await client.get("/", auth=("siapa pun", secret))).json()["id"] == "redaksi"
    assert (await client.get("/", auth=("redaksi", "salah"))).status_code == 401


@pytest.mark.parametrize(
    "value",
    [
        "Bearer", "Bearer x", "Basic", "Basic ???", "Basic " + base64.b64encode(b"\xff\xfe").decode(), "Digest a=b",
        "Bearer tanya_" + "0" * 43, "tanya_x",
    ],
)  # fmt: skip
async def test_what_is_no_key_opens_nothing(door, ring, value):
    ring.add("redaksi")
    reply = await door(CLOSED).get("/mcp", headers={"Authorization": value})
    assert reply.status_code == 401


async def test_a_wrong_key_is_refused_even_where_none_is_needed_once_there_are_keys(door, ring):
    for way in (LOCAL, PUBLIC):
        ring.add(f"redaksi-{way.public}")
        assert (await door(way).get("/v1/x", headers={"Authorization": "Bearer wrong"})).status_code == 401


async def test_clients_that_insist_on_sending_a_key_are_served_where_there_is_none(door):
    assert (await door(LOCAL).get("/v1/x", headers={"Authorization": "Bearer sk-none"})).status_code == 200


async def test_the_public_may_read_only(door, ring):
    ring.add("redaksi", ("read", "write"))
    assert (await door(PUBLIC).get("/v1/x")).json()["scopes"] == ["read"]


async def test_health_needs_no_key(door, ring):
    ring.add("redaksi")
    assert (await door(CLOSED).get("/v1/health")).status_code == 200


@pytest.mark.parametrize(
    "host", ["berita.example", "berita.example:8000", "127.0.0.1.berita.example", "localhost.", ""]
)
async def test_a_name_that_was_made_to_lead_here_gets_nothing(door, host):
    reply = await door(LOCAL).get("/v1/x", headers={"Host": host})
    assert reply.status_code == 421


@pytest.mark.parametrize("host", ["localhost:9", "127.0.0.1", "[::1]:8000", "LOCALHOST"])
async def test_this_computers_names_are_served(door, host):
    assert (await door(LOCAL).get("/v1/x", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("path", ["/v1/ask", "/mcp", "/gradio_api/queue/join"])
async def test_scripts_of_other_sites_get_nothing(door, path):
    client = door(LOCAL, origins="https://redaksi.example")
    for origin, status in {
        "https://lain.example": 403,
        "null": 403,
        "http://127.0.0.1:9": 403,
        "https://redaksi.example": 200,
        "http://127.0.0.1:8000": 200,
    }.items():
        assert (await client.post(path, headers={"Origin": origin})).status_code == status, origin


async def test_each_key_has_its_own_rate(door, ring):
    slow, fast = ring.add("slow", rate=2), ring.add("fast")
    client = door(CLOSED, rate=4)
    statuses = {
        secret: [
            (await client.get("/v1/x", headers={"Authorization": f"Bearer {secret}"})).status_code for _ in range(5)
        ]
        for secret in (slow, fast)
    }
    assert statuses[slow] == [200, 200, 429, 429, 429]
    assert statuses[fast] == [200, 200, 200, 200, 429]


async def test_guessing_keys_is_limited_too(door, ring):
    ring.add("redaksi")
    client = door(CLOSED, rate=3)
    for path in ("/v1/x", "/"):
        replies = [await client.get(path, headers={"Authorization": f"Bearer tanya_{n}"}) for n in range(5)]
        assert replies[-1].status_code == 429
        assert int(replies[-1].headers["Retry-After"]) > 0


@pytest.mark.parametrize("size", [1_000, 1_001])
@pytest.mark.parametrize("declared", [True, False])
async def test_what_is_too_large_is_not_taken(door, size, declared):
    async def parts():
        for _ in range(size):
            yield b"x"

    reply = await door(LOCAL, body_limit=1_000).post("/v1/x", content=b"x" * size if declared else parts())
    assert reply.status_code == (200 if size == 1_000 else 413)
    if size == 1_000:
        assert reply.json()["size"] == size


async def test_a_stopping_server_says_so(door):
    client = door(LOCAL)
    guard = client._transport.app
    await guard._drain.finish(0.01)
    reply = await client.get("/v1/x")
    assert reply.status_code == 503
    assert reply.headers["Retry-After"]
