"""What is sent to the server, checked."""

from __future__ import annotations

import datetime
from typing import Annotated

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.settings import MAX_TOP_K
from assistant.types import Turn
from index.retrieval import LONGEST_QUERY
from index.types import Article, Filter

__all__ = ["AddRequest", "AskRequest", "NewArticle", "SearchRequest"]

_QUESTION = "Siapa yang memimpin pleno undian nomor urut Pilgub Kaltim?"
_MOST_TURNS = 50
_MOST_ARTICLES = 100

Name = Annotated[str, StringConstraints(min_length=1, max_length=500)]
Names = Annotated[list[Name], Field(max_length=100)]
Question = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUERY)]
Day = datetime.date


class _Request(BaseModel):
    """Whoever writes a field's name wrong is told so, instead of being answered about something else."""

    model_config = ConfigDict(extra="forbid")


class FilterBody(_Request):
    """Which articles may be used; fields combine by "and"."""

    since: Day | None = Field(default=None, description="First day of publication, inclusive.", examples=["2024-09-01"])
    until: Day | None = Field(default=None, description="Last day of publication, inclusive.", examples=["2024-12-31"])
    publishers: Names = Field(default=[], description="Whole names, ignoring case.")
    topics: Names = Field(default=[], description="Whole names, ignoring case.")
    articles: Names = Field(default=[], description="Ids of articles.")

    def to_filter(self) -> Filter:
        """The filter that the index takes."""
        return Filter(
            since=self.since,
            until=self.until,
            publishers=frozenset(self.publishers),
            topics=frozenset(self.topics),
            articles=frozenset(self.articles),
        )


class TurnBody(_Request):
    """An earlier exchange of the same conversation."""

    question: Annotated[str, StringConstraints(max_length=LONGEST_QUERY)]
    answer: Annotated[str, StringConstraints(max_length=50_000)] = ""


class AskRequest(_Request):
    """A question. The server keeps no conversation: a follow-up brings its history along."""

    question: Question = Field(description="In Indonesian or English.")
    history: list[TurnBody] = Field(default=[], max_length=_MOST_TURNS, description="Earlier turns, oldest first.")
    filter: FilterBody = Field(default=FilterBody(), description="Which articles the answer may come from.")
    stream: bool = Field(default=False, description="Server-sent events, as with `Accept: text/event-stream`.")
    reader_only: bool = Field(
        default=False, description="Answer by quotation, without the chat model; nothing is sent to its provider."
    )

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {"question": _QUESTION},
                {
                    "question": "Dari lembaga mana dia?",
                    "history": [{"question": _QUESTION, "answer": "Fahmi Idris."}],
                    "filter": {"since": "2024-09-01"},
                },
            ]
        },
    )

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The history as the assistant takes it."""
        return tuple(Turn(turn.question, turn.answer) for turn in self.history)


class SearchRequest(_Request):
    """A query for passages."""

    query: Question
    k: int = Field(default=10, ge=1, le=MAX_TOP_K, description="At most so many passages.")
    filter: FilterBody = FilterBody()

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "jalan tol IKN", "k": 5}]})


class NewArticle(_Request):
    """An article to be indexed. The same content sent twice changes nothing."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=1_000)]
    text: Annotated[str, StringConstraints(min_length=1)] = Field(description="The body; every offset points into it.")
    url: Annotated[str, StringConstraints(pattern=r"^https?://\S+$", max_length=2_000)] | None = Field(
        None, description="Where it was published. An article from the same address is replaced. Nothing is fetched."
    )
    publisher: Name | None = None
    author: Name | None = None
    editor: Name | None = None
    published: AwareDatetime | Day | None = Field(default=None, description="A day, or a time with its zone.")
    updated: AwareDatetime | Day | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$")] | None = None
    topics: Names = []

    @model_validator(mode="after")
    def _needs_words(self) -> NewArticle:
        if not self.text.strip():
            raise ValueError("an article needs text")
        return self

    def to_article(self) -> Article:
        """The article. Its source is its address, never a name that could be a path."""
        return Article(**{**self.model_dump(), "topics": tuple(self.topics)}, source=self.url or "")


class AddRequest(_Request):
    """Articles to be indexed."""

    articles: list[NewArticle] = Field(min_length=1, max_length=_MOST_ARTICLES)

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "examples": [
                {
                    "articles": [
                        {
                            "title": "Pasar Segiri dibuka kembali",
                            "text": "Pasar Segiri dibuka kembali pada 3 Maret 2025 setelah renovasi tujuh bulan.",
                            "publisher": "Contoh Kabar",
                            "published": "2025-03-03",
                        }
                    ]
                }
            ]
        },
    )
