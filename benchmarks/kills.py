"""Kills a writer at random moments and looks at what it leaves.

    python -m benchmarks.kills [--kills 60] [--seed N] [--out FILE]

A process adds many articles at a time, adds one at a time, or changes and removes articles, and prints what each call
reported. It is killed (SIGKILL) after a random delay. Then the index must open; every article reported as added must
be there, every one reported as removed must not; a search must bring Chroma in step by itself; after it
``ArticleIndex.check`` must find nothing, and the nearest vector to each of some stored ones must be that one. An index
is killed at ten times before the next is begun, so that damage would add up.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.scale import RESULTS, stamped
from index import Article, ArticleIndex, retrieval

# A server that has imported everything and opened nothing: each writer starts at once, and has threads of its own.
_PROCESSES = get_context("forkserver")
_PROCESSES.set_forkserver_preload(["benchmarks.kills"])

_KINDS = ("many", "one", "change")
_KILLS_AN_INDEX = 10
_LONGEST_DELAY = 3.0  # seconds after the first report


def article(number: int, version: int = 0) -> Article:
    """An article of several chunks about a word of its own."""
    text = " ".join(f"Kalimat ke-{n} menyebut perkara{number} dan bilangan {n * 7 + version}." for n in range(40))
    return Article(title=f"Perkara {number}", text=text, source=f"/berita/{number}.txt")


def write(path: Path, kind: str, first: int, reports: Connection) -> None:
    """The writer: endless; sends a list for each finished call, "+id" for what is in and "-id" for what is out."""
    number = first
    with ArticleIndex.open(path) as index:
        while True:
            if kind == "many":
                report = index.add(article(n) for n in range(number, number + 60))
                number += 60
            elif kind == "one":
                report = index.add([article(number)])
                number += 1
            elif number % 3:
                report = index.add([article(number), article(number, version=1)])
                number += 1
            else:
                one = index.add([article(number)]).added[0]
                report = index.remove(one)
                number += 1
            kept = [i for i in (*report.added, *report.updated) if index.get(i)]
            reports.send([*(f"+{i}" for i in kept), *(f"-{i}" for i in report.removed)])


def kill(path: Path, kind: str, first: int, delay: float) -> dict[str, Any]:
    """One kill, and what was found after it."""
    receiving, sending = _PROCESSES.Pipe(duplex=False)
    process = _PROCESSES.Process(target=write, args=(path, kind, first, sending))
    process.start()
    sending.close()
    words = list(receiving.recv())
    time.sleep(delay)
    process.kill()
    process.join()
    try:
        while True:
            words += receiving.recv()
    except EOFError:  # also where the last message is torn
        receiving.close()
    with ArticleIndex.open(path, create=False) as index:
        there = {word[1:]: index.get(word[1:]) is not None for word in words}
        lost = [word for word in words if there[word[1:]] != (word[0] == "+")]
        before = index.check()
        index.retrieve("perkara")  # brings Chroma in step
        after = index.check()
        return {
            "kind": kind,
            "delay_s": round(delay, 3),
            "reported": len(words),
            "lost": lost,
            "found_on_opening": [finding.problem for finding in before.found],
            "found_after_a_search": [finding.problem for finding in after.found],
            "not_nearest_to_itself": not_nearest_to_itself(index),
            "chunks": after.chunks,
        }


def not_nearest_to_itself(index: ArticleIndex) -> int:
    """Of up to 100 stored vectors, how many a search for them does not find; equal ones count as found."""
    blocks = list(index.archive.all_vectors())
    ids = [chunk_id for block, _ in blocks for chunk_id in block]
    matrix = np.vstack([matrix for _, matrix in blocks]).astype(np.float32)
    row_of = {chunk_id: row for row, chunk_id in enumerate(ids)}
    missed = 0
    for row in range(0, len(ids), max(1, len(ids) // 100)):
        (nearest,) = index._replica.search(matrix[row], 1)  # noqa: SLF001
        missed += bool(matrix[row] @ matrix[row_of[nearest]] < 0.9999 * (matrix[row] @ matrix[row]))
    return missed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--out", type=Path, default=RESULTS / "kills.json")
    arguments = parser.parse_args()
    retrieval._SMALL = 0  # noqa: SLF001 - small indexes would be searched without Chroma
    chance = random.Random(arguments.seed)
    kills: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as folder:
        for number in range(arguments.kills):
            path = Path(folder) / str(number // _KILLS_AN_INDEX)
            kind = _KINDS[number % len(_KINDS)]
            kills.append(kill(path, kind, number * 100_000, chance.uniform(0, _LONGEST_DELAY)))
            print(number + 1, kills[-1], flush=True)
            wrong = [k for k in kills if k["lost"] or k["found_after_a_search"] or k["not_nearest_to_itself"]]
            summary = {
                "kills": len(kills),
                "kills_by_kind": dict(Counter(k["kind"] for k in kills)),
                "articles_reported": sum(k["reported"] for k in kills),
                "reported_and_lost": sum(len(k["lost"]) for k in kills),
                "vector_index_behind_on_opening": sum(bool(k["found_on_opening"]) for k in kills),
                "damaged_after_a_search": len(wrong),
            }
            figures = stamped({"seed": arguments.seed, **summary, "each": kills})
            arguments.out.parent.mkdir(exist_ok=True)
            arguments.out.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(summary, indent=1))
    sys.exit(bool(wrong))


if __name__ == "__main__":
    main()
