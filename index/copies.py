"""Near-duplicates: the same wire copy in several outlets, found as it comes in and counted once when it is retrieved.

Two steps. At ingest, MinHash over three-word shingles and locality-sensitive hashing (Broder, "On the resemblance and
containment of documents", 1997; Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3) name the
stored articles that may share text, and those that do form a story. At a question, passages of one story are compared
word by word: one is a copy of another only if every sentence and every figure and name of it stands there too, so a
follow-up with news in it stays a passage of its own.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from functools import cache, lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING

from index.reading.wire import is_agency, strip_wire
from index.sentences import sentence_spans
from index.terms import analyse
from index.types import Article, Passage

if TYPE_CHECKING:
    from datasketch import MinHash

__all__ = ["bands", "carries", "copies_of", "fold", "share_a_story", "with_copies"]

_SHINGLE = 3  # terms
_SHORTEST = 20  # shingles; shorter texts are alike by chance
# A pair of Jaccard similarity s becomes a candidate with probability 1 - (1 - s**3) ** 42: .94 at .4, .04 at .1.
_BANDS, _ROWS = 42, 3
_SHARED = 0.5  # of the shorter article's shingles, and of its facts, for two articles to be one story
_CARRIED, _CARRIED_SENTENCE = 0.6, 0.25  # of a passage's shingles, and of each sentence's, for it to be a copy
_STRETCH, _STRETCHES = 24, 16  # characters, and how many stretches are tried; at 20% edits one in three is left whole
_SAME_PLACE = 0.5  # of a passage's shingles in another passage, for that one to stand for it
# "Senin (7/10)" in one outlet is "Senin (7/10/2024)" in the next.
_NEWS_DAY = re.compile(r"\(\s?\d{1,2}\s?/\s?\d{1,2}(?:\s?/\s?\d{2,4})?\s?\)")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_WORD = re.compile(r"[^\W\d_]+")
_NAME = re.compile(r"(?<=[\w,)”\"] )[A-Z](?:[^\W\d_]|-)+")  # a capital that no sentence's beginning explains
_APOSTROPHE = re.compile("['’‘ʼ`´]")  # "Mas'ud" in one outlet is "Masud" in the next
_NUMBER_WORDS = frozenset(
    (
        *("nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"),
        *("seratus", "seribu", "belas", "puluh", "ratus", "ribu", "juta", "miliar", "triliun"),
    )
)


@dataclass(frozen=True, slots=True)
class _Print:
    """What a text is compared by: its shingles of terms, hashed; its words and figures, and which of them are facts.

    Facts are figures and names. Names are not stemmed: "Sambutan" is a district, "menyambut" is not about it.
    """

    shingles: frozenset[int]
    words: frozenset[str]
    facts: frozenset[str]

    def share_in(self, other: _Print) -> float:
        """The share of this text's shingles that the other has too, 0 to 1."""
        return len(self.shingles & other.shingles) / max(1, len(self.shingles))


def bands(text: str) -> tuple[int, ...]:
    """The keys (signed, 64 bits) under which an article's text is filed: texts that share one may be copies.

    None for a text too short to tell.
    """
    shingles = _shingles(text)
    if len(shingles) < _SHORTEST:
        return ()
    sketch = _blank_sketch().copy()
    sketch.update_batch(shingles)
    rows = sketch.hashvalues.astype("<u4").reshape(_BANDS, _ROWS)
    return tuple(_key(number, row.tobytes()) for number, row in enumerate(rows))


def share_a_story(text: str, other: str) -> bool:
    """Whether one of the articles' texts may hold copies of passages of the other: half of the shorter is in both."""
    few, many = sorted((text, other), key=lambda one: len(_shingles(one)))
    if len(_shingles(few) & _shingles(many)) < _SHARED * len(_shingles(few)):
        return False
    shorter, longer = _print(few), _print(many)
    return len(shorter.facts & longer.words) >= _SHARED * len(shorter.facts)


def carries(text: str, passage: str) -> bool:
    """Whether an article's ``text`` says what ``passage`` says in nearly the same words, and with all its facts.

    Link lines ("Baca juga: ..."), a dateline and the day in brackets do not count.
    """
    own = _shingles(passage)
    if not own or not _may_carry(text, passage) or len(own & _shingles(text)) < _CARRIED * len(own):
        return False
    whole, part = _print(text), _print(passage)
    if not part.facts <= whole.words:
        return False
    body = strip_wire(passage)
    sentences = (_print(body[start:end]) for start, end in sentence_spans(body))
    return all(one.share_in(whole) >= _CARRIED_SENTENCE for one in sentences if one.shingles)


def _may_carry(text: str, passage: str) -> bool:
    """Whether some stretch of the passage stands in the text as it is: a look that costs next to nothing."""
    step = max(_STRETCH, len(passage) // _STRETCHES)
    starts = range(0, max(1, len(passage) - _STRETCH + 1), step)
    return any(passage[start : start + _STRETCH] in text for start in starts)


def copies_of(passage: Passage, start: int, end: int) -> tuple[Article, ...]:
    """Those of the passage's copies that carry ``article.text[start:end]``, a quotation out of it."""
    quotation = passage.article.text[start:end]
    return tuple(article for article in passage.copies if carries(article.text, quotation))


def fold(passages: Sequence[Passage], stories: Mapping[str, Sequence[Article]]) -> list[Passage]:
    """The passages with each story told once, best first; what was folded into one raises its score to its own.

    ``stories`` gives, by article id, the articles of the same story (that article among them). An agency's own version
    stands for the copies, else the earliest.
    """
    kept: dict[str, Passage] = {}
    for passage in sorted(passages, key=lambda one: _preference(one.article)):
        same = next((one for one in kept.values() if _stands_for(one, passage, stories)), None)
        kept[(same or passage).chunk.id] = replace(same, score=max(same.score, passage.score)) if same else passage
    order = {passage.chunk.id: place for place, passage in enumerate(passages)}
    return sorted(kept.values(), key=lambda one: (-one.score, order[one.chunk.id]))


def _stands_for(kept: Passage, passage: Passage, stories: Mapping[str, Sequence[Article]]) -> bool:
    """Whether ``kept``, of another article of the story, makes ``passage`` superfluous."""
    article = kept.article
    if article.id == passage.article.id or all(one.id != article.id for one in stories.get(passage.article.id, ())):
        return False
    return _print(passage.text).share_in(_print(kept.text)) >= _SAME_PLACE and carries(article.text, passage.text)


def with_copies(passage: Passage, stories: Mapping[str, Sequence[Article]]) -> Passage:
    """The passage with the other articles of its story that carry it, in the order in which ``fold`` prefers them."""
    others = [one for one in stories.get(passage.article.id, ()) if one.id != passage.article.id]
    copies = [one for one in others if carries(one.text, passage.text)]
    return replace(passage, copies=tuple(sorted(copies, key=_preference))) if copies else passage


def _preference(article: Article) -> tuple[bool, date, time, str]:
    """Agencies first, then by time; without a time of day, behind those of the same day that have one."""
    moment = article.published
    clock = moment.time() if isinstance(moment, datetime) else time.max
    return not is_agency(article.publisher or ""), article.day or date.max, clock, article.id


@lru_cache(maxsize=512)
def _print(text: str) -> _Print:
    body = _body(text)
    words = _WORD.findall(body.lower())
    figures = [term for figure in _FIGURE.findall(body) for term in analyse(figure)]
    names = [word for name in _NAME.findall(body) if not is_agency(name) for word in _WORD.findall(name.lower())]
    facts = frozenset((*names, *figures, *_NUMBER_WORDS.intersection(words)))
    return _Print(_shingles(text), frozenset((*words, *figures)), facts)


def _body(text: str) -> str:
    return _APOSTROPHE.sub("", _NEWS_DAY.sub("", strip_wire(text)))


@lru_cache(maxsize=512)
def _shingles(text: str) -> frozenset[int]:
    terms = analyse(_body(text))
    runs = (" ".join(terms[i : i + _SHINGLE]) for i in range(len(terms) - _SHINGLE + 1))
    return frozenset(zlib.crc32(run.encode()) for run in runs)


@cache
def _blank_sketch() -> MinHash:
    """The permutations take longer to draw than to use. The scheme is named because bands are stored."""
    from datasketch import MinHash

    return MinHash(_BANDS * _ROWS, seed=1, scheme="affine32", hashfunc=int)


def _key(number: int, row: bytes) -> int:
    return int.from_bytes(blake2b(row, digest_size=8, salt=bytes([number])).digest(), "little", signed=True)
