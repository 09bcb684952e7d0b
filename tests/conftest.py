"""What holds for every test: nothing is judged by how long it takes, because the machines tests run on are shared."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from hypothesis import settings
from playwright.sync_api import expect

from assistant import Settings, open_index
from index.sources import Fetcher
from index.store import ArticleIndex
from tests.scripted import BRIDGE, MARKET
from tests.web import QUICK, Site, serving

# Hypothesis gives each example 200 ms. Its own profile "ci" has no limit either, and draws the same examples each time.
settings.register_profile("unhurried", deadline=None)
settings.load_profile("ci" if os.environ.get("CI") else "unhurried")
expect.set_options(timeout=60_000)  # 5 s by default


@pytest.fixture(scope="session")
def bridges(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ArticleIndex]:
    """An index of the two articles of ``tests.scripted``; tests only read it."""
    with open_index(Settings(index=tmp_path_factory.mktemp("bridges"))) as index:
        assert len(index.add([BRIDGE, MARKET]).added) == 2
        yield index


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def fetcher() -> Iterator[Fetcher]:
    with Fetcher(QUICK) as opened:
        yield opened
