"""Embedding models by name. The one that ships needs neither torch nor transformers, so starting costs milliseconds."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt
from langchain_core.embeddings import Embeddings

from index.errors import EmbeddingError
from index.hub import load_model

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

__all__ = ["DEFAULT_EMBEDDING", "Encoder", "as_encoder", "is_shipped", "load_embedding"]

DEFAULT_EMBEDDING = "tanya-static-v2"
"""The model that ships with the package, in ``index/models/``."""

Vectors = npt.NDArray[np.float32]

_SHIPPED = Path(__file__).parent / "models"
_STATIC_MODULE = "StaticEmbedding"
_FLOAT8 = "F8_E4M3"  # as safetensors names it; numpy has no such type
_BATCH = 32
_WAY_OUT = f"leave TANYA_EMBEDDING unset for the model that ships ({DEFAULT_EMBEDDING})."
# E5 models need these words in front of every text and do not say so in their files (see their model cards).
_E5_PROMPTS = {"query": "query: ", "document": "passage: "}


@runtime_checkable
class Encoder(Protocol):
    """LangChain ``Embeddings`` that also say what they are and give arrays instead of lists.

    ``name`` is recorded in the index, which refuses a model of another name. All vectors have length 1, or 0 where the
    text holds nothing that the model knows.
    """

    @property
    def name(self) -> str:
        """Which model this is."""

    @property
    def dimension(self) -> int:
        """Length of every vector."""

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        """One row per text: float32, shape (len(texts), dimension)."""

    def encode_query(self, text: str) -> Vectors:
        """float32, shape (dimension,)."""

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """LangChain's form of ``encode_documents``."""

    def embed_query(self, text: str) -> list[float]:
        """LangChain's form of ``encode_query``."""


def load_embedding(name: str = DEFAULT_EMBEDDING) -> Encoder:
    """The embedding model of that name.

    ``name`` is the shipped model, a folder that sentence-transformers can load, or a model on the Hugging Face hub:
    looked for among the files already downloaded, then downloaded (the only case that uses the network).

    Raises:
        EmbeddingError: there is no such model, or it cannot be loaded.
    """
    folder = _SHIPPED / name if name == DEFAULT_EMBEDDING else Path(name).expanduser()
    if not name.strip():
        raise EmbeddingError(f"The name of the embedding model is empty. Give one, or {_WAY_OUT}")
    if name == DEFAULT_EMBEDDING or _is_static(folder):
        return _StaticEncoder(name, folder)
    return _LibraryEncoder(
        name, load_model(name, _load, kind="embedding model", error=EmbeddingError, way_out=_WAY_OUT)
    )


def is_shipped(name: str) -> bool:
    """Whether that is the name of the model that ships with this version or shipped with an earlier one."""
    return re.fullmatch(r"tanya-static-v\d+", name) is not None


def as_encoder(embeddings: Embeddings) -> Encoder:
    """``embeddings`` itself if it is an ``Encoder`` already, else wrapped as one.

    The name is the model name that the object carries (``model`` or ``model_name``) behind its class's name; the
    dimension is found by embedding one word.

    Raises:
        EmbeddingError: that one word cannot be embedded.
    """
    return embeddings if isinstance(embeddings, Encoder) else _LangChainEncoder(embeddings)


class _ArrayEmbeddings(Embeddings):
    """LangChain's two methods, answered from ``encode_documents`` and ``encode_query``."""

    name: str
    dimension: int

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        raise NotImplementedError

    def encode_query(self, text: str) -> Vectors:
        raise NotImplementedError

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = self.encode_documents(texts).tolist()
        return vectors

    def embed_query(self, text: str) -> list[float]:
        vector: list[float] = self.encode_query(text).tolist()
        return vector


class _StaticEncoder(_ArrayEmbeddings):
    """sentence-transformers' StaticEmbedding without that library: the normalised mean of one vector per token.

    Reads the same files and gives the same vectors. Questions and documents are embedded alike.
    """

    def __init__(self, name: str, folder: Path) -> None:
        from safetensors import SafetensorError
        from tokenizers import Tokenizer

        try:
            self._tokens = _token_vectors(folder / "model.safetensors")
            tokenizer = (folder / "tokenizer.json").read_text("utf-8")
        except (OSError, KeyError, ValueError, SafetensorError) as error:
            raise EmbeddingError(_unusable(name, error)) from error
        try:
            self._tokenizer: Any = Tokenizer.from_str(tokenizer)
        except Exception as error:  # tokenizers raises Exception itself, nothing narrower
            raise EmbeddingError(_unusable(name, error)) from error
        self._tokenizer.no_padding()
        self.name = name
        self.dimension = int(self._tokens.shape[1])

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for start in range(0, len(texts), _BATCH):
            batch = list(texts[start : start + _BATCH])
            for row, encoding in enumerate(self._tokenizer.encode_batch_fast(batch, add_special_tokens=False), start):
                # Counting first keeps a text of millions of tokens from being spread out as millions of vectors.
                tokens, counts = np.unique(np.asarray(encoding.ids, dtype=np.int64), return_counts=True)
                vectors[row] = counts.astype(np.float32) @ self._tokens[tokens]
        return _normalised(vectors)

    def encode_query(self, text: str) -> Vectors:
        vector: Vectors = self.encode_documents([text])[0]
        return vector


def _token_vectors(path: Path) -> Vectors:
    """The table of a StaticEmbedding, stored in any precision."""
    from safetensors import deserialize
    from safetensors.numpy import load

    content = path.read_bytes()
    tensor = dict(deserialize(content))["embedding.weight"]  # type: ignore[no-untyped-call]
    if tensor["dtype"] != _FLOAT8:
        return load(content)["embedding.weight"].astype(np.float32)
    codes = np.frombuffer(tensor["data"], dtype=np.uint8).reshape(tensor["shape"])
    return _float8_values()[codes]


def _float8_values() -> Vectors:
    """The number that each of the 256 codes of float8 e4m3 stands for: sign, 4 bits of exponent, 3 of fraction.

    From Micikevicius et al. 2022, "FP8 Formats for Deep Learning", table 1.
    """
    codes = np.arange(256)
    exponent, fraction = codes >> 3 & 15, (codes & 7) / 8
    sizes = np.where(exponent > 0, (1 + fraction) * 2.0 ** (exponent - 7), fraction * 2.0**-6)
    sizes[codes & 127 == 127] = np.nan
    return np.where(codes < 128, sizes, -sizes).astype(np.float32)


class _LibraryEncoder(_ArrayEmbeddings):
    """Any sentence-transformers model, with the prompts it was trained with in front of questions and documents."""

    def __init__(self, name: str, model: SentenceTransformer) -> None:
        self.name = name
        self._model = model
        dimension = model.get_embedding_dimension()
        if dimension is None:
            raise EmbeddingError(f"The embedding model {name!r} gives no fixed number of dimensions; use another one.")
        self.dimension = dimension
        if "e5" in name.lower() and "instruct" not in name.lower() and not any(model.prompts.values()):
            model.prompts.update(_E5_PROMPTS)

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        vectors = self._model.encode_document(list(texts), batch_size=_BATCH, show_progress_bar=False)
        return _normalised(np.asarray(vectors, dtype=np.float32))

    def encode_query(self, text: str) -> Vectors:
        vector = self._model.encode_query(text, show_progress_bar=False)
        return _normalised(np.asarray(vector, dtype=np.float32))


class _LangChainEncoder(_ArrayEmbeddings):
    """Any LangChain ``Embeddings``."""

    def __init__(self, embeddings: Embeddings) -> None:
        self._embeddings = embeddings
        model = getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None)
        self.name = type(embeddings).__name__ + (f":{model}" if isinstance(model, str) else "")
        self.dimension = len(embeddings.embed_query("berita"))
        if self.dimension == 0:
            raise EmbeddingError(f"The embedding model {self.name!r} gives empty vectors; use another one.")

    def encode_documents(self, texts: Sequence[str]) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        return _normalised(np.asarray(self._embeddings.embed_documents(list(texts)), dtype=np.float32))

    def encode_query(self, text: str) -> Vectors:
        return _normalised(np.asarray(self._embeddings.embed_query(text), dtype=np.float32))


def _normalised(vectors: Vectors) -> Vectors:
    """Each row at length 1; rows of zeros stay as they are."""
    lengths: Vectors = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0)


def _is_static(folder: Path) -> bool:
    """Whether the folder holds a StaticEmbedding model and nothing else that would change its vectors."""
    try:
        modules = json.loads((folder / "modules.json").read_text("utf-8"))
        kinds = [module["type"].rsplit(".", 1)[-1] for module in modules]
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False  # whatever it is, the library will load it or say why not
    return kinds in ([_STATIC_MODULE], [_STATIC_MODULE, "Normalize"])


def _load(name: str, *, local_files_only: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    try:
        # Half precision turns the vector of an empty text into NaN.
        return SentenceTransformer(name, local_files_only=local_files_only).float()
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        raise EmbeddingError(_unusable(name, error)) from error


def _unusable(name: str, error: Exception) -> str:
    return f"The embedding model {name!r} cannot be loaded: {error}. Download or copy it again, or {_WAY_OUT}"
