"""A saved web page -> Article. trafilatura finds the text; dates are taken only from where the page states them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading._decode import decode, read_bytes
from index.reading._draft import finish
from index.reading._fields import draft_from, fields_of
from index.reading._quiet import quiet
from index.reading.dates import parse_date
from index.types import Article

__all__ = ["read_html"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_MAX_BYTES = 10 * 1024 * 1024  # extraction takes seconds for each megabyte; an article's page has rarely more than one
_SAVE_AS = "save the article's own page (not a list of articles), or its text as a .txt file"
_PUBLISHED = (
    "article:published_time",
    "og:published_time",
    "datepublished",
    "publishdate",
    "pubdate",
    "dc.date.issued",
    "dc.date",
    "date",
)
_UPDATED = ("article:modified_time", "og:updated_time", "datemodified")


def read_html(path: Path, source: str) -> Iterator[Article]:
    """A page is one article; title, author, site, canonical address and topics come from its metadata."""
    data = read_bytes(path, _MAX_BYTES)
    declared = _CHARSET.search(data[:4096])
    html = decode(data, declared[1].decode("ascii") if declared else None)
    with quiet("trafilatura", "htmldate", "courlan", "justext", "readability"):
        page = _extract(html)
    yield finish(draft_from(page), source)


def _extract(html: str) -> dict[str, Any]:
    """What the page says, by field name.

    Raises:
        ReadError: there is no article in it.
    """
    from trafilatura import bare_extraction, load_html

    tree = load_html(html)
    if tree is None:
        raise ReadError(f"no HTML can be found in it: {_SAVE_AS}")
    linked = _linked_data(tree)
    metas = _metas(tree)
    language = tree.get("lang") or metas.get("og:locale")
    published = _first_date([linked.get("published"), *(metas.get(name) for name in _PUBLISHED), *_times(tree)])
    updated = _first_date([linked.get("updated"), *(metas.get(name) for name in _UPDATED)])
    # Without the extensive search: that one takes any year in the page, a copyright line's too, for a date.
    dates = {"extensive_search": False, "original_date": True}
    try:
        page: Any = bare_extraction(tree, with_metadata=True, include_comments=False, date_extraction_params=dates)
    except RecursionError as error:
        raise ReadError(f"its HTML is nested too deeply: {_SAVE_AS}") from error
    if page is None or not (page.text or "").strip():
        raise ReadError(f"no article text can be found in it: {_SAVE_AS}")
    return {
        "text": page.text.replace("\n", "\n\n"),  # trafilatura sets each paragraph on a line
        "title": page.title,
        "url": page.url,
        "publisher": page.sitename,
        "author": (page.author or "").replace(";", ","),
        "editor": linked.get("editor"),
        "published": published or page.date,
        "updated": updated,
        "language": language,
        "topics": [*(page.categories or []), *(page.tags or [])],
    }


def _metas(tree: Any) -> dict[str, str]:  # noqa: ANN401 - an lxml tree; lxml has no types
    """The page's <meta> values by name, property or itemprop, in lower case; the first of each."""
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("itemprop") or meta.get("name")
        if name and meta.get("content"):
            metas.setdefault(name.strip().lower(), meta.get("content"))
    return metas


def _times(tree: Any) -> list[str]:  # noqa: ANN401
    """The machine-readable times in the page that are marked as its publication."""
    return [
        time.get("datetime")
        for time in tree.iter("time")
        if time.get("datetime")
        and (time.get("pubdate") is not None or "datepublished" in (time.get("itemprop") or "").lower())
    ]


def _linked_data(tree: Any) -> dict[str, Any]:  # noqa: ANN401
    """The fields of the page's JSON-LD object that is an article; empty if there is none."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or ""):
            continue
        try:
            value = json.loads(script.text or "", strict=False)
        except (ValueError, RecursionError):  # pages break it often; the page's other metadata then has to do
            continue
        objects = value if isinstance(value, list) else [value]
        for item in objects:
            graph = item.get("@graph") if isinstance(item, dict) else None
            for thing in graph if isinstance(graph, list) else [item]:
                if isinstance(thing, dict) and "article" in str(thing.get("@type", "")).lower():
                    return fields_of(thing)
    return {}


def _first_date(values: list[Any]) -> str | None:
    """The first value that is a date, as written."""
    return next((value for value in values if isinstance(value, str) and isinstance(parse_date(value), date)), None)
