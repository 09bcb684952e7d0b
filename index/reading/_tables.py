"""JSONL, CSV, Parquet and JSON -> an Article or Failure for each row. All but JSON are streamed, whatever their size.

``columns`` says which column holds which field, where its name does not say so.
"""

from __future__ import annotations

import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any, TextIO

from index.errors import ReadError
from index.reading._decode import decode, guess_encoding, mend, read_bytes
from index.reading._draft import finish
from index.reading._fields import TEXT_NAMES, Columns, draft_from, fields_of, has_text, renamed
from index.types import Article, Failure

__all__ = ["read_csv", "read_json", "read_jsonl", "read_parquet"]

_MAX_ROW = 10_000_000  # characters; a longer row is a missing quotation mark or no news
_SAMPLE = 256 * 1024  # bytes
_DELIMITERS = ",;\t|"
_PARQUET_ROWS = 1_000  # in memory at a time
_PATIENCE = 20  # rows without a text field before a table that had none is given up
_TOO_LONG = "this row is longer than 10 million characters: see whether a quotation mark or a line end is missing"

Row = tuple[int, dict[Any, Any] | ReadError]


def read_jsonl(path: Path, source: str, columns: Columns) -> Iterator[Article | Failure]:
    """One JSON object a line; rows are numbered by their line."""
    with _open(path) as file:
        yield from _articles(_json_rows(_lines(file), columns), source)


def read_csv(path: Path, source: str, columns: Columns) -> Iterator[Article | Failure]:
    """A table with a header line; rows are numbered from 1, the header not counted."""
    with _open(path) as file:
        yield from _articles(_csv_rows(_lines(file), columns), source)


def read_parquet(path: Path, source: str, columns: Columns) -> Iterator[Article | Failure]:
    """A table of columns; rows are numbered from 1. Columns that mean no field of an article are not read."""
    try:
        from pyarrow import ArrowException
        from pyarrow.parquet import ParquetFile
    except ImportError as error:
        raise ReadError("Parquet needs pyarrow: pip install 'tanya-berita[dumps]'") from error
    try:
        with ParquetFile(path) as table:
            names = table.schema_arrow.names
            usual = dict(zip(names, _named(names, columns), strict=True))
            wanted = [name for name in names if fields_of({usual[name]: "x"})]
            rows = (
                {usual[name]: _plain_value(value) for name, value in row.items()}
                for batch in table.iter_batches(_PARQUET_ROWS, columns=wanted)
                for row in batch.to_pylist()
            )
            yield from _articles(enumerate(rows, start=1), source)
    except ArrowException as error:
        raise ReadError(f"it is no valid Parquet file ({error}): export it again") from error


def _plain_value(value: Any) -> Any:  # noqa: ANN401 - any cell
    return value.isoformat() if isinstance(value, date) else value


def read_json(path: Path, source: str, columns: Columns) -> Iterator[Article | Failure]:
    """One object is one article; a list of objects, or an object that holds one, is a table."""
    text = decode(read_bytes(path))
    try:
        value = json.loads(text)
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text.lstrip().startswith("{"):  # JSONL under the name .json
            yield from _articles(_json_rows(text.split("\n"), columns), source)
            return
        where = f"line {error.lineno}, column {error.colno}: {error.msg}"
        raise ReadError(f"it is no valid JSON ({where}): repair it or export it again") from error
    except (RecursionError, ValueError) as error:
        raise ReadError(f"{_unusual(error)}: give one flat object per article") from error
    rows = _list_in(value, columns)
    if rows is not None:
        yield from _articles(((number, _object(row, columns)) for number, row in enumerate(rows, start=1)), source)
    elif isinstance(value, dict) and has_text(renamed(value, columns)):
        yield finish(draft_from(dict(zip(renamed(value, columns), value.values(), strict=True))), source)
    else:
        raise _no_text(value if isinstance(value, dict) else {})


def _open(path: Path) -> TextIO:
    """The file as text, line ends untouched, bytes that are no UTF-8 as surrogate escapes for ``mend``."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE)
    if not sample.strip():
        raise ReadError("it is empty: nothing to index")
    encoding = guess_encoding(sample)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "replace"
    return path.open(encoding=encoding, errors=errors, newline="")


def _lines(file: TextIO) -> Iterator[str]:
    """The lines of the file; of one that is too long only a start, which is longer than a row may be."""
    while line := file.readline(_MAX_ROW + 1):
        rest = line
        while not rest.endswith(("\n", "\r")) and (rest := file.readline(_MAX_ROW)):
            pass
        yield mend(line)


def _articles(rows: Iterable[Row], source: str) -> Iterator[Article | Failure]:
    """Each row as an article or a failure.

    Raises:
        ReadError: there are no rows, or those it begins with have no field for text: then the table fails once.
    """
    strange: list[tuple[dict[Any, Any], str]] = []
    has_articles = False
    number = 0
    for number, row in rows:
        here = f"{source}#{number}"
        if isinstance(row, ReadError):
            yield Failure(here, str(row))
        elif has_articles or has_text(row):
            has_articles = True
            yield from (_article(*pair) for pair in strange)
            strange.clear()
            yield _article(row, here)
        else:
            strange.append((row, here))
            if len(strange) == _PATIENCE:
                break
    if strange:
        raise _no_text(strange[0][0])
    if not number:
        raise ReadError("it has no rows: nothing to index")


def _article(row: dict[Any, Any], source: str) -> Article | Failure:
    try:
        if not has_text(row):
            raise _no_text(row)
        return finish(draft_from(row), source)
    except ReadError as error:
        return Failure(source, str(error))


def _no_text(row: dict[Any, Any]) -> ReadError:
    names = ", ".join(str(name)[:40] for name in list(row)[:20]) or "none"
    return ReadError(
        f"it has no field with the article's text; its fields: {names}. Name the field one of: {', '.join(TEXT_NAMES)}"
    )


def _json_rows(lines: Iterable[str], columns: Columns) -> Iterator[Row]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            yield number, _json_row(line, columns)


def _json_row(line: str, columns: Columns) -> dict[Any, Any] | ReadError:
    if len(line) > _MAX_ROW:
        return ReadError(_TOO_LONG)
    try:
        return _object(json.loads(line), columns)
    except json.JSONDecodeError as error:
        return ReadError(f"this line is no valid JSON (column {error.colno}: {error.msg}): repair or delete it")
    except (RecursionError, ValueError) as error:
        return ReadError(f"{_unusual(error)}: repair or delete this line")


def _object(value: Any, columns: Columns) -> dict[Any, Any] | ReadError:  # noqa: ANN401 - a value out of JSON
    if isinstance(value, dict):
        return dict(zip(renamed(value, columns), value.values(), strict=True))
    return ReadError('it is no JSON object: write each article as {"title": ..., "text": ...}')


def _unusual(error: RecursionError | ValueError) -> str:
    if isinstance(error, RecursionError):
        return "its JSON is nested too deeply"
    return "its JSON holds a number with thousands of digits"  # the one other thing that json refuses


def _list_in(value: Any, columns: Columns) -> list[Any] | None:  # noqa: ANN401
    """The rows of a JSON document: itself, or the longest list of objects in it if it is no article itself."""
    if isinstance(value, list):
        return value
    if not isinstance(value, dict) or has_text(renamed(value, columns)):
        return None
    lists = [item for item in value.values() if isinstance(item, list) and item and isinstance(item[0], dict)]
    return max(lists, key=len, default=None)


def _csv_rows(lines: Iterator[str], columns: Columns) -> Iterator[Row]:
    """The records below the header line as dicts.

    Raises:
        ReadError: no column holds the article's text.
    """
    header_line = next((line for line in lines if line.strip()), "")
    if len(header_line) > _MAX_ROW:
        raise ReadError(_TOO_LONG)
    header, delimiter = _header(header_line, columns)
    for number, record in enumerate(_records(lines, delimiter), start=1):
        if isinstance(record, ReadError):
            yield number, record
            continue
        while len(record) > len(header) and not record[-1].strip():
            record.pop()
        if len(record) == len(header):
            yield number, dict(zip(header, record, strict=True))
        else:
            message = f"this row has {len(record)} fields where the header has {len(header)}: put text that contains "
            yield number, ReadError(f"{message}{delimiter!r} or line ends in double quotation marks")


def _named(names: list[str], columns: Columns) -> list[str]:
    """The columns by the names that mean a field.

    Raises:
        ReadError: a column that was named is not there.
    """
    missing = [column for column in columns.values() if column not in names]
    if missing:
        raise ReadError(f"it has no column {', '.join(missing)}; its columns: {', '.join(n[:40] for n in names[:20])}")
    return renamed(names, columns)


def _header(line: str, columns: Columns) -> tuple[list[str], str]:
    """The column names and the delimiter: the one that cuts the header into the most names we know."""

    def names(delimiter: str) -> list[str]:
        cells = [name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])]
        return renamed(cells, columns)

    # field_size_limit is the csv module's own global; it is only ever raised here.
    csv.field_size_limit(max(csv.field_size_limit(), _MAX_ROW))
    delimiter = max(_DELIMITERS, key=lambda mark: len(fields_of(dict.fromkeys(names(mark), "x"))))
    _named([name.strip() for name in next(csv.reader([line], delimiter=delimiter), [])], columns)
    header = names(delimiter)
    if not has_text(header):
        raise ReadError(
            f"it has no column with the article's text; its columns: {', '.join(name[:40] for name in header[:20])}. "
            f"Name the column one of: {', '.join(TEXT_NAMES)}"
        )
    return header, delimiter


def _records(lines: Iterator[str], delimiter: str) -> Iterator[list[str] | ReadError]:
    """The records of a CSV file. After a broken one, reading goes on with the line below its first.

    A quotation mark that is never closed would otherwise swallow all rows after it.
    """
    again: deque[str] = deque()
    taken: list[str] = []

    def feed() -> Iterator[str]:
        size = 0
        while line := again.popleft() if again else next(lines, ""):
            size = len(line) + (size if taken else 0)
            taken.append(line)
            if size > _MAX_ROW:
                raise ReadError(_TOO_LONG)
            yield line

    while True:
        try:
            for record in csv.reader(feed(), delimiter=delimiter, strict=True):
                taken.clear()
                if record:
                    yield record
            return
        except csv.Error as error:
            broken = ReadError(
                f"this row is no valid CSV ({error}): close quotation marks, and double those inside a text"
            )
        except ReadError as error:
            broken = error
        again.extendleft(reversed(taken[1:]))
        taken.clear()
        yield broken
