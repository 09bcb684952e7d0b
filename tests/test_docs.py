"""The documentation builds without a warning, and every code block in it runs."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest
from markdown_it import MarkdownIt

from assistant import Settings, open_index
from index.reading import read_articles

from .serving import PATIENCE, ROOT, serving

DOCS = ROOT / "docs"
# Blocks of "python" and "bash" run here; what needs a key, a model or the web is marked "py".
PAGES = sorted([*DOCS.rglob("*.md"), ROOT / "README.md"])
ADDRESS = "http://127.0.0.1:8000"


class Block(NamedTuple):
    language: str
    code: str
    line: int


def blocks(page: Path) -> Iterator[Block]:
    for token in MarkdownIt().parse(page.read_text(encoding="utf-8")):
        if token.type == "fence":
            yield Block(token.info.strip(), token.content, token.map[0] + 1)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_block_of_python_and_json_is_such(page):
    for block in blocks(page):
        if block.language in {"python", "py"}:
            compile(block.code, f"{page}:{block.line}", "exec")
        elif block.language == "json":
            json.loads(block.code)


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    """A folder as a reader of the documentation has it: with ``seeds`` in it, and an index of them."""
    folder = tmp_path_factory.mktemp("docs")
    shutil.copytree(ROOT / "seeds", folder / "seeds")
    with open_index(Settings(index=folder / "my-index")) as index:
        assert not index.add(read_articles(folder / "seeds")).failed
    return folder


@pytest.fixture(scope="module")
def address(folder) -> Iterator[str]:
    """A server, which stands where the documentation says 127.0.0.1:8000."""
    with serving(folder / "my-index", folder, rate=100_000) as server:
        yield server.url


@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if any(b.language in {"python", "bash"} for b in blocks(page))],
    ids=lambda page: page.stem,
)  # fmt: skip
def test_every_block_runs(page, folder, request):
    found = [block for block in blocks(page) if block.language in {"python", "bash"}]
    url = request.getfixturevalue("address") if any(ADDRESS in block.code for block in found) else ADDRESS
    environment = os.environ | {
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"])),
        "PYTHONPATH": str(ROOT),
        "TANYA_KEYS": str(folder / f"{page.stem}-keys.json"),
        "GRADIO_ANALYTICS_ENABLED": "False",
    }
    program = "".join(b.code for b in found if b.language == "python").replace(ADDRESS, url)
    runs = [["bash", "-euo", "pipefail", "-c", b.code.replace(ADDRESS, url)] for b in found if b.language == "bash"]
    for command in [*runs, [sys.executable, "-c", program]]:
        ran = subprocess.run(
            command, cwd=folder, env=environment, capture_output=True, text=True, timeout=2 * PATIENCE, check=False
        )
        assert ran.returncode == 0, f"{command[-1]}\n{ran.stdout}\n{ran.stderr}"


@pytest.mark.slow
def test_the_site_builds_without_a_warning(tmp_path):
    ran = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--site-dir", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, timeout=2 * PATIENCE, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stderr
    for page in DOCS.rglob("*.md"):
        assert (tmp_path / "site" / page.relative_to(DOCS).with_suffix(".html")).is_file(), page
    reference = (tmp_path / "site" / "reference" / "python.html").read_text(encoding="utf-8")
    assert "ArticleIndex" in reference
    assert "The complete answer" in reference
    home = (tmp_path / "site" / "index.html").read_text(encoding="utf-8")
    assert "fonts.googleapis" not in home
