"""``/v1/health`` and ``/v1/metrics``. Both answer beside the gate: they are asked when it is full, most of all."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST
from starlette.concurrency import run_in_threadpool

from .access import READ
from .problems import documented
from .responses import Health
from .service import Service

__all__ = ["router"]


def router(service: Service) -> APIRouter:
    """The routes over one service."""
    routes = APIRouter(tags=["operations"])

    @routes.get("/health", response_model=Health, summary="Is it up", responses=documented(403, 500, 503))
    async def health(request: Request) -> Any:  # noqa: ANN401
        """Answers once the index can be read; needs no key, and says what is indexed to those who may read it."""
        coverage = await run_in_threadpool(service.assistant.index.coverage)
        told = coverage if "read" in request.state.caller.scopes else None
        return {
            "status": "ok",
            "version": version("tanya-berita"),
            "chat_model": told and service.assistant.chat_model,
            "articles": told and told.articles,
            "first_day": told and told.first_day,
            "last_day": told and told.last_day,
        }

    @routes.get(
        "/metrics",
        dependencies=[READ],
        summary="Figures for Prometheus",
        response_class=Response,
        responses={
            200: {"content": {"text/plain": {"schema": {"type": "string"}}}},
            **documented(401, 403, 429, 500, 503),
        },
    )
    async def metrics() -> Response:
        """Requests, answers and what is indexed, in Prometheus's text format."""
        return Response(await run_in_threadpool(service.metrics.text), media_type=CONTENT_TYPE_LATEST)

    return routes
