"""Trains the embedding that ships: a WordPiece tokenizer and one vector per piece, contrastively, on a CPU.

    python -m training.static_embedding --data FOLDER --out index/models/tanya-static-v2

The vectors start from what counting gives (latent semantic analysis, shared between words of one stem, as long as the
piece is rare) and are trained by InfoNCE with in-batch negatives (Henderson et al. 2017; van den Oord et al. 2018) and
the passages that BM25 takes for right.
"""

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812
from safetensors.torch import save_file
from scipy.sparse import csr_matrix, vstack
from sklearn.utils.extmath import randomized_svd
from tokenizers import Tokenizer

from index.terms import analyse

from .data import SEARCHES, Pair, corpus, pairs, passages
from .lexical import Lexical
from .pieces import Ids, Pieces, train_tokenizer

Floats = npt.NDArray[np.float32]

Item = TypeVar("Item")

_STORED = torch.float8_e4m3fn
_NEVER = -1e4  # a score so low that softmax gives it nothing


@dataclass(frozen=True, slots=True)
class Recipe:
    """Everything that decides the outcome besides the data."""

    pieces: int = 29_000
    dimension: int = 256
    shared_stem: float = 0.6  # share of a word's first vector that it has in common with the words of its stem
    counted: float = 0.5  # share of the first vector that comes from latent semantic analysis, the rest being random
    batch: int = 1024
    epochs: int = 8
    scale: float = 20.0
    learning_rate: float = 2e-3
    query_drop: float = 0.1  # share of the pieces left out, anew each time
    passage_drop: float = 0.4
    longest: int = 128  # pieces of a passage, after dropping
    depth: int = 20  # of BM25's best passages, from which negatives are drawn
    hard: int = 3  # of them for each query
    alone: float = 0.7  # share of the searches' loss that the vectors answer for without BM25
    seed: int = 13


def first_weights(passages: Sequence[Ids], vocabulary: Sequence[str], recipe: Recipe) -> Floats:
    """One row per piece: untrained, the model is a low-dimensional tf-idf of stems."""
    idf = _inverse_document_frequency(passages, len(vocabulary))
    rng = np.random.default_rng(recipe.seed)
    own = _unit(rng.standard_normal((len(vocabulary), recipe.dimension)))
    stems = [piece if piece.startswith("##") else " ".join(analyse(piece)) or piece for piece in vocabulary]
    numbers = {stem: number for number, stem in enumerate(dict.fromkeys(stems))}
    common = _unit(rng.standard_normal((len(numbers), recipe.dimension)))[[numbers[stem] for stem in stems]]
    mixed = _unit(recipe.shared_stem * common + (1 - recipe.shared_stem) * own)
    counted = _latent_semantics(passages, idf, recipe)
    return (_unit(recipe.counted * counted + (1 - recipe.counted) * mixed) * idf[:, None]).astype(np.float32)


def _inverse_document_frequency(passages: Sequence[Ids], pieces: int) -> Floats:
    counts = np.zeros(pieces)
    for ids in passages:
        counts[np.unique(ids)] += 1
    return np.log((len(passages) + 1) / (counts + 1)).astype(np.float32)


def _latent_semantics(passages: Sequence[Ids], idf: Floats, recipe: Recipe) -> Floats:
    """Directions of the pieces in the singular value decomposition of the tf-idf matrix of the passages."""
    distinct = list({ids.tobytes(): ids for ids in passages}.values())
    rows, columns, values = [], [], []
    for row, ids in enumerate(distinct):
        pieces, counts = np.unique(ids, return_counts=True)
        weights = (1 + np.log(counts)) * idf[pieces]
        rows.append(np.full(len(pieces), row))
        columns.append(pieces)
        values.append(weights / np.linalg.norm(weights))
    matrix = csr_matrix(
        (np.concatenate(values), (np.concatenate(rows), np.concatenate(columns))), shape=(len(distinct), len(idf))
    )
    _, singular, pieces_by_topic = randomized_svd(matrix, recipe.dimension, n_iter=3, random_state=recipe.seed)
    return _unit(pieces_by_topic.T * np.sqrt(singular))


def _unit(rows: npt.NDArray[np.floating]) -> Floats:
    return (rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)).astype(np.float32)


def bag(rows: Sequence[Ids], weights: torch.Tensor) -> torch.Tensor:
    """Mean vector of each row's pieces, normalised."""
    lengths = np.fromiter((len(row) for row in rows), dtype=np.int64, count=len(rows))
    offsets = torch.from_numpy(np.concatenate(([0], np.cumsum(lengths)[:-1])))
    return F.normalize(F.embedding_bag(torch.from_numpy(np.concatenate(rows)).long(), weights, offsets, mode="mean"))


def rotated(weights: torch.Tensor, passages: Sequence[Ids]) -> torch.Tensor:
    """``weights`` turned so that the first dimensions say most about passages; no cosine changes.

    The axes are those of the principal components of the passages' vectors, not centred. The first 128 or 64
    dimensions alone are then the best such part, as after Matryoshka training (Kusupati et al. 2022).
    """
    vectors = torch.cat([bag(passages[at : at + 1024], weights) for at in range(0, len(passages), 1024)])
    _, axes = torch.linalg.eigh(vectors.T @ vectors)
    return weights @ axes.flip(1)


class Training:
    """The weights on their way, and what a batch needs: the pairs' pieces, BM25, and passages that only look right."""

    def __init__(self, data: Path, tokenizer: Tokenizer, recipe: Recipe) -> None:
        self._data, self._recipe = data, recipe
        self._rng = np.random.default_rng(recipe.seed)
        self._pieces = Pieces(tokenizer)
        self._groups: dict[str, int] = {}
        pool = list(passages(data))
        self._pieces.read(sentence for sentences, _ in pool for sentence in sentences)
        pool = [(sentences, group) for sentences, group in pool if len(self._pieces.passage(sentences))]
        self._pool = [self._pieces.passage(sentences) for sentences, _ in pool]
        self._pool_groups = self._numbers(group for _, group in pool)
        self._lexical = Lexical([sentences for sentences, _ in pool])
        self._hard: dict[str, npt.NDArray[np.int64]] = {}
        vocabulary = [tokenizer.id_to_token(number) for number in range(tokenizer.get_vocab_size())]
        self.weights = torch.from_numpy(first_weights(self._pool, vocabulary, recipe)).requires_grad_()

    def run(self) -> None:
        """All epochs. Each draws other sentences and other crops."""
        optimizer = torch.optim.Adam([self.weights], lr=self._recipe.learning_rate, fused=True)
        schedule: torch.optim.lr_scheduler.OneCycleLR | None = None
        for epoch in range(self._recipe.epochs):
            started, losses = time.monotonic(), []
            found = self._pieces.usable(pairs(self._data, random.Random(self._recipe.seed + epoch)))
            batches = self._batches(found)
            schedule = schedule or torch.optim.lr_scheduler.OneCycleLR(
                optimizer,
                self._recipe.learning_rate,
                total_steps=self._recipe.epochs * (len(batches) + 2),  # the number of pairs differs a little by epoch
                pct_start=0.05,
                anneal_strategy="linear",
            )
            for batch in batches:
                loss = self._search_loss(batch) if batch[0].kind in SEARCHES else self._pair_loss(batch)
                optimizer.zero_grad()
                loss.backward()
                optimizer.step()
                schedule.step()
                losses.append(loss.item())
            print(f"epoch {epoch + 1}: loss {np.mean(losses):.4f}, {time.monotonic() - started:.0f} s", flush=True)

    @torch.no_grad()
    def finished(self) -> torch.Tensor:
        """The weights as they are stored: their principal dimensions first."""
        return rotated(self.weights, self._pool)

    def _batches(self, found: Sequence[Pair]) -> list[list[Pair]]:
        """In random order. Searches come in batches of half the size, since they bring more passages."""
        searches = [pair for pair in found if pair.kind in SEARCHES]
        others = [pair for pair in found if pair.kind not in SEARCHES]
        whole = self._recipe.batch
        batches = [
            part[at : at + size]
            for part, size in ((self._shuffled(searches), whole // 2), (self._shuffled(others), whole))
            for at in range(0, len(part) - size + 1, size)
        ]
        return self._shuffled(batches)

    def _shuffled(self, items: Sequence[Item]) -> list[Item]:
        return [items[number] for number in self._rng.permutation(len(items))]

    def _pair_loss(self, batch: Sequence[Pair]) -> torch.Tensor:
        """InfoNCE in both directions over the batch."""
        scores = self._scores(batch, [self._pieces.passage(pair.passage) for pair in batch])
        scores = scores.masked_fill(self._no_negatives(batch, ()), _NEVER)
        target = torch.arange(len(batch))
        return (F.cross_entropy(scores, target) + F.cross_entropy(scores.T, target)) / 2

    def _search_loss(self, batch: Sequence[Pair]) -> torch.Tensor:
        """InfoNCE against the batch and BM25's mistakes: by the vectors alone, and by them and BM25 together.

        The second part teaches the vectors what BM25 does not know already (Gao et al. 2021, "Complement Lexical
        Retrieval Model with Semantic Residual Embeddings").
        """
        hard = np.unique(np.concatenate(self._mistakes(batch)))
        scores = self._scores(
            batch, [*(self._pieces.passage(pair.passage) for pair in batch), *(self._pool[number] for number in hard)]
        )
        terms = vstack([self._lexical.weights([pair.passage for pair in batch]), self._lexical.pool[hard]])
        bm25 = (self._lexical.queries([pair.query for pair in batch]) @ terms.T).toarray().astype(np.float32)
        bm25 /= np.maximum(bm25.max(axis=1, keepdims=True), 1e-6)
        excluded, target = self._no_negatives(batch, hard), torch.arange(len(batch))
        alone = F.cross_entropy(scores.masked_fill(excluded, _NEVER), target)
        both = scores + self._recipe.scale * torch.from_numpy(bm25)
        share = self._recipe.alone
        return share * alone + (1 - share) * F.cross_entropy(both.masked_fill(excluded, _NEVER), target)

    def _scores(self, batch: Sequence[Pair], found: Sequence[Ids]) -> torch.Tensor:
        recipe = self._recipe
        asked = [self._dropped(self._pieces[pair.query], recipe.query_drop) for pair in batch]
        read = [self._dropped(ids, recipe.passage_drop)[: recipe.longest] for ids in found]
        return recipe.scale * bag(asked, self.weights) @ bag(read, self.weights).T

    def _mistakes(self, batch: Sequence[Pair]) -> list[npt.NDArray[np.int64]]:
        """For each query a few, drawn anew, of the passages BM25 ranks high though they belong to another group."""
        new = list(dict.fromkeys(pair.query for pair in batch if pair.query not in self._hard))
        self._hard.update(zip(new, self._lexical.best(new, self._recipe.depth), strict=True))
        drawn = []
        for pair, group in zip(batch, self._numbers(pair.group for pair in batch), strict=True):
            best = self._hard[pair.query]
            wrong = best[self._pool_groups[best] != group]
            drawn.append(self._rng.permutation(wrong)[: self._recipe.hard])
        return drawn

    def _no_negatives(self, batch: Sequence[Pair], hard: Sequence[int] | npt.NDArray[np.int64]) -> torch.Tensor:
        """Passages of a query's own group that are not its own passage: (queries, passages), true where so."""
        groups = self._numbers(pair.group for pair in batch)
        columns = np.concatenate([groups, self._pool_groups[np.asarray(hard, dtype=np.int64)]])
        same = groups[:, None] == columns[None, :]
        np.fill_diagonal(same, val=False)
        return torch.from_numpy(same)

    def _numbers(self, groups: Iterable[str]) -> npt.NDArray[np.int64]:
        return np.array([self._groups.setdefault(group, len(self._groups)) for group in groups], dtype=np.int64)

    def _dropped(self, ids: Ids, share: float) -> Ids:
        """``ids`` without about that share of them; short texts stay whole."""
        if len(ids) < 4:
            return ids
        kept = ids[self._rng.random(len(ids)) >= share]
        return kept if len(kept) else ids


def save(folder: Path, tokenizer: Tokenizer, weights: torch.Tensor) -> None:
    """The files of a sentence-transformers model: StaticEmbedding, then Normalize.

    Weights in 8 bits (float8 e4m3), brought to its range: the length of the mean does not matter.
    """
    (folder / "1_Normalize").mkdir(parents=True, exist_ok=True)
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    stored = (weights * (torch.finfo(_STORED).max / weights.abs().max())).to(_STORED)
    save_file({"embedding.weight": stored}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)
    library = "sentence_transformers"
    static = f"{library}.sentence_transformer.modules.static_embedding.StaticEmbedding"
    modules = [
        {"idx": 0, "name": "0", "path": "", "type": static},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": f"{library}.base.modules.normalize.Normalize"},
    ]
    config = {"model_type": "SentenceTransformer", "prompts": {}, "similarity_fn_name": "cosine"}
    for name, content in (
        ("modules.json", modules),
        ("config_sentence_transformers.json", config),
        ("1_Normalize/config.json", {}),
    ):
        (folder / name).write_text(json.dumps(content, indent=2) + "\n", "utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="the training folder, see training/README.md")
    parser.add_argument("--out", type=Path, required=True, help="folder to write the model to")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    recipe = Recipe()
    tokenizer = train_tokenizer(corpus(arguments.data), recipe.pieces)
    training = Training(arguments.data, tokenizer, recipe)
    training.run()
    save(arguments.out, tokenizer, training.finished())


if __name__ == "__main__":
    main()
