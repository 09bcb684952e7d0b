"""What sources leave to weigh: figures that hold for their day only, and articles that contradict each other."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from index.copies import copies_of
from index.questions import Kind, Question
from index.types import Passage

from .comparing import answering_span, contradictions
from .glosses import glosses
from .timeframe import Timeframe
from .types import Answer, Citation, Claim
from .wording import Language, aged_line, disagreement_line, question_language, source_label

if TYPE_CHECKING:
    from .reader import Reading

__all__ = ["ages", "in_context", "sides", "statement", "weighed"]

_AMOUNTS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT})
_LASTING = re.compile(
    r"\b(?:panjang|lebar|tinggi|luas|jarak|jauh|kedalaman|nomor|umur|usia|skor|score|"
    r"how (?:long|far|tall|wide|deep|old))",
    re.IGNORECASE,
)


def ages(asked: Question, citation: Citation, time: Timeframe) -> bool:
    """Whether an answer holds for the time of its article only: an amount asked for without its time, or the state
    of things now. What is measured once (a length, a distance) does not age, nor what the question dates itself."""
    if time.newest:
        return True
    if time.about or time.published or _LASTING.search(asked.text):
        return False
    return asked.kind in _AMOUNTS and citation.span is not None


def statement(citation: Citation) -> str:
    """The span as a statement of its own."""
    text = " ".join(citation.article.text[slice(*(citation.span or (0, 0)))].split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def sides(against: Iterable[Citation], language: Language) -> tuple[str, tuple[Claim, ...]]:
    """A paragraph with what each of several sources says, and the claims in it."""
    claims, lines = [], [disagreement_line(language)]
    for citation in against:
        claims.append(Claim(statement(citation), (citation.number,)))
        lines.append(f"{claims[-1].text} [{citation.number}] ({source_label(citation.article, language)})")
    return "\n".join(lines), tuple(claims)


def in_context(cited: Citation, passages: Sequence[Passage], language: Language) -> Citation:
    """The citation with the copies of the passages that it is from, and with what its words mean."""
    around = (
        passage
        for passage in passages
        if passage.article.id == cited.article.id and passage.start <= cited.start and cited.end <= passage.end
    )
    copies = {copy.id: copy for passage in around for copy in copies_of(passage, cited.start, cited.end)}
    return replace(cited, copies=tuple(copies.values()), glosses=glosses(cited, language))


def weighed(answer: Answer, reading: Reading, asked: Question, time: Timeframe) -> Answer:
    """A written answer with the day that its figure is of, and with the articles that contradict it.

    A chat model may cite one article and pass over another that says otherwise: what the reader found is held against
    what is cited, and the other side stands below, with its citation.

    Args:
        answer: stays as it is while it grows, and where the reader gave it after all.
        reading: what the embedded reader found in the same passages.
        asked: the question as the articles were read for it.
        time: what it says about time.
    """
    if not (answer.complete and answer.citations) or any(claim.quoted for claim in answer.claims):
        return answer
    language = question_language(answer.question)
    marked = [replace(cited, span=answering_span(asked, cited)) for cited in answer.citations]
    dated = next((cited.article.day for cited in marked if cited.span and ages(asked, cited, time)), None)
    if dated is not None:
        answer = replace(answer, as_of=dated, notice=f"{answer.notice} {aged_line(dated, language)}".strip())
    against = contradictions(asked, [*marked, *_passed_over(answer, reading, asked)])
    if not any(cited.number <= len(marked) for cited in against):
        return answer
    added = [cited.number for cited in against if cited.number > len(marked)]
    numbers = {number: place for place, number in enumerate(added, len(marked) + 1)}
    against = tuple(replace(cited, number=numbers.get(cited.number, cited.number)) for cited in against)
    new = [in_context(cited, answer.passages, language) for cited in against if cited.number > len(marked)]
    group = tuple(cited.number for cited in against)
    answer = replace(answer, citations=(*answer.citations, *new), disagreement=(group,))
    if not new:
        return answer
    text, claims = sides(against, language)
    return replace(answer, text=f"{answer.text}\n\n{text}", claims=(*answer.claims, *claims))


def _passed_over(answer: Answer, reading: Reading, asked: Question) -> Sequence[Citation]:
    """What the reader found in articles that the answer does not cite, numbered on from its citations."""
    cited = {citation.article.id for citation in answer.citations}
    found = [item for item in reading.evidence if item.passage.article.id not in cited]
    citations = (
        Citation(number=number, article=item.passage.article, start=item.start, end=item.end)
        for number, item in enumerate(found, len(answer.citations) + 1)
    )
    return [
        replace(one, span=answering_span(asked, one) or item.span) for one, item in zip(citations, found, strict=True)
    ]
