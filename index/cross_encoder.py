"""The shipped cross-encoder: a question and passages read together, in numpy.

It gives for each passage how likely it answers, how relevant it is, and where in it an answer starts and ends. The
network is ``training/reader/network.py``: word vectors with matching features, the question words most like each
passage word (Chen et al. 2017), bidirectional simple recurrent units (Lei et al. 2018), attention both ways (Seo et al.
2017).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from .lexicon import Lexicon
from .matching import EncodedPassage, Pair, Vocabulary, encode_passage, encode_question, match
from .threads import in_parallel

__all__ = ["CrossEncoder", "PassageReading"]

Floats = npt.NDArray[np.float32]
_SHIPPED = Path(__file__).parent / "models" / "reader" / "model.safetensors"
_TABLES = ("word", "prefix", "suffix", "shape")
_FAR = np.float32(-1e4)
_BATCH = 8  # passages read at once; of like length, so that little is padding


@dataclass(frozen=True)
class PassageReading:
    """What the network says of one passage: logits that it answers and that it is relevant, and for each of its words
    the logits that an answer starts and ends there. ``lead`` counts the characters of context read before it."""

    passage: EncodedPassage
    answered: float
    relevant: float
    start: Floats
    end: Floats
    lead: int = 0

    @property
    def spans(self) -> npt.NDArray[np.int32]:
        """Offsets (start, end) of the words within the passage; below 0 in the lead."""
        return self.passage.spans - self.lead


class CrossEncoder:
    """Reads a question with passages. Safe to share between threads."""

    def __init__(self, path: Path) -> None:
        from safetensors.numpy import load_file

        stored = load_file(path)
        # Word tables stay as they are stored, 8 bits with a scale for each row; only the rows needed are unpacked.
        self._tables = {name: (stored[f"{name}.weight"], stored[f"{name}.scale"]) for name in _TABLES}
        self._weights: dict[str, Floats] = {
            name: np.ascontiguousarray(array.astype(np.float32).T)
            for name, array in stored.items()
            if name.split(".")[0] not in _TABLES
        }
        self._vocabulary = Vocabulary.shipped()
        self._lexicon = Lexicon.shipped()

    @staticmethod
    @cache
    def shipped() -> CrossEncoder:
        """The one that comes with the package, loaded once."""
        return CrossEncoder(_SHIPPED)

    def read(self, question: str, passages: Sequence[str], leads: Sequence[str] = ()) -> list[PassageReading]:
        """A reading of each passage, in their order.

        ``leads`` are texts to read before each passage, which say who "he" or "the bridge" in it is.
        """
        leads = leads or [""] * len(passages)
        asked = encode_question(question, self._vocabulary, self._lexicon)
        encoded = [
            encode_passage(lead + text, self._vocabulary, self._lexicon)
            for lead, text in zip(leads, passages, strict=True)
        ]
        order = sorted(range(len(encoded)), key=lambda i: len(encoded[i].ids))
        parts = [order[at : at + _BATCH] for at in range(0, len(order), _BATCH)]
        read = in_parallel(self._forward, [[match(asked, encoded[i]) for i in part] for part in parts])
        found: dict[int, PassageReading] = {}
        for part, (start, end, verdict) in zip(parts, read, strict=True):
            for row, i in enumerate(part):
                size = len(encoded[i].ids)
                answered, relevant = verdict[row].tolist()
                found[i] = PassageReading(
                    encoded[i], answered, relevant, start[row, :size], end[row, :size], len(leads[i])
                )
        return [found[i] for i in range(len(encoded))]

    def _forward(self, pairs: Sequence[Pair]) -> tuple[Floats, Floats, Floats]:
        q_ids, _ = _pad([pair.question_ids for pair in pairs])
        q_extra, q_pad = _pad([pair.question_features for pair in pairs])
        p_ids, _ = _pad([pair.passage_ids for pair in pairs])
        p_extra, p_pad = _pad([pair.passage_features for pair in pairs])
        q, p = self._embed(q_ids), self._embed(p_ids)
        like = (
            _relu(self._linear("align", p)) @ _turn(_relu(self._linear("align", q))) / np.sqrt(np.float32(q.shape[-1]))
        )
        like_q = np.where(q_pad[:, None], _FAR, like)
        aligned = _softmax(like_q) @ q
        closest = np.where(p_pad[..., None], _FAR, like).max(axis=1)[..., None]
        p1 = self._linear("passage_in", _join(p, aligned, p * aligned, like_q.max(axis=-1, keepdims=True), p_extra))
        q1 = self._linear("question_in", _join(q, closest, q_extra))
        for layer in ("first.0", "first.1"):
            p1, q1 = self._recurrent(layer, p1, p_pad), self._recurrent(layer, q1, q_pad)
        weights = self._linear("attend", p1) @ _turn(q1) / np.sqrt(np.float32(p1.shape[-1]))
        to_q = _softmax(np.where(q_pad[:, None], _FAR, weights)) @ q1
        to_p = _softmax(_turn(np.where(p_pad[..., None], _FAR, weights))) @ p1
        p2 = self._linear("join", _join(p1, to_q, p1 * to_q, p_extra))
        for layer in ("second.0", "second.1"):
            p2 = self._recurrent(layer, p2, p_pad)
        summary = (_softmax(np.where(q_pad, _FAR, self._linear("pool", q1)[..., 0]))[:, None] @ q1)[:, 0]
        start, end = self._edges(p2, p_extra, p_pad, summary)
        covered = _relu(self._linear("covered", _join(q1, to_p, q1 * to_p, np.abs(q1 - to_p), q_extra)))
        matters = _softmax(np.where(q_pad, _FAR, self._linear("matters", _join(q1, q_extra))[..., 0]))
        judged = _join(
            (matters[:, None] @ covered)[:, 0],
            np.where(q_pad[..., None], 0, covered).max(axis=1),
            (_softmax(start)[:, None] @ p2)[:, 0],
            np.where(p_pad[..., None], _FAR, p2).max(axis=1),
            summary,
            np.asarray(np.stack([start.max(axis=-1), end.max(axis=-1)], -1) / 10, dtype=np.float32),
        )
        return start, end, self._linear("verdict", _relu(self._linear("judge", judged)))

    def _edges(
        self, p2: Floats, p_extra: Floats, p_pad: npt.NDArray[np.bool_], summary: Floats
    ) -> tuple[Floats, Floats]:
        bias = self._linear("edges", _join(p2, p_extra))
        start, end = (
            np.where(p_pad, _FAR, (p2 @ self._linear(name, summary)[..., None])[..., 0] / 10 + bias[..., column])
            for column, name in enumerate(("start", "end"))
        )
        return start, end

    def _embed(self, ids: npt.NDArray[np.int32]) -> Floats:
        found = np.zeros((*ids.shape[:2], self._tables["word"][0].shape[1]), dtype=np.float32)
        for column, name in enumerate(_TABLES):
            table, scale = self._tables[name]
            rows = ids[..., column]
            found += table[rows] * scale[rows].astype(np.float32)[..., None]
        return found

    def _linear(self, name: str, x: Floats) -> Floats:
        flat = x.reshape(-1, x.shape[-1]) @ self._weights[f"{name}.weight"] + self._weights[f"{name}.bias"]
        return flat.reshape(*x.shape[:-1], -1)

    def _recurrent(self, name: str, x: Floats, pad: npt.NDArray[np.bool_]) -> Floats:
        """c[t] = keep[t] c[t-1] + (1 - keep[t]) new[t], one half of the columns forwards, the other backwards."""
        width = x.shape[-1]
        half = width // 2
        gates = self._linear(f"{name}.gates", x)
        keep, mix = _sigmoid(gates[..., :width]), _sigmoid(gates[..., 2 * width :])
        new = gates[..., width : 2 * width]
        new *= 1 - keep
        new[pad] = 0
        # Time first, so that each step works on memory that lies together; both halves then run in one loop.
        keep, c = _both_ways(keep, half), _both_ways(new, half)
        for t in range(1, len(c)):
            c[t] += keep[t] * c[t - 1]
        c = np.concatenate([c[..., :half], c[::-1, :, half:]], -1).transpose(1, 0, 2)
        return np.asarray(x + mix * (c - x), dtype=np.float32)


def _both_ways(x: Floats, half: int) -> Floats:
    """(n, t, width) as (t, n, width), the columns from ``half`` on with the last word first."""
    return np.concatenate([x[..., :half].transpose(1, 0, 2), x[:, ::-1, half:].transpose(1, 0, 2)], -1)


def _pad(arrays: Sequence[npt.NDArray[np.generic]]) -> tuple[npt.NDArray, npt.NDArray[np.bool_]]:  # type: ignore[type-arg]
    """One array with zeros behind the shorter ones, and where those are."""
    longest = max(len(array) for array in arrays)
    padded = np.zeros((len(arrays), longest, arrays[0].shape[1]), dtype=arrays[0].dtype)
    for row, array in enumerate(arrays):
        padded[row, : len(array)] = array
    lengths = np.array([len(array) for array in arrays])
    return padded, np.arange(longest)[None] >= lengths[:, None]


def _join(*parts: Floats) -> Floats:
    return np.concatenate(parts, axis=-1)


def _turn(x: Floats) -> Floats:
    return x.transpose(0, 2, 1)


def _relu(x: Floats) -> Floats:
    return np.maximum(x, 0)


def _sigmoid(x: Floats) -> Floats:
    # exp overflows below -88 in 32 bits; the result is 0 there all the same.
    return np.asarray(1 / (1 + np.exp(-np.maximum(x, -80))), dtype=np.float32)


def _softmax(x: Floats) -> Floats:
    found = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(found / found.sum(axis=-1, keepdims=True), dtype=np.float32)
