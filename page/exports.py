"""A conversation as a file to keep or pass on: Markdown, HTML and JSON, its quotations frozen in it."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from html import escape
from typing import Final, NamedTuple

from assistant.rendering import answer_html, answer_markdown, format_date, plain_markdown
from assistant.wording import Language

from .records import record
from .session import Exchange
from .strings import say

__all__ = ["Export", "exports"]

_NAME = re.compile(r"[^\w]+")
_LONGEST = 50
# Nothing in the file is fetched or run, whatever the articles say and wherever it is opened.
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_STYLE = "body{max-width:42rem;margin:2rem auto;padding:0 1rem;font:1rem/1.6 serif}time{color:#5f5a52;font-size:.9rem}"


class Export(NamedTuple):
    """A file that the page offers: its name, its kind, and an address that holds all of it."""

    name: str
    label: str
    address: str


def exports(conversation: str, exchanges: Sequence[Exchange], language: Language) -> Iterator[Export]:
    """The conversation in every format; the browser saves the file without asking the server again."""
    done = [exchange for exchange in exchanges if not exchange.pending]
    if not done:
        return
    stem = _NAME.sub("-", done[0].question).strip("-").lower()[:_LONGEST].rstrip("-") or "tanya-berita"
    for suffix, label, media, write in _FORMATS:
        data = b64encode(write(conversation, done, language).encode()).decode()
        yield Export(f"{stem}.{suffix}", label, f"data:{media};charset=utf-8;base64,{data}")


def _markdown(_: str, exchanges: Sequence[Exchange], language: Language) -> str:
    parts = [f"# {plain_markdown(exchanges[0].question)}"]
    for exchange in exchanges:
        parts += [f"## {plain_markdown(exchange.question)}", format_date(exchange.asked, language)]
        if exchange.answer is not None and exchange.answer.query != exchange.question:
            parts.append(f"{say(language, 'searched')} {plain_markdown(exchange.answer.query)}")
        if exchange.answer is not None:
            parts.append(answer_markdown(exchange.answer, quotes=True))
        parts += [plain_markdown(end) for end in _endings(exchange, language)]
    return "\n\n".join(parts) + "\n"


def _html(_: str, exchanges: Sequence[Exchange], language: Language) -> str:
    parts = []
    for place, exchange in enumerate(exchanges):
        parts.append(f"<h2>{escape(exchange.question)}</h2><p><time>{format_date(exchange.asked, language)}</time></p>")
        if exchange.answer is not None:
            parts.append(answer_html(exchange.answer, prefix=f"jawaban-{place}"))
        parts += [f"<p>{escape(end)}</p>" for end in _endings(exchange, language)]
    title = escape(exchanges[0].question)
    return (
        f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">'
        f"<title>{title}</title><style>{_STYLE}</style><h1>{title}</h1>{''.join(parts)}</html>\n"
    )


def _json(conversation: str, exchanges: Sequence[Exchange], _: Language) -> str:
    turns = [record(exchange) for exchange in exchanges]
    return json.dumps({"id": conversation, "turns": turns}, ensure_ascii=False, indent=2) + "\n"


def _endings(exchange: Exchange, language: Language) -> list[str]:
    return [*filter(None, (exchange.problem, say(language, "stopped") if exchange.stopped else ""))]


_Write = Callable[[str, Sequence[Exchange], Language], str]
_FORMATS: Final[tuple[tuple[str, str, str, _Write], ...]] = (
    ("md", "Markdown", "text/markdown", _markdown),
    ("html", "HTML", "text/html", _html),
    ("json", "JSON", "application/json", _json),
)
