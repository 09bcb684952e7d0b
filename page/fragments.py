"""What the page shows, as HTML. Pure functions of a session; everything that others wrote is escaped.

Elements that do something carry ``data-action`` and what else the action needs as ``data-*``; ``page.js`` hands these
to the server, where ``page.blocks`` treats them as what they are: input from outside.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from html import escape
from itertools import islice

from assistant.rendering import answer_html, answer_text, article_html
from assistant.types import Answer, Citation
from assistant.wording import Language, format_day, nearest_lines, question_language, source_label
from index.types import Article, Coverage, IngestReport, Passage

from .session import Exchange, Session
from .strings import number, say

__all__ = ["article_panel", "conversation", "header", "library_panel", "limits", "report_lines"]

_NEAREST = 5
_LISTED = 200


def header(session: Session, coverage: Coverage) -> str:
    """The masthead: name, what is indexed, library, language, light or dark."""
    language = session.language
    other: Language = "en" if language == "id" else "id"
    status = say(language, "articles_listed", articles=number(coverage.articles, language))
    if coverage.first_day and coverage.last_day:
        status += f" · {format_day(coverage.first_day, language)} – {format_day(coverage.last_day, language)}"
    return f"""<header class="masthead" lang="{language}">
<a class="skip" href="#question" data-action="focus">{_say(language, "skip")}</a>
<div class="brand"><h1>Tanya Berita</h1><p>{_say(language, "tagline")}</p></div>
<p class="status" role="status">{escape(status)}</p>
<nav><button type="button" data-action="library">{_say(language, "library")}</button>
<button type="button" data-action="language" data-language="{other}" lang="{other}"
 aria-label="{_say(language, "switch_language")}">{other.upper()}</button>
<button type="button" data-action="theme" class="theme" aria-label="{_say(language, "theme")}"
 title="{_say(language, "theme")}"><span aria-hidden="true">◐</span></button></nav></header>"""


def conversation(session: Session, coverage: Coverage, seeds: int) -> str:
    """The exchanges so far, or what to do first.

    Args:
        session: whose conversation.
        coverage: what the index covers.
        seeds: how many bundled articles could be added; 0 for none.
    """
    language = session.language
    if session.exchanges:
        turns = "".join(
            _exchange(exchange, place, session, coverage.articles) for place, exchange in enumerate(session.exchanges)
        )
    elif coverage.articles:
        turns = _welcome(session)
    else:
        turns = _first_run(language, seeds)
    state = f'aria-live="polite" aria-busy="{str(session.busy).lower()}"'
    label = _say(language, "conversation")
    return f'<div class="log" lang="{language}" role="log" {state} aria-label="{label}">{turns}</div>'


def _welcome(session: Session) -> str:
    language = session.language
    if session.examples is None:
        body = f'<p class="wait">{_say(language, "examples_wait")}</p>'
    else:
        body = "".join(
            f'<li><button type="button" data-action="ask" data-question="{escape(question)}">{escape(question)}'
            "</button></li>"
            for question in session.examples
        )
        body = f"<h3>{_say(language, 'examples')}</h3><ul>{body}</ul>" if body else ""
    return f"""<section class="welcome"><h2>{_say(language, "welcome")}</h2><p>{_say(language, "promise")}</p>
<div class="examples">{body}</div>{_notice(session)}</section>"""


def _first_run(language: Language, seeds: int) -> str:
    button = (
        f'<p><button type="button" class="primary" data-action="seed">'
        f"{_say(language, 'seed', articles=number(seeds, language))}</button></p>"
        if seeds
        else ""
    )
    return f"""<section class="welcome"><h2>{_say(language, "empty_title")}</h2><p>{_say(language, "empty_how")}</p>
<pre><code>tanya add {_say(language, "empty_folder")}</code></pre>{button}</section>"""


def _notice(session: Session) -> str:
    lines = "".join(f"<p>{escape(line)}</p>" for line in session.notice)
    return f'<div class="notice" role="status">{lines}</div>' if lines else ""


def _exchange(exchange: Exchange, place: int, session: Session, articles: int) -> str:
    language, answer = session.language, exchange.answer
    searched = (
        f'<p class="searched">{_say(language, "searched")} “{escape(answer.query)}”</p>'
        if answer is not None and answer.query != exchange.question
        else ""
    )
    if exchange.problem:
        body = f'<p class="problem" role="alert">{escape(exchange.problem)}</p>'
    elif answer is None or not answer.text:
        searching = _say(language, "searching", articles=number(articles, language))
        data = f'data-searching="{searching}" data-queue="{_say(language, "queued")}"'
        body = "" if exchange.stopped else f'<p class="wait" {data}>{searching}</p>'
    else:
        body = _answer(answer, place, language)
    if exchange.stopped:
        body += f'<p class="stopped">{_say(language, "stopped")}</p>'
    return f"""<section class="turn" data-turn="{place}" aria-label="{_say(language, "question")} {place + 1}">
<h2 class="asked"><span class="sr">{_say(language, "you_asked")}: </span>{escape(exchange.question)}</h2>
{searched}<div class="answer">{body}</div>{_tools(exchange, place, session)}</section>"""


def _answer(answer: Answer, place: int, language: Language) -> str:
    """The answer with its sources, or what it says for want of one with the nearest articles; all to be opened."""
    if answer.found:
        text = answer_html(answer, prefix=f"turn-{place}", sources=False)
        heading, action = "sources", "citation"
        listed = [(citation.article, citation.number) for citation in answer.citations]
    else:
        # The nearest articles stand below as things to open, and so not in the text as well.
        nearest = nearest_lines((passage.article for passage in answer.passages), question_language(answer.question))
        text = answer_html(replace(answer, text=answer.text.removesuffix(nearest).rstrip()), sources=False)
        heading, action = "nearest", "passage"
        first = {passage.article.id: rank for rank, passage in reversed(list(enumerate(answer.passages)))}
        listed = [(answer.passages[rank].article, rank) for rank in sorted(first.values())[:_NEAREST]]
    rows = "".join(
        f"<li>{_article_button(article, language, action=action, number=str(order))}</li>" for article, order in listed
    )
    numbered = "ol" if answer.found else "ul"
    below = f'<h3>{_say(language, heading)}</h3><{numbered} class="articles">{rows}</{numbered}>' if rows else ""
    return text + below


def _tools(exchange: Exchange, place: int, session: Session) -> str:
    if exchange.pending:
        return '<div class="tools"></div>'
    language = session.language
    copy = (
        f'<button type="button" data-action="copy" data-text="{escape(answer_text(exchange.answer))}"'
        f' data-done="{_say(language, "copied")}">{_say(language, "copy")}</button>'
        if exchange.answer is not None
        else ""
    )
    last = (
        f'<button type="button" data-action="retry">{_say(language, "retry")}</button>'
        f'<button type="button" data-action="edit">{_say(language, "edit")}</button>'
        if place == len(session.exchanges) - 1
        else ""
    )
    return f'<div class="tools">{copy}{last}</div>'


def limits(session: Session) -> str:
    """The limits in force, each to be removed by itself; empty without any."""
    language, wanted = session.language, session.filter
    labels = [
        ("since", say(language, "since_day", day=format_day(wanted.since, language)) if wanted.since else ""),
        ("until", say(language, "until_day", day=format_day(wanted.until, language)) if wanted.until else ""),
        ("publishers", ", ".join(sorted(wanted.publishers))),
    ]
    chips = "".join(
        f'<li><button type="button" data-action="unlimit" data-name="{name}"'
        f' aria-label="{_say(language, "remove_limit", limit=label)}">{escape(label)} <span aria-hidden="true">×</span>'
        "</button></li>"
        for name, label in labels
        if label
    )
    return f'<div class="limits"><span>{_say(language, "limited_to")}</span><ul>{chips}</ul></div>' if chips else ""


def article_panel(session: Session, article: Article | None, evidence: Citation | Passage | None) -> str:
    """The whole article with its quoted characters marked by their stored offsets.

    Args:
        session: whose panel; says which answer the article was opened for.
        article: ``None`` if it has been removed meanwhile.
        evidence: the stretch of it that an answer quotes or found nearest.
    """
    language, panel = session.language, session.panel
    if article is None:
        return _panel(session, _say(language, "article"), f'<p class="problem">{_say(language, "article_gone")}</p>')
    heading, context, back = _say(language, "article"), "", ""
    if isinstance(evidence, Citation):
        heading = _say(language, "source", number=str(evidence.number))
        context = _say(language, "for_question", question=session.exchanges[panel.turn].question)
    elif evidence is not None:
        context = _say(language, "near_question", question=session.exchanges[panel.turn].question)
    else:
        back = f'<button type="button" data-action="library">{_say(language, "back")}</button>'
    spans = [(evidence.start, evidence.end)] if evidence is not None else []
    keys = [evidence.span] if isinstance(evidence, Citation) and evidence.span else []
    text = article_html(article, spans, keys=keys, language=language)
    heading = (
        f"<small>{heading} · {escape(source_label(article, language))}</small><span>{escape(article.title)}</span>"
    )
    return _panel(session, heading, f'<p class="context">{context}</p>{text}', before=back)


def library_panel(session: Session, articles: Iterable[Article], publishers: Iterable[str]) -> str:
    """The list of indexed articles and the form that limits it, and the questions with it.

    Args:
        session: whose panel.
        articles: those within the limits, newest first; only the first are listed.
        publishers: all that are indexed.
    """
    language, wanted = session.language, session.filter
    options = "".join(
        f'<option value="{escape(name)}"{" selected" if name in wanted.publishers else ""}>{escape(name)}</option>'
        for name in sorted(publishers)
    )
    form = f"""<form class="limit" data-action="limit"><fieldset><legend>{_say(language, "limit")}</legend>
<label>{_say(language, "since")} <input type="date" name="since" value="{wanted.since or ""}"></label>
<label>{_say(language, "until")} <input type="date" name="until" value="{wanted.until or ""}"></label>
<label>{_say(language, "publisher")} <select name="publisher">
<option value="">{_say(language, "any_publisher")}</option>{options}</select></label>
<button type="submit">{_say(language, "apply")}</button></fieldset></form>"""
    listed = list(islice(articles, _LISTED + 1))
    key = "articles_listed" if len(listed) <= _LISTED else "articles_latest"
    listed = listed[:_LISTED]
    count = _say(language, key, articles=number(len(listed), language))
    rows = "".join(
        f"<li>{_article_button(article, language, action='article', id=article.id)}</li>" for article in listed
    )
    body = (
        f'<p class="count">{count}</p><ul class="articles">{rows}</ul>'
        if rows
        else f"<p>{_say(language, 'none_match')}</p>"
    )
    return _panel(session, _say(language, "library"), f"{_notice(session)}{form}{body}")


def report_lines(report: IngestReport, language: Language) -> tuple[str, ...]:
    """What indexing articles did: how many came in, and which failed and why."""
    lines = [say(language, "seeded", articles=number(len(report.added) + len(report.updated), language))]
    if report.failed:
        lines.append(say(language, "seed_failed", articles=number(len(report.failed), language)))
    return (*lines, *(f"{failure.source}: {failure.reason}" for failure in report.failed))


def _panel(session: Session, heading: str, body: str, *, before: str = "") -> str:
    language = session.language
    return f"""<aside class="panel" lang="{language}" data-kind="{session.panel.kind}" aria-labelledby="panel-heading">
<div class="panel-bar"><h2 id="panel-heading" tabindex="-1">{heading}</h2>{before}
<button type="button" data-action="close" aria-label="{_say(language, "close")}" title="{_say(language, "close")}">
<span aria-hidden="true">×</span></button></div><div class="panel-body" tabindex="0">{body}</div></aside>"""


def _article_button(article: Article, language: Language, **data: str) -> str:
    attributes = "".join(f' data-{name}="{escape(value)}"' for name, value in data.items())
    return (
        f'<button type="button"{attributes}><strong>{escape(article.title)}</strong>'
        f"<small>{escape(source_label(article, language))}</small></button>"
    )


def _say(language: Language, key: str, **values: str) -> str:
    return escape(say(language, key, **values))
