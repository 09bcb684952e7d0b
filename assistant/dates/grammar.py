"""Dates as Indonesian and English news and questions write them -> their parts, for whoever resolves them.

The one grammar of dates: "Senin (7/10/2024)", "21-23 Oktober", "Oct 7th, 2024", "pekan lalu", "keesokan harinya".
Nothing is resolved here, and what no calendar has ("31 Februari") is found all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.vocabulary import COUNTS, MONTHS, TEENS, WEEKDAYS, any_of

__all__ = ["DateExpression", "date_expressions"]


@dataclass(frozen=True, slots=True)
class DateExpression:
    """A date as ``text[start:end]`` writes it; what is not written is ``None``.

    Attributes:
        until: the second day of "21-23 Oktober" or "5 dan 7 Mei"; ``joined`` where it is no range but another day.
        weekday: counted from Monday as 0.
        unit: "day", "week", "month" or "year" of a date that is told by its distance, such as "dua hari lalu".
        count: how many of them.
        side: -1 for the past ("lalu"), 1 for the future ("depan"), 0 for the present ("ini").
        spans: whether all the time up to now is meant: "tiga tahun terakhir".
        follows: whether it counts from the day named before: "keesokan harinya", "dua hari kemudian".
    """

    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None
    joined: bool = False
    weekday: int | None = None
    unit: str | None = None
    count: int | None = None
    side: int | None = None
    spans: bool = False
    follows: bool = False

    @property
    def is_bare_month(self) -> bool:
        """Whether there is nothing but a month's name, which may be somebody's or, in lower case, another word."""
        return self.month is not None and self.year is None and self.day is None and self.side is None

    @property
    def is_bare_weekday(self) -> bool:
        """Whether there is nothing but a weekday's name."""
        return self.weekday is not None and self.day is None and self.side is None


_UNITS = {
    "hari": "day", "day": "day", "pekan": "week", "minggu": "week", "week": "week", "bulan": "month",
    "month": "month", "tahun": "year", "year": "year",
}  # fmt: skip
_NUMBERS = {**COUNTS, **TEENS, "se": 1, "a": 1, "an": 1}
_SIDES = {
    **dict.fromkeys(("lalu", "silam", "kemarin", "ago", "last", "semalam", "tadi malam", "yesterday"), -1),
    **dict.fromkeys(("sebelumnya", "sebelum itu", "earlier"), -1),
    **dict.fromkeys(("ini", "this", "today", "tadi pagi", "tadi siang", "tadi sore"), 0),
    **dict.fromkeys(("depan", "mendatang", "nanti", "lagi", "next", "besok", "tomorrow"), 1),
    **dict.fromkeys(("kemudian", "berikutnya", "setelahnya", "sesudahnya", "setelah itu", "later"), 1),
}

# "may" and "minggu" are other words too, unless their capital or their company tells.
_MONTH_NAMES = rf"{any_of(MONTHS.keys() - {'may'})}|(?-i:May|MAY)|may(?=\.?,? (?:19|20)\d\d)"
_WEEKDAY_NAMES = rf"{any_of(WEEKDAYS.keys() - {'minggu'})}|(?-i:Minggu|MINGGU)|(?<=hari )minggu"
_DAY_OF_MONTH = r"(?:0?[1-9]|[12]\d|3[01])(?!\d)"
_YEAR = r"(?P<year>(?:1[89]|20)\d\d)"
_DAY = rf"(?P<day>{_DAY_OF_MONTH})(?:st|nd|rd|th)?"
_NUMBER = r"(?P<number>0?[1-9]|1[0-2])(?!\d)"
_MONTH = rf"(?P<month>{_MONTH_NAMES})\b"
_WEEKDAY = rf"(?P<weekday>{_WEEKDAY_NAMES})\b"
_PART = r"(?: (?:pagi|siang|sore|malam|dini hari))?"
_DATED = rf"{_WEEKDAY}{_PART},? ?(?:tanggal )?"  # "Senin malam, tanggal 7 Oktober"
_OPEN, _CLOSE = rf"(?:{_DATED}(?P<open>\( ?)?)?", r"(?(open)(?: ?\))?)"
_UNTIL = rf"(?: ?(?:[-–—]|hingga|sampai|to|(?P<joined>dan|and)) ?(?P<until>{_DAY_OF_MONTH}))?"
_COUNT = rf"(?P<count>\d{{1,3}}|{any_of(_NUMBERS)}) ?"
_UNIT = rf"(?P<unit>{any_of(_UNITS)})s?"
_SIDE = r"(?: (?:yang )?(?P<side>lalu|silam|kemarin|depan|mendatang|nanti|ini|ago|lagi))"
_BEFORE = r"(?P<side>last|next|this) "
_AFTERWARDS = r"(?P<side>sebelum(?:nya| itu)|kemudian|berikutnya|se(?:telah|sudah)nya|setelah itu|earlier|later)"
# Whose unit is counted by what stands before it is no date: "beberapa hari lalu", "dua puluh tahun lalu".
_UNCOUNTED = "".join(
    rf"(?<!{word})"
    for word in (
        *("-", "beberapa ", "sekian ", "puluh ", "belas ", "puluhan ", "belasan ", "ratus ", "ratusan ", "seratus "),
        *("ribu ", "ribuan ", "seribu ", "juta ", "jutaan ", "sejuta ", "setengah ", r"\d "),
    )
)
_COUNTED = "ribu|juta|mil[iy]ar|tril[iy]un|persen|%|orang|jiwa|warga|meter|km|hektare|ton\\b|unit|suara|kursi"
_NO_FIGURE = rf"(?![.,]?\d| ?(?:{_COUNTED}))"
# A number of four digits is a year unless it is said to be an amount, or counts what news counts.
_AMOUNT = "".join(
    rf"(?<!\b{word})"
    for word in (
        "ada ",
        "sebanyak ",
        "sekitar ",
        "hampir ",
        "jumlah ",
        "berjumlah ",
        "sebesar ",
        "Rp",
        "Rp ",
        "minimal ",
    )
)
_COUNTS_THINGS = (
    r"(?! (?:siswa|siswi|pelajar|mahasiswa|santri|guru|dosen|pegawai|buruh|pekerja|karyawan|petugas|personel|prajurit|"
    r"polisi|anggota|relawan|peserta|pendaftar|pemilih|penumpang|penonton|pengungsi|pasien|korban|kasus|keluarga|KK|rumah|"
    r"bangunan|desa|sekolah|titik|TPS|paket|ekor|buah|lembar|liter|kilogram|kg|kilometer|rupiah|dolar|people|students|"
    r"houses|families)\b)"
)
# Tried in order at each place: the fuller date before the parts of it.
_FORMS = (
    rf"{_YEAR}-(?P<number>\d{{1,2}})-{_DAY}",
    rf"{_OPEN}{_DAY} ?[/-] ?{_NUMBER} ?[/-] ?{_YEAR}{_CLOSE}",
    rf"{_OPEN}{_DAY} ?/ ?{_NUMBER} ?/ ?(?P<year>\d\d){_CLOSE}",
    rf"{_DATED}(?P<open>\( ?)?{_DAY} ?/ ?{_NUMBER}{_CLOSE}",
    rf"(?:(?<=\()|(?<=\( )|(?<=pada )|(?<=tanggal )|(?<=tgl )|(?<=\bon )){_DAY} ?/ ?{_NUMBER}",
    rf"{_OPEN}{_DAY}{_UNTIL} (?:of )?{_MONTH}(?:\.?,? {_YEAR}|{_SIDE})?{_CLOSE}",
    rf"{_OPEN}{_MONTH}\.? {_DAY}(?:,? {_YEAR}|{_NO_FIGURE}){_CLOSE}",
    rf"{_MONTH}\.? {_YEAR}",
    rf"{_BEFORE}{_WEEKDAY}",
    rf"{_WEEKDAY}{_PART}(?: (?P<unit>pekan|minggu))?{_SIDE}",
    _WEEKDAY,
    rf"{_COUNT}{_UNIT}(?P<spans> (?:terakhir|belakangan))",
    rf"(?:the )?(?P<spans>last|past) {_COUNT}{_UNIT}",
    rf"{_COUNT}{_UNIT}{_SIDE}",
    rf"(?P<follows>){_COUNT}{_UNIT} {_AFTERWARDS}",
    r"(?P<follows>)(?:(?:ke)?esok(?:an)? hari(?:nya)?|hari berikutnya|the (?:next|following) day)",
    rf"{_BEFORE}{_UNIT}",
    rf"{_UNCOUNTED}(?P<unit>hari|pekan|minggu|bulan|tahun){_SIDE}",
    rf"{_BEFORE}{_MONTH}",
    rf"{_MONTH}{_SIDE}",
    _MONTH,
    r"(?P<side>kemarin|besok|semalam|tadi (?:malam|pagi|siang|sore)|yesterday|today|tomorrow)",
    rf"(?<=\btahun ){_YEAR}(?![.,]?\d)",
    rf"(?:(?<![-–—])|(?<=\b(?:19|20)\d\d[-–—])){_AMOUNT}{_YEAR}{_NO_FIGURE}{_COUNTS_THINGS}",
)


def _as_one(forms: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern of all forms, with the form's place added to the names of its groups, and any white space for a
    space."""
    numbered = (re.sub(r"\(\?(P<\w+|\(\w+)", rf"(?\g<1>_{place}", form) for place, form in enumerate(forms))
    joined = "|".join(numbered).replace(" ", r"\s")
    return re.compile(rf"(?<![\w/])(?<!\d[.,])(?:{joined})(?![\w/])", re.IGNORECASE)


_DATE = _as_one(_FORMS)
_LAW = re.compile(r"\b(?:Nomor|No\.?) ?\d+(?:/[\w/]+)* Tahun $", re.IGNORECASE)  # its name holds a year
_LONGEST_NAME = 60  # characters of a law's name that are looked back on


def date_expressions(text: str) -> Iterator[DateExpression]:
    """The dates in ``text`` in order, without overlaps."""
    for match in _DATE.finditer(text):
        parts = {
            name.rpartition("_")[0]: " ".join(value.lower().split())
            for name, value in match.groupdict().items()
            if value is not None
        }
        if not _LAW.search(text, max(0, match.start() - _LONGEST_NAME), match.start()):
            yield _expression(match, parts)


def _expression(match: re.Match[str], parts: dict[str, str]) -> DateExpression:
    year = int(parts["year"]) if "year" in parts else None
    month = int(parts["number"]) if "number" in parts else MONTHS.get(parts.get("month", ""))
    count = parts.get("count")
    unit = _UNITS.get(parts.get("unit", ""))
    return DateExpression(
        *match.span(),
        year=2000 + year if year is not None and year < 100 else year,
        month=month,
        day=int(parts["day"]) if "day" in parts else None,
        until=int(parts["until"]) if "until" in parts else None,
        joined="joined" in parts,
        weekday=WEEKDAYS.get(parts.get("weekday", "")),
        unit=unit or (None if parts.keys() & {"month", "number", "year", "weekday"} else "day"),
        count=None if count is None else int(count) if count.isdecimal() else _NUMBERS[count],
        side=_SIDES[parts["side"]] if "side" in parts else 1 if "follows" in parts else None,
        spans="spans" in parts,
        follows="follows" in parts,
    )
