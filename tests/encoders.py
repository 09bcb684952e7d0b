"""A deterministic encoder for tests: fast, no files, and its scores can be computed by hand."""

from __future__ import annotations

import zlib
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from index.terms import analyse


class HashingEncoder(Embeddings):
    """Each distinct term counts in one dimension, chosen by its CRC-32; the counts at length 1.

    Texts about the same words are near each other. ``encoded`` counts the documents that were ever encoded; a text
    that holds ``poison`` raises ValueError.
    """

    def __init__(self, name: str = "hashing", dimension: int = 64, poison: str | None = None) -> None:
        self.name = name
        self.dimension = dimension
        self.poison = poison
        self.encoded = 0

    def encode_documents(self, texts: Sequence[str]) -> npt.NDArray[np.float32]:
        if self.poison and any(self.poison in text for text in texts):
            raise ValueError("poisoned")
        self.encoded += len(texts)
        rows = [self.encode_query(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), self.dimension)

    def encode_query(self, text: str) -> npt.NDArray[np.float32]:
        places = [zlib.crc32(term.encode()) % self.dimension for term in analyse(text)]
        counts = np.bincount(np.array(places, dtype=np.int64), minlength=self.dimension).astype(np.float32)
        return counts / max(float(np.linalg.norm(counts)), 1e-9)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        return self.encode_documents(texts).tolist()

    def embed_query(self, text: str) -> list[float]:
        return self.encode_query(text).tolist()
