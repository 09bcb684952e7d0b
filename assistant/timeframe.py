"""What a question says about time, and what that may do to the search for passages.

Three dates are kept apart: the day an article was published, the day something happened, and today. Only a question
about publication ("berita Oktober 2024", "artikel yang terbit kemarin") limits the articles; an event of 2022 may be
told by an article of 2024, so the time of an event is no more than a reason to look at some articles first. And even a
limit is dropped, and that said, where nothing within it answers: see ``widened`` in ``assistant.wording``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from index.types import Filter, Passage

from .dates.periods import DateMention, Period, date_mentions

__all__ = ["Timeframe", "limited", "preferred", "timeframe"]

_NEWS = r"(?:berita|kabar|artikel|laporan|pemberitaan|liputan|tulisan|news|articles?|reports?|stor(?:y|ies))"
_PUBLISHED = r"(?:terbit|diterbitkan|dimuat|tayang|published|dated)"
# What may stand between these words and the date: prepositions and the words for units, but no other statement.
_LINK = (
    r"(?:[ ](?:yang|pada|per|di|dari|tanggal|bulan|tahun|hari|edisi|sejak|sebelum|setelah|antara|hingga|sampai|"
    r"mulai|terbit|diterbitkan|dimuat|tayang|that|was|were|in|on|of|from|since|before|after|between|until|"
    r"published|dated))*[ ]$"
)
_PUBLICATION = re.compile(rf"\b(?:{_NEWS}|{_PUBLISHED})(?:nya)?{_LINK}", re.IGNORECASE)
_WHEN_PUBLISHED = re.compile(rf"\b(?:kapan|when)\b.*\b{_PUBLISHED}", re.IGNORECASE)
_JOINED = re.compile(
    r"[ ]*(?:-|–|hingga|sampai(?: dengan)?|s\.?d\.?|dan|to|until|and)[ ](?:tanggal |bulan |tahun )?", re.I
)
_BETWEEN = re.compile(r"\b(?:antara|dari|between|from)(?: tanggal| bulan| tahun)?[ ]$", re.IGNORECASE)
_FROM = re.compile(
    r"\b(?:sejak|semenjak|mulai|setelah|sesudah|since|after)(?: tanggal| bulan| tahun)?[ ]$", re.IGNORECASE
)
_UNTIL = re.compile(
    r"\b(?:sebelum|hingga|sampai|paling lambat|before|until|till)(?: tanggal| bulan| tahun)?[ ]$", re.IGNORECASE
)
_EXCLUSIVE = re.compile(r"\b(?:sebelum|before)\b[^.]*$", re.IGNORECASE)
_NEWEST = re.compile(
    r"\b(?:terbaru|terkini|termutakhir|mutakhir|terakhir|saat ini|sekarang|kini|sampai kapan|sejauh ini|belakangan ini|"
    r"latest|newest|most recent|current(?:ly)?|now|nowadays|so far|until when)\b",
    re.IGNORECASE,
)
_FOLLOWED = timedelta(days=60)  # for so long after an event news about it is likeliest
_DURING = 0.10  # what being published in or soon after the time asked about counts, of the range of the scores
_RECENT = 0.25  # the same for being the newest of the passages, where the newest is asked for


@dataclass(frozen=True, slots=True)
class Timeframe:
    """What a question says about time.

    ``published`` is when the articles asked for were published, ``about`` when what is asked for happened or held,
    ``newest`` whether the latest state is wanted. All are unset for a question that says nothing.
    """

    published: Period | None = None
    about: Period | None = None
    newest: bool = False


def timeframe(question: str, today: date) -> Timeframe:
    """What ``question``, asked on the day ``today``, says about time."""
    mentions = date_mentions(question, today, asked=True)
    newest = _NEWEST.search(_without(question, mentions)) is not None
    if not mentions:
        return Timeframe(newest=newest)
    first = mentions[0]
    before = question[: first.start]
    period = _period(question, mentions)
    published = _PUBLICATION.search(before) is not None and not _WHEN_PUBLISHED.search(question)
    if published:
        return Timeframe(published=period, newest=newest)
    return Timeframe(about=period, newest=newest)


def limited(wanted: Filter, frame: Timeframe) -> Filter:
    """The filter with the question's own limit of publication in it; unchanged where that would leave no day."""
    if frame.published is None:
        return wanted
    since = None if frame.published.first == date.min else frame.published.first
    until = None if frame.published.last == date.max else frame.published.last
    since = max(filter(None, (since, wanted.since)), default=None)
    until = min(filter(None, (until, wanted.until)), default=None)
    if since and until and since > until:
        return wanted
    return replace(wanted, since=since, until=until)


def preferred(passages: Sequence[Passage], frame: Timeframe) -> list[Passage]:
    """The passages in an order that the time asked about has a say in; none is added or left out.

    A passage of an article published in the period asked about, or within two months after, gains a tenth of the
    range of the scores; where the latest state is asked for, the newest passage gains a quarter of it and older ones
    less, by their rank. ``Passage.score`` holds the new score.
    """
    if len(passages) < 2 or not (frame.about or frame.newest):
        return list(passages)
    scores = [passage.score for passage in passages]
    unit = (max(scores) - min(scores)) or 1.0
    days = sorted({passage.article.day for passage in passages if passage.article.day})
    ranks = {day: (rank + 1) / len(days) for rank, day in enumerate(days)}

    def gain(passage: Passage) -> float:
        day = passage.article.day
        if day is None:
            return 0.0
        during = frame.about is not None and frame.about.first <= day <= _followed(frame.about.last)
        return _DURING * during + (_RECENT * ranks[day] if frame.newest else 0.0)

    gained = [replace(passage, score=passage.score + unit * gain(passage)) for passage in passages]
    return sorted(gained, key=lambda passage: -passage.score)


def _followed(day: date) -> date:
    return day + _FOLLOWED if day < date.max - _FOLLOWED else date.max


def _without(question: str, mentions: Sequence[DateMention]) -> str:
    """The question with its dates blanked, because "tiga bulan terakhir" asks for no latest state."""
    for mention in mentions:
        question = question[: mention.start] + " " * (mention.end - mention.start) + question[mention.end :]
    return question


def _period(question: str, mentions: Sequence[DateMention]) -> Period:
    """The first date of a question, with a second one that it is joined to, or with an open end."""
    first = mentions[0]
    before = question[: first.start]
    if len(mentions) > 1 and (joint := _JOINED.fullmatch(question[first.end : mentions[1].start])):
        second = mentions[1].period
        begin = _completed(question, first, second).first if first.relative else first.period.first
        if begin <= second.last and (_BETWEEN.search(before) or joint.group().strip() not in {"dan", "and"}):
            return Period(begin, second.last)
    if _FROM.search(before):
        return Period(first=first.period.first)
    if _UNTIL.search(before):
        last = first.period.first - timedelta(1) if _EXCLUSIVE.search(before) else first.period.last
        return Period(last=last)
    return first.period


def _completed(question: str, mention: DateMention, by: Period) -> Period:
    """ "Oktober" in "antara Oktober dan Desember 2024": the last one before the end of the period."""
    found = date_mentions(question[: mention.end], by.last, asked=True)
    return found[-1].period if found else mention.period
