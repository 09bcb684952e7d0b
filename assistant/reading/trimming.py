"""A short answer without the words around its figure or date that are no part of it: "Rp6 triliun di tahun 2018"."""

from __future__ import annotations

import re

from index.questions import Kind, Question

from .features import Candidate, fitting

__all__ = ["trimmed"]

_KINDS = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE})
# What may stand before a figure and says how it is meant.
_MEANT = re.compile(
    r"(?:\b(?:lebih dari|kurang dari|tidak (?:lebih|kurang) dari|di atas|di bawah|paling \w+|minimal|maksimal|sekitar|"
    r"setidaknya|sedikitnya|sekurangnya|kira-kira|hampir|nyaris|hanya|awal|akhir|pertengahan|sejak|mulai|hingga|sampai|"
    r"sebelum|setelah|usai|tanggal|hari|bulan|tahun|musim|nomor|menit|peringkat|urutan|ke|pukul|antara|masing-masing|"
    r"about|more than|less than|over|under|almost|nearly|since|until|from) ?|- ?)+$",
    re.IGNORECASE,
)
# Where behind it another statement begins.
_ANOTHER = re.compile(
    r",| (?:di|pada|dari|dengan|dan|selama|periode|untuk|yang(?! lalu)|oleh|karena|saya|kami|in|at|of|from|for)\b",
    re.IGNORECASE,
)
# Without these a figure would be another one.
_CHANGES = re.compile(
    r"\b(?:tidak|tak|belum|bukan|minus|negatif|setengah|separuh|separo|sepertiga|seperempat|kurang|lebih|rata-rata|"
    r"mendekati|melebihi|naik|turun|not|half|average)\b",
    re.IGNORECASE,
)
_FIGURE = re.compile(r"\d")
_WEEKDAY = re.compile(r"\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|ahad|\w+day)\b", re.IGNORECASE)


def trimmed(question: Question, sentence: Candidate, span: tuple[int, int]) -> tuple[int, int]:
    """``span``, offsets into the article, or what of it is the figure or date with the words that say how it is meant.

    Only where it holds one of the kind that is asked for, and no other figure that may belong to it.
    """
    if question.kind not in _KINDS or question.several:
        return span
    start, text = span[0], sentence.passage.article.text[slice(*span)]
    found = fitting(question, text)
    if len(found) != 1:
        return span
    (figure,) = found
    return start + _first(question, text, figure.start), start + _last(text, figure.end)


def _first(question: Question, text: str, figure: int) -> int:
    before = text[:figure]
    if question.kind is Kind.DATE:  # "Senin malam, 7 Oktober" may begin with any word
        return before.rfind(", ") + 2 if ", " in before and not _WEEKDAY.search(before) else 0
    if _FIGURE.search(before):
        return 0
    meant = _MEANT.search(before)
    first = meant.start() if meant else figure
    return 0 if _CHANGES.search(before, 0, first) else first


def _last(text: str, figure: int) -> int:
    another = _ANOTHER.search(text, figure)
    return another.start() if another else len(text)
