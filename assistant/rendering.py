"""An ``Answer`` as HTML, Markdown and plain text, and an article with exact characters highlighted.

The page, Jupyter and the command line share this. Everything that articles, questions and models wrote is escaped; no
script, image or other remote thing is ever part of the output, and links lead to http(s) addresses only. Colours are
inherited and highlights are translucent, so that the HTML reads in light and dark surroundings; its few style rules
have no specificity, so that any style sheet may replace them.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from html import escape
from itertools import pairwise
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from index.types import Article

from .types import Answer, Citation
from .wording import Language, copies_label, format_day, gloss_label, question_language, source_label

__all__ = [
    "answer_html",
    "answer_markdown",
    "answer_text",
    "article_html",
    "citation_html",
    "citation_markers",
    "format_date",
    "glosses_html",
    "highlight_html",
    "plain_markdown",
]

Span = tuple[int, int]

_STYLE = (
    "<style>:where(.tb-answer,.tb-article) :where(mark){background:rgb(255 190 0/.3);color:inherit}"
    ":where(.tb-body){white-space:pre-wrap;overflow-wrap:anywhere}"
    ":where(.tb-cite){text-decoration:none}"
    ":where(.tb-source){margin:.4em 0}"
    ":where(.tb-source summary){cursor:pointer}</style>"
)
_SOURCES = {"id": "Sumber", "en": "Sources"}
_ORIGINAL = {"id": "Buka artikel asli", "en": "Open the original article"}
_ZONES = {7.0: "WIB", 8.0: "WITA", 9.0: "WIT"}  # Indonesia's own, by hours from UTC
_MARKER = re.compile(r"\[(\d{1,3})\]")
_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&$!@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_MARKDOWN_BLOCK = re.compile(r"^( ?\d*)([-+=.)])")
_SPACE = re.compile(r"\s+")


class _Run(NamedTuple):
    """A stretch of an answer's text: its own words, a part of a quotation, or the marker of a citation."""

    text: str
    quoted: bool = False
    key: bool = False
    citation: Citation | None = None


def format_date(moment: date, language: Language = "id") -> str:
    """``7 Oktober 2024``; of a ``datetime`` also the time, in its own zone: ``7 Oktober 2024 13.05 WIB``."""
    day = format_day(moment, language)
    if not isinstance(moment, datetime):
        return day
    time = moment.strftime("%H.%M" if language == "id" else "%H:%M")
    offset = moment.utcoffset()
    if offset is None:
        return f"{day} {time}"
    hours = offset.total_seconds() / 3600
    return f"{day} {time} {_ZONES.get(hours) or (f'UTC{hours:+g}' if hours else 'UTC')}"


def answer_text(answer: Answer) -> str:
    """The answer as plain text, its sources below with title, publisher, day and address."""
    language = question_language(answer.question)
    lines = [f"{_SOURCES[language]}:"] if answer.citations else []
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {_source_line(citation, language)}")
        if address := _web_address(citation.article.url):
            lines.append(f"    {address}")
    return "\n\n".join(filter(None, (answer.text, answer.notice, "\n".join(lines))))


def answer_markdown(answer: Answer, *, quotes: bool = False) -> str:
    """The answer as CommonMark: markers link to the original articles, key parts are bold, the sources stand below.

    With ``quotes``, the quoted characters stand below each source.
    """
    language = question_language(answer.question)
    lines = [f"**{_SOURCES[language]}**\n"] if answer.citations else []
    for citation in answer.citations:
        source = _markdown_link(_source_line(citation, language), citation.article)
        lines.append(f"- {plain_markdown(f'[{citation.number}]')} {source}")
        if quotes:
            lines.append(f"  > {plain_markdown(citation.quote)}{plain_markdown(gloss_label(citation.glosses))}")
    text = "".join(map(_markdown_run, _runs(answer)))
    return "\n\n".join(filter(None, (text, plain_markdown(answer.notice), "\n".join(lines))))


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
    text = "".join(_html_run(run, prefix, language) for run in _runs(answer))
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
    if address := _web_address(article.url):
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
    keys = [(citation.span[0] - citation.start, citation.span[1] - citation.start)] if citation.span else []
    article = citation.article
    address = _web_address(article.url)
    original = f"<p>{_link(address, _ORIGINAL['id'])}</p>" if address else ""
    return (
        f'{_STYLE}<div class="tb-answer">[{citation.number}] <strong>{escape(_source_line(citation, "id"))}</strong>'
        f'<blockquote class="tb-body">{highlight_html(citation.quote, (), keys=keys)}</blockquote>'
        f"{glosses_html(citation)}{original}</div>"
    )


def glosses_html(citation: Citation) -> str:
    """What weekdays and pronouns of the quotation mean, to stand beside it; empty where none needs it."""
    meanings = gloss_label(citation.glosses).strip()
    return f'<p class="tb-gloss">{escape(meanings)}</p>' if meanings else ""


def citation_markers(answer: Answer) -> Iterator[tuple[int, int, Citation]]:
    """Where the markers stand: ``answer.text[start:end]`` is ``[1]`` for the citation with number 1."""
    position = 0
    for run in _runs(answer):
        end = position + len(run.text)
        if run.citation:
            yield position, end, run.citation
        position = end


def _runs(answer: Answer) -> Iterator[_Run]:
    """The answer's text in runs. Markers are sought outside quotations only: an article may hold a "[1]" of its own."""
    cited = {citation.number: citation for citation in answer.citations}
    position = 0
    for claim in answer.claims:
        start = answer.text.find(claim.text, position) if claim.quoted and claim.text else -1
        if start < 0:
            continue
        yield from _own_words(answer.text[position:start], cited)
        position = start + len(claim.text)
        sources = [cited[number] for number in claim.citations if number in cited]
        yield from _quotation(claim.text, next((source for source in sources if source.span), None))
    yield from _own_words(answer.text[position:], cited)


def _own_words(text: str, cited: Mapping[int, Citation]) -> Iterator[_Run]:
    position = 0
    for marker in _MARKER.finditer(text):
        if citation := cited.get(int(marker[1])):
            yield _Run(text[position : marker.start()])
            yield _Run(marker.group(), citation=citation)
            position = marker.end()
    yield _Run(text[position:])


def _quotation(text: str, citation: Citation | None) -> Iterator[_Run]:
    if citation is None or citation.span is None:
        yield _Run(text, quoted=True)
        return
    start, end = (offset - citation.start for offset in citation.span)
    yield _Run(text[:start], quoted=True)
    yield _Run(text[start:end], quoted=True, key=True)
    yield _Run(text[end:], quoted=True)


def _html_run(run: _Run, prefix: str, language: Language) -> str:
    if run.citation:
        title = escape(f"“{run.citation.quote}” — {_source_line(run.citation, language)}")
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
        keys=[(citation.span[0] - start, citation.span[1] - start)] if citation.span else [],
    )
    address = _web_address(article.url)
    original = f"<p>{_link(address, _ORIGINAL[language])}</p>" if address else ""
    return (
        f'<details class="tb-source"><summary>[{citation.number}] {escape(_source_line(citation, language))}</summary>'
        f'<blockquote class="tb-body" id="{prefix}-{citation.number}">{passage}</blockquote>'
        f"{glosses_html(citation)}{original}</details>"
    )


def _prefix(answer: Answer) -> str:
    places = [(citation.article.id, citation.start, citation.end) for citation in answer.citations]
    return f"tb-{hashlib.blake2b(repr((answer.question, places)).encode(), digest_size=4).hexdigest()}"


def _source_line(citation: Citation, language: Language) -> str:
    article = citation.article
    label = source_label(article, language)  # begins with the title where no publisher is known
    line = f"{article.title} — {label}" if article.publisher else label
    return line + copies_label(article, citation.copies, language)


def _link(address: str, text: str) -> str:
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(text)}</a>'


def _web_address(url: str | None) -> str | None:
    """The address if it leads to a web page, percent-encoded where needed; anything else is no link."""
    try:
        address = quote((url or "").strip(), safe="/:?#[]@!$&'()*+,;=%")
        parts = urlsplit(address)
    except ValueError:  # a malformed address is shown as no link at all
        return None
    return address if parts.scheme in {"http", "https"} and parts.netloc else None


def plain_markdown(text: str) -> str:
    """Any text as one line of CommonMark that shows it as it is.

    Every character that CommonMark or its common extensions would read as markup is escaped.
    """
    line = _MARKDOWN.sub(r"\\\g<0>", _SPACE.sub(" ", text))
    return _MARKDOWN_BLOCK.sub(r"\1\\\2", line)


def _markdown_link(text: str, article: Article) -> str:
    address = _web_address(article.url)
    return f"[{plain_markdown(text)}](<{address}>)" if address else plain_markdown(text)


def _markdown_run(run: _Run) -> str:
    if run.citation:
        return _markdown_link(run.text, run.citation.article)
    if run.key:
        return f"**{plain_markdown(run.text)}**"
    # Two spaces make a line break where the answer breaks a line; inside a quotation line breaks mean nothing.
    return plain_markdown(run.text) if run.quoted else "  \n".join(map(plain_markdown, run.text.split("\n")))
