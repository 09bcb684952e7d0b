"""The panel with what is indexed, and the form that limits it and the questions with it."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from itertools import islice

from assistant.wording import Language
from index.types import Article, Coverage, IngestReport

from .markup import article_button, notice, panel, said
from .session import Session
from .strings import number, say

__all__ = ["library_panel", "report_lines"]

_LISTED = 200


def library_panel(session: Session, articles: Iterable[Article], coverage: Coverage) -> str:
    """The list of indexed articles and the form that limits it, and the questions with it.

    Args:
        session: whose panel.
        articles: those within the limits, newest first; only the first are listed.
        coverage: what the whole index covers.
    """
    language, wanted = session.language, session.filter
    form = f"""<form class="limit" data-action="limit"><fieldset><legend>{said(language, "limit")}</legend>
<label>{said(language, "since")} <input type="date" name="since" value="{wanted.since or ""}"></label>
<label>{said(language, "until")} <input type="date" name="until" value="{wanted.until or ""}"></label>
{_choice("publisher", coverage.publishers, wanted.publishers, language)}
{_choice("topic", coverage.topics, wanted.topics, language)}
<button type="submit">{said(language, "apply")}</button></fieldset></form>"""
    listed = list(islice(articles, _LISTED + 1))
    key = "articles_listed" if len(listed) <= _LISTED else "articles_latest"
    listed = listed[:_LISTED]
    count = said(language, key, articles=number(len(listed), language))
    rows = "".join(f"<li>{article_button(article, language, 'article', id=article.id)}</li>" for article in listed)
    body = (
        f'<p class="count">{count}</p><ul class="articles">{rows}</ul>'
        if rows
        else f"<p>{said(language, 'none_match')}</p>"
    )
    return panel(session, said(language, "library"), f"{notice(session)}{form}{body}")


def report_lines(report: IngestReport, language: Language) -> tuple[str, ...]:
    """What indexing articles did: how many came in, and which failed and why."""
    lines = [say(language, "seeded", articles=number(len(report.added) + len(report.updated), language))]
    if report.failed:
        lines.append(say(language, "seed_failed", articles=number(len(report.failed), language)))
    return (*lines, *(f"{failure.source}: {failure.reason}" for failure in report.failed))


def _choice(name: str, counts: dict[str, int], chosen: frozenset[str], language: Language) -> str:
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
