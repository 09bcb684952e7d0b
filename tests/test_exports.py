"""What programs may rely on: the names of the packages, each there, documented and typed."""

from __future__ import annotations

import inspect
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ["index", "assistant", "server", "ui", "assistant.langchain"]
# What the README, the notebooks and the documentation use. Whoever takes one of these away deprecates it first.
PROMISED = {
    "index": {"Article", "ArticleIndex", "Chunk", "Coverage", "Failure", "Filter", "IngestReport", "Passage",
              "Retriever", "TanyaError", "QueryError", "ReadError", "SettingsError", "IndexStoreError",
              "read_articles"},
    "assistant": {"Answer", "Assistant", "Citation", "Claim", "Settings", "Support", "Turn", "open_index"},
    "server": {"Key", "KeyRing", "ServerSettings", "create_app", "serve"},
    "ui": {"build_page", "launch", "mount", "show"},
    "assistant.langchain": {"ArticleRetriever", "assistant_tool"},
}  # fmt: skip
PROGRAM = """
from collections.abc import AsyncIterator
from datetime import date

from assistant import Answer, Assistant, Citation, Settings, Turn, open_index
from assistant.langchain import ArticleRetriever, assistant_tool
from index import Article, ArticleIndex, Filter, IngestReport, Passage, read_articles
from server import KeyRing, ServerSettings, create_app


def program(folder: str) -> str:
    settings: Settings = Settings.from_env(index=folder, top_k=5)
    with open_index(settings) as index:
        report: IngestReport = index.add(read_articles("seeds"))
        index.add([Article(title="a", text="b", published=date(2025, 1, 1))])
        found: list[Passage] = index.retrieve("a", 3, filter=Filter(since=date(2024, 1, 1)))
        assistant = Assistant(index, settings=settings)
        answer: Answer = assistant.ask("a", [Turn("b", "c")])
        quotes: tuple[Citation, ...] = answer.citations
        growing: AsyncIterator[Answer] = assistant.astream("a")
        ArticleRetriever(retriever=index, k=3)
        assistant_tool(assistant)
        create_app(assistant, ServerSettings(keys=KeyRing(settings.index).path))
        return answer.text + str((report.added, found, quotes, growing))


def wrong(index: ArticleIndex) -> None:
    index.retrieve(3)
"""


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


@pytest.mark.slow
def test_a_users_program_passes_mypy_strict(tmp_path):
    program = tmp_path / "program.py"
    program.write_text(PROGRAM, encoding="utf-8")
    command = [sys.executable, "-m", "mypy", "--strict", "--config-file=", "--cache-dir", str(ROOT / ".mypy_cache")]
    ran = subprocess.run([*command, str(program)], cwd=ROOT, capture_output=True, text=True, timeout=600, check=False)
    problems = [line for line in ran.stdout.splitlines() if "program.py" in line and "error:" in line]
    line = PROGRAM.splitlines().index("    index.retrieve(3)") + 1
    assert len(problems) == 1, ran.stdout + ran.stderr
    assert f"program.py:{line}:" in problems[0]
