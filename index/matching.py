"""A question and a passage as arrays for the shipped cross-encoder: word ids, word shapes, and how the two match.

Small models cannot learn from a few thousand questions that equal words match, so it is told: equal terms, equal
beginnings, shared pairs, the share of the question that a sentence covers, mentions of the kind asked for.
"""

from __future__ import annotations

import json
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from .lexicon import Lexicon, Word, words
from .mentions import mentions
from .questions import Kind, Question, parse_question
from .sentences import sentence_spans

__all__ = [
    "BUCKETS",
    "MAX_PASSAGE",
    "MAX_QUESTION",
    "PASSAGE_FEATURES",
    "QUESTION_FEATURES",
    "EncodedPassage",
    "EncodedQuestion",
    "Pair",
    "Vocabulary",
    "encode_passage",
    "encode_question",
    "match",
]

MAX_PASSAGE = 256
"""Words of a passage that are read; the rest is cut off."""
MAX_QUESTION = 40
BUCKETS = {"unknown": 2048, "prefix": 4096, "suffix": 1024, "shape": 16}
"""Rows of the tables of words outside the vocabulary, beginnings, endings, shapes."""

_KINDS = tuple(Kind)
_MENTIONED = (Kind.DATE, Kind.TIME, Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.PLACE, Kind.OTHER)
_WANTED = {
    Kind.PERSON: {Kind.OTHER},
    Kind.PLACE: {Kind.PLACE, Kind.OTHER},
    Kind.NUMBER: {Kind.NUMBER, Kind.PERCENT, Kind.MONEY},
    Kind.MONEY: {Kind.MONEY, Kind.PERCENT},
}
PASSAGE_FEATURES = 2 + len(_MENTIONED) + 10
QUESTION_FEATURES = 6 + len(_KINDS)
_DIGIT = re.compile(r"\d")


class Vocabulary:
    """Word -> row. Words are lower-cased with every digit written 0; the rest fall into hashed rows."""

    def __init__(self, known: Sequence[str]) -> None:
        # Row 0 is padding.
        self._rows = {word: row for row, word in enumerate(known, 1)}
        self._unknown = len(known) + 1
        self.size = len(known) + 1 + BUCKETS["unknown"]
        self.ids = lru_cache(maxsize=100_000)(self._ids)

    @staticmethod
    @cache
    def shipped() -> Vocabulary:
        """The vocabulary that ships with the cross-encoder."""
        path = Path(__file__).parent / "models" / "reader" / "vocabulary.json"
        return Vocabulary(json.loads(path.read_text(encoding="utf-8")))

    @staticmethod
    def normalise(word: str) -> str:
        """The word as the vocabulary knows it."""
        return _DIGIT.sub("0", word.lower())

    def _ids(self, word: str) -> tuple[int, int, int, int]:
        """Rows of the word itself, its beginning, its ending, its shape."""
        text = self.normalise(word)
        row = self._rows.get(text)
        if row is None:
            row = self._unknown + _hash(text) % BUCKETS["unknown"]
        return row, _hash(text[:4]) % BUCKETS["prefix"], _hash(text[-3:]) % BUCKETS["suffix"], _shape(word)


def _hash(text: str) -> int:
    return zlib.crc32(text.encode())


def _shape(word: str) -> int:
    if word[0].isdecimal():
        if not word.isdecimal():
            return 7
        return {1: 4, 2: 5, 4: 6}.get(len(word), 8)
    if not word[0].isalpha():
        return 9 if word in ".!?" else 10 if word in "()" else 11 if word in "\"'“”‘’" else 12
    if word.islower():
        return 1
    return 3 if word.isupper() and len(word) > 1 else 2


@dataclass(frozen=True)
class EncodedQuestion:
    """``ids`` int32 (n, 4); ``terms`` the hash of each word's term, 0 for punctuation and words that only ask."""

    question: Question
    ids: np.ndarray
    terms: np.ndarray
    prefixes: np.ndarray
    weights: np.ndarray
    asks: np.ndarray


@dataclass(frozen=True)
class EncodedPassage:
    """``ids`` int32 (n, 4); ``spans`` (n, 2) offsets in the text; ``sentences`` (n,) the sentence each word is in."""

    ids: np.ndarray
    spans: np.ndarray
    sentences: np.ndarray
    terms: np.ndarray
    prefixes: np.ndarray
    weights: np.ndarray
    mentioned: np.ndarray
    first: np.ndarray


@dataclass(frozen=True)
class Pair:
    """What the cross-encoder reads: (q, 4) and (q, QUESTION_FEATURES), (p, 4) and (p, PASSAGE_FEATURES)."""

    question_ids: np.ndarray
    question_features: np.ndarray
    passage_ids: np.ndarray
    passage_features: np.ndarray


def encode_question(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> EncodedQuestion:
    """The first ``MAX_QUESTION`` words of a question."""
    question = parse_question(text)
    found = words(question.text)[:MAX_QUESTION] or words("?")
    content = set(question.terms)
    terms, prefixes, weights = _word_arrays(found, lexicon)
    asks = np.array([word.term not in content for word in found])
    ids = np.array([vocabulary.ids(word.text) for word in found], dtype=np.int32)
    return EncodedQuestion(question, ids, np.where(asks, 0, terms), np.where(asks, 0, prefixes), weights, asks)


@lru_cache(maxsize=2048)
def encode_passage(text: str, vocabulary: Vocabulary, lexicon: Lexicon) -> EncodedPassage:
    """The first ``MAX_PASSAGE`` words of a passage; remembered, since passages come back."""
    found = words(text)[:MAX_PASSAGE] or words("-")
    spans = np.array([(word.start, word.end) for word in found], dtype=np.int32)
    starts = np.array([start for start, _ in sentence_spans(text)] or [0])
    sentences = np.maximum(np.searchsorted(starts, spans[:, 0], side="right") - 1, 0)
    mentioned = np.zeros((len(found), len(_MENTIONED)), dtype=np.float32)
    named = mentions(text)
    firsts = np.searchsorted(spans[:, 0], [mention.start for mention in named])
    lasts = np.searchsorted(spans[:, 1], [mention.end for mention in named], side="right")
    for mention, first_word, behind in zip(named, firsts.tolist(), lasts.tolist(), strict=True):
        mentioned[first_word:behind, _MENTIONED.index(mention.kind)] = 1
    terms, prefixes, weights = _word_arrays(found, lexicon)
    ids = np.array([vocabulary.ids(word.text) for word in found], dtype=np.int32)
    first = np.diff(sentences, prepend=-1) > 0
    return EncodedPassage(ids, spans, sentences, terms, prefixes, weights, mentioned, first)


def _word_arrays(found: Sequence[Word], lexicon: Lexicon) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    numbers = np.array([_term_numbers(word.term, lexicon) for word in found])
    return numbers[:, 0].astype(np.int64), numbers[:, 1].astype(np.int64), numbers[:, 2].astype(np.float32)


@lru_cache(maxsize=100_000)
def _term_numbers(term: str, lexicon: Lexicon) -> tuple[int, int, float]:
    """Hash of the term, of its beginning (0 if it is short), and how rare it is, 0 to 1; all 0 for punctuation."""
    if not term:
        return 0, 0, 0.0
    return _hash(term), _hash(term[:4]) if len(term) >= 4 else 0, lexicon.idf(term) / lexicon.maximum


def match(question: EncodedQuestion, passage: EncodedPassage) -> Pair:
    """The two together, each with what it shares with the other."""
    equal = _equal(passage.terms, question.terms)
    same: np.ndarray = np.asarray(equal.any(axis=1))
    begins = _equal(passage.prefixes, question.prefixes)
    follows: np.ndarray = np.asarray((equal[:-1, :-1] & equal[1:, 1:]).any(axis=1))
    in_pair = np.zeros(len(same), dtype=np.bool_)
    in_pair[:-1] |= follows
    in_pair[1:] |= follows
    coverage = _coverage(question, passage, equal)
    best = int(coverage.argmax())
    wanted = _WANTED.get(question.question.kind, {question.question.kind})
    columns = [i for i, kind in enumerate(_MENTIONED) if kind in wanted]
    fits = passage.mentioned[:, columns].any(axis=1) & ~same if columns else np.zeros(len(same), dtype=bool)
    own = coverage[passage.sentences]
    before = np.concatenate([[0.0], coverage[:-1]])[passage.sentences]
    place = np.arange(len(same)) / MAX_PASSAGE
    passage_features = np.column_stack(
        [passage.weights, passage.first, passage.mentioned, same, begins.any(axis=1), in_pair, same * passage.weights,
         own, own >= coverage[best] - 1e-6, before, fits, fits * own, place]
    ).astype(np.float32)  # fmt: skip
    kind = np.zeros((len(question.terms), len(_KINDS)), dtype=np.float32)
    kind[:, _KINDS.index(question.question.kind)] = 1
    question_features = np.column_stack(
        [question.weights, question.asks, equal.any(axis=0), equal[passage.sentences == best].any(axis=0),
         begins.any(axis=0), np.full(len(question.terms), coverage[best]), kind]
    ).astype(np.float32)  # fmt: skip
    return Pair(question.ids, question_features, passage.ids, passage_features)


def _equal(passage: np.ndarray, question: np.ndarray) -> np.ndarray:
    """Which words have the same hash, (p, q); 0 stands for none and equals nothing."""
    return np.asarray((passage[:, None] == question) & (question > 0))


def _coverage(question: EncodedQuestion, passage: EncodedPassage, equal: np.ndarray) -> np.ndarray:
    """For each sentence of the passage, the share of the question's weight whose terms stand in it."""
    _, places = np.unique(question.terms, return_index=True)
    weights = np.zeros(len(question.terms), dtype=np.float32)
    weights[places] = np.where(question.terms > 0, question.weights, 0)[places]  # a term that is repeated counts once
    inside = np.zeros((int(passage.sentences[-1]) + 1, len(weights)), dtype=bool)
    firsts = np.flatnonzero(passage.first)
    inside[passage.sentences[firsts]] = np.logical_or.reduceat(equal, firsts, axis=0)
    return np.asarray(inside @ weights / max(float(weights.sum()), 1e-6))
