"""Articles that visitors bring into the index: how far it has come, and at last what came of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import replace
from pathlib import Path
from typing import Final

from index.reading import count_articles, read_articles
from index.sources import read_url
from index.store import ArticleIndex
from index.types import Article, Failure, IngestReport

__all__ = ["SUFFIXES", "Steps", "add_address", "add_folder", "add_uploads"]

SUFFIXES: Final = (".txt", ".md", ".html", ".htm", ".json", ".jsonl", ".csv", ".tsv", ".pdf", ".docx")
"""Kinds of files that visitors may bring."""

_OFTEN = 0.25  # seconds between two looks at how far it is

Steps = Iterator[tuple[int, int] | IngestReport]
"""Now and then how many articles have been read, of how many (0 where nobody knows); at the end the report."""


def add_folder(index: ArticleIndex, path: Path) -> Steps:
    """Adds the articles of a file or folder of the server's.

    Raises:
        TanyaError: the index cannot be written to, or there is nothing to read.
    """
    return _adding(index, read_articles(path), count_articles(path))


def add_address(index: ArticleIndex, url: str) -> Steps:
    """Adds the article or the feed at a web address.

    Raises:
        TanyaError: the index cannot be written to, or nothing can be fetched from there.
    """
    return _adding(index, read_url(url), 0)


def add_uploads(index: ArticleIndex, paths: Sequence[Path]) -> Steps:
    """Adds the articles of uploaded files, and deletes the files.

    Raises:
        TanyaError: the index cannot be written to.
    """
    try:
        total = sum(count_articles(path) for path in paths)
        yield from _adding(index, (item for path in paths for item in _named(path)), total)
    finally:
        for path in paths:
            path.unlink(missing_ok=True)


def _adding(index: ArticleIndex, articles: Iterable[Article | Failure], total: int) -> Steps:
    """Who stops listening does not stop the adding: what has begun is finished."""
    read = 0

    def counted() -> Iterator[Article | Failure]:
        nonlocal read
        for article in articles:
            yield article
            read += 1

    with ThreadPoolExecutor(1) as pool:
        report = pool.submit(index.add, counted())
        while not wait([report], timeout=_OFTEN).done:
            yield read, max(read, total) if total else 0
    yield report.result()


def _named(path: Path) -> Iterator[Article | Failure]:
    """The articles of a file, named after it alone: the folder it was uploaded to is nobody's business and soon gone.

    So the same file, uploaded again after a change, takes the place of its first version.
    """
    for item in read_articles(path):
        source = item.source.replace(str(path), path.name)
        if isinstance(item, Failure):
            yield Failure(source, item.reason.replace(str(path), path.name))
        else:
            yield replace(item, source=source)
