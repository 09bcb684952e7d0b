"""News from where it is: web pages, feeds and sitemaps, fetched politely and never from the user's own network.

Nothing here runs unless the user gives an address: ``read_url`` for one, ``sync`` for those listed in a file.
"""

from __future__ import annotations

from index.errors import FetchError
from index.sources.addresses import check_url, public_addresses
from index.sources.config import EXAMPLE, Source, SourceList, read_sources
from index.sources.feeds import Selection
from index.sources.fetching import Fetcher, FetchRules, Reply
from index.sources.pages import read_url
from index.sources.sync import SourceReport, sync

__all__ = [
    "EXAMPLE",
    "FetchError",
    "FetchRules",
    "Fetcher",
    "Reply",
    "Selection",
    "Source",
    "SourceList",
    "SourceReport",
    "check_url",
    "public_addresses",
    "read_sources",
    "read_url",
    "sync",
]
