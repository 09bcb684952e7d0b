"""Answers, citations and articles as HTML."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from html import escape
from itertools import pairwise

from assistant.types import Answer, Citation
from assistant.wording import Language, gloss_label, question_language
from index.types import Article

from .runs import Run, runs
from .sources import format_date, source_line, web_address

__all__ = ["answer_html", "article_html", "citation_html", "glosses_html", "highlight_html"]

Span = tuple[int, int]

_STYLE = (
    "<style>:where(.tb-answer,.tb-article) :where(mark){background:rgb(255 190 0/.3);color:inherit}"
    ":where(.tb-body){white-space:pre-wrap;overflow-wrap:anywhere}"
    ":where(.tb-cite){text-decoration:none}"
    ":where(.tb-source){margin:.4em 0}"
    ":where(.tb-source summary){cursor:pointer}</style>"
)
_ORIGINAL = {"id": "Buka artikel asli", "en": "Open the original article"}


def answer_html(answer: Answer, *, prefix: str | None = None, sources: bool = True) -> str:
    """The answer as HTML: ``<a class="tb-cite" href="#PREFIX-NUMBER">`` for its markers, ``<strong>`` for key parts.

    Args:
        answer: complete or still growing.
        prefix: begins every id, so that several answers share a document; by default made from the content.
        sources: whether the sources stand below, folded, each with its passage and the quotation highlighted in it.
            Following a marker unfolds its source.
    """
    language = question_language(answer.question)
    prefix = escape(prefix or _prefix(answer))
    text = "".join(_html_run(run, prefix, language) for run in runs(answer))
    below = (
        "".join(_source_html(answer, citation, prefix, language) for citation in answer.citations) if sources else ""
    )
    notice = f'<p class="tb-notice" role="note">{escape(answer.notice)}</p>' if answer.notice else ""
    return f'{_STYLE}<div class="tb-answer" lang="{language}"><p>{text}</p>{notice}{below}</div>'


def article_html(
    article: Article,
    spans: Sequence[Span] = (),
    *,
    keys: Sequence[Span] = (),
    prefix: str = "artikel",
    language: Language = "id",
) -> str:
    """The whole article under its title, publisher, date and original address; arguments as of ``highlight_html``."""
    details = [
        article.publisher,
        format_date(article.published, language) if article.published else None,
        article.author,
    ]
    line = ", ".join(escape(detail) for detail in details if detail)
    if address := web_address(article.url):
        line = f"{line}{' · ' if line else ''}{_link(address, _ORIGINAL[language])}"
    return (
        f'{_STYLE}<article class="tb-article"><h3>{escape(article.title)}</h3><p class="tb-meta">{line}</p>'
        f'<div class="tb-body">{highlight_html(article.text, spans, keys=keys, prefix=prefix)}</div></article>'
    )


def highlight_html(text: str, spans: Sequence[Span], *, keys: Sequence[Span] = (), prefix: str | None = None) -> str:
    """``text`` escaped, the characters of ``spans`` in ``<mark>`` and those of ``keys`` in ``<strong>``.

    Spans may overlap and come in any order; what lies outside the text is ignored. With ``prefix``, an empty element
    with the id ``PREFIX-0``, ``PREFIX-1``, ... stands where each span begins, to scroll to. Without its tags the result
    is the escaped text, character by character.
    """
    size = len(text)
    marks = [(max(0, start), min(size, end)) for start, end in spans]
    strong = [(max(0, start), min(size, end)) for start, end in keys]
    edges = {edge for start, end in (*marks, *strong) if start < end for edge in (start, end)}
    pieces: list[str] = []
    for start, end in pairwise(sorted({0, size, *edges})):
        piece = escape(text[start:end])
        if any(left <= start < right for left, right in strong):
            piece = f"<strong>{piece}</strong>"
        if any(left <= start < right for left, right in marks):
            piece = f"<mark>{piece}</mark>"
        if prefix:
            begun = [number for number, (left, right) in enumerate(marks) if left == start < right]
            pieces.extend(f'<span id="{escape(prefix)}-{number}"></span>' for number in begun)
        pieces.append(piece)
    return "".join(pieces)


def citation_html(citation: Citation) -> str:
    """The quotation with its key part in bold, under its number and its article."""
    quote = highlight_html(citation.quote, (), keys=_keys(citation, citation.start))
    return (
        f'{_STYLE}<div class="tb-answer">[{citation.number}] <strong>{escape(source_line(citation, "id"))}</strong>'
        f'<blockquote class="tb-body">{quote}</blockquote>'
        f"{glosses_html(citation)}{_original(citation, 'id')}</div>"
    )


def glosses_html(citation: Citation) -> str:
    """What weekdays and pronouns of the quotation mean, to stand beside it; empty where none needs it."""
    meanings = gloss_label(citation.glosses).strip()
    return f'<p class="tb-gloss">{escape(meanings)}</p>' if meanings else ""


def _html_run(run: Run, prefix: str, language: Language) -> str:
    if run.citation:
        title = escape(f"“{run.citation.quote}” — {source_line(run.citation, language)}")
        return f'<a class="tb-cite" href="#{prefix}-{run.citation.number}" title="{title}">{escape(run.text)}</a>'
    if run.key:
        return f"<strong>{escape(run.text)}</strong>"
    # Line breaks inside a quotation mean nothing; the answer's own make its paragraphs.
    text = escape(run.text)
    return text if run.quoted else text.replace("\n\n", "</p><p>").replace("\n", "<br>")


def _source_html(answer: Answer, citation: Citation, prefix: str, language: Language) -> str:
    """One source, folded. The id is on what is inside, because browsers unfold for a target only then."""
    article = citation.article
    start, end = next(
        (
            (passage.start, passage.end)
            for passage in answer.passages
            if passage.article.id == article.id and passage.start <= citation.start and citation.end <= passage.end
        ),
        (citation.start, citation.end),
    )
    passage = highlight_html(
        article.text[start:end],
        [(citation.start - start, citation.end - start)],
        keys=_keys(citation, start),
    )
    return (
        f'<details class="tb-source"><summary>[{citation.number}] {escape(source_line(citation, language))}</summary>'
        f'<blockquote class="tb-body" id="{prefix}-{citation.number}">{passage}</blockquote>'
        f"{glosses_html(citation)}{_original(citation, language)}</details>"
    )


def _keys(citation: Citation, start: int) -> list[tuple[int, int]]:
    """The span that answers, if one is known, as offsets from ``start``."""
    return [(citation.span[0] - start, citation.span[1] - start)] if citation.span else []


def _original(citation: Citation, language: Language) -> str:
    """A link to the article where it was published; empty where that has no address."""
    address = web_address(citation.article.url)
    return f"<p>{_link(address, _ORIGINAL[language])}</p>" if address else ""


def _prefix(answer: Answer) -> str:
    places = [(citation.article.id, citation.start, citation.end) for citation in answer.citations]
    return f"tb-{hashlib.blake2b(repr((answer.question, places)).encode(), digest_size=4).hexdigest()}"


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'
