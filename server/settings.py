"""What a server adds to the settings: who may call, and how much. Values only: nothing is built here."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path

from assistant.settings import Settings, whole_number
from index.errors import SettingsError

__all__ = ["ServerSettings", "default_keys_file"]


def default_keys_file() -> Path:
    """Where API keys are kept when nobody says otherwise: the user's configuration folder (XDG rules)."""
    folder = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(folder) / "tanya-berita" / "keys.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerSettings(Settings):
    """``Settings`` and what holds for a server; the variable of a field is ``TANYA_`` and its name in capitals.

    Attributes:
        keys: file of the API keys' hashes.
        rate: requests a minute that one caller may send to the API; a key may have a rate of its own.
        parallel: answers that are worked on at the same time.
        waiting: further questions that may wait in line; the next ones are told to come back.
        time_limit: seconds that one request may take.
        body_limit: bytes that one request may hold.
        origins: web sites, such as ``https://redaksi.example``, whose scripts may call the API; comma-separated in the
            environment. None by default.
        hosts: names under which the server may be reached, comma-separated in the environment; by default only those
            of this computer where it listens on a loopback address, any name elsewhere.

    Raises:
        SettingsError: a value cannot be used; the message names the variable, the value and what is allowed.
    """

    keys: Path = field(default_factory=default_keys_file)
    rate: int = 300
    parallel: int = field(default_factory=lambda: max(4, os.cpu_count() or 1))
    waiting: int = 64
    time_limit: int = 60
    body_limit: int = 1_000_000
    origins: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        Settings.__post_init__(self)  # not super(): a dataclass with slots is another class than the one written here
        object.__setattr__(self, "keys", Path(self.keys).expanduser())
        bounds = {
            "rate": (1, 1_000_000),
            "parallel": (1, 1_000),
            "waiting": (0, 100_000),
            "time_limit": (1, 3_600),
            "body_limit": (1_000, 100_000_000),
        }
        for name, (lowest, highest) in bounds.items():
            object.__setattr__(self, name, whole_number(name, getattr(self, name), lowest, highest))
        for name in ("origins", "hosts"):
            object.__setattr__(self, name, _listed(getattr(self, name)))
        for origin in self.origins:
            if not origin.startswith(("http://", "https://")) or origin.count("/") != 2:
                raise SettingsError(
                    f"TANYA_ORIGINS has {origin!r}; allowed is an origin without a path, such as https://redaksi.example"
                )


def _listed(value: str | tuple[str, ...]) -> tuple[str, ...]:
    parts = value.split(",") if isinstance(value, str) else value
    return tuple(part.strip() for part in parts if part.strip())
