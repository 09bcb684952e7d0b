"""A real web site on loopback, for tests: pages by path, with what servers do - validators, redirects, errors, gzip."""

from __future__ import annotations

import gzip
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from index.sources import FetchRules

QUICK = FetchRules(delay=0, backoff=0, allow_local=True)
PARAGRAPHS = (
    "Pemerintah Kabupaten Berau menyalurkan bantuan kepada nelayan di pesisir Pulau Derawan sejak awal pekan ini.",
    "Bantuan itu berupa mesin perahu, jaring, dan pelatihan mengolah ikan bagi seratus dua puluh keluarga.",
    "Kepala dinas perikanan berharap pendapatan nelayan naik sebelum musim angin utara datang pada Desember.",
)


@dataclass
class Served:
    """What a path answers with. ``etag`` and ``modified`` are honoured."""

    body: bytes | str = b""
    type: str = "text/html; charset=utf-8"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    etag: str = ""
    modified: str = ""
    gzip: bool = False


@dataclass
class Site:
    """The site: set ``paths``, read ``asked`` (path, headers) to see what was asked for."""

    url: str
    paths: dict[str, Served | Callable[[], Served]] = field(default_factory=dict)
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def asked_paths(self) -> list[str]:
        return [path for path, _ in self.asked if path != "/robots.txt"]


def page(title: str, paragraphs: tuple[str, ...] = PARAGRAPHS, head: str = "", tail: str = "") -> str:
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="id"><head><meta charset="utf-8"><title>{title}</title>{head}</head><body>'
        f"<nav><a href='/'>Beranda</a></nav><article><h1>{title}</h1>{body}{tail}</article></body></html>"
    )


class _Handler(BaseHTTPRequestHandler):
    site: Site

    def do_GET(self) -> None:
        self.site.asked.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        found = self.site.paths.get(self.path, Served(status=404))
        served = found() if callable(found) else found
        unchanged = (served.etag and self.headers.get("If-None-Match") == served.etag) or (
            served.modified and self.headers.get("If-Modified-Since") == served.modified
        )
        body = served.body.encode() if isinstance(served.body, str) else served.body
        body = gzip.compress(body) if served.gzip else body
        self.send_response(304 if unchanged else served.status)
        for name, value in {
            "Content-Type": served.type,
            "ETag": served.etag,
            "Last-Modified": served.modified,
            "Content-Encoding": "gzip" if served.gzip else "",
            "Content-Length": "0" if unchanged else str(len(body)),
            **served.headers,
        }.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if not unchanged:
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients leave in the middle on purpose here."""


@contextmanager
def serving(tls: ssl.SSLContext | None = None) -> Iterator[Site]:
    handler = type("Handler", (_Handler,), {})
    server = _Server(("127.0.0.1", 0), handler)
    if tls:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    handler.site = Site(f"http{'s' if tls else ''}://127.0.0.1:{server.server_address[1]}")
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield handler.site
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
