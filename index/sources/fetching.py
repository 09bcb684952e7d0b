"""One polite request at a time: robots.txt, a pause between requests to a host, time-outs, retries, limits on size."""

from __future__ import annotations

import re
import time
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from importlib.metadata import version
from typing import TYPE_CHECKING, Self

import httpx

from index.errors import FetchError
from index.sources.addresses import GuardedTransport, check_url

if TYPE_CHECKING:
    from protego import Protego

__all__ = ["FetchRules", "Fetcher", "Reply"]

_NAME = "TanyaBerita"
_PASSING = frozenset((429, 500, 502, 503, 504))  # worth another try
_GONE = frozenset((404, 410))
_REDIRECTS = 5
_LONGEST_WAIT = 60.0  # seconds, whatever a server asks for
_ROBOTS_BYTES = 512 * 1024  # what RFC 9309 asks a reader to take at least
_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchRules:
    """How the network is used. Times in seconds.

    ``delay`` lies between two requests to one host (more if its robots.txt asks for more); a request that fails in
    passing is tried ``attempts`` times, ``backoff`` after the first failure and twice that after each further one.
    ``timeout`` is for a connection or a block of data, ``deadline`` for a whole reply. ``max_bytes`` counts after
    decompression. ``contact`` (an address, a page) is added to the user agent so that a site's owner can reach you.
    ``allow_local`` lifts the guard of ``index.sources.addresses``: for a site on your own network.
    """

    delay: float = 1.0
    attempts: int = 3
    backoff: float = 2.0
    timeout: float = 20.0
    deadline: float = 120.0
    max_bytes: int = 20 * 1024 * 1024
    contact: str = ""
    allow_local: bool = False

    @property
    def agent(self) -> str:
        """The User-Agent header."""
        return f"{_NAME}/{version('tanya-berita')} ({self.contact or 'news archive of a single user'})"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What came back. ``url`` is where redirects ended; ``body`` is empty where nothing changed since last time."""

    url: str
    status: int
    body: bytes = field(default=b"", repr=False)
    content_type: str = ""
    charset: str | None = None
    etag: str | None = None
    modified: str | None = None

    @property
    def unchanged(self) -> bool:
        """Whether the server says that what we have is current (304)."""
        return self.status == httpx.codes.NOT_MODIFIED

    @property
    def modified_at(self) -> datetime | None:
        """The Last-Modified header as a time, in UTC."""
        try:
            moment = parsedate_to_datetime(self.modified or "")
        except ValueError:
            return None
        return moment.astimezone(UTC)


class Fetcher:
    """Gets web addresses. Use it as a context manager or ``close`` it; from one thread at a time."""

    def __init__(self, rules: FetchRules | None = None) -> None:
        self.rules = rules or FetchRules()
        self._client = httpx.Client(
            transport=GuardedTransport(allow_local=self.rules.allow_local),
            headers={"User-Agent": self.rules.agent, "Accept-Encoding": "gzip, deflate"},
            timeout=self.rules.timeout,
            follow_redirects=True,
            max_redirects=_REDIRECTS,
        )
        self._robots: dict[str, Protego] = {}
        self._next: dict[str, float] = {}

    def get(self, url: str, *, etag: str | None = None, modified: str | None = None) -> Reply:
        """The reply at ``url``; with validators of an earlier one, ``Reply.unchanged`` if it is the same still.

        Raises:
            FetchError: it may not be fetched, cannot be reached, is gone, or is too large.
        """
        address = check_url(url)
        robots = self._robots_of(address)
        if not robots.can_fetch(str(address), _NAME):
            raise FetchError(
                f"the robots.txt of {address.host} asks programs not to fetch it: open it in your browser, save the "
                "page and add the file"
            )
        validators = {"If-None-Match": etag, "If-Modified-Since": modified}
        headers = {name: value for name, value in validators.items() if value}
        return self._send(address, headers, self.rules.max_bytes, robots.crawl_delay(_NAME) or 0.0)

    def close(self) -> None:
        """Closes all connections."""
        self._client.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _robots_of(self, address: httpx.URL) -> Protego:
        """The host's rules for us. None (4xx) allow everything; a server that fails now has not allowed anything."""
        from protego import Protego

        root = str(address.copy_with(raw_path=b"/robots.txt", fragment=None))
        if root not in self._robots:
            try:
                text = self._send(httpx.URL(root), {}, _ROBOTS_BYTES, 0.0).body.decode("utf-8", "replace")
            except FetchError as error:
                if error.status is None or error.status in _PASSING:
                    raise
                text = ""
            self._robots[root] = Protego.parse(text)
        return self._robots[root]

    def _send(self, url: httpx.URL, headers: dict[str, str], limit: int, delay: float) -> Reply:
        for attempt in range(1, self.rules.attempts + 1):
            self._wait(url.host, delay)
            asked = self.rules.backoff * 2 ** (attempt - 1)
            try:
                with self._client.stream("GET", url, headers=headers) as response:
                    if response.status_code not in _PASSING:
                        return self._reply(response, limit)
                    failure = FetchError(_words(response.status_code, url), status=response.status_code)
                    asked = max(asked, _retry_after(response))
            except httpx.TooManyRedirects as error:
                raise FetchError(f"{url} redirects more than {_REDIRECTS} times: open it in your browser") from error
            except (httpx.TransportError, zlib.error) as error:
                why = str(error) or type(error).__name__
                failure = FetchError(f"{url.host} does not answer ({why}): try again later")
                failure.__cause__ = error
            if attempt < self.rules.attempts:
                time.sleep(min(asked, _LONGEST_WAIT))
        raise failure

    def _wait(self, host: str, delay: float) -> None:
        """Until the host's turn has come."""
        now = time.monotonic()
        start = max(now, self._next.get(host, now))
        self._next[host] = start + min(max(delay, self.rules.delay), _LONGEST_WAIT)
        time.sleep(start - now)

    def _reply(self, response: httpx.Response, limit: int) -> Reply:
        status, headers = response.status_code, response.headers
        if status not in (httpx.codes.OK, httpx.codes.NOT_MODIFIED):
            raise FetchError(_words(status, response.url), status=status)
        return Reply(
            url=str(response.url.copy_with(fragment=None)),
            status=status,
            body=self._body(response, limit) if status == httpx.codes.OK else b"",
            content_type=headers.get("content-type", "").partition(";")[0].strip().lower(),
            charset=response.charset_encoding,
            etag=headers.get("etag"),
            modified=headers.get("last-modified"),
        )

    def _body(self, response: httpx.Response, limit: int) -> bytes:
        deadline = time.monotonic() + self.rules.deadline
        encoding = response.headers.get("content-encoding", "identity").strip().lower()
        if encoding not in ("identity", "", "gzip", "x-gzip", "deflate"):
            raise FetchError(f"{response.url} is compressed as {encoding[:20]!r}, which was not asked for")
        blocks = response.iter_raw()  # as they come, so that the deadline is looked at
        body = bytearray()
        for block in blocks if encoding in ("identity", "") else _inflated(blocks):
            body += block
            if len(body) > limit:
                raise FetchError(
                    f"{response.url} is larger than {limit / 1024 / 1024:.0f} MB: save it as a file and add that"
                )
            if time.monotonic() > deadline:
                raise FetchError(f"{response.url} takes longer than {self.rules.deadline:.0f} s: try again later")
        return bytes(body)


def _inflated(blocks: Iterable[bytes]) -> Iterator[bytes]:
    """gzip or deflate, a bounded block at a time, however much a few bytes stand for."""
    inflater = zlib.decompressobj(zlib.MAX_WBITS | 32)
    for number, block in enumerate(blocks):
        try:
            yield inflater.decompress(block, _BLOCK)
        except zlib.error:
            if number:
                raise
            inflater = zlib.decompressobj(-zlib.MAX_WBITS)  # "deflate" as some servers understand it
            yield inflater.decompress(block, _BLOCK)
        while inflater.unconsumed_tail:
            yield inflater.decompress(inflater.unconsumed_tail, _BLOCK)
    yield inflater.flush()


def _retry_after(response: httpx.Response) -> float:
    asked = response.headers.get("retry-after", "")
    return float(asked) if re.fullmatch(r"\d{1,6}", asked) else 0.0


def _words(status: int, url: httpx.URL) -> str:
    if status in _GONE:
        return f"{url} is not there (any more): check the address"
    if status in (401, 403):
        return f"{url} may not be read without logging in, or not by programs: save the page in your browser and add it"
    if status == 429:
        return f"{url.host} asks for fewer requests: try again later, with a longer delay"
    return f"{url} cannot be fetched: the server answered {status}"
