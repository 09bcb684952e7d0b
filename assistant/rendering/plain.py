"""An answer as plain text."""

from __future__ import annotations

from assistant.types import Answer
from assistant.wording import question_language

from .sources import SOURCES, source_line, web_address

__all__ = ["answer_text"]


def answer_text(answer: Answer) -> str:
    """The answer as plain text, its sources below with title, publisher, day and address."""
    language = question_language(answer.question)
    lines = [f"{SOURCES[language]}:"] if answer.citations else []
    for citation in answer.citations:
        lines.append(f"[{citation.number}] {source_line(citation, language)}")
        if address := web_address(citation.article.url):
            lines.append(f"    {address}")
    return "\n\n".join(filter(None, (answer.text, answer.notice, "\n".join(lines))))
