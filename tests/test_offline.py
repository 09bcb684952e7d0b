"""Nothing reaches the network: ``tanya add``, ``ask`` and ``ui`` run under a guard that refuses and records every
connection and name look-up beyond loopback, in the process and in every Python process it starts."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

pytestmark = pytest.mark.slow

ROOT = Path(__file__).parents[1]
QUESTION = "Panjang Jembatan Pulau Balang berapa meter?"
# What would switch telemetry off from outside: the product has to do it by itself.
SWITCHES = (
    "GRADIO",
    "HF_",
    "HUGGINGFACE",
    "ANONYMIZED",
    "CHROMA",
    "DO_NOT_TRACK",
    "LANGSMITH",
    "LANGCHAIN",
    "TANYA",
    "OTEL",
)
# Python imports a module of this name at every start. An audit hook sees the calls beneath every library.
GUARD = """
import os, sys

def _outside(host):
    if isinstance(host, bytes):
        host = host.decode()
    return bool(host) and host not in ("localhost", "::1", "::", "0.0.0.0") and not host.startswith("127.")

def _refuse(event, args):
    host = None
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg"):
        address = args[1]
        host = address[0] if isinstance(address, tuple) else None
    elif event in ("socket.getaddrinfo", "socket.gethostbyname"):
        host = args[0]
    if _outside(host):
        with open(os.environ["GUARD_LOG"], "a") as log:
            print(event, host, sys.argv, file=log)
        raise OSError(f"guard: {event} {host}")

sys.addaudithook(_refuse)
"""


class Guarded:
    """Starts processes under the guard and knows what they tried."""

    def __init__(self, folder: Path) -> None:
        (folder / "guard").mkdir()
        (folder / "guard" / "sitecustomize.py").write_text(GUARD, encoding="utf-8")
        self.log = folder / "log"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(SWITCHES)}
        self.environment = kept | {
            "PYTHONPATH": os.pathsep.join((str(folder / "guard"), str(ROOT))),
            "GUARD_LOG": str(self.log),
            "HOME": str(folder),  # no cache of anybody's answers for the hub
            "XDG_DATA_HOME": str(folder / "data"),
        }

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> str:
        with self.start(*arguments) as process:
            out, err = process.communicate(timeout=180)
        assert process.returncode == 0, err
        return out

    @property
    def tried(self) -> str:
        return self.log.read_text(encoding="utf-8") if self.log.exists() else ""


@pytest.fixture
def guarded(tmp_path):
    return Guarded(tmp_path)


@pytest.mark.parametrize("call", ["create_connection(('192.0.2.1', 80))", "getaddrinfo('example.org', 443)"])
def test_the_guard_holds_in_child_processes_too(guarded, call):
    child = f"import socket; socket.{call}"
    parent = f"import subprocess, sys; sys.exit(subprocess.call([sys.executable, '-c', {child!r}]))"
    with guarded.start("-c", parent) as process:
        _, err = process.communicate(timeout=60)
    assert process.returncode == 1
    assert "guard: socket." in err
    assert "192.0.2.1" in guarded.tried or "example.org" in guarded.tried


def test_add_ask_and_the_page_stay_on_this_computer(guarded):
    assert guarded.run("-m", "assistant.cli", "add", "seeds").startswith("added ")
    assert "804 meter" in guarded.run("-m", "assistant.cli", "ask", QUESTION)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with guarded.start("-m", "assistant.cli", "ui", "--port", str(port)) as server:
        try:
            address = f"http://127.0.0.1:{port}"
            page = fetched(address, server)
            config = json.loads(fetched(f"{address}/config", server))
            theme = fetched(f"{address}/theme.css", server)
            time.sleep(3)  # what is sent in the background after the start
        finally:
            server.send_signal(signal.SIGINT)
            server.communicate(timeout=60)
    assert guarded.tried == ""
    assert remote_parts(page) == []
    assert [sheet for sheet in config.get("stylesheets") or () if "//" in sheet] == []
    assert re.findall(r"@import[^;]*//[^;]*|url\([\"']?(?:https?:)?//[^)]*\)", theme) == []


def fetched(address: str, server: subprocess.Popen[str]) -> str:
    """The body at this address, as soon as the server gives it."""
    deadline = time.monotonic() + 120
    while True:
        try:
            with urlopen(address, timeout=30) as reply:
                return reply.read().decode()
        except URLError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise
            time.sleep(0.2)


def remote_parts(page: str) -> list[str]:
    """Scripts, style sheets, fonts, images and frames that the page would load from elsewhere."""
    tags = re.findall(r"<(?:script|link|img|iframe|source|video|audio)\b[^>]*>", page)
    loaded = [tag for tag in tags if re.search(r"(?:src|href)=[\"']?(?:https?:)?//", tag)]
    return loaded + re.findall(r"@import[^;]*//[^;]*|url\([\"']?(?:https?:)?//[^)]*\)", page)
