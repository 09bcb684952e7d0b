"""The pieces of HTML that every part of the page is made of. Everything that others wrote is escaped.

Elements that do something carry ``data-action`` and what else the action needs as ``data-*``; ``page.js`` hands these
to the server, where ``page.actions`` treats them as what they are: input from outside.
"""

from __future__ import annotations

from html import escape

from assistant.wording import Language, source_label
from index.types import Article, IngestReport

from .messages import translated
from .session import Session
from .strings import number, say

_FAILURES = 50  # listed; more would tell no more

__all__ = ["article_button", "button", "link_button", "notice", "panel", "progress_bar", "report", "said"]


def said(language: Language, key: str, **values: str) -> str:
    """The page's words for ``key``, escaped."""
    return escape(say(language, key, **values))


def button(label: str, action: str, *, css: str = "", name: str = "", **data: str) -> str:
    """A button that says ``label``, which is plain text, and does ``action``.

    Args:
        label: what stands on it.
        action: what it does.
        css: its classes.
        name: what a screen reader calls it, and its tooltip, where the label alone does not say it.
        data: what else the action needs.
    """
    classes = f' class="{css}"' if css else ""
    named = f' aria-label="{escape(name)}" title="{escape(name)}"' if name else ""
    return f'<button type="button"{classes}{named} {_data(action, data)}>{escape(label)}</button>'


def link_button(content: str, action: str, **data: str) -> str:
    """A button around HTML."""
    return f'<button type="button" {_data(action, data)}>{content}</button>'


def article_button(article: Article, language: Language, action: str, **data: str) -> str:
    """Title, publisher and day of an article, to be opened."""
    label = f"<strong>{escape(article.title)}</strong><small>{escape(source_label(article, language))}</small>"
    return link_button(label, action, **data)


def notice(session: Session) -> str:
    """What the visitor is to know about what was done last; empty without anything."""
    lines = "".join(f"<p>{escape(translated(line, session.language))}</p>" for line in session.notice)
    return f'<div class="notice" role="status">{lines}</div>' if lines else ""


def progress_bar(session: Session) -> str:
    """How many articles have been read of those that are being added; empty while nothing is."""
    if session.progress is None:
        return ""
    language, (done, total) = session.language, session.progress
    if not total:
        words, value = said(language, "fetching", done=number(done, language)), ""
    else:
        words = said(language, "reading", done=number(done, language), total=number(total, language))
        value = f' value="{done}" max="{total}"'
    return f'<label class="progress" role="status">{words}<progress{value}></progress></label>'


def report(session: Session) -> str:
    """What this visitor's last adding did, with the reasons of what failed; empty without any."""
    done = session.report
    if done is None:
        return ""
    lines = "".join(f"<li>{escape(line)}</li>" for line in _report_lines(done, session.language))
    failures = "".join(
        f"<li><strong>{escape(failure.source)}</strong> {escape(translated(failure.reason, session.language))}</li>"
        for failure in done.failed[:_FAILURES]
    )
    failed = f'<ul class="failures">{failures}</ul>' if failures else ""
    return f'<div class="notice" role="status"><ul class="report">{lines}</ul>{failed}</div>'


def panel(session: Session, heading: str, body: str, *, before: str = "") -> str:
    """The panel beside the conversation: its bar with what ``before`` holds and a button that closes it, and a body."""
    language = session.language
    close = said(language, "close")
    return f"""<aside class="panel" lang="{language}" data-kind="{session.panel.kind}" aria-labelledby="panel-heading">
<div class="panel-bar"><h2 id="panel-heading" tabindex="-1">{heading}</h2>{before}
<button type="button" data-action="close" aria-label="{close}" title="{close}">
<span aria-hidden="true">×</span></button></div><div class="panel-body" tabindex="0">{body}</div></aside>"""


def _data(action: str, data: dict[str, str]) -> str:
    return " ".join(f'data-{name}="{escape(value)}"' for name, value in {"action": action, **data}.items())


def _report_lines(report: IngestReport, language: Language) -> tuple[str, ...]:
    """How many came in, were known, or failed."""
    counts = {
        "added": len(report.added),
        "updated": len(report.updated),
        "unchanged": len(report.unchanged),
        "failed": len(report.failed),
    }
    return tuple(
        say(language, f"report_{name}", articles=number(count, language))
        for name, count in counts.items()
        if count or name == "added"
    )
