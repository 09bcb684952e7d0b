"""What a route asks of its caller. Who that is, ``guard`` has found out before."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import Depends, Request
from fastapi.security import HTTPBearer

from .guard import Caller
from .problems import ProblemError

__all__ = ["READ", "WRITE"]

# For OpenAPI: the guard reads the header itself, so that it holds for what is no route of FastAPI, too.
_BEARER = HTTPBearer(auto_error=False, description="An API key: `tanya keys add NAME` makes one.")


def _may(scope: str) -> Any:  # noqa: ANN401 - FastAPI's own type is private
    async def check(request: Request, _: Annotated[object, Depends(_BEARER)]) -> None:
        caller: Caller = request.state.caller
        if scope not in caller.scopes:
            raise ProblemError(403, f"This key may not do that: it has no scope {scope!r}.")

    return Depends(check)


READ = _may("read")
WRITE = _may("write")
