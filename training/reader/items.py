"""What the cross-encoder is shown in an epoch: questions as people type them, each with a passage."""

from __future__ import annotations

import json
import math
import random
import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, TypeVar

from index.mentions import mentions

from .data import Example
from .made import Cloze, Made, without

_T = TypeVar("_T")
UNKNOWN = math.nan
_SWAPPED = 0.12  # share of the answerable questions that are also asked about someone or something else
_SPEECH = {"mengapa": "kenapa", "bagaimana": "gimana", "apa saja": "apa aja", "tidak": "gak", "dengan": "dgn",
           "yang": "yg", "untuk": "utk", "karena": "karna", "sudah": "udah", "tahun": "thn",
           "di mana": "dimana"}  # fmt: skip


class Item(NamedTuple):
    """A question with a passage: the span as characters where it answers, and what is to be learnt of it.

    ``answered`` and ``relevant`` are 1, 0 or nan: not to be learnt (an unanswerable twin is about its passage too).
    """

    question: str
    passage: str
    span: tuple[int, int] | None
    answered: float
    relevant: float


@dataclass(frozen=True, slots=True)
class Shares:
    """How much of each source an epoch takes: of the translated questions, made-up questions, news searches, questions
    about people that the passage leaves open; and wrong passages a question."""

    squad: float
    cloze: int
    searches: int
    unsaid: int
    negatives: float


class Speech:
    """Questions as people type them: without capitals, without the question mark, in the spellings of chat."""

    def __init__(self, data: Path) -> None:
        slang = json.loads((data / "lexicon" / "slang_id.json").read_text(encoding="utf-8"))
        self._informal = defaultdict(list)
        for informal, formal in slang.items():
            if " " not in formal and re.fullmatch(r"[a-z]+", informal):
                self._informal[formal].append(informal)

    def __call__(self, question: str, chance: random.Random) -> str:
        draw = chance.random()
        if draw < 0.1:
            question = question.lower()
            for formal, informal in _SPEECH.items():
                if chance.random() < 0.6:
                    question = re.sub(rf"\b{formal}\b", informal, question)
            question = re.sub(r"[a-z]+", lambda word: self._spelled(word.group(), chance), question)
            if chance.random() < 0.4:
                question = question.rstrip(" ?") + chance.choice((" sih", " ya", " dong", " sih?", " ya?"))
        elif draw < 0.3:
            question = question.lower()
        return question.rstrip(" ?") if chance.random() < 0.25 else question

    def _spelled(self, word: str, chance: random.Random) -> str:
        return chance.choice(self._informal[word]) if word in self._informal and chance.random() < 0.3 else word


class Items:
    """Draws an epoch's items, anew each time it is called."""

    def __init__(
        self,
        examples: Sequence[Example],
        near: Sequence[Sequence[str]],
        made: Made,
        speech: Speech,
    ) -> None:
        self._examples, self._near, self._made, self._speech = examples, near, made, speech
        self._names: dict[str, list[str]] = defaultdict(list)
        for cloze in made.clozes:
            self._names[cloze.kind].append(cloze.answer)

    def epoch(self, shares: Shares, chance: random.Random) -> list[Item]:
        found: list[Item] = []
        for example, near in zip(self._examples, self._near, strict=True):
            translated = example.source.startswith("squad")
            if not translated or chance.random() < shares.squad:
                found += self._asked(example, near, shares.negatives * (0.4 if translated else 1.0), chance)
        for cloze in _some(self._made.clozes, shares.cloze, chance):
            found += self._blanked(cloze, chance)
        for question, passage in _some(self._made.unsaid, shares.unsaid, chance):
            found.append(Item(self._speech(question, chance), passage, None, 0.0, UNKNOWN))
        for search in _some(self._made.searches, shares.searches, chance):
            query = self._speech(search.query, chance)
            found.append(Item(query, search.passage, None, UNKNOWN, 1.0))
            if search.near:
                found.append(Item(query, _hard(search.near, chance), None, 0.0, 0.0))
        return found

    def _asked(self, example: Example, near: Sequence[str], negatives: float, chance: random.Random) -> list[Item]:
        question = self._speech(example.question, chance)
        if not example.answers:
            found = [Item(question, example.context, None, 0.0, UNKNOWN)]
            negatives *= 0.3
        else:
            found = [Item(question, example.context, chance.choice(example.answers), 1.0, 1.0)]
            if chance.random() < _SWAPPED and (other := self._swapped(example.question, example.context, chance)):
                found.append(Item(self._speech(other, chance), example.context, None, 0.0, UNKNOWN))
        if chance.random() < negatives:
            other = _hard(near, chance)
            # A near passage may hold the answer too, unmarked.
            if not any(len(text) > 3 and text in other for text in example.texts):
                found.append(Item(question, other, None, 0.0, 0.0))
        return found

    def _blanked(self, cloze: Cloze, chance: random.Random) -> list[Item]:
        question = without(cloze, chance)
        draw = chance.random()
        if draw < 0.15 and (other := self._swapped(question, cloze.passage, chance)):
            return [Item(self._speech(other, chance), cloze.passage, None, 0.0, UNKNOWN)]
        if draw < 0.4 and cloze.near:
            other = _hard(cloze.near, chance)
            if cloze.answer not in other:
                return [Item(self._speech(question, chance), other, None, 0.0, 0.0)]
        return [Item(self._speech(question, chance), cloze.passage, cloze.span, 1.0, 1.0)]

    def _swapped(self, question: str, passage: str, chance: random.Random) -> str | None:
        """The question with one name, date or number of it replaced by another that the passage does not have."""
        named = [m for m in mentions(question) if m.start > 0 and question[m.start : m.end] in passage]
        if not named:
            return None
        mention = chance.choice(named)
        other = chance.choice(self._names[mention.kind] or [""])
        if not other or other in passage:
            return None
        return question[: mention.start] + other + question[mention.end :]


def _some(found: Sequence[_T], number: int, chance: random.Random) -> list[_T]:
    return chance.sample(found, min(number, len(found)))


def _hard(near: Sequence[str], chance: random.Random) -> str:
    # Low ranks are drawn less often: the hardest teach most, but hold most of the unmarked answers.
    return near[min(int(chance.expovariate(0.2)), len(near) - 1)]
