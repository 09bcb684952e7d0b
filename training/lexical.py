"""BM25 over the training passages: which passages look right and are not, and how right they look."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from index.terms import analyse

Sentences = tuple[str, ...]

_K1, _B = 1.2, 0.75  # as SQLite's FTS5 has them, which the product searches with


class Lexical:
    """BM25 with document frequencies and the mean length of ``pool``; any other passage can be scored with them too."""

    def __init__(self, pool: Sequence[Sentences]) -> None:
        counts = [_counted(passage) for passage in pool]
        frequencies = Counter(term for terms in counts for term in terms)
        self._columns = {term: column for column, term in enumerate(frequencies)}
        found = np.array(list(frequencies.values()))
        self._idf = np.maximum(np.log((len(pool) - found + 0.5) / (found + 0.5)), 1e-6)
        self._mean_length = sum(terms.total() for terms in counts) / len(pool)
        self.pool = self.weights(pool)

    def weights(self, passages: Sequence[Sentences]) -> csr_matrix:
        """Shape (passages, terms): what each term of each passage adds to its score."""
        rows, columns, values = [], [], []
        for row, passage in enumerate(passages):
            terms = _counted(passage)
            norm = _K1 * (1 - _B + _B * terms.total() / self._mean_length)
            for term, count in terms.items():
                if (column := self._columns.get(term)) is not None:
                    rows.append(row)
                    columns.append(column)
                    values.append(self._idf[column] * count * (_K1 + 1) / (count + norm))
        return csr_matrix((values, (rows, columns)), shape=(len(passages), len(self._columns)))

    def queries(self, texts: Sequence[str]) -> csr_matrix:
        """Shape (texts, terms): 1 for each term of each text."""
        rows, columns = [], []
        for row, text in enumerate(texts):
            known = {self._columns[term] for term in _terms(text) if term in self._columns}
            rows += [row] * len(known)
            columns += sorted(known)
        return csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(len(texts), len(self._columns)))

    def best(self, texts: Sequence[str], depth: int) -> list[npt.NDArray[np.int64]]:
        """For each text, its best passages of the pool by number, at most ``depth``, best first."""
        by_term = self.pool.T.tocsr()
        found = []
        for start in range(0, len(texts), 256):
            scores = self.queries(texts[start : start + 256]) @ by_term
            for row in range(scores.shape[0]):
                bounds = slice(scores.indptr[row], scores.indptr[row + 1])
                order = np.argsort(-scores.data[bounds], kind="stable")[:depth]
                found.append(scores.indices[bounds][order].astype(np.int64))
        return found


@cache
def _terms(text: str) -> tuple[str, ...]:
    return tuple(analyse(text))


def _counted(passage: Sentences) -> Counter[str]:
    return Counter(term for sentence in passage for term in _terms(sentence))
