"""Dates in a claim: those of the cited characters, however they are written."""

from __future__ import annotations

from collections.abc import Iterator

from assistant.dates.days import DayMention, PartialDay, agrees, days
from assistant.types import Support

from .evidence import Evidence, Finding, listed

__all__ = ["check"]


def check(claim: str, evidence: Evidence) -> Iterator[Finding]:
    """Every date that the cited characters do not give."""
    for said in days(claim, evidence.published):
        written = claim[said.start : said.end]
        if said.relative and written.lower() in evidence.text.lower():
            continue
        if any(agrees(found, said) for found in evidence.days) or _goes_without_saying(said, evidence):
            continue
        if _in_context(said, evidence) and not any(_rivals(found, said) for found in evidence.days):
            yield Finding(
                Support.PARTLY,
                evidence.say(
                    f"Tanggal {listed([written])} ada dalam artikelnya, tetapi tidak dalam kutipan yang dirujuk.",
                    f"The date {listed([written])} is in the article, but not in the cited sentence.",
                ),
            )
            continue
        instead = listed([source.text[found.start : found.end] for source in evidence.sources for found in source.days])
        yield Finding(
            Support.UNSUPPORTED,
            evidence.say(
                f"Sumber yang dirujuk tidak menyebut {listed([written])}"
                + (f"; di sana tertulis {instead}." if instead else "."),
                f"The cited source does not give {listed([written])}" + (f"; it has {instead}." if instead else "."),
            ),
        )


def _goes_without_saying(said: DayMention, evidence: Evidence) -> bool:
    """Whether it is the day, month or year of publication, and the cited characters give no other one."""
    for source in evidence.sources:
        published = source.article.day
        if published is None:
            continue
        day = PartialDay(published.year, published.month, published.day)
        own = DayMention(0, 0, day, (day,), published.weekday())
        if not agrees(own, said):
            continue
        if not any(_rivals(found, said) for found in source.days):
            return True
    return False


def _rivals(found: DayMention, said: DayMention) -> bool:
    """Whether both fix the same part, and so differ in it: a day against a day, a year that is written against one."""
    wanted = said.meant[0] if said.relative or said.written == PartialDay() else said.written
    narrowest = max((i for i, part in enumerate(wanted) if part is not None), default=2)
    given = found.written if found.written != PartialDay() else found.meant[0]
    return given[narrowest] is not None


def _in_context(said: DayMention, evidence: Evidence) -> bool:
    return any(
        agrees(found, said)
        for source in evidence.sources
        for text in (*source.before, source.topic)
        for found in days(text, source.article.day)
    )
