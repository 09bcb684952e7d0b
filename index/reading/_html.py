"""A saved web page -> Article. trafilatura finds the text; dates are taken only from where the page states them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from index.errors import ReadError
from index.reading._decode import decode, read_bytes
from index.reading._draft import finish
from index.reading._fields import draft_from, fields_of
from index.reading._quiet import quiet
from index.reading.dates import parse_date
from index.types import Article

__all__ = ["at_address", "in_utf8", "read_html"]

_CHARSET = re.compile(rb"""<meta[^>]{0,200}charset\s*=\s*["']?([\w.:-]{1,40})""", re.IGNORECASE)
_MAX_BYTES = 10 * 1024 * 1024  # extraction takes seconds for each megabyte; an article's page has rarely more than one
_SAVE_AS = "save the article's own page (not a list of articles), or its text as a .txt file"
# Words in the classes and ids of what is no article; their element is taken for it only if it holds little text.
_FURNITURE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|sosmed|social|related|terkait|baca|bacajuga|lihatjg|linksisip|paging|pagination|halaman|"
    r"breadcrumbs?|newsletter|komentar|comments?|iklan|ads?|advert\w*|scrollpage|tags?|populer|trending|rekomendasi)"
    r"(?=$|[\s_-])",
    re.IGNORECASE,
)
_FURNITURE_TEXT, _FURNITURE_LINE = 200, 40  # characters that are no link, of a block and of a paragraph
_AROUND = frozenset(("nav", "aside", "footer", "form", "iframe", "button"))
_BLOCKS = frozenset(("div", "section", "ul", "ol", "p", "table", "span", "h3", "h4"))
_UNSEEN = frozenset(("script", "style", "noscript", "template"))
_LINK_WORDS = 0.2  # of a list's text that is no link
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


def in_utf8(body: bytes, charset: str | None) -> bytes:
    """A page in UTF-8 that says so: its HTTP header's charset goes before what it says of itself, as in browsers."""
    try:
        return body.decode(charset, "replace").encode("utf-8-sig") if charset else body
    except LookupError:  # no such charset
        return body


def at_address(article: Article, url: str) -> Article:
    """The article of the page at ``url``. A page may name another address for itself, but none of another site.

    Else any page could put its text in the place of another newsroom's article.
    """
    own = article.url if article.url and _site(article.url) == _site(url) else url
    return replace(article, url=own, source=own, publisher=article.publisher or _site(own))


def _site(url: str) -> str:
    """The registered domain: kompas.com for amp.kompas.com; the host itself where it has none."""
    from courlan import extract_domain

    return extract_domain(url, fast=True) or urlsplit(url).netloc


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
    _prune(tree)
    # Without the extensive search: that one takes any year in the page, a copyright line's too, for a date.
    dates = {"extensive_search": False, "original_date": True}
    try:
        page: Any = bare_extraction(
            tree, with_metadata=True, include_comments=False, config=_config(), date_extraction_params=dates
        )
    except RecursionError as error:
        raise ReadError(f"its HTML is nested too deeply: {_SAVE_AS}") from error
    if page is None or not (page.text or "").strip():
        raise ReadError(f"no article text can be found in it: {_SAVE_AS}")
    return {
        "text": page.text.replace("\n", "\n\n"),  # trafilatura sets each paragraph on a line
        "title": page.title,
        "url": page.url,
        "publisher": metas.get("og:site_name") or page.sitename,
        "author": (page.author or "").replace(";", ","),
        "editor": linked.get("editor"),
        "published": published or page.date,
        "updated": updated,
        "language": language,
        "topics": [topic for part in (*(page.categories or []), *(page.tags or [])) for topic in part.split(",")],
    }


@cache
def _config() -> Any:  # noqa: ANN401 - a ConfigParser
    """trafilatura's settings, but that a text of two sentences counts as one: else it takes all that the page holds."""
    from trafilatura.settings import use_config

    config = use_config()
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "40")
    return config


class _Size(NamedTuple):
    """How much text an element holds, in characters: all of it, what is in links, and the number of links."""

    text: int = 0
    linked: int = 0
    links: int = 0


def _prune(tree: Any) -> None:  # noqa: ANN401
    """Takes out what stands around an article and between its paragraphs, as it is marked or as far as it is links."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    sizes: dict[Any, _Size] = {}
    for element in reversed(elements):  # what is inside comes first
        sizes[element] = _size(element, sizes)
    for element in elements:
        is_furniture = element.tag in _BLOCKS and _is_furniture(element, sizes[element])
        if (is_furniture or element.tag in _AROUND) and element.getparent() is not None:
            element.drop_tree()


def _size(element: Any, sizes: Mapping[Any, _Size]) -> _Size:  # noqa: ANN401
    if element.tag in _UNSEEN:
        return _Size()
    inside = [sizes.get(child, _Size()) for child in element]
    texts = (element.text, *(child.tail for child in element))
    text = sum(size.text for size in inside) + sum(len((part or "").strip()) for part in texts)
    if element.tag == "a":
        return _Size(text, text, 1)
    return _Size(text, sum(size.linked for size in inside), sum(size.links for size in inside))


def _is_furniture(element: Any, size: _Size) -> bool:  # noqa: ANN401
    if not size.text:
        return False
    outside = size.text - size.linked
    if size.links > 1 and outside < _LINK_WORDS * size.text:
        return True
    # Some sites mark real paragraphs, for their advertisements to stand behind.
    most = _FURNITURE_LINE if element.tag in ("p", "span") else _FURNITURE_TEXT
    return outside <= most and bool(_FURNITURE.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


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
