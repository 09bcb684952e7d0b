"""The words the assistant says itself, around what it quotes: in Indonesian, or in English to an English question."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Final, Literal

from index.types import Article, Filter

if TYPE_CHECKING:
    from index.types import Coverage

    from .types import Gloss

__all__ = [
    "EMPTY_INDEX",
    "NOT_FOUND",
    "SUPPORT_LABELS",
    "YES_NO",
    "Language",
    "aged_line",
    "as_of_line",
    "compared_line",
    "copies_label",
    "coverage_line",
    "disagreement_line",
    "filter_line",
    "format_day",
    "format_month",
    "gloss_label",
    "nearest_lines",
    "question_language",
    "respelled_line",
    "source_label",
    "unmentioned_line",
    "widened_line",
]

Language = Literal["id", "en"]

_COPIES_NAMED = 4  # publishers of a copy; more say no more

NOT_FOUND: Final[Mapping[Language, str]] = {
    "id": "Jawabannya tidak ada dalam artikel-artikel ini.",
    "en": "The answer is not in these articles.",
}
EMPTY_INDEX: Final[Mapping[Language, str]] = {
    "id": "Indeks ini masih kosong. Tambahkan artikel dengan `tanya add FOLDER`, lalu tanyakan lagi.",
    "en": "This index is still empty. Add articles with `tanya add FOLDER`, then ask again.",
}

SUPPORT_LABELS: Final[Mapping[Language, Mapping[str, str]]] = {
    "id": {"partly": "(didukung sebagian)", "unsupported": "(tidak didukung artikel)"},
    "en": {"partly": "(partly supported)", "unsupported": "(not supported by the articles)"},
}
"""Stands behind a claim that is not wholly supported, by the value of its ``Support``."""


YES_NO: Final[Mapping[Language, Mapping[bool, str]]] = {
    "id": {True: "Ya.", False: "Tidak."},
    "en": {True: "Yes.", False: "No."},
}


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


_FUNCTION_WORDS: Final[Mapping[Language, frozenset[str]]] = {
    "id": frozenset(
        _words(
            "ada adalah akan apa apakah atau bagaimana bahwa belum berapa bukan dalam dan dari dengan di dia dimana"
            " gimana ia ini itu kapan karena ke kenapa kepada lalu mana mengapa menurut mereka oleh pada para saat saja"
            " sebagai sebuah sedang sejak seorang siapa siapakah sudah tahun tanggal telah tentang terus tidak untuk"
            " waktu yang"
        )
    ),
    "en": frozenset(
        _words(
            "a about an and are at been by can could did do does during for from had has have her his how in into is it"
            " its many much not of on or said should that the their them there they this to was were what when where"
            " which who whom whose why will with would"
        )
    ),
}
_MONTHS: Final[Mapping[Language, tuple[str, ...]]] = {
    "id": _words("Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember"),
    "en": _words("January February March April May June July August September October November December"),
}
_WORD = re.compile(r"[\w'-]+")
_MOST_NAMED = 5  # publishers, topics
_NEAREST = 3


def question_language(text: str) -> Language:
    """``"en"`` if more of the words are English function words than Indonesian ones, else ``"id"``."""
    words = [word.casefold() for word in _WORD.findall(text)]
    english, indonesian = (sum(word in _FUNCTION_WORDS[language] for word in words) for language in ("en", "id"))
    return "en" if english > indonesian else "id"


def format_day(day: date, language: Language) -> str:
    """``7 Oktober 2024``, ``7 October 2024``."""
    return f"{day.day} {_MONTHS[language][day.month - 1]} {day.year}"


def format_month(day: date, language: Language) -> str:
    """``Oktober 2024``, ``October 2024``."""
    return f"{_MONTHS[language][day.month - 1]} {day.year}"


def source_label(article: Article, language: Language) -> str:
    """Publisher and day of an article; its title where no publisher is known."""
    undated = {"id": "tanpa tanggal", "en": "undated"}[language]
    return f"{article.publisher or article.title}, {format_day(article.day, language) if article.day else undated}"


def as_of_line(day: date, language: Language) -> str:
    """``per 7 Oktober 2024``, ``as of 7 October 2024``."""
    return f"{ {'id': 'per', 'en': 'as of'}[language] } {format_day(day, language)}"


def aged_line(day: date, language: Language) -> str:
    """That a figure is of the day of its article."""
    return {"id": f"Angkanya {as_of_line(day, 'id')}.", "en": f"The figure is {as_of_line(day, 'en')}."}[language]


def disagreement_line(language: Language) -> str:
    """What stands above answers that contradict each other."""
    return {"id": "Artikel-artikel ini tidak sama:", "en": "These articles disagree:"}[language]


def compared_line(how: str, sides: Sequence[tuple[str, str]], language: Language, *, same: bool = False) -> str:
    """Which of two sides has more: each a name and its figure, the one that has more of ``how`` first."""
    (one, figure), (other, against) = sides
    if same:
        return {"id": f"Sama: {one} dan {other}, {figure}.", "en": f"The same: {one} and {other}, {figure}."}[language]
    label = how or {"id": "besar", "en": "larger"}[language]
    if language == "en":
        return f"{label.capitalize()}: {one} ({figure}), against {other} ({against})."
    return f"Lebih {label}: {one} ({figure}), dibandingkan {other} ({against})."


def gloss_label(glosses: Iterable[Gloss]) -> str:
    """ " (Senin: 4 Maret 2024; ia: Rina Lestari)": what a quotation's words mean, behind it; empty without any."""
    meanings = "; ".join(f"{gloss.text}: {gloss.meaning}" for gloss in glosses)
    return f" ({meanings})" if meanings else ""


def copies_label(article: Article, copies: Iterable[Article], language: Language) -> str:
    """ " (juga di Kompas.com dan Tempo)": who else printed what an article says; empty if nobody did."""
    names = dict.fromkeys(copy.publisher or copy.title for copy in copies)
    others = [name for name in names if name != article.publisher]
    if not others:
        return ""
    also, and_, more = {"id": ("juga di", "dan", "lainnya"), "en": ("also in", "and", "more")}[language]
    if len(others) > _COPIES_NAMED:
        others = [*others[:_COPIES_NAMED], f"{len(others) - _COPIES_NAMED} {more}"]
    *first, last = others
    return f" ({also} {', '.join(first)} {and_} {last})" if first else f" ({also} {last})"


def coverage_line(coverage: Coverage, language: Language) -> str:
    """What the index covers: number of articles, period, publishers, topics."""
    period = ""
    if coverage.first_day and coverage.last_day:
        first, last = format_day(coverage.first_day, language), format_day(coverage.last_day, language)
        between = {"id": f"{first} sampai {last}", "en": f"{first} to {last}"}[language]
        period = f", {first if first == last else between}"
    names, topics = (
        _listed(_ranked(counts), _MOST_NAMED, language) for counts in (coverage.publishers, coverage.topics)
    )
    if language == "en":
        noun = "article" if coverage.articles == 1 else "articles"
        held = f"The index holds {coverage.articles:,} {noun}{period}{f', from {names}' if names else ''}."
        return f"{held} Topics: {topics}." if topics else held
    count = f"{coverage.articles:,}".replace(",", ".")
    held = f"Indeks ini memuat {count} artikel{period}{f', dari {names}' if names else ''}."
    return f"{held} Topik: {topics}." if topics else held


def filter_line(wanted: Filter, language: Language) -> str:
    """Which articles the question was limited to; empty for all of them."""
    labels = {
        "id": ("terbit sejak", "terbit sampai", "penerbit", "topik", "artikel", "Pencarian dibatasi pada"),
        "en": ("published since", "published until", "publisher", "topic", "article", "The search was limited to"),
    }[language]
    parts = [
        f"{labels[0]} {format_day(wanted.since, language)}" if wanted.since else "",
        f"{labels[1]} {format_day(wanted.until, language)}" if wanted.until else "",
        f"{labels[2]} {', '.join(sorted(wanted.publishers))}" if wanted.publishers else "",
        f"{labels[3]} {', '.join(sorted(wanted.topics))}" if wanted.topics else "",
        f"{labels[4]} {', '.join(sorted(wanted.articles))}" if wanted.articles else "",
    ]
    return f"{labels[5]}: {'; '.join(filter(None, parts))}." if any(parts) else ""


def widened_line(limit: Filter, language: Language) -> str:
    """That the articles of the time asked about do not answer, and others do."""
    since, until = (format_day(day, language) if day else "" for day in (limit.since, limit.until))
    if language == "en":
        time = f"on {since}" if since == until else f"from {since}" * bool(since) + f" until {until}" * bool(until)
        return f"No article published {time.strip()} answers this; the answer comes from articles of other days."
    time = f"pada {since}" if since == until else f"sejak {since}" * bool(since) + f" sampai {until}" * bool(until)
    return f"Artikel yang terbit {time.strip()} tidak memuat jawabannya; jawaban ini dari artikel di luar waktu itu."


def unmentioned_line(unmentioned: Sequence[str], language: Language, likely: Mapping[str, str] | None = None) -> str:
    """Which names, figures and dates of the question the nearest articles do not have; empty where they have all.

    ``likely`` gives for a name the one in the articles that may be meant.
    """
    names = ", ".join(f"“{name}”" for name in unmentioned)
    label = {"id": "Artikel-artikel terdekat tidak menyebut", "en": "The nearest articles do not mention"}[language]
    meant = ", ".join(f"“{name}”" for name in dict.fromkeys((likely or {}).values()))
    guess = {"id": f" Mungkin yang dimaksud {meant}?", "en": f" Perhaps {meant} is meant?"}[language]
    return f"{label} {names}.{guess if meant else ''}" if names else ""


def respelled_line(respelled: Mapping[str, str], language: Language) -> str:
    """As which names misspelt ones were read; empty where all are spelt as in the articles."""
    names = ", ".join(f"“{asked}” → “{meant}”" for asked, meant in respelled.items())
    label = {"id": "Nama dibaca menurut ejaan artikel", "en": "Names were read as the articles spell them"}[language]
    return f"{label}: {names}." if names else ""


def nearest_lines(articles: Iterable[Article], language: Language) -> str:
    """The nearest few articles, each once, as a list under a heading; empty without any."""
    distinct = list({article.id: article for article in articles}.values())[:_NEAREST]
    heading = {"id": "Artikel terdekat:", "en": "Nearest articles:"}[language]
    entries = [f"- {article.title} ({source_label(article, language)})" for article in distinct]
    return "\n".join([heading, *entries]) if entries else ""


def _ranked(counts: Mapping[str, int]) -> list[str]:
    return sorted(counts, key=lambda name: (-counts[name], name))


def _listed(names: list[str], most: int, language: Language) -> str:
    rest = len(names) - most
    more = {"id": f" dan {rest} lainnya", "en": f" and {rest} more"}[language] if rest > 0 else ""
    return ", ".join(names[:most]) + more
