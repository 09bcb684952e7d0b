"""What every format's reader hands over, and how it becomes an Article."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlsplit

from index.errors import ReadError
from index.reading._text import clean, one_line, opening
from index.reading.dates import WIB, parse_date
from index.reading.wire import read_wire
from index.types import Article

__all__ = ["Draft", "finish"]

_LANGUAGES = {
    "indonesia": "id",
    "bahasa indonesia": "id",
    "indonesian": "id",
    "in": "id",
    "inggris": "en",
    "english": "en",
}
_TITLE_MARK = re.compile(r"\s(?:[-–—|»:]|::)\s")
_URL_DAY = re.compile(r"/(20\d\d)/(\d\d)/(\d\d)/|/(20\d\d)(\d\d)(\d\d)[0-2]\d[0-5]\d[0-5]\d-")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """An article as its file has it: raw text, and the metadata that the format names."""

    text: str
    title: str | None = None
    url: str | None = None
    publisher: str | None = None
    author: str | None = None
    editor: str | None = None
    published: date | None = None
    updated: date | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    headline: bool = False  # whether a short line on top of the text may be its title


def finish(draft: Draft, source: str) -> Article:
    """The draft with its text in normal form and its wire copy understood; what the format names goes first.

    Raises:
        ReadError: there is no text.
    """
    text = clean(draft.text)
    if not text:
        raise ReadError("it has no text: nothing to index")
    publisher = one_line(draft.publisher or "") or None
    title = _without_site(one_line(draft.title or ""), publisher)
    wire = read_wire(text, publisher=publisher, title=title, headline=draft.headline)
    if not wire.text:
        raise ReadError("it holds only a heading or credit lines, no article text: nothing to index")
    url = _web_address(draft.url) or _web_address(wire.url)
    language = _language(draft.language)
    return Article(
        title=title or wire.title or opening(wire.text),
        text=wire.text,
        source=url or source,
        url=url,
        publisher=publisher or wire.publisher,
        author=one_line(draft.author or "") or wire.author,
        editor=one_line(draft.editor or "") or wire.editor,
        published=_at_home(draft.published or wire.published or _day_in(url), language),
        updated=_at_home(draft.updated or wire.updated, language),
        language=language,
        topics=tuple(dict.fromkeys(filter(None, map(one_line, draft.topics or wire.topics)))),
    )


def _web_address(url: str | None) -> str | None:
    """``url`` if it is an absolute http(s) address; anything else would not be a link to the original."""
    url = "".join((url or "").split())
    try:
        parts = urlsplit(url)
    except ValueError:  # "http://[" and the like
        return None
    return clean(url) if parts.scheme in ("http", "https") and parts.netloc else None


def _day_in(url: str | None) -> date | None:
    """The day that news sites put into an article's address: /2024/10/07/ or /20241007130500-."""
    match = _URL_DAY.search(url or "")
    return parse_date("-".join(filter(None, match.groups()))) if match else None


def _at_home(moment: date | None, language: str | None) -> date | None:
    """A time that a page gives in UTC, in the zone of its readers: what appears at 00:30 in Jakarta is that day's."""
    if isinstance(moment, datetime) and language == "id" and not moment.utcoffset():
        return moment.astimezone(WIB)
    return moment


def _without_site(title: str, publisher: str | None) -> str:
    """The title without the site's name at its end ("... - ANTARA News")."""
    *before, last = _TITLE_MARK.split(title)
    if before and publisher and last.casefold() == publisher.casefold():
        return title[: -len(last)].rstrip(" -–—|»:")
    return title


def _language(name: str | None) -> str | None:
    """A language tag ("id-ID", "in", "Bahasa Indonesia") -> its two- or three-letter code."""
    name = one_line(name or "").casefold()
    code = re.split(r"[-_]", _LANGUAGES.get(name, name))[0]
    code = _LANGUAGES.get(code, code)
    return code if re.fullmatch(r"[a-z]{2,3}", code) else None
