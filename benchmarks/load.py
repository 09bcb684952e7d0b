"""Many users at once: ``python -m benchmarks.load [--users 50] [--seconds 60] [--requests 10000] [--out FILE]``.

Starts ``tanya serve`` over ``seeds/`` on a free port of this computer and asks it from as many tasks as there are
users, each with questions of its own. Counted: requests that were not answered, and answers to somebody else's
question. Then so many requests more, for the server's memory. Last, a server that takes little on gets more than that.

Times depend on the computer, so what is compared are ratios within one run: the 95th percentile to the median, the
throughput of many users to that of one, memory at the end to memory once it is warm.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import httpx
import psutil

from assistant import Settings, open_index
from index.reading import read_articles

ROOT = Path(__file__).parents[1]
QUESTIONS = (
    "Berapa nilai PDRB Kaltim 2024?",
    "Panjang Jembatan Pulau Balang berapa meter?",
    "Siapa yang memimpin pleno undian nomor urut Pilgub Kaltim?",
    "Berapa luas daratan IKN setelah undang-undangnya direvisi tahun 2023?",
    "Siapa pembawa baki bendera saat upacara 17 Agustus di IKN?",
    "Berapa harga tiket konser musik di Tokyo tahun depan?",
)
PATIENCE = 300.0


@asynccontextmanager
async def served(index: Path, **settings: object) -> AsyncIterator[tuple[httpx.AsyncClient, psutil.Process]]:
    """A server process, and a client of it with room for everybody."""
    variables = {f"TANYA_{name.upper()}": str(value) for name, value in settings.items()}
    command = [sys.executable, "-m", "assistant.cli", "--index", str(index), "serve", "--port", "0"]
    environment = os.environ | {"TANYA_KEYS": str(index / "no-keys.json")} | variables
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        url = (await asyncio.to_thread(process.stdout.readline)).split()[-1]
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with httpx.AsyncClient(base_url=url, timeout=PATIENCE, limits=limits, trust_env=False) as client:
            await client.post("/v1/ask", json={"question": QUESTIONS[0]})  # models are loaded
            yield client, psutil.Process(process.pid)
        process.terminate()
        process.wait(PATIENCE)


class Tally:
    """What came of the requests."""

    def __init__(self) -> None:
        self.statuses: Counter[str] = Counter()
        self.seconds: list[float] = []
        self.mixed_up = 0

    async def ask(self, client: httpx.AsyncClient, user: int, turn: int) -> None:
        """One question of one user, which names the user; the answer has to repeat it."""
        question = f"{QUESTIONS[(user + turn) % len(QUESTIONS)]} (pengguna {user}, ke-{turn})"
        began = time.perf_counter()
        try:
            reply = await client.post("/v1/ask", json={"question": question})
        except httpx.HTTPError as error:
            self.statuses[type(error).__name__] += 1
            return
        self.seconds.append(time.perf_counter() - began)
        self.statuses[str(reply.status_code)] += 1
        if reply.status_code == 200:
            self.mixed_up += reply.json()["question"] != question
        elif reply.status_code == 429:
            await asyncio.sleep(float(reply.headers["Retry-After"]))

    def to_dict(self, seconds: float) -> dict[str, Any]:
        """Figures over a run of so many seconds."""
        answered = self.statuses["200"]
        p95 = quantiles(self.seconds, n=20)[-1]
        return {
            "statuses": dict(self.statuses),
            "lost": sum(self.statuses.values()) - answered,
            "somebody_elses": self.mixed_up,
            "answers_a_second": round(answered / seconds, 2),
            "median_seconds": round(median(self.seconds), 3),
            "p95_seconds": round(p95, 3),
            "p95_to_median": round(p95 / median(self.seconds), 2),
        }


async def crowd(client: httpx.AsyncClient, users: int, seconds: float) -> dict[str, Any]:
    """So many users, each asking again as soon as there is an answer, for so long."""
    tally, began = Tally(), time.perf_counter()

    async def user(number: int) -> None:
        turn = 0
        while time.perf_counter() - began < seconds:
            await tally.ask(client, number, turn)
            turn += 1

    await asyncio.gather(*(user(number) for number in range(users)))
    return {"users": users, **tally.to_dict(time.perf_counter() - began)}


async def endurance(client: httpx.AsyncClient, process: psutil.Process, requests: int) -> dict[str, Any]:
    """The server's resident memory over so many requests: searches, of which a computer does more than answers."""
    tenth, memory = max(requests // 10, 1), [process.memory_info().rss]
    for part in range(10):
        for start in range(0, tenth, 20):
            queries = [f"{QUESTIONS[n % len(QUESTIONS)]} {part}-{start + n}" for n in range(min(20, tenth - start))]
            replies = await asyncio.gather(*(client.post("/v1/search", json={"query": q, "k": 5}) for q in queries))
            assert all(reply.status_code == 200 for reply in replies), Counter(r.status_code for r in replies)
        memory.append(process.memory_info().rss)
    warm = memory[2]  # a fifth of the way: caches and arenas are filled
    return {
        "requests": tenth * 10,
        "megabytes": [round(value / 2**20) for value in memory],
        "end_to_warm": round(memory[-1] / warm, 3),
    }


async def run(users: int, seconds: float, requests: int) -> dict[str, Any]:
    """All three parts, one after another."""
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as folder:
        with open_index(Settings(index=Path(folder))) as index:
            index.add(read_articles(ROOT / "seeds"))
        async with served(Path(folder), rate=1_000_000, waiting=users, time_limit=int(PATIENCE)) as (client, process):
            alone = await crowd(client, 1, seconds / 6)
            print(alone, file=sys.stderr, flush=True)
            many = await crowd(client, users, seconds)
            print(many, file=sys.stderr, flush=True)
            memory = await endurance(client, process, requests)
        async with served(Path(folder), rate=1_000_000, parallel=1, waiting=users // 10) as (client, _):
            over = await crowd(client, users, seconds / 6)
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "load_average_before": round(load, 1),
        "one_user": alone,
        "crowd": many,
        "throughput_to_one_user": round(
            float(str(many["answers_a_second"])) / float(str(alone["answers_a_second"])), 2
        ),
        "memory": memory,
        "over_the_limit": over,
    }


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--requests", type=int, default=10_000)
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    figures = json.dumps(asyncio.run(run(options.users, options.seconds, options.requests)), indent=1)
    print(figures)
    if options.out:
        options.out.write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
