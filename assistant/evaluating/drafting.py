"""Draft questions from articles, for a person to review: a sentence with its name, date or figure asked for.

They are rough by design: one word of the sentence becomes a question word, and the rest stays as the article says it.
That makes them easier to find than what people ask, and some are odd. What they save is the looking up.
"""

from __future__ import annotations

import heapq
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from assistant.people import people
from index.errors import TanyaError
from index.mentions import Mention, mentions
from index.questions import Kind, parse_question
from index.sentences import sentence_spans
from index.types import Article

__all__ = ["Draft", "draft_questions", "write_drafts"]

_WORDS = range(6, 26)  # of a sentence that makes a question
_UNANSWERABLE = 4  # one question in four
# What leans on the sentence before asks nothing by itself, and a quotation's "saya" is whoever speaks.
_LEANS = re.compile(
    r"\b(?:ia|dia|beliau|mereka|saya|kami|kita|tersebut|itu|ini|hal|nya|namun|selain|sementara|sedangkan|kemudian|lalu|"
    r"sebelumnya|adapun|ketiga|keduanya)\b|\w+nya\b|[\"“”]|\?",
    re.IGNORECASE,
)
_COUNTED = (Kind.NUMBER, Kind.MONEY, Kind.PERCENT)
_DOES = re.compile(r"(?: (?:juga|akan|telah|sudah|pun))? (?:me|ber|di|ter)[a-z]{3,}\b")
_BEFORE_PERSON = re.compile(r"\b(?:oleh|kepada|bersama|dengan) $")
_NUMBERED = re.compile(r"(?:\b(?:nomor|no\.?|pasal|ayat|km|jalan|seksi|tahap|ke)[ -]?|[-/(])$", re.IGNORECASE)
_SCALE = re.compile(r"(?:ribu|juta|mil[iy]ar|tril[iy]un)\b")
_COUNTS_NOTHING = re.compile(r" ?(?:(?:di|dan|dari|pada|yang|sehingga|atau|untuk|dengan|hingga)\b|[^ a-z]|$)")
_DATED = re.compile(r"\d.*(?:[A-Z]|/)")
_NO_HEAD = re.compile(r"(?:Pada|Dalam|Sebelum|Sesudah|Setelah|Sejak|Di|Saat|Ketika|Hingga|Untuk)\b")
_FIGURE = re.compile(r"\d+(?:[.,]\d+)*")
_BEFORE_DATE = re.compile(r"(?:\b(?:pada|sejak|hingga|sampai|tanggal|hari)\s+)+$", re.IGNORECASE)
_BEFORE_PLACE = re.compile(r"\b(di|ke|dari)\s+(?:Kota |Kabupaten |Provinsi )?$")
_LEFT_OVER = re.compile(r"\s+(?=[,.;:)])|\(\s*\)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A question nobody has reviewed, as a line of the file that ``load_questions`` reads.

    ``answer`` is None where a name was exchanged, so that the articles should not answer. ``article`` is an article's
    id; ``draft`` stays true until a person has read the line and taken it out.
    """

    question: str
    answer: str | None
    article: str
    title: str
    evidence: str | None
    kind: str
    answerable: bool
    draft: bool = True


def draft_questions(articles: Iterable[Article], count: int, *, seed: int = 0) -> list[Draft]:
    """At most ``count`` questions from as many articles drawn at random, one in four without an answer.

    Kinds of answers take turns as far as the articles allow. The same articles and seed give the same questions.
    """
    chance = random.Random(seed)  # noqa: S311 - it draws questions and keeps no secret
    drawn = heapq.nlargest(count, articles, key=lambda _: chance.random())
    waiting = [list(_drafts(article)) for article in drawn]
    taken: list[tuple[Article, Draft]] = []
    used: Counter[str] = Counter()
    while len(taken) < count and any(waiting):
        for article, drafts in zip(drawn, waiting, strict=True):
            if drafts and len(taken) < count:
                least = min(used[draft.kind] for draft in drafts)
                draft = chance.choice([draft for draft in drafts if used[draft.kind] == least])
                drafts[:] = [other for other in drafts if other.evidence != draft.evidence]  # a sentence asks once
                used[draft.kind] += 1
                taken.append((article, draft))
    persons = [(article, sorted({person.name for person in people(article.text) if person.name})) for article in drawn]
    swapped = 0
    result = []
    for number, (article, draft) in enumerate(taken, start=1):
        other = _exchanged(article, draft, persons, chance) if swapped < number // _UNANSWERABLE else None
        swapped += other is not None
        result.append(other or draft)
    return result


def write_drafts(drafts: Iterable[Draft], path: Path) -> None:
    """Writes JSONL, and nothing over a file that is there: it may hold what somebody has reviewed.

    Raises:
        TanyaError: the file is there already, or cannot be written.
    """
    try:
        with path.open("x", encoding="utf-8") as file:
            file.writelines(json.dumps(asdict(draft), ensure_ascii=False) + "\n" for draft in drafts)
    except FileExistsError as error:
        raise TanyaError(f"{path} is there already; give another name, or remove it first.") from error
    except OSError as error:
        raise TanyaError(f"{path} cannot be written: {error}") from error


def _drafts(article: Article) -> Iterator[Draft]:
    persons = [person for person in people(article.text) if person.name]
    for start, end in sentence_spans(article.text):
        sentence = article.text[start:end]
        if len(sentence.split()) not in _WORDS or _LEANS.search(sentence) or "\n" in sentence:
            continue
        named = [(person.start - start, person.end - start) for person in persons if start <= person.start < end]
        found = [_about_person(sentence, *span) for span in named]
        mentioned = mentions(sentence)
        dates = sum(mention.kind is Kind.DATE for mention in mentioned)
        found += [_about(sentence, mention) for mention in mentioned if mention.kind is not Kind.DATE or dates == 1]
        for asked in filter(None, found):
            words = " ".join(_LEFT_OVER.sub("", asked.question.rstrip(" .,;")).split())
            question = f"{words[:1].upper()}{words[1:]}?"
            told = asked.answer in question  # elsewhere in the sentence
            if not told and parse_question(question).kind is asked.kind:  # else it would be read as another question
                yield Draft(
                    question=question,
                    answer=asked.answer,
                    article=article.id,
                    title=article.title,
                    evidence=sentence,
                    kind=str(asked.kind),
                    answerable=True,
                )


class _Asked(NamedTuple):
    question: str
    answer: str
    kind: Kind


def _about_person(sentence: str, start: int, end: int) -> _Asked | None:
    """Of whoever opens the sentence and does something, or whom a preposition stands before."""
    before, rest = sentence[:start], sentence[end:]
    if not before and _DOES.match(rest):
        return _Asked(f"siapa yang{rest}", sentence[start:end], Kind.PERSON)
    if _BEFORE_PERSON.search(before):
        return _Asked(f"{before}siapa{rest}", sentence[start:end], Kind.PERSON)
    return None


def _about(sentence: str, mention: Mention) -> _Asked | None:
    """Of a date, a place or a figure: the date's place is the question's head, the others stay where they stand."""
    before, rest = sentence[: mention.start], sentence[mention.end :]
    text = sentence[mention.start : mention.end]
    if mention.kind is Kind.DATE:
        if not _DATED.search(text) or _NO_HEAD.match(before):
            return None
        opening = _BEFORE_DATE.sub("", before)
        return _Asked(f"kapan {opening}{rest if opening else rest.lstrip(' ,')}", text, mention.kind)
    if mention.kind is Kind.PLACE and (place := _BEFORE_PLACE.search(before)):
        return _Asked(f"{before[: place.start()]}{place[1]} mana{rest}", text, mention.kind)
    if mention.kind in _COUNTED and (figure := _FIGURE.search(text)) and not _NUMBERED.search(before):
        unit = text[figure.end() :].strip()
        scale, _, counted = unit.partition(" ") if _SCALE.match(unit) else ("", "", unit)
        if mention.kind is Kind.NUMBER and _COUNTS_NOTHING.match(counted or rest):
            return None
        if mention.kind is Kind.MONEY and not counted:
            counted = "dolar" if "$" in text or "USD" in text else "rupiah"
        answer = text if mention.kind is Kind.MONEY else f"{figure[0]} {scale}".strip()
        return _Asked(f"{before}berapa {counted}{rest}", answer, mention.kind)
    return None


def _exchanged(
    article: Article, draft: Draft, persons: Sequence[tuple[Article, list[str]]], chance: random.Random
) -> Draft | None:
    """The same asked of somebody else, whom neither this article names nor an article with the answer; None if none."""
    named = next(names for other, names in persons if other is article)
    own = [name for name in named if " " in name and re.search(rf"\b{re.escape(name)}\b", draft.question)]
    others = [
        name
        for other, names in persons
        for name in names
        if name not in article.text and (draft.answer or "") not in other.text and " " in name
    ]
    if not own or not others:
        return None
    question = draft.question.replace(max(own, key=len), chance.choice(others))
    return replace(draft, question=question, answer=None, evidence=None, kind="unanswerable", answerable=False)
