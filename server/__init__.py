"""The assistant on a network: REST, OpenAI's chat protocol, MCP and the chat page in one application.

``create_app`` makes the ASGI application, ``serve`` runs it, ``tanya serve`` does both. Needs the extra ``serve``.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from server.app import create_app, serve
    from server.keys import Key, KeyRing
    from server.settings import ServerSettings

__all__ = ["Key", "KeyRing", "ServerSettings", "create_app", "serve"]

# The command line lists its commands without paying for FastAPI.
_LATE = {
    "Key": "server.keys",
    "KeyRing": "server.keys",
    "ServerSettings": "server.settings",
    "create_app": "server.app",
    "serve": "server.app",
}


def __getattr__(name: str) -> object:
    if name not in _LATE:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(_LATE[name]), name)
    globals()[name] = value
    return value
