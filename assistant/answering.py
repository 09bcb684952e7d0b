"""A reading becomes an answer: what is said, in which order, and which characters of which article it rests on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .types import Answer, Citation, Claim
from .wording import (
    EMPTY_INDEX,
    NOT_FOUND,
    Language,
    coverage_line,
    filter_line,
    nearest_lines,
    question_language,
    source_label,
    unmentioned_line,
)

if TYPE_CHECKING:
    from index.types import Coverage

    from .reader import Evidence, Reading

__all__ = ["answer_snapshots", "refusal"]


def answer_snapshots(opening: Answer, reading: Reading, coverage: Coverage | None) -> Iterator[Answer]:
    """Growing answers: the short answer, then each quotation; the last one is complete.

    Args:
        opening: the answer so far: question, query, filter and passages.
        reading: what the reader found in those passages.
        coverage: what the index covers; needed only where the reader found nothing.
    """
    opening = replace(opening, confidence=reading.confidence)
    if not (reading.found and reading.evidence):
        yield refusal(opening, coverage, reading.unmentioned)
        return
    language = question_language(opening.question)
    citations = _citations(reading.evidence)
    claims = _claims(citations)
    for count in range(1, len(claims) + 1):
        shown = claims[:count]
        numbers = {number for claim in shown for number in claim.citations}
        yield replace(
            opening,
            text="\n\n".join(_paragraph(claim, citations, language) for claim in shown),
            found=True,
            claims=shown,
            citations=tuple(citation for citation in citations if citation.number in numbers),
            complete=count == len(claims),
        )


def refusal(opening: Answer, coverage: Coverage | None, unmentioned: Sequence[str] = ()) -> Answer:
    """The answer that the articles do not say: what they never mention, what the index covers, and the nearest."""
    language = question_language(opening.question)
    if coverage is not None and not coverage.articles:
        return replace(opening, text=EMPTY_INDEX[language], complete=True)
    paragraphs = [
        NOT_FOUND[language],
        unmentioned_line(unmentioned, language),
        filter_line(opening.filter, language),
        coverage_line(coverage, language) if coverage is not None else "",
        nearest_lines((passage.article for passage in opening.passages), language),
    ]
    return replace(opening, text="\n\n".join(filter(None, paragraphs)), complete=True)


def _citations(evidence: Sequence[Evidence]) -> tuple[Citation, ...]:
    """One citation for each stretch of an article; evidence that overlaps is one stretch, at the place of the first."""
    stretches: list[Citation] = []
    for item in evidence:
        article, start, end, span = item.passage.article, item.start, item.end, item.span
        place = len(stretches)
        for position, cited in reversed(list(enumerate(stretches))):
            if cited.article.id == article.id and cited.start < end and start < cited.end:
                start, end, span = min(start, cited.start), max(end, cited.end), cited.span or span
                del stretches[position]
                place = position
        stretches.insert(place, Citation(number=1, article=article, start=start, end=end, span=span))
    # The same words in another article (agency copy) stand beside each other, because one claim cites them together.
    order = {quote: position for position, quote in enumerate(dict.fromkeys(cited.quote for cited in stretches))}
    stretches.sort(key=lambda cited: order[cited.quote])
    return tuple(replace(cited, number=number) for number, cited in enumerate(stretches, start=1))


def _claims(citations: Sequence[Citation]) -> tuple[Claim, ...]:
    quotations: dict[str, tuple[int, ...]] = {}
    for citation in citations:
        quotations[citation.quote] = (*quotations.get(citation.quote, ()), citation.number)
    claims = [Claim(quote, numbers, quoted=True) for quote, numbers in quotations.items()]
    short = _short_answer(citations[0])
    if short:
        claims.insert(0, Claim(short, claims[0].citations))
    return tuple(claims)


def _short_answer(citation: Citation) -> str:
    """The span as a statement of its own; empty without one, or where it is the whole quotation anyway."""
    if citation.span is None or citation.span == (citation.start, citation.end):
        return ""
    text = " ".join(citation.article.text[slice(*citation.span)].split())
    return text if text.endswith((".", "!", "?")) else f"{text}."


def _paragraph(claim: Claim, citations: Sequence[Citation], language: Language) -> str:
    markers = "".join(f"[{number}]" for number in claim.citations)
    if not claim.quoted:
        return f"{claim.text} {markers}"
    sources = "; ".join(source_label(citations[number - 1].article, language) for number in claim.citations)
    return f"“{claim.text}” {markers} — {sources}"
