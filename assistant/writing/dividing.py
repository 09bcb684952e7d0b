"""A follow-up, or a question that asks several things, rewritten by the model - and only out of what was said."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from assistant.parts import MOST_PARTS, Part
from assistant.types import Turn
from index.retrieval import LONGEST_QUERY

__all__ = ["parts_from"]

_NUMBERING: Final = re.compile(r"^\s*(?:[-*•]|\(?\d{1,2}[.)]|T:|Q:)\s*")
_THOUGHT: Final = re.compile(r"<think(?:ing)?>.*?(?:</think(?:ing)?>|$)", re.DOTALL | re.IGNORECASE)
_NAMES_AND_FIGURES: Final = re.compile(r"[^\W\d_]*[A-Z][\w'’-]*|\d[\d.,]*")
_OPENS: Final = re.compile(r"^\W*\w+")


def parts_from(reply: str, question: str, history: Sequence[Turn]) -> tuple[Part, ...]:
    """The questions in a model's reply, one a line; none where the reply cannot be trusted.

    It cannot where it has too many lines, an empty or endless one, or a name or figure that was not said before: that
    would search for something nobody asked about.
    """
    lines = [_NUMBERING.sub("", line).strip(" \t\"“”'*`") for line in _THOUGHT.sub("", reply).splitlines()]
    lines = [line for line in lines if line]
    said = " ".join([question, *(f"{turn.question} {turn.answer}" for turn in history)]).casefold()
    usable = 0 < len(lines) <= MOST_PARTS and all(
        len(line) <= LONGEST_QUERY and line.endswith("?") and _only_says(line, said) for line in lines
    )
    if not usable:
        return ()
    if len(lines) == 1:
        return (Part(question, lines[0]),)
    return tuple(Part(line, line) for line in lines)


def _only_says(line: str, said: str) -> bool:
    """Whether every name and figure of the line, its first word apart, has been said."""
    opening = _OPENS.match(line)
    rest = line[opening.end() :] if opening else line
    return all(found.group().casefold().strip(".,") in said for found in _NAMES_AND_FIGURES.finditer(rest))
