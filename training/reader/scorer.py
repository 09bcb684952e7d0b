"""Fits the reader's scorer -> assistant/models/reader/scorer.json, and prints its figures.

Of questions that the cross-encoder has learnt from it is surer than it may be, so only those held out from it count, of
the public sets and about news. Those about news are cross-validated: each is rated by a scorer that was fitted without
any question about its article.
"""

from __future__ import annotations

import argparse
import json
import random
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import nn

from assistant.reading.features import FEATURES
from assistant.reading.neural import NEURAL_FEATURES
from assistant.reading.scorer import SHIPPED, Linear, Scorer, cited, question_row, sentence_rows, span_row
from assistant.reading.spans import SPAN_FEATURES

from .data import Pool, is_stacked, read, train_examples, valid_pool
from .rows import Rows, kept, news, public

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7, 0.8)
# Chosen on the questions about news and on those about seeds/; the model card says what others cost and bring.
THRESHOLD = 0.5
SURE = 0.55  # of a short answer: three in four are right from there, and more behind the rules that cut them
WEIGHTS = {"public": 0.3, "news": 1.0}  # of a question of each source
_RIGHT = 0.5  # F1 from which a short answer counts as right
_FOLDS = 4
_BATCH, _RATE, _DECAY, _EPOCHS = 32, 5e-3, 1e-2, 25


class Model(nn.Module):
    """A weighted sum of standardised columns."""

    def __init__(self, inputs: np.ndarray) -> None:
        super().__init__()
        self.mean = torch.tensor(inputs.mean(0))
        self.scale = torch.tensor(np.maximum(inputs.std(0), 1e-2))
        self.out = nn.Linear(inputs.shape[1], 1)
        nn.init.zeros_(self.out.weight)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        return self.out((rows - self.mean) / self.scale)[..., 0]

    def stored(self) -> dict[str, Any]:
        parts = {"mean": self.mean, "scale": self.scale, "weights": self.out.weight[0].detach()}
        return rounded({k: v.numpy() for k, v in parts.items()}) | {"bias": float(self.out.bias.detach()[0])}


def rounded(arrays: dict[str, np.ndarray]) -> dict[str, Any]:
    return {name: np.round(array.astype(float), 5).tolist() for name, array in arrays.items()}


def weight(rows: Rows) -> float:
    return WEIGHTS[rows.source]


def fit_sentences(data: Sequence[Rows]) -> dict[str, Any]:
    """The listwise loss: minus the logarithm of the share of the softmax that sentences with an answer have."""
    inputs = [sentence_rows(rows.words, rows.neural) for rows in data]
    model = Model(np.concatenate(inputs))
    items = [
        (torch.tensor(x), torch.tensor(rows.holds), weight(rows))
        for x, rows in zip(inputs, data, strict=True)
        if rows.holds.any()
    ]
    optimiser = torch.optim.AdamW(model.parameters(), lr=_RATE, weight_decay=_DECAY)
    for epoch in range(_EPOCHS):
        random.Random(epoch).shuffle(items)
        for group in optimiser.param_groups:
            group["lr"] = _RATE * (1 - epoch / _EPOCHS)
        for start in range(0, len(items), _BATCH):
            batch = items[start : start + _BATCH]
            scores = torch.split(model(torch.cat([x for x, _, _ in batch])), [len(x) for x, _, _ in batch])
            losses = [w * (s.logsumexp(0) - s[y].logsumexp(0)) for s, (_, y, w) in zip(scores, batch, strict=True)]
            optimiser.zero_grad()
            torch.stack(losses).mean().backward()
            optimiser.step()
    return model.stored()


def weighed(
    inputs: Sequence[np.ndarray], labels: Sequence[bool], weights: Sequence[float], strength: float
) -> dict[str, Any]:
    """A logistic regression, regularised the more the smaller ``strength``."""
    table = np.stack(inputs)
    mean, scale = table.mean(0), np.maximum(table.std(0), 1e-2)
    fitted = LogisticRegression(C=strength, max_iter=2000).fit((table - mean) / scale, labels, sample_weight=weights)
    numbers = {"mean": mean, "scale": scale, "weights": fitted.coef_[0]}
    return rounded(numbers) | {"bias": float(fitted.intercept_[0])}


def fit(data: Sequence[Rows]) -> Scorer:
    return Scorer.read(fitted(data))


def fitted(data: Sequence[Rows]) -> dict[str, Any]:
    """The scorer as it is stored."""
    stored: dict[str, Any] = {
        "features": list(FEATURES), "neural_features": list(NEURAL_FEATURES), "span_features": list(SPAN_FEATURES),
        "threshold": THRESHOLD, "sure": SURE, "sentence": fit_sentences(data),
    }  # fmt: skip
    rate, weights = Linear.read(stored["sentence"]), [weight(rows) for rows in data]
    asked = [question_row(rate(sentence_rows(r.words, r.neural)), r.words, r.neural) for r in data]
    # Half for having an answer, half for one that is found: the first alone answers what it cannot find.
    labels = [rows.answerable for rows in data] + [is_right(rate, rows) for rows in data]
    stored["question"] = weighed(asked * 2, labels, [w / 2 for w in weights * 2], 0.1)
    scorer = Scorer.read(stored | {"span": stored["question"]})
    shown = [(*item, weight(rows)) for rows in data for item in first_spans(scorer, rows)]
    stored["span"] = weighed(
        [row for row, _, _ in shown], [f >= _RIGHT for _, f, _ in shown], [w for *_, w in shown], 0.3
    )
    return stored


def is_right(rate: Linear, rows: Rows) -> bool:
    """Whether a sentence worth citing holds an answer."""
    return any(rows.holds[i] for i, _ in cited(rate(sentence_rows(rows.words, rows.neural))))


def first_spans(scorer: Scorer, rows: Rows) -> Iterator[tuple[np.ndarray, float]]:
    """Each place for a short answer in the best sentence, as ``span_row``, and how right it is."""
    scores, confidence = scorer.rate(rows.words, rows.neural)
    best, share = cited(scores)[0]
    for span, credit in rows.spans[best]:
        yield span_row(span, share, confidence, rows.neural[best]), credit


def cross_fitted(data: Sequence[Rows]) -> Iterator[tuple[Scorer, Rows]]:
    """The questions about news, each with a scorer that has not seen its article."""
    for fold in range(_FOLDS):
        within = [rows.source == "news" and fold_of(rows) == fold for rows in data]
        scorer = fit([rows for rows, inside in zip(data, within, strict=True) if not inside])
        yield from ((scorer, rows) for rows, inside in zip(data, within, strict=True) if inside)


def fold_of(rows: Rows) -> int:
    return zlib.crc32(rows.group.encode()[::-1]) % _FOLDS


def figures(rated: Iterable[tuple[Scorer, Rows]]) -> str:
    right, first, answerable, named, p, short = [], [], [], [], [], []
    for scorer, rows in rated:
        scores, confidence = scorer.rate(rows.words, rows.neural)
        best, share = cited(scores)[0]
        right.append(is_right(scorer.sentence, rows))
        first.append(bool(rows.holds[best]))
        answerable.append(rows.answerable)
        named.append(rows.named)
        p.append(confidence)
        places = dict(rows.spans[best])
        found = scorer.short(list(places), share, confidence, rows.neural[best])
        short.append((found[1], places[found[0]] > 0, places[found[0]]) if found else (0.0, False, 0.0))
    held, y, ok, chance = np.array(right), np.array(answerable), np.array(named), np.array(p)
    lines = [f"first sentence {np.mean(np.array(first)[y]):.3f}, a cited one {held[y].mean():.3f}"]
    if not y.all():
        lines += [f"AUROC answerable {roc_auc_score(y, chance):.3f}, right {roc_auc_score(held, chance):.3f}"]
    for at in THRESHOLDS:
        said = (chance >= at) & ok
        net = ((said & held).sum() - (said & ~held).sum()) / y.sum()
        lines += [
            f"from {at}: net {net:+.3f}, answered {said[y].mean():.2f}, right {held[said].mean():.2f}"
            + (f", refused of the others {(~said)[~y].mean():.2f}" if not y.all() else "")
        ]
    sure, good, overlap = (np.array(column) for column in zip(*short, strict=True))
    for at in (0.5, 0.55, 0.6, 0.65, 0.7):
        given = (sure >= at) & (chance >= THRESHOLD) & ok
        shares = f"right {good[given].mean():.3f}, F1 {overlap[given].mean():.3f}"
        lines += [f"short answers from {at}: given to {given.mean():.2f}, {shares}"]
    return "\n  ".join(lines)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/reader"), help="where feature rows are kept")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    arguments = parser.parse_args()
    data: Path = arguments.data
    torch.manual_seed(0)
    examples = [e for e in train_examples(data) if not e.source.startswith("squad")]
    stacked = [e for e in examples if is_stacked(e)]

    def rows(name: str, make: Callable[[], Iterable[Rows]]) -> list[Rows]:
        return kept(arguments.runs / f"rows-{name}.pickle", make)

    texts = Pool(list(dict.fromkeys(e.context for e in examples)))
    learnt = rows("public", lambda: public(stacked, texts, seed=0, alone=0.35, without=0.12))
    asked = rows("news", lambda: news(data, arguments.runs / "news-index"))
    print(len(learnt), "questions of the public sets,", len(asked), "about news", flush=True)
    stored = fitted([*learnt, *asked])
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(stored) + "\n", encoding="utf-8")
    scorer = Scorer.read(stored)
    print("news, held out:", figures(cross_fitted([*learnt, *asked])), flush=True)
    # A sample is enough for an impression; evaluate.py has the figures over all of them.
    whole = Pool(valid_pool(data))
    for name, size in (("idk_mrc", 400), ("facqa", 150)):
        questions = random.Random(1).sample(read(data, name, "valid"), size)
        for where, alone in (("own passage", 1.0), ("among others", 0.0)):
            made = rows(f"{name}-{alone}", lambda q=questions, a=alone: public(q, whole, seed=0, alone=a))
            print(f"{name}, {where}:", figures((scorer, one) for one in made), flush=True)


if __name__ == "__main__":
    main()
