"""The trained part of the claims check: words that are seldom names, and a score of whether one text says another."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import NamedTuple

import numpy as np

from .pairing import DIMENSION, Floats, Pair, pair

__all__ = ["ENGLISH", "ORDINARY", "SHIPPED", "Chances", "SupportScore", "english_words", "ordinary_words"]

_FOLDER = Path(__file__).parents[1] / "models" / "support"
ORDINARY = _FOLDER / "ordinary.txt"
ENGLISH = _FOLDER / "english.txt"
SHIPPED = _FOLDER / "support.safetensors"


@cache
def ordinary_words() -> frozenset[str]:
    """Words that head sentences and are seldom names, counted over the training texts."""
    return frozenset(ORDINARY.read_text(encoding="utf-8").split())


@cache
def english_words() -> frozenset[str]:
    """English words that are seldom names; an Indonesian article has their translations."""
    return frozenset(ENGLISH.read_text(encoding="utf-8").split())


class Chances(NamedTuple):
    """Probabilities, summing to 1, that the evidence entails the claim, leaves it open, or contradicts it."""

    entailed: float
    open: float
    contradicted: float


class SupportScore:
    """Decomposable attention in numpy; ``training/support/network.py`` is the same network in torch."""

    def __init__(self, path: Path) -> None:
        from safetensors.numpy import load_file

        self._weights = {name: array.astype(np.float32) for name, array in load_file(path).items()}

    @staticmethod
    @cache
    def shipped() -> SupportScore:
        """The one that comes with the package, loaded once."""
        return SupportScore(SHIPPED)

    def __call__(self, evidence: str, claim: str) -> Chances:
        """How ``evidence`` bears on ``claim``, both Indonesian and about a sentence long."""
        logits = self.logits(pair(evidence, claim))
        shares = np.exp(logits - logits.max())
        entailed, open_, contradicted = (shares / shares.sum()).tolist()
        return Chances(entailed, open_, contradicted)

    def logits(self, texts: Pair) -> Floats:
        """float32 (3,): entailed, open, contradicted."""
        a, b = texts.evidence, texts.claim
        told = (texts.features - self._weights["mean"]) / self._weights["scale"]
        if not len(a) or not len(b):
            seen = np.zeros(4 * len(self._weights["project.bias"]), dtype=np.float32)
        else:
            va, vb = a[:, :DIMENSION], b[:, :DIMENSION]
            like = self._weights["sharp"] * (va @ vb.T)
            pa, pb = self._linear("project", va), self._linear("project", vb)
            to_a, to_b = _softmax(like.T), _softmax(like)
            seen_b = self._compared(pb, to_a @ pa, b[:, DIMENSION:], to_a @ a[:, DIMENSION:])
            seen_a = self._compared(pa, to_b @ pb, a[:, DIMENSION:], to_b @ b[:, DIMENSION:])
            seen = np.concatenate([seen_b.mean(0), seen_b.max(0), seen_a.mean(0), seen_a.max(0)])
        inner = np.maximum(self._linear("hidden", np.concatenate([seen, told])), 0)
        return np.asarray(self._linear("out", inner), dtype=np.float32)

    def _compared(self, own: Floats, other: Floats, marks: Floats, other_marks: Floats) -> Floats:
        joined = np.concatenate([own, other, own * other, np.abs(own - other), marks, other_marks], axis=1)
        return np.asarray(np.maximum(self._linear("compare", joined), 0), dtype=np.float32)

    def _linear(self, name: str, x: Floats) -> Floats:
        return np.asarray(x @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"], dtype=np.float32)


def _softmax(x: Floats) -> Floats:
    shares = np.exp(x - x.max(axis=-1, keepdims=True))
    return np.asarray(shares / shares.sum(axis=-1, keepdims=True), dtype=np.float32)
