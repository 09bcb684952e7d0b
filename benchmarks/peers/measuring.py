"""Runs inside a peer's environment, so only on the standard library: one step of one peer, its figures on stdout.

    python measuring.py build|ask PEER.py FOLDER EMBEDDING ARTICLES.jsonl|QUESTIONS.jsonl

Processor seconds stand beside the clock's: on a shared machine the former say what the peer needs, the latter what it
got. Memory is the process's peak, in MB.
"""

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path


def main():
    step, peer, folder, embedding, lines = sys.argv[1:]
    rows = [json.loads(line) for line in Path(lines).read_text("utf-8").splitlines()]
    begun = _seconds()
    module = _loaded(Path(peer))
    figures = {"build": _build, "ask": _ask}[step](module, rows, Path(folder), embedding, begun)
    figures["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    print(json.dumps(figures))


def _build(module, articles, folder, embedding, _begun):
    start = _seconds()
    passages = module.build(articles, folder, embedding)
    clock, processor = _since(start)
    size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    figures = {"articles": len(articles), "passages": passages, "index_mb": round(size / 1e6, 1)}
    return {**figures, "seconds": clock, "cpu_seconds": processor}


def _ask(module, questions, folder, embedding, begun):
    retrieve = module.opened(folder, embedding)
    retrieve(questions[0]["question"], 10)
    clock, processor = _since(begun)
    times, found = [], {}
    for row in questions:
        start = _seconds()
        found[row["id"]] = retrieve(row["question"], 10)
        times.append(_since(start))
    return {
        "cold_seconds": clock,
        "cold_cpu_seconds": processor,
        **{f"p{q}_ms": _percentile([clock for clock, _ in times], q) for q in (50, 95)},
        **{f"p{q}_cpu_ms": _percentile([processor for _, processor in times], q) for q in (50, 95)},
        "found": found,
    }


def _loaded(path):
    spec = importlib.util.spec_from_file_location("measured_peer", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _seconds():
    return time.perf_counter(), time.process_time()


def _since(start):
    return tuple(round(now - then, 5) for now, then in zip(_seconds(), start, strict=True))


def _percentile(seconds, q):
    return round(sorted(seconds)[min(len(seconds) - 1, len(seconds) * q // 100)] * 1000, 3)


if __name__ == "__main__":
    main()
