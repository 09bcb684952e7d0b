"""Denials and opposites: "tidak terdampak" against "terdampak", "naik" against "turun"."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.vocabulary import word_set
from index.lexicon import Lexicon, Word, words

__all__ = ["DENIALS", "clause_around", "denied", "opposite"]

DENIALS = word_set(
    "tidak tak bukan bukanlah belum tanpa batal gagal jangan enggak nggak not no never without cannot failed nor"
)
_TELLING = 3.0  # nats of idf; below are "menjadi", "untuk", "sedikit"
_REACH = 4  # words behind a denial that it may deny: "tidak ikut dipotong"
_SKIPPED = word_set("yang akan sudah telah lagi juga ikut pernah dapat bisa hanya begitu be been yet the a in any to")
_OPPOSITES: tuple[tuple[str, str], ...] = (
    ("naik meningkat kenaikan peningkatan bertambah melonjak rose risen rises increase increased increasing grew",
     "turun menurun penurunan berkurang menyusut menciut merosot anjlok fell fallen falls decrease decreased decline"
     " declined dropped shrank cut"),
    ("menang memenangi memenangkan unggul kemenangan mengalahkan won wins winning defeated",
     "kalah kekalahan dikalahkan tertinggal lost loses losing"),
    ("menerima diterima mengabulkan dikabulkan accepted granted",
     "menolak ditolak penolakan rejected dismissed denied"),
    ("menyetujui disetujui setuju approved agreed", "menolak ditolak rejected refused disagreed"),
    ("mendukung didukung menyokong disokong supported supports backed", "menentang opposed opposes"),
    ("dibuka membuka opened opens open", "ditutup menutup tutup closed closes"),
    ("mulai dimulai bermula started starts began begins", "berakhir selesai usai ended ends finished"),
    ("untung laba keuntungan profit", "rugi kerugian loss"),
    ("terbanyak terbesar tertinggi terpanjang terluas most largest highest longest biggest",
     "tersedikit terkecil terendah terpendek tersempit fewest smallest lowest shortest least"),
    ("tercepat cepat fastest faster", "terlambat lambat slowest slower slow"),
    ("lebih-besar lebih-banyak lebih-tinggi lebih-luas lebih-panjang higher larger greater",
     "lebih-kecil lebih-sedikit lebih-rendah lebih-sempit lebih-pendek fewer lower smaller"),
    ("sebelum sebelumnya before earlier", "sesudah setelah sesudahnya after later"),
    ("di-atas above melampaui melebihi exceeded", "di-bawah below under"),
    ("laki-laki pria men male", "perempuan wanita women female"),
    ("pertama first", "terakhir last"), ("pertama first", "kedua second"), ("kedua second", "ketiga third"),
    ("gratis cuma-cuma free", "berbayar dipungut paid"),
    ("menambah tambahan penambahan ditambah additional", "mengurangi pengurangan pemotongan dipotong dikurangi cut"),
    ("melantik dilantik inaugurated", "memberhentikan diberhentikan dipecat dismissed"),
    ("boleh diizinkan allowed permitted", "dilarang terlarang banned prohibited forbidden"),
    ("negeri", "swasta private"), ("terbuka", "tertutup"),
    ("timur east eastern", "barat west western"), ("utara north northern", "selatan south southern"),
    ("pagi morning", "malam night"),
)  # fmt: skip
_PAIRS = tuple((word_set(a), word_set(b)) for a, b in _OPPOSITES)
_COMPOUND = re.compile(
    r"\b(lebih|di)\s+(besar|banyak|tinggi|luas|panjang|kecil|sedikit|rendah|sempit|pendek|atas|bawah)\b"
)
_SPOKEN = re.compile(r"[a-z]+(?:[-'][a-z]+)*")
_NOT = re.compile(r"n['’]t\b")
_CONTRAST = re.compile(
    r",?\s*\b(?:sedangkan|sementara|adapun|tetapi|tapi|namun|while|whereas|but)\b\s*|;\s*|(?<=[a-z)])[.!?]\s+",
    re.IGNORECASE,
)


def clause_around(text: str, place: int) -> str:
    """The part of ``text`` around the offset ``place`` that "sedangkan", "tetapi" or a full stop set apart."""
    start, end = 0, len(text)
    for match in _CONTRAST.finditer(text):
        if match.end() <= place:
            start = match.end()
        elif match.start() >= place:
            end = match.start()
            break
    return text[start:end]


def opposite(claim: str, evidence: str) -> tuple[str, str] | None:
    """A word of the claim and the word of the evidence that says the opposite; None where one of them has both."""
    said, shown = _spoken(claim), _spoken(evidence)
    for one, other in _PAIRS:
        for a, b in ((one, other), (other, one)):
            here, there = said & a, shown & b
            if here and there and not said & b and not shown & a:
                return min(here), min(there)
    return None


def denied(claim: str, evidence: str) -> tuple[str, str] | None:
    """What one of the two denies and the other says, as (words of the claim, words of the evidence).

    Both are single sentences. A word that the evidence has twice, once denied and once not, decides nothing; neither do
    words as common as "menjadi".
    """
    said, shown = _denials(claim), _denials(evidence)
    if len(said) > len(shown):
        for term, written in said.items():
            if term not in shown and term in _terms(evidence):
                return written, written.partition(" ")[2]
    if len(shown) > len(said):
        for term, written in shown.items():
            if term not in said and term in _terms(claim) and _terms(evidence).count(term) == 1:
                return written.partition(" ")[2], written
    return None


def _spoken(text: str) -> frozenset[str]:
    return frozenset(_SPOKEN.findall(_COMPOUND.sub(r"\1-\2", text.lower())))


def _terms(text: str) -> list[str]:
    return [word.term for word in words(text) if word.term]


def _denials(text: str) -> dict[str, str]:
    """The term that each denial denies -> the two as written."""
    found: dict[str, str] = {}
    spoken = [word for word in words(_NOT.sub(" not", text)) if word.term]
    for at, word in enumerate(spoken):
        if word.text.lower() in DENIALS and (object_ := _denied_by(spoken[at + 1 : at + 1 + _REACH])):
            found[object_.term] = f"{word.text} {object_.text}"
    return found


def _denied_by(following: Sequence[Word]) -> Word | None:
    told = next((word for word in following if word.text.lower() not in _SKIPPED | DENIALS), None)
    return told if told and Lexicon.shipped().idf(told.term) >= _TELLING else None
