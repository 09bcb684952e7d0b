"""What programs may rely on: the names of the packages, each there, documented and typed."""

from __future__ import annotations

import inspect
from importlib import import_module

import pytest

PACKAGES = ["index", "assistant", "server", "ui", "assistant.langchain"]
# What the README, the notebooks and the documentation use. Whoever takes one of these away deprecates it first.
PROMISED = {
    "index": {"Article", "ArticleIndex", "Chunk", "Coverage", "Failure", "Filter", "IngestReport", "Passage",
              "Retriever", "TanyaError", "QueryError", "ReadError", "SettingsError", "IndexStoreError",
              "read_articles", "read_url"},
    "assistant": {"Answer", "Assistant", "Citation", "Claim", "Settings", "Support", "Turn", "open_index"},
    "server": {"Key", "KeyRing", "ServerSettings", "create_app", "serve"},
    "ui": {"build_page", "launch", "mount", "show"},
    "assistant.langchain": {"ArticleRetriever", "assistant_tool"},
}  # fmt: skip


@pytest.mark.parametrize("name", PACKAGES)
def test_every_exported_name_is_there_and_says_what_it_is(name):
    module = import_module(name)
    assert len(set(module.__all__)) == len(module.__all__)
    for exported in module.__all__:
        thing = getattr(module, exported)
        if inspect.isclass(thing) or inspect.isfunction(thing):
            assert inspect.getdoc(thing), exported


@pytest.mark.parametrize("name", PACKAGES)
def test_what_was_promised_is_kept(name):
    assert PROMISED[name] <= set(import_module(name).__all__)
