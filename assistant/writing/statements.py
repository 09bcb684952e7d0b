"""A model's reply, as it streams in, becomes statements with the ids they cite. Half a marker is never shown.

The reply is taken for plain text: links keep their words, images, tags, addresses and what a reasoning model thinks to
itself are left out, and every marker goes, known or invented.
"""

from __future__ import annotations

import re
from collections.abc import Container, Sequence
from dataclasses import dataclass
from typing import Final

from index.sentences import sentence_spans

__all__ = ["Statement", "StatementParser"]

_LONGEST_HELD: Final = 400  # characters; what opens like a marker, link or tag and goes on longer is none
_LONGEST_QUOTATION: Final = 600  # characters; an opened quotation holds its sentences together up to here

_THOUGHT = re.compile(r"<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_THINKING = re.compile(r"<think(?:ing)?>.*", re.DOTALL | re.IGNORECASE)
# What may still become a marker, link or tag, and the last word, which may be half of one.
_OPEN = re.compile(
    rf"!?\[[^\]\n]{{0,{_LONGEST_HELD}}}(?:\](?:\([^)\n]{{0,{_LONGEST_HELD}}}\)?)?\S*)?$"
    rf"|<[A-Za-z!/?|][^>\n]{{0,{_LONGEST_HELD}}}$"
    r"|\S+$"
)
_TOKEN = re.compile(
    r"!\[[^\]\n]*\]\([^)\n]*\)?"  # an image
    r"|\[(?P<link>[^\]\n]+)\]\([^)\n]*\)?"
    r"|\[(?P<marker>[^\[\]\n]{1,120})\]"
    r"|<[A-Za-z!/?|][^>\n]{0,400}>"
    r"|(?:[a-z][a-z0-9+.-]{1,20}://|www\.|javascript:|data:|mailto:)\S*"
    r"|\*\*|__|`+"
    r"|(?<!\w)\*(?=\w)|(?<=[\w.!?])\*(?!\w)",
    re.IGNORECASE,
)
_FULL_WIDTH = str.maketrans("【】［］", "[][]")
_PART = re.compile(r"[,;\s]+")
_ID_LIKE = re.compile(r"(?=\S*\d)[\w.:†#-]{1,20}")  # holds a digit and no space, as ids and numbered notes do
_LIST_MARK = re.compile(r"(?:[-*•–]|\d{1,2}[.)]|#{1,6}|>)\s+")
_SPACE = re.compile(r"\s+")
_LINES = re.compile(r"[^\S\n]*\n\s*")
_SAYS_SOMETHING = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of a reply, the known ids it cites, and how many it invented.

    ``lead`` stands between it and what went before: a space, an empty line, or a line break and a dash.
    """

    text: str
    ids: tuple[str, ...] = ()
    invented: int = 0
    lead: str = " "


class StatementParser:
    """Takes a reply in pieces of any size and returns the statements that each piece finished.

    However the reply is cut into pieces, the statements are the same.

    Args:
        known: the ids that exist.
    """

    def __init__(self, known: Container[str]) -> None:
        self._known = known
        self._pending = ""  # as it came; what ends it may be half of something
        self._clean = ""  # words without markers, of which no statement was made yet
        self._marks: list[tuple[int, str]] = []  # offset into _clean, id; "" for one that does not exist
        self._gap = ""  # what stood between the last statement and the next; empty before the first
        self._first = True
        self._marked = False  # a marker was the last thing taken in

    @property
    def tail(self) -> str:
        """The whole words of the statement that is under way."""
        return _LIST_MARK.sub("", _one_line(self._clean), count=1)

    def feed(self, text: str) -> list[Statement]:
        """Takes the next piece; returns the statements that are finished now."""
        self._pending += text.translate(_FULL_WIDTH)
        self._pending = _THOUGHT.sub("", self._pending)
        opened = _THINKING.search(self._pending) or _OPEN.search(self._pending)
        self._settle(opened.start() if opened else len(self._pending))
        # A sentence is surely finished once a word of the next one is there.
        return self._statements(self._sentences()[:-1])

    def finish(self) -> list[Statement]:
        """The statements that are left when the reply has ended."""
        self._pending = _THINKING.sub("", self._pending)
        self._settle(len(self._pending))
        return self._statements(self._sentences())

    def _settle(self, end: int) -> None:
        """Moves the first ``end`` characters that came to the clean words and their marks."""
        text, self._pending = self._pending[:end], self._pending[end:]
        position = 0
        for token in _TOKEN.finditer(text):
            self._append(text[position : token.start()])
            position = token.end()
            inside = token["marker"] or token["link"]
            ids = self._ids(inside) if inside else None
            if ids is not None:
                self._clean = self._clean.rstrip(" ")
                self._marks += [(len(self._clean), name) for name in ids]
                self._marked = True
            elif inside:
                self._append(inside if token["link"] else token.group())
        self._append(text[position:])

    def _append(self, text: str) -> None:
        if not text:
            return
        if self._marked and text[0].isalnum():
            text = f" {text}"
        self._marked = False
        self._clean += _LINES.sub("\n\n", text)  # a model's line break ends what stands on the line

    def _ids(self, inside: str) -> list[str] | None:
        """The ids in a pair of brackets, "" for each that does not exist; None where the brackets hold words."""
        parts = [part.strip("#:.") for part in _PART.split(inside.strip()) if part.strip("#:.")]
        parts = parts[1:] if parts and parts[0].casefold() in ("id", "kode", "sumber", "source") else parts
        if not parts or not all(part in self._known or _ID_LIKE.fullmatch(part) for part in parts):
            return None
        return [part if part in self._known else "" for part in parts]

    def _sentences(self) -> list[tuple[int, int]]:
        """Offsets of the sentences of the clean words; the sentences of an opened quotation are one."""
        sentences: list[tuple[int, int]] = []
        for start, end in sentence_spans(self._clean):
            if sentences and _quotation_open(self._clean[slice(*sentences[-1])], self._clean[sentences[-1][1] : start]):
                sentences[-1] = (sentences[-1][0], end)
            else:
                sentences.append((start, end))
        return sentences

    def _statements(self, sentences: Sequence[tuple[int, int]]) -> list[Statement]:
        """Takes these first sentences out of the clean words, each with the marks up to the next one."""
        found: list[Statement] = []
        taken = 0
        for start, end in sentences:
            following = end + len(self._clean[end:]) - len(self._clean[end:].lstrip())
            names = [name for offset, name in self._marks if taken <= offset < following or offset == len(self._clean)]
            lead = self._lead(self._gap + self._clean[taken:start], self._clean[start:end])
            text = _LIST_MARK.sub("", _one_line(self._clean[start:end]), count=1)
            self._gap, taken = self._clean[end:following], following
            if _SAYS_SOMETHING.search(text):
                found.append(Statement(text, tuple(dict.fromkeys(filter(None, names))), names.count(""), lead))
                self._first = False
        self._clean = self._clean[taken:]
        self._marks = [(offset - taken, name) for offset, name in self._marks if offset >= taken]
        return found

    def _lead(self, gap: str, text: str) -> str:
        item = _LIST_MARK.match(text)
        if item and item.group()[0] not in "#>":
            return "- " if self._first else "\n- "
        if self._first:
            return ""
        return "\n\n" if "\n" in gap else " "


def _quotation_open(text: str, gap: str) -> bool:
    """Whether a quotation that begins in ``text`` goes on after the ``gap`` behind it."""
    if "\n" in gap or len(text) > _LONGEST_QUOTATION:
        return False
    return text.count('"') % 2 == 1 or text.count("“") > text.count("”")


def _one_line(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
