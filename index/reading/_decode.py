"""Bytes -> text: which encoding a file is in, and whether it is text at all."""

from __future__ import annotations

import codecs
import os
import re
from pathlib import Path

from index.errors import ReadError

__all__ = ["MAX_BYTES", "decode", "guess_encoding", "mend", "read_bytes", "size_in_words"]

MAX_BYTES = 50 * 1024 * 1024
"""The largest file that is read as one article or one JSON document. Tables are streamed and have no limit."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),  # before UTF-16: it begins with the same two bytes
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
# Windows-1252 holds Latin-1 and is what Indonesian text that is not Unicode is saved in; a wider choice makes
# charset-normalizer hear Hungarian in a short article with one curly quote.
_LEGACY = ["cp1252", "mac_roman"]
_SAMPLE = 256 * 1024  # bytes; enough to tell an encoding
_CONTROL = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_NOT_TEXT = "it is a binary file, not text: save it as text, HTML, PDF or DOCX, with the matching file name"


def read_bytes(path: Path, limit: int = MAX_BYTES) -> bytes:
    """The file's bytes.

    Raises:
        ReadError: it is empty or larger than ``limit``.
        OSError: it cannot be opened.
    """
    with path.open("rb") as file:
        data = file.read(limit + 1)
        if len(data) > limit:
            size = max(os.fstat(file.fileno()).st_size, len(data))
            raise ReadError(
                f"it is {size_in_words(size)}, and {size_in_words(limit)} is the limit for one document: split it into "
                "one file per article, or give the articles as rows of a JSONL or CSV file"
            )
    if not data.strip(b" \t\r\n\x00\xef\xbb\xbf\xff\xfe"):
        raise ReadError("it is empty: nothing to index")
    return data


def decode(data: bytes, declared: str | None = None) -> str:
    """``data`` as text: by its byte order mark, as UTF-8, as it declares itself, or by what it looks like.

    Raises:
        ReadError: it is binary, or in an encoding that cannot be told.
    """
    encoding = guess_encoding(data[:_SAMPLE], declared)
    text = mend(data.decode(encoding, "surrogateescape" if encoding.startswith("utf-8") else "replace"))
    return _checked(text)


def guess_encoding(sample: bytes, declared: str | None = None) -> str:
    """The encoding of a file that begins with ``sample``, as a codec name.

    Raises:
        ReadError: the sample is binary.
    """
    for mark, encoding in _BOMS:
        if sample.startswith(mark):
            return encoding
    if wide := _wide_encoding(sample):
        return wide
    if b"\0" in sample:
        raise ReadError(_NOT_TEXT)
    try:  # incrementally: the sample may end inside a character
        codecs.getincrementaldecoder("utf-8")().decode(sample)
    except UnicodeDecodeError:
        return _legacy_encoding(sample, declared)
    return "utf-8"


def mend(text: str) -> str:
    """Bytes that were no UTF-8 (held as surrogate escapes) read as Windows-1252, each where it stands."""
    return _ESCAPED.sub(lambda match: bytes([ord(match[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def size_in_words(size: int) -> str:
    """Bytes -> "61 MB"."""
    return f"{size / 1024 / 1024:.0f} MB"


def _wide_encoding(sample: bytes) -> str | None:
    """UTF-16 without a byte order mark: in text with Latin letters every second byte is zero."""
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    half = max(1, len(sample) // 2)
    if odd > 0.6 * half and even < 0.05 * half:
        return "utf-16-le"
    if even > 0.6 * half and odd < 0.05 * half:
        return "utf-16-be"
    return None


def _legacy_encoding(sample: bytes, declared: str | None) -> str:
    if declared:
        try:
            sample.decode(declared, "replace")
            name = codecs.lookup(declared).name
            return "cp1252" if name in ("ascii", "iso8859-1") else name  # as browsers read those names
        except (LookupError, ValueError):  # no such encoding, or none for text: as if it declared nothing
            pass
    from charset_normalizer import from_bytes

    best = from_bytes(sample, cp_isolation=_LEGACY, threshold=0.5).best()
    if best is None:
        raise ReadError(_NOT_TEXT)
    _checked(str(best))
    return best.encoding


def _checked(text: str) -> str:
    """``text`` itself, if it reads like text.

    Raises:
        ReadError: more than one character in a hundred is a control character or could not be decoded.
    """
    sample = text[:_SAMPLE]
    odd = len(_CONTROL.findall(sample)) + sample.count("\ufffd")
    if odd > 1 + len(sample) // 100:
        raise ReadError(_NOT_TEXT)
    return text
