"""RSS, Atom and sitemaps -> the addresses they list, with what they say about each."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

from index.errors import FetchError, ReadError
from index.reading.dates import WIB, parse_date
from index.sources.fetching import Fetcher, Reply

__all__ = ["Entry", "Selection", "entries", "is_listing"]

_MOST_LISTINGS = 1_000  # pages of a feed or parts of a sitemap index; more is a loop or a trap
_NEXT = ("next", "prev-archive")  # RFC 5005: paged feeds and archived feeds
_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An article that a feed or sitemap lists. ``text`` is its HTML, where the feed has all of it."""

    url: str
    title: str | None = None
    published: date | None = None
    updated: date | None = None
    author: str | None = None
    topics: tuple[str, ...] = ()
    text: str = field(default="", repr=False)

    @property
    def changed(self) -> date | None:
        """When it was last said to change."""
        return self.updated or self.published


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which of the listed articles are wanted. ``include`` and ``exclude`` are patterns for addresses (``*/berita/*``).

    ``since`` is a day; what was last changed before it is left out, what says no date is taken.
    """

    since: date | None = None
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()

    def wants(self, entry: Entry) -> bool:
        """Whether the entry is one of them."""
        if self.include and not any(fnmatch.fnmatchcase(entry.url, pattern) for pattern in self.include):
            return False
        return not self.is_past(entry.changed) and not any(fnmatch.fnmatchcase(entry.url, p) for p in self.exclude)

    def is_past(self, moment: date | None) -> bool:
        """Whether ``moment`` lies before ``since``."""
        return bool(self.since and moment and _day(moment) < self.since)


def is_listing(reply: Reply) -> bool:
    """Whether it is a feed or a sitemap rather than an article."""
    head = reply.body[:2048].lstrip(b"\xef\xbb\xbf \r\n\t").lower()
    is_xml = head.startswith(b"<?xml") or reply.content_type.endswith(("/xml", "+xml")) or head.startswith(_ROOTS)
    return reply.body[:2] == b"\x1f\x8b" or (is_xml and b"<html" not in head)


_ROOTS = (b"<rss", b"<feed", b"<urlset", b"<sitemapindex", b"<rdf")


def entries(reply: Reply, fetcher: Fetcher, selection: Selection) -> Iterator[Entry]:
    """What the feed or sitemap in ``reply`` lists and ``selection`` wants, each address once, from all of its pages.

    A feed's next pages are read until one has nothing newer than ``since``, the parts of a sitemap index where they
    changed since. The address of the listing itself and the order of its entries do not matter.

    Raises:
        FetchError: a page of it cannot be fetched.
        ReadError: it is neither a feed nor a sitemap.
    """
    waiting, seen, listed = [reply], {reply.url}, set[str]()
    while waiting:
        page = waiting.pop(0)
        found, more = _sitemap(page, selection) if _is_sitemap(page.body) else _feed(page, selection)
        for entry in found:
            if entry.url not in listed and selection.wants(entry):
                listed.add(entry.url)
                yield entry
        for url in more:
            if url not in seen:
                if len(seen) == _MOST_LISTINGS:
                    raise FetchError(f"{reply.url} goes on for more than {_MOST_LISTINGS} pages: set a date (since)")
                seen.add(url)
                waiting.append(fetcher.get(url))


def _feed(reply: Reply, selection: Selection) -> tuple[list[Entry], list[str]]:
    import feedparser

    parsed = feedparser.parse(
        BytesIO(reply.body), response_headers={"content-location": reply.url, "content-type": _header(reply)}
    )
    if not parsed.version:
        raise ReadError(f"{reply.url} is neither a feed nor a sitemap, nor an article: give the address of one")
    found = [_entry(item, reply.url) for item in parsed.entries if item.get("link")]
    further = [urljoin(reply.url, link.href) for link in parsed.feed.get("links", ()) if link.get("rel") in _NEXT]
    dated = [entry.changed for entry in found if entry.changed]
    ended = bool(dated) and all(selection.is_past(moment) for moment in dated)
    return found, [] if ended else [url for url in further if url != reply.url]


def _header(reply: Reply) -> str:
    """feedparser goes by the type that the server names; not by one that is no XML."""
    kind = reply.content_type if reply.content_type.endswith("xml") else "application/xml"
    return f"{kind}; charset={reply.charset}" if reply.charset else kind


def _entry(item: Any, base: str) -> Entry:  # noqa: ANN401 - feedparser's dict
    bodies = [content.value for content in item.get("content", ()) if "html" in content.get("type", "html")]
    return Entry(
        url=urljoin(base, item.link).partition("#")[0],
        title=item.get("title") or None,
        published=_moment(item, "published"),
        updated=_moment(item, "updated"),
        author=item.get("author") or None,
        topics=tuple(tag.term for tag in item.get("tags", ()) if tag.get("term")),
        text=max(bodies, key=len, default=""),
    )


def _moment(item: Any, name: str) -> date | None:  # noqa: ANN401
    """The time as the feed writes it, in its own zone (an article's day depends on it), else as feedparser read it."""
    if f"{name}_parsed" not in item or item[f"{name}_parsed"] is None:
        return None
    written = parse_date(item.get(name, ""))
    if isinstance(written, datetime):
        return written
    year, month, day, hour, minute, second = item[f"{name}_parsed"][:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC).astimezone(WIB)


def _is_sitemap(body: bytes) -> bool:
    head = body[:4096].lower()
    return body[:2] == b"\x1f\x8b" or b"<urlset" in head or b"<sitemapindex" in head


def _sitemap(reply: Reply, selection: Selection) -> tuple[list[Entry], list[str]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, huge_tree=False)
    root = etree.fromstring(_unzipped(reply), parser)
    if root is None:
        raise ReadError(f"{reply.url} is no valid sitemap: give the address of a feed or sitemap")
    found, parts = [], []
    for element in root:
        values = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in element if _is_element(child)}
        location = urljoin(reply.url, values.get("loc", ""))
        changed = parse_date(values.get("lastmod", ""))
        if not values.get("loc"):
            continue
        if str(element.tag).endswith("}sitemap") or element.tag == "sitemap":
            if not selection.is_past(changed):
                parts.append(location)
        else:
            news = {child.tag: (child.text or "").strip() for child in element.iter(f"{_NEWS}*")}
            published = parse_date(news.get(f"{_NEWS}publication_date", ""))
            title = news.get(f"{_NEWS}title") or None
            found.append(Entry(url=location, title=title, published=published, updated=changed))
    return found, parts


def _is_element(node: Any) -> bool:  # noqa: ANN401 - an lxml node; comments have a function for a tag
    return isinstance(node.tag, str)


def _unzipped(reply: Reply) -> bytes:
    """A sitemap.xml.gz as XML; no more of it than the protocol allows (50 MB)."""
    import zlib

    if reply.body[:2] != b"\x1f\x8b":
        return reply.body
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 16)
    try:
        text = inflater.decompress(reply.body, 50 * 1024 * 1024)
    except zlib.error as error:
        raise ReadError(f"{reply.url} is a damaged gzip file: try again later") from error
    if inflater.unconsumed_tail:
        raise ReadError(f"{reply.url} is larger than the 50 MB that a sitemap may have")
    return text


def _day(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment
