"""Where in a sentence the answer itself may stand - a name, a date, an amount - and what can be seen of each place."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from assistant.people import TITLE, people
from index.cross_encoder import PassageReading
from index.lexicon import words
from index.questions import Kind, Question

from .features import Candidate, fitting
from .neural import log_softmax, passage_words

__all__ = ["SPAN_FEATURES", "Span", "spans"]

_KINDS = tuple(Kind)
SPAN_FEATURES = (
    "chance", "below_best", "fits", "is_mention", "mentions", "other_mentions", "typed_misfit", "person_misfit",
    "person", "whole_person", "role_said", "role_unsaid", "asked", "nearest", "words", "list", "list_of_several",
    "capitals",
    *(f"kind_{kind}" for kind in _KINDS),
)  # fmt: skip
"""Names of the columns of ``Span.row``."""

_LENGTHS = range(2, 81)  # characters; longer ones are no short answer but the sentence again
_LIST_LENGTHS = range(2, 161)
_MOST_WORDS = 12
_LIKELIEST = 6  # places by the network; the mentions of the kind asked for come on top
_FLOOR = -14.0  # of logarithms of probabilities
_BY_SENTENCES = frozenset({Kind.DEFINITION, Kind.REASON, Kind.MANNER, Kind.YES_NO})  # answered by whole sentences
_TYPED = frozenset({Kind.DATE, Kind.TIME, Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
_EDGES = " \t\n.,;:!?\"“”'‘’-–"
_WHO = re.compile(r"\b(?:siapa(?:kah)?|who)(?: (?:nama|is|was|are|the))*\s", re.IGNORECASE)
_NEAR = 60  # characters within which an office stands before its holder's name
_AS = re.compile(r",? (?:sebagai|selaku|menjadi|adalah) ", re.IGNORECASE)  # or behind it
_LISTS = re.compile(r", | dan | and ")
_ITEM = r"[A-Z0-9][\w'’./-]*(?: [A-Z0-9][\w'’./-]*)*(?: \([^()]{1,20}\))?"
_LAST = rf",? (?:dan|serta|atau|hingga|and|or) {_ITEM}"
_ENUMERATION = re.compile(  # "A, B, dan C", "A dan B, serta adik B, C", "A, B, C, dan kota lainnya"
    rf"{_ITEM}(?:, {_ITEM})*{_LAST}(?:, serta (?:\w+ )?{_ITEM}(?:, {_ITEM})?)?|{_ITEM}(?:, {_ITEM}){{2,}}"
)
_OFFERS_A_CHOICE = re.compile(r"\b(?:atau|or)\b", re.IGNORECASE)

Place = tuple[int, int]
"""Offsets (start, end) into the article's text."""


@dataclass(frozen=True, slots=True)
class Span:
    """``article.text[slice(*place)]`` may be the short answer; ``row`` is what is seen of it, as ``SPAN_FEATURES``."""

    place: Place
    row: tuple[float, ...]


def spans(question: Question, sentence: Candidate, reading: PassageReading) -> list[Span]:
    """The places in a sentence where the short answer may stand; none for questions that whole sentences answer.

    They are those the network finds likeliest, and the mentions of the kind asked for. What only repeats words of the
    question is no answer to it, unless it offers a choice ("A atau B"); nor is an office to who holds one.
    """
    if question.kind in _BY_SENTENCES:
        return []
    text = sentence.passage.article.text
    mentions, persons = _mentions(question, sentence)
    chances = _chances(question, sentence, reading, mentions)
    best = max(chances.values(), default=0.0)
    known = set(question.terms)
    matched = [(sentence.start + w.start, sentence.start + w.end) for w in words(sentence.text) if w.term in known]
    kind = [float(question.kind is other) for other in _KINDS]
    found = []
    for place, chance in chances.items():
        asked = _share_asked(text[slice(*place)], known)
        role = _role(question, text, place)
        if asked == 1 and not _OFFERS_A_CHOICE.search(question.text):
            continue
        if not _is_office_alone(text, place, persons, asked=any(role)):
            seen = [*_fit(question, place, mentions, persons), *role]
            row = [chance, chance - best, *seen, asked, _nearness(place, matched)]
            found.append(Span(place, (*row, *_look(question, text[slice(*place)]), *kind)))
    return found


def _mentions(question: Question, sentence: Candidate) -> tuple[list[Place], list[Place]]:
    """What in the sentence is of the kind asked for, and, where that is a person, what the article treats as one.

    Of "KPU Kaltim Fahmi Idris" behind "Ketua" the person alone is one mention.
    """
    found = [(sentence.start + m.start, sentence.start + m.end) for m in fitting(question, sentence.text)]
    if question.kind is not Kind.PERSON:
        return found, []
    named = [person[:2] for person in people(sentence.passage.article.text)]
    persons = [place for place in named if any(_overlap(place, other) for other in found)]
    return [*persons, *(place for place in found if not any(_overlap(place, other) for other in persons))], persons


def _chances(
    question: Question, sentence: Candidate, reading: PassageReading, mentions: Sequence[Place]
) -> dict[Place, float]:
    """Places in the article -> the logarithm of the network's probability of that span within the sentence."""
    first, last = passage_words(sentence, reading)
    if first == last:
        return {}
    text, places = sentence.passage.article.text, reading.spans[first:last] + sentence.passage.start
    starts, ends = log_softmax(reading.start[first:last]), log_softmax(reading.end[first:last])
    within = [
        (int(np.searchsorted(places[:, 1], a, side="right")), int(np.searchsorted(places[:, 0], b)) - 1)
        for a, b in mentions
    ]
    found: dict[Place, float] = {}
    for begin, finish in [*_likeliest(starts, ends), *(pair for pair in within if pair[0] <= pair[1] < len(places))]:
        place = _whole(question, text, _trimmed(text, int(places[begin, 0]), int(places[finish, 1])), mentions)
        if question.several:
            place = _with_the_rest(text, place, sentence)
        if _is_short_answer(question, text[slice(*place)], sum(_overlap(place, other) for other in mentions)):
            found[place] = max(found.get(place, _FLOOR), float(starts[begin] + ends[finish]))
    return found


def _whole(question: Question, text: str, place: Place, mentions: Sequence[Place]) -> Place:
    """The mention that the place is a part of; of "Ratna Wibisana, camat di Seruni" the name alone, and of a figure or
    date with words of the question around it only that."""
    if around := next((other for other in mentions if other[0] <= place[0] and place[1] <= other[1]), None):
        return around
    inside = [other for other in mentions if place[0] <= other[0] and other[1] <= place[1]]
    if question.kind in _TYPED and len(inside) == 1:
        before, behind = text[place[0] : inside[0][0]], text[inside[0][1] : place[1]]
        if _share_asked(f"{before} {behind}", set(question.terms)) == 1:
            return inside[0]
        if f" {before}".endswith((" pada ", " on ")):
            return inside[0][0], place[1]
    name = place[0], place[0] + len(text[slice(*place)].partition(", ")[0])
    if question.kind is Kind.PERSON and not question.several and name in mentions and not TITLE.match(text, *name):
        return name
    return place


def _with_the_rest(text: str, place: Place, sentence: Candidate) -> Place:
    """The whole enumeration that the place is a part of: who asks for several things wants all of them."""
    for match in _ENUMERATION.finditer(text, sentence.start, sentence.end):
        if _overlap(match.span(), place):
            return _trimmed(text, min(place[0], match.start()), max(place[1], match.end()))
    return place


def _is_short_answer(question: Question, span: str, mentions: int) -> bool:
    """Whether it is neither too short nor too long, has both brackets of a pair, and no list of dates or figures."""
    one = question.several or question.kind not in _TYPED or mentions < 2 or not _LISTS.search(span)
    lengths = _LIST_LENGTHS if question.several else _LENGTHS
    return one and len(span) in lengths and span.count("(") == span.count(")")


def _likeliest(starts: np.ndarray, ends: np.ndarray) -> Iterator[tuple[int, int]]:
    """The likeliest pairs of first and last word, best first."""
    scores = starts[:, None] + ends[None]
    allowed = np.triu(np.ones_like(scores, dtype=bool)) & ~np.triu(np.ones_like(scores, dtype=bool), _MOST_WORDS)
    scores = np.where(allowed, scores, -np.inf)
    for place in np.argsort(-scores, axis=None, kind="stable")[:_LIKELIEST]:
        begin, finish = divmod(int(place), len(ends))
        if np.isfinite(scores[begin, finish]):
            yield begin, finish


def _trimmed(text: str, start: int, end: int) -> Place:
    """Without spaces and marks at the ends, and without one bracket of a pair."""
    while start < end and (text[start] in _EDGES or (text[start] == "(" and ")" not in text[start:end])):
        start += 1
    while end > start and (text[end - 1] in _EDGES or (text[end - 1] == ")" and "(" not in text[start:end])):
        end -= 1
    return start, end


def _fit(question: Question, place: Place, mentions: Sequence[Place], persons: Sequence[Place]) -> list[float]:
    """Whether something of the kind asked for stands there, alone, how many, and how many elsewhere; where not, how bad
    that is: always for a date or an amount, mostly for a person; and whether the article treats it as a person."""
    inside = sum(_overlap(place, other) for other in mentions)
    return [
        float(inside > 0),
        float(place in mentions),
        min(inside, 4) / 4,
        min(len(mentions) - inside, 4) / 4,
        float(not inside and question.kind in _TYPED),
        float(not inside and question.kind is Kind.PERSON),
        float(any(_overlap(place, other) for other in persons)),
        float(place in persons),
    ]


def _role(question: Question, text: str, place: Place) -> list[float]:
    """Whether the office that is asked for ("siapa ketua ...") stands in the span, before it, or behind "sebagai";
    whether it does not."""
    asked = _WHO.search(question.text)
    office = TITLE.match(question.text, asked.end()) if asked else None
    if office is None:
        return [0.0, 0.0]
    wanted = re.compile(rf"(?<!wakil )(?<!mantan )(?<!calon )\b{re.escape(office.group().strip())}\b", re.IGNORECASE)
    if named := _AS.match(text, place[1]):
        said = float(wanted.match(text, named.end()) is not None)
    else:
        said = float(wanted.search(text, max(0, place[0] - _NEAR), place[1]) is not None)
    return [said, 1 - said]


def _is_office_alone(text: str, place: Place, persons: Sequence[Place], *, asked: bool) -> bool:
    """Whether an office stands there without its holder, though the sentence names people or the office is ``asked``
    for: "Wali Kota Seruni" of "Wali Kota Seruni, Rina Lestari,"."""
    if not (asked or persons) or any(_overlap(place, one) for one in persons):
        return False
    return TITLE.match(text, place[0], place[1]) is not None


def _overlap(one: Place, other: Place) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _share_asked(span: str, known: set[str]) -> float:
    terms = [word.term for word in words(span) if word.term]
    return sum(term in known for term in terms) / len(terms) if terms else 0.0


def _nearness(place: Place, matched: Sequence[Place]) -> float:
    """1 beside a word of the question, falling with the characters between them; 0 without any."""
    gaps = [max(place[0] - end, start - place[1], 0) for start, end in matched if not place[0] <= start < place[1]]
    return 1 / (1 + min(gaps) / 20) if gaps else 0.0


def _look(question: Question, span: str) -> list[float]:
    """How many words, whether a comma or "dan" parts them, whether several are asked for, the share of capitals."""
    tokens = span.split()
    listed = bool(_LISTS.search(span))
    capitals = sum(token[0].isupper() for token in tokens) / len(tokens)
    return [math.log1p(len(tokens)) / 2.5, float(listed), float(listed and question.several), capitals]
