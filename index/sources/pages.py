"""A web address -> the articles behind it: a page (all parts of it), a document, or what a feed or sitemap lists."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from index.errors import FetchError, ReadError
from index.reading import Columns, at_address, in_utf8, read_document
from index.sources.feeds import Entry, Selection, entries, is_listing
from index.sources.fetching import Fetcher, FetchRules, Reply
from index.types import Article, Failure

__all__ = ["articles_in", "completed", "read_entry", "read_url"]

_SUFFIXES = {  # the kinds of documents, by the type that a server names
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/json": ".json",
    "application/x-ndjson": ".jsonl",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
}
_NAMED = re.compile(r"\.(?:html?|txt|md|csv|tsv|jsonl?|ndjson|pdf|docx|zip|parquet|warc(?:\.gz)?)$", re.IGNORECASE)
_ALL_PAGES = {"page": "all", "showpage": "all", "single": "1"}  # how sites say "the whole article on one page"
_MOST_PAGES = 20


def read_url(
    url: str, *, fetcher: Fetcher | None = None, selection: Selection | None = None
) -> Iterator[Article | Failure]:
    """The articles at a web address, one at a time: its own, or those that it lists if it is a feed or a sitemap.

    What cannot be read comes as a Failure in its place and stops nothing. ``fetcher`` says how the network is used; by
    default by ``FetchRules()``. ``selection`` says which of the listed articles are wanted; by default all of them.

    Raises:
        FetchError: ``url`` may not or cannot be fetched.
        ReadError: there is nothing at it that can be read as articles.
    """
    with nullcontext(fetcher) if fetcher else Fetcher(FetchRules()) as used:
        reply = used.get(url)
        if not is_listing(reply):
            yield from articles_in(reply, used)
            return
        for entry in entries(reply, used, selection or Selection()):
            try:
                yield from read_entry(entry, used.get(entry.url), used)
            except FetchError as error:
                yield Failure(entry.url, str(error))


def read_entry(
    entry: Entry, reply: Reply, fetcher: Fetcher, columns: Columns | None = None
) -> Iterator[Article | Failure]:
    """The article of an entry's page; what the page does not say itself is taken from the feed."""
    for item in articles_in(reply, fetcher, columns):
        yield item if isinstance(item, Failure) else completed(item, entry)


def completed(article: Article, entry: Entry) -> Article:
    """The article with what the feed knows of it where it says nothing itself."""
    return replace(
        article,
        published=article.published or entry.published,
        author=article.author or entry.author,
        topics=article.topics or entry.topics,
    )


def articles_in(reply: Reply, fetcher: Fetcher, columns: Columns | None = None) -> Iterator[Article | Failure]:
    """The articles of a page or document that has been fetched; a page's further parts are fetched and joined to it."""
    name = _name(reply)
    if not name.endswith(".html"):
        yield from read_document(reply.body, name, reply.url, columns)
        return
    first, *parts = [_article(page) for page in _parts(reply, fetcher)]
    texts = [first.text, *(part.text for part in parts if part.text not in first.text)]
    yield replace(first, text="\n\n".join(texts))


def _name(reply: Reply) -> str:
    """A file name for the document, for its ending. The type that the server names decides, unless it says nothing."""
    path = urlsplit(reply.url).path
    by_name = _NAMED.search(path)
    if reply.content_type in _SUFFIXES and not (by_name and reply.content_type == "text/plain"):
        return "document" + _SUFFIXES[reply.content_type]
    if by_name:
        return "document" + by_name[0].lower()
    if reply.body[:1024].lstrip().lower().startswith((b"<!doctype html", b"<html")):
        return "document.html"
    kind = reply.content_type or "of an unknown kind"
    raise ReadError(f"{reply.url} is no article, feed, sitemap or document ({kind}): give the address of one")


def _article(reply: Reply) -> Article:
    """The page's article, as that of its own address.

    Raises:
        ReadError: there is none in it.
    """
    (found,) = read_document(in_utf8(reply.body, reply.charset), "document.html", reply.url)
    if isinstance(found, Failure):
        raise ReadError(found.reason)
    return at_address(found, reply.url)


def _parts(reply: Reply, fetcher: Fetcher) -> Iterator[Reply]:
    """The pages of one article, in order."""
    seen: set[str] = set()
    page: Reply | None = reply
    while page is not None and len(seen) < _MOST_PAGES:
        seen.add(page.url)
        whole, following = _further(page, reply.url)
        if whole and whole not in seen and page is reply:
            seen.add(whole)
            yield replace(fetcher.get(whole), url=reply.url)
            return
        yield page
        page = fetcher.get(following) if following and following not in seen else None


def _further(reply: Reply, first: str) -> tuple[str | None, str | None]:
    """Addresses of the whole article on one page, and of its next page, where the page links to them."""
    from trafilatura import load_html

    tree: Any = load_html(reply.body)
    whole = following = None
    for link in tree.iter("a", "link") if tree is not None else ():
        target = urljoin(reply.url, link.get("href") or "").partition("#")[0]
        if not _is_part(target, first):
            continue
        query = parse_qs(urlsplit(target).query)
        if any(query.get(name) == [value] for name, value in _ALL_PAGES.items()):
            whole = whole or target
        elif "next" in (link.get("rel") or "").lower().split():
            following = following or target
    return whole, following


def _is_part(url: str, first: str) -> bool:
    """Whether ``url`` can be a part of the article at ``first``: the same path, or a page's number behind it."""
    one, other = urlsplit(first), urlsplit(url)
    base = one.path.rstrip("/")
    rest = other.path.rstrip("/")
    numbered = rest.startswith(base) and re.fullmatch(r"(?:/(?:page/)?\d{1,2})?", rest[len(base) :])
    return (one.scheme, one.netloc) == (other.scheme, other.netloc) and bool(base and numbered)
