"""Speed, size and recall as an archive grows, beside bare Chroma taking the finished vectors in the same run.

    python -m benchmarks.scale INDOSUM [--sizes 10000 100000 1000000] [--turns 2] [--bare-up-to N] [--work FOLDER]

Articles are those of ``benchmarks.corpus``; sizes are in chunks. Every step runs in a process of its own, so that
memory is that step's alone.

- *ingest*: reading, sentences, chunks, terms, embedding, SQLite and Chroma, as ``ArticleIndex.add`` does it.
  Seconds of CPU and memory include those of the process that writes the vectors.
- *bare Chroma*: writes the vectors of that index in batches of 5,000, with the same HNSW settings and Chroma's own
  defaults otherwise; once alone and once with the texts, as anybody would who keeps articles in Chroma. Ingest and
  bare Chroma take turns and the best time of each counts, so that other work on the machine disturbs all alike.
- *recall@10*: of what ``Vectors.search`` names, the share that is among the 10 nearest by exact cosine.
- *change one*: one article replaced by a new version, and one removed, each committed and searchable.

Prints a table as it goes, writes ``results/scale.json``.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import chromadb
import numpy as np
from chromadb.config import Settings

from benchmarks.corpus import read_corpus, write_corpus
from benchmarks.runs import machine, stamp
from index import Article, ArticleIndex, Filter
from index.embedding import load_embedding
from index.vectors import _HNSW

RESULTS = Path(__file__).with_name("results")
_CHUNKS_AN_ARTICLE = 3.66
_QUERIES = 300
_CHANGES = 30

Figures = dict[str, Any]


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def percentiles(times: list[float]) -> dict[str, float]:
    """Milliseconds."""
    p50, p95 = np.percentile(times, [50, 95]) * 1000
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2), "max_ms": round(max(times) * 1000, 2)}


def cpu_seconds() -> float:
    """Of this process and those it has started, which must have ended."""
    return sum(os.times()[:4])


def memory_mb() -> float:
    """Resident now, in this process and those it has started."""
    children = (Path(task, "children").read_text().split() for task in Path("/proc/self/task").iterdir())
    pids = ["self", *(pid for some in children for pid in some)]
    pages = sum(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) for pid in pids)
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def peak_mb() -> float:
    """The most that was resident: in this process, and in the largest of those it has started."""
    kinds = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    return round(sum(resource.getrusage(kind).ru_maxrss for kind in kinds) / 1e3)


def alone(step: Callable[..., Figures], *arguments: object) -> Figures:
    """What ``step`` gives, run in a process of its own."""
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        return pool.submit(step, *arguments).result()


# ---- steps


def ingest(corpus: Path, articles: int, folder: Path) -> Figures:
    samples: list[float] = []

    def sampled() -> Iterator[Article]:
        for number, article in enumerate(read_corpus(corpus, articles)):
            if number % max(1, articles // 10) == 0:
                samples.append(round(memory_mb()))
            yield article

    with ArticleIndex.open(folder) as index:
        index.retrieve("berita")  # loads the models
        cpu = cpu_seconds()
        seconds = timed(lambda: index.add(sampled()))
        cpu = cpu_seconds() - cpu
        chunks = index.chunk_count
    return {
        "articles": articles,
        "chunks": chunks,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "memory_mb_at_tenths": samples,
        "memory_peak_mb": peak_mb(),
    }


def bare_chroma(source: Path, folder: Path, with_texts: bool) -> Figures:
    client = chromadb.PersistentClient(str(folder), settings=Settings(_env_file=None, anonymized_telemetry=False))
    collection = client.create_collection("bare", configuration={"hnsw": _HNSW}, embedding_function=None)
    seconds = cpu = 0.0
    rows = 0
    with ArticleIndex.open(source) as index:
        archive = index._archive  # noqa: SLF001
        for ids, matrix in archive.all_vectors():
            texts = None
            if with_texts:
                found = archive.passages(archive.rows(ids)).values()
                by_id = {chunk.id: article.text[chunk.start : chunk.end] for article, chunk in found}
                texts = [by_id[chunk_id] for chunk_id in ids]
            vectors = matrix.astype(np.float32)
            cpu -= cpu_seconds()
            seconds += timed(lambda i=ids, v=vectors, t=texts: collection.upsert(ids=i, embeddings=v, documents=t))
            cpu += cpu_seconds()
            rows += len(ids)
    return {
        "rows": rows,
        "seconds": round(seconds, 2),
        "cpu_seconds": round(cpu, 2),
        "memory_peak_mb": peak_mb(),
    }


def queries(folder: Path) -> Figures:
    encoder = load_embedding()
    with ArticleIndex.open(folder) as index:
        ids = [row[0] for row in index._archive.select("SELECT id FROM articles ORDER BY id LIMIT ?", _QUERIES)]  # noqa: SLF001
        asked = [article.title for article in index._archive.known(ids).values()]  # noqa: SLF001
    opened: list[ArticleIndex] = []
    opening = timed(lambda: opened.append(ArticleIndex.open(folder)))
    with opened[0] as index:
        first = timed(lambda: index.retrieve(asked[0]))
        hybrid = [timed(lambda q=query: index.retrieve(q)) for query in asked]
        last_year, last_month = Filter(since=_day(index, 0.9)), Filter(since=_day(index, 0.99))
        narrow = [timed(lambda q=query: index.retrieve(q, filter=last_month)) for query in asked[:100]]
        wide = [timed(lambda q=query: index.retrieve(q, filter=last_year)) for query in asked[:100]]
        vectors = np.array([encoder.encode_query(query) for query in asked])
        search = index._replica.search  # noqa: SLF001
        found: list[list[str]] = []
        dense = [timed(lambda v=vector: found.append(search(v, 10))) for vector in vectors]
        recall = recall_at_10(index, vectors, found)
    return {
        "open_ms": round(opening * 1000, 1),
        "first_query_ms": round(first * 1000, 1),
        "query": percentiles(hybrid),
        "query_newest_tenth": percentiles(wide),
        "query_newest_hundredth": percentiles(narrow),
        "chroma_query": percentiles(dense),
        "recall_at_10": recall,
        "memory_peak_mb": peak_mb(),
    }


def _day(index: ArticleIndex, share: float) -> Any:  # noqa: ANN401 - a date
    days = sorted(row[0] for row in index._archive.select("SELECT day FROM articles"))  # noqa: SLF001
    return datetime.fromisoformat(days[int(share * len(days))]).date()


def recall_at_10(index: ArticleIndex, vectors: np.ndarray, found: list[list[str]]) -> float:
    """A row counts as found when its cosine is that of the tenth nearest or more, so equal ones do not matter."""
    best = np.full((len(vectors), 10), -1.0, dtype=np.float32)
    wanted = {chunk_id for ids in found for chunk_id in ids}
    rows: dict[str, np.ndarray] = {}
    for ids, matrix in index._archive.all_vectors():  # noqa: SLF001
        block = matrix.astype(np.float32)
        rows |= {chunk_id: block[row] for row, chunk_id in enumerate(ids) if chunk_id in wanted}
        scores = np.hstack([best, vectors @ (block / np.linalg.norm(block, axis=1, keepdims=True)).T])
        best = np.partition(scores, -10, axis=1)[:, -10:]
    hits = [
        np.mean([rows[i] @ query / np.linalg.norm(rows[i]) >= tenth - 1e-6 for i in ids])
        for ids, query, tenth in zip(found, vectors, best.min(axis=1), strict=True)
    ]
    return round(float(np.mean(hits)), 4)


def changes(folder: Path) -> Figures:
    """One article at a time, each followed by a search that must see it."""
    with ArticleIndex.open(folder) as index:
        ids = [row[0] for row in index._archive.select("SELECT id FROM articles ORDER BY id LIMIT ?", 2 * _CHANGES)]  # noqa: SLF001
        articles = list(index._archive.known(ids).values())  # noqa: SLF001
        index.retrieve("berita")
        index.add([articles[0]])  # loads the sentence rules
        updated, removed = [], []
        for article in articles[:_CHANGES]:
            fields = article.to_dict() | {"text": article.text + "\n\nRalat: angka di atas telah diperbaiki."}
            fields = {name: fields[name] for name in ("title", "text", "source", "publisher")}
            new = Article(**fields, published=article.published)
            updated.append(timed(lambda a=new: index.add([a])))
            if index.get(new.id) is None or index.get(article.id) is not None:
                raise AssertionError("the update did not take")
        for article in articles[_CHANGES:]:
            removed.append(timed(lambda i=article.id: index.remove(i)))
            if index.get(article.id) is not None:
                raise AssertionError("the removal did not take")
    return {"update_one": percentiles(updated), "remove_one": percentiles(removed)}


def disk(folder: Path) -> dict[str, float]:
    def size(path: Path) -> float:
        return round(sum(file.stat().st_size for file in path.rglob("*") if file.is_file()) / 1e6, 1)

    archive = sum(file.stat().st_size for file in folder.glob("articles.db*")) / 1e6
    return {"archive_mb": round(archive, 1), "vectors_mb": size(folder / "vectors")}


# ---- the run


def measure(corpus: Path, chunks: int, turns: int, bare: bool, work: Path) -> Figures:
    articles = round(chunks / _CHUNKS_AN_ARTICLE)
    ours: list[Figures] = []
    plain: list[Figures] = []
    texts: list[Figures] = []
    folder = work / "index"
    for _ in range(turns if bare else 1):
        for path in work.iterdir():
            shutil.rmtree(path)
        ours.append(alone(ingest, corpus, articles, folder))
        if bare:
            plain.append(alone(bare_chroma, folder, work / "plain", False))
            texts.append(alone(bare_chroma, folder, work / "texts", True))
    best = min(ours, key=lambda figures: figures["seconds"])
    result = {
        "chunks": best["chunks"],
        "articles": articles,
        "ingest": best | {"chunks_per_s": round(best["chunks"] / best["seconds"])},
        "disk": disk(folder),
    }
    for name, runs in (("bare_chroma", plain), ("bare_chroma_with_texts", texts)):
        if runs:
            other = min(runs, key=lambda figures: figures["seconds"])
            result[name] = other | {
                "rows_per_s": round(other["rows"] / other["seconds"]),
                "ingest_rate_to_this": round(other["seconds"] / best["seconds"], 3),
                "ratio_of_each_turn": [round(b["seconds"] / o["seconds"], 3) for b, o in zip(runs, ours, strict=True)],
            }
    result |= alone(queries, folder)
    result |= alone(changes, folder)
    return result


def stamped(figures: Figures) -> Figures:
    """With what the figures were measured on."""
    load = statistics.mean(os.getloadavg())
    return {
        **stamp(),
        "machine": machine(),
        "chromadb": chromadb.__version__,
        "load_average_at_end": round(load, 1),
        **figures,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--turns", type=int, default=2)
    parser.add_argument("--bare-up-to", type=int, default=100_000, help="no bare Chroma beyond this size")
    parser.add_argument("--work", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=RESULTS / "scale.json")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
        work = Path(folder) / "work"
        work.mkdir()
        corpus = Path(folder) / "corpus.jsonl"
        write_corpus(arguments.source, round(max(arguments.sizes) / _CHUNKS_AN_ARTICLE), corpus)
        sizes: list[Figures] = []
        for size in arguments.sizes:
            sizes.append(measure(corpus, size, arguments.turns, size <= arguments.bare_up_to, work))
            print(json.dumps(sizes[-1], indent=1), flush=True)
            arguments.out.parent.mkdir(exist_ok=True)
            arguments.out.write_text(json.dumps(stamped({"sizes": sizes}), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
