"""An answer as CommonMark."""

from __future__ import annotations

import re

from assistant.types import Answer
from assistant.wording import gloss_label, question_language
from index.types import Article

from .runs import Run, runs
from .sources import SOURCES, source_line, web_address

__all__ = ["answer_markdown", "plain_markdown"]

_MARKDOWN = re.compile(r"[\\`*_{}\[\]<>#|~&$!@]|:(?=//)|(?<=\bwww)\.", re.IGNORECASE)
_MARKDOWN_BLOCK = re.compile(r"^( ?\d*)([-+=.)])")
_SPACE = re.compile(r"\s+")


def answer_markdown(answer: Answer, *, quotes: bool = False) -> str:
    """The answer as CommonMark: markers link to the original articles, key parts are bold, the sources stand below.

    With ``quotes``, the quoted characters stand below each source.
    """
    language = question_language(answer.question)
    lines = [f"**{SOURCES[language]}**\n"] if answer.citations else []
    for citation in answer.citations:
        source = _markdown_link(source_line(citation, language), citation.article)
        lines.append(f"- {plain_markdown(f'[{citation.number}]')} {source}")
        if quotes:
            lines.append(f"  > {plain_markdown(citation.quote)}{plain_markdown(gloss_label(citation.glosses))}")
    text = "".join(map(_markdown_run, runs(answer)))
    return "\n\n".join(filter(None, (text, plain_markdown(answer.notice), "\n".join(lines))))


def plain_markdown(text: str) -> str:
    """Any text as one line of CommonMark that shows it as it is.

    Every character that CommonMark or its common extensions would read as markup is escaped.
    """
    line = _MARKDOWN.sub(r"\\\g<0>", _SPACE.sub(" ", text))
    return _MARKDOWN_BLOCK.sub(r"\1\\\2", line)


def _markdown_link(text: str, article: Article) -> str:
    address = web_address(article.url)
    return f"[{plain_markdown(text)}](<{address}>)" if address else plain_markdown(text)


def _markdown_run(run: Run) -> str:
    if run.citation:
        return _markdown_link(run.text, run.citation.article)
    if run.key:
        return f"**{plain_markdown(run.text)}**"
    # Two spaces make a line break where the answer breaks a line; inside a quotation line breaks mean nothing.
    return plain_markdown(run.text) if run.quoted else "  \n".join(map(plain_markdown, run.text.split("\n")))
