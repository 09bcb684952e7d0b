"""Dates, amounts and names in a text, as typed spans: what a question can ask for by kind."""

from __future__ import annotations

import re
from typing import NamedTuple

from .questions import Kind

__all__ = ["Mention", "mentions"]


class Mention(NamedTuple):
    """``text[start:end]`` is a date, an amount, a name, ...; a name of unknown sort has kind OTHER."""

    kind: Kind
    start: int
    end: int


_MONTH = (
    r"(?:Jan(?:uari|uary)?|Feb(?:ruari|ruary)?|Mar(?:et|ch)?|Apr(?:il)?|Mei|May|Jun[ie]?|Jul[iy]?|Agu(?:stus|st)?|Agt|"
    r"August|Sep(?:tember)?|Okt(?:ober)?|October|Nov(?:ember)?|Des(?:ember)?|December)"
)
_DAY = r"(?:Senin|Selasa|Rabu|Kamis|Jumat|Jum'at|Sabtu|Minggu|Ahad)"
_YEAR = r"(?:1\d{3}|20\d{2})"
_FIGURE = r"\d+(?:[.,]\d+)*"
_SCALE = r"(?:ribu|juta|mil[iy]ar|tril[iy]un|thousand|million|billion|trillion)"
_WORDS = (
    r"(?:se(?:puluh|belas|ratus|ribu|juta)|(?:satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan)"
    r"(?: (?:belas|puluh|ratus|ribu|juta))*)"
)
_DATE = re.compile(
    rf"(?:{_DAY},? ?)?\(? ?\d{{1,2}} ?/ ?\d{{1,2}}(?: ?/ ?(?:{_YEAR}|\d\d))? ?\)?"
    rf"|(?:{_DAY},? )?(?:tanggal )?\b\d{{1,2}} {_MONTH}\b(?: {_YEAR}\b)?(?: (?:SM|M)\b)?"
    rf"|\b{_MONTH} (?:\d{{1,2}}, )?{_YEAR}\b"
    r"|\babad (?:ke ?- ?)?(?:\d+|[IVX]+)\b(?: (?:SM|M)\b)?"
    rf"|\b{_YEAR}(?:-an)?(?: ?[-–] ?{_YEAR})?\b(?! ?(?:{_SCALE}|persen|%|orang|meter|km))"
    r"|\b(?:tahun )\d{1,4}(?: (?:SM|M)\b)?"
    rf"|\b{_DAY}\b"
)
_TIME = re.compile(r"\b(?:pukul|jam) ?\d{1,2}(?:[.:]\d{2})?(?: (?:WIB|WITA|WIT|GMT)\b)?", re.IGNORECASE)
_MONEY = re.compile(
    rf"(?:\bRp\.?|\bUS ?\$|\$|€|£|¥|\bUSD|\bIDR) ?{_FIGURE}(?: {_SCALE}\b)?"
    rf"|\b{_FIGURE} (?:{_SCALE} )?(?:rupiah|dolar|dollars?|euro|yen|won|poundsterling|ringgit)\b(?: (?:AS|Amerika))?",
    re.IGNORECASE,
)
_PERCENT = re.compile(rf"\b{_FIGURE} ?(?:%|persen\b|percent\b)", re.IGNORECASE)
_UNIT = r"(?: ?(?:km|m|cm|mm|kg|ha|°C|ton|meter|hektare|kilometer)(?:\b|²|2|³)(?: persegi| kubik)?)"
_NUMBER = re.compile(
    rf"(?<![\w/]){_FIGURE}(?:(?: {_SCALE}\b)?{_UNIT}| {_SCALE}\b(?: [a-z]{{3,}})?| [a-z]{{3,}})?"
    rf"|\b{_WORDS}\b(?: [a-z]{{3,}})?",
    re.IGNORECASE,
)
_CAPITAL = r"[A-Z\u00c0-\u00dd][\w'’‘.-]*[\w'’]|[A-Z]\b\.?"
_NAME = re.compile(rf"(?:{_CAPITAL})(?: (?:(?:bin|binti|van|von|de|da|del|der|al|of|the|dan)\b )?(?:{_CAPITAL}))*")
_PLACE_BEFORE = re.compile(
    r"\b(?:di|ke|dari|in|from|at|Kota|Kabupaten|Provinsi|Kecamatan|Desa|Pulau|Jalan|Bandara|Sungai|kota|kabupaten|"
    r"provinsi|negara|daerah|wilayah|kawasan|pulau) $"
)
_PLACE_START = re.compile(
    r"(?:Kota|Kabupaten|Provinsi|Kecamatan|Desa|Pulau|Jalan|Kalimantan|Jawa|Sumatera|Sulawesi|Papua)\b"
)
# Words that begin sentences far more often than names.
_STARTERS = re.compile(
    r"(?:Di|Pada|Ia|Dia|Mereka|Dalam|Namun|Dan|Untuk|Dari|Menurut|Sebelumnya|Setelah|Ketika|Saat|Karena|Sementara|Selain|"
    r"Para|Kata|Itu|Ini|Hal|Adapun|Sejak|Meski|Meskipun|Bahkan|Tetapi|Tapi|Selama|Dengan|Oleh|Sebagai|Kedua|Jika|Akan|"
    r"Sedangkan|Lalu|Kemudian|Juga|Tidak|Ada|Beberapa|Banyak|Semua|Seorang|Sebuah|The|In|He|She|It|They|At|On|By)\b ?"
)


def mentions(text: str) -> list[Mention]:
    """Dates, times, amounts of money, percentages, numbers and names in ``text``, by where they start.

    A stretch of text has one kind, the narrowest: a percentage is not also a number.
    """
    taken = bytearray(len(text))
    found: list[Mention] = []
    for kind, pattern in (
        (Kind.MONEY, _MONEY),
        (Kind.PERCENT, _PERCENT),
        (Kind.TIME, _TIME),
        (Kind.DATE, _DATE),
        (Kind.NUMBER, _NUMBER),
    ):
        for match in pattern.finditer(text):
            start, end = _trim(text, *match.span())
            if not any(taken[start:end]):
                taken[start:end] = b"\1" * (end - start)
                found.append(Mention(kind, start, end))
    found += _names(text, taken)
    return sorted(found, key=lambda mention: mention.start)


def _trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Without spaces, commas and an unpaired bracket at the ends."""
    while start < end and text[start] in " (,":
        start += 1
    while end > start and (text[end - 1] in " ,." or (text[end - 1] == ")" and "(" not in text[start:end])):
        end -= 1
    return start, end


def _names(text: str, taken: bytearray) -> list[Mention]:
    found = []
    for match in _NAME.finditer(text):
        start, end = match.span()
        starter = _STARTERS.match(text, start, end)
        while starter:
            start = starter.end()
            starter = _STARTERS.match(text, start, end)
        start, end = _trim(text, start, end)
        if end - start < 2 or any(taken[start:end]):
            continue
        place = _PLACE_BEFORE.search(text[max(0, start - 14) : start]) or _PLACE_START.match(text, start)
        found.append(Mention(Kind.PLACE if place else Kind.OTHER, start, end))
    return found
