"""The directions of import that DESIGN and CONTRIBUTING promise, read from the source."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from page.messages import translated
from tests.said import Messages

ROOT = Path(__file__).parents[1]
ROOMS = ("index", "assistant", "page", "server")
PRODUCT = [*(path for room in ROOMS for path in ROOT.glob(f"{room}/**/*.py")), ROOT / "ui.py"]
# Who may be imported: server -> page -> assistant -> index. ``ui`` is the page's door, the command line everybody's.
FORBIDDEN = {
    "index": {"assistant", "page", "ui", "server"},
    "assistant": {"page", "ui", "server"},
    "page": {"ui", "server"},
    "ui.py": {"server"},
    "server": set(),
}


def imported(path: Path) -> Iterator[str]:
    """Absolute names of every module that the file imports, inside functions too."""
    package = path.relative_to(ROOT).parent.parts
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else ()
            yield ".".join((*base, node.module or "")).rstrip(".")


def test_there_is_something_to_check() -> None:
    assert len(PRODUCT) > 20


@pytest.mark.parametrize("path", PRODUCT, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_one_way(path: Path) -> None:
    forbidden = {"training", "benchmarks", "tests"}
    if path != ROOT / "assistant" / "cli.py":
        forbidden |= FORBIDDEN[path.relative_to(ROOT).parts[0]]
    tops = {name.split(".")[0] for name in imported(path)}
    assert not tops & forbidden


@pytest.mark.parametrize("room", ROOMS)
def test_every_room_is_typed_for_its_users(room: str) -> None:
    assert (ROOT / room / "py.typed").is_file()


@pytest.mark.parametrize(("library", "home"), [("chromadb", "index/vectors.py"), ("sqlite3", "index/database.py")])
def test_one_file_touches_each_store(library: str, home: str) -> None:
    users = {str(p.relative_to(ROOT)) for p in PRODUCT if any(n.split(".")[0] == library for n in imported(p))}
    assert users == {home}


# What only the command line says, which speaks English.
COMMANDS = {"index/backup.py", "index/rebuilding.py", "index/checking.py", "index/sources/config.py"}
SPEAKING = [
    path
    for path in (*ROOT.glob("index/**/*.py"), ROOT / "assistant/chain.py", ROOT / "assistant/writer.py")
    if str(path.relative_to(ROOT)) not in COMMANDS
]


@pytest.mark.parametrize("path", SPEAKING, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_the_page_may_show_is_there_in_indonesian(path: Path) -> None:
    """A new message? Put it into page/messages.toml, with its Indonesian."""
    for message in Messages(path):
        shown = translated(message, "id")
        assert shown != message, f"page/messages.toml lacks: {message}"
        assert sorted(re.findall(r"‹\d+›", shown)) == sorted(re.findall(r"‹\d+›", message))
