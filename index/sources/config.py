"""sources.toml: which sources there are to keep up with, and how the network is used for them."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from pathlib import Path
from typing import Any

from index.errors import SettingsError
from index.sources.feeds import Selection
from index.sources.fetching import FetchRules

__all__ = ["EXAMPLE", "Source", "SourceList", "read_sources"]

EXAMPLE = """\
[network]                          # all optional
contact = "redaksi@example.org"    # tells a site's owner whom to write to
delay = 2.0                        # seconds between requests to one site

[[source]]
name = "kaltim"
url = "https://berita.example/rss" # a feed, a sitemap, or one article
since = 2024-01-01                 # nothing older
include = ["*/berita/*"]           # only addresses like these; exclude = [...]
topics = ["Kaltim"]                # for articles that name none; also language, and publisher

[[source]]
name = "arsip"
path = "arsip/"                    # a folder, ZIP, WARC or table, beside this file

[[source]]
name = "korpus"
path = "korpus.parquet"
columns = { text = "isi_lengkap", title = "kepala" }
"""
_NAME = re.compile(r"[\w.-]{1,60}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One entry of the file: a web address (feed, sitemap, article or document) or a path (folder or file).

    ``selection`` says which of the listed articles are wanted. ``publisher``, ``language`` and ``topics`` are for
    articles that name none. ``full_text`` takes the articles from the feed itself, where it has all of their text, and
    fetches no pages. Articles younger than ``recheck_days`` are looked at again once a day, so that corrections and
    withdrawals arrive after the feed has moved on. ``limit`` is the most pages fetched in one run.
    """

    name: str
    url: str = ""
    path: Path | None = None
    selection: Selection = field(default_factory=Selection)
    publisher: str | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    full_text: bool = False
    recheck_days: int = 7
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class SourceList:
    """What the file says."""

    rules: FetchRules
    sources: tuple[Source, ...]


def read_sources(path: Path) -> SourceList:
    """The sources of a TOML file; paths in it are relative to it.

    Raises:
        SettingsError: it is not there, or says something that cannot be used.
    """
    try:
        text = path.read_text(encoding="utf-8")
        table = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(
            f"{path} cannot be read ({error.strerror or error}): `tanya sync --help` shows what to write into it"
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is no valid TOML: {error}") from error
    unknown = table.keys() - {"network", "source"}
    if unknown:
        raise SettingsError(f"{path}: there is no {', '.join(sorted(unknown))}; it has [network] and [[source]]")
    sources = tuple(_source(entry, path) for entry in table.get("source", ()))
    names = [source.name for source in sources]
    repeated = sorted({name for name in names if names.count(name) > 1})
    if repeated or not sources:
        problem = f"two sources are called {repeated[0]!r}" if repeated else "it lists no [[source]]"
        raise SettingsError(f"{path}: {problem}; `tanya sync --help` shows an example")
    return SourceList(_rules(table.get("network", {}), path), sources)


def _rules(table: dict[str, Any], path: Path) -> FetchRules:
    kinds = {one.name: one.type for one in fields(FetchRules)}
    where = f"{path}: [network]"
    values = {
        key: _checked(value, {"float": float, "int": int, "str": str, "bool": bool}[str(kinds[key])], f"{where} {key}")
        for key, value in table.items()
        if _known(key, kinds, where)
    }
    low = [key for key, value in values.items() if not isinstance(value, str | bool) and value < (key == "attempts")]
    if low:
        raise SettingsError(
            f"{where} {low[0]} is {values[low[0]]}; it must not be less than {int(low[0] == 'attempts')}"
        )
    return FetchRules(**values)


def _source(entry: dict[str, Any], path: Path) -> Source:
    name = entry.get("name", "")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise SettingsError(f"{path}: every [[source]] needs a name of letters, digits, '.', '-' and '_', not {name!r}")
    where = f"{path}: source {name!r},"
    for key in entry:
        _known(key, _KEYS, where)
    values = {key: _checked(value, _KEYS[key], f"{where} {key}") for key, value in entry.items()}
    if ("url" in values) == ("path" in values):
        raise SettingsError(f"{where} give either a url or a path")
    since = values.pop("since", None)
    selection = Selection(
        since=since.date() if isinstance(since, datetime) else since,
        include=tuple(values.pop("include", ())),
        exclude=tuple(values.pop("exclude", ())),
    )
    if "path" in values:
        values["path"] = (path.parent / Path(values["path"]).expanduser()).absolute()
    return Source(**{**values, "topics": tuple(values.get("topics", ())), "selection": selection})


_KEYS: dict[str, type] = {
    **dict.fromkeys(("name", "url", "path", "publisher", "language"), str),
    **dict.fromkeys(("include", "exclude", "topics"), list),
    **dict.fromkeys(("recheck_days", "limit"), int),
    "since": date,
    "columns": dict,
    "full_text": bool,
}
_WORDS = {str: "text", list: "a list of texts", int: "a whole number", float: "a number", bool: "true or false"}


def _known(key: str, keys: Mapping[str, object], where: str) -> bool:
    """True.

    Raises:
        SettingsError: there is no such key.
    """
    if key not in keys:
        raise SettingsError(f"{where} there is no {key}; there are {', '.join(keys)}")
    return True


def _checked(value: Any, kind: type, where: str) -> Any:  # noqa: ANN401 - a value out of TOML
    """The value, if it is of that kind.

    Raises:
        SettingsError: it is of another kind, or less than nothing.
    """
    wanted = (int, float) if kind is float else kind
    inner = list(value) if kind is list and isinstance(value, list) else []
    inner = list(value.values()) if kind is dict and isinstance(value, dict) else inner
    fits = isinstance(value, wanted) and not (isinstance(value, bool) and kind is not bool)
    if not fits or not all(isinstance(item, str) for item in inner):
        words = _WORDS.get(kind, "a date like 2024-01-01" if kind is date else 'a table like { text = "isi" }')
        raise SettingsError(f"{where} is {value!r}; it must be {words}")
    if kind is int and value < 0:
        raise SettingsError(f"{where} is {value}; it must not be negative")
    return value
