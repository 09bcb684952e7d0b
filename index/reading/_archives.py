"""ZIP and WARC: many documents in one file, taken out one at a time and never in full trust."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import Any

from index.errors import ReadError
from index.reading._decode import MAX_BYTES
from index.types import Failure

__all__ = ["count_members", "warc_pages", "zip_members"]

_MOST_MEMBERS = 200_000
_MOST_BYTES = 20 * 1024**3  # of all members together
_MOST_PER_MEMBER = 4 * 1024**3  # tables are streamed and may be large
_RATIO = 200  # text shrinks to a tenth; what shrinks more than this is there to fill the disk
_BLOCK = 1024 * 1024
# What zipfile raises for broken files: RuntimeError for an encrypted one, NotImplementedError for an unknown method.
_BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, RuntimeError, ValueError)


def zip_members(path: Path, kinds: frozenset[str]) -> Iterator[tuple[str, Path] | Failure]:
    """Each member that ends in one of ``kinds``, in sorted order: its name, and a copy that is there until the next.

    Hidden members and those of other kinds are passed over. A name is only a name: no copy is made under it.

    Raises:
        ReadError: it is no ZIP file, or is made to fill the disk.
    """
    try:
        archive = zipfile.ZipFile(path)
    except _BROKEN as error:
        raise ReadError(f"it is no valid ZIP file ({error}): make it again") from error
    with archive, TemporaryDirectory(prefix="tanya-") as folder:
        members = sorted((one for one in archive.infolist() if not one.is_dir()), key=lambda one: one.filename)
        if len(members) > _MOST_MEMBERS:
            raise ReadError(f"it holds {len(members):,} files, and {_MOST_MEMBERS:,} is the limit: split it")
        left = _MOST_BYTES
        for member in members:
            name = PurePosixPath(member.filename.replace("\\", "/"))
            suffix = suffix_of(name.name)
            if suffix not in kinds or any(part.startswith((".", "__MACOSX")) and part != ".." for part in name.parts):
                continue
            here = f"{path}/{name}"
            if name.is_absolute() or ".." in name.parts or ":" in name.parts[0]:
                yield Failure(here, "its name leads out of the ZIP file: make the file again without such names")
                continue
            copy = Path(folder) / f"document{suffix}"
            try:
                left -= _copy(archive, member, copy, min(left, _MOST_PER_MEMBER))
            except _BROKEN as error:
                yield Failure(here, f"it cannot be unpacked ({error}): make the ZIP file again, without a password")
                continue
            yield str(name), copy


def count_members(path: Path, kinds: frozenset[str]) -> int:
    """How many members there are to read, at most; 1 for what is no ZIP file, which comes as one Failure."""
    try:
        with zipfile.ZipFile(path) as archive:
            return sum(suffix_of(name) in kinds for name in archive.namelist())
    except (*_BROKEN, OSError):
        return 1


def suffix_of(name: str) -> str:
    """The ending that tells a file's kind, in lower case: ".csv", ".warc.gz"."""
    lower = name.lower()
    return ".warc.gz" if lower.endswith(".warc.gz") else PurePosixPath(lower).suffix


def _copy(archive: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path, limit: int) -> int:
    """Unpacks as many bytes as there really are, whatever the ZIP file says; returns how many."""
    size = 0
    with archive.open(member) as source, target.open("wb") as file:
        while block := source.read(_BLOCK):
            size += len(block)
            if size > limit or (size > 4 * _BLOCK and size > _RATIO * max(member.compress_size, 1)):
                raise ReadError(f"{member.filename[:80]} in it unpacks to far more than a text would: it is not read")
            file.write(block)
    return size


def warc_pages(path: Path) -> Iterator[tuple[str, bytes, str | None]]:
    """The HTML pages of a web archive that were found (200): address, body, and the charset of the header.

    Raises:
        ReadError: it is no WARC file, or warcio is not installed.
    """
    try:
        from warcio.archiveiterator import ArchiveIterator
        from warcio.exceptions import ArchiveLoadFailed
    except ImportError as error:
        raise ReadError("web archives need warcio: pip install 'tanya-berita[dumps]'") from error
    with path.open("rb") as file:
        try:
            for record in ArchiveIterator(file):
                if _is_page(record):
                    kind = record.http_headers.get_header("Content-Type", "")
                    charset = kind.partition("charset=")[2].strip("\"' ;") or None
                    body = record.content_stream().read(MAX_BYTES)
                    if _is_cut(record):
                        raise EOFError("a page stops in the middle")
                    yield record.rec_headers.get_header("WARC-Target-URI").strip("<>"), body, charset
        except (ArchiveLoadFailed, zlib.error, EOFError) as error:
            raise ReadError(f"it is no valid WARC file, or is cut short ({error}): fetch it again") from error


def _is_cut(record: Any) -> bool:  # noqa: ANN401
    """Whether the file ends before the record does, where warcio stops without a word."""
    while record.raw_stream.read(_BLOCK):
        pass
    return getattr(record.raw_stream, "limit", 0) > 0


def _is_page(record: Any) -> bool:  # noqa: ANN401 - warcio has no types
    return (
        record.rec_type == "response"
        and record.http_headers is not None
        and record.http_headers.get_statuscode() == "200"
        and "html" in record.http_headers.get_header("Content-Type", "").lower()
    )
