"""What the weekdays, relative dates and pronouns of a quotation mean, from the article around it."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from .dates.periods import Period, date_mentions
from .people import PRONOUN, antecedent
from .types import Citation, Gloss
from .wording import Language, format_day, format_month

__all__ = ["glosses"]


def glosses(citation: Citation, language: Language) -> tuple[Gloss, ...]:
    """The expressions of the quote that need their article to be understood, each once, in order.

    Dates count from the day of publication; an article without one explains none.
    """
    found = sorted([*_dates(citation, language), *_pronouns(citation)], key=lambda gloss: gloss.start)
    once = {(gloss.text.lower(), gloss.meaning): gloss for gloss in reversed(found)}
    return tuple(sorted(once.values(), key=lambda gloss: gloss.start))


def _dates(citation: Citation, language: Language) -> Iterator[Gloss]:
    mentions = date_mentions(citation.quote, citation.article.day)
    for mention, following in zip_longest(mentions, mentions[1:]):
        # "hari ini, Senin (24/10)": the fuller date explains the other.
        explained = following is not None and not citation.quote[mention.end : following.start].strip(" ,")
        if mention.relative and not explained:
            start, end = citation.start + mention.start, citation.start + mention.end
            yield Gloss(citation.article.text[start:end], _named(mention.period, language), start, end)


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
