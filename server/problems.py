"""Errors as RFC 9457 problem details: ``application/problem+json`` with a type that programs can rely on."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse, Response

from index.errors import IndexLockedError, QueryError, TanyaError

__all__ = ["Problem", "ProblemError", "documented", "install", "problem_of", "problem_response"]

_LOG = logging.getLogger("tanya.server")
_URN = "urn:tanya-berita:problem:"
MEDIA_TYPE: Final = "application/problem+json"

# status -> (type, title); one type a status: the detail says the rest
_KINDS: Final = {
    400: ("bad-request", "The request cannot be understood"),
    401: ("key-needed", "An API key is needed"),
    403: ("not-allowed", "This is not allowed"),
    404: ("not-found", "There is nothing here"),
    405: ("method-not-allowed", "This address does not take this method"),
    413: ("too-large", "The request is too large"),
    421: ("misdirected", "This server does not go by that name"),
    422: ("invalid", "The request says something that cannot be used"),
    429: ("too-many", "Too many requests"),
    500: ("internal", "Something went wrong here"),
    503: ("busy", "The server cannot do this now"),
    504: ("timeout", "The answer took too long"),
}


# What the framework says of these is a word or two.
_SAID: Final = {
    404: "There is no such address; /v1/openapi.json lists those there are.",
    405: "This address takes other methods; the header Allow lists them.",
}


class InvalidPart(BaseModel):
    """One part of a request that cannot be used."""

    pointer: str = Field(description="Where it stands: a JSON pointer into the body, or the parameter's name.")
    detail: str = Field(description="What is wrong with it.")


class OpenAIError(BaseModel):
    """The same in OpenAI's form, which clients of that protocol look for."""

    message: str
    type: str


class Problem(BaseModel):
    """An error, as RFC 9457 describes them."""

    type: str = Field(description="What kind of problem; stays the same over versions.")
    title: str = Field(description="The kind in words.")
    status: int = Field(description="The HTTP status.")
    detail: str = Field(description="What happened this time and what to do next.")
    errors: list[InvalidPart] = Field(default=[], description="The parts of the request that cannot be used.")

    error: OpenAIError

    model_config = {
        "json_schema_extra": {
            "examples": [
                {
                    "type": f"{_URN}too-many",
                    "title": "Too many requests",
                    "status": 429,
                    "detail": "At most 300 requests a minute are taken; try again in 2 seconds.",
                    "errors": [],
                    "error": {
                        "message": "At most 300 requests a minute are taken; try again in 2 seconds.",
                        "type": "too-many",
                    },
                }
            ]
        }
    }


class ProblemError(HTTPException):
    """Raised where a request cannot be served.

    Args:
        status: the HTTP status, one that has a type.
        detail: what happened and what to do next; the caller reads it.
        headers: more headers, such as ``Retry-After``.
    """

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(status, detail, headers)


def documented(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What OpenAPI is told of errors with these statuses."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": _KINDS[status][1], "content": {MEDIA_TYPE: schema}} for status in sorted(statuses)}


def problem_response(
    status: int, detail: str, headers: Mapping[str, str] | None = None, errors: list[InvalidPart] | None = None
) -> JSONResponse:
    """A problem as a response."""
    kind, title = _KINDS.get(status, _KINDS[500 if status >= 500 else 400])
    body = Problem(
        type=f"{_URN}{kind}",
        title=title,
        status=status,
        detail=detail,
        errors=errors or [],
        error=OpenAIError(message=detail, type=kind),
    )
    return JSONResponse(body.model_dump(), status, dict(headers or {}), media_type=MEDIA_TYPE)


def problem_of(error: Exception) -> JSONResponse:
    """The problem that an error is to the caller. What concerns the server alone, such as a path, stays in its log."""
    if isinstance(error, HTTPException):
        own = isinstance(error, ProblemError) or error.status_code not in _SAID
        return problem_response(
            error.status_code, str(error.detail) if own else _SAID[error.status_code], error.headers
        )
    if isinstance(error, QueryError):
        return problem_response(422, str(error))
    if isinstance(error, IndexLockedError):
        return problem_response(503, "Another process is writing to the index; try again soon.", {"Retry-After": "5"})
    if isinstance(error, TimeoutError):
        return problem_response(504, "The answer took too long and was given up; try again, or ask for less.")
    if isinstance(error, TanyaError):
        _LOG.error("%s", error)
        return problem_response(503, "The index or a model cannot be used now; the server's log says why.")
    _LOG.error("an error that is ours to mend", exc_info=error)
    return problem_response(500, "This is an error in the server; its log says where.")


def install(app: FastAPI) -> None:
    """Makes the application answer every error so, and say so in its OpenAPI document."""

    async def raised(_: Request, error: Exception) -> Response:
        return problem_of(error)

    async def invalid(_: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - Starlette's signature is wider than its calls
        parts = [InvalidPart(pointer=_pointer(part["loc"]), detail=part["msg"]) for part in error.errors()]
        detail = "; ".join(f"{part.pointer}: {part.detail}" for part in parts[:3])
        return problem_response(422, detail, errors=parts)

    app.add_exception_handler(RequestValidationError, invalid)
    for kind in (HTTPException, TanyaError, TimeoutError, Exception):
        app.add_exception_handler(kind, raised)
    describe = app.openapi

    def openapi() -> dict[str, Any]:
        document = describe()
        schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        document["components"]["schemas"] |= {**schema.pop("$defs"), Problem.__name__: schema}
        for operations in document["paths"].values():
            for operation in operations.values():
                if "security" in operation and {} not in operation["security"]:
                    operation["security"].append({})  # a server without keys needs none
        return document

    app.openapi = openapi  # type: ignore[method-assign]  # FastAPI's own way


def _pointer(place: tuple[int | str, ...]) -> str:
    """FastAPI's place of an error: ``("body", "filter", "since")`` is ``/filter/since``."""
    kind, *steps = place
    if kind != "body":
        return "/".join(map(str, steps)) or str(kind)
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in steps)
