"""PDF and DOCX -> Article.

Document properties are believed only where the document says the same: the "title" of a PDF is often a file name and
its "author" whoever owned the computer, and a creation date is no date of publication.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from pathlib import Path
from typing import Any

from index.errors import ReadError
from index.reading._decode import MAX_BYTES, read_bytes, size_in_words
from index.reading._draft import Draft, finish
from index.reading._quiet import quiet
from index.reading._text import clean, one_line
from index.types import Article

__all__ = ["read_docx", "read_pdf"]

# What pypdf and python-docx raise, besides errors of their own, on files that break the format: they index, convert
# and follow references as the file tells them to.
_BROKEN = (
    *(ArithmeticError, AssertionError, AttributeError, LookupError, NotImplementedError, RecursionError, RuntimeError),
    *(TypeError, ValueError, struct.error, zlib.error, zipfile.BadZipFile, EOFError),
)
_MAX_CHARACTERS = 20_000_000
_MAX_UNPACKED = 4 * MAX_BYTES  # with its pictures
_OLD_WORD = b"\xd0\xcf\x11\xe0"  # the container of .doc, and of DOCX files with a password


def read_pdf(path: Path, source: str) -> Iterator[Article]:
    """A PDF is one article: the text layer of its pages, with the lines of a paragraph joined."""
    import io

    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    stream = io.BytesIO(read_bytes(path))
    with quiet("pypdf"):
        try:
            reader = PdfReader(stream, strict=False)
            # Many are locked against printing only: those open with an empty password.
            if reader.is_encrypted and not reader.decrypt(""):
                raise ReadError("it is protected by a password: save it without one")
            pages = _pages(page.extract_text() for page in reader.pages)
            properties: Mapping[str, Any] = reader.metadata or {}
            title, author = (str(properties.get(name) or "") for name in ("/Title", "/Author"))
        except DependencyError as error:
            raise ReadError("it is encrypted: save it without a password") from error
        except (PyPdfError, *_BROKEN) as error:
            raise ReadError(f"it is a broken PDF ({_kind(error)}): open it and save or export it again") from error
    text = "\n\n".join(_unwrap(page) for page in pages)
    if not text.strip():
        raise ReadError("it has no text layer (a scan?): run text recognition (OCR) on it first")
    yield _document(text, title, author, source)


def read_docx(path: Path, source: str) -> Iterator[Article]:
    """A Word document is one article: its paragraphs and the rows of its tables, in order."""
    import io

    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import LxmlError

    data = read_bytes(path)
    if data.startswith(_OLD_WORD):
        raise ReadError("it is an old Word file or protected by a password: save it as .docx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            unpacked = sum(entry.file_size for entry in archive.infolist())
        if unpacked > _MAX_UNPACKED:
            raise ReadError(f"it unpacks to {size_in_words(unpacked)}: remove its pictures or save its text as .txt")
        document = Document(io.BytesIO(data))
        paragraphs = list(_paragraphs(document))
        title, author = document.core_properties.title or "", document.core_properties.author or ""
    except (OpcError, LxmlError, *_BROKEN) as error:
        raise ReadError(f"it is a broken DOCX ({_kind(error)}): open it in Word and save it again") from error
    named = next((text for style, text in paragraphs if style == "Title"), "")
    text = "\n\n".join(text for _, text in paragraphs if text != named)
    if named:
        yield finish(Draft(text=text, title=named), source)
    else:
        yield _document(text, title, author, source)


def _kind(error: BaseException) -> str:
    return one_line(str(error))[:100] or type(error).__name__


def _document(text: str, title: str, author: str, source: str) -> Article:
    """The text as an article, with those of the properties that stand in it."""
    words = one_line(text[:5000]).casefold()
    title, author = (
        value if len(value) > 3 and value.casefold() in words else "" for value in map(one_line, (title, author))
    )
    return finish(Draft(text=text, title=title, author=author, headline=True), source)


def _pages(texts: Iterable[str]) -> list[str]:
    """The pages' texts without page numbers, as long as they stay within bounds."""
    pages: list[str] = []
    size = 0
    for text in texts:
        size += len(text)
        if size > _MAX_CHARACTERS:
            raise ReadError("it holds more than 20 million characters: split it into one file per article")
        lines = clean(text).split("\n")
        while lines and re.fullmatch(r"(?:(?:halaman|hal\.|page) )?[-–— ]*\d{1,4}[-–— ]*", lines[-1], re.IGNORECASE):
            lines.pop()
        pages.append("\n".join(lines).strip())
    return [page for page in pages if page]


def _unwrap(page: str) -> str:
    """A page's lines joined to paragraphs.

    A paragraph ends at a blank line, at a line that ends a sentence before the margin, and at one so short that only a
    heading or a credit line can be.
    """
    lines = page.split("\n")
    lengths = sorted(map(len, filter(None, lines)))
    width = lengths[len(lengths) * 9 // 10] if lengths else 0
    paragraphs: list[str] = []
    goes_on = False
    for line, following in pairwise([*lines, ""]):
        if line:
            paragraphs[-1:] = [_joined(paragraphs[-1], line)] if goes_on else [*paragraphs[-1:], line]
        ends_sentence = line.endswith((".", "!", "?", ":", '"', "”", ")")) and len(line) < 0.85 * width
        goes_on = bool(line) and not ends_sentence and (len(line) > 0.6 * width or following[:1].islower())
    return "\n\n".join(paragraphs)


def _joined(before: str, after: str) -> str:
    """Two lines as one. A hyphen at the break goes, unless it doubles a word ("anak-anak") or joins a name."""
    if not re.search(r"[a-z]-$", before):
        return f"{before} {after}"
    if not after[:1].islower():  # "se-Indonesia"
        return before + after
    first, second = re.split(r"\W", before[:-1])[-1].lower(), re.split(r"\W", after)[0]
    doubles = second.startswith(first) or first.endswith(second)
    return before + after if doubles else before[:-1] + after


def _paragraphs(document: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 - python-docx is imported lazily
    """(style, text) of each paragraph; a table's row is one paragraph."""
    from docx.table import Table

    for block in document.iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                texts: list[str] = []
                cells = row.cells
                while cells:  # a merged cell is there once for each column that it spans
                    texts.append(one_line(cells[0].text))
                    cells = cells[max(1, cells[0].grid_span) :]
                yield "", " | ".join(filter(None, texts))
        elif text := clean(block.text):
            yield str(block.style.name if block.style else ""), text
