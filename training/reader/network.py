"""The cross-encoder in torch, as it is trained; ``index/cross_encoder.py`` runs the same sums in numpy."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from index.matching import BUCKETS, PASSAGE_FEATURES, QUESTION_FEATURES

WORD = 64
WIDTH = 96
_FORGOTTEN = 0.08  # share of the words that are only spelling and matches while it learns, as words it never saw are
_FAR = -1e4


class Scan(torch.autograd.Function):
    """c[t] = keep[t] * c[t-1] + add[t] along the second axis, starting from 0."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, keep: Tensor, add: Tensor) -> Tensor:
        c = torch.empty_like(add)
        c[:, 0] = add[:, 0]
        for t in range(1, add.shape[1]):
            torch.addcmul(add[:, t], keep[:, t], c[:, t - 1], out=c[:, t])
        ctx.save_for_backward(keep, c)
        return c

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *grads: Tensor) -> tuple[Tensor, Tensor]:
        keep, c = ctx.saved_tensors
        total = grads[0].clone()
        for t in range(total.shape[1] - 2, -1, -1):
            total[:, t].addcmul_(keep[:, t + 1], total[:, t + 1])
        to_keep = torch.zeros_like(keep)
        to_keep[:, 1:] = total[:, 1:] * c[:, :-1]
        return to_keep, total


class Half(torch.autograd.Function):
    """x @ weight.T with 16-bit factors: a third of the time on a CPU that multiplies bfloat16."""

    @staticmethod
    def forward(ctx: torch.autograd.function.FunctionCtx, x: Tensor, weight: Tensor) -> Tensor:
        rows, factor = x.reshape(-1, x.shape[-1]).bfloat16(), weight.bfloat16()
        ctx.save_for_backward(rows, factor)
        return (rows @ factor.T).float().view(*x.shape[:-1], -1)

    @staticmethod
    def backward(ctx: torch.autograd.function.FunctionCtx, *grads: Tensor) -> tuple[Tensor, Tensor]:
        rows, factor = ctx.saved_tensors
        grad = grads[0].reshape(-1, factor.shape[0]).bfloat16()
        return (grad @ factor).float().view(*grads[0].shape[:-1], -1), (grad.T @ rows).float()


class Linear(nn.Linear):
    """In 32 bits when it is measured, in 16 while it learns."""

    def forward(self, x: Tensor) -> Tensor:
        return Half.apply(x, self.weight) + self.bias if self.training else super().forward(x)


class Recurrent(nn.Module):
    """A bidirectional simple recurrent unit (Lei et al. 2018) whose gates see the input only, so that it is cheap."""

    def __init__(self) -> None:
        super().__init__()
        self.gates = Linear(WIDTH, 3 * WIDTH)
        with torch.no_grad():
            self.gates.bias[:WIDTH] = torch.linspace(-1.0, 3.0, WIDTH // 2).repeat(2)  # from short to long memory

    def forward(self, x: Tensor, pad: Tensor) -> Tensor:
        keep, new, mix = self.gates(x).split(WIDTH, -1)
        keep = torch.sigmoid(keep)
        # Padding adds nothing, so the backward half starts from 0 at the last word.
        add = (new * (1 - keep)).masked_fill(pad[..., None], 0)
        half = WIDTH // 2
        both = Scan.apply(
            torch.cat([keep[..., :half], keep[..., half:].flip(1)], -1),
            torch.cat([add[..., :half], add[..., half:].flip(1)], -1),
        )
        c = torch.cat([both[..., :half], both[..., half:].flip(1)], -1)
        mix = torch.sigmoid(mix)
        return mix * c + (1 - mix) * x


class WholeDropout(nn.Module):
    """Drops a feature from all words of a text at once (Gal & Ghahramani 2016); cheaper too."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        mask = torch.empty(x.shape[0], *[1] * (x.dim() - 2), x.shape[-1]).bernoulli_(1 - self.share) / (1 - self.share)
        return x * mask


class Network(nn.Module):
    """Question and passage -> start and end logits of the answer (n, p), and two logits (n,): answered, relevant."""

    def __init__(self, words: int, dropout: float = 0.2) -> None:
        super().__init__()
        both = WIDTH
        self.word = nn.Embedding(words, WORD, padding_idx=0)
        self.prefix = nn.Embedding(BUCKETS["prefix"], WORD)
        self.suffix = nn.Embedding(BUCKETS["suffix"], WORD)
        self.shape = nn.Embedding(BUCKETS["shape"], WORD)
        for table, scale in ((self.word, 0.3), (self.prefix, 0.1), (self.suffix, 0.1), (self.shape, 0.1)):
            nn.init.normal_(table.weight, std=scale)
        self.align = Linear(WORD, WORD)
        self.passage_in = Linear(3 * WORD + 1 + PASSAGE_FEATURES, WIDTH)
        self.question_in = Linear(WORD + 1 + QUESTION_FEATURES, WIDTH)
        self.first = nn.ModuleList(Recurrent() for _ in range(2))
        self.attend = Linear(both, both)
        self.join = Linear(3 * both + PASSAGE_FEATURES, WIDTH)
        self.second = nn.ModuleList(Recurrent() for _ in range(2))
        self.pool = Linear(both, 1)
        self.start = Linear(both, both)
        self.end = Linear(both, both)
        self.edges = Linear(both + PASSAGE_FEATURES, 2)
        self.covered = Linear(4 * both + QUESTION_FEATURES, 64)
        self.matters = Linear(both + QUESTION_FEATURES, 1)
        self.judge = Linear(2 * 64 + 3 * both + 2, 96)
        self.verdict = Linear(96, 2)
        self.dropout = WholeDropout(dropout)

    def embed(self, ids: Tensor) -> Tensor:
        word = self.word(ids[..., 0])
        if self.training:
            word = word * (torch.rand(ids.shape[:2]) >= _FORGOTTEN)[..., None]
        return word + self.prefix(ids[..., 1]) + self.suffix(ids[..., 2]) + self.shape(ids[..., 3])

    def forward(
        self, q_ids: Tensor, q_extra: Tensor, q_len: Tensor, p_ids: Tensor, p_extra: Tensor, p_len: Tensor
    ) -> tuple[Tensor, ...]:
        q_pad = torch.arange(q_ids.shape[1])[None] >= q_len[:, None]
        p_pad = torch.arange(p_ids.shape[1])[None] >= p_len[:, None]
        q, p = self.dropout(self.embed(q_ids)), self.dropout(self.embed(p_ids))
        # Each passage word beside the question words most like it (Chen et al. 2017, "aligned question embedding").
        like = torch.relu(self.align(p)) @ torch.relu(self.align(q)).transpose(1, 2) / WORD**0.5
        like_q = like.masked_fill(q_pad[:, None], _FAR)
        like_p = like.masked_fill(p_pad[..., None], _FAR)
        aligned = torch.softmax(like_q, -1) @ q
        p0 = torch.cat([p, aligned, p * aligned, like_q.amax(-1, keepdim=True), p_extra], -1)
        q0 = torch.cat([q, like_p.amax(1)[..., None], q_extra], -1)
        p1, q1 = self.dropout(self.passage_in(p0)), self.dropout(self.question_in(q0))
        for layer in self.first:
            p1, q1 = self.dropout(layer(p1, p_pad)), self.dropout(layer(q1, q_pad))
        # Attention both ways (Seo et al. 2017).
        weights = self.attend(p1) @ q1.transpose(1, 2) / WIDTH**0.5
        to_q = torch.softmax(weights.masked_fill(q_pad[:, None], _FAR), -1) @ q1
        to_p = torch.softmax(weights.masked_fill(p_pad[..., None], _FAR).transpose(1, 2), -1) @ p1
        p2 = self.join(torch.cat([p1, to_q, p1 * to_q, p_extra], -1))
        for layer in self.second:
            p2 = self.dropout(layer(p2, p_pad))
        asked = torch.softmax(self.pool(q1)[..., 0].masked_fill(q_pad, _FAR), -1)
        summary = (asked[:, None] @ q1)[:, 0]
        edges = self.edges(torch.cat([p2, p_extra], -1))
        start = (p2 @ self.start(summary)[..., None])[..., 0] / 10 + edges[..., 0]
        end = (p2 @ self.end(summary)[..., None])[..., 0] / 10 + edges[..., 1]
        start, end = start.masked_fill(p_pad, _FAR), end.masked_fill(p_pad, _FAR)
        # Which words of the question the passage speaks of.
        covered = torch.relu(self.covered(torch.cat([q1, to_p, q1 * to_p, (q1 - to_p).abs(), q_extra], -1)))
        matters = torch.softmax(self.matters(torch.cat([q1, q_extra], -1))[..., 0].masked_fill(q_pad, _FAR), -1)
        coverage = (matters[:, None] @ covered)[:, 0]
        worst = covered.masked_fill(q_pad[..., None], 0).amax(1)
        at_start = (torch.softmax(start, -1)[:, None] @ p2)[:, 0]
        best = torch.stack([start.amax(-1), end.amax(-1)], -1) / 10
        judged = torch.cat(
            [coverage, worst, at_start, p2.masked_fill(p_pad[..., None], _FAR).amax(1), summary, best], -1
        )
        verdict = self.verdict(self.dropout(torch.relu(self.judge(judged))))
        return start, end, verdict[:, 0], verdict[:, 1]
