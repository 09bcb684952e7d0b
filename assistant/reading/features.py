"""What can be seen without a neural model: how well each sentence of the passages fits the question."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

import numpy as np

from index.lexicon import Lexicon, words
from index.mentions import Mention, mentions
from index.questions import Kind, Question
from index.sentences import sentence_spans
from index.types import Passage

__all__ = ["FEATURES", "Candidate", "candidates", "features"]

_CUES = {
    Kind.REASON: re.compile(
        r"\b(?:karena|sebab|akibat|penyebab|lantaran|alasan|agar|supaya|demi|untuk|guna|berkat|dipicu)", re.I
    ),
    Kind.MANNER: re.compile(r"\b(?:dengan|cara|melalui|lewat|secara|ketika|setelah|sehingga)\b", re.I),
    Kind.DEFINITION: re.compile(r"\b(?:adalah|ialah|merupakan|yaitu|yakni|disebut|dikenal)\b|\([^)]*\)", re.I),
}
_KINDS = tuple(Kind)
FEATURES = (
    "coverage", "coverage_with_previous", "coverage_passage", "coverage_others", "bigrams", "rarest_in_sentence",
    "rarest_in_passage", "figures_in_sentence", "figures_in_passage", "names_in_sentence", "names_in_passage",
    "fits", "fitting_mentions", "nearest", "cue", "commas", "list_commas", "length", "position", "rank",
    "relative_score", "local_coverage", "local_coverage_with_previous",
    "share_of_best", "share_of_best_local", "question_length", *(f"kind_{kind}" for kind in _KINDS),
)  # fmt: skip
"""Names of the columns of ``features``."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence of a passage: ``passage.article.text[start:end]``. ``rank`` counts passages from 0."""

    passage: Passage
    rank: int
    position: int
    start: int
    end: int
    previous: str

    @property
    def text(self) -> str:
        """The exact characters of the sentence."""
        return self.passage.article.text[self.start : self.end]


def candidates(passages: Sequence[Passage]) -> list[Candidate]:
    """Every sentence of the passages once, in their order; one in two overlapping passages counts in the first."""
    found = []
    seen: set[tuple[str, int, int]] = set()
    for rank, passage in enumerate(passages):
        previous = ""
        for position, (start, end) in enumerate(_sentences(passage.text)):
            key = (passage.article.id, passage.start + start, passage.start + end)
            if key not in seen:
                seen.add(key)
                found.append(Candidate(passage, rank, position, key[1], key[2], previous))
            previous = passage.text[start:end]
    return found


@lru_cache(maxsize=4096)
def _sentences(text: str) -> tuple[tuple[int, int], ...]:
    return tuple(sentence_spans(text))


@lru_cache(maxsize=16_384)
def _terms(text: str) -> tuple[tuple[str, int, int], ...]:
    return tuple((word.term, word.start, word.end) for word in words(text) if word.term)


@lru_cache(maxsize=16_384)
def _mentions(text: str) -> tuple[Mention, ...]:
    return tuple(mentions(text))


def fitting(question: Question, text: str) -> list[Mention]:
    """The mentions in ``text`` of the kind asked for that the question does not itself contain."""
    known = set(question.terms)
    wanted = {question.kind}
    if question.kind is Kind.PERSON:
        wanted = {Kind.OTHER}
    elif question.kind is Kind.PLACE:
        wanted = {Kind.PLACE, Kind.OTHER}
    elif question.kind is Kind.NUMBER:
        wanted = {Kind.NUMBER, Kind.PERCENT, Kind.MONEY}
    elif question.kind is Kind.MONEY:
        wanted = {Kind.MONEY, Kind.PERCENT}
    fits = [
        mention
        for mention in _mentions(text)
        if mention.kind in wanted and not known.issuperset(t for t, _, _ in _terms(text[mention.start : mention.end]))
    ]
    places = [mention for mention in fits if mention.kind is Kind.PLACE]
    return places or fits if question.kind is Kind.PLACE else fits


class _Overlap:
    """How much of the question's idf weight a set of terms covers."""

    def __init__(self, question: Question, lexicon: Lexicon) -> None:
        self.weights = lexicon.weights(question.terms)
        self.total = sum(self.weights.values()) or 1.0
        self.rarest = max(self.weights, key=lambda term: self.weights[term], default="")
        self.pairs = set(pairwise(question.terms))
        self.figures = {term for term in self.weights if term[0].isdecimal()}
        named = {term for word in words(question.text)[1:] if word.text[0].isupper() and (term := word.term)}
        self.names = named & self.weights.keys()

    def share(self, terms: set[str]) -> float:
        return sum(weight for term, weight in self.weights.items() if term in terms) / self.total

    def part(self, wanted: set[str], terms: set[str]) -> float:
        """Share of ``wanted`` in ``terms``; 1 where nothing is wanted."""
        weight = sum(self.weights[term] for term in wanted)
        return sum(self.weights[term] for term in wanted & terms) / weight if weight else 1.0


def features(question: Question, sentences: Sequence[Candidate], lexicon: Lexicon) -> np.ndarray:
    """One row a sentence, columns as in ``FEATURES``: float32 (len(sentences), len(FEATURES))."""
    if not sentences:
        return np.zeros((0, len(FEATURES)), dtype=np.float32)
    overlap = _Overlap(question, lexicon)
    kind = [float(question.kind is other) for other in _KINDS]
    scores = [sentence.passage.score for sentence in sentences]
    best, worst = max(scores), min(scores)
    passage_terms: dict[int, tuple[set[str], set[str]]] = {}
    local = _local_weights(overlap.weights, sentences)
    rows = []
    for sentence in sentences:
        if sentence.rank not in passage_terms:
            terms = {term for term, _, _ in _terms(sentence.passage.text)}
            passage_terms[sentence.rank] = (terms, {t for t, _, _ in _terms(sentence.passage.article.title)})
        inside, title = passage_terms[sentence.rank]
        relative = (sentence.passage.score - worst) / (best - worst) if best > worst else 1.0
        here = {term for term, _, _ in _terms(sentence.text)} & local.keys()
        before = {term for term, _, _ in _terms(sentence.previous)} & local.keys()
        near = [sum(local[term] for term in terms) for terms in (here, here | before)]
        rows.append([*_row(question, sentence, overlap, inside, title), relative, *near])
    table = np.asarray(rows, dtype=np.float32)
    coverage = table[:, 0]
    tail = np.tile(np.asarray([len(overlap.weights) / 10, *kind], dtype=np.float32), (len(rows), 1))
    shares = [column / max(float(column.max()), 1e-6) for column in (coverage, table[:, -2])]
    return np.column_stack([table, *shares, tail]).astype(np.float32)


def _local_weights(weights: dict[str, float], sentences: Sequence[Candidate]) -> dict[str, float]:
    """The question's terms weighed by how few of these sentences hold them, summing to 1.

    What all the sentences are about does not help to choose among them.
    """
    counts = Counter(term for s in sentences for term in {t for t, _, _ in _terms(s.text)} if term in weights)
    found = {term: weights[term] * math.log1p(len(sentences) / count) for term, count in counts.items()}
    total = sum(found.values()) or 1.0
    return {term: weight / total for term, weight in found.items()}


def _row(question: Question, sentence: Candidate, overlap: _Overlap, inside: set[str], title: set[str]) -> list[float]:
    text = sentence.text
    located = _terms(text)
    order = [term for term, _, _ in located]
    own = set(order)
    before = {term for term, _, _ in _terms(sentence.previous)}
    fits = fitting(question, text)
    cue = _CUES.get(question.kind)
    commas = min(text.count(",") + text.count(" dan "), 8) / 8
    return [
        overlap.share(own),
        overlap.share(own | before | title),
        overlap.share(inside | title),
        overlap.share(inside - own),
        len(overlap.pairs & set(pairwise(order))) / (len(overlap.pairs) or 1),
        float(overlap.rarest in own),
        float(overlap.rarest in inside | title),
        overlap.part(overlap.figures, own),
        overlap.part(overlap.figures, inside | title),
        overlap.part(overlap.names, own),
        overlap.part(overlap.names, inside | title),
        float(bool(fits)),
        min(len(fits), 4) / 4,
        _nearness(fits, [(start, end) for term, start, end in located if term in overlap.weights]),
        float(bool(cue and cue.search(text))),
        commas,
        commas * question.several,
        math.log1p(len(order)) / 5,
        1 / (1 + sentence.position),
        1 / (1 + sentence.rank),
    ]


def _nearness(fits: Sequence[Mention], matched: Sequence[tuple[int, int]]) -> float:
    """1 where a fitting mention stands beside a matched term, falling with the characters between them; 0 without."""
    gaps = [max(m.start - end, start - m.end, 0) for m in fits for start, end in matched]
    return 1 / (1 + min(gaps) / 20) if gaps else 0.0
