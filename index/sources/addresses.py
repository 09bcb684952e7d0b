"""Which addresses may be fetched from: the one guard against being sent into the user's own network (SSRF).

A name is resolved once, every address it resolves to is checked, and the connection is made to an address that was
checked, not to the name. So neither a redirect nor a name server that changes its mind ("DNS rebinding") gets a request
to this computer, the local network or a cloud's metadata service. Redirects pass here too: each is a request.
"""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Iterator

import httpx

from index.errors import FetchError

__all__ = ["GuardedTransport", "check_url", "public_addresses"]

_NAT64 = ipaddress.ip_network("64:ff9b::/96")
_PORTS = {"http": 80, "https": 443}


def check_url(url: str) -> httpx.URL:
    """The address, if it is one that may be asked for at all: http or https, with a host, without a password.

    Raises:
        FetchError: it is not.
    """
    try:
        parsed = httpx.URL(url)
    except (httpx.InvalidURL, UnicodeError) as error:
        raise FetchError(f"{url[:200]!r} is no web address: copy it from the browser's address bar") from error
    if parsed.scheme not in _PORTS or not parsed.host:
        raise FetchError(f"{url[:200]!r} is no web address: it must begin with http:// or https://")
    if parsed.userinfo:
        raise FetchError(f"the address for {parsed.host} holds a user name or password: leave them out")
    return parsed


def public_addresses(host: str, port: int, *, allow_local: bool = False) -> list[str]:
    """The IP addresses of ``host``, all of them public.

    Raises:
        FetchError: the name is unknown, or one of its addresses is private, loopback, link-local or otherwise not of
            the public internet and ``allow_local`` is false.
    """
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise FetchError(f"{host} cannot be found: check the spelling and your network connection") from error
    addresses = list(dict.fromkeys(str(entry[4][0]) for entry in found))
    for address in addresses:
        if not allow_local and not _is_public(address):
            raise FetchError(
                f"{host} leads to {address}, which is not on the public internet, so it is not fetched: save the page "
                "as a file, or allow local addresses (--allow-local, allow_local = true)"
            )
    return addresses


def _is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


class GuardedTransport(httpx.BaseTransport):
    """Sends each request to a checked address of its host; the host's name stays in the request and the certificate."""

    def __init__(self, *, allow_local: bool = False) -> None:
        # Connections are pooled by address, and one made for another name must not be used again.
        self._inner = httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0))
        self._allow_local = allow_local

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Tries the host's addresses in turn.

        Raises:
            FetchError: it may not be asked.
            httpx.TransportError: none of them answers.
        """
        url = check_url(str(request.url))
        port = url.port or _PORTS[url.scheme]
        *first, last = public_addresses(url.host, port, allow_local=self._allow_local)
        for pinned in self._pinned(request, first):
            try:
                return self._inner.handle_request(pinned)
            except (httpx.ConnectError, httpx.ConnectTimeout):
                continue  # the next address; the last one's error is raised
        (pinned,) = self._pinned(request, [last])
        return self._inner.handle_request(pinned)

    def _pinned(self, request: httpx.Request, addresses: list[str]) -> Iterator[httpx.Request]:
        for address in addresses:
            yield httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": request.url.host},
            )

    def close(self) -> None:
        """Closes all connections."""
        self._inner.close()
