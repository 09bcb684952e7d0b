"""The text of an answer in runs: its own words, the quotations in it, and the markers of its citations."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from assistant.types import Answer, Citation

__all__ = ["Run", "citation_markers", "runs"]

_MARKER = re.compile(r"\[(\d{1,3})\]")


class Run(NamedTuple):
    """A stretch of an answer's text: its own words, a part of a quotation, or the marker of a citation."""

    text: str
    quoted: bool = False
    key: bool = False
    citation: Citation | None = None


def citation_markers(answer: Answer) -> Iterator[tuple[int, int, Citation]]:
    """Where the markers stand: ``answer.text[start:end]`` is ``[1]`` for the citation with number 1."""
    position = 0
    for run in runs(answer):
        end = position + len(run.text)
        if run.citation:
            yield position, end, run.citation
        position = end


def runs(answer: Answer) -> Iterator[Run]:
    """The answer's text in runs. Markers are sought outside quotations only: an article may hold a "[1]" of its own."""
    cited = {citation.number: citation for citation in answer.citations}
    position = 0
    for claim in answer.claims:
        start = answer.text.find(claim.text, position) if claim.quoted and claim.text else -1
        if start < 0:
            continue
        yield from _own_words(answer.text[position:start], cited)
        position = start + len(claim.text)
        sources = [cited[number] for number in claim.citations if number in cited]
        yield from _quotation(claim.text, next((source for source in sources if source.span), None))
    yield from _own_words(answer.text[position:], cited)


def _own_words(text: str, cited: Mapping[int, Citation]) -> Iterator[Run]:
    position = 0
    for marker in _MARKER.finditer(text):
        if citation := cited.get(int(marker[1])):
            yield Run(text[position : marker.start()])
            yield Run(marker.group(), citation=citation)
            position = marker.end()
    yield Run(text[position:])


def _quotation(text: str, citation: Citation | None) -> Iterator[Run]:
    if citation is None or citation.span is None:
        yield Run(text, quoted=True)
        return
    start, end = (offset - citation.start for offset in citation.span)
    yield Run(text[:start], quoted=True)
    yield Run(text[start:end], quoted=True, key=True)
    yield Run(text[end:], quoted=True)
