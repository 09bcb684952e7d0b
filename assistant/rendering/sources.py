"""How a source is named and dated, and its address where that is safe to follow."""

from __future__ import annotations

from datetime import date, datetime
from urllib.parse import quote, urlsplit

from assistant.types import Citation
from assistant.wording import Language, copies_label, format_day, source_label

__all__ = ["SOURCES", "format_date", "source_line", "web_address"]

SOURCES = {"id": "Sumber", "en": "Sources"}
_ZONES = {7.0: "WIB", 8.0: "WITA", 9.0: "WIT"}  # Indonesia's own, by hours from UTC


def format_date(moment: date, language: Language = "id") -> str:
    """``7 Oktober 2024``; of a ``datetime`` also the time, in its own zone: ``7 Oktober 2024 13.05 WIB``."""
    day = format_day(moment, language)
    if not isinstance(moment, datetime):
        return day
    time = moment.strftime("%H.%M" if language == "id" else "%H:%M")
    offset = moment.utcoffset()
    if offset is None:
        return f"{day} {time}"
    hours = offset.total_seconds() / 3600
    return f"{day} {time} {_ZONES.get(hours) or (f'UTC{hours:+g}' if hours else 'UTC')}"


def source_line(citation: Citation, language: Language) -> str:
    """Title, publisher and day of the article, and who else printed the quotation."""
    article = citation.article
    label = source_label(article, language)  # begins with the title where no publisher is known
    line = f"{article.title} — {label}" if article.publisher else label
    return line + copies_label(article, citation.copies, language)


def web_address(url: str | None) -> str | None:
    """The address if it leads to a web page, percent-encoded where needed; anything else is no link."""
    try:
        address = quote((url or "").strip(), safe="/:?#[]@!$&'()*+,;=%")
        parts = urlsplit(address)
    except ValueError:  # a malformed address is shown as no link at all
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None
