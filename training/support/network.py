"""Decomposable attention (Parikh et al. 2016) over static word vectors, with marks and features that say how the texts
match. Small: what is learnt is how words answer each other, not the words."""

from __future__ import annotations

import torch
from torch import nn

from assistant.verifying.pairing import DIMENSION, FEATURES, MARKS

WIDTH = 48
LABELS = ("e", "n", "c")


class Network(nn.Module):
    def __init__(self, width: int = WIDTH, dropout: float = 0.3) -> None:
        super().__init__()
        marks = len(MARKS)
        self.project = nn.Linear(DIMENSION, width)
        self.compare = nn.Linear(4 * width + 2 * marks, width)
        self.hidden = nn.Linear(4 * width + len(FEATURES), width)
        self.out = nn.Linear(width, len(LABELS))
        self.sharp = nn.Parameter(torch.tensor(5.0))
        self.drop = nn.Dropout(dropout)
        self.register_buffer("mean", torch.zeros(len(FEATURES)))
        self.register_buffer("scale", torch.ones(len(FEATURES)))

    def forward(self, a: torch.Tensor, b: torch.Tensor, features: torch.Tensor) -> torch.Tensor:
        """Padded rows (batch, n, dimension + marks) of evidence and claim -> logits (batch, 3)."""
        a_pad, b_pad = a.abs().sum(-1) == 0, b.abs().sum(-1) == 0
        va, vb = a[..., :DIMENSION], b[..., :DIMENSION]
        like = self.sharp * (va @ vb.transpose(1, 2))
        like = like.masked_fill(a_pad[..., None], -1e4).masked_fill(b_pad[:, None], -1e4)
        pa, pb = self.project(self.drop(va)), self.project(self.drop(vb))
        to_a, to_b = like.transpose(1, 2).softmax(-1), like.softmax(-1)
        seen_b = self._compare(pb, to_a @ pa, b[..., DIMENSION:], to_a @ a[..., DIMENSION:], b_pad)
        seen_a = self._compare(pa, to_b @ pb, a[..., DIMENSION:], to_b @ b[..., DIMENSION:], a_pad)
        inner = torch.cat(
            [*self._pooled(seen_b, b_pad), *self._pooled(seen_a, a_pad), (features - self.mean) / self.scale], -1
        )
        return self.out(self.drop(torch.relu(self.hidden(self.drop(inner)))))

    def _compare(self, own, other, marks, other_marks, pad):  # noqa: ANN001, ANN202
        joined = torch.cat([own, other, own * other, (own - other).abs(), marks, other_marks], -1)
        return torch.relu(self.compare(self.drop(joined))).masked_fill(pad[..., None], 0)

    def _pooled(self, seen, pad):  # noqa: ANN001, ANN202
        return seen.sum(1) / (~pad).sum(1, keepdim=True).clamp(min=1), seen.max(1).values
