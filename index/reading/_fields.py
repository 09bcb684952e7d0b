"""Named values - of a table's row, a JSON object, front matter, linked data - as the fields of an article."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from index.errors import ReadError
from index.reading._draft import Draft
from index.reading.dates import parse_date

__all__ = ["TEXT_NAMES", "Columns", "checked_columns", "draft_from", "fields_of", "has_text", "renamed"]

# The usual names in Indonesian and English, in lower case without marks ("published_at" -> "publishedat"), the most
# telling first: where an object has several, the first that holds something is taken.
_NAMES: dict[str, tuple[str, ...]] = {
    "title": ("judul", "title", "headline", "judulberita", "judulartikel", "newstitle"),
    "text": (
        *("isi", "text", "teks", "content", "konten", "body", "isiberita", "isiartikel", "naskah", "articlebody"),
        *("articletext", "fulltext", "paragraphs", "paragraf", "berita", "artikel"),
    ),
    "published": (
        *("published", "publishedat", "publisheddate", "datepublished", "publishdate", "pubdate", "tanggalterbit"),
        *("tanggalpublikasi", "tanggalrilis", "tanggal", "tgl", "date", "waktuterbit", "datetime", "timestamp"),
        *("waktu", "time"),
    ),
    "updated": ("updated", "updatedat", "datemodified", "modified", "diperbarui", "tanggaldiperbarui", "lastmodified"),
    "url": ("url", "tautan", "link", "canonicalurl", "canonical", "permalink", "mainentityofpage", "sumber", "source"),
    "publisher": ("penerbit", "publisher", "media", "namamedia", "sitename", "situs", "portal", "sumber", "source"),
    "author": ("penulis", "author", "authors", "pewarta", "reporter", "wartawan", "jurnalis", "byline", "creator"),
    "editor": ("editor", "redaktur", "penyunting"),
    "language": ("bahasa", "language", "lang", "inlanguage"),
    "topics": (
        *("topik", "topics", "topic", "tags", "tag", "kategori", "category", "categories", "keywords", "katakunci"),
        *("kanal", "rubrik", "section", "articlesection"),
    ),
}
TEXT_NAMES = ("isi", "text", "content", "body", "paragraphs")
"""Those to name in a message to someone whose table has none of them."""

Columns = Mapping[str, str]
"""Which column (or key) of a table holds which field of an article: {"text": "isi_lengkap", ...}."""

_DEPTH = 3  # paragraphs of sentences of words


def checked_columns(columns: Columns) -> Columns:
    """The columns themselves.

    Raises:
        ReadError: one is said to hold a field that articles do not have.
    """
    unknown = [field for field in columns if field not in _NAMES]
    if unknown:
        raise ReadError(f"articles have no field {', '.join(unknown)}: map columns to {', '.join(_NAMES)}")
    return columns


def renamed(names: Iterable[Any], columns: Columns) -> list[Any]:
    """The names of a table's columns, those in ``columns`` as the name that is looked for first."""
    usual = {column: _NAMES[field][0] for field, column in columns.items()}
    taken = {_plain(name) for name in usual.values()}
    return [usual.get(name) or (f"other {name}" if _plain(name) in taken else name) for name in names]


def fields_of(values: Mapping[Any, Any]) -> dict[str, Any]:
    """The values by the field of Article that their name means; names that mean none are left out."""
    named = {_plain(name): value for name, value in values.items() if value not in (None, "", [], {})}
    fields = {}
    for field, names in _NAMES.items():
        for name in names:
            # "source" may be the newsroom or the address
            if name in named and not (field == "publisher" and str(named[name]).startswith(("http://", "https://"))):
                fields[field] = named[name]
                break
    return fields


def has_text(names: Iterable[Any]) -> bool:
    """Whether one of the names means an article's text."""
    return not {_plain(name) for name in names}.isdisjoint(_NAMES["text"])


def _plain(name: object) -> str:
    """ "Published_At" -> "publishedat"."""
    return "".join(filter(str.isalnum, str(name).casefold()))


def draft_from(values: Mapping[Any, Any], *, text: str | None = None, headline: bool = False) -> Draft:
    """The values as a draft. ``text`` is the body where it stands elsewhere than among the values."""
    fields = fields_of(values)
    return Draft(
        text=_prose(fields.get("text")) if text is None else text,
        title=_phrase(fields.get("title")),
        url=_phrase(fields.get("url")),
        publisher=_phrase(fields.get("publisher")),
        author=_phrase(fields.get("author")),
        editor=_phrase(fields.get("editor")),
        published=_date(fields.get("published")),
        updated=_date(fields.get("updated")),
        language=_phrase(fields.get("language")),
        topics=_topics(fields.get("topics")),
        headline=headline,
    )


def _prose(value: Any, depth: int = 0) -> str:  # noqa: ANN401 - a value out of JSON
    """Text, or lists of it: the items of the outermost list are paragraphs, those of lists within stand in a line."""
    if isinstance(value, Mapping):
        value = value.get("text") or value.get("rendered") or value.get("isi") or ""
    if isinstance(value, list) and depth < _DEPTH:
        parts = (_prose(item, depth + 1) for item in value)
        return ("\n\n" if depth == 0 else " ").join(part for part in parts if part)
    return value if isinstance(value, str) else ""


def _phrases(value: Any) -> list[str]:  # noqa: ANN401
    items = value if isinstance(value, list) else [value]
    named = (
        item.get("name") or item.get("nama") or item.get("@id") if isinstance(item, Mapping) else item for item in items
    )
    return [str(item) for item in named if isinstance(item, str | int | float) and str(item).strip()]


def _phrase(value: Any) -> str | None:  # noqa: ANN401
    """A name or several, or the "name" of an object (as linked data has it), in one line."""
    return ", ".join(_phrases(value)) or None


def _topics(value: Any) -> tuple[str, ...]:  # noqa: ANN401
    if isinstance(value, str):
        mark = next((mark for mark in ";|" if mark in value), ",")
        return tuple(value.split(mark))
    return tuple(_phrases(value))


def _date(value: Any) -> date | None:  # noqa: ANN401
    return parse_date(value) if isinstance(value, str | int | float) else None
