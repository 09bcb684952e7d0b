"""The cross-encoder's words -> index/models/reader/vocabulary.json, and first vectors for them -> training/runs/.

The vectors are the 128 leading left singular vectors of the positive pointwise mutual information of words at most four
apart (Levy & Goldberg 2014, exponent 0.5 on the singular values), over the training passages and the news.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from sklearn.utils.extmath import randomized_svd

from index.lexicon import words
from index.matching import Vocabulary

from .data import public_examples

WORDS = 30_000
WINDOW = 4


def texts(data: Path) -> list[str]:
    examples = public_examples(data)
    found = list(dict.fromkeys(text for e in examples for text in (e.context, e.question)))
    news = (data / "news" / "indosum.jsonl").read_text(encoding="utf-8").splitlines()
    found += ["\n".join(json.loads(line)["paragraphs"]) for line in news]
    for line in (data / "nli" / "indonli.train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found += [row["premise"], row["hypothesis"]]
    for line in (data / "parallel" / "id_en.train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        found.append(row["id"])
    return list(dict.fromkeys(found))


def vectors(sequences: list[np.ndarray], size: int, dimension: int) -> np.ndarray:
    counts = sparse.csr_matrix((size, size), dtype=np.float32)
    stream = np.concatenate([np.append(s, np.zeros(WINDOW, dtype=np.int64)) for s in sequences])
    for gap in range(1, WINDOW + 1):
        left, right = stream[:-gap], stream[gap:]
        kept = (left > 0) & (right > 0)
        ones = np.full(int(kept.sum()), 1 / gap, dtype=np.float32)
        counts = counts + sparse.csr_matrix((ones, (left[kept], right[kept])), shape=(size, size))
    counts = (counts + counts.T).tocoo()
    rows = np.asarray(counts.sum(axis=1)).ravel()
    context = rows**0.75
    pmi = np.log(counts.data * context.sum() / (rows[counts.row] * context[counts.col]))
    kept = pmi > 0
    matrix = sparse.csr_matrix((pmi[kept], (counts.row[kept], counts.col[kept])), shape=(size, size))
    left_vectors, values, _ = randomized_svd(matrix, dimension, n_iter=4, random_state=0)
    found = left_vectors * np.sqrt(values)
    return found / max(float(found.std()), 1e-6)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("index/models/reader/vocabulary.json"))
    parser.add_argument("--vectors", type=Path, default=Path("training/runs/reader/vectors.npy"))
    arguments = parser.parse_args()
    tokens = [[Vocabulary.normalise(word.text) for word in words(text)] for text in texts(arguments.data)]
    counts = Counter(token for sequence in tokens for token in sequence)
    known = sorted(sorted(word for word, n in counts.items() if n >= 3), key=lambda word: -counts[word])[:WORDS]
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(known, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    rows = {word: row for row, word in enumerate(known, 1)}
    sequences = [np.array([rows.get(token, 0) for token in sequence], dtype=np.int64) for sequence in tokens]
    arguments.vectors.parent.mkdir(parents=True, exist_ok=True)
    found = vectors(sequences, len(known) + 1, 128)
    np.save(arguments.vectors, found.astype(np.float32))
    print(len(known), "words cover", sum(counts[w] for w in known) / sum(counts.values()), "of", sum(counts.values()))
    normal = found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-6)
    for word in ("presiden", "wafat", "jakarta", "uang", "didirikan", "rp"):
        print(word, [known[i - 1] for i in np.argsort(-(normal @ normal[rows[word]]))[1:8]])


if __name__ == "__main__":
    main()
