"""Trains the cross-encoder on a CPU core -> training/runs/reader/NAME.pt; ``export.py`` makes the shipped file."""

from __future__ import annotations

import argparse
import json
import random
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from safetensors.numpy import load_file
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from index.lexicon import Lexicon
from index.matching import Pair, Vocabulary, encode_passage, encode_question, match
from index.reranking import RELEVANCE_WEIGHT

from .data import Example, Pool, is_stacked, read, train_examples, valid_pool
from .export import TABLES
from .items import Item, Items, Shares, Speech
from .made import made
from .metrics import exact, f1
from .network import WORD, Network

_WEIGHTS = (1.0, 0.7)  # in the loss, of the verdicts: answered, relevant


class Encoder:
    def __init__(self) -> None:
        self.lexicon = Lexicon.shipped()
        self.vocabulary = Vocabulary.shipped()
        self.passage = lru_cache(maxsize=None)(
            lambda text: encode_passage.__wrapped__(text, self.vocabulary, self.lexicon)
        )

    def pair(self, question: str, passage: str) -> Pair:
        return match(encode_question(question, self.vocabulary, self.lexicon), self.passage(passage))

    def span(self, passage: str, start: int, end: int) -> tuple[int, int] | None:
        spans = self.passage(passage).spans
        first = int(np.searchsorted(spans[:, 1], start, side="right"))
        last = int(np.searchsorted(spans[:, 0], end, side="left")) - 1
        return (first, last) if first <= last < len(spans) else None


class Candidates(NamedTuple):
    """A question, its passage, and what retrieval finds for it, with fused scores."""

    question: str
    own: str
    near: list[tuple[str, float]]


class Batch(NamedTuple):
    q_ids: Tensor
    q_extra: Tensor
    q_len: Tensor
    p_ids: Tensor
    p_extra: Tensor
    p_len: Tensor


def collate(pairs: list[Pair]) -> Batch:
    def padded(arrays: list[np.ndarray], dtype: torch.dtype) -> Tensor:
        return nn.utils.rnn.pad_sequence([torch.tensor(a, dtype=dtype) for a in arrays], batch_first=True)

    def lengths(arrays: list[np.ndarray]) -> Tensor:
        return torch.tensor([len(a) for a in arrays])

    questions, passages = [p.question_ids for p in pairs], [p.passage_ids for p in pairs]
    return Batch(
        padded(questions, torch.long), padded([p.question_features for p in pairs], torch.float32), lengths(questions),
        padded(passages, torch.long), padded([p.passage_features for p in pairs], torch.float32), lengths(passages),
    )  # fmt: skip


def batches(found: list[Item], encoder: Encoder, size: int, chance: random.Random) -> list[list[Item]]:
    """Of like length each, in random order."""
    chance.shuffle(found)
    parts = []
    for start in range(0, len(found), size * 40):
        block = sorted(found[start : start + size * 40], key=lambda item: len(encoder.passage(item.passage).ids))
        parts += [block[i : i + size] for i in range(0, len(block), size)]
    chance.shuffle(parts)
    return parts


def loss_of(network: Network, batch: list[Item], encoder: Encoder) -> Tensor:
    start, end, *verdicts = network(*collate([encoder.pair(i.question, i.passage) for i in batch]))
    spans = [encoder.span(i.passage, *i.span) if i.span else None for i in batch]
    rows = torch.tensor([row for row, span in enumerate(spans) if span])
    loss = torch.zeros(())
    if len(rows):
        for logits, side in ((start, 0), (end, 1)):
            places = torch.tensor([span[side] for span in spans if span])
            loss = loss + 0.5 * nn.functional.cross_entropy(logits[rows], places)
    wanted_of = torch.tensor([(i.answered, i.relevant) for i in batch]).T
    for logit, weight, wanted in zip(verdicts, _WEIGHTS, wanted_of, strict=True):
        known = ~wanted.isnan()
        if known.any():
            loss = loss + weight * nn.functional.binary_cross_entropy_with_logits(logit[known], wanted[known])
    return loss


def best_span(start: np.ndarray, end: np.ndarray, longest: int = 24) -> tuple[int, int]:
    scores = start[:, None] + end[None]
    scores = np.where(np.triu(np.ones_like(scores)) - np.triu(np.ones_like(scores), longest) > 0, scores, -np.inf)
    first, last = np.unravel_index(int(scores.argmax()), scores.shape)
    return int(first), int(last)


@torch.no_grad()
def evaluate(network: Network, encoder: Encoder, examples: list[Example]) -> dict[str, float]:
    network.eval()
    answered, exacts, f1s, sentence, labels = [], [], [], [], []
    for at in range(0, len(examples), 64):
        part = examples[at : at + 64]
        start, end, logit, _ = network(*collate([encoder.pair(e.question, e.context) for e in part]))
        for i, example in enumerate(part):
            encoded = encoder.passage(example.context)
            n = len(encoded.ids)
            first, last = best_span(start[i, :n].numpy(), end[i, :n].numpy())
            text = example.context[encoded.spans[first, 0] : encoded.spans[last, 1]]
            answered.append(float(logit[i]))
            labels.append(bool(example.answers))
            exacts.append(max((exact(text, a) for a in example.texts), default=0.0))
            f1s.append(max((f1(text, a) for a in example.texts), default=0.0))
            number = encoded.sentences[(first + last) // 2]
            inside = encoded.spans[encoded.sentences == number]
            sentence.append(any(inside[0, 0] <= s and e <= inside[-1, 1] + 1 for s, e in example.answers))
    network.train()
    p, y = np.array(answered), np.array(labels)
    ex, f, se = np.array(exacts), np.array(f1s), np.array(sentence)
    figures = {"em": ex[y].mean(), "f1": f[y].mean(), "sentence": se[y].mean()}
    if not y.all():
        figures["auroc"] = roc_auc_score(y, p)
        cuts = np.unique(p)
        figures["balanced"] = max(((p >= t)[y].mean() + (p < t)[~y].mean()) / 2 for t in cuts)
        figures["all f1"], figures["all em"] = max(
            (np.where(p >= t, np.where(y, f, 0), ~y).mean(), np.where(p >= t, np.where(y, ex, 0), ~y).mean())
            for t in cuts
        )
    return {name: round(float(value), 4) for name, value in figures.items()}


@torch.no_grad()
def reranked(network: Network, encoder: Encoder, candidates: list[Candidates]) -> float:
    """nDCG@10 by fused score and relevance together."""
    network.eval()
    found = []
    for question, own, near in candidates:
        relevant = network(*collate([encoder.pair(question, text) for text, _ in near]))[3]
        total = np.array([score for _, score in near]) + RELEVANCE_WEIGHT * relevant.numpy()
        place = [text for text, _ in near].index(own) if own in dict(near) else None
        rank = 10 if place is None else int((total > total[place]).sum())
        found.append(1 / np.log2(rank + 2) if rank < 10 else 0.0)
    network.train()
    return round(float(np.mean(found)), 4)


def ranked_questions(data: Path) -> dict[str, list[Candidates]]:
    """Of each set 120 valid questions with their context and the first 20 passages of the pool and their scores."""
    pool = Pool(valid_pool(data))
    return {
        name: [
            Candidates(e.question, e.context, [(pool.texts[i], score) for i, score in pool.top(e.question, 20)])
            for e in random.Random(0).sample(read(data, name, "valid"), 120)
        ]
        for name in ("tydiqa_id", "facqa")
    }


def nearest(examples: list[Example], texts: list[str], cache: Path, k: int = 24) -> list[list[str]]:
    """For each question, the passages that retrieval finds and are not its own; kept in ``cache``."""
    if cache.exists():
        rows = np.load(cache).tolist()
    else:
        pool = Pool(texts)
        rows = []
        for example in examples:
            own = pool.bm25.index[example.context]
            rows.append([i for i, _ in pool.top(example.question, k + 1) if i != own][:k])
        np.save(cache, np.array(rows, dtype=np.int32))
    return [[texts[i] for i in row] for row in rows]


def stored(path: Path) -> dict[str, Tensor]:
    """The weights of a shipped file, as ``export.py`` writes it."""
    arrays = load_file(path)
    scales = {name: arrays.pop(f"{name}.scale") for name in TABLES}
    for name, scale in scales.items():
        arrays[f"{name}.weight"] = arrays[f"{name}.weight"] * scale[:, None].astype(np.float32)
    return {name: torch.tensor(array.astype(np.float32)) for name, array in arrays.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/reader"))
    parser.add_argument("--name", default="reader")
    parser.add_argument("--epochs", type=int, default=14)
    parser.add_argument("--minutes", type=float, help="fit the schedule to this time in place of the epochs")
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--start", type=Path, help="a shipped file of the same network to go on from")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(0)
    chance = random.Random(0)
    encoder = Encoder()
    examples = [e for e in train_examples(arguments.data) if not is_stacked(e)]
    texts = list(dict.fromkeys(e.context for e in examples))
    near = nearest(examples, texts, arguments.runs / "near.npy")
    native = list(dict.fromkeys(e.context for e in examples if not e.source.startswith("squad")))
    from_news = made(arguments.data, native, random.Random(0))
    drawn = Items(examples, near, from_news, Speech(arguments.data))
    shares = Shares(squad=0.4, cloze=5000, searches=2500, unsaid=800, negatives=0.8)
    valid = {name: read(arguments.data, name, "valid") for name in ("idk_mrc", "facqa")}
    ranked = ranked_questions(arguments.data)
    network = Network(encoder.vocabulary.size)
    vectors = torch.tensor(np.load(arguments.runs / "vectors.npy"))
    network.word.weight.data[1 : len(vectors)] = vectors[1:, :WORD] * 0.3
    if arguments.start:
        network.load_state_dict(stored(arguments.start))
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.999)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=arguments.rate, betas=(0.9, 0.99), fused=True)
    print(len(examples), "questions,", len(texts), "passages;", "made:", *map(len, from_news))
    begun, step, epoch, done = time.time(), 0, 0, 0.0
    while done < 1:
        parts = batches(drawn.epoch(shares, chance), encoder, arguments.batch, chance)
        losses = []
        for number, batch in enumerate(parts):
            if arguments.minutes:
                done = (time.time() - begun) / 60 / arguments.minutes
            else:
                done = (epoch + number / len(parts)) / arguments.epochs
            if done >= 1:
                break
            rate = arguments.rate * min(1.0, (step + 1) / 300) * (1 - 0.98 * done)
            for group in optimiser.param_groups:
                group["lr"] = rate
            loss = loss_of(network, batch, encoder)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 5.0)
            optimiser.step()
            average.update_parameters(network)
            losses.append(float(loss.detach()))
            step += 1
            if number % 100 == 0:
                print(
                    f"{epoch} {number}/{len(parts)} {np.mean(losses[-100:]):.3f} {time.time() - begun:.0f}s", flush=True
                )
        epoch += 1
        done = done if arguments.minutes else epoch / arguments.epochs
        figures = {name: evaluate(average.module, encoder, v) for name, v in valid.items()}
        ranks = {name: reranked(average.module, encoder, r) for name, r in ranked.items()}
        print(epoch, f"{np.mean(losses):.3f} {time.time() - begun:.0f}s", json.dumps(figures), ranks, flush=True)
        torch.save(average.module.state_dict(), arguments.runs / f"{arguments.name}.pt")


if __name__ == "__main__":
    main()
