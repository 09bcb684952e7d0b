"""Models by name: a folder, files downloaded earlier, or the Hugging Face hub; the only part that needs a network."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol, TypeVar

from index.errors import TanyaError

__all__ = ["load_model"]

Model = TypeVar("Model", covariant=True)
_TIMEOUT = 5.0  # seconds to find out that there is no network


class Load(Protocol[Model]):
    """Loads a model with the library that knows it; raises the error that it is given to callers as."""

    def __call__(self, name: str, *, local_files_only: bool) -> Model:
        """The model of that name or folder."""


def load_model(name: str, load: Load[Model], *, kind: str, error: type[TanyaError], way_out: str) -> Model:
    """What ``load`` makes of ``name``; ``kind`` ("embedding model") and ``way_out`` are for the message.

    Raises:
        TanyaError: of the type ``error``, which ``load`` raises too: there is no such model, or it cannot be loaded.
    """
    if (folder := Path(name).expanduser()).is_dir():
        return load(str(folder), local_files_only=True)
    from huggingface_hub import constants

    try:
        return load(name, local_files_only=True)
    except error as missing:
        if constants.HF_HUB_OFFLINE or not _reachable(constants.ENDPOINT):
            raise error(
                f"There is no {kind} {name!r} on this machine, and {constants.ENDPOINT} cannot be reached to "
                f"download it. Give a folder, or connect once so that it can be downloaded, or {way_out}"
            ) from missing
    return load(name, local_files_only=False)


def _reachable(address: str) -> bool:
    """Asked first because the libraries retry for over a minute where there is no network."""
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen

    try:
        with urlopen(Request(address, method="HEAD"), timeout=_TIMEOUT):  # noqa: S310 (the hub's own address)
            return True
    except HTTPError:
        return True  # it answered
    except OSError:
        return False
