"""A question that sets two things against each other: its two sides as questions, and what their answers say of it.

"Mana yang lebih besar, anggaran A atau B?" asks for two figures before anything can be said about both; they may stand
in two articles. So each side is asked by itself, and where both short answers are figures of one unit, or dates, they
are compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from .dates.periods import date_mentions
from .types import Answer, Support
from .verifying.quantities import Bound, quantities
from .wording import Language, compared_line, question_language

__all__ = ["Contrast", "contrast", "outcome"]

_MORE: Final = "besar|banyak|tinggi|luas|panjang|lebar|jauh|mahal|lama|berat|tebal|tua|padat|ramai"
_LESS: Final = "kecil|sedikit|rendah|sempit|pendek|dekat|murah|singkat|ringan|tipis|muda|sepi"
_EARLIER: Final = "dulu|dahulu|awal"
_LATER: Final = "belakangan|akhir|lambat"
_ENGLISH_MORE: Final = "larger|bigger|greater|higher|longer|more|older|wider|heavier|farther|more expensive"
_ENGLISH_LESS: Final = "smaller|lower|shorter|fewer|less|younger|cheaper|lighter|nearer"
# What a dimension is asked for by, where the sides do not name it: "lebih panjang, jembatan A atau jembatan B".
_DIMENSIONS: Final = {
    **dict.fromkeys(("panjang", "pendek"), "panjang"), "luas": "luas", "sempit": "luas", "lebar": "lebar",
    **dict.fromkeys(("jauh", "dekat"), "jarak"), **dict.fromkeys(("mahal", "murah"), "harga"),
    **dict.fromkeys(("lama", "singkat"), "lama"), **dict.fromkeys(("berat", "ringan"), "berat"),
    **dict.fromkeys(("tua", "muda"), "usia"),
}  # fmt: skip
_MEASURED: Final = re.compile(
    r"(?:jumlah|angka|banyak\w*|nilai|besar\w*|tingkat|persentase|harga|biaya|anggaran|pagu|dana|suara|perolehan|luas|"
    r"panjang|tinggi|lebar|jarak|produksi|ekspor|impor|pertumbuhan|kapasitas|usia|umur|gaji|tarif|kurs|populasi|penduduk|"
    r"pemilih|kursi|laba|rugi|pendapatan|pendanaan|utang|investasi|penerimaan|belanja|korban|penonton|penghuni|skor|"
    r"rata-rata|partisipasi|number|share|budget|price|cost|population|turnout)\b",
    re.IGNORECASE,
)
_AGAINST: Final = r"dibanding(?:kan)?(?: dengan)?"
_AND: Final = rf"(?:dan|dengan|{_AGAINST}|daripada|terhadap|vs\.?|versus|and|with|to)"
_OR: Final = rf"(?:atau|ataukah|{_AGAINST}|daripada|or)"
_WHICH: Final = r"(?:mana|siapa)(?:kah)?(?: di antaranya)?(?: (?:yang|yg)\b)?"
_HOW: Final = rf"lebih (?P<how>{_MORE}|{_LESS}|{_EARLIER}|{_LATER})\b"
_ENGLISH: Final = rf"(?P<how>{_ENGLISH_MORE}|{_ENGLISH_LESS}|earlier|later)\b"
_SIDES: Final = r"(?P<one>.+?),? {} (?P<other>.+)"
_FORMS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"(?P<head>[^,]+ |){_WHICH}(?P<what>[^,]*?) {_HOW}(?P<of>[^,:]*|) antara {_SIDES.format(f'(?:{_OR}|dan)')}",
        rf"(?P<head>[^,]+ |){_WHICH}(?P<what>[^,]*?) {_HOW}(?P<of>[^,:]*[,:]|) {_SIDES.format(_OR)}",
        rf"{_HOW}(?P<of> [^,:]*|) (?:yang )?mana[,:]?(?: antara)? {_SIDES.format(_OR)}",
        rf"(?:antara )?(?P<one>.+?),? (?:{_OR}|{_AND}) (?P<other>[^,]+), {_WHICH}(?P<what>[^,]*?) {_HOW}(?P<of>.*)",
        rf"(?:tolong |coba )?(?:bandingkan|perbandingan|compare)(?: antara| between)? {_SIDES.format(_AND)}",
        rf"apa(?:kah)?(?: saja)? (?:perbedaan|bedanya|beda|persamaan)(?: antara)? {_SIDES.format(_AND)}",
        rf"(?:what(?: is|'s|’s) the )?difference between {_SIDES.format('and')}",
        rf"which(?: of them)? (?:is|was|are|were|has|had|have|came)(?: the)? {_ENGLISH}(?P<of>[^,:]*[,:]|) "
        + _SIDES.format("or"),
        r"(?:berapa|seberapa|bagaimana)(?:kah)? "
        + _SIDES.format("(?:(?:bila|jika|kalau) )?dibanding(?:kan)?(?: dengan)?"),
    )
)
_ENGLISH_BASE: Final = {
    "larger": "large", "bigger": "big", "greater": "much", "higher": "high", "longer": "long", "more": "many",
    "older": "old", "wider": "wide", "heavier": "heavy", "farther": "far", "more expensive": "expensive",
    "smaller": "large", "lower": "high", "shorter": "long", "fewer": "many", "less": "much", "younger": "old",
    "cheaper": "expensive", "lighter": "heavy", "nearer": "far",
}  # fmt: skip
_POSSESSED: Final = re.compile(r"(?<=\w{3})nya\b")
_WORD: Final = re.compile(r"\S+")
_QUALIFIES: Final = re.compile(
    r" (?:di|pada|dalam|tahun|menurut|untuk|selama|sejak|in|on|according to)\b.*", re.IGNORECASE
)
_VERB: Final = re.compile(r"^(?:me|ber|di|ter|punya|mem|men)\w+ (?=\w)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Contrast:
    """Two sides as they are named, the question for each, and in which respect they are set against each other.

    ``how`` is the adjective that asks which has more of it ("besar", "dulu"), "" where none does.
    """

    sides: tuple[str, str]
    questions: tuple[str, str]
    how: str


def contrast(question: str) -> Contrast | None:
    """What the question sets against each other; ``None`` where it does not, or where a side cannot be told."""
    text = " ".join(question.split()).rstrip(" ?.!")
    found = next((match for form in _FORMS if (match := form.fullmatch(text))), None)
    if found is None:
        return None
    parts = found.groupdict()
    one, other = _completed(parts["one"].strip(" ,"), parts["other"].strip(" ,"))
    if not one or not other or one.casefold() == other.casefold():
        return None
    how = (parts.get("how") or "").lower()
    named = " ".join(parts.get(name) or "" for name in ("head", "what", "of")).strip(" ,:")
    what = _VERB.sub("", " ".join(named.split()))
    language = question_language(question)
    asked = (_asked(what, side, how, language) for side in (one, other))
    return Contrast((one, other), (next(asked), next(asked)), how)


def outcome(found: Contrast, answers: Sequence[Answer], language: Language) -> str:
    """What the short answers to both sides say of the two; "" where they cannot be compared: one is missing or not
    wholly supported, or is no figure of the same unit, or says only what a figure is more or less than."""
    claims = [answer.claims[0] for answer in answers if answer.found and answer.claims]
    if len(claims) != len(found.sides) or any(c.quoted or c.support is not Support.SUPPORTED for c in claims):
        return ""
    if len({_place(answer) for answer in answers}) == 1:  # one figure cannot be both sides
        return ""
    one, other = (_size(claim.text, answer) for claim, answer in zip(claims, answers, strict=True))
    if one is None or other is None or one[0] != other[0]:
        return ""
    said = [(side, claim.text.rstrip(".")) for side, claim in zip(found.sides, claims, strict=True)]
    ordered = said if _comes_first(found.how, one[1], other[1]) else said[::-1]
    return compared_line(found.how, ordered, language, same=one[1] == other[1])


def _completed(one: str, other: str) -> tuple[str, str]:
    """Both sides in full: "anggaran Otorita IKN" and "Kementerian PU" are the budgets of both, and "Rudy-Seno" and
    "Isran-Hadi di Samarinda" are both meant in Samarinda."""
    words = [match.group() for match in _WORD.finditer(one)]
    first, *more = [match.group() for match in _WORD.finditer(other)]
    same = [i for i, word in enumerate(words) if word.casefold() == first.casefold()]
    if not same and _MEASURED.match(one) and _MEASURED.match(other) and more:
        return one, other  # "utang A atau pendanaan B": each says what is measured
    if not same:
        alike = [i for i, word in enumerate(words) if _shape(word) == _shape(first)]
        starts = [i for i in alike if i == 0 or i - 1 not in alike]  # where a run of such words begins
        if first[0].islower():
            starts = [max(len(words) - 1 - len(more), 1)] if len(words) > 1 + len(more) else []
        same = starts[-1:]
    if same:
        other = " ".join([*words[: same[0]], first, *more])
    if (qualified := _QUALIFIES.search(other)) and not _QUALIFIES.search(one):
        one += qualified.group()
    elif (qualified := _QUALIFIES.search(one)) and not _QUALIFIES.search(other) and not same:
        other += qualified.group()
    return one, other


def _shape(word: str) -> str:
    return "figure" if word[0].isdigit() else "name" if word[0].isupper() else "word"


def _asked(what: str, side: str, how: str, language: Language) -> str:
    """The question for one side."""
    what = _POSSESSED.sub("", what)
    if language == "en":
        if how in ("earlier", "later"):
            return f"When was {side}?"
        many = f"How {_ENGLISH_BASE.get(how, 'much')} {what or 'is'} {side}?"
        return many if how else f"What is {side}?"
    if re.fullmatch(rf"{_EARLIER}|{_LATER}", how):
        return " ".join(f"Kapan {side} {what}".split()) + "?"
    if not what and not _MEASURED.match(side):
        what = _DIMENSIONS.get(how, "")
    named = f"{what} {side}".strip()
    if _MEASURED.match(named):
        named = named[0].lower() + named[1:]
    elif not how:
        return f"Apa {'itu ' if _shape(side) == 'name' else ''}{named}?"
    return f"Berapa {named}?"


def _size(text: str, answer: Answer) -> tuple[str, int | float] | None:
    """The unit and size of the only figure in a short answer; of a date its day, where it is one day."""
    days = date_mentions(text, answer.citations[0].article.day)
    if len(days) == 1 and days[0].period.first == days[0].period.last:
        return "date", days[0].period.first.toordinal()
    found = quantities(text)
    if len(found) != 1 or found[0].bound in (Bound.MORE, Bound.LESS):
        return None
    return found[0].unit, float(found[0].values[0])


def _place(answer: Answer) -> tuple[str, tuple[int, int] | None]:
    return answer.citations[0].article.id, answer.citations[0].span


def _comes_first(how: str, one: float, other: float) -> bool:
    """Whether the first side is the one that has more of ``how``."""
    less = re.fullmatch(rf"{_LESS}|{_EARLIER}|{_ENGLISH_LESS}|earlier", how)
    return one <= other if less else one >= other
