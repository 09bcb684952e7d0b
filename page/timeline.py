"""How many articles there are from each day, month or year, as a small plot."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date
from typing import NamedTuple

from assistant.wording import Language, format_day, format_month

from .markup import said
from .strings import number

__all__ = ["Bar", "bars", "timeline"]

_HEIGHT, _STEP, _GAP = 48.0, 10.0, 2.0  # in units of the plot, which is as wide as the panel
_MOST = 62  # bars, about two months of days


class Bar(NamedTuple):
    """A stretch of time, from its first to its last day with articles, and how many there are."""

    name: str
    first: date
    last: date
    articles: int


def bars(days: Mapping[date, int], language: Language) -> list[Bar]:
    """Articles by day, month or year, whichever is the finest that stays readable; stretches without any too."""
    if not days:
        return []
    first, last = min(days), max(days)
    names: Callable[[date], str]
    if (last - first).days < _MOST:
        slots = [date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1)]
        names = lambda day: format_day(day, language)  # noqa: E731
    elif (months := last.year * 12 + last.month - first.year * 12 - first.month) < _MOST:
        start = first.year * 12 + first.month - 1
        slots = [date(month // 12, month % 12 + 1, 1) for month in range(start, start + months + 1)]
        names = lambda day: format_month(day, language)  # noqa: E731
    else:
        slots = [date(year, 1, 1) for year in range(first.year, last.year + 1)]
        names = lambda day: str(day.year)  # noqa: E731
    counts = Counter[str]()
    for day, count in days.items():
        counts[names(day)] += count
    ends = [*(date.fromordinal(slot.toordinal() - 1) for slot in slots[1:]), last]
    return [Bar(names(slot), slot, end, counts[names(slot)]) for slot, end in zip(slots, ends, strict=True)]


def timeline(days: Mapping[date, int], language: Language) -> str:
    """The plot as SVG, each bar to be chosen as a period; empty for fewer than two."""
    shown = bars(days, language)
    if len(shown) < 2:
        return ""
    highest = max(bar.articles for bar in shown)
    top = max(shown, key=lambda bar: bar.articles)
    label = said(language, "timeline", first=shown[0].name, last=shown[-1].name, most=top.name)
    columns = "".join(_column(place, bar, highest, language) for place, bar in enumerate(shown))
    return f"""<figure class="timeline"><svg viewBox="0 0 {len(shown) * _STEP:g} {_HEIGHT:g}" role="img"
 preserveAspectRatio="none" aria-label="{label}">{columns}</svg>
<figcaption aria-hidden="true"><span>{shown[0].name}</span><span>{shown[-1].name}</span></figcaption></figure>"""


def _column(place: int, bar: Bar, highest: int, language: Language) -> str:
    height = max(1.0, _HEIGHT * bar.articles / highest) if bar.articles else 0.0
    count = said(language, "articles_listed", articles=number(bar.articles, language))
    left = place * _STEP
    # The whole column can be pointed at, however low its bar is.
    return (
        f'<g data-action="period" data-since="{bar.first}" data-until="{bar.last}"><title>{bar.name}: {count}</title>'
        f'<rect class="ground" x="{left:g}" y="0" width="{_STEP:g}" height="{_HEIGHT:g}"/>'
        f'<rect x="{left + _GAP / 2:g}" y="{_HEIGHT - height:g}" width="{_STEP - _GAP:g}" height="{height:g}"/></g>'
    )
