"""Names in a claim and in what it cites: are they the same, and if one is missing, does another stand in its place?"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.vocabulary import MONTHS, WEEKDAYS, word_set

__all__ = ["GENERIC", "Name", "defined", "folded", "initials", "names", "shortened", "spelled_out", "tokens"]


@dataclass(frozen=True, slots=True)
class Name:
    """A run of capitalised words, ``text[start:end]``; ``tokens`` are folded and hold no titles.

    ``opening`` is true for a single word at the head of a sentence, which may be no name at all.
    """

    start: int
    end: int
    tokens: tuple[str, ...]
    opening: bool = False


_WORD = re.compile(r"[^\W_]+(?:['’‘ʼ`´.][^\W_]+)*\.?")
_POSSESSIVE = re.compile(r"['’]s$")
_MARKS = re.compile(r"['’‘ʼ`´.\u0300-\u036f]")
_LONGEST_PART = 5  # letters that a short form takes of one word
_AMOUNT = re.compile(r"(?:rp|us|idr|usd)?[\d.,]+(?:st|nd|rd|th|an)?", re.IGNORECASE)
_JOINT = re.compile(r"[ \u00a0]+(?:(?:bin|binti|van|von|de|da|del|der|al|el)[ \u00a0]+)?")
_SENTENCE_HEAD = re.compile(r"(?:^|[.!?:…]|[.!?]['\"”’)])\s*[\"“'‘(]*$")
# Titles, ranks and kinds: "Presiden Joko Widodo" is named by what is left of it.
GENERIC = word_set(
    """presiden wakil wapres gubernur wagub bupati wali kota walikota menteri menko ketua sekretaris kepala direktur
    jenderal kolonel letnan mayor kapten inspektur komisaris penjabat pelaksana tugas plt pj bapak pak ibu bu dr drs
    dra ir prof h hj hajah haji kh ust ustaz tuan nyonya saudara sdr anggota calon mantan eks juru bicara jubir negara
    provinsi kabupaten kecamatan desa kelurahan daerah pusat badan lembaga kementerian dinas kantor dewan
    partai jalan sungai jembatan bandara pelabuhan gedung hotel istana universitas sekolah rumah sakit undang-undang
    undang uu nomor pasal ayat peraturan keputusan instruksi perda pergub perpres keppres inpres pemerintah program
    pemilihan pilkada pilgub pemilu pleno rapat tim koalisi pasangan rp rupiah wib wita wit republik
    president vice governor deputy mayor regent minister chairman chair chairperson chairwoman chief head secretary
    director general colonel mr mrs ms dr former candidate national agency office ministry court house palace city
    province regency district village party bridge river road street airport port university school hospital law act
    number regulation decree instruction government election commission council committee the of and for in a an
    hari tahun"""
)
_NO_NAMES = GENERIC | MONTHS.keys() | WEEKDAYS.keys()
_COMPASS = {"tim": "timur", "bar": "barat", "sel": "selatan", "ut": "utara", "teng": "tengah"}
_ISLANDS = {"kal": "kalimantan", "ja": "jawa", "sul": "sulawesi", "sum": "sumatera", "papua": "papua"}
_ALIASES: dict[str, tuple[frozenset[str], ...]] = {
    "jokowi": (frozenset({"joko", "widodo"}),),
    "sby": (frozenset({"susilo", "bambang", "yudhoyono"}),),
    "ahy": (frozenset({"agus", "harimurti", "yudhoyono"}),),
    "kukar": (frozenset({"kutai", "kartanegara"}),),
    "kutim": (frozenset({"kutai", "timur"}),),
    "kubar": (frozenset({"kutai", "barat"}),),
    "mahulu": (frozenset({"mahakam", "ulu"}),),
    "dki": (frozenset({"jakarta"}),),
    "diy": (frozenset({"yogyakarta"}),),
    "jogja": (frozenset({"yogyakarta"}),),
    "pdip": (frozenset({"pdi", "perjuangan"}),),
    "pdi-p": (frozenset({"pdi", "perjuangan"}),),
    "ri": (frozenset({"indonesia"}),),
    **{
        short + end: (frozenset({island, direction}),)
        for short, island in _ISLANDS.items()
        for end, direction in _COMPASS.items()
    },
}
_ENGLISH = {
    "east": "timur", "west": "barat", "south": "selatan", "north": "utara", "central": "tengah", "java": "jawa",
    "sumatra": "sumatera", "constitutional": "konstitusi", "authority": "otorita", "capital": "ibu",
    "borneo": "kalimantan", "strait": "selat", "independence": "merdeka", "military": "militer",
    "academy": "akademi", "bay": "teluk", "finance": "keuangan", "home": "negeri", "investment": "investasi",
    "works": "umum", "public": "umum", "regional": "regional", "statistics": "statistik", "police": "polri",
    "army": "tni", "indonesian": "indonesia", "generation": "generasi", "presidential": "presiden",
    "gubernatorial": "pilgub", "coal": "batu", "toll": "tol", "section": "seksi", "state": "negara",
}  # fmt: skip


def folded(word: str) -> str:
    """Lower case without apostrophes, full stops and Latin marks: "Mas'ud" and "Masud" are one."""
    plain = _POSSESSIVE.sub("", unicodedata.normalize("NFKD", word.casefold()))
    return _MARKS.sub("", plain)


def tokens(text: str) -> frozenset[str]:
    """All words of ``text``, folded."""
    return frozenset(folded(match.group()) for match in _WORD.finditer(text))


def names(text: str, *, ordinary: frozenset[str] = frozenset()) -> list[Name]:
    """The names in ``text`` in order. ``ordinary`` are words that begin sentences and are seldom names."""
    return list(_names(text, ordinary))


def _names(text: str, ordinary: frozenset[str]) -> Iterator[Name]:
    run: list[re.Match[str]] = []
    for match in _WORD.finditer(text):
        if run and not _JOINT.fullmatch(text, run[-1].end(), match.start()):
            yield from _as_name(text, run, ordinary)
            run = []
        if _is_capital(match.group()):
            run.append(match)
        elif run and not _JOINT.match(text, run[-1].end(), match.end() + 1):
            yield from _as_name(text, run, ordinary)
            run = []
    yield from _as_name(text, run, ordinary)


def _is_capital(word: str) -> bool:
    """Whether the word begins with a capital, or is a code such as "3A"; amounts are neither."""
    return any(c.isupper() for c in word) and (word[0].isupper() or word[0].isdigit()) and not _AMOUNT.fullmatch(word)


def _as_name(text: str, run: list[re.Match[str]], ordinary: frozenset[str]) -> Iterator[Name]:
    if not run:
        return
    head = _SENTENCE_HEAD.search(text[: run[0].start()]) is not None
    if head and folded(run[0].group()) in ordinary:
        run = run[1:]
    kept = [match for match in run if folded(match.group()) not in _NO_NAMES]
    if kept:
        opening = head and len(run) == 1 and not kept[0].group().isupper()
        end = kept[-1].end() - kept[-1].group().endswith(".")
        yield Name(kept[0].start(), end, tuple(folded(match.group()) for match in kept), opening)


@lru_cache(maxsize=4096)
def spelled_out(token: str) -> tuple[frozenset[str], ...]:
    """What a short or English form may stand for: "kaltim" -> {kalimantan, timur}; nothing for other words."""
    if token in _ENGLISH:
        return (frozenset({_ENGLISH[token]}),)
    return _ALIASES.get(token, ())


def shortened(tokens: Iterable[str]) -> frozenset[str]:
    """Short forms whose words all stand in ``tokens``."""
    present = frozenset(tokens)
    return frozenset(short for short, meanings in _ALIASES.items() if any(words <= present for words in meanings))


def initials(text: str) -> str:
    """The first letters of all words in a row, to look acronyms up in: "komisi pemilihan umum" holds "kpu"."""
    return "".join(match.group()[0] for match in _WORD.finditer(text)).casefold()


def defined(text: str) -> dict[str, frozenset[str]]:
    """Short forms that a text explains in brackets, "Badan Pusat Statistik (BPS)": short form -> its words."""
    found: dict[str, frozenset[str]] = {}
    for match in re.finditer(r"\(([^()\s]{2,14})\)", text):
        short = folded(match[1])
        words = [folded(word.group()) for word in _WORD.finditer(text[: match.start()][-120:])]
        for size in range(2, 8):
            if len(words) >= size and _shortens(short, words[-size:]):
                found[short] = frozenset(words[-size:]) - GENERIC
                break
    return found


def _shortens(short: str, words: Sequence[str]) -> bool:
    """Whether ``short`` is made of beginnings of the words, in their order, each at least one letter."""
    if not words:
        return not short
    first = words[0]
    return any(
        first.startswith(short[:size]) and _shortens(short[size:], words[1:])
        for size in range(1, min(5, len(short)) + 1)
    )
