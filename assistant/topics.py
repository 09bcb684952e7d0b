"""What a conversation has been about: the names in its questions and answers, and what may be referred to next."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from .people import people
from .places import PLACES
from .types import Turn
from .wording import NOT_FOUND

__all__ = [
    "FUNCTION_WORDS",
    "MEASURES",
    "NAME",
    "QUESTION_WORD",
    "WHEN_OR_WHY",
    "Context",
    "Name",
    "context_after",
    "names_in",
]

_PREPOSITION = 16  # characters before a name in which its preposition stands
_STATEMENT = 200  # characters of an answer in which a name is looked for
NAME = re.compile(r"[A-Z][\w'’-]*(?:[ ](?:[A-Z][\w'’-]*|bin|binti|of|\d{1,4}\b))*")
_PLACED = re.compile(r"\b(?:di|ke|dari|in|at|from|to)[ ]$", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:di|ke|dari|pada|untuk|menurut|oleh|in|at|from|to|by|for|according to)[ ]$", re.IGNORECASE)
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d\b")
_NO_PREDICATE = re.compile(
    r" (?!(?:dan|lahir|pernah|sudah|telah|akan|adalah|tidak|and|is|was|has|will|(?:di|me|ber|ter)\w{3,})\b)[a-z]"
)
WHEN_OR_WHY = r"kapan|di ?mana|ke ?mana|dari mana|kenapa|mengapa|bagaimana|gimana|apakah|when|where|why|how"
QUESTION_WORD = re.compile(
    rf"\b(?:{WHEN_OR_WHY}|siapa(?:kah)?|apa|berapa(?:kah)?|mana|who|whom|what|which|how (?:many|much|long))\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:siapa|siapakah|who|whom)\b", re.IGNORECASE)
_WHERE = re.compile(r"\b(?:di ?mana|where)\b", re.IGNORECASE)
_MARKER = re.compile(r"\s*\[\d+\]")
_ITEM = re.compile(r",? (?:dan|serta|and) |[,;] ")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


MEASURES = _words(  # "-nya" after these belongs to a thing rather than to the person named last
    """panjang lebar tinggi luas dalam berat biaya harga anggaran nilai kapasitas lokasi tempat acara peristiwa
    kejadian pembangunan kerugian korban jumlah tanggal jadwal tarif rute isi"""
)
_ATTRIBUTES = _words("umur usia nama istri suami anak ayah partai wakil lawan jabatan profil kekayaan gaji suara visi")
_THINGS = _words(  # a name that begins with one of these is no person's
    """jembatan jalan tol kota kabupaten provinsi kecamatan desa sungai gunung pulau bandara pelabuhan gedung stadion
    istana masjid gereja rumah bendungan museum kementerian otorita komisi dewan badan mahkamah pengadilan partai
    pt bank universitas sekolah undang-undang uu pasal pilkada pilgub pilpres pemilu piala liga kapal festival
    program proyek ibu dprd dpr kpu the"""
)
FUNCTION_WORDS = _words(
    """yang di ke dari pada untuk menurut oleh dengan dan atau itu ini tersebut dia ia mereka akan sudah telah pernah
    sedang saja lagi juga kah pun bagaimana kalau terus trus lalu kemudian nah tapi apa and but so then the a an
    of in at to is was are were did does do has had be it he she they there will"""
)
_CALENDAR = _words(  # capitals that name no one
    """januari februari maret april mei juni juli agustus september oktober november desember senin selasa rabu kamis
    jumat sabtu minggu ahad january february march may june july august october december monday tuesday wednesday
    thursday friday saturday sunday"""
)


@dataclass(frozen=True, slots=True)
class Name:
    """A run of words with capitals, and where it begins."""

    text: str
    start: int
    placed: bool  # stands behind a preposition of place
    aside: bool  # stands behind any preposition, so that it is not what the sentence is about

    @property
    def begins_as_thing(self) -> bool:
        """Whether its first word says that it is no person and no place: "Jembatan Mahakam", "Pilkada 2024"."""
        return self.text.split()[0].lower() in _THINGS

    @property
    def is_thing(self) -> bool:
        """Whether it is no person's."""
        return self.placed or self.text.isupper() or self.begins_as_thing or self.text in PLACES


@dataclass(frozen=True, slots=True)
class Context:
    """What the turns before were about; ``listed`` are what the last answer enumerates. Empty where nothing fits."""

    question: str
    topic: str
    subject: str
    person: str
    place: str
    group: str
    who: str
    date: str
    listed: tuple[str, ...] = ()


def context_after(asked: str, turn: Turn, earlier: Context | None) -> Context:
    """What the conversation is about after a turn.

    Args:
        asked: the turn's question, made to stand alone.
        turn: with its answer and, where they are known, its citations.
        earlier: what it was about before; None at its beginning.
    """
    names = names_in(asked)
    answers = [name.text for name in names_in(_short(turn.answer), skip_first=True) if name.text not in asked]
    cited = _cited_people(turn)
    who = (cited or answers or [""])[0] if _WHO.search(asked) else ""
    where = answers[0] if answers and _WHERE.search(asked) else ""
    about = [name.text for name in names if not name.aside] or [name.text for name in names] or answers
    subject = about[0] if about else ""
    things = {name.text for name in names if name.is_thing}
    persons = [name.text for name in names if not name.is_thing]
    places = [name.text for name in names if name.placed]
    pairs = (f"{one.text} {word} {other.text}" for one, other in pairwise(names) for word in ("dan", "and"))
    pair = next((pair for pair in pairs if pair in asked), "")
    person = who or (persons[-1] if persons else earlier.person if earlier else "")
    both = f"{persons[-1]} dan {who}" if who and persons else ""  # "Siapa wakil Wirya Kusuma?"
    date = _DATE.search(asked) or _DATE.search(turn.answer)
    return Context(
        question=asked,
        topic=_topic(asked, who),
        subject=subject,
        person=person or (cited[0] if len(cited) == 1 else "") or (subject if subject not in things else ""),
        place=where or (places[-1] if places else subject),
        group=both or who or pair or subject,
        who=who,
        date=date.group() if date else "",
        listed=_listed(_short(turn.answer)),
    )


def _cited_people(turn: Turn) -> list[str]:
    """The people whom the first citation marks or, without a mark, the only one it names, by their fullest names."""
    for citation in turn.citations[:1]:
        start, end = citation.span or (citation.start, citation.end)
        found = list(dict.fromkeys(p.name for p in people(citation.article.text) if start <= p.start < end))
        return found if citation.span or len(found) == 1 else []
    return []


def _listed(answer: str) -> tuple[str, ...]:
    """The items that an answer enumerates: "A, B, dan C"; none where it names one thing."""
    statement = _MARKER.sub("", answer).strip(" .")
    items = tuple(item.strip() for item in _ITEM.split(statement))
    return items if len(items) > 1 and all(items) else ()


def names_in(text: str, *, skip_first: bool = False) -> list[Name]:
    """Runs of words with capitals.

    A first word may owe its capital to its place. With ``skip_first`` it counts only where no small word follows or
    that is a predicate: "Wirya lahir di mana?", but not "Istri dia siapa?".
    """
    found: list[Name] = []
    for match in NAME.finditer(text):
        words, start = match.group().split(" "), match.start()
        skip = skip_first and _NO_PREDICATE.match(text, start + len(words[0])) is not None
        while words and _is_common(words[0], first=start == 0, skip=skip):
            start += len(words.pop(0)) + 1
        if words:
            before = text[max(0, start - _PREPOSITION) : start]
            placed, aside = (pattern.search(before) is not None for pattern in (_PLACED, _ASIDE))
            found.append(Name(" ".join(words), start, placed, aside))
    return found


def _is_common(word: str, *, first: bool, skip: bool) -> bool:
    lower = word.lower()
    if QUESTION_WORD.fullmatch(lower) or lower in FUNCTION_WORDS or lower in _CALENDAR or lower.isdigit():
        return True
    return first and (skip or lower in MEASURES or lower in _ATTRIBUTES or lower.endswith("nya"))


def _short(answer: str) -> str:
    """The statement that an answer opens with; empty for a refusal, and for a quotation: which of the names in it
    answers is not told."""
    first = answer.strip().split("\n", 1)[0]
    return "" if first.startswith((*NOT_FOUND.values(), "“")) else first[:_STATEMENT]


def _topic(asked: str, who: str) -> str:
    words = " ".join(QUESTION_WORD.sub(" ", asked).strip(" ?.!").split())
    words = re.sub(r"^(?:yang|itu|is|was|did|does|are|were) ", "", words)
    return f"{words}, {who}" if who and words else words or who
