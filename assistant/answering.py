"""A reading becomes an answer: what is said, in which order, and which characters of which article it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from index.copies import copies_of
from index.questions import Kind, Question, parse_question

from .comparing import contradictions, same_statement
from .glosses import glosses
from .reading.agreement import likely_meant, respelled, speaks_of_another
from .timeframe import Timeframe
from .types import Answer, Citation, Claim, Support
from .verification import verify_short
from .weighing import ages, sides, statement
from .wording import (
    EMPTY_INDEX,
    NOT_FOUND,
    YES_NO,
    Language,
    as_of_line,
    copies_label,
    coverage_line,
    filter_line,
    gloss_label,
    nearest_lines,
    question_language,
    respelled_line,
    source_label,
    unmentioned_line,
)
from .yes_no import says_yes

if TYPE_CHECKING:
    from index.types import Coverage

    from .reader import Evidence, Reading

__all__ = ["answer_snapshots", "paragraphs", "refusal"]


def answer_snapshots(
    opening: Answer,
    reading: Reading,
    coverage: Coverage | None,
    *,
    asked: str = "",
    time: Timeframe | None = None,
) -> Iterator[Answer]:
    """Growing answers: the short answer, then each quotation; the last one is complete.

    Args:
        opening: the answer so far: question, query, filter and passages.
        reading: what the reader found in those passages.
        coverage: what the index covers; needed only where the reader found nothing.
        asked: the question as the articles were read for it, in their language; by default the query.
        time: what the question says about time, which decides whether its figures age.
    """
    opening = replace(opening, confidence=reading.confidence)
    if not (reading.found and reading.evidence):
        yield refusal(opening, coverage, reading.unmentioned)
        return
    language = question_language(opening.question)
    question = parse_question(asked or opening.query or opening.question)
    read_as = respelled_line(respelled(opening.query or opening.question, opening.passages), language)
    opening = replace(opening, notice=" ".join(filter(None, (opening.notice, read_as))))
    citations, against = _citations(reading.evidence, question)
    citations = tuple(replace(cited, glosses=glosses(cited, language)) for cited in citations)
    as_of = citations[0].article.day if ages(question, citations[0], time or Timeframe()) else None
    verdict = _verdict(question, citations[0], language)
    short = [verdict] if verdict else _short_answers(question, citations, against, as_of, language)
    steps = [*short, *_quotations(citations, language)]
    claims: list[Claim] = []
    for count, step in enumerate(steps, start=1):
        claims += step.claims
        numbers = {number for claim in claims for number in claim.citations}
        yield replace(
            opening,
            text="\n\n".join(step.text for step in steps[:count]),
            found=True,
            claims=tuple(claims),
            citations=tuple(citation for citation in citations if citation.number in numbers),
            complete=count == len(steps),
            as_of=as_of,
            disagreement=(against,) if against else (),
        )


def refusal(opening: Answer, coverage: Coverage | None, unmentioned: Sequence[str] = ()) -> Answer:
    """The answer that the articles do not say: what they never mention, what the index covers, and the nearest."""
    language = question_language(opening.question)
    if coverage is not None and not coverage.articles:
        return replace(opening, text=EMPTY_INDEX[language], complete=True)
    paragraphs = [
        NOT_FOUND[language],
        unmentioned_line(unmentioned, language, likely_meant(unmentioned, opening.passages)),
        filter_line(opening.filter, language),
        coverage_line(coverage, language) if coverage is not None else "",
        nearest_lines((passage.article for passage in opening.passages), language),
    ]
    return replace(opening, text="\n\n".join(filter(None, paragraphs)), complete=True)


def paragraphs(answer: Answer) -> list[tuple[str, Claim | None]]:
    """The paragraphs of an answer's text, each with the claim that it quotes; ``None`` where it is no quotation."""
    quotations = {_quoted(claim.text): claim for claim in answer.claims if claim.quoted}
    return [
        (text, next((claim for quoted, claim in quotations.items() if text.startswith(quoted)), None))
        for text in answer.text.split("\n\n")
    ]


class _Step(NamedTuple):
    """A paragraph of an answer and the claims in it."""

    text: str
    claims: tuple[Claim, ...]


def _citations(evidence: Sequence[Evidence], asked: Question) -> tuple[tuple[Citation, ...], tuple[int, ...]]:
    """One citation for each stretch of an article, and the numbers of those that contradict each other.

    Evidence that overlaps is one stretch, at the place of the first. Contradicting ones come first, the newest article
    before the older; what says the same as another stands behind it, because one claim cites them together.
    """
    stretches: list[Citation] = []
    for item in evidence:
        article, start, end, span = item.passage.article, item.start, item.end, item.span
        place = len(stretches)
        for position, cited in reversed(list(enumerate(stretches))):
            if cited.article.id == article.id and cited.start < end and start < cited.end:
                start, end, span = min(start, cited.start), max(end, cited.end), cited.span or span
                del stretches[position]
                place = position
        copies = copies_of(item.passage, start, end)
        stretches.insert(place, Citation(number=1, article=article, start=start, end=end, span=span, copies=copies))
    stretches = [replace(cited, number=number) for number, cited in enumerate(stretches, start=1)]
    against = contradictions(asked, stretches)
    apart = {cited.number for cited in against}
    stretches = [*against, *(cited for cited in stretches if cited.number not in apart)]
    groups: list[list[Citation]] = []
    for cited in stretches:
        same = (group for group in groups if _says_the_same(group[0], cited))
        known = next(same, None)
        if known is None:
            groups.append([cited])
        else:
            known.append(cited)
    ordered = [cited for group in groups for cited in group]
    numbers = {cited.number: number for number, cited in enumerate(ordered, start=1)}
    return (
        tuple(replace(cited, number=numbers[cited.number]) for cited in ordered),
        tuple(numbers[cited.number] for cited in against),
    )


def _says_the_same(one: Citation, other: Citation) -> bool:
    return one.quote == other.quote or (one.article.id != other.article.id and same_statement(one.quote, other.quote))


def _short_answers(
    asked: Question, citations: Sequence[Citation], against: Sequence[int], as_of: date | None, language: Language
) -> list[_Step]:
    """The answer in a few words, where the reader is sure and they bear a check; each where articles disagree."""
    if against:
        return [_Step(*sides([citations[number - 1] for number in against], language))]
    first = citations[0]
    if first.span is None or first.span == (first.start, first.end):
        return []
    if speaks_of_another(asked, first.article, first.start, first.end):
        return []
    numbers = tuple(cited.number for cited in citations if _says_the_same(first, cited))
    verdict = verify_short(asked, statement(first), first, language=language)
    if verdict.support is Support.UNSUPPORTED:
        return []
    claim = Claim(statement(first), numbers, support=verdict.support, reason=verdict.reason)
    dated = f" ({as_of_line(as_of, language)})" if as_of else ""
    return [_Step(f"{claim.text} {_markers(claim)}{dated}", (claim,))]


def _verdict(question: Question, citation: Citation, language: Language) -> _Step | None:
    """ "Ya." or "Tidak." where the first quotation leaves no doubt of it."""
    if question.kind is not Kind.YES_NO:
        return None
    article = citation.article
    yes = says_yes(question, citation.quote, f"{article.title} {article.text}")
    if yes is None:
        return None
    claim = Claim(YES_NO[language][yes], (citation.number,))
    return _Step(f"{claim.text} {_markers(claim)}", (claim,))


def _quotations(citations: Sequence[Citation], language: Language) -> Iterator[_Step]:
    """Each quotation with its sources, and what its weekdays and pronouns mean behind them."""
    said: dict[int, list[Citation]] = {}
    for citation in citations:
        first = next((number for number in said if _says_the_same(citations[number - 1], citation)), citation.number)
        said.setdefault(first, []).append(citation)
    for group in said.values():
        claim = Claim(group[0].quote, tuple(cited.number for cited in group), quoted=True)
        sources = "; ".join(
            source_label(cited.article, language) + copies_label(cited.article, cited.copies, language)
            for cited in group
        )
        explained = gloss_label(group[0].glosses)
        yield _Step(f"{_quoted(claim.text)} {_markers(claim)} — {sources}{explained}", (claim,))


def _quoted(text: str) -> str:
    return f"“{text}”"


def _markers(claim: Claim) -> str:
    return "".join(f"[{number}]" for number in claim.citations)
