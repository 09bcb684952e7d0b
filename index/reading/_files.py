"""Which files there are, and which reader each goes to."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from index.errors import ReadError
from index.reading._archives import count_members, suffix_of, warc_pages, zip_members
from index.reading._documents import read_docx, read_pdf
from index.reading._fields import Columns, checked_columns
from index.reading._html import at_address, in_utf8, read_html
from index.reading._plain import read_markdown, read_text
from index.reading._tables import read_csv, read_json, read_jsonl, read_parquet
from index.types import Article, Failure

__all__ = ["count_articles", "files_in", "read_articles", "read_document"]

_DOCUMENTS: dict[str, Callable[[Path, str], Iterator[Article | Failure]]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
}
_TABLES: dict[str, Callable[[Path, str, Columns], Iterator[Article | Failure]]] = {
    ".json": read_json,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
}
_WEB_ARCHIVES = (".warc", ".warc.gz")
_IN_ZIP = frozenset((*_DOCUMENTS, *_TABLES, *_WEB_ARCHIVES))
_KINDS = (*_DOCUMENTS, *_TABLES, *_WEB_ARCHIVES, ".zip")
_BY_LINE = {".jsonl", ".ndjson", ".csv", ".tsv"}
_BLOCK = 1024 * 1024  # bytes


def read_articles(path: str | os.PathLike[str], *, columns: Columns | None = None) -> Iterator[Article | Failure]:
    """The articles of a file, or of all files in a folder and the folders in it, one at a time, in sorted order.

    What cannot be read comes as a Failure in its place and stops nothing. In a folder, hidden files and files of other
    kinds are passed over. ``Article.source`` is the address the article names, else the absolute path, with ``#row``
    for a row of a table and ``/name`` for a member of a ZIP file. ``columns`` says which column of a table holds which
    field of an article ({"text": "isi_lengkap"}), where its name does not say so.

    Raises:
        ReadError: nothing is there, or articles have no such field.
    """
    root = _existing(path)
    chosen = checked_columns(columns or {})

    def articles() -> Iterator[Article | Failure]:
        for file in _files(root):
            if isinstance(file, Failure):
                yield file
            else:
                yield from _read(file, _shown(file), chosen)

    return articles()


def files_in(path: str | os.PathLike[str]) -> Iterator[Path | Failure]:
    """The files that ``read_articles`` would read, in its order.

    Raises:
        ReadError: nothing is there.
    """
    return _files(_existing(path))


def read_document(data: bytes, name: str, source: str, columns: Columns | None = None) -> Iterator[Article | Failure]:
    """The articles of a document in memory, read as a file called ``name`` would be and named after ``source``."""
    suffix = suffix_of(name)
    if suffix not in _KINDS:
        yield Failure(source, f"this kind of file is not read: give it as one of {', '.join(_KINDS)}")
        return
    with TemporaryDirectory(prefix="tanya-") as folder:
        path = Path(folder) / f"document{suffix}"
        path.write_bytes(data)
        yield from _read(path, source, columns or {})


def count_articles(path: str | os.PathLike[str]) -> int:
    """How many articles there are at most, roughly, for a progress bar: a file is one, a line of a table is one.

    Raises:
        ReadError: nothing is there.
    """
    return sum(_count(file) for file in _files(_existing(path)) if isinstance(file, Path))


def _existing(path: str | os.PathLike[str]) -> Path:
    root = Path(path).expanduser().absolute()
    try:
        root.lstat()
    except (FileNotFoundError, NotADirectoryError) as error:
        raise ReadError(f"{_shown(root)} does not exist: give the path of a file or a folder with articles") from error
    except (OSError, ValueError) as error:  # too long; with a null character
        raise ReadError(f"{_shown(root)[:200]} is no usable path ({error}): give that of a file or a folder") from error
    return root


def _shown(path: Path) -> str:
    """The path as text that can be stored and printed, whatever bytes it is made of."""
    return os.fsencode(path).decode("utf-8", "backslashreplace")


def _cannot_open(path: Path, error: OSError) -> Failure:
    if isinstance(error, PermissionError):
        return Failure(_shown(path), "you may not read it: change its permissions (chmod) or ask its owner")
    return Failure(_shown(path), f"it cannot be opened ({error.strerror or error}): check that it is there and whole")


def _files(root: Path) -> Iterator[Path | Failure]:
    """The files to read at or below ``root``, sorted; each folder once, however many links lead to it."""
    seen: set[tuple[int, int]] = set()
    waiting = [root]
    while waiting:
        path = waiting.pop()
        try:
            status = path.stat()
            if stat.S_ISDIR(status.st_mode):
                if (status.st_dev, status.st_ino) not in seen:
                    seen.add((status.st_dev, status.st_ino))
                    waiting += sorted((entry for entry in path.iterdir() if entry.name[0] != "."), reverse=True)
                continue
        except OSError as error:
            yield _cannot_open(path, error)
            continue
        if suffix_of(path.name) not in _KINDS:
            if path == root:
                yield Failure(_shown(path), f"this kind of file is not read: give it as one of {', '.join(_KINDS)}")
        elif not stat.S_ISREG(status.st_mode):  # to open a pipe would be to wait for its writer
            yield Failure(_shown(path), "it is a pipe, socket or device: save the article as a file")
        else:
            yield path


def _read(path: Path, source: str, columns: Columns) -> Iterator[Article | Failure]:
    suffix = suffix_of(path.name)
    try:
        if suffix in _DOCUMENTS:
            yield from _DOCUMENTS[suffix](path, source)
        elif suffix in _TABLES:
            yield from _TABLES[suffix](path, source, columns)
        elif suffix in _WEB_ARCHIVES:
            yield from _read_warc(path)
        else:
            for member in zip_members(path, _IN_ZIP):
                if isinstance(member, Failure):
                    yield member
                else:
                    name, copy = member
                    yield from _read(copy, f"{source}/{name}", columns)
    except ReadError as error:
        yield Failure(source, str(error))
    except OSError as error:
        yield _cannot_open(path, error)


def _read_warc(path: Path) -> Iterator[Article | Failure]:
    """Each page as it was at its own address."""
    for url, body, charset in warc_pages(path):
        for item in read_document(in_utf8(body, charset), "page.html", url):
            yield item if isinstance(item, Failure) else at_address(item, url)


def _count(path: Path) -> int:
    """1, or the lines of a table; 1 for what cannot be read, which comes as one Failure."""
    if path.suffix.lower() == ".zip":
        return count_members(path, _IN_ZIP)
    if path.suffix.lower() not in _BY_LINE:
        return 1
    try:
        with path.open("rb") as file:
            lines, last = 0, b"\n"
            while block := file.read(_BLOCK):
                lines += block.count(b"\n")
                last = block[-1:]
    except OSError:
        return 1
    return max(1, lines + (last != b"\n"))
