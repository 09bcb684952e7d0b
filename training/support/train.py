"""Trains the support score -> assistant/models/support/support.safetensors."""

from __future__ import annotations

import argparse
import json
import pickle
import random
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file
from torch import nn

from assistant.verifying.pairing import Pair, pair
from assistant.verifying.support import SHIPPED

from .network import LABELS, Network


def read(data: Path, name: str) -> list[tuple[str, str, int]]:
    rows = [json.loads(line) for line in (data / "nli" / name).read_text(encoding="utf-8").splitlines()]
    return [(row["premise"], row["hypothesis"], LABELS.index(row["label"])) for row in rows]


def kept(path: Path, rows: list[tuple[str, str, int]]) -> list[tuple[Pair, int]]:
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps([(pair(premise, hypothesis), label) for premise, hypothesis, label in rows]))
    return pickle.loads(path.read_bytes())


def batch(rows: list[tuple[Pair, int]]) -> tuple[torch.Tensor, ...]:
    def padded(arrays: list[np.ndarray]) -> torch.Tensor:
        return nn.utils.rnn.pad_sequence([torch.tensor(x) for x in arrays], batch_first=True)

    pairs = [p for p, _ in rows]
    features = torch.tensor(np.stack([p.features for p in pairs]))
    return (
        padded([p.evidence for p in pairs]),
        padded([p.claim for p in pairs]),
        features,
        torch.tensor([y for _, y in rows]),
    )


def accuracy(network: Network, rows: list[tuple[Pair, int]]) -> tuple[float, np.ndarray]:
    network.eval()
    table = np.zeros((3, 3), dtype=int)
    with torch.no_grad():
        for start in range(0, len(rows), 256):
            a, b, f, y = batch(rows[start : start + 256])
            for right, given in zip(y, network(a, b, f).argmax(-1), strict=True):
                table[right, given] += 1
    return table.trace() / table.sum(), table


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--runs", type=Path, default=Path("training/runs/support"))
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--width", type=int, default=48)
    parser.add_argument("--dropout", type=float, default=0.3)
    parser.add_argument("--rate", type=float, default=2e-3)
    parser.add_argument("--decay", type=float, default=1e-2)
    arguments = parser.parse_args()
    torch.manual_seed(arguments.seed)
    train = kept(arguments.runs / "train.pickle", read(arguments.data, "indonli.train.jsonl"))
    valid = kept(arguments.runs / "valid.pickle", read(arguments.data, "indonli.valid.jsonl"))
    network = Network(arguments.width, arguments.dropout)
    features = np.stack([p.features for p, _ in train])
    network.mean.copy_(torch.tensor(features.mean(0)))
    network.scale.copy_(torch.tensor(np.maximum(features.std(0), 1e-2)))
    print(sum(p.numel() for p in network.parameters()), "parameters", flush=True)
    optimiser = torch.optim.AdamW(network.parameters(), lr=arguments.rate, weight_decay=arguments.decay)
    steps = arguments.epochs * (len(train) // 64 + 1)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, arguments.rate, total_steps=steps)
    for epoch in range(arguments.epochs):
        network.train()
        random.Random(epoch).shuffle(train)
        total = 0.0
        for start in range(0, len(train), 64):
            a, b, f, y = batch(train[start : start + 64])
            loss = nn.functional.cross_entropy(network(a, b, f), y, label_smoothing=0.05)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total += float(loss.detach()) * len(y)
        score, table = accuracy(network, valid)
        print(epoch, round(total / len(train), 4), round(score, 4), table.tolist(), flush=True)
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    save_file({name: w.numpy().astype(np.float16) for name, w in network.state_dict().items()}, arguments.out)


if __name__ == "__main__":
    main()
