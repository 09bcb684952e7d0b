"""The door: everything that comes in is checked here first, whichever part of the application it is for."""

from __future__ import annotations

import base64
import binascii
import time
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from index.errors import TanyaError

from .keys import KeyRing
from .limits import Drain, RateLimit
from .metrics import Metrics
from .problems import ProblemError, problem_of
from .settings import ServerSettings

__all__ = ["Caller", "Guard"]

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_OPEN = frozenset({"/v1/health", "/v1/openapi.json"})  # need no key: they tell nothing of the articles
_PROGRAMS = ("/v1", "/mcp")
_ENDLESS = "/gradio_api/heartbeat/"  # a stream that a page keeps open as long as it is looked at


@dataclass(frozen=True, slots=True)
class Caller:
    """Who sends a request, and what they may do.

    Attributes:
        id: the key's name, or the address of a caller without one.
        scopes: of ``read`` and ``write``.
        rate: requests a minute.
    """

    id: str
    scopes: frozenset[str]
    rate: int


class Guard:
    """ASGI middleware: host and origin, key, rate, stopping; and what is measured of every request.

    Without any key in the ring a server on a loopback address is open to this computer, as the chat page alone is; one
    that others can reach is not started at all. ``public`` lets everybody read, still.

    The application finds a ``Caller`` in ``request.state.caller``.
    """

    def __init__(
        self, app: ASGIApp, *, settings: ServerSettings, keys: KeyRing, door: Door, metrics: Metrics, drain: Drain
    ) -> None:
        self._app = app
        self._settings = settings
        self._keys = keys
        self._door = door
        self._rates = RateLimit()
        self._metrics = metrics
        self._drain = drain

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serves one request, or says why not."""
        if scope["type"] != "http":
            if scope["type"] == "websocket":  # nothing here speaks it
                await send({"type": "websocket.close", "code": 1008})
                return
            await self._app(scope, receive, send)
            return
        status = 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), (b"x-content-type-options", b"nosniff")]
            await send(message)

        began = time.perf_counter()
        try:
            scope.setdefault("state", {})["caller"] = self._admitted(scope)
            with self._metrics.under_way.track_inprogress(), self._counted(scope):
                await self._app(scope, self._measured(scope, receive), noted)
        except (ProblemError, TanyaError) as error:
            if status:
                raise
            await problem_of(error)(scope, receive, noted)
        finally:
            self._metrics.request(scope, status or 500, time.perf_counter() - began)

    def _counted(self, scope: Scope) -> AbstractContextManager[None]:
        return nullcontext() if _ENDLESS in scope["path"] else self._drain.running()

    def _measured(self, scope: Scope, receive: Receive) -> Receive:
        """``receive``, which gives up on a body that is too large, whether it says so beforehand or not.

        Raises:
            ProblemError: 413.
        """
        left = self._settings.body_limit
        too_large = ProblemError(413, f"A request may hold {left} bytes at most.", {"Connection": "close"})
        declared = Headers(scope=scope).get("content-length", "0")
        if not declared.isdecimal() or int(declared) > left:
            raise too_large

        async def counted() -> Message:
            nonlocal left
            message = await receive()
            left -= len(message.get("body", b""))
            if left < 0:
                raise too_large
            return message

        return counted

    def _admitted(self, scope: Scope) -> Caller:
        """Who calls.

        Raises:
            ProblemError: they may not, or not now.
        """
        headers, path = Headers(scope=scope), scope["path"]
        host = headers.get("host", "")
        self._check_host(host)
        self._check_origin(headers.get("origin"), host)
        program = path.startswith(_PROGRAMS)
        address = (scope.get("client") or ("",))[0]
        secret = _secret(headers.get("authorization", ""))
        key = self._keys.find(secret) if secret else None
        if key is not None:
            caller = Caller(key.name, key.scopes, key.rate or self._settings.rate)
        else:
            caller = Caller(f"address {address}", self._door.scopes(self._keys), self._settings.rate)
        if path in _OPEN:
            return caller
        # Where there are no keys, any is as good as none: clients made for other servers insist on sending one.
        refused = (secret and key is None and len(self._keys)) or "read" not in caller.scopes
        if program or refused:
            self._rates.take(caller.id, caller.rate)
        if refused:
            way = "Bearer" if program else 'Basic realm="Tanya Berita", charset="UTF-8"'
            raise ProblemError(
                401,
                "Send a valid API key: as 'Authorization: Bearer KEY', or in a browser as the password.",
                {"WWW-Authenticate": way},
            )
        return caller

    def _check_host(self, host: str) -> None:
        """Keeps other sites from pointing a name of theirs at this computer and reading what their scripts get."""
        name = _hostname(host)
        if self._door.hosts and name not in self._door.hosts:
            raise ProblemError(421, f"This server does not go by the name {name!r}; TANYA_HOSTS names more.")

    def _check_origin(self, origin: str | None, host: str) -> None:
        """Keeps other sites' scripts out: a browser sends a password along that somebody once typed in."""
        if origin is None or origin.partition("//")[2] == host or origin in self._settings.origins:
            return
        raise ProblemError(403, "Scripts of other sites may not call this server; TANYA_ORIGINS names those that may.")


@dataclass(frozen=True, slots=True)
class Door:
    """Who gets in without a key.

    Attributes:
        loopback: whether only this computer can reach the server.
        public: whether everybody may read.
        hosts: names that requests may be addressed to; empty for any.
    """

    loopback: bool
    public: bool
    hosts: frozenset[str]

    def scopes(self, keys: KeyRing) -> frozenset[str]:
        """What somebody without a key may do."""
        if self.loopback and not len(keys):
            return frozenset({"read", "write"})
        return frozenset({"read"}) if self.public else frozenset()


def _secret(authorization: str) -> str:
    """The key that a request brings, whether as a bearer token or as a browser's password; "" if it brings none."""
    scheme, _, value = authorization.partition(" ")
    match scheme.lower():
        case "bearer":
            return value.strip()
        case "basic":
            try:
                return base64.b64decode(value, validate=True).decode().partition(":")[2]
            except (binascii.Error, UnicodeDecodeError):
                return "?"  # something was sent, and it is no key
    return ""


def _hostname(host: str) -> str:
    """A ``Host`` header without its port."""
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].lower()
