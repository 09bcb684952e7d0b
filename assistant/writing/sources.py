"""The sentences a model may cite, each with an id that says nothing and cannot be guessed."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Final

from index.sentences import sentence_spans
from index.types import Article, Passage

from .injection import speaks_to_the_assistant

__all__ = ["EXAMPLE_ID", "Sentence", "Sources", "gather_sources"]

EXAMPLE_ID: Final = "k4w7"
"""Stands in the instructions as an example, and is never the id of a sentence."""

_LETTERS: Final = "bcdfghjkmnpqrstvwxyz"  # no vowels: an id never spells a word; no l, which looks like 1
_DIGITS: Final = "23456789"


@dataclass(frozen=True, slots=True)
class Sentence:
    """``article.text[start:end]``, known to the model by ``id`` for this one question."""

    id: str
    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """The exact characters ``article.text[start:end]``."""
        return self.article.text[self.start : self.end]


@dataclass(frozen=True)
class Sources:
    """What a prompt may show: sentences, those of one article together, and what was kept out of it.

    ``withheld`` are texts that speak to the assistant; nothing that repeats them is ever said.
    """

    sentences: tuple[Sentence, ...]
    withheld: tuple[str, ...] = ()

    @cached_property
    def by_id(self) -> Mapping[str, Sentence]:
        """The sentences by their ids."""
        return {sentence.id: sentence for sentence in self.sentences}

    @property
    def articles(self) -> Iterator[tuple[Article, tuple[Sentence, ...]]]:
        """The sentences by article, in the order of the prompt."""
        groups: dict[str, list[Sentence]] = {}
        for sentence in self.sentences:
            groups.setdefault(sentence.article.id, []).append(sentence)
        for group in groups.values():
            yield group[0].article, tuple(group)

    @property
    def places(self) -> tuple[tuple[str, int, int], ...]:
        """Article and offsets of each sentence: what the sources are, whatever their ids."""
        return tuple((sentence.article.id, sentence.start, sentence.end) for sentence in self.sentences)

    def containing(self, quote: str) -> tuple[Sentence, ...]:
        """The sentences of one article that a verbatim quotation touches; none where it is not verbatim."""
        quote = quote.strip()
        for article, group in self.articles:
            at = article.text.find(quote) if quote else -1
            if at >= 0 and (touched := tuple(one for one in group if one.start < at + len(quote) and at < one.end)):
                return touched
        return ()


def gather_sources(passages: Sequence[Passage], *, characters: int, random: Random | None = None) -> Sources:
    """The sentences of the best passages that fit into ``characters``, each once.

    The articles come in the order of their best passage, the sentences of each in the order of its text. Ids are drawn
    anew for every question, so that an article which holds something like an id cannot hold one that is valid.

    Args:
        passages: best first.
        characters: for the sentences; their ids and the lines about their articles are reckoned with.
        random: where the ids come from; by default the system's own randomness.
    """
    taken: dict[str, dict[tuple[int, int], Article]] = {}
    withheld: dict[str, None] = {}
    left = characters
    for passage in passages:
        told, kept_out = _told(passage)
        withheld.update((passage.article.text[slice(*span)], None) for span in kept_out)
        group = taken.setdefault(passage.article.id, {})
        cost = sum(end - start + _OVERHEAD for start, end in told if (start, end) not in group)
        if cost > left:
            break
        left -= cost
        group.update((span, passage.article) for span in told)
    ids = _ids(random or secrets.SystemRandom())
    return Sources(
        tuple(
            Sentence(next(ids), article, *span)
            for group in taken.values()
            for span, article in sorted(group.items(), key=lambda item: item[0])
        ),
        tuple(withheld),
    )


def _told(passage: Passage) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Offsets of the sentences that tell news, and of those of paragraphs in which one speaks to the assistant.

    The whole paragraph is kept out: what is to be said often stands in the sentence after the order to say it.
    """
    text = passage.article.text
    told: list[tuple[int, int]] = []
    kept_out: list[tuple[int, int]] = []
    paragraph: list[tuple[int, int]] = []
    for start, end in [*sentence_spans(passage.text), (len(passage.text), len(passage.text))]:
        span = (passage.start + start, passage.start + end)
        if paragraph and ("\n" in text[paragraph[-1][1] : span[0]] or span[0] == passage.end):
            speaks = any(speaks_to_the_assistant(text[slice(*sentence)]) for sentence in paragraph)
            (kept_out if speaks else told).extend(paragraph)
            paragraph = []
        paragraph.append(span)
    return told, kept_out


_OVERHEAD: Final = 16  # characters; an id in brackets is worth several tokens, the line about an article is shared


def _ids(random: Random) -> Iterator[str]:
    given = {EXAMPLE_ID}
    while True:
        name = "".join(random.choice(kind) for kind in (_LETTERS, _DIGITS, _LETTERS, _DIGITS))
        if name not in given:
            given.add(name)
            yield name
