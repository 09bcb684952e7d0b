"""How long a question takes under each kind of filter, and whether it finds what brute force finds.

    python -m benchmarks.filters INDOSUM [--sizes 10000 100000] [--out FILE]

Articles are those of ``benchmarks.corpus``, with one of nine topics each; questions are titles of some of them. All
filters take turns with every question, so that other work on the machine disturbs all alike; seconds of CPU are those
of the whole process.

- *overlap*: the share of the ten best passages by brute force (every chunk that passes is scored, and BM25 ranks all
  there is before the filter is looked at) that are found, for one question in ten.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from benchmarks.corpus import read_corpus, write_corpus
from benchmarks.scale import RESULTS, percentiles, stamped
from index import Article, ArticleIndex, Filter, lexical
from index.contents import Contents
from index.retrieval import HybridRetriever

_CHUNKS_AN_ARTICLE = 3.66
_QUESTIONS = 60
_TOPICS = ("ekonomi", "politik", "olahraga", "hukum", "kesehatan", "pendidikan", "hiburan", "teknologi", "lingkungan")


def with_topics(articles: Iterator[Article]) -> Iterator[Article]:
    for number, article in enumerate(articles):
        yield replace(article, topics=(_TOPICS[number * 7 % len(_TOPICS)],))


def filters(index: ArticleIndex, ids: Sequence[str]) -> dict[str, Filter]:
    publishers = list(index.coverage().publishers)  # the most frequent first
    year = {"since": date(2019, 1, 1), "until": date(2019, 12, 31)}
    return {
        "none": Filter(),
        "largest publisher": Filter(publishers=frozenset(publishers[:1])),
        "smallest publisher": Filter(publishers=frozenset(publishers[-1:])),
        "one day": Filter(since=date(2019, 1, 7), until=date(2019, 1, 7)),
        "one month": Filter(since=date(2019, 1, 1), until=date(2019, 1, 31)),
        "one year of ten": Filter(**year),
        "half of the time": Filter(since=date(2020, 12, 5)),
        "nearly all of the time": Filter(since=date(2016, 6, 1)),
        "one topic of nine": Filter(topics=frozenset(_TOPICS[3:4])),
        "a topic and a year": Filter(topics=frozenset(_TOPICS[3:4]), **year),
        "a publisher and half": Filter(publishers=frozenset(publishers[:1]), since=date(2020, 12, 5)),
        "ten articles": Filter(articles=frozenset(ids[:10])),
    }


class BruteForce(HybridRetriever):
    """Scores every chunk that passes, and lets BM25 rank all that match before it looks at the filter."""

    def __init__(self, index: ArticleIndex) -> None:
        super().__init__(_AllFirst(index.archive.path), lambda *_: [], index._load_encoder())  # type: ignore[arg-type]  # noqa: SLF001

    def _nearest_rows(self, *_: object) -> None:
        return None


class _AllFirst(Contents):
    def bm25(self, terms: Any, n: int, only: Filter | None = None, share: float | None = None) -> dict[int, float]:  # noqa: ANN401, ARG002
        with patch.object(lexical, "_SCORED", 10**9):
            everything = super().bm25(terms, 10**9)
        passing = self.passing(list(everything), only)
        return dict([(row, score) for row, score in everything.items() if row in passing][:n])


def measure(folder: Path) -> dict[str, Any]:
    with ArticleIndex.open(folder) as index:
        ids = sorted(index.archive.select("SELECT id FROM articles"))[:_QUESTIONS]
        found = index.known([row[0] for row in ids])
        questions = [article.title for article in found.values()]
        wanted = filters(index, list(found))
        index.retrieve(questions[0])
        brute = BruteForce(index)
        times: dict[str, list[float]] = {name: [] for name in wanted}
        cpu: dict[str, list[float]] = {name: [] for name in wanted}
        overlap: dict[str, list[float]] = {name: [] for name in wanted}
        for number, question in enumerate(questions):
            for name, only in wanted.items():
                clock, start = time.process_time(), time.perf_counter()
                passages = index.retrieve(question, filter=only)
                times[name].append(time.perf_counter() - start)
                cpu[name].append(time.process_time() - clock)
                if number % 10 == 0:
                    best = {passage.chunk.id for passage in brute.retrieve(question, filter=only)}
                    found_too = len(best & {passage.chunk.id for passage in passages})
                    overlap[name].append(found_too / len(best) if best else float(not passages))
        return {
            "chunks": index.chunk_count,
            "filters": {
                name: {
                    "passing_chunks": index.archive.chunk_count(only),
                    **percentiles(times[name]),
                    **{f"cpu_{key}": value for key, value in percentiles(cpu[name]).items()},
                    "overlap_with_brute_force": round(float(np.mean(overlap[name])), 4),
                }
                for name, only in wanted.items()
            },
        }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--out", type=Path, default=RESULTS / "filters.json")
    arguments = parser.parse_args()
    sizes: list[dict[str, Any]] = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory() as folder:
            corpus = Path(folder) / "corpus.jsonl"
            articles = round(size / _CHUNKS_AN_ARTICLE)
            write_corpus(arguments.source, articles, corpus)
            with ArticleIndex.open(Path(folder) / "index") as index:
                index.add(with_topics(read_corpus(corpus, articles)))
            sizes.append(measure(Path(folder) / "index"))
        print(json.dumps(sizes[-1], indent=1), flush=True)
        arguments.out.write_text(json.dumps(stamped({"sizes": sizes}), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
