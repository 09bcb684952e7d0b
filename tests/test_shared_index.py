"""Two servers on one index: what goes in through one is found through the other."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from index.store import ArticleIndex
from tests.serving import PATIENCE, Server, serving
from tests.test_store import article


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[list[Server]]:
    with ArticleIndex.open(tmp_path / "index") as index:
        index.add(article(n) for n in range(3))
    with ExitStack() as stack:
        folders = [tmp_path / "a", tmp_path / "b"]
        for folder in folders:
            folder.mkdir()
        yield [stack.enter_context(serving(tmp_path / "index", folder)) for folder in folders]


def titles(server: Server, query: str) -> list[str]:
    with server.client() as client:
        reply = client.post("/v1/search", json={"query": query}).raise_for_status()
    return [passage["article"]["title"] for passage in reply.json()["passages"]]


@pytest.mark.slow
def test_what_goes_in_through_one_is_found_through_the_other(servers: list[Server]) -> None:
    one, other = servers
    assert "Rapat desa ke-1" in titles(other, "perkara1")
    new = {"title": "Zarkosin dibahas", "text": "Warga membahas zarkosin di balai desa pada malam hari."}
    with one.client() as client:
        (added,) = client.post("/v1/articles", json={"articles": [new]}).raise_for_status().json()["added"]
    deadline = time.monotonic() + PATIENCE
    while titles(other, "zarkosin")[:1] != [new["title"]]:
        assert time.monotonic() < deadline
    with other.client() as client:
        client.delete(f"/v1/articles/{added}").raise_for_status()
    while new["title"] in titles(one, "zarkosin"):
        assert time.monotonic() < deadline
