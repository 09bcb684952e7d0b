"""Lexical analysis: text -> index terms, the same for articles and questions."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Callable

import Stemmer

__all__ = ["ANALYSER", "analyse", "analyse_question", "formal"]

ANALYSER = "tanya-id-3"
"""Name of what ``analyse`` and ``index.ingest.indexed_terms`` do; an index records it and refuses another."""

_ASCII_TOKEN = re.compile(r"[a-z]+|\d+(?:[.,]\d+)*", re.ASCII)
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_LETTERS = re.compile(r"([^\W\d_]+)")
_APOSTROPHE = re.compile(r"['’‘ʼ`´]\b")
_LATIN_MARKS = re.compile(r"[\u0300-\u036f]")
_THOUSANDS = re.compile(r"\d{1,3}(?:(?:\.\d{3})+|(?:,\d{3})+)")
_CACHED_TERMS = 200_000
# Words that only ask. Articles use them too (in quotations, as relative pronouns), which is where they mislead.
_QUESTION_WORDS = frozenset(
    word + particle
    for word in ("apa", "siapa", "kapan", "mana", "dimana", "bagaimana", "berapa", "kenapa", "mengapa")
    for particle in ("", "kah")
)
_SOFT = frozenset(  # words that only ask or soften, in questions
    ("kemana", "darimana", "ngapain", "apaan", "sih", "dong", "deh", "kok", "tuh", "nih", "yah")
)

# What people type for what articles print. What news prints in another sense is left alone: "dr." is a doctor. So is
# anything in capitals: DPT is a list of voters.
_CHAT = {
    informal: formal
    for formal, many in {
        "siapa": "sipa siape siapah siapasih", "siapakah": "siapakh", "apakah": "apkah apakh apkh",
        "apa": "apasih", "kapan": "kpn kpan kapn", "dimana": "dmn dmna dimna diman", "berapa": "brp brapa brpa berpa",
        "bagaimana": "gimana gmn gmana bgmn bgaimana bagimana", "kenapa": "knp knpa knapa kenpa",
        "mengapa": "mengpa mngapa",
        "yang": "yg yng", "dengan": "dgn dg", "untuk": "utk tuk", "pada": "pd", "dalam": "dlm", "dari": "dri",
        "karena": "krn karna krna", "seperti": "spt sprti kyk kayak", "sebagai": "sbg", "tersebut": "tsb", "juga": "jg",
        "tidak": "tdk gak gk ga nggak ngga enggak engga kagak", "belum": "blm blom belom", "bukan": "bkn",
        "sudah": "sdh udah udh dah", "sedang": "sdg", "akan": "bkl", "bisa": "bs bsa", "harus": "hrs",
        "kalau": "klo kalo", "sama": "ama", "saja": "aja aj", "banyak": "byk bnyk", "semua": "smua",
        "orang": "org orng", "anak": "ank", "uang": "duit", "tahun": "thn th", "bulan": "bln", "tanggal": "tgl",
        "hari": "hr", "jumlah": "jml jmlh", "sekarang": "skrg skrang skr", "kemarin": "kmrn kmren", "besok": "bsk",
        "tadi": "td", "presiden": "presidn pres", "gubernur": "gub", "bupati": "bup", "kabupaten": "kab",
        "kecamatan": "kec", "provinsi": "prov propinsi", "jalan": "jln jl", "rumah": "rmh", "sekolah": "sklh",
        "korban": "krban", "jakarta": "jkt", "surabaya": "sby", "bandung": "bdg",
        "pemerintah": "pmerintah pemrintah", "masyarakat": "masyarkat msyrkt",
    }.items()
    for informal in many.split()
}  # fmt: skip
_CHAT_WORD = re.compile(r"(?<![\w.@])[^\W\d_]+(?![\w@]|\.\w)")  # not in "9th", "change.org", "S.Pd"
_SHORT_TITLES = frozenset(
    ("pres", "gub", "bup", "kab", "kec", "prov", "jkt", "sby", "bdg")
)  # capitals make no name of these


def formal(text: str) -> str:
    """A question with the spellings of chat and slips in question words written out: "brp org" -> "berapa orang"."""
    return _CHAT_WORD.sub(_written_out, text)


def _written_out(word: re.Match[str]) -> str:
    informal = word.group()
    named = informal[0].isupper() and word.start() > 0 and informal.lower() not in _SHORT_TITLES
    return informal if informal.isupper() or named else _CHAT.get(informal.lower(), informal)


def analyse_question(text: str) -> list[str]:
    """The index terms of a question: those of ``analyse``, in formal spelling and without words that only soften."""
    return analyse(
        "".join(word for word in _LETTERS.split(formal(text)) if word.isupper() or word.lower() not in _SOFT)
    )


def analyse(text: str) -> list[str]:
    """The index terms of ``text`` in order, repeats kept; none for a text of question words or signs only.

    Question words are left out; case, Latin diacritics and apostrophes inside words are ignored ("Mas'ud", "Masud");
    words are stemmed (Snowball's Indonesian stemmer); numbers are written one way ("1.250.000" and "1,250,000" ->
    ``1250000``; "1,2" -> ``1d2``). Terms hold letters and digits only, so SQLite's ``ascii`` tokeniser leaves them
    whole. Safe to call from threads.
    """
    pattern = _ASCII_TOKEN
    if not text.isascii():
        text = unicodedata.normalize("NFKC", _LATIN_MARKS.sub("", unicodedata.normalize("NFKD", text)))
        pattern = _TOKEN
    terms = _terms
    return [term for token in pattern.findall(_APOSTROPHE.sub("", text.lower())) if (term := terms[token])]


class _Terms(dict[str, str]):
    """token -> term ("" for none), each computed once: stemming costs far more than a look-up, and words repeat."""

    def __init__(self) -> None:
        super().__init__()
        # A Stemmer object keeps scratch memory and must not be used by two threads at once.
        self._lock = threading.Lock()
        self._stem = Stemmer.Stemmer("indonesian", maxCacheSize=0).stemWord

    def __missing__(self, token: str) -> str:
        with self._lock:
            if len(self) >= _CACHED_TERMS:
                self.clear()
            term = _term(token, self._stem)
            self[token] = term
        return term


def _term(token: str, stem: Callable[[str], str]) -> str:
    if token in _QUESTION_WORDS:
        return ""
    return _number(token) if token[0].isdecimal() else stem(token)


def _number(token: str) -> str:
    """One spelling for each number: no thousands separators, ``d`` for the decimal sign."""
    if _THOUSANDS.fullmatch(token):
        return token.replace(".", "").replace(",", "")
    return token.replace(".", "d").replace(",", "d")


_terms = _Terms()
