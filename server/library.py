"""``/v1/articles``: what is indexed, and what is to be."""

from __future__ import annotations

from itertools import islice
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Response
from starlette.concurrency import run_in_threadpool

from index.types import Article, Filter

from .access import READ, WRITE
from .problems import ProblemError, documented
from .requests import AddRequest, Day, Name
from .responses import ArticleBody, ArticleList, ReportBody
from .service import Service

__all__ = ["router"]

_FAILURES = documented(401, 403, 422, 429, 500, 503, 504)
_MISSING = documented(404)
_MOST_LISTED = 200
ArticleId = Annotated[
    str, Path(pattern="^[0-9a-f]{16}$", description="An article's id.", examples=["0123456789abcdef"])
]


def router(service: Service) -> APIRouter:
    """The routes over one service."""
    routes = APIRouter(prefix="/articles", tags=["articles"], responses=_FAILURES)
    index = service.assistant.index

    @routes.get("", response_model=ArticleList, dependencies=[READ], summary="List articles")
    async def listed(
        since: Day | None = None,
        until: Day | None = None,
        publisher: Annotated[list[Name], Query(max_length=100)] = [],  # noqa: B006 - FastAPI copies it
        topic: Annotated[list[Name], Query(max_length=100)] = [],  # noqa: B006
        limit: Annotated[int, Query(ge=1, le=_MOST_LISTED)] = 50,
        offset: Annotated[int, Query(ge=0, le=10_000_000)] = 0,
    ) -> Any:  # noqa: ANN401
        """Articles without their bodies, the latest first, those without a date last."""
        wanted = Filter(since=since, until=until, publishers=frozenset(publisher), topics=frozenset(topic))
        found = await service.run(lambda: list(islice(index.articles(wanted), offset, offset + limit + 1)))
        return {
            "articles": [article.to_dict(text=False) for article in found[:limit]],
            "next_offset": offset + limit if len(found) > limit else None,
        }

    @routes.post(
        "",
        response_model=ReportBody,
        dependencies=[WRITE],
        summary="Add articles",
        responses=documented(413),
    )
    async def add(wanted: AddRequest) -> Any:  # noqa: ANN401
        """Indexes articles; what is there already is `unchanged`, an article from the same address is replaced."""
        report = await service.run(index.add, [article.to_article() for article in wanted.articles])
        return report.to_dict()

    @routes.get(
        "/{article_id}", response_model=ArticleBody, dependencies=[READ], responses=_MISSING, summary="Get an article"
    )
    async def get(article_id: ArticleId) -> Any:  # noqa: ANN401
        """One article with its body."""
        article: Article | None = await run_in_threadpool(index.get, article_id)
        if article is None:
            raise _absent(article_id)
        return article.to_dict()

    @routes.delete(
        "/{article_id}", status_code=204, dependencies=[WRITE], responses=_MISSING, summary="Delete an article"
    )
    async def delete(article_id: ArticleId) -> Response:
        """Takes an article out of the index."""
        report = await service.run(index.remove, article_id)
        if not report.removed:
            raise _absent(article_id)
        return Response(status_code=204)

    return routes


def _absent(article_id: str) -> ProblemError:
    return ProblemError(404, f"There is no article {article_id}; /v1/articles lists those there are.")
