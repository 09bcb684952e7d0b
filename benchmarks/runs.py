"""What several benchmarks do in the same way: an index for one run, and what a run's figures were measured on."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from index import ArticleIndex, read_articles

ROOT = Path(__file__).parents[1]
SEEDS_QUESTIONS = ROOT / "training" / "questions" / "seeds.jsonl"


@contextmanager
def seeds_index() -> Iterator[ArticleIndex]:
    """An index of ``seeds/`` by the models that ship, gone with the block."""
    with TemporaryDirectory() as folder, ArticleIndex.open(Path(folder) / "index", create=True) as index:
        index.add(read_articles(ROOT / "seeds"))
        yield index


def stamp() -> dict[str, str | None]:
    """When this is, and at which commit; no commit outside a checkout."""
    git = ["git", "rev-parse", "--short", "HEAD"]
    commit = subprocess.run(git, cwd=ROOT, capture_output=True, text=True, check=False).stdout.strip()
    return {"date": datetime.now(UTC).isoformat(timespec="seconds"), "commit": commit or None}


def machine() -> str:
    """Its cores, its architecture, and the Python that runs on it."""
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"
