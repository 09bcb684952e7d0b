"""The top of the page, and the limits in force above the question box."""

from __future__ import annotations

from html import escape

from assistant.wording import Language, format_day

from .icons import icon
from .markup import said
from .session import Session
from .status import Status
from .strings import number, say

__all__ = ["header", "limits"]


def header(session: Session, state: Status) -> str:
    """Name, what answers from what, conversations, library, settings, language, light or dark."""
    language, coverage = session.language, state.coverage
    other: Language = "en" if language == "id" else "id"
    status = say(language, "articles_listed", articles=number(coverage.articles, language))
    if coverage.first_day and coverage.last_day:
        status += f" · {format_day(coverage.first_day, language)} – {format_day(coverage.last_day, language)}"
    answers = state.answers(session)
    if state.updated:
        answers += f" · {say(language, 'updated', day=format_day(state.updated, language))}"
    tabs = "".join(_tab(session, kind) for kind in ("conversations", "library", "preferences"))
    return f"""<header class="masthead" lang="{language}">
<a class="skip" href="#question" data-action="focus">{said(language, "skip")}</a>
<div class="brand"><h1>Tanya Berita</h1><p>{said(language, "tagline")}</p></div>
<p class="status" role="status">{escape(status)}<br>{escape(answers)}</p>
<nav aria-label="{said(language, "menu")}">{tabs}
<button type="button" data-action="language" data-language="{other}" lang="{other}"
 aria-label="{said(language, "switch_language")}">{other.upper()}</button>
<button type="button" data-action="theme" class="round" aria-label="{said(language, "theme")}"
 title="{said(language, "theme")}"><span aria-hidden="true">◐</span></button></nav></header>"""


def _tab(session: Session, kind: str) -> str:
    """Opens one of the panels that belong to the whole page; an icon on phones."""
    label = said(session.language, kind)
    opened = str(session.panel.kind == kind).lower()
    return (
        f'<button type="button" data-action="{kind}" aria-expanded="{opened}">'
        f'{icon(kind)}<span class="label">{label}</span></button>'
    )


def limits(session: Session) -> str:
    """The limits in force, each to be removed by itself; empty without any."""
    language, wanted = session.language, session.filter
    labels = [
        ("since", say(language, "since_day", day=format_day(wanted.since, language)) if wanted.since else ""),
        ("until", say(language, "until_day", day=format_day(wanted.until, language)) if wanted.until else ""),
        ("publishers", ", ".join(sorted(wanted.publishers))),
        ("topics", ", ".join(sorted(wanted.topics))),
    ]
    chips = "".join(
        f'<li><button type="button" data-action="unlimit" data-name="{name}"'
        f' aria-label="{said(language, "remove_limit", limit=label)}">{escape(label)} <span aria-hidden="true">×</span>'
        "</button></li>"
        for name, label in labels
        if label
    )
    return f'<div class="limits"><span>{said(language, "limited_to")}</span><ul>{chips}</ul></div>' if chips else ""
