"""What the server answers, documented. The fields are those of the ``to_dict``s."""

from __future__ import annotations

import datetime
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field

from assistant.types import Support

__all__ = [
    "EVENTS",
    "AnswerBody",
    "ArticleBody",
    "ArticleList",
    "Health",
    "Passages",
    "ReportBody",
]

Day = datetime.date


EVENTS: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "content": {
            "text/event-stream": {
                "schema": {
                    "type": "object",
                    "properties": {"event": {"type": "string"}, "data": {"type": "string"}},
                    "required": ["data"],
                }
            }
        }
    }
}
"""What OpenAPI is told of server-sent events: each is this object, its ``data`` JSON."""


class _Response(BaseModel):
    """Fields that later versions add go through."""

    model_config = ConfigDict(extra="allow")


class ArticleBody(BaseModel):
    """An article. Where on the server it was read from is not told."""

    id: str
    title: str
    url: str | None
    publisher: str | None
    author: str | None
    editor: str | None
    published: str | None = Field(description="ISO 8601: a day, or a time with its zone.")
    updated: str | None
    language: str | None
    topics: list[str]
    text: str | None = Field(default=None, description="The body, where one article is asked for.")


class GlossBody(_Response):
    """What a word of a quotation means in its article: "Senin" a day, "ia" a person."""

    text: str
    meaning: str
    start: int = Field(description="Where the word stands in the article's text.")
    end: int


class CitationBody(_Response):
    """The exact characters of an article that support a claim: `text[start:end] == quote`, counted in code points."""

    number: int = Field(description="The marker in the answer's text: `[1]`.")
    article: ArticleBody
    start: int
    end: int
    quote: str
    span: tuple[int, int] | None = Field(description="The part that answers by itself, as offsets into the article.")
    copies: list[ArticleBody] = Field(description="Other articles that carry the quote: the same wire copy elsewhere.")
    glosses: list[GlossBody] = Field(description="What weekdays, relative dates and pronouns of the quote stand for.")


class ClaimBody(_Response):
    """One statement of an answer, and the numbers of the citations that support it."""

    text: str
    citations: list[int]
    quoted: bool = Field(description="Whether the text is, word for word, the quote of its citations.")
    support: Support = Field(description="How far the cited characters bear the statement out.")
    reason: str = Field(description="Why not wholly, as a sentence to show; empty for a supported statement.")


class PassageBody(_Response):
    """A stretch of whole sentences of an article."""

    article: ArticleBody
    start: int
    end: int
    text: str
    score: float
    scores: dict[str, float]
    copies: list[ArticleBody] = Field(default=[], description="Other articles that carry the same text.")


class UsageBody(_Response):
    """What a chat model was asked for one answer."""

    model: str
    calls: int = Field(description="Requests to the model.")
    input_tokens: int
    output_tokens: int
    estimated: bool = Field(description="Whether the tokens were estimated, because the model reports none.")
    cached: bool = Field(description="Whether the reply came from the answer cache.")
    seconds: dict[str, float] = Field(description="The duration of each step.")


class AnswerBody(_Response):
    """What the assistant says, and what it rests on."""

    question: str
    query: str = Field(description="The standalone question that was searched.")
    text: str = Field(description="The answer as plain text, with `[1]` markers.")
    found: bool = Field(description="False where the articles do not answer the question.")
    confidence: float = Field(description="Probability, 0 to 1, that the passages answer the question at all.")
    complete: bool = Field(description="False in the growing answers of a stream.")
    notice: str = Field(description="A sentence to show beside the answer, such as that the chat model is unreachable.")
    usage: UsageBody | None = Field(description="There where a chat model is configured.")
    as_of: Day | None = Field(description="The day of the article that a figure comes from, where such figures age.")
    disagreement: list[list[int]] = Field(
        description="Groups of citation numbers that contradict each other, the newest article first in each."
    )
    claims: list[ClaimBody]
    citations: list[CitationBody]
    passages: list[PassageBody]


class Passages(BaseModel):
    """Passages, best first."""

    passages: list[PassageBody]


class ArticleList(BaseModel):
    """Articles without their bodies, the latest first."""

    articles: list[ArticleBody]
    next_offset: int | None = Field(description="Where the next page begins; null on the last.")


class FailureBody(BaseModel):
    """An article that could not be indexed, and why."""

    source: str
    reason: str


class ReportBody(_Response):
    """What was done: ids of articles by outcome."""

    added: list[str]
    updated: list[str]
    unchanged: list[str]
    removed: list[str]
    failed: list[FailureBody]


class Health(BaseModel):
    """Whether the server answers, and from what."""

    status: str = Field(examples=["ok"])
    version: str
    chat_model: str | None = Field(
        description="What writes the answers, told to those who may read; empty where all are quotations."
    )
    articles: int | None = Field(description="Told to those who may read.")
    first_day: Day | None
    last_day: Day | None
