"""What the weekdays, relative dates and pronouns of a quotation mean, from the article around it."""

from __future__ import annotations

from collections.abc import Iterator, Set
from datetime import timedelta
from itertools import zip_longest

from .dates.periods import DateMention, Period, date_mentions
from .people import PRONOUN, antecedent, in_speech
from .types import Citation, Gloss
from .wording import Language, format_day, format_month

__all__ = ["glosses"]


def glosses(citation: Citation, language: Language) -> tuple[Gloss, ...]:
    """The expressions of the quote that need their article to be understood, each once, in order.

    Dates count from the day of publication, those in direct speech ("kemarin", "besok") from the day that the sentence
    says it was spoken on; an undated article explains none.
    """
    found = sorted([*_dates(citation, language), *_pronouns(citation)], key=lambda gloss: gloss.start)
    once = {(gloss.text.lower(), gloss.meaning): gloss for gloss in reversed(found)}
    return tuple(sorted(once.values(), key=lambda gloss: gloss.start))


def _dates(citation: Citation, language: Language) -> Iterator[Gloss]:
    mentions = date_mentions(citation.quote, citation.article.day)
    spoken = [in_speech(citation.article.text, citation.start + mention.start) for mention in mentions]
    told = {m.period for m, quoted in zip(mentions, spoken, strict=True) if m.period.is_day and not quoted}
    for mention, following, quoted in zip_longest(mentions, mentions[1:], spoken):
        # "hari ini, Senin (24/10)": the fuller date explains the other.
        explained = following is not None and not citation.quote[mention.end : following.start].strip(" ,")
        period = _spoken(citation, mention, told) if quoted and mention.relative else mention.period
        if period and mention.relative and not explained:
            start, end = citation.start + mention.start, citation.start + mention.end
            yield Gloss(citation.article.text[start:end], _named(period, language), start, end)


def _spoken(citation: Citation, mention: DateMention, told: Set[Period]) -> Period | None:
    """What a date in direct speech means: counted from the day the sentence gives, if it gives one; where it gives
    none, what it means both on the day of publication and on the day before; else ``None``."""
    day = next(iter(told)).first if len(told) == 1 else None
    if citation.article.day is None:
        return None
    means = {
        found.start: found.period for found in date_mentions(citation.quote, day or citation.article.day - timedelta(1))
    }.get(mention.start)
    return means if day or means == mention.period else None


def _pronouns(citation: Citation) -> Iterator[Gloss]:
    text = citation.article.text
    for match in PRONOUN.finditer(citation.quote):
        start, end = citation.start + match.start(), citation.start + match.end()
        person = antecedent(text, start)
        if person and person not in text[citation.start : start]:
            yield Gloss(match.group(), person, start, end)


def _named(period: Period, language: Language) -> str:
    first, last = period.first, period.last
    if period.is_day:
        return format_day(first, language)
    if period.is_year:
        return str(first.year)
    if period.is_month:
        return format_month(first, language)
    return f"{format_day(first, language)}–{format_day(last, language)}"
