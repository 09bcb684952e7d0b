"""The conversation: questions, answers, and what can be done with them. Pure functions of a session."""

from __future__ import annotations

import json
from dataclasses import replace
from html import escape

from assistant.answering import paragraphs
from assistant.rendering import answer_html, answer_text
from assistant.types import Answer
from assistant.wording import EMPTY_INDEX, Language, nearest_lines, question_language, source_label
from index.types import Article, Coverage

from .icons import icon
from .judgement import checks, disagreements, usage
from .markup import article_button, button, notice, progress_bar, report, said
from .messages import translated
from .records import nearest, record
from .session import REASONS, Exchange, Session
from .strings import number, say

__all__ = ["latest", "past", "welcome"]


def welcome(session: Session, coverage: Coverage, seeds: int, *, writable: bool = True) -> str:
    """What to do first; empty once something has been asked.

    Args:
        session: whose page.
        coverage: what the index covers.
        seeds: how many bundled articles could be added; 0 for none.
        writable: whether visitors may add articles.
    """
    if session.exchanges:
        return ""
    return _welcome(session) if coverage.articles else _first_run(session, seeds, writable)


def past(session: Session) -> str:
    """All exchanges but the last: nothing in them changes while another answer grows."""
    turns = "".join(_exchange(session, place, 0, False) for place in range(len(session.exchanges) - 1))
    label = said(session.language, "conversation")
    return (
        f'<div class="past" lang="{session.language}" data-conversation="{escape(session.id)}"'
        f' role="region" aria-label="{label}">{turns}</div>'
    )


def latest(session: Session, articles: int, *, writable: bool) -> str:
    """The last exchange, as far as it has come; empty before the first.

    Args:
        session: whose conversation.
        articles: how many are searched.
        writable: whether visitors may add articles, and what they think of answers is stored.
    """
    if not session.exchanges:
        return ""
    turn = _exchange(session, len(session.exchanges) - 1, articles, writable)
    label = said(session.language, "answer")
    busy = str(session.busy).lower()
    return (
        f'<div lang="{session.language}" role="log" aria-live="polite" aria-busy="{busy}" aria-label="{label}">'
        f"{turn}</div>"
    )


def _welcome(session: Session) -> str:
    language = session.language
    if session.examples is None:
        body = f'<p class="wait">{said(language, "examples_wait")}</p>'
    else:
        body = _questions(session.examples, said(language, "examples"))
    return f"""<section class="welcome" lang="{language}"><h2>{said(language, "welcome")}</h2>
<p>{said(language, "promise")}</p><div class="questions examples">{body}</div>
{_news(session)}</section>"""


def _first_run(session: Session, seeds: int, writable: bool) -> str:
    language = session.language
    title = f"<h2>{said(language, 'empty_title')}</h2>"
    if not writable:
        return f'<section class="welcome" lang="{language}">{title}<p>{said(language, "empty_read_only")}</p></section>'
    label = say(language, "seed", articles=number(seeds, language))
    offer = button(label, "seed", css="primary") if seeds else ""
    if session.progress is not None:
        offer = progress_bar(session)
    return f"""<section class="welcome" lang="{language}">{title}<p>{said(language, "empty_how")}</p>
<pre><code>tanya add {said(language, "empty_folder")}</code></pre>
<p class="offers">{offer}{button(say(language, "open_library"), "library")}</p>{_news(session)}</section>"""


def _news(session: Session) -> str:
    """What was done last, unless the panel says so."""
    return notice(session) + report(session) if session.panel.kind == "closed" else ""


def _questions(questions: tuple[str, ...], heading: str) -> str:
    """Questions to be asked by choosing them; empty without any."""
    rows = "".join(f"<li>{button(question, 'ask', question=question)}</li>" for question in questions)
    return f"<h3>{heading}</h3><ul>{rows}</ul>" if rows else ""


def _exchange(session: Session, place: int, articles: int, writable: bool) -> str:
    language, exchange = session.language, session.exchanges[place]
    answer = exchange.answer
    if exchange.problem:
        problem = escape(translated(exchange.problem, language))
        body = f'<p class="problem" role="alert">{problem}</p>'
    elif answer is None or not answer.text:
        searching = said(language, "searching", articles=number(articles, language))
        data = f'data-searching="{searching}" data-queue="{said(language, "queued")}"'
        body = "" if exchange.stopped else f'<p class="wait" {data}>{searching}</p>'
    else:
        body = _empty(language, writable) if answer.text in EMPTY_INDEX.values() else ""
        body = body or _answer(answer, place, language, session.choice.brief)
    if exchange.stopped:
        body += f'<p class="stopped">{said(language, "stopped")}</p>'
    last = place == len(session.exchanges) - 1
    kept = "" if exchange.pending else f' data-record="{escape(json.dumps(record(exchange), ensure_ascii=False))}"'
    asked = f'<span class="sr">{said(language, "you_asked")}: </span>{escape(exchange.question)}'
    if answer is not None and not exchange.pending:
        body += usage(answer, language)
    tools = _tools(exchange, language, last, writable) if not exchange.pending else '<div class="tools"></div>'
    return f"""<section class="turn" data-turn="{place}"{kept} aria-label="{said(language, "question")} {place + 1}">
<h2 class="asked">{asked}</h2>{_searched(exchange, language, last)}
<div class="answer">{body}</div>{tools}{_follow_ups(exchange, language) if last else ""}</section>"""


def _searched(exchange: Exchange, language: Language, last: bool) -> str:
    """What was searched, where it is not what was asked; of the last answer to be corrected."""
    answer = exchange.answer
    if answer is None or answer.query == exchange.question:
        return ""
    searched = f"{said(language, 'searched')} “{escape(answer.query)}”"
    if not last or exchange.pending:
        return f'<p class="searched">{searched}</p>'
    return f"""<details class="searched"><summary>{searched} <span>{said(language, "correct")}</span></summary>
<form data-action="search"><label><span class="sr">{said(language, "searched")}</span>
<input name="query" value="{escape(answer.query)}" maxlength="2000" required></label>
<button type="submit">{said(language, "search_again")}</button></form></details>"""


def _answer(answer: Answer, place: int, language: Language, brief: bool) -> str:
    """The answer with its sources, or what it says for want of one with the nearest articles; all to be opened."""
    if answer.found:
        answer = _beside(_brief(answer) if brief else answer)
        text = answer_html(answer, prefix=f"turn-{place}", sources=False) + checks(answer, language)
        text += disagreements(answer, language)
        rows = "".join(
            f'<li data-quote="{escape(citation.quote)}">'
            f"{article_button(citation.article, language, 'citation', number=str(citation.number))}"
            f"{_copies(citation.copies, language)}</li>"
            for citation in answer.citations
        )
        return f'{text}<h3>{said(language, "sources")}</h3><ol class="articles">{rows}</ol>' if rows else text
    # The nearest articles stand below as things to open, and so not in the text as well.
    listed = nearest_lines((passage.article for passage in answer.passages), question_language(answer.question))
    text = answer_html(replace(answer, text=answer.text.removesuffix(listed).rstrip()), sources=False)
    rows = "".join(
        f"<li>{article_button(passage.article, language, 'passage', number=str(rank))}</li>"
        for rank, passage in nearest(answer)
    )
    return f'{text}<h3>{said(language, "nearest")}</h3><ul class="articles">{rows}</ul>' if rows else text


def _brief(answer: Answer) -> Answer:
    """The first statement and the first quotation, with their sources; sources that differ are never left out."""
    kept = answer.claims[:1] if answer.claims and answer.claims[0].quoted else answer.claims[:2]
    numbers = {number for claim in kept for number in claim.citations}
    if answer.disagreement or not numbers:
        return answer
    return replace(
        answer,
        text="\n\n".join(text for text, _ in paragraphs(answer)[: len(kept)]),
        claims=kept,
        citations=tuple(citation for citation in answer.citations if citation.number in numbers),
    )


def _beside(answer: Answer) -> Answer:
    """Without the quotations that stand side by side below, because their sources differ."""
    apart = {number for group in answer.disagreement for number in group}
    first, *others = paragraphs(answer)
    kept = [text for text, claim in others if claim is None or apart.isdisjoint(claim.citations)]
    return replace(answer, text="\n\n".join([first[0], *kept]))


def _empty(language: Language, writable: bool) -> str:
    """What to do about an index without articles."""
    if not writable:
        return f"<p>{said(language, 'empty_read_only')}</p>"
    opener = button(say(language, "open_library"), "library")
    return f'<p>{said(language, "empty_asked")}</p><p class="offers">{opener}</p>'


def _copies(articles: tuple[Article, ...], language: Language) -> str:
    """Where the same text stands too: wire copy is one source, however many carry it."""
    if not articles:
        return ""
    others = ", ".join(button(source_label(article, language), "article", id=article.id) for article in articles)
    return f'<p class="copies">{said(language, "also_in")} {others}</p>'


def _tools(exchange: Exchange, language: Language, last: bool, rated: bool) -> str:
    shown = []
    if exchange.answer is not None:
        copied, done = answer_text(exchange.answer), say(language, "copied")
        shown.append(button(say(language, "copy"), "copy", text=copied, done=done))
    if last:
        shown += [button(say(language, name), name) for name in ("retry", "edit", "undo")]
    rating = _rating(exchange, language) if rated and exchange.answer is not None else ""
    return f'<div class="tools">{"".join(shown)}{rating}</div>'


def _rating(exchange: Exchange, language: Language) -> str:
    """Thumbs up and down; once one is chosen, a form that asks why."""
    given = exchange.rating
    thumbs = "".join(
        f'<button type="button" data-action="rate" data-helpful="{value}" title="{said(language, key)}"'
        f' aria-label="{said(language, key)}" aria-pressed="{str(pressed).lower()}">'
        f"{icon(key)}</button>"
        for value, key, pressed in (
            ("yes", "helpful", given is not None and given.helpful),
            ("no", "not_helpful", given is not None and not given.helpful),
        )
    )
    group = f'<span class="thumbs" role="group" aria-label="{said(language, "rate")}">{thumbs}</span>'
    if given is None:
        return group
    if given.reason or given.comment:
        return f'{group}<p class="thanks" role="status">{said(language, "thanks")}</p>'
    reasons = "" if given.helpful else _reasons(language)
    return f"""{group}<form class="why" data-action="why"><p role="status">{said(language, "stored")}</p>{reasons}
<label><span class="sr">{said(language, "comment")}</span>
<input name="comment" maxlength="500" placeholder="{said(language, "comment")}"></label>
<button type="submit">{said(language, "send")}</button></form>"""


def _reasons(language: Language) -> str:
    options = "".join(f'<option value="{reason}">{said(language, f"reason_{reason}")}</option>' for reason in REASONS)
    return f'<label><span class="sr">{said(language, "reason")}</span><select name="reason">{options}</select></label>'


def _follow_ups(exchange: Exchange, language: Language) -> str:
    listed = _questions(exchange.follow_ups, said(language, "follow_ups"))
    return f'<div class="questions follow-ups">{listed}</div>' if listed else ""
