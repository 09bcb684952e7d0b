"""Real HTTP servers on loopback that speak the streaming protocols of chat models, with replies written beforehand."""

from __future__ import annotations

import json
import re
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Text = str | Callable[[str], str]


@dataclass
class Reply:
    """What a server does with one request: an error, or a reply in pieces that may stop, wait or break off."""

    text: Text = ""
    status: int = 200
    error: str = "scripted"
    headers: dict[str, str] = field(default_factory=dict)
    pause: float = 0.0  # seconds between pieces
    silent: bool = False  # nothing is sent until the client goes
    cut: int | None = None  # the connection breaks after so many characters
    unfinished: bool = False  # the stream ends in good order, but without the reason why
    garbage: bool = False  # what is sent is no JSON
    finish: str = "stop"
    usage: tuple[int, int] | None = (321, 45)
    size: int = 5  # characters of a piece


class ChatServer:
    """``replies`` are given in order, the last one again and again; ``requests`` holds what was asked."""

    def __init__(self, protocol: str) -> None:
        self.protocol = protocol
        self.replies: list[Reply] = []
        self.requests: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self.left = threading.Event()  # a client went before the reply had ended
        self._lock = threading.Lock()
        self._stop = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                server._serve(self, body)

            def log_message(self, *args: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._http.daemon_threads = True
        self._thread = threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self._thread.start()

    @property
    def url(self) -> str:
        host, port = self._http.server_address[:2]
        return f"http://{host}:{port}" + ("/v1" if self.protocol == "openai" else "")

    def close(self) -> None:
        self._stop.set()
        self._http.shutdown()
        self._http.server_close()
        self._thread.join()

    def prompt(self, request: int = -1) -> str:
        """Everything that a request told the model."""
        return "\n".join(str(message["content"]) for message in self.requests[request]["messages"])

    def _serve(self, handler: BaseHTTPRequestHandler, body: dict[str, Any]) -> None:
        with self._lock:
            self.requests.append(body)
            self.headers.append({name.lower(): value for name, value in handler.headers.items()})
            reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
            text = reply.text(self.prompt()) if callable(reply.text) else reply.text
        handler.close_connection = True
        try:
            if reply.status != 200:
                self._fail(handler, reply)
            else:
                self._stream(handler, reply, text)
        except (BrokenPipeError, ConnectionResetError):
            self.left.set()

    def _fail(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        error = {"message": reply.error, "code": reply.error} if self.protocol == "openai" else reply.error
        data = json.dumps({"error": error}).encode()
        handler.send_response(reply.status)
        for name, value in {
            "Content-Type": "application/json",
            "Content-Length": str(len(data)),
            "Connection": "close",
            **reply.headers,
        }.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(data)

    def _stream(self, handler: BaseHTTPRequestHandler, reply: Reply, text: str) -> None:
        handler.send_response(200)
        kind = "text/event-stream" if self.protocol == "openai" else "application/x-ndjson"
        handler.send_header("Content-Type", kind)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.send_header("Connection", "close")
        handler.end_headers()
        while reply.silent:
            time.sleep(0.05)
            if self._stop.is_set():
                return
            handler.wfile.write(b"")
        sent = 0
        for start in range(0, len(text), reply.size):
            if reply.cut is not None and sent >= reply.cut:
                handler.connection.shutdown(2)
                return
            piece = text[start : start + reply.size]
            _chunk(handler, b"data: {nonsense\n\n" if reply.garbage else self._piece(piece))
            sent += len(piece)
            if reply.pause:
                time.sleep(reply.pause)
        if not reply.unfinished:
            for last in self._last(reply):
                _chunk(handler, last)
        handler.wfile.write(b"0\r\n\r\n")

    def _piece(self, text: str) -> bytes:
        if self.protocol == "openai":
            return _event({"choices": [{"index": 0, "delta": {"role": "assistant", "content": text}}]})
        return _line({"message": {"role": "assistant", "content": text}, "done": False})

    def _last(self, reply: Reply) -> Iterator[bytes]:
        read, written = reply.usage or (0, 0)
        if self.protocol == "openai":
            yield _event({"choices": [{"index": 0, "delta": {}, "finish_reason": reply.finish}]})
            if reply.usage:
                counts = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
                yield _event({"choices": [], "usage": counts})
            yield b"data: [DONE]\n\n"
        else:
            counts = {"prompt_eval_count": read, "eval_count": written} if reply.usage else {}
            message = {"role": "assistant", "content": ""}
            yield _line({"message": message, "done": True, "done_reason": reply.finish, **counts})


@contextmanager
def chat_server(protocol: str = "openai", *replies: Reply | Text) -> Iterator[ChatServer]:
    server = ChatServer(protocol)
    server.replies = [reply if isinstance(reply, Reply) else Reply(reply) for reply in replies]
    try:
        yield server
    finally:
        server.close()


def code_of(prompt: str, words: str) -> str:
    """The code of the source sentence that holds these words, as a model reads it from its prompt."""
    found = re.search(rf"^\[(\w+)\] .*{re.escape(words)}", prompt, re.MULTILINE)
    assert found, f"no sentence with {words!r} in the prompt:\n{prompt}"
    return found[1]


def _event(fields: dict[str, Any]) -> bytes:
    base = {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "kecil"}
    return b"data: " + json.dumps(base | fields).encode() + b"\n\n"


def _line(fields: dict[str, Any]) -> bytes:
    return json.dumps({"model": "kecil", "created_at": "2026-11-24T00:00:00Z"} | fields).encode() + b"\n"


def _chunk(handler: BaseHTTPRequestHandler, data: bytes) -> None:
    handler.wfile.write(f"{len(data):x}\r\n".encode() + data + b"\r\n")
    handler.wfile.flush()
