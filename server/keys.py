"""API keys: made once and shown once; on disk there are only their hashes."""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import SettingsError

__all__ = ["Key", "KeyRing", "Scope"]

Scope = Literal["read", "write"]
_NAME = re.compile(r"[\w.@-]{1,64}")
_LONGEST_SECRET = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """What is kept of an API key.

    Attributes:
        name: who has it; unique.
        digest: SHA-256 of the secret in hex. The secret holds 256 random bits, so a slow hash would protect nothing
            more: there is no dictionary to try.
        scopes: ``read`` to ask, search and read articles; ``write`` to add and delete them.
        created: when, in UTC, to the second.
        rate: requests a minute, if not the server's.
    """

    name: str
    digest: str
    scopes: frozenset[Scope]
    created: datetime
    rate: int | None = None


class KeyRing:
    """The keys in a file. Changes by other processes are seen at once, so a revoked key stops working in a running
    server. Safe in threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._read: tuple[object, dict[str, Key]] = (None, {})

    def __len__(self) -> int:
        return len(self._by_digest())

    def __iter__(self) -> Iterator[Key]:
        return iter(sorted(self._by_digest().values(), key=lambda key: key.name))

    def find(self, secret: str) -> Key | None:
        """The key with this secret, if there is one. A look-up by hash: its duration says nothing of other secrets."""
        if not secret.startswith("tanya_") or len(secret) > _LONGEST_SECRET:
            return None
        return self._by_digest().get(_digest(secret))

    def add(self, name: str, scopes: Sequence[Scope] = ("read",), rate: int | None = None) -> str:
        """Makes a key and returns its secret, which is stored nowhere.

        Raises:
            SettingsError: the name is taken or none, a scope does not exist, or the file cannot be written.
        """
        if not _NAME.fullmatch(name):
            raise SettingsError(f"{name!r} is no name for a key; use up to 64 letters, digits, dots, dashes or @")
        if unknown := set(scopes) - set(get_args(Scope)) or not scopes:
            raise SettingsError(f"scopes {unknown!r}; read and write are allowed")
        secret = f"tanya_{secrets.token_urlsafe(32)}"
        created = datetime.now(UTC).replace(microsecond=0)
        with self._changing() as keys:
            if any(key.name == name for key in keys):
                raise SettingsError(f"there is a key named {name!r} already; revoke it first, or take another name")
            keys.append(Key(name=name, digest=_digest(secret), scopes=frozenset(scopes), created=created, rate=rate))
        return secret

    def revoke(self, name: str) -> None:
        """Takes the key with this name away.

        Raises:
            SettingsError: there is none, or the file cannot be written.
        """
        with self._changing() as keys:
            kept = [key for key in keys if key.name != name]
            if len(kept) == len(keys):
                raise SettingsError(f"there is no key named {name!r}; tanya keys list shows them")
            keys[:] = kept

    def _by_digest(self) -> dict[str, Key]:
        stamp = self._stamp()
        known, keys = self._read
        if stamp != known:
            keys = {key.digest: key for key in self._load()}
            self._read = (stamp, keys)
        return keys

    def _stamp(self) -> object:
        try:
            found = self.path.stat()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise SettingsError(f"the keys in {self.path} cannot be read: {error.strerror}") from error
        return found.st_mtime_ns, found.st_ino, found.st_size

    def _load(self) -> list[Key]:
        try:
            rows = json.loads(self.path.read_text(encoding="utf-8"))["keys"]
            return [_key(row) for row in rows]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            # Never "no keys" instead: that would open the server to everybody.
            raise SettingsError(
                f"the keys in {self.path} cannot be read: {error}. Restore or remove the file."
            ) from error

    @contextmanager
    def _changing(self) -> Iterator[list[Key]]:
        """The keys, to be changed by one process at a time; written whole or not at all, for its owner's eyes only."""
        from filelock import FileLock

        try:
            self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
            with FileLock(f"{self.path}.lock"):
                keys = self._load()
                yield keys
                # mkstemp: nobody else can read the file, from its first moment on
                handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".keys-")
                with os.fdopen(handle, "w", encoding="utf-8") as file:
                    json.dump({"keys": [_row(key) for key in keys]}, file, indent=1)
                Path(name).replace(self.path)
        except OSError as error:
            raise SettingsError(f"the keys in {self.path} cannot be changed: {error.strerror or error}") from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def _row(key: Key) -> dict[str, Any]:
    return {**asdict(key), "scopes": sorted(key.scopes), "created": key.created.isoformat()}


def _key(row: dict[str, Any]) -> Key:
    return Key(**{**row, "scopes": frozenset(row["scopes"]), "created": datetime.fromisoformat(row["created"])})
