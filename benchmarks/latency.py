"""How long a question takes to find its passages, beside plain BM25 and bare Chroma in the same run.

    python -m benchmarks.latency FOLDER [--questions 300] [--out FILE]

FOLDER is that of ``tanya evaluate retrieval``: all its contexts make an index, the questions of its ``*.valid`` files
are asked. Every question goes through all ways of searching, one after the other, so that other work on the machine
disturbs all alike. Besides the time on the clock, the processor's time of this process is given: on a busy machine the
first is an upper bound, the second what an idle one-core machine would need.

- *bm25*: terms of the question, FTS5, the ten best passages read.
- *bare Chroma*: the question embedded, ``collection.query`` for the ten nearest with their texts.
- *fused*: ``ArticleIndex.retrieve``.
- *reranked*: fused, and the first thirty read by the cross-encoder; ``again`` is the same question once more, when
  the passages it meets are prepared already.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

from assistant.retrieval_evaluation import load_question_sets
from benchmarks.scale import RESULTS, Figures, stamped
from index import Article, ArticleIndex
from index.embedding import load_embedding
from index.reranking import Reranker
from index.terms import analyse_question

_K = 10
_ROWS = 5_000  # that Chroma takes at a time
_WARM = 5  # questions that load what is loaded once

Search = Callable[[str], object]


def ways(index: ArticleIndex, passages: list[str], folder: Path) -> dict[str, Search]:
    """name -> a search for the best ten."""
    encoder = load_embedding()
    client = chromadb.PersistentClient(str(folder), settings=Settings(_env_file=None, anonymized_telemetry=False))
    collection = client.create_collection("bare", configuration={"hnsw": {"space": "cosine"}}, embedding_function=None)
    for start in range(0, len(passages), _ROWS):
        part = passages[start : start + _ROWS]
        ids = [str(start + number) for number in range(len(part))]
        collection.add(ids=ids, embeddings=encoder.encode_documents(part), documents=part)
    archive, reranker = index.archive, Reranker(index)
    return {
        "bm25": lambda query: archive.passages(list(archive.bm25(analyse_question(query), _K))),
        "bare_chroma": lambda query: collection.query(encoder.encode_query(query)[None], n_results=_K),
        "fused": lambda query: index.retrieve(query, _K),
        "reranked": lambda query: reranker.retrieve(query, _K),
        "reranked_again": lambda query: reranker.retrieve(query, _K),
    }


def measure(searches: dict[str, Search], questions: list[str]) -> Figures:
    for search in searches.values():
        for question in questions[:_WARM]:
            search(question)
    clock: dict[str, list[float]] = {name: [] for name in searches}
    processor: dict[str, list[float]] = {name: [] for name in searches}
    for question in questions[_WARM:]:
        for name, search in searches.items():
            start, used = time.perf_counter(), time.process_time()
            search(question)
            clock[name].append((time.perf_counter() - start) * 1000)
            processor[name].append((time.process_time() - used) * 1000)
    base = {name: float(np.percentile(clock[name], 95)) for name in ("bm25", "bare_chroma")}
    return {name: _figures(clock[name], processor[name], base) for name in searches}


def _figures(clock: list[float], processor: list[float], base: dict[str, float]) -> Figures:
    p50, p95 = (float(value) for value in np.percentile(clock, [50, 95]))
    cpu50, cpu95 = (float(value) for value in np.percentile(processor, [50, 95]))
    return {
        "p50_ms": round(p50, 1),
        "p95_ms": round(p95, 1),
        "cpu_p50_ms": round(cpu50, 1),
        "cpu_p95_ms": round(cpu95, 1),
        "fastest_ms": round(min(clock), 1),
        **{f"p95_to_{name}": round(p95 / value, 2) for name, value in base.items()},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--out", type=Path, default=RESULTS / "latency.json")
    arguments = parser.parse_args()
    sets = [found for found in load_question_sets(arguments.folder) if not found.name.startswith("id_en")]
    passages = list(sets[0].pool)
    asked = [question for found in sets for question in found.questions]
    questions = asked[:: max(1, len(asked) // arguments.questions)]
    with tempfile.TemporaryDirectory() as folder, ArticleIndex.open(Path(folder) / "index") as index:
        index.add(
            Article(title=" ".join(passage.split()[:8]), text=passage, source=str(n))
            for n, passage in enumerate(passages)
        )
        figures = measure(ways(index, passages, Path(folder) / "bare"), questions)
        chunks = index.chunk_count
    result = stamped({"passages": len(passages), "chunks": chunks, "questions": len(questions) - _WARM, **figures})
    arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    for name, values in figures.items():
        print(f"{name:16}", values)


if __name__ == "__main__":
    main()
