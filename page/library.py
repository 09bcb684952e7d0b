"""The panel with what is indexed: searched, limited, drawn over time, added to and removed from."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from html import escape
from itertools import islice
from typing import NamedTuple

from assistant.wording import Language
from index.types import Article, Coverage

from .markup import article_button, button, notice, panel, progress_bar, report, said
from .session import Session
from .strings import number, say
from .timeline import timeline

__all__ = ["Holdings", "Uploads", "library_panel"]

_LISTED = 200


class Holdings(NamedTuple):
    """What the library shows.

    ``articles`` are those within the limits, newest first, or those found by the words that were searched, nearest
    first; ``days`` how many within the limits are from which day; ``coverage`` what the whole index holds.
    """

    articles: Iterable[Article]
    days: Mapping[date, int]
    coverage: Coverage


class Uploads(NamedTuple):
    """What visitors may add at a time: kinds of files by suffix, how many, how large."""

    suffixes: tuple[str, ...]
    files: int
    megabytes: int


def library_panel(session: Session, holdings: Holdings, uploads: Uploads | None = None) -> str:
    """The list of indexed articles, and the forms that search it, limit it, and add to it.

    Args:
        session: whose panel.
        holdings: what is listed.
        uploads: what may be added; ``None`` where nothing may be.
    """
    language = session.language
    words = session.panel.words
    if not holdings.coverage.articles:
        body = f"{_add(session, uploads, first=True)}{notice(session)}{report(session)}"
        return panel(session, said(language, "library"), f"{body}<p>{said(language, 'empty_title')}.</p>")
    label = said(language, "find")
    search = f"""<form data-action="find" role="search"><label><span class="sr">{label}</span>
<input type="search" name="words" value="{escape(words)}" maxlength="200" placeholder="{label}"></label>
<button type="submit">{said(language, "find_go")}</button></form>"""
    plot = "" if words else timeline(holdings.days, language)
    body = f"""{_add(session, uploads)}{notice(session)}{report(session)}{search}{plot}
{_limits(session, holdings.coverage)}{_list(holdings.articles, words, language)}"""
    return panel(session, said(language, "library"), body)


def _add(session: Session, uploads: Uploads | None, *, first: bool = False) -> str:
    """Where files are dropped and addresses given; the input that files go to is Gradio's own.

    Unfolded where there is nothing else to see in the library: the ``first`` articles are to come.
    """
    language = session.language
    if uploads is None:
        return ""
    kinds = ", ".join(suffix.removeprefix(".") for suffix in uploads.suffixes)
    many = said(language, "too_many", count=number(uploads.files, language))
    large = said(language, "too_large", name="#", size=number(uploads.megabytes, language))
    accept = ",".join(uploads.suffixes)
    opened = " open" if first else ""
    return f"""{progress_bar(session)}<details class="add"{opened}><summary>{said(language, "add")}</summary>
<div class="drop" data-accept="{accept}" data-files="{uploads.files}"
 data-bytes="{uploads.megabytes * 1_000_000}" data-too-many="{many}" data-too-large="{large}"
 data-uploading="{said(language, "uploading")}">{button(say(language, "add_files"), "choose-files")}
<span>{said(language, "drop_files")}</span><small role="status">{kinds}</small></div>
<form data-action="fetch"><label><span class="sr">{said(language, "add_url")}</span>
<input type="url" name="url" required pattern="https?://.+" maxlength="2000" placeholder="{said(language, "add_url")}">
</label><button type="submit">{said(language, "add_url_go")}</button></form></details>"""


def _limits(session: Session, coverage: Coverage) -> str:
    language, wanted = session.language, session.filter
    opened = " open" if wanted else ""
    return f"""<details class="limit"{opened}><summary>{said(language, "limit")}</summary>
<form data-action="limit"><fieldset><legend class="sr">{said(language, "limit")}</legend>
<label>{said(language, "since")} <input type="date" name="since" value="{wanted.since or ""}"></label>
<label>{said(language, "until")} <input type="date" name="until" value="{wanted.until or ""}"></label>
{_choice("publisher", coverage.publishers, wanted.publishers, language)}
{_choice("topic", coverage.topics, wanted.topics, language)}
<button type="submit">{said(language, "apply")}</button></fieldset></form></details>"""


def _list(articles: Iterable[Article], words: str, language: Language) -> str:
    listed = list(islice(articles, _LISTED + 1))
    key = "articles_found" if words else "articles_listed" if len(listed) <= _LISTED else "articles_latest"
    listed = listed[:_LISTED]
    if not listed:
        return f"<p>{said(language, 'none_match')}</p>"
    count = said(language, key, articles=number(len(listed), language))
    rows = "".join(f"<li>{article_button(article, language, 'article', id=article.id)}</li>" for article in listed)
    return f'<p class="count" role="status">{count}</p><ul class="articles">{rows}</ul>'


def _choice(name: str, counts: Mapping[str, int], chosen: frozenset[str], language: Language) -> str:
    """One of the names that articles carry, or any; nothing where there is no choice to be made."""
    if len(counts) < 2 and not chosen:
        return ""
    options = "".join(
        f'<option value="{escape(value)}"{" selected" if value in chosen else ""}>{escape(value)}'
        f" ({number(count, language)})</option>"
        for value, count in sorted(counts.items())
    )
    return f"""<label>{said(language, name)} <select name="{name}">
<option value="">{said(language, f"any_{name}")}</option>{options}</select></label>"""
