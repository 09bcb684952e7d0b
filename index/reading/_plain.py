"""Plain text and Markdown with front matter -> Article."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading._decode import decode, read_bytes
from index.reading._draft import Draft, finish
from index.reading._fields import draft_from
from index.types import Article

__all__ = ["read_markdown", "read_text"]

_FENCE = re.compile(r"---[ \t]*\n(?P<front>.*?)^---[ \t]*$\n?(?P<body>.*)", re.DOTALL | re.MULTILINE)
_HEADING = re.compile(r"\s*(?:#[ \t]+(?P<title>[^\n]+?)[ \t#]*\n|(?P<underlined>[^\n]+)\n=+[ \t]*\n)")
_LONGEST_FRONT = 64 * 1024  # characters


def read_text(path: Path, source: str) -> Iterator[Article]:
    """A file of plain text is one article."""
    yield finish(Draft(text=decode(read_bytes(path)), headline=True), source)


def read_markdown(path: Path, source: str) -> Iterator[Article]:
    """A Markdown file is one article; its metadata is the YAML between two lines of "---" on top."""
    text = decode(read_bytes(path)).replace("\r\n", "\n").lstrip("\ufeff\n ")
    front, body = _front_matter(text)
    draft = draft_from(front, text=body, headline=True)
    if heading := _HEADING.match(body):
        title = heading["title"] or heading["underlined"]
        draft = replace(draft, title=draft.title or title, text=body[heading.end() :])
    yield finish(replace(draft, text=_plain(draft.text)), source)


def _front_matter(text: str) -> tuple[dict[Any, Any], str]:
    """The front matter's values, all strings (a date stays as it was written), and the text below it.

    Raises:
        ReadError: it is no YAML, or not names and values.
    """
    match = _FENCE.match(text)
    if not match:
        return {}, text
    import yaml

    if len(match["front"]) > _LONGEST_FRONT:
        raise ReadError("its front matter is longer than 64 KB: close it with a line of three dashes (---)")
    try:
        values = yaml.load(match["front"], Loader=yaml.BaseLoader)  # noqa: S506 - builds strings, lists, dicts only
    except yaml.YAMLError as error:
        line = getattr(getattr(error, "problem_mark", None), "line", None)
        where = "" if line is None else f" on line {line + 2}"
        raise ReadError(
            f"its front matter is no valid YAML{where}: put values that contain a colon or quotes in quotation marks"
        ) from error
    except RecursionError as error:
        raise ReadError("its front matter is nested too deeply: keep to simple names and values") from error
    if not isinstance(values, dict):
        if match["front"].strip():
            raise ReadError('its front matter has no names: write lines like "title: ..." between the lines of ---')
        values = {}
    return values, match["body"]


# No bracket inside a bracket, but for one pair in an address: each attempt then ends where the next begins.
_ADDRESS = r"\((?:[^()\s]++|\([^()\s]*\))+(?: \"[^\"\n]{0,200}\")?\)"
_IMAGE = re.compile(rf"!\[[^\[\]\n]*\]{_ADDRESS}")
_LINK = re.compile(rf"\[(?P<text>[^\[\]\n]+)\]{_ADDRESS}")
_EMPHASIS = re.compile(r"(?<![\w*_\\])(?P<mark>\*{1,3}|_{1,3})(?=\S)(?P<text>[^*_\n]+?)(?<=\S)(?P=mark)(?![\w*_])")
_LINE_MARK = re.compile(r"^[ \t]*(?:#{1,6}[ \t]+|>[ \t]?)", re.MULTILINE)
_ESCAPE = re.compile(r"\\([\\`*_{}\[\]()#+.!>|~-])")


def _plain(text: str) -> str:
    """Markdown without its marks, as a reader sees it: what is cited should be words, not asterisks."""
    text = _LINK.sub(r"\g<text>", _IMAGE.sub("", text))
    return _ESCAPE.sub(r"\1", _EMPHASIS.sub(r"\g<text>", _LINE_MARK.sub("", text)))
