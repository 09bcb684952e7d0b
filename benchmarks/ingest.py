"""How fast articles go in and questions come back, beside bare Chroma taking the same vectors in the same run.

    python -m benchmarks.ingest ARTICLES [--limit N] [--repeat N] [--out FILE]

ARTICLES is anything that ``read_articles`` reads. "ingest" is everything: sentences, chunks, terms, embedding, SQLite
and Chroma. "bare Chroma" writes the finished vectors in batches of 5,000 with the same HNSW settings and its own
defaults otherwise; once alone, once with the texts, as anybody would who keeps articles in Chroma. Each is repeated in
turns and the best time counts, so that other work on the machine disturbs all alike. Queries are titles of articles.
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import chromadb
import numpy as np
from chromadb.config import Settings

from index import Article, ArticleIndex, Filter, read_articles
from index.vectors import _HNSW

_QUERIES = 200


def timed(action: Callable[[], object]) -> float:
    """Seconds."""
    start = time.perf_counter()
    action()
    return time.perf_counter() - start


def timed_with_cpu(action: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and CPU seconds of all threads: the steadier figure on a machine that does other things too."""
    start = time.process_time()
    return timed(action), time.process_time() - start


def percentiles(times: list[float]) -> dict[str, float]:
    """Milliseconds."""
    p50, p95 = np.percentile(times, [50, 95]) * 1000
    return {"p50_ms": round(float(p50), 2), "p95_ms": round(float(p95), 2)}


def publishers(articles: list[Article], share: float) -> frozenset[str]:
    """Publishers, the smallest first, that have at least this share of the articles between them."""
    chosen: set[str] = set()
    held = 0
    for name, count in reversed(Counter(article.publisher or "" for article in articles).most_common()):
        if held >= share * len(articles):
            break
        chosen.add(name)
        held += count
    return frozenset(chosen)


Block = tuple[list[str], np.ndarray, list[str] | None]


def bare_chroma(folder: Path, blocks: list[Block]) -> tuple[float, float]:
    client = chromadb.PersistentClient(str(folder), settings=Settings(_env_file=None, anonymized_telemetry=False))
    collection = client.create_collection("bare", configuration={"hnsw": _HNSW}, embedding_function=None)
    spent = timed_with_cpu(
        lambda: [collection.upsert(ids=ids, embeddings=matrix, documents=texts) for ids, matrix, texts in blocks]
    )
    client.close()
    return spent


def blocks_of(index: ArticleIndex) -> list[Block]:
    """Ids, vectors and texts as Chroma would be given them."""
    archive = index._archive  # noqa: SLF001
    blocks: list[Block] = []
    for ids, matrix in archive.all_vectors():
        found = archive.passages(archive.rows(ids))
        texts = {chunk.id: article.text[chunk.start : chunk.end] for article, chunk in found.values()}
        blocks.append((ids, matrix.astype(np.float32), [texts[chunk_id] for chunk_id in ids]))
    return blocks


def measure(articles: list[Article], folder: Path, repeat: int) -> dict[str, object]:
    ours, bare, bare_with_texts = [], [], []
    for turn in range(repeat):
        path = folder / f"index{turn}"
        with ArticleIndex.open(path) as index:
            index.retrieve("berita")  # loads the models
            ours.append(timed_with_cpu(lambda: index.add(articles)))
            again = timed(lambda: index.add(articles))
            chunks = index.chunk_count
            blocks = blocks_of(index)
        bare.append(bare_chroma(folder / f"bare{turn}", [(ids, matrix, None) for ids, matrix, _ in blocks]))
        bare_with_texts.append(bare_chroma(folder / f"texts{turn}", blocks))
    size = sum(file.stat().st_size for file in path.rglob("*") if file.is_file())

    queries = [article.title for article in articles[:: max(1, len(articles) // _QUERIES)]]
    tenth, half = (Filter(publishers=publishers(articles, share)) for share in (0.1, 0.5))
    with ArticleIndex.open(path) as index:
        opening = timed(lambda: index.retrieve(queries[0]))
        plain = [timed(lambda q=query: index.retrieve(q)) for query in queries]
        narrow = [timed(lambda q=query: index.retrieve(q, filter=tenth)) for query in queries]
        wide = [timed(lambda q=query: index.retrieve(q, filter=half)) for query in queries]
    return {
        "articles": len(articles),
        "chunks": chunks,
        "ingest_chunks_per_s": round(chunks / min(ours)[0]),
        "bare_chroma_rows_per_s": round(chunks / min(bare)[0]),
        "bare_chroma_with_texts_rows_per_s": round(chunks / min(bare_with_texts)[0]),
        "ratio": round(min(bare)[0] / min(ours)[0], 3),
        "ratio_with_texts": round(min(bare_with_texts)[0] / min(ours)[0], 3),
        "ingest_cpu_s": round(min(cpu for _, cpu in ours), 2),
        "bare_chroma_cpu_s": round(min(cpu for _, cpu in bare), 2),
        "bare_chroma_with_texts_cpu_s": round(min(cpu for _, cpu in bare_with_texts), 2),
        "second_run_s": round(again, 2),
        "index_mb": round(size / 1e6, 1),
        "open_and_first_query_ms": round(opening * 1000, 1),
        "query": percentiles(plain),
        "query_publishers_of_a_tenth": percentiles(narrow),
        "query_publishers_of_half": percentiles(wide),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("--limit", type=int, help="use only the first N articles")
    parser.add_argument("--repeat", type=int, default=2, help="measure ingest so many times (default: 2)")
    parser.add_argument(
        "--out", type=Path, default=Path(__file__).with_name("ingest.json"), help="where to write the JSON"
    )
    arguments = parser.parse_args()

    articles: list[Article] = []
    reading = timed(lambda: articles.extend(a for a in read_articles(arguments.articles) if isinstance(a, Article)))
    articles = articles[: arguments.limit]
    if not articles:
        sys.exit(f"{arguments.articles} holds no articles")
    with tempfile.TemporaryDirectory() as folder:
        figures = measure(articles, Path(folder), max(1, arguments.repeat))
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    result = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip() or None,
        "machine": f"{platform.machine()}, Python {platform.python_version()}, chromadb {chromadb.__version__}",
        "reading_s": round(reading, 2),
        **figures,
    }
    for name, value in result.items():
        print(f"{name:36}{value}")
    arguments.out.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
