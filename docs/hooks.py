"""Puts pages that ``mkdocs.yml`` does not name into the navigation: a new page under ``docs/`` needs nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def on_config(config: Any) -> Any:  # noqa: ANN401 - MkDocs' own type
    """Called by MkDocs before it reads the pages."""
    docs = Path(config["docs_dir"])
    named = set(_pages(config["nav"]))
    others = sorted(str(page.relative_to(docs)) for page in docs.rglob("*.md"))
    more = [page for page in others if page not in named]
    if more:
        config["nav"].append({"In depth": more})
    return config


def _pages(part: Any) -> list[str]:  # noqa: ANN401 - nested lists and mappings of strings
    if isinstance(part, str):
        return [part]
    parts = part.values() if isinstance(part, dict) else part
    return [page for inner in parts for page in _pages(inner)]
