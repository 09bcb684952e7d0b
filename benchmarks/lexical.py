"""What BM25's bounds cost and save as an archive grows: time, and how often the right passage is found.

    python -m benchmarks.lexical INDOSUM FOLDER [--sizes 10000 100000 1000000] [--questions 150] [--work FOLDER]

The passages of the questions of FOLDER (training/README.md) are put among articles of ``benchmarks.corpus``, with their
terms but no vectors. The valid questions of TyDi QA and FacQA are then asked of ``Archive.bm25`` as it is, with every
chunk scored that holds a term searched for, and with every term searched for that up to a quarter of the chunks hold.
Milliseconds are of CPU; *overlap* is of the best 30 with those of the ranking where every such chunk is scored.

Prints a table as it goes, writes ``results/lexical.json``.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from assistant.retrieval_evaluation import QuestionSet, load_question_sets
from benchmarks.corpus import read_corpus, write_corpus
from benchmarks.scale import RESULTS, percentiles, stamped
from index import Article, lexical
from index.archive import Analysed, Archive
from index.chunking import chunk_article
from index.ingest import indexed_terms
from index.terms import analyse_question
from index.types import Chunk

_CHUNKS_AN_ARTICLE = 3.66
_DEPTH, _COMPARED, _LOOKED_AT = 100, 30, 10
_SETS = ("facqa.valid", "tydiqa_id.valid")
_META = {"index": "a", "encoder": "none", "dimension": "1", "analyser": "tanya"}
_NO_END = 10**9
_BOUNDS: Mapping[str, Mapping[str, int]] = {
    "every chunk scored": {"_SCORED": _NO_END},
    "as it is": {"_SCORED": lexical._SCORED},  # noqa: SLF001
    "every term": {"_SCORED": _NO_END, "_POSTINGS": _NO_END},
}


def analysed(article: Article, chunks: Sequence[Chunk]) -> Analysed:
    terms = [indexed_terms(article, chunk) for chunk in chunks]
    return Analysed(article, chunks, terms, np.zeros((len(chunks), 1), np.float16))


def whole(text: str) -> Analysed:
    """An article of one chunk."""
    article = Article(title="-", text=text)
    return analysed(article, [Chunk(article.id, 0, 0, len(text))])


def store(archive: Archive, items: Iterator[Analysed]) -> None:
    while batch := list(islice(items, 2_000)):
        with archive.writing() as writer:
            for item in batch:
                writer.insert(item)


def measure(archive: Archive, questions: QuestionSet, asked: int, before: int) -> dict[str, Any]:
    """``before``: how many chunks were there before the passages, which have the numbers behind."""
    picked = range(0, len(questions.questions), max(1, len(questions.questions) // asked))
    terms = [analyse_question(questions.questions[number]) for number in picked]
    wanted = [{before + 1 + position for position in questions.relevant[number]} for number in picked]
    rankings: dict[str, list[list[int]]] = {}
    figures: dict[str, Any] = {}
    for name, bounds in _BOUNDS.items():
        times: list[float] = []
        rankings[name] = []
        with patch.multiple(lexical, **bounds):
            for own in terms:
                clock = time.process_time()
                rankings[name].append(list(archive.bm25(own, _DEPTH)))
                times.append(time.process_time() - clock)
        places = [
            next((place for place, row in enumerate(ranking) if row in gold), _DEPTH)
            for ranking, gold in zip(rankings[name], wanted, strict=True)
        ]
        overlap = [
            len({*one[:_COMPARED]} & {*whole[:_COMPARED]}) / max(1, len(whole[:_COMPARED]))
            for one, whole in zip(rankings[name], rankings["every chunk scored"], strict=True)
        ]
        figures[name] = {
            **{f"cpu_{key}": value for key, value in percentiles(times).items()},
            "ndcg_at_10": round(float(np.mean([1 / np.log2(p + 2) if p < _LOOKED_AT else 0 for p in places])), 4),
            "recall_at_30": round(float(np.mean([place < _COMPARED for place in places])), 4),
            "recall_at_100": round(float(np.mean([place < _DEPTH for place in places])), 4),
            "overlap_at_30": round(float(np.mean(overlap)), 4),
        }
    return {"questions": len(terms), **figures}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000, 1_000_000])
    parser.add_argument("--questions", type=int, default=150)
    parser.add_argument("--work", type=Path, help="where to build (default: a temporary folder)")
    parser.add_argument("--out", type=Path, default=RESULTS / "lexical.json")
    arguments = parser.parse_args()
    sets = [one for one in load_question_sets(arguments.folder) if one.name in _SETS]
    sizes: list[dict[str, Any]] = []
    for size in arguments.sizes:
        with tempfile.TemporaryDirectory(dir=arguments.work) as folder:
            corpus, articles = Path(folder) / "corpus.jsonl", round(size / _CHUNKS_AN_ARTICLE)
            write_corpus(arguments.source, articles, corpus)
            with closing(Archive.create(Path(folder) / "articles.db", _META)) as archive:
                store(archive, (analysed(article, chunk_article(article)) for article in read_corpus(corpus)))
                before = archive.chunk_count()
                store(archive, map(whole, sets[0].pool))
                sizes.append({"chunks": archive.chunk_count()})
                sizes[-1] |= {one.name: measure(archive, one, arguments.questions, before) for one in sets}
        print(json.dumps(sizes[-1], indent=1), flush=True)
        arguments.out.write_text(json.dumps(stamped({"sizes": sizes}), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
