"""A chat model that says what a test tells it to, and the two articles it is asked about."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult

from index.types import Article
from tests.chat_servers import code_of

QUESTION = "Berapa panjang Jembatan Rantau Indah?"
BRIDGE = Article(
    title="Jembatan Rantau Indah selesai",
    publisher="Kabar Muara",
    text=(
        "Jembatan Rantau Indah selesai dibangun pada 12 Maret 2024. Panjang Jembatan Rantau Indah 640 meter dan"
        ' lebarnya 12 meter. "Jembatan ini milik warga," kata Bupati Wirya Kusuma. Biaya pembangunannya Rp215 miliar.'
    ),
)
MARKET = Article(
    title="Pasar Rantau Indah",
    publisher="Warta Hulu",
    text="Pasar Rantau Indah dibuka Camat Sari Dewi. Jembatan Rantau Indah dilalui pedagang setiap hari.",
)
Reply = str | Callable[[str], str] | Exception


class Scripted(BaseChatModel):
    """Says each reply in turn, the last one again and again, three characters at a time; remembers its prompts."""

    replies: list[Any]
    prompts: list[str]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _next(self, messages: list[BaseMessage]) -> str:
        prompt = "\n".join(str(message.content) for message in messages)
        self.prompts.append(prompt)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply(prompt) if callable(reply) else reply

    def _generate(self, messages, stop=None, run_manager=None, **kwargs) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(self._next(messages)))])

    def _stream(self, messages, stop=None, run_manager=None, **kwargs) -> Iterator[ChatGenerationChunk]:
        reply = self._next(messages)
        for start in range(0, len(reply), 3):
            chunk = ChatGenerationChunk(message=AIMessageChunk(reply[start : start + 3]))
            if run_manager:
                run_manager.on_llm_new_token(chunk.text, chunk=chunk)
            yield chunk


def length(prompt: str) -> str:
    return f"Panjang Jembatan Rantau Indah 640 meter [{code_of(prompt, '640 meter')}]."
