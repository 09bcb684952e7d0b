"""Polite, patient and bounded requests, never into the user's own network; against a real server."""

from __future__ import annotations

import gzip
import shutil
import socket
import ssl
import subprocess
import threading
import zlib
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import FetchError, ReadError
from index.sources import addresses
from index.sources.addresses import GuardedTransport, check_url, public_addresses
from index.sources.fetching import Fetcher, FetchRules
from tests.web import Served, Site, serving

# ---- the guard


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1/",
        "http://localhost/",
        "http://127.1/",
        "http://2130706433/",
        "http://0x7f000001/",
        "http://[::1]/",
        "http://[::ffff:127.0.0.1]/",
        "http://[64:ff9b::a00:1]/",
        "http://[2002:7f00:1::]/",
        "http://[fe80::1]/",
        "http://[fd00::1]/",
        "http://10.1.2.3/",
        "http://192.168.1.1/",
        "http://172.16.0.1/",
        "http://100.64.0.1/",
        "http://169.254.169.254/latest/meta-data/",
        "http://0.0.0.0/",
        "http://224.0.0.1/",
        "http://255.255.255.255/",
    ],
)
def test_addresses_inside_are_refused(url: str) -> None:
    with Fetcher(FetchRules(delay=0, backoff=0)) as fetcher, pytest.raises(FetchError):
        fetcher.get(url)


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://x",
        "//example.org",
        "berita",
        "",
        "http://",
        "http://[",
        "\0",
    ],
)
def test_only_the_web_is_fetched(url: str, fetcher: Fetcher) -> None:
    with pytest.raises(FetchError):
        fetcher.get(url)


def test_no_passwords(fetcher: Fetcher) -> None:
    with pytest.raises(FetchError, match="password"):
        fetcher.get("http://budi:rahasia@127.0.0.1/")


def test_public_addresses_pass() -> None:
    assert public_addresses("93.184.215.14", 443) == ["93.184.215.14"]
    assert public_addresses("2606:2800:21f:cb07:6820:80da:af6b:8b2c", 80)


def test_one_address_inside_among_public_ones_refuses_the_name(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [(2, 1, 6, "", (ip, 80)) for ip in ("93.184.215.14", "10.0.0.1")]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: answers)
    with pytest.raises(FetchError, match=r"10\.0\.0\.1"):
        public_addresses("berita.example", 80)


@given(st.ip_addresses())
def test_every_address_is_judged(ip) -> None:
    if ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast:
        with pytest.raises(FetchError):
            public_addresses(str(ip), 80)


def test_a_redirect_inside_is_refused(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first host counts as public; where it sends the request does not."""
    outside = site.url.replace("127.0.0.1", "localhost")
    monkeypatch.setattr(addresses, "_is_public", lambda address: address == "127.0.0.1")
    monkeypatch.setattr(socket, "getaddrinfo", _resolver({"localhost": ["127.0.0.1"], "dalam.example": ["10.0.0.9"]}))
    site.paths["/pergi"] = Served(status=302, headers={"Location": "http://dalam.example/rahasia"})
    with Fetcher(FetchRules(delay=0, backoff=0)) as fetcher, pytest.raises(FetchError, match=r"10\.0\.0\.9"):
        fetcher.get(f"{outside}/pergi")
    assert site.asked_paths() == ["/pergi"]


def test_a_name_is_resolved_once_and_the_checked_address_is_used(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rebinding: the second answer of the name server is another one, and is never asked for."""
    looked_up: list[str] = []
    real = socket.getaddrinfo

    def resolve(host, port, *rest, **more):
        looked_up.append(host)
        if host != "ganti.example":
            return real(host, port, *rest, **more)
        return [(2, 1, 6, "", ("127.0.0.1" if looked_up.count(host) == 1 else "10.255.255.1", port))]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    site.paths["/a"] = Served("isi")
    port = httpx.URL(site.url).port
    with httpx.Client(transport=GuardedTransport(allow_local=True)) as client:
        assert client.get(f"http://ganti.example:{port}/a").text == "isi"
    assert looked_up.count("ganti.example") == 1
    assert site.asked[0][1]["host"] == f"ganti.example:{port}"


def test_the_next_address_is_tried(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", _resolver({"dua.example": ["127.0.0.2", "127.0.0.1"]}))
    site.paths["/a"] = Served("isi")
    with httpx.Client(transport=GuardedTransport(allow_local=True)) as client:
        assert client.get(f"http://dua.example:{httpx.URL(site.url).port}/a").text == "isi"


def _resolver(names: dict[str, list[str]]):
    real = socket.getaddrinfo

    def resolve(host, port, *rest, **more):
        if host in names:
            return [(2, 1, 6, "", (ip, port)) for ip in names[host]]
        return real(host, port, *rest, **more)

    return resolve


# ---- politeness and patience


def test_robots_are_asked_once_and_obeyed(site: Site, fetcher: Fetcher) -> None:
    site.paths["/robots.txt"] = Served("User-agent: TanyaBerita\nDisallow: /arsip/\n", type="text/plain")
    site.paths["/a"] = site.paths["/arsip/b"] = Served("isi")
    assert fetcher.get(f"{site.url}/a").body == b"isi"
    with pytest.raises(FetchError, match=r"robots\.txt"):
        fetcher.get(f"{site.url}/arsip/b")
    assert [path for path, _ in site.asked] == ["/robots.txt", "/a"]
    assert site.asked[0][1]["user-agent"].startswith("TanyaBerita/")


def test_a_site_whose_robots_fail_now_has_not_allowed_anything(site: Site, fetcher: Fetcher) -> None:
    site.paths["/robots.txt"] = Served(status=503)
    site.paths["/a"] = Served("isi")
    with pytest.raises(FetchError):
        fetcher.get(f"{site.url}/a")
    assert site.asked_paths() == []


def test_hosts_are_given_their_pause(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("index.sources.fetching.time.sleep", slept.append)
    site.paths["/robots.txt"] = Served("User-agent: *\nCrawl-delay: 50\n", type="text/plain")
    site.paths["/a"] = site.paths["/b"] = Served("isi")
    host = "127.0.0.1"
    with Fetcher(FetchRules(delay=30, allow_local=True)) as fetcher:
        fetcher.get(f"{site.url}/a")
        after_a = fetcher._next[host]
        fetcher.get(f"{site.url}/b")
    # Nobody really slept, so each turn begins where the one before ended: 50 s apart, as the site asks.
    assert fetcher._next[host] - after_a == pytest.approx(50)
    assert len([second for second in slept if second > 0]) == 2  # robots.txt came at once


def test_what_fails_in_passing_is_tried_again(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("index.sources.fetching.time.sleep", slept.append)
    replies = iter([Served(status=503), Served(status=429, headers={"Retry-After": "7"}), Served("isi")])
    site.paths["/a"] = lambda: next(replies)
    with Fetcher(FetchRules(delay=0, backoff=2, allow_local=True)) as fetcher:
        assert fetcher.get(f"{site.url}/a").body == b"isi"
    assert [second for second in slept if second > 0] == [2, 7]


def test_trying_ends(site: Site, fetcher: Fetcher) -> None:
    site.paths["/a"] = Served(status=500)
    with pytest.raises(FetchError, match="500") as caught:
        fetcher.get(f"{site.url}/a")
    assert (caught.value.status, caught.value.gone) == (500, False)
    assert site.asked_paths() == ["/a"] * 3


@pytest.mark.parametrize(("status", "gone"), [(404, True), (410, True), (403, False), (401, False), (400, False)])
def test_refusals_are_final(site: Site, fetcher: Fetcher, status: int, gone: bool) -> None:
    site.paths["/a"] = Served(status=status)
    with pytest.raises(FetchError) as caught:
        fetcher.get(f"{site.url}/a")
    assert caught.value.gone is gone
    assert site.asked_paths() == ["/a"]


def test_nobody_there(fetcher: Fetcher) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(FetchError, match="does not answer"):
        fetcher.get(f"http://127.0.0.1:{port}/")


def test_unknown_names_are_said_to_be_unknown(fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    with pytest.raises(FetchError, match="cannot be found"):
        fetcher.get("http://tidak-ada.example/")


# ---- replies


def test_validators_save_the_body(site: Site, fetcher: Fetcher) -> None:
    site.paths["/a"] = Served("isi", etag='"satu"', modified="Mon, 07 Oct 2024 06:05:00 GMT")
    first = fetcher.get(f"{site.url}/a")
    assert (first.body, first.etag, first.unchanged) == (b"isi", '"satu"', False)
    assert first.modified_at == datetime(2024, 10, 7, 6, 5, tzinfo=UTC)
    again = fetcher.get(f"{site.url}/a", etag=first.etag)
    assert (again.body, again.unchanged) == (b"", True)
    assert fetcher.get(f"{site.url}/a", modified=first.modified).unchanged


def test_redirects_are_followed_to_their_end(site: Site, fetcher: Fetcher) -> None:
    site.paths["/a"] = Served(status=301, headers={"Location": "/b#atas"})
    site.paths["/b"] = Served("isi")
    assert fetcher.get(f"{site.url}/a").url == f"{site.url}/b"
    site.paths["/c"] = Served(status=302, headers={"Location": "/c"})
    with pytest.raises(FetchError, match="redirects more than"):
        fetcher.get(f"{site.url}/c")


@pytest.mark.parametrize("compress", [gzip.compress, zlib.compress, lambda data: zlib.compress(data)[2:-4]])
def test_compressed_replies(site: Site, fetcher: Fetcher, compress) -> None:
    text = b"Banjir di Samarinda. " * 20_000
    encoding = "gzip" if compress is gzip.compress else "deflate"
    site.paths["/a"] = Served(compress(text), headers={"Content-Encoding": encoding})
    assert fetcher.get(f"{site.url}/a").body == text


def test_bombs_and_large_files_are_refused(site: Site) -> None:
    site.paths["/bom"] = Served(bytes(60_000_000), gzip=True)
    site.paths["/besar"] = Served(bytes(3_000_000))
    with Fetcher(FetchRules(delay=0, allow_local=True, max_bytes=2_000_000)) as fetcher:
        for path in ("/bom", "/besar"):
            with pytest.raises(FetchError, match="larger than 2 MB"):
                fetcher.get(site.url + path)


def test_other_encodings_are_named(site: Site, fetcher: Fetcher) -> None:
    site.paths["/a"] = Served(b"x", headers={"Content-Encoding": "br"})
    with pytest.raises(FetchError, match="'br'"):
        fetcher.get(f"{site.url}/a")


def test_a_server_that_drips_is_left(site: Site) -> None:
    """Each block comes in time, the whole never."""
    listener = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip() -> None:
        for path in ("robots", "page"):
            connection, _ = listener.accept()
            with connection:
                connection.recv(4096)
                if path == "robots":
                    connection.sendall(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    continue
                connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
                while not done.wait(0.05):
                    try:
                        connection.sendall(b"x" * 100)
                    except OSError:
                        return

    thread = threading.Thread(target=drip)
    thread.start()
    try:
        rules = FetchRules(delay=0, attempts=1, deadline=0.5, allow_local=True)
        with Fetcher(rules) as fetcher, pytest.raises(FetchError, match="takes longer"):
            fetcher.get(f"http://127.0.0.1:{listener.getsockname()[1]}/")
    finally:
        done.set()
        thread.join()
        listener.close()


@pytest.mark.skipif(shutil.which("openssl") is None, reason="openssl makes the certificate")
def test_the_certificate_must_be_the_names(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """TLS is checked against the host's name although the connection goes to an address."""
    key, certificate = tmp_path / "key.pem", tmp_path / "cert.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"),
            *("-keyout", str(key), "-out", str(certificate), "-days", "2", "-subj", "/CN=aman.example"),
            *("-addext", "subjectAltName=DNS:aman.example"),
        ],
        check=True,
        capture_output=True,
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
    monkeypatch.setattr(
        socket, "getaddrinfo", _resolver({"aman.example": ["127.0.0.1"], "palsu.example": ["127.0.0.1"]})
    )
    with serving(context) as site:
        site.paths["/a"] = Served("isi")
        port = httpx.URL(site.url).port
        with Fetcher(FetchRules(delay=0, attempts=1, allow_local=True)) as fetcher:
            assert fetcher.get(f"https://aman.example:{port}/a").body == b"isi"
            with pytest.raises(FetchError, match="does not answer"):
                fetcher.get(f"https://palsu.example:{port}/a")


def test_errors_are_read_errors() -> None:
    with pytest.raises(ReadError):
        check_url("mailto:redaksi@example.org")
