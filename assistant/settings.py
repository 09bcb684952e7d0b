"""Settings from ``TANYA_*`` environment variables and keyword arguments. Values only: nothing is built here."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from index.errors import SettingsError

__all__ = ["LEAST_TOKENS", "MAX_TOP_K", "Settings", "default_index_folder", "whole_number"]

MAX_TOP_K = 100
_SWITCHES = {"1": True, "true": True, "yes": True, "on": True, "0": False, "false": False, "no": False, "off": False}
LEAST_TOKENS = 2_000
"""What a prompt with a few sentences and a short reply take."""


def default_index_folder() -> Path:
    """Where the index lives when nobody says otherwise: the user's data folder (XDG base directory rules)."""
    data = os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "tanya-berita" / "index"


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Everything that can be set from outside, checked. The variable of a field is ``TANYA_`` and its name in capitals.

    Attributes:
        index: folder of the index.
        embedding: name or folder of a sentence-transformers model; ``None`` for the one that made the index, or the
            shipped one for a new index.
        reranker: name or folder of a sentence-transformers CrossEncoder that puts the passages found into order;
            ``None`` for the shipped one, ``"off"`` for none.
        chroma_url: address of a Chroma server.
        chroma_api_key: its key, or with no address the key of Chroma Cloud; never shown. Without address and key the
            vectors are in the index folder.
        chroma_tenant: tenant on the server, if not its default.
        chroma_database: database on the server, if not its default.
        chroma_collection: collection to use, if not the index's own.
        top_k: how many passages a question retrieves, 1 to 100.
        confidence: probability from which a question counts as answered, 0 to 1; ``None`` for the reader's own. Higher
            means fewer and surer answers.
        precision: how often answers must be right, 0 to 1, in place of ``confidence``: the threshold is looked up in
            what was measured for the shipped reader. At most one of the two may be set.
        ui_read_only: whether the page's visitors can only ask: no adding, removing or rating.
        ui_auth: logins of the page, ``name:password`` and a comma between two; never shown. ``None`` for no login.
        ui_rate: how many questions a visitor of the page may ask in a minute; 0 for no limit.
        ui_upload_files: how many files a visitor may add at a time.
        ui_upload_mb: how large each of them may be, in megabytes.
        ui_feedback: file that the page appends ratings to; ``None`` for ``feedback.jsonl`` in the index folder.
        llm: chat model that writes the answers, as ``provider:model`` of LangChain's ``init_chat_model``; ``None``
            answers by quotation with the embedded reader.
        llm_url: address of the model's server, if not the provider's own.
        llm_api_key: its key, if not in the provider's own variable; never shown. With ``llm_url``, only this one is
            sent.
        llm_seconds: how long the model may take over one question, retries and repair included.
        llm_tokens: how many tokens the model may read and write for one question, all calls together.
        llm_failure: ``"reader"`` answers by quotation, with a notice, where the model fails; ``"error"`` raises.
        llm_unsupported: ``"mark"`` shows statements that no article supports, and says so; ``"remove"`` leaves them
            out.
        llm_cache: folder in which replies are kept, so that the same question over the same sentences is free.

    Raises:
        SettingsError: a value cannot be used; the message names the variable, the value and what is allowed.
    """

    index: Path = field(default_factory=default_index_folder)
    embedding: str | None = None
    reranker: str | None = None
    chroma_url: str | None = None
    chroma_api_key: str | None = field(default=None, repr=False)
    chroma_tenant: str | None = None
    chroma_database: str | None = None
    chroma_collection: str | None = None
    top_k: int = 10
    confidence: float | None = None
    precision: float | None = None
    ui_read_only: bool = False
    ui_auth: str | None = field(default=None, repr=False)
    ui_rate: int = 30
    ui_upload_files: int = 20
    ui_upload_mb: int = 20
    ui_feedback: Path | None = None
    llm: str | None = None
    llm_url: str | None = None
    llm_api_key: str | None = field(default=None, repr=False)
    llm_seconds: float = 120.0
    llm_tokens: int = 16_000
    llm_failure: Literal["reader", "error"] = "reader"
    llm_unsupported: Literal["mark", "remove"] = "mark"
    llm_cache: Path | None = None

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **overrides: object) -> Self:
        """Settings from the environment; keyword arguments that are not ``None`` go before it.

        An empty variable counts as unset.

        Raises:
            SettingsError: a value cannot be used.
            TypeError: an override is not a setting.
        """
        environ = os.environ if environ is None else environ
        names = [spec.name for spec in fields(cls)]
        values: dict[str, Any] = {name: value for name in names if (value := environ.get(_variable(name), "").strip())}
        values.update((name, value) for name, value in overrides.items() if value is not None)
        return cls(**values)

    def __post_init__(self) -> None:
        object.__setattr__(self, "index", _path("index", self.index))
        object.__setattr__(self, "ui_read_only", _switch("ui_read_only", self.ui_read_only))
        object.__setattr__(self, "ui_rate", whole_number("ui_rate", self.ui_rate, 0, 10_000))
        object.__setattr__(self, "ui_upload_files", whole_number("ui_upload_files", self.ui_upload_files, 1, 1_000))
        object.__setattr__(self, "ui_upload_mb", whole_number("ui_upload_mb", self.ui_upload_mb, 1, 1_000))
        if self.ui_auth is not None:
            _logins(self.ui_auth)
        if self.ui_feedback is not None:
            object.__setattr__(self, "ui_feedback", _path("ui_feedback", self.ui_feedback))
        object.__setattr__(self, "top_k", whole_number("top_k", self.top_k, 1, MAX_TOP_K))
        for name in ("confidence", "precision"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, _probability(name, value))
        if self.confidence is not None and self.precision is not None:
            raise SettingsError("TANYA_CONFIDENCE and TANYA_PRECISION are both set; unset one of them")
        if self.chroma_url is not None:
            _check_url("chroma_url", self.chroma_url)
        place = [name for name in ("tenant", "database", "collection") if getattr(self, f"chroma_{name}")]
        if place and not self.on_server:
            raise SettingsError(
                f"{_variable(f'chroma_{place[0]}')} is set, but no server: set TANYA_CHROMA_URL for one of your own, or"
                " TANYA_CHROMA_API_KEY for Chroma Cloud"
            )
        self._check_llm()

    def _check_llm(self) -> None:
        provider, colon, model = (self.llm or "a:b").partition(":")
        if not (colon and provider.strip() and model.strip()):
            raise SettingsError(f"TANYA_LLM is {self.llm!r}; provider:model is allowed, such as ollama:qwen3:4b")
        if self.llm_url is not None:
            _check_url("llm_url", self.llm_url)
        object.__setattr__(self, "llm_seconds", _seconds("llm_seconds", self.llm_seconds))
        object.__setattr__(self, "llm_tokens", whole_number("llm_tokens", self.llm_tokens, LEAST_TOKENS, 1_000_000))
        _check_choice("llm_failure", self.llm_failure, ("reader", "error"))
        _check_choice("llm_unsupported", self.llm_unsupported, ("mark", "remove"))
        if self.llm_cache is not None:
            object.__setattr__(self, "llm_cache", _path("llm_cache", self.llm_cache))

    @property
    def logins(self) -> dict[str, str]:
        """Passwords by name, from ``ui_auth``; empty where the page asks for no login."""
        return _logins(self.ui_auth) if self.ui_auth else {}

    @property
    def on_server(self) -> bool:
        """Whether the vectors are on a Chroma server or Chroma Cloud instead of in the index folder."""
        return self.chroma_url is not None or self.chroma_api_key is not None


def _variable(name: str) -> str:
    return f"TANYA_{name.upper()}"


def _path(name: str, value: str | os.PathLike[str]) -> Path:
    if not os.fspath(value).strip():
        raise SettingsError(f"{_variable(name)} is {os.fspath(value)!r}; give a path")
    try:
        return Path(value).expanduser()
    except RuntimeError as error:  # "~someone" without such a user
        raise SettingsError(f"{_variable(name)} is {os.fspath(value)!r}, and there is no such home folder") from error


def _switch(name: str, value: object) -> bool:
    if (switch := _SWITCHES.get(str(value).lower())) is None:
        raise SettingsError(f"{_variable(name)} is {value!r}; 1 or 0 is allowed")
    return switch


def _logins(value: str) -> dict[str, str]:
    logins: dict[str, str] = {}
    for place, pair in enumerate(value.split(","), start=1):
        name, colon, password = pair.strip().partition(":")
        if not (name and colon and password):  # the value is a secret, so it is not repeated
            raise SettingsError(f"TANYA_UI_AUTH: login {place} is not name:password; put a comma between two logins")
        logins[name] = password
    return logins


def whole_number(name: str, value: object, lowest: int, highest: int) -> int:
    """A setting's value as a whole number.

    Raises:
        SettingsError: it is none, or out of bounds.
    """
    allowed = f"a whole number from {lowest} to {highest} is allowed"
    try:
        number = int(str(value))
    except ValueError:
        raise SettingsError(f"{_variable(name)} is {value!r}; {allowed}") from None
    if not lowest <= number <= highest:
        raise SettingsError(f"{_variable(name)} is {value!r}; {allowed}")
    return number


def _probability(name: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = -1.0
    if not 0 <= number <= 1:
        raise SettingsError(f"{_variable(name)} is {value!r}; a number from 0 to 1 is allowed, such as 0.65")
    return number


def _seconds(name: str, value: object) -> float:
    try:
        number = float(str(value))
    except ValueError:
        number = 0.0
    if not 0 < number <= 86_400:
        raise SettingsError(f"{_variable(name)} is {value!r}; a number of seconds above 0 is allowed, such as 120")
    return number


def _check_choice(name: str, value: str, allowed: tuple[str, ...]) -> None:
    if value not in allowed:
        raise SettingsError(f"{_variable(name)} is {value!r}; {' or '.join(allowed)} is allowed")


def _check_url(name: str, url: str) -> None:
    try:
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port is None or parts.port > 0)
    except ValueError:
        usable = False
    if usable and "@" in parts.netloc:  # the value holds a secret, so it is not repeated
        key = _variable(name.replace("_url", "_api_key"))
        raise SettingsError(f"{_variable(name)} holds a user name or password; use {key} for the key")
    if not usable:
        raise SettingsError(f"{_variable(name)} is {url!r}; an address such as http://localhost:8000 is allowed")
