"""The people an article names, and whom a pronoun in it means, where that is sure.

A name counts as a person's where the article treats it as one somewhere: it speaks, is spoken of by title, has an age.
A pronoun means the only person of the sentence before, or the one that sentence is about; anything less sure stays
unexplained.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from index.mentions import mentions
from index.questions import Kind
from index.sentences import sentence_spans

from .places import place_words

__all__ = ["NO_PERSON", "PRONOUN", "TITLE", "Person", "antecedent", "in_speech", "people"]

PRONOUN = re.compile(r"\b(?:[Ii]a|[Dd]ia|[Bb]eliau)\b")

_SAYS = (
    r"(?:kata|ujar|tutur|ucap|ungkap|jelas|papar|tegas|tambah|imbuh|sebut|terang|cetus|beber|menurut|oleh|bersama)"
    r"(?:nya)?,? $"
)
_SPOKEN_BY = re.compile(rf"\b{_SAYS}", re.IGNORECASE)
_SPEAKS = re.compile(
    r"(?:,[^,.]{1,90},)? (?:juga |pun |sendiri |kembali |lalu |kemudian )?(?:mengatakan|menyatakan|menyebut|mengaku|"
    r"menuturkan|menjelaskan|menilai|meminta|menegaskan|menambahkan|mengungkapkan|mengungkap|menyampaikan|berharap|"
    r"berjanji|membantah|mengimbau|memastikan|mengakui|lahir|meninggal|menikah|tewas|bermain|mencetak)\b|"
    r" \(\d{2}(?: tahun)?\)|, \d{2} tahun"
)
_FIELDS = (
    "luar negeri|dalam negeri|sekretaris negara|keuangan|pertahanan|perdagangan|perindustrian|pertanian|kesehatan|"
    "sosial|agama|perhubungan|pariwisata|energi|investasi|ketenagakerjaan"
)
TITLE = re.compile(
    r"(?:(?:wakil|mantan|calon|plt|penjabat|ketua|kepala|sekretaris|direktur|gubernur|bupati|wali|walikota|kota|presiden|"
    rf"perdana menteri|menteri(?: (?:{_FIELDS}))?|menko|pelatih|kabag|camat|lurah|rektor|(?:wa)?kapol(?:ri|da|res|sek)|"
    r"kombes|jenderal|kolonel|mayor|kapten|pak|bu|bapak|ibu|haji|dr|prof|komjen|irjen|brigjen|akbp|akp|iptu|ustaz|kiai|"
    r"kh)\b\.? ?)+",
    re.IGNORECASE,
)
NO_PERSON = re.compile(
    r"(?:PT|CV|Persatuan|Majelis|Asosiasi|Federasi|Ikatan|Lembaga|Yayasan|Timnas|Partai|Universitas|Bank|Jalan|Sungai|Jembatan|Gedung|Kementerian|Komisi|Badan|Dewan|Mahkamah|Otorita|"
    r"Biro|Dinas|Bidang|Balai|Direktorat|Divisi|Bagian|Kantor|Pengadilan|Undang|Pilkada|Pilgub|Pemilu|Piala|Liga|Stadion|"
    r"Bandara|Pelabuhan|Provinsi|Kabupaten|Kecamatan|Istana|Rumah|Hotel|Masjid|Senin|Selasa|Rabu|Kamis|Jumat|Sabtu|"
    r"Minggu|Januari|Februari|Maret|April|Mei|Juni|Juli|Agustus|September|Oktober|November|Desember)\b"
)
# Offices over a place, which stands between them and whoever holds them: "Wali Kota Seruni Rina Lestari".
_GOVERNS = re.compile(
    r"\b(?:gubernur|bupati|wali ?kota|camat|lurah|presiden|perdana menteri|menteri(?: \w+){0,2})\W*$", re.IGNORECASE
)
_DIRECTIONS = frozenset(["Timur", "Barat", "Utara", "Selatan", "Tengah", "Tenggara"])
_WORD = r"(?:[A-Z]\.|[A-Z][\w'’-]+)"
_HOLDER_FOLLOWS = re.compile(rf", {_WORD}(?: {_WORD}){{1,3}}(?:,(?! dan\b)| (?![A-Z(]))")
_PLACED = (
    r"\b(?:di|ke|dari|(?<!ali )[Kk]ota|[Kk]abupaten|[Pp]rovinsi|[Kk]ecamatan|[Nn]egara|[Pp]emerintah|[Ww]arga|"
    r"[Pp]em(?:kot|kab)) "
)
_BESIDE = re.compile(
    r"\b(?:kepada|terhadap|bersama|dengan|dari|untuk|bagi|pada) (?:[A-Z][\w'’.-]* |\([A-Z]+\) ){0,6}$"
)  # whom a sentence only speaks to, or with
_SENTENCES_BACK = 2


class Person(NamedTuple):
    """``text[start:end]`` names a person, whose fullest name in the text is ``name``."""

    start: int
    end: int
    name: str


@lru_cache(maxsize=256)
def people(text: str) -> tuple[Person, ...]:
    """Every place where ``text`` names somebody it treats as a person, in order."""
    found: list[tuple[int, int]] = []
    known: set[str] = set()
    for start, end, titled in _candidates(text):
        name = text[start:end]
        if (
            not name
            or name.count(" ") > 3
            or "dan" in name.split()
            or NO_PERSON.match(name)
            or any(word.isupper() and len(word) > 1 for word in name.split())
        ):
            continue
        found.append((start, end))
        before, after = text[max(0, start - 24) : start], text[end:]
        if titled or _ends_with_title(before) or _SPOKEN_BY.search(before) or _SPEAKS.match(after):
            known.add(name)
    counts = Counter(text[start:end] for start, end in found)
    full = {name: _fullest(name, counts, known) for name in counts}
    return tuple(Person(start, end, name) for start, end in found if (name := full[text[start:end]]))


def in_speech(text: str, at: int) -> bool:
    """Whether ``text[at]`` stands between the quotation marks of its paragraph, of whichever shape they are."""
    before = text[text.rfind("\n", 0, at) + 1 : at]
    opened, closed = before.count("“"), before.count("”")
    return bool(before.count('"') % 2) or (opened > closed if opened else bool(closed % 2))


def antecedent(text: str, at: int) -> str:
    """The person whom the pronoun at ``text[at:]`` means; "" where that is not sure."""
    if in_speech(text, at):
        return ""  # whoever is quoted speaks of somebody else
    spans = sentence_spans(text[: at + 1])
    own = spans[-1][0] if spans else 0
    earlier = [person for person in people(text) if own <= person.start and person.end <= at]
    if earlier:  # "Wirya mengatakan ia ...": the one the sentence is about, when nobody else is named
        return earlier[0].name if len({person.name for person in earlier}) == 1 else ""
    for start, end in reversed(spans[:-1][-_SENTENCES_BACK:]):
        named = [person for person in people(text) if start <= person.start < end]
        if named:
            return _topic(text, start, named)
        if not PRONOUN.match(text, start):
            return ""
    return ""


def _topic(text: str, start: int, named: Sequence[Person]) -> str:
    """Whom the sentence from ``start`` is about: the only person it names, or its subject; "" where that is somebody it
    does not name, or two."""
    first = named[0]
    if PRONOUN.search(text, start, first.start) or _BESIDE.search(text, start, first.start):
        return ""
    if len({person.name for person in named}) == 1:
        return first.name
    joined = text.startswith(" dan ", first.end)
    return first.name if _is_subject(text, start, first) and not joined else ""


def _candidates(text: str) -> Iterator[tuple[int, int, bool]]:
    """Where a name may stand that is somebody's, titles and offices before it aside, and whether it has one."""
    holder = False  # whether it is that of the office before the comma
    for mention in mentions(text):
        if mention.kind is not Kind.OTHER:
            continue
        for start, end in _apart(text, mention.start, mention.end):
            title = TITLE.match(text, start, end)
            name = _without_office(text, title.group() if title else "", title.end() if title else start, end)
            yield name, end, holder or title is not None
            holder = title is not None and name == end and _holder_follows(text, end)


def _apart(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """ "Bupati Seruni Rina Lestari dan Wakil Bupati Bayu Segara" are two."""
    joint = text.find(" dan ", start, end)
    if joint >= 0 and TITLE.match(text, joint + 5, end):
        yield start, joint
        start = joint + 5
    yield start, end


def _without_office(text: str, title: str, start: int, end: int) -> int:
    """Where the name begins behind the words of an office: "KPU Kaltim Fahmi Idris" behind "Ketua", "Seruni Rina
    Lestari" behind "Wali Kota"; ``end`` where the office stands alone."""
    words = list(re.finditer(r"\S+", text[start:end]))
    offices = [place for place, word in enumerate(words) if word.group().isupper() and len(word.group()) > 1]
    first = 0
    if offices:
        rest = words[offices[-1] + 1 :]
        alone = bool(rest) and rest[0].group() == "Partai"  # where its name ends is not told
        first = len(words) - (0 if alone else min(len(rest), 2))
    elif _GOVERNS.search(title):
        first = _governed(text, [word.group() for word in words], end)
        first += first < len(words) and words[first].group() == "dan"
    return start + words[first].start() if first < len(words) else end


def _governed(text: str, words: Sequence[str], end: int) -> int:
    """How many of the words behind an office name its place: as many as stand for a place elsewhere in the text; or
    one, where that and the next both stand by themselves elsewhere."""
    if _holder_follows(text, end):
        return len(words)
    if len(words) > 1 and words[1] in _DIRECTIONS:
        return 2
    known = place_words(words)
    placed = next(
        (n for n in range(len(words), 0, -1) if re.search(_PLACED + re.escape(" ".join(words[:n])) + r"\b", text)), 0
    )
    if known or placed or len(words) < 3 or words[1] == "dan":
        return max(known, placed)  # "Samarinda Ulu" is none of the list, Samarinda is
    first, second = map(re.escape, words[:2])
    return int(all(re.search(one, text) for one in (rf"\b{first}\b(?! {second})", rf"(?<!{first} )\b{second}\b")))


def _holder_follows(text: str, end: int) -> bool:
    """Whether a comma and somebody's name stand behind an office, and not the next office of a list."""
    return _HOLDER_FOLLOWS.match(text, end) is not None and TITLE.match(text, end + 2) is None


def _ends_with_title(before: str) -> bool:
    last = before.rstrip().rsplit(" ", 1)[-1]
    return before.endswith(" ") and bool(last) and TITLE.fullmatch(last) is not None


def _fullest(name: str, counts: Counter[str], known: set[str]) -> str:
    """The longest form of a person's name; "" where no form of it is known to be a person's.

    Forms that stand only once and where nothing marks a person may have a sentence's first word in them.
    """
    words = set(name.split())
    forms = {other for other in counts if words <= set(other.split()) or set(other.split()) <= words}
    if not forms & known:
        return ""
    longer = {other for other in forms if words < set(other.split()) and (other in known or counts[other] > 1)}
    return max(longer or {name}, key=lambda other: (len(other), other))


def _is_subject(text: str, start: int, person: Person) -> bool:
    """Whether the sentence from ``start`` opens with the person, title and office before the name aside."""
    opening = text[start : person.start]
    return not opening.strip() or (TITLE.match(opening) is not None and "," not in opening and " di " not in opening)
