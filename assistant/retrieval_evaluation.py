"""How often retrieval finds the passage that a question was written about.

The pool is every distinct ``context`` of a folder's question files; each question has one relevant passage, its own
context. English sentences are asked twice: as they are, and in Indonesian words, as the assistant asks them. Passages
are indexed whole, as the product indexes its chunks, so the figures compare analysers, embeddings, fusion and reranking
rather than chunking. Measures by ir-measures: nDCG@10, recall@5, reciprocal rank@10, success@1.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import numpy as np
import numpy.typing as npt

from index.archive import Analysed, Archive
from index.embedding import DEFAULT_EMBEDDING, Encoder, load_embedding
from index.errors import ReadError, TanyaError
from index.ingest import indexed_terms, searched_text
from index.reranking import SHIPPED_RERANKER, Relevance, Reranker, load_relevance
from index.retrieval import HybridRetriever
from index.terms import ANALYSER, analyse_question
from index.types import Article, Chunk

from .translation import searchable

__all__ = [
    "CONFIGURATIONS",
    "QuestionSet",
    "RetrievalReport",
    "evaluate_retrieval",
    "format_table",
    "load_question_sets",
]

CONFIGURATIONS = ("bm25", "dense", "fused", "reranked")
MEASURES = ("nDCG@10", "R@5", "RR@10", "Success@1")
_TIME = "p95 ms"
_UNTITLED = "-"  # an article must have a title
_DEPTH = 10  # as far down as the measures look


@dataclass(frozen=True, slots=True)
class QuestionSet:
    """Questions, a pool of distinct passages, and for each question the positions of its passages in the pool.

    ``titles``: of the articles that the passages are from, which they are found by too; none by default.
    """

    name: str
    questions: tuple[str, ...]
    pool: tuple[str, ...]
    relevant: tuple[tuple[int, ...], ...]
    titles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RetrievalReport:
    """``figures[question set][configuration][measure]``, between 0 and 1, and what they were measured on.

    The measure "p95 ms" is the time within which 95 of 100 questions had their passages, in milliseconds.
    """

    embedding: str
    reranker: str
    analyser: str
    sizes: Mapping[str, tuple[int, int]]
    figures: Mapping[str, Mapping[str, Mapping[str, float]]]

    def to_dict(self) -> dict[str, Any]:
        """JSON-ready; ``sizes`` are (questions, passages)."""
        return {
            "embedding": self.embedding,
            "reranker": self.reranker,
            "analyser": self.analyser,
            "sizes": {name: list(size) for name, size in self.sizes.items()},
            "figures": {
                name: {configuration: dict(values) for configuration, values in rows.items()}
                for name, rows in self.figures.items()
            },
        }


def load_question_sets(folder: Path) -> list[QuestionSet]:
    """The question sets of a folder.

    ``qa/*.jsonl`` (or ``*.jsonl``) hold ``question``, ``context`` and optionally ``answers``; all contexts make the
    pool, the questions of ``*.valid.jsonl`` with an answer are asked. ``parallel/*.valid.jsonl`` hold ``en`` and
    ``id``: every English sentence is asked, every Indonesian one is a passage.

    Raises:
        ReadError: the folder holds no such files, or one of them cannot be read.
    """
    files = sorted((folder / "qa").glob("*.jsonl")) or sorted(folder.glob("*.jsonl"))
    rows = {file.name.removesuffix(".jsonl"): _rows(file, "question", "context") for file in files}
    positions = {context: n for n, context in enumerate(dict.fromkeys(r["context"] for f in rows.values() for r in f))}
    sets = [
        QuestionSet(
            name,
            tuple(row["question"] for row in answered),
            tuple(positions),
            tuple((positions[row["context"]],) for row in answered),
        )
        for name in rows
        if name.endswith(".valid") and (answered := [row for row in rows[name] if row.get("answers", True)])
    ]
    for file in sorted((folder / "parallel").glob("*.valid.jsonl")):
        pairs = _rows(file, "en", "id")
        name = file.name.removesuffix(".jsonl")
        english, indonesian = (tuple(row[key] for row in pairs) for key in ("en", "id"))
        relevant = tuple((number,) for number in range(len(pairs)))
        translated = tuple(map(searchable, english))
        sets.append(QuestionSet(name, english, indonesian, relevant))
        sets.append(QuestionSet(f"{name}, translated", translated, indonesian, relevant))
    if not sets:
        raise ReadError(f"{folder} holds no questions to measure with: qa/*.valid.jsonl with question and context")
    return sets


def evaluate_retrieval(
    sets: Sequence[QuestionSet],
    *,
    embedding: str = DEFAULT_EMBEDDING,
    reranker: str = SHIPPED_RERANKER,
    configurations: Sequence[str] = CONFIGURATIONS,
) -> RetrievalReport:
    """Ranks the pool for every question by BM25, by the embedding, by both fused as the product does, and reranked.

    Raises:
        EmbeddingError, RerankerError: a model cannot be loaded.
        TanyaError: ir-measures is not installed.
    """
    encoder = load_embedding(embedding)
    relevance = load_relevance(reranker) if "reranked" in configurations else None
    figures: dict[str, dict[str, dict[str, float]]] = {}
    for pool, titles in dict.fromkeys((questions.pool, questions.titles) for questions in sets):
        with _indexed(pool, titles, encoder, relevance) as index:
            for questions in sets:
                if (questions.pool, questions.titles) == (pool, titles):
                    figures[questions.name] = {name: index.measured(questions, name) for name in configurations}
    sizes = {questions.name: (len(questions.questions), len(questions.pool)) for questions in sets}
    return RetrievalReport(encoder.name, reranker, ANALYSER, sizes, figures)


def format_table(report: RetrievalReport) -> str:
    """The figures as a plain-text table, one line per question set and configuration."""
    heading = ("questions", "asked", "passages", "by", *MEASURES, _TIME)
    lines: list[tuple[str, ...]] = [heading]
    for name, rows in report.figures.items():
        size = tuple(f"{count:,}" for count in report.sizes[name])
        lines += [
            (name, *size, configuration, *(f"{values[measure]:.3f}" for measure in MEASURES), f"{values[_TIME]:.0f}")
            for configuration, values in rows.items()
        ]
    widths = [max(len(line[column]) for line in lines) for column in range(len(heading))]
    table = "\n".join(
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip() for line in lines
    )
    return f"embedding {report.embedding}, reranker {report.reranker}, analyser {report.analyser}\n\n{table}"


@contextmanager
def _indexed(
    passages: Sequence[str], titles: Sequence[str], encoder: Encoder, relevance: Relevance | None
) -> Iterator[_Pool]:
    with (
        TemporaryDirectory(prefix="tanya-") as folder,
        closing(Archive.create(Path(folder) / "pool.db", {})) as archive,
    ):
        named = zip(titles or [_UNTITLED] * len(passages), passages, strict=True)
        articles = [Article(title=title, text=passage) for title, passage in named]
        yield _Pool(archive, articles, encoder, relevance)


class _Pool:
    """Articles of one chunk each in an archive of their own; nearest ones found exactly."""

    def __init__(
        self, archive: Archive, articles: Sequence[Article], encoder: Encoder, relevance: Relevance | None
    ) -> None:
        chunks = [Chunk(article.id, 0, 0, len(article.text)) for article in articles]
        texts = [
            article.text if article.title == _UNTITLED else searched_text(article, chunk)
            for article, chunk in zip(articles, chunks, strict=True)
        ]
        self._encoder = encoder
        self._vectors = encoder.encode_documents(texts)
        self._archive = archive
        self._retriever = HybridRetriever(self._archive, self._nearest, encoder)
        self._reranker = Reranker(self._retriever, relevance) if relevance else None
        self._chunk_ids = [chunk.id for chunk in chunks]
        self._positions = {article.id: position for position, article in enumerate(articles)}
        with self._archive.writing() as writer:
            for article, chunk, vector in zip(articles, chunks, self._vectors, strict=True):
                terms = indexed_terms(article, chunk)
                writer.insert(Analysed(article, [chunk], [terms], vector[None].astype(np.float16)))

    def measured(self, questions: QuestionSet, configuration: str) -> dict[str, float]:
        """The measures of one configuration."""
        run, times = {}, []
        for number, question in enumerate(questions.questions):
            start = perf_counter()
            run[str(number)] = self._rank(question, configuration)
            times.append(perf_counter() - start)
        return _measured(run, questions.relevant) | {_TIME: float(np.percentile(times, 95)) * 1000}

    def _rank(self, question: str, configuration: str) -> dict[str, float]:
        """{position of a passage: score} of the best ten."""
        if configuration in ("fused", "reranked"):
            retriever = self._reranker if configuration == "reranked" and self._reranker else self._retriever
            found = retriever.retrieve(question, _DEPTH)
            return {str(self._positions[passage.article.id]): passage.score for passage in found}
        if configuration == "dense":
            cosines = self._vectors @ self._encoder.encode_query(question)
            return {str(position): float(cosines[position]) for position in _largest(cosines, _DEPTH)}
        # Rows of a new archive are numbered from 1 in the order of insertion.
        return {str(row - 1): score for row, score in self._archive.bm25(analyse_question(question), _DEPTH).items()}

    def _nearest(self, vector: npt.NDArray[np.float32], n: int) -> list[str]:
        return [self._chunk_ids[position] for position in _largest(self._vectors @ vector, n)]


def _largest(values: npt.NDArray[np.float32], n: int) -> list[int]:
    positions: list[int] = np.argsort(-values, kind="stable")[:n].tolist()
    return positions


def _measured(run: Mapping[str, Mapping[str, float]], relevant: Sequence[Sequence[int]]) -> dict[str, float]:
    try:
        import ir_measures
    except ImportError as error:
        raise TanyaError("Measuring retrieval needs ir-measures: pip install ir-measures") from error
    measures = [ir_measures.parse_measure(name) for name in MEASURES]
    judgements = {
        str(number): {str(position): 1 for position in positions} for number, positions in enumerate(relevant)
    }
    values = ir_measures.calc_aggregate(measures, judgements, run)
    return {str(measure): float(values[measure]) for measure in measures}


def _rows(path: Path, *keys: str) -> list[dict[str, Any]]:
    """The objects of a JSONL file, each of which must have these keys."""
    try:
        rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise ReadError(f"{path} cannot be read as JSON lines: {error}") from error
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict) or not all(isinstance(row.get(key), str) for key in keys):
            raise ReadError(f"{path}, line {number}: an object with {' and '.join(keys)} was expected")
    return rows
