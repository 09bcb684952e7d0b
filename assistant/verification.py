"""Does what is cited bear out what is said? A claim against the exact characters it cites.

What can be decided is decided: quotations must stand there word for word; numbers, days and names must be those of the
cited characters, however they are written; a denial or an opposite must not have been turned round. What is left to
judge - do the cited sentences say this at all? - is judged by a small trained score.

A claim is *unsupported* when something in it contradicts the cited characters or stands nowhere in the article, and
*partly* supported when it is in the article but outside what is cited, or when no more can be told.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from index.questions import Question
from index.sentences import sentence_spans

from .reading.agreement import answers_kind
from .types import Citation, Claim, Support
from .verifying import dates_check, names_check, numbers_check, polarity_check, quotations, support_check
from .verifying.evidence import Evidence, Finding
from .wording import Language

__all__ = ["Verdict", "unquoted", "verify", "verify_answer", "verify_short"]

_MARKER = re.compile(r"\s*\[(\d{1,4})\]")
_UNCITED = {
    "id": "Pernyataan ini tidak merujuk ke sumber.",
    "en": "This statement cites no source.",
}
_OTHER_KIND = {
    "id": "Jawaban singkat ini tidak sesuai dengan yang ditanyakan.",
    "en": "This short answer is not of the kind that was asked for.",
}
_CHECKS: tuple[Callable[[str, Evidence], Iterator[Finding]], ...] = (
    quotations.check,
    numbers_check.check,
    dates_check.check,
    names_check.check,
    polarity_check.check,
    support_check.check,
)
_WORST_FIRST = (Support.UNSUPPORTED, Support.PARTLY)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far the cited characters bear a claim out, and why not wholly, as a sentence to show ("" if they do)."""

    support: Support
    reason: str = ""


def verify(text: str, citations: Sequence[Citation], *, language: Language = "id") -> Verdict:
    """Checks one statement against the characters that it cites, all of them together.

    Args:
        text: the statement; markers such as ``[1]`` in it are passed over.
        citations: what it cites. Without any it is unsupported, however true.
        language: that of the statement; the reason is given in it.
    """
    claim = _MARKER.sub("", text).strip()
    if not citations:
        return Verdict(Support.UNSUPPORTED, _UNCITED[language])
    if any(_plain(claim) and _plain(claim) in _plain(citation.quote) for citation in citations):
        return Verdict(Support.SUPPORTED)
    evidence = Evidence.of(citations, language)
    findings = [finding for check in _CHECKS for finding in check(claim, evidence)]
    for support in _WORST_FIRST:
        for finding in findings:
            if finding.support is support:
                return Verdict(support, finding.reason)
    return Verdict(Support.SUPPORTED)


def verify_short(question: Question, text: str, citation: Citation, *, language: Language = "id") -> Verdict:
    """Checks a short answer ("Seno Aji.", "Rp1,2 triliun.") as what it says together with its question.

    It is unsupported when the cited characters do not hold it, or when it is not of the kind asked for; and partly
    supported when they give another day than the one that the question names.
    """
    verdict = verify(text, [citation], language=language)
    if verdict.support is Support.SUPPORTED and not answers_kind(question, text):
        return Verdict(Support.UNSUPPORTED, _OTHER_KIND[language])
    if verdict.support is Support.SUPPORTED:
        evidence = Evidence.of([citation], language)
        for finding in dates_check.check(question.text, evidence):
            if finding.support is Support.UNSUPPORTED and evidence.days:
                return Verdict(Support.PARTLY, finding.reason)
    return verdict


def verify_answer(text: str, citations: Sequence[Citation], *, language: Language = "id") -> tuple[Claim, ...]:
    """Splits an answer with ``[1]`` markers into its sentences and checks each against what it cites.

    Markers that no citation bears are left out. A statement that is verbatim one quotation between marks is a quoted
    claim; its text is then the quotation alone.
    """
    by_number = {citation.number: citation for citation in citations}
    claims = []
    for statement, numbers in _statements(text):
        known = tuple(number for number in dict.fromkeys(numbers) if number in by_number)
        cited = [by_number[number] for number in known]
        verdict = verify(statement, cited, language=language)
        bare = statement.strip("“”\"' ")
        quoted = any(bare == citation.quote for citation in cited)
        claims.append(Claim(bare if quoted else statement, known, quoted, verdict.support, verdict.reason))
    return tuple(claims)


def unquoted(text: str, citations: Sequence[Citation]) -> str:
    """``text`` without the quotation marks around words that no citation holds word for word."""
    return quotations.unquoted(text, citations)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _statements(text: str) -> Iterator[tuple[str, list[int]]]:
    """Sentences without their markers, and the numbers in them; markers behind the full stop belong to it."""
    bare, places = _without_markers(text)
    spans = sentence_spans(bare)
    for position, (start, end) in enumerate(spans):
        following = spans[position + 1][0] if position + 1 < len(spans) else len(bare) + 1
        yield bare[start:end], [number for at, number in places if start < at <= following - (following <= len(bare))]


def _without_markers(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text without markers, and (where in it one stood, its number)."""
    pieces, places = [], []
    size = position = 0
    for match in _MARKER.finditer(text):
        pieces.append(text[position : match.start()])
        size += match.start() - position
        places.append((size, int(match[1])))
        position = match.end()
    return "".join([*pieces, text[position:]]), places
