"""The real server in a process of its own, for tests."""

from __future__ import annotations

import os
import selectors
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

ROOT = Path(__file__).parents[1]
PATIENCE = 120  # seconds for whatever is waited for; machines that tests run on are shared
QUESTION = "Berapa nilai PDRB Kaltim 2024?"
ANSWER = "Rp858,43 triliun"


@dataclass
class Server:
    """A running ``tanya serve``."""

    url: str
    process: subprocess.Popen[str]
    log: Path

    def client(self, key: str | None = None, **options: object) -> httpx.Client:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        # verify: there is no TLS here, and reading the certificates takes longer than an answer
        return httpx.Client(
            base_url=self.url, headers=headers, timeout=PATIENCE, trust_env=False, verify=False, **options
        )

    def stop(self) -> int:
        """Sends SIGTERM and waits: the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE)


@contextmanager
def serving(index: Path, folder: Path, *options: str, **settings: object) -> Iterator[Server]:
    """``tanya serve`` over the index at a free port; ``folder`` gets its keys and its log."""
    variables = {f"TANYA_{name.upper()}": str(value) for name, value in settings.items()}
    environment = os.environ | {"TANYA_KEYS": str(folder / "keys.json"), "PYTHONUNBUFFERED": "1"} | variables
    command = [sys.executable, "-m", "assistant.cli", "--index", str(index), "serve", "--port", "0", *options]
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        line = first_line(process)
        assert line.startswith("Tanya Berita: http"), (line, (folder / "server.log").read_text())
        yield Server(line.split()[-1].replace("0.0.0.0", "127.0.0.1"), process, folder / "server.log")
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(PATIENCE)
        process.stdout.close()


def first_line(process: subprocess.Popen[str]) -> str:
    with selectors.DefaultSelector() as ready:
        ready.register(process.stdout, selectors.EVENT_READ)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            if ready.select(timeout=1) or process.poll() is not None:
                return process.stdout.readline()
    raise TimeoutError("the server says nothing")
