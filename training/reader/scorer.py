"""Trains the reader's scorer -> assistant/models/reader/scorer.json, and prints its figures on the valid splits."""

from __future__ import annotations

import argparse
import json
import pickle
import random
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from torch import nn

from assistant.reading.features import FEATURES, candidates, features
from assistant.reading.neural import NEURAL_FEATURES, neural_features
from assistant.reading.scorer import SHIPPED, Network, Scorer, cited, question_row, summary
from index.cross_encoder import CrossEncoder
from index.lexicon import Lexicon
from index.questions import parse_question
from index.types import Passage

from .data import SETS, Example, Pool, is_stacked, passage, read, train_examples

THRESHOLDS = (0.3, 0.4, 0.5, 0.6, 0.7)
# Costs no answer on FacQA, which is news; the model card says what higher ones do to questions without an answer.
THRESHOLD = 0.3


class Rows:
    """Feature rows of one question, which of its sentences hold an answer, and whether any passage answers."""

    def __init__(self, example: Example, passages: list[Passage], encoder: CrossEncoder | None) -> None:
        found = candidates(passages)
        self.words = features(parse_question(example.question), found, Lexicon.shipped())
        self.neural = np.zeros((len(found), 0), dtype=np.float32)
        if encoder is not None:
            self.neural = neural_features(found, encoder.read(example.question, [p.text for p in passages]))
        self.holds = np.array(
            [
                c.passage.text == example.context and any(c.start <= s and e <= c.end for s, e in example.answers)
                for c in found
            ]
        )
        self.answerable = bool(self.holds.any())


def prepare(
    examples: list[Example], pool: Pool, encoder: CrossEncoder | None, *, seed: int, alone: float, without: float = 0.0
) -> list[Rows]:
    """Some questions (``alone``) see only their own context, the others the best of the pool with it among them.

    ``without``: the share of these from which the own context is taken, so that nothing answers.
    """
    generator = random.Random(seed)
    prepared = []
    for example in examples:
        best = dict(pool.top(example.question, 30))
        own = pool.bm25.index[example.context]
        others = [i for i in best if i != own][: generator.choice((4, 9))]
        score = best.get(own, min(best.values()))
        draw = generator.random()
        if draw < alone:
            passages = [passage(example.context, score)]
        else:
            passages = [passage(pool.texts[i], best[i]) for i in others]
            if draw < 1 - without:
                passages.append(passage(example.context, score))
                passages.sort(key=lambda p: -p.score)
        rows = Rows(example, passages, encoder)
        if rows.answerable or not example.answers or draw >= 1 - without:
            prepared.append(rows)
    return prepared


class Model(nn.Module):
    """A linear model (width 0) or one hidden layer, over standardised columns."""

    def __init__(self, inputs: np.ndarray, width: int) -> None:
        super().__init__()
        self.mean = torch.tensor(inputs.mean(0))
        self.scale = torch.tensor(np.maximum(inputs.std(0), 1e-2))
        self.hidden = nn.Linear(inputs.shape[1], width) if width else None
        self.out = nn.Linear(width or inputs.shape[1], 1)

    def forward(self, rows: torch.Tensor) -> torch.Tensor:
        rows = (rows - self.mean) / self.scale
        return self.out(torch.tanh(self.hidden(rows)) if self.hidden else rows)[..., 0]

    def stored(self) -> dict[str, Any]:
        def numbers(tensor: torch.Tensor) -> list[Any]:
            return np.round(tensor.detach().numpy().astype(float), 5).tolist()

        found = {"mean": numbers(self.mean), "scale": numbers(self.scale), "weights": numbers(self.out.weight[0])}
        if self.hidden:
            found |= {"hidden": numbers(self.hidden.weight.T), "hidden_bias": numbers(self.hidden.bias)}
        return found | {"bias": float(self.out.bias.detach()[0])}


def train_sentences(
    inputs: list[np.ndarray], holds: list[np.ndarray], width: int, decay: float, epochs: int = 20
) -> Model:
    """The listwise loss: minus the logarithm of the share of the softmax that sentences with an answer have."""
    data = [(torch.tensor(x), torch.tensor(y)) for x, y in zip(inputs, holds, strict=True) if y.any()]
    model = Model(np.concatenate(inputs), width)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=decay)
    for epoch in range(epochs):
        random.Random(epoch).shuffle(data)
        for group in optimiser.param_groups:
            group["lr"] = 5e-3 * (1 - epoch / epochs)
        for start in range(0, len(data), 64):
            batch = data[start : start + 64]
            scores = torch.split(model(torch.cat([x for x, _ in batch])), [len(x) for x, _ in batch])
            loss = torch.stack([s.logsumexp(0) - s[y].logsumexp(0) for s, (_, y) in zip(scores, batch, strict=True)])
            optimiser.zero_grad()
            loss.mean().backward()
            optimiser.step()
    return model


def train_questions(inputs: np.ndarray, labels: list[bool], width: int, decay: float, epochs: int = 30) -> Model:
    model = Model(inputs, width)
    optimiser = torch.optim.AdamW(model.parameters(), lr=5e-3, weight_decay=decay)
    x, y = torch.tensor(inputs), torch.tensor(labels, dtype=torch.float32)
    for epoch in range(epochs):
        for group in optimiser.param_groups:
            group["lr"] = 5e-3 * (1 - epoch / epochs)
        for part in torch.randperm(len(x), generator=torch.Generator().manual_seed(epoch)).split(64):
            loss = nn.functional.binary_cross_entropy_with_logits(model(x[part]), y[part])
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
    return model


def weighed(inputs: np.ndarray, labels: list[bool]) -> dict[str, Any]:
    """A logistic regression, regularised: there are few questions to learn it from."""
    mean, scale = inputs.mean(0), inputs.std(0)
    fitted = LogisticRegression(C=0.1).fit((inputs - mean) / scale, labels)
    numbers = {"mean": mean, "scale": scale, "weights": fitted.coef_[0]}
    return {name: np.round(x.astype(float), 5).tolist() for name, x in numbers.items()} | {
        "bias": float(fitted.intercept_[0])
    }


def kept(path: Path, make: Any) -> list[Rows]:  # noqa: ANN401
    """The rows in ``path``, made and written there first if it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(make()))
    found: list[Rows] = pickle.loads(path.read_bytes())
    return found


def evaluate(scorer: Scorer, data: list[Rows]) -> dict[str, float]:
    rated = [scorer.rate(rows.words, rows.neural) for rows in data]

    def hits(ranked: list[np.ndarray], n: int) -> float:
        answered = [(r, s) for r, s in zip(data, ranked, strict=True) if r.answerable]
        return float(np.mean([r.holds[np.argsort(-s, kind="stable")[:n]].any() for r, s in answered]))

    scores, words = [s for s, _ in rated], [scorer.word_sentence(rows.words) for rows in data]
    figures = {f"first {n}": hits(scores, n) for n in (1, 2, 3)}
    figures |= {"by words": hits(words, 1), "by network": hits([r.neural[:, -1] for r in data], 1)}
    figures["by overlap"] = hits([r.words[:, 0] for r in data], 1)
    labels = np.array([rows.answerable for rows in data])
    if not labels.all():
        p = np.array([chance for _, chance in rated])
        word = [float(scorer.word_question(summary(r.words, s)[None])[0]) for r, s in zip(data, words, strict=True)]
        figures["auroc"] = float(roc_auc_score(labels, p))
        figures["auroc by words"] = float(roc_auc_score(labels, word))
        figures["auroc by network"] = float(roc_auc_score(labels, [r.neural[:, 0].max() for r in data]))
    return {name: round(value, 4) for name, value in figures.items()}


def net_score(scorer: Scorer, data: list[Rows], threshold: float) -> float:
    """(right and rightly cited - wrong - answered though unanswerable) / answerable; always refusing is 0."""
    total = 0
    for rows in data:
        scores, chance = scorer.rate(rows.words, rows.neural)
        if chance >= threshold:
            total += 1 if any(rows.holds[i] for i, _ in cited(scores)) else -1
    return total / sum(rows.answerable for rows in data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/reader"), help="where feature rows are kept")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--questions", type=int, default=6000, help="for the networks over word features")
    arguments = parser.parse_args()
    torch.manual_seed(0)
    encoder = CrossEncoder.shipped()
    examples = [e for e in train_examples(arguments.data) if not e.source.startswith("squad")]
    texts = list(dict.fromkeys(e.context for e in examples))

    def rows(name: str, chosen: list[Example], pool: Pool, encoder: CrossEncoder | None, **how: float) -> list[Rows]:
        return kept(arguments.runs / f"rows-{name}.pickle", lambda: prepare(chosen, pool, encoder, seed=0, **how))

    pool = Pool(texts)
    chosen = random.Random(0).sample(examples, min(arguments.questions, len(examples)))
    plain = rows("words", chosen, pool, None, alone=0.35, without=0.12)
    word_sentence = train_sentences([r.words for r in plain], [r.holds for r in plain], 24, 1e-3)
    judge = Network.read(word_sentence.stored())
    inputs = np.stack([summary(r.words, judge(r.words)) for r in plain])
    word_question = train_questions(inputs, [r.answerable for r in plain], 16, 1e-2)

    both = rows("both", [e for e in examples if is_stacked(e)], pool, encoder, alone=0.35, without=0.12)
    print(len(plain), "questions for the word features,", len(both), "for weighing", flush=True)
    columns = [np.column_stack([judge(r.words), r.neural]) for r in both]
    sentence = train_sentences(columns, [r.holds for r in both], 0, 1e-2)
    stored: dict[str, Any] = {
        "features": list(FEATURES), "neural_features": list(NEURAL_FEATURES), "word_sentence": word_sentence.stored(),
        "word_question": word_question.stored(), "sentence": sentence.stored(),
    }  # fmt: skip
    asks = Network.read(word_question.stored())
    with torch.no_grad():
        inputs = np.stack(
            [
                question_row(
                    float(asks(summary(r.words, judge(r.words))[None])[0]), sentence(torch.tensor(x)).numpy(), r.neural
                )
                for r, x in zip(both, columns, strict=True)
            ]
        )
    stored["question"] = weighed(inputs, [r.answerable for r in both])
    stored["threshold"] = THRESHOLD
    scorer = Scorer.read(stored)
    # A sample is enough for an impression; evaluate.py has the figures over all of them.
    valid = {
        n: random.Random(1).sample(read(arguments.data, n, "valid"), size)
        for n, size in (("idk_mrc", 500), ("facqa", 150))
    }
    whole = Pool(list(dict.fromkeys([*texts, *(e.context for n in SETS for e in read(arguments.data, n, "valid"))])))
    for name, questions in valid.items():
        for where, alone in (("alone", 1.0), ("among", 0.0)):
            data = rows(f"{name}-{where}", questions, whole, encoder, alone=alone, without=0.0)
            print(name, where, evaluate(scorer, data), flush=True)
            if where == "among":
                print("net score by threshold", {at: net_score(scorer, data, at) for at in THRESHOLDS})
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text(json.dumps(stored) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
