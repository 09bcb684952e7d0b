"""The one repair round: the model is shown which of its statements are not supported, and mends or drops them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from assistant.types import Support
from assistant.wording import Language

from .grounding import Grounded, ground
from .sources import Sources
from .statements import StatementParser

__all__ = ["mended", "to_mend"]

_LINE: Final = re.compile(r"^\W{0,4}(\d{1,2})\s*[.):-]\s*(.+)$", re.MULTILINE)
_DROP: Final = re.compile(r"\W*(?:HAPUS|DELETE)\b", re.IGNORECASE)
_RANK: Final = {Support.SUPPORTED: 2, Support.PARTLY: 1, Support.UNSUPPORTED: 0}


def to_mend(said: Sequence[Grounded]) -> list[Grounded]:
    """The statements that the sentences do not bear out, in the order in which the model is shown them."""
    return [item for item in said if item.support is Support.UNSUPPORTED]


def mended(said: Sequence[Grounded], reply: str, sources: Sources, language: Language) -> list[Grounded]:
    """The statements after the model's reply to the repair round.

    A line "2. ..." replaces the second statement that was shown, if the sentences bear it out better; "2. HAPUS" drops
    it. What the reply passes over, or makes no better, stays as it was.
    """
    lines = {int(match[1]): match[2] for match in _LINE.finditer(reply)}
    result: list[Grounded] = []
    number = 0
    for item in said:
        if item.support is not Support.UNSUPPORTED:
            result.append(item)
            continue
        number += 1
        result.extend(_one_mended(item, lines.get(number, ""), sources, language))
    return result


def _one_mended(item: Grounded, line: str, sources: Sources, language: Language) -> list[Grounded]:
    if _DROP.match(line):
        return []
    parser = StatementParser(sources.by_id)
    better = [
        grounded
        for statement in (*parser.feed(line), *parser.finish())
        if _RANK[(grounded := ground(statement, sources, language)).support] > _RANK[item.support]
    ]
    return [replace(better[0], lead=item.lead), *better[1:]] if better else [item]
