"""Messages of the other rooms in the page's language: they are written in English, and most visitors read Indonesian.

The rooms need not know of it. ``messages.toml`` holds each message with gaps where names and figures stand; a message
is recognised by its words, and its gaps are translated too, because an error often quotes another one.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from assistant.wording import Language

__all__ = ["translated"]

_CATALOGUE: Final = Path(__file__).with_name("messages.toml")
_GAP: Final = re.compile(r"\{([a-z]+)\}")  # no JSON: there, a quotation mark follows the brace
_LONGEST: Final = 2_000  # characters; longer ones are somebody's text, not ours
_DEPTH: Final = 3  # errors that quote errors


class _Message(NamedTuple):
    pattern: re.Pattern[str]
    indonesian: str


def translated(message: str, language: Language) -> str:
    """A message as the page shows it: itself in English, and where nobody has translated it."""
    return message if language == "en" else _indonesian(message, _DEPTH)


def _indonesian(message: str, depth: int) -> str:
    if not message or len(message) > _LONGEST:
        return message
    for known in _messages():
        if match := known.pattern.fullmatch(message):
            return _filled(known.indonesian, match.groupdict(), depth)
    return message


def _filled(words: str, gaps: Mapping[str, str], depth: int) -> str:
    return _GAP.sub(lambda gap: _indonesian(gaps[gap[1]], depth - 1) if depth else gaps[gap[1]], words)


@cache
def _messages() -> tuple[_Message, ...]:
    """Those with the most words of their own first: they say most surely what they are."""
    catalogue: dict[str, str] = tomllib.loads(_CATALOGUE.read_text(encoding="utf-8"))
    ranked = sorted(catalogue, key=lambda english: -len(_GAP.sub("", english)))
    return tuple(_Message(_pattern(english), catalogue[english]) for english in ranked)


def _pattern(english: str) -> re.Pattern[str]:
    words = _GAP.split(english)  # text, gap, text, gap, ... text
    parts = (f"(?P<{part}>.*?)" if place % 2 else re.escape(part) for place, part in enumerate(words))
    return re.compile("".join(parts), re.DOTALL)
