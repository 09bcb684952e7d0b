"""The application: REST under ``/v1``, MCP at ``/mcp``, the chat page at ``/``; and the process that serves it."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

import uvicorn
from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware
from mcp.server.transport_security import TransportSecuritySettings
from starlette.types import ASGIApp

from assistant.core import Assistant
from index.errors import SettingsError

from . import asking, chat_completions, library, operations
from .guard import LOOPBACK, Door, Guard
from .keys import KeyRing
from .limits import Drain
from .mcp_tools import tool_server
from .metrics import Metrics
from .problems import documented, install
from .service import Service
from .settings import ServerSettings

__all__ = ["create_app", "serve"]

_DESCRIPTION = """Questions about Indonesian news, answered with the exact characters of named, dated articles.

Every error is a problem document (RFC 9457) whose `detail` says what to do next."""
_GRACE = 30.0  # seconds that answers under way get when the server is told to stop
_REST = 2  # seconds that connections without an answer under way get after that
_KEEP_ALIVE = 15


def create_app(
    assistant: Assistant,
    settings: ServerSettings | None = None,
    *,
    host: str = "127.0.0.1",
    public: bool = False,
    drain: Drain | None = None,
) -> ASGIApp:
    """The ASGI application.

    Args:
        assistant: answers the questions; stays open when the application ends.
        settings: by default those of the environment.
        host: the address it will be served on: a loopback address needs no keys.
        public: whether everybody may read without a key.
        drain: counts what is under way, for a server that finishes it before it stops.

    Raises:
        SettingsError: others could reach it, and there is neither a key nor ``public``; or the keys cannot be read.
    """
    settings = settings or ServerSettings.from_env()
    keys = KeyRing(settings.keys)
    loopback = host in LOOPBACK
    if not (loopback or public or len(keys)):
        raise SettingsError(
            f"Others can reach {host}, and there is no API key yet. Make one: tanya keys add NAME. "
            "Or let everybody read: --public."
        )
    hosts = frozenset((*LOOPBACK, *settings.hosts)) if loopback else frozenset(settings.hosts)
    metrics = Metrics(assistant.index)
    service = Service(assistant, settings, metrics)
    tools = tool_server(service).streamable_http_app(
        stateless_http=True,  # nothing of a conversation is kept, so nothing can reach somebody else
        max_request_body_size=settings.body_limit,
        transport_security=TransportSecuritySettings(enable_dns_rebinding_protection=False),  # the guard checks names
    )

    @asynccontextmanager
    async def running(_: FastAPI) -> AsyncIterator[None]:
        async with tools.router.lifespan_context(tools):
            yield

    app = FastAPI(openapi_url=None, lifespan=running)
    app.mount("/v1", _api(service))
    app.router.routes.extend(tools.routes)
    import ui  # noqa: TID251 - the server shows the page

    ui.mount(app, assistant)
    door = Door(loopback=loopback, public=public, hosts=hosts)
    guarded = Guard(app, settings=settings, keys=keys, door=door, metrics=metrics, drain=drain or Drain())
    if not settings.origins:
        return guarded
    # Outside the guard: a browser asks whether it may before it sends a key.
    return CORSMiddleware(
        guarded,
        allow_origins=settings.origins,
        allow_methods=["GET", "POST", "DELETE"],
        allow_headers=["Authorization", "Content-Type"],
        expose_headers=["Retry-After"],
    )


def serve(
    assistant: Assistant,
    settings: ServerSettings | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    public: bool = False,
) -> None:
    """Serves until the process is told to stop (SIGTERM, Ctrl-C), then finishes the answers under way.

    Args:
        assistant: answers the questions.
        settings: by default those of the environment.
        host: the address to listen on.
        port: the port; 0 for any that is free.
        public: whether everybody may read without a key.

    Raises:
        SettingsError: the address cannot be listened on, or others could reach it without a key.
    """
    drain = Drain()
    app = create_app(assistant, settings, host=host, public=public, drain=drain)
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.create_server((host, port), family=family, backlog=2048)
    except OSError as error:
        raise SettingsError(f"cannot serve on {host}:{port}: {error}. Choose another --host or --port.") from error
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,  # who asked what is nobody's business; /v1/metrics counts
        timeout_graceful_shutdown=_REST,
        timeout_keep_alive=_KEEP_ALIVE,
        server_header=False,
        ws="none",
    )
    shown = f"[{host}]" if ":" in host else host
    print(f"Tanya Berita: http://{shown}:{listening.getsockname()[1]}", flush=True)
    _Server(config, drain).run(sockets=[listening])


class _Server(uvicorn.Server):
    """Uvicorn, which on its own would wait for the page's endless streams and cut off answers that take longer."""

    def __init__(self, config: uvicorn.Config, drain: Drain) -> None:
        super().__init__(config)
        self._drain = drain

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for server in self.servers:
            server.close()  # nobody new gets in
        await self._drain.finish(_GRACE)
        await super().shutdown(sockets)


def _api(service: Service) -> FastAPI:
    """REST and OpenAI's protocol, an application of their own so that every error in them is a problem document."""
    api = FastAPI(
        title="Tanya Berita",
        version=version("tanya-berita"),
        description=_DESCRIPTION,
        docs_url=None,  # Swagger's page loads its scripts from elsewhere
        redoc_url=None,
        responses=documented(400, 405, 421),
        root_path_in_servers=False,
        servers=[{"url": "/v1"}],
    )
    install(api)
    for part in (asking, library, operations, chat_completions):
        api.include_router(part.router(service))
    return api
