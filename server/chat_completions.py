"""OpenAI's chat protocol, so that programs made for it ask here unchanged: ``/v1/chat/completions`` and ``/v1/models``.

The last message is the question, those before it are the conversation. What steers a model (system messages,
temperature, tools) is taken and has no effect: the answer is what the articles say. Citations come as annotations of
the kind ``url_citation``, whose indices point at the markers in the answer's text; what was quoted, and where it stands
in the article, is beside the address.
"""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Request
from fastapi.sse import EventSourceResponse, format_sse_event
from pydantic import BaseModel, ConfigDict, Field

from assistant.rendering import citation_markers
from assistant.types import Answer, Turn

from .access import READ
from .problems import ProblemError, documented, problem_of
from .responses import EVENTS
from .service import Service

__all__ = ["MODEL", "READER", "router"]

MODEL: Final = "tanya-berita"
"""The assistant as it is configured; any other name is taken for it, because clients insist on names of their own."""
READER: Final = "tanya-berita-reader"
"""The assistant without its chat model: answers by quotation."""

_LONGEST_MESSAGE = 100_000
_INSTEAD = "\n\n---\n\n"  # between what was sent and what holds instead


Text = Annotated[str, Field(max_length=_LONGEST_MESSAGE)]


class TextPart(BaseModel):
    """A part of a message."""

    type: Literal["text"]
    text: Text


class Message(BaseModel):
    """One message of a conversation; fields that are of no use here are passed over."""

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Text | Annotated[list[TextPart], Field(max_length=100)] | None = None

    @property
    def text(self) -> str:
        """What it says."""
        if isinstance(self.content, str):
            return self.content
        return "\n".join(part.text for part in self.content or ())


class ChatRequest(BaseModel):
    """A conversation whose last message asks."""

    model: str = Field(default=MODEL, max_length=200)
    messages: list[Message] = Field(min_length=1, max_length=200)
    stream: bool | None = None

    model_config = ConfigDict(
        extra="ignore",
        json_schema_extra={
            "examples": [
                {
                    "model": MODEL,
                    "messages": [{"role": "user", "content": "Berapa nilai PDRB Kaltim 2024?"}],
                }
            ]
        },
    )

    def question(self) -> tuple[str, tuple[Turn, ...]]:
        """The question and the turns before it.

        Raises:
            ProblemError: the last message is not a user's.
        """
        *earlier, last = self.messages
        if last.role != "user":
            raise ProblemError(422, f"/messages: the last message has to be the user's, not of the role {last.role!r}")
        return last.text, tuple(_turns(earlier))


class UrlCitation(BaseModel):
    """A source of the answer."""

    start_index: int = Field(description="Where its marker begins in the answer's text.")
    end_index: int
    title: str
    url: str = Field(description="The article's own address; this server's, if it has none.")
    article_id: str
    quote: str
    quote_start: int = Field(description="Where the quote begins in the article's text.")
    quote_end: int


class Annotation(BaseModel):
    """A note on a stretch of the answer."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class ChatMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation] = []


class Choice(BaseModel):
    """The one answer there is."""

    index: Literal[0] = 0
    message: ChatMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class ChatCompletion(BaseModel):
    """An answer in OpenAI's form."""

    id: str
    object: Literal["chat.completion"] = "chat.completion"
    created: int
    model: str
    choices: list[Choice]


class Model(BaseModel):
    """A model."""

    id: str
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = MODEL


class ModelList(BaseModel):
    """The models there are."""

    object: Literal["list"] = "list"
    data: list[Model]


def router(service: Service) -> APIRouter:
    """The routes over one service."""
    routes = APIRouter(tags=["OpenAI's protocol"], dependencies=[READ])

    @routes.get("/models", summary="List models", responses=documented(401, 403, 429, 500))
    async def models() -> ModelList:
        """The assistant, and the assistant without its chat model."""
        return ModelList(data=[Model(id=MODEL), Model(id=READER)])

    @routes.post(
        "/chat/completions",
        response_model=ChatCompletion,
        summary="Chat",
        responses={**EVENTS, **documented(401, 403, 413, 422, 429, 500, 503, 504)},
    )
    async def chat(request: Request, wanted: ChatRequest) -> Any:  # noqa: ANN401 - FastAPI checks it against the model
        """Answers the last message; with `stream`, in chunks, of which the last but one holds the annotations."""
        question, history = wanted.question()
        base = str(request.base_url).rstrip("/")
        model = READER if wanted.model == READER else MODEL
        growing = service.stream(question, history, reader_only=model == READER)
        if wanted.stream:
            first = await anext(growing)
            return EventSourceResponse(_chunks(first, growing, base, model), headers={"Cache-Control": "no-store"})
        async with aclosing(growing):
            answer = [answer async for answer in growing][-1]
        message = ChatMessage(content=answer.text, annotations=_annotations(answer, base))
        return ChatCompletion(**_frame("chat.completion", model), choices=[Choice(message=message)])

    return routes


def _turns(messages: Sequence[Message]) -> list[Turn]:
    turns: list[Turn] = []
    for message in messages:
        if message.role == "user":
            turns.append(Turn(message.text))
        elif message.role == "assistant" and turns and not turns[-1].answer:
            turns[-1] = Turn(turns[-1].question, message.text)
    return turns


def _annotations(answer: Answer, base: str, shift: int = 0) -> list[Annotation]:
    return [
        Annotation(
            url_citation=UrlCitation(
                start_index=start + shift,
                end_index=end + shift,
                title=citation.article.title,
                url=citation.article.url or f"{base}/articles/{citation.article.id}",
                article_id=citation.article.id,
                quote=citation.quote,
                quote_start=citation.start,
                quote_end=citation.end,
            )
        )
        for start, end, citation in citation_markers(answer)
    ]


async def _chunks(
    first: Answer, growing: AsyncGenerator[Answer, None], base: str, model: str
) -> AsyncGenerator[bytes, None]:
    """The answer's text as it grows. What was sent cannot be taken back: where a later answer does not go on from it
    (a claim did not stand up to verification), the whole final text follows below."""
    frame = _frame("chat.completion.chunk", model)

    def chunk(delta: dict[str, Any], finish: str | None = None) -> bytes:
        choice = {"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}
        return _data({**frame, "choices": [choice]})

    answer, sent = first, first.text
    yield chunk({"role": "assistant", "content": sent})
    async with aclosing(growing):
        try:
            async for answer in growing:
                if len(answer.text) > len(sent) and answer.text.startswith(sent):
                    yield chunk({"content": answer.text[len(sent) :]})
                    sent = answer.text
        except Exception as error:  # noqa: BLE001 - the response has begun, so its end has to say it; problem_of logs it
            yield format_sse_event(data_str=bytes(problem_of(error).body).decode())
            return
    shift = 0
    if sent != answer.text:
        shift = len(sent) + len(_INSTEAD)
        yield chunk({"content": f"{_INSTEAD}{answer.text}"})
    yield chunk({"annotations": [note.model_dump() for note in _annotations(answer, base, shift)]})
    yield chunk({}, "stop")
    yield format_sse_event(data_str="[DONE]")


def _frame(kind: str, model: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{uuid.uuid4().hex}", "object": kind, "created": int(time.time()), "model": model}


def _data(body: dict[str, Any]) -> bytes:
    return format_sse_event(data_str=json.dumps(body, ensure_ascii=False))
