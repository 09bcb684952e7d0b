"""What the reader's scorer is fitted to: of a question and its passages what the scorer sees, and what is right."""

from __future__ import annotations

import pickle
import random
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np

from assistant.reader import lead
from assistant.reading.agreement import unmentioned
from assistant.reading.features import candidates, features
from assistant.reading.neural import neural_features
from assistant.reading.spans import Span, spans
from index.cross_encoder import CrossEncoder
from index.lexicon import Lexicon
from index.questions import parse_question
from index.types import Article, Passage

from .data import Example, Pool, passage
from .metrics import f1
from .news import news_rows, plain

__all__ = ["Rows", "Source", "kept", "news", "public", "rows_of"]


Source = Literal["public", "news"]


@dataclass(frozen=True)
class Rows:
    """One question: what the scorer sees of each sentence, and what is right.

    ``words`` are ``features``, ``neural`` ``neural_features``; ``holds`` marks the sentences that hold an answer;
    ``spans`` are each sentence's places for a short answer, and the words they have in common with a right one (F1; 0
    where neither contains the other). ``answerable`` says whether the question has an answer at all, found or not;
    ``named`` whether the passages mention all the names in it, without which it is refused. Questions of one ``group``
    are about one text. The cross-encoder has learnt from none of them.
    """

    words: np.ndarray
    neural: np.ndarray
    holds: np.ndarray
    spans: list[list[tuple[Span, float]]]
    answerable: bool
    named: bool
    group: str
    source: Source


def rows_of(
    question: str,
    passages: Sequence[Passage],
    answers: Sequence[str],
    holds: Callable[[Article, int, int], bool],
    **known: Any,  # noqa: ANN401
) -> Rows | None:
    """Of a question and the passages read for it, ``known`` being ``answerable``, ``group`` and ``source``; None
    where there is nothing to see."""
    asked, found = parse_question(question), candidates(passages)
    if not found or not asked.terms:
        return None
    readings = CrossEncoder.shipped().read(question, [p.text for p in passages], [lead(p) for p in passages])
    right = np.array([holds(c.passage.article, c.start, c.end) for c in found])
    judged = [
        [(s, _credit(c.passage.article.text[slice(*s.place)], answers) if ok else 0.0) for s in places]
        for c, ok, places in zip(found, right, (spans(asked, c, readings[c.rank]) for c in found), strict=True)
    ]
    words, neural = features(asked, found, Lexicon.shipped()), neural_features(found, readings)
    return Rows(words, neural, right, judged, named=not unmentioned(asked, passages), **known)


def _credit(text: str, answers: Iterable[str]) -> float:
    said = plain(text)
    return max((f1(said, answer) for answer in answers if answer in said or said in answer), default=0.0)


def public(examples: list[Example], pool: Pool, *, seed: int, alone: float, without: float = 0.0) -> Iterator[Rows]:
    """Some questions (``alone``) see only their own context, the others the best of the pool with it among them.

    ``without``: the share of these from which the own context is taken, so that nothing answers.
    """
    generator = random.Random(seed)
    for example in examples:
        best = dict(pool.top(example.question, 30))
        own = pool.bm25.index[example.context]
        others = [i for i in best if i != own][: generator.choice((4, 9))]
        score = best.get(own, min(best.values()))
        draw = generator.random()
        passages = [] if draw < alone else [passage(pool.texts[i], best[i]) for i in others]
        given = draw < 1 - without
        if given:
            passages.append(passage(example.context, score))
            passages.sort(key=lambda p: -p.score)

        def holds(article: Article, start: int, end: int, example: Example = example) -> bool:
            return article.text == example.context and any(start <= s and e <= end for s, e in example.answers)

        answers = [plain(text) for text in example.texts]
        answerable = bool(example.answers) and given
        if rows := rows_of(
            example.question, passages, answers, holds, answerable=answerable, group=example.context, source="public"
        ):
            yield rows


def news(data: Path, folder: Path) -> Iterator[Rows]:
    """The held-out questions about news, with what the product finds for them."""
    for row in news_rows(data, folder):
        known = {"answerable": bool(row.asked.spans), "group": row.asked.text, "source": "news"}
        if rows := rows_of(row.searched, row.passages, row.answers, row.holds, **known):
            yield rows


def kept(path: Path, make: Callable[[], Iterable[Rows]]) -> list[Rows]:
    """The rows in ``path``, made and written there first if it is missing."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(pickle.dumps(list(make())))
    found: list[Rows] = pickle.loads(path.read_bytes())
    return found
