"""Trains the cross-encoder on a CPU core -> training/runs/reader/NAME.pt; ``export.py`` makes the shipped file."""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import torch
from sklearn.metrics import roc_auc_score
from torch import Tensor, nn

from index.lexicon import Lexicon
from index.matching import Pair, Vocabulary, encode_passage, encode_question, match

from .data import Bm25, Example, is_stacked, read, train_examples
from .metrics import exact, f1
from .network import WORD, Network


class Item(NamedTuple):
    """A question with a passage: the span as word numbers where it answers, and what is to be learnt of it."""

    question: str
    passage: str
    span: tuple[int, int] | None
    answered: float
    relevant: float  # nan: not to be learnt (an unanswerable twin is about the passage all the same)


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


def spoken(question: str, chance: random.Random) -> str:
    """As people type: now and then without capitals or the question mark."""
    if chance.random() < 0.25:
        question = question.lower()
    if chance.random() < 0.25:
        question = question.rstrip(" ?")
    return question


def items(
    examples: list[Example],
    near: list[list[int]],
    texts: list[str],
    encoder: Encoder,
    chance: random.Random,
    squad: float,
    negatives: float,
) -> list[Item]:
    """One epoch's items: every native question, a share of the translated ones, and passages that do not answer."""
    found = []
    for example, others in zip(examples, near, strict=True):
        if example.source.startswith("squad") and chance.random() >= squad:
            continue
        asked = spoken(example.question, chance)
        span = None
        if example.answers:
            span = encoder.span(example.context, *chance.choice(example.answers))
            if span is None:
                continue
        found.append(Item(asked, example.context, span, float(span is not None), 1.0 if span else math.nan))
        if chance.random() < negatives * (1.0 if span else 0.3):
            # Low ranks are drawn less often: the hardest teach most, but hold most of the unmarked answers.
            other = texts[others[min(int(chance.expovariate(0.2)), len(others) - 1)]]
            found.append(Item(asked, other, None, 0.0, 0.0))
    return found


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
    start, end, answered, relevant = network(*collate([encoder.pair(i.question, i.passage) for i in batch]))
    with_span = torch.tensor([i.span is not None for i in batch])
    firsts = torch.tensor([i.span[0] if i.span else 0 for i in batch])
    lasts = torch.tensor([i.span[1] if i.span else 0 for i in batch])
    loss = nn.functional.binary_cross_entropy_with_logits(answered, torch.tensor([i.answered for i in batch]))
    if with_span.any():
        loss = loss + nn.functional.cross_entropy(start[with_span], firsts[with_span]) / 2
        loss = loss + nn.functional.cross_entropy(end[with_span], lasts[with_span]) / 2
    target = torch.tensor([i.relevant for i in batch])
    known = ~target.isnan()
    return loss + 0.5 * nn.functional.binary_cross_entropy_with_logits(relevant[known], target[known])


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


def nearest(examples: list[Example], texts: list[str], cache: Path, k: int = 24) -> list[list[int]]:
    """For each question, its BM25 best passages that are not its own; kept in ``cache``."""
    if cache.exists():
        return np.load(cache).tolist()
    bm25 = Bm25(texts)
    found = []
    for example in examples:
        own = bm25.index[example.context]
        found.append([i for i, _ in bm25.top(example.question, k + 1) if i != own][:k])
    np.save(cache, np.array(found, dtype=np.int32))
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/reader"))
    parser.add_argument("--name", default="reader")
    parser.add_argument("--epochs", type=int, default=5)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--squad", type=float, default=0.25, help="share of the translated questions in an epoch")
    parser.add_argument("--negatives", type=float, default=0.5, help="passages that do not answer, a question")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    chance = random.Random(0)
    encoder = Encoder()
    examples = [e for e in train_examples(arguments.data) if not is_stacked(e)]
    texts = list(dict.fromkeys(e.context for e in examples))
    near = nearest(examples, texts, arguments.runs / "near.npy")
    valid = {name: read(arguments.data, name, "valid") for name in ("idk_mrc", "facqa")}
    network = Network(encoder.vocabulary.size)
    vectors = torch.tensor(np.load(arguments.runs / "vectors.npy"))
    network.word.weight.data[1 : len(vectors)] = vectors[1:, :WORD] * 0.3
    average = torch.optim.swa_utils.AveragedModel(
        network, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(0.998)
    )
    optimiser = torch.optim.Adam(network.parameters(), lr=arguments.rate, betas=(0.9, 0.99), fused=True)
    sizes = sum(
        p.numel() for n, p in network.named_parameters() if n.split(".")[0] not in ("word", "prefix", "suffix", "shape")
    )
    print(len(examples), "questions,", len(texts), "passages,", sizes, "weights beside the tables", flush=True)
    begun, step = time.time(), 0
    for epoch in range(arguments.epochs):
        parts = batches(
            items(examples, near, texts, encoder, chance, arguments.squad, arguments.negatives),
            encoder,
            arguments.batch,
            chance,
        )
        losses = []
        for number, batch in enumerate(parts):
            done = (epoch + number / len(parts)) / arguments.epochs
            rate = arguments.rate * min(1.0, (step + 1) / 200) * (1 - 0.97 * done)
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
            if number % 50 == 0:
                print(
                    f"{epoch} {number}/{len(parts)} {np.mean(losses[-50:]):.3f} {time.time() - begun:.0f}s", flush=True
                )
        figures = {name: evaluate(average.module, encoder, v) for name, v in valid.items()}
        print(epoch, f"{np.mean(losses):.3f} {time.time() - begun:.0f}s", json.dumps(figures), flush=True)
        torch.save(average.module.state_dict(), arguments.runs / f"{arguments.name}.pt")


if __name__ == "__main__":
    main()
