"""The panel in which a visitor says how answers are to be, and sees what gives them."""

from __future__ import annotations

from html import escape

from assistant.wording import Language, format_day

from .markup import button, panel, said
from .session import Session
from .status import Status
from .strings import number, say

__all__ = ["preferences_panel"]


def preferences_panel(session: Session, status: Status) -> str:
    """What can be chosen, and the state of things. Nothing secret is among either."""
    language, choice = session.language, session.choice
    groups = [
        _group(language, "precision", ("usual", "careful"), chosen=int(choice.careful)),
        _group(language, "length", ("full", "brief"), chosen=int(choice.brief)),
    ]
    if status.chat_model:
        groups.append(_group(language, "answers_by", ("model", "reader"), chosen=int(choice.reader)))
    form = f'<form class="choices" data-action="choose" data-live>{"".join(groups)}</form>'
    look = f"<p>{button(say(language, 'theme'), 'theme', css='quiet')}</p>"
    return panel(session, said(language, "preferences"), f"{form}{look}{_state(session, status)}")


def _group(language: Language, name: str, options: tuple[str, ...], *, chosen: int) -> str:
    rows = []
    for place, option in enumerate(options):
        label, how = said(language, f"{name}_{option}"), said(language, f"{name}_{option}_how")
        checked = " checked" if place == chosen else ""
        rows.append(
            f'<label><input type="radio" name="{name}" value="{option}"{checked}>'
            f"<span>{label}<small>{how}</small></span></label>"
        )
    return f"<fieldset><legend>{said(language, name)}</legend>{''.join(rows)}</fieldset>"


def _state(session: Session, status: Status) -> str:
    language, coverage = session.language, status.coverage
    period = ""
    if coverage.first_day and coverage.last_day:
        period = f"{format_day(coverage.first_day, language)} – {format_day(coverage.last_day, language)}"
    rows = (
        ("state_model", status.answers(session)),
        ("state_articles", number(coverage.articles, language)),
        ("state_passages", number(coverage.chunks, language)),
        ("state_period", period),
        ("state_updated", format_day(status.updated, language) if status.updated else ""),
    )
    listed = "".join(f"<dt>{said(language, key)}</dt><dd>{escape(value)}</dd>" for key, value in rows if value)
    return f'<section class="state"><h3>{said(language, "state")}</h3><dl>{listed}</dl></section>'
