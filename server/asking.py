"""``POST /v1/ask`` and ``/v1/search``."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel

from assistant.types import Answer

from .access import READ
from .problems import documented, problem_of
from .requests import AskRequest, SearchRequest
from .responses import EVENTS, AnswerBody, Passages
from .service import Service

__all__ = ["router"]

_FAILURES = documented(401, 403, 413, 422, 429, 500, 503, 504)


def router(service: Service) -> APIRouter:
    """The routes over one service."""
    routes = APIRouter(tags=["questions"], dependencies=[READ], responses=_FAILURES)

    @routes.post(
        "/ask",
        response_model=AnswerBody,
        summary="Ask a question",
        responses=EVENTS,
    )
    async def ask(request: Request, asked: AskRequest) -> Any:  # noqa: ANN401 - FastAPI checks it against the model
        """Answers with the exact characters that every statement rests on, or says that the articles do not say.

        As server-sent events where `stream` is true or the request accepts `text/event-stream`: each event `answer`
        holds an answer as far as it has come, the last one complete; an event `problem` ends it otherwise.
        """
        growing = service.stream(asked.question, asked.turns, asked.filter.to_filter(), reader_only=asked.reader_only)
        if not (asked.stream or EventSourceResponse.media_type in request.headers.get("accept", "")):
            async with aclosing(growing):
                return [answer async for answer in growing][-1].to_dict()
        # The first one before the response begins, so that what is wrong with the question has its own status.
        first = await anext(growing)
        return EventSourceResponse(_events(first, growing), headers={"Cache-Control": "no-store"})

    @routes.post("/search", response_model=Passages, summary="Find passages")
    async def search(wanted: SearchRequest) -> Any:  # noqa: ANN401
        """The passages nearest to a query, best first. Whether they answer it is not judged here."""
        found = await service.run(
            service.assistant.index.retrieve, wanted.query, wanted.k, filter=wanted.filter.to_filter()
        )
        return {"passages": [passage.to_dict() for passage in found]}

    return routes


async def _events(first: Answer, growing: AsyncGenerator[Answer, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(growing):
        yield _event("answer", AnswerBody(**first.to_dict()))
        try:
            async for answer in growing:
                yield _event("answer", AnswerBody(**answer.to_dict()))
        except Exception as error:  # noqa: BLE001 - the response has begun, so its end has to say it; problem_of logs it
            yield format_sse_event(data_str=bytes(problem_of(error).body).decode(), event="problem")


def _event(name: str, body: BaseModel) -> bytes:
    return format_sse_event(data_str=body.model_dump_json(), event=name)
