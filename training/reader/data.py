"""Questions, the pool of passages and BM25 over it, shared by the scripts of this folder."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import scipy.sparse as sparse

from assistant.translation import searchable
from index.embedding import load_embedding
from index.ingest import indexed_terms
from index.retrieval import fuse
from index.terms import analyse_question
from index.types import Article, Chunk, Passage
from training.questions import encyclopedic_texts, read_questions

SETS = ("idk_mrc", "tydiqa_id", "facqa", "squad_id_mt", "squad_id_tar")


@dataclass(frozen=True, slots=True)
class Example:
    """A question, its context and the answers in it as (start, end); none: the context does not answer."""

    id: str
    source: str
    question: str
    context: str
    answers: tuple[tuple[int, int], ...]
    texts: tuple[str, ...]


def read(data: Path, name: str, split: str) -> list[Example]:
    path = data / "qa" / f"{name}.{split}.jsonl"
    if not path.exists():
        return []
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        spans = tuple((a["start"], a["start"] + len(a["text"])) for a in row["answers"])
        texts = tuple(a["text"] for a in row["answers"])
        found.append(Example(row["id"], name, row["question"], row["context"], spans, texts))
    return found


def public_examples(data: Path) -> list[Example]:
    """All questions of the public sets, each once, without those whose context also stands in a valid split."""
    return _distinct((example for name in SETS for example in read(data, name, "train")), data)


def train_examples(data: Path) -> list[Example]:
    """``public_examples``, and the questions that were written for this project about their encyclopedic contexts."""
    return [*public_examples(data), *_distinct(written(data), data)]


def written(data: Path) -> Iterator[Example]:
    """As the reader is asked them: those in English in Indonesian words."""
    contexts = encyclopedic_texts(data)
    for number, asked in enumerate(read_questions("encyclopedia")):
        context = contexts[asked.text]
        texts = tuple(context[start:end] for start, end in asked.spans)
        yield Example(f"written-{number}", "written", searchable(asked.question), context, asked.spans, texts)


def _distinct(examples: Iterable[Example], data: Path) -> list[Example]:
    held_out = {e.context for name in SETS for e in read(data, name, "valid")}
    found: dict[tuple[str, str], Example] = {}
    for example in examples:
        if example.context not in held_out:
            found.setdefault((example.question, example.context), example)
    return list(found.values())


def is_stacked(example: Example) -> bool:
    """Whether the context is kept from the cross-encoder, for the scorer to learn from: a tenth, none of SQuAD."""
    return not example.source.startswith("squad") and zlib.crc32(example.context.encode()) % 10 == 0


def valid_pool(data: Path) -> list[str]:
    """Every distinct context of the QA files, train and valid: the pool retrieval is measured over."""
    return list(dict.fromkeys(e.context for n in SETS for s in ("train", "valid") for e in read(data, n, s)))


def passage(context: str, score: float = 0.0, title: str = "-") -> Passage:
    article = Article(title=title, text=context)
    return Passage(article=article, chunk=Chunk(article.id, 0, 0, len(context)), score=score)


class Bm25:
    """BM25 over a list of texts as the archive has it (k1 1.2, b .75), as one sparse matrix."""

    def __init__(self, texts: list[str], k1: float = 1.2, b: float = 0.75) -> None:
        self.texts = texts
        whole = (passage(text) for text in texts)
        counts = [Counter(indexed_terms(one.article, one.chunk).split()) for one in whole]
        self.vocabulary = {term: i for i, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
        lengths = np.array([sum(c.values()) for c in counts], dtype=np.float32)
        rows = np.repeat(np.arange(len(counts)), [len(c) for c in counts])
        columns = np.array([self.vocabulary[t] for c in counts for t in c])
        tf = np.array([v for c in counts for v in c.values()], dtype=np.float32)
        df = np.bincount(columns, minlength=len(self.vocabulary))
        idf = np.log1p((len(texts) - df + 0.5) / (df + 0.5)).astype(np.float32)
        norm = k1 * (1 - b + b * lengths / lengths.mean())
        weights = idf[columns] * tf * (k1 + 1) / (tf + norm[rows])
        self.matrix = sparse.csc_matrix((weights, (rows, columns)), shape=(len(texts), len(self.vocabulary)))

    @cached_property
    def index(self) -> dict[str, int]:
        return {text: i for i, text in enumerate(self.texts)}

    def scores(self, question: str) -> np.ndarray:
        columns = [self.vocabulary[t] for t in dict.fromkeys(analyse_question(question)) if t in self.vocabulary]
        return np.asarray(self.matrix[:, columns].sum(axis=1)).ravel()

    def top(self, question: str, k: int) -> list[tuple[int, float]]:
        scores = self.scores(question)
        best = np.argpartition(-scores, k)[:k]
        return [(int(i), float(scores[i])) for i in best[np.argsort(-scores[best])]]


class Pool:
    """Passages by BM25 and the shipped embedding, fused as ``index.retrieval`` does, over a list of texts."""

    def __init__(self, texts: list[str]) -> None:
        self.bm25 = Bm25(texts)
        self.texts = texts
        self._encoder = load_embedding()
        self._vectors = self._encoder.encode_documents(texts)

    def top(self, question: str, k: int) -> list[tuple[int, float]]:
        lexical, dense = self.bm25.scores(question), self._vectors @ self._encoder.encode_query(question)
        rows = np.union1d(np.argpartition(-lexical, 100)[:100], np.argpartition(-dense, 100)[:100])
        fused = fuse(dense[rows], lexical[rows])
        order = np.argsort(-fused)[:k]
        return [(int(rows[i]), float(fused[i])) for i in order]
