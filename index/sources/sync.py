"""Keeps an index in step with the sources of a file: new articles come in, changed ones replace, withdrawn ones go."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from index.sources.config import SourceList
from index.sources.fetching import Fetcher
from index.sources.folders import FolderRun
from index.sources.runs import SourceReport, Watch
from index.sources.web import WebRun

if TYPE_CHECKING:
    from index.store import ArticleIndex

__all__ = ["SourceReport", "sync"]


def sync(
    listed: SourceList, index: ArticleIndex, *, only: Sequence[str] = (), watch: Watch = lambda _: None
) -> Iterator[SourceReport]:
    """Goes through the sources (those named in ``only``, else all), and yields a report for each as it is finished.

    Nothing is fetched that is known not to have changed: by what the feed or sitemap says, by ETag and Last-Modified,
    by a file's time and size, and by content. A page that is gone (404, 410, or sent to the site's front page) takes
    its articles out; a changed one replaces them, with ``Article.updated`` saying when and ``published`` kept. What is
    known is kept in ``sources/NAME.json`` in the index's folder. ``watch`` is called with each address that is read.

    Raises:
        IndexLockedError: another process is writing. What was finished before stays.
        IndexStoreError: the disk does not take it.
    """
    with Fetcher(listed.rules) as fetcher:
        for source in listed.sources:
            if not only or source.name in only:
                if source.path:
                    yield FolderRun(source, index, watch).run(source.path)
                else:
                    yield WebRun(source, index, watch, fetcher).run()
