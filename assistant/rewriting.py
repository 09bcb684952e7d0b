"""A follow-up question made to stand alone, from the turns before it. Deterministic, without a model.

Four things make a question lean on the conversation, and each has its repair:

- it swaps one name of the last question ("Bagaimana dengan Balikpapan?"): the last question with that name in place;
- it is a question word alone ("Kenapa?"): the last question with that question word;
- it refers back ("dia", "di sana", "jembatan itu", "panjangnya", "sembilan hari kemudian"): what is referred to;
- it leaves its subject out ("Kapan dilantik?"): the subject put in, or the last question's topic behind it.

A question that names what it is about and has none of these stays as it is. Names are words with capitals; a reference
that follows a name in its own question belongs to that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .types import Turn
from .wording import NOT_FOUND, question_language

__all__ = ["standalone_question"]

_TURNS = 4  # how far back a reference may reach
_PREPOSITION = 16  # characters before a name in which its preposition stands
_STATEMENT = 200  # characters of an answer in which a name is looked for

_LEAD = re.compile(
    r"(?:(?:terus|trus|lalu|kemudian|nah|oke|ok|dan|tapi|then|and|so|but)\b[,\s]*)+(?=\w)", re.IGNORECASE
)
_NAME = re.compile(r"[A-Z][\w'’-]*(?:[ ](?:[A-Z][\w'’-]*|bin|binti|of|\d{1,4}\b))*")
_PLACED = re.compile(r"\b(?:di|ke|dari|in|at|from|to)[ ]$", re.IGNORECASE)
_ASIDE = re.compile(r"\b(?:di|ke|dari|pada|untuk|menurut|oleh|in|at|from|to|by|for|according to)[ ]$", re.IGNORECASE)
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_DATE = re.compile(r"\b\d{1,2} [A-Z][a-z]+ (?:19|20)\d\d\b")

_WHEN_OR_WHY = r"kapan|di ?mana|ke ?mana|dari mana|kenapa|mengapa|bagaimana|gimana|apakah|when|where|why|how"
_ADVERB = re.compile(rf"\b(?:{_WHEN_OR_WHY})\b", re.IGNORECASE)
_QUESTION_WORD = re.compile(
    rf"\b(?:{_WHEN_OR_WHY}|siapa(?:kah)?|apa|berapa(?:kah)?|mana|who|whom|what|which|how (?:many|much|long))\b",
    re.IGNORECASE,
)
_WHO = re.compile(r"\b(?:siapa|siapakah|who|whom)\b", re.IGNORECASE)
_WHO_DID = re.compile(r"^(?:siapa(?:kah)? yang|apa yang|who)\b", re.IGNORECASE)
_ALONE = re.compile(rf"({_WHEN_OR_WHY})(?: (?:begitu|gitu|bisa begitu|demikian|sih|ya|so|that))?", re.IGNORECASE)
_SWAP = re.compile(
    r"(?P<ask>(?:bagaimana|gimana|kalau|what|how)(?: (?:dengan|kalau|untuk|about))? )?"
    r"(?:(?P<place>di|ke|dari|in|at) |(?:pada|untuk|for) )?(?:tahun )?(?P<new>[^?]+?)"
    r"(?: (?:gimana|bagaimana|berapa|sendiri))?",
    re.IGNORECASE,
)

_THERE = re.compile(r"\b(?:(?P<where>di|ke|dari) (?:sana|situ|sini)|there)\b(?! (?:is|are|was|were)\b)", re.IGNORECASE)
_PERSON = re.compile(r"\b(?:dia|ia|beliau|he|she|him)\b", re.IGNORECASE)
_GROUP = re.compile(r"\b(?:mereka|they|them)\b", re.IGNORECASE)
_THING = re.compile(r"(?:^|(?<=kapan )|(?<=mana )|(?<=kenapa )|(?<=mengapa ))itu\b|\bit\b", re.IGNORECASE)
_POSSESSIVE = re.compile(r"\b(?P<whose>his|her|its|their)\b(?= \w)", re.IGNORECASE)
_POINTED = re.compile(r"\b(?P<noun>[^\W\d_]{3,}) (?:itu|tersebut)\b", re.IGNORECASE)
_CLITIC = re.compile(r"\b(?P<noun>[^\W\d_]{3,})nya\b", re.IGNORECASE)
_LATER = re.compile(
    r"\b(?P<span>(?:\w+ |se)(?:hari|pekan|minggu|bulan|tahun)) (?P<side>kemudian|sebelumnya)\b", re.IGNORECASE
)
_NO_PREDICATE = re.compile(
    r" (?!(?:dan|lahir|pernah|sudah|telah|akan|adalah|tidak|and|is|was|has|will|(?:di|me|ber|ter)\w{3,})\b)[a-z]"
)
_WORD = re.compile(r"[^\W\d_]+")
_VERB = re.compile(r"(?:di|me|ber|ter)\w{3,}", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_CLITIC = _words(  # what is left of words in which "-nya" refers to nothing
    """berta biasa akhir sebenar misal umum khusus selanjut sebelum sesudah berikut sepenuh ada rupa agak seharus
    semesti setidak sekurang banyak pada pertama kira lama masing terjadi"""
)
_POINTS_NOWHERE = _words("apa saat waktu hari selain karena sebab setelah sebelum seperti tahun bulan siapa mana")
_MEASURES = _words(  # "-nya" after these belongs to a thing rather than to the person named last
    """panjang lebar tinggi luas dalam berat biaya harga anggaran nilai kapasitas lokasi tempat acara peristiwa
    kejadian pembangunan kerugian korban jumlah tanggal jadwal tarif rute isi"""
)
_REASONS = _words("alasan penyebab akibat dampak tujuan hasil kronologi")  # "-nya" after these means what happened
_ATTRIBUTES = _words("umur usia nama istri suami anak ayah partai wakil lawan jabatan profil kekayaan gaji suara visi")
_THINGS = _words(  # a name that begins with one of these is no person's
    """jembatan jalan tol kota kabupaten provinsi kecamatan desa sungai gunung pulau bandara pelabuhan gedung stadion
    istana masjid gereja rumah bendungan museum kementerian otorita komisi dewan badan mahkamah pengadilan partai
    pt bank universitas sekolah undang-undang uu pasal pilkada pilgub pilpres pemilu piala liga kapal festival
    program proyek ibu dprd dpr kpu the"""
)
_FUNCTION_WORDS = _words(
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
class _Name:
    text: str
    start: int
    placed: bool  # stands behind a preposition of place
    aside: bool  # stands behind any preposition, so that it is not what the sentence is about

    @property
    def is_thing(self) -> bool:
        return self.placed or self.text.isupper() or self.text.split()[0].lower() in _THINGS


@dataclass(frozen=True, slots=True)
class _Context:
    """What the turns before were about. Empty strings where nothing fits."""

    question: str
    topic: str
    subject: str
    person: str
    place: str
    group: str
    who: str
    date: str


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from earlier turns put into words; unchanged where it takes nothing.

    Args:
        question: as it was asked, in Indonesian or English.
        history: the earlier turns, oldest first; the last few are used.
    """
    turns = [turn for turn in history if turn.question.strip()][-_TURNS:]
    rewritten = _rewritten(question.strip(), turns)
    return question if rewritten == question.strip() else rewritten[0].upper() + rewritten[1:]


def _rewritten(asked: str, turns: Sequence[Turn]) -> str:
    if not turns or not asked:
        return asked
    lead = _LEAD.match(asked)
    body = asked[lead.end() :] if lead else asked
    context = _context(turns)
    return _swapped(body, context) or _asked_again(body, context) or _resolved(body, context, bool(lead))


def _context(turns: Sequence[Turn]) -> _Context:
    last = turns[-1]
    asked = _rewritten(last.question.strip(), turns[:-1])
    names = _names(asked)
    answers = [name.text for name in _names(_short(last.answer), skip_first=True) if name.text not in asked]
    who = answers[0] if answers and _WHO.search(asked) else ""
    where = answers[0] if answers and re.search(r"\b(?:di ?mana|where)\b", asked, re.IGNORECASE) else ""
    about = [name.text for name in names if not name.aside] or [name.text for name in names] or answers
    subject = about[0] if about else ""
    people = [name.text for name in names if not name.is_thing]
    places = [name.text for name in names if name.placed]
    pairs = (f"{one.text} {word} {other.text}" for one, other in pairwise(names) for word in ("dan", "and"))
    pair = next((pair for pair in pairs if pair in asked), "")
    earlier = _context(turns[:-1]) if len(turns) > 1 and not (who or people) else None
    date = _DATE.search(asked) or _DATE.search(last.answer)
    return _Context(
        question=asked,
        topic=_topic(asked, who),
        subject=subject,
        person=who or (people[-1] if people else earlier.person if earlier else "") or subject,
        place=where or (places[-1] if places else subject),
        group=who or pair or subject,
        who=who,
        date=date.group() if date else "",
    )


def _names(text: str, *, skip_first: bool = False) -> list[_Name]:
    """Runs of words with capitals.

    A first word may owe its capital to its place. With ``skip_first`` it counts only where no small word follows or
    that is a predicate: "Wirya lahir di mana?", but not "Istri dia siapa?".
    """
    found: list[_Name] = []
    for match in _NAME.finditer(text):
        words, start = match.group().split(" "), match.start()
        skip = skip_first and _NO_PREDICATE.match(text, start + len(words[0])) is not None
        while words and _is_common(words[0], first=start == 0, skip=skip):
            start += len(words.pop(0)) + 1
        if words:
            before = text[max(0, start - _PREPOSITION) : start]
            placed, aside = (pattern.search(before) is not None for pattern in (_PLACED, _ASIDE))
            found.append(_Name(" ".join(words), start, placed, aside))
    return found


def _is_common(word: str, *, first: bool, skip: bool) -> bool:
    lower = word.lower()
    if _QUESTION_WORD.fullmatch(lower) or lower in _FUNCTION_WORDS or lower in _CALENDAR or lower.isdigit():
        return True
    return first and (skip or lower in _MEASURES or lower in _ATTRIBUTES or lower.endswith("nya"))


def _short(answer: str) -> str:
    """The statement that an answer opens with; empty for a refusal."""
    first = answer.strip().split("\n", 1)[0]
    return "" if first.startswith(tuple(NOT_FOUND.values())) else first[:_STATEMENT]


def _topic(asked: str, who: str) -> str:
    words = " ".join(_QUESTION_WORD.sub(" ", asked).strip(" ?.!").split())
    words = re.sub(r"^(?:yang|is|was|did|does|are|were) ", "", words)
    return f"{words}, {who}" if who and words else words or who


def _swapped(body: str, context: _Context) -> str:
    """The last question about something else of the same kind: a place for a place, a year for a year."""
    match = _SWAP.fullmatch(body.rstrip(" ?.!"))
    new = match["new"] if match else ""
    if match is None or not (match["ask"] or match["place"] or body.endswith("?")):
        return ""
    if not (_YEAR.fullmatch(new) or [name.text for name in _names(new)] == [new]):
        return ""
    if _YEAR.fullmatch(new) and _YEAR.search(context.question):
        return _YEAR.sub(new, context.question)
    names = [name for name in _names(context.question) if name.text != new]
    alike = [name for name in names if (name.placed if match["place"] else _shape(name.text) == _shape(new))]
    if not (alike or names):
        return f"{context.question.rstrip(' ?')} {match['place'] or 'untuk'} {new}?"
    old = (alike or names)[-1]
    return context.question[: old.start] + new + context.question[old.start + len(old.text) :]


def _shape(name: str) -> tuple[bool, bool]:
    """Pairs of candidates are written "Isran-Hadi", offices "KPU": what is written alike is taken for alike."""
    return "-" in name, name.isupper()


def _asked_again(body: str, context: _Context) -> str:
    """The last question with another question word."""
    match = _ALONE.fullmatch(body.rstrip(" ?.!"))
    if match is None:
        return ""
    if context.who and _WHO_DID.match(context.question):
        return f"{match[1]} {_WHO_DID.sub(context.who, context.question, count=1)}"
    if _ADVERB.search(context.question):
        rest = " ".join(_ADVERB.sub("", context.question, count=1).split())
        return f"{match[1]} {rest.removesuffix('?').rstrip()}?"
    return ""


def _resolved(body: str, context: _Context, led: bool) -> str:
    """References replaced by what they refer to; where something is still missing, the subject or topic supplied."""
    text = _referring(body, context)
    if _names(text, skip_first=text == body) or not (led or _leans(text)):
        return text
    opening = _ADVERB.match(text)
    rest = text[opening.end() :].strip() if opening else ""
    subject = context.who or context.subject
    if opening and subject and _VERB.match(rest):
        return f"{opening.group()} {subject} {rest}"
    link = "regarding" if question_language(text) == "en" else "terkait"
    return f"{text.rstrip(' ?.!')}, {link} {context.topic}?" if context.topic else text


def _leans(text: str) -> bool:
    """Whether a question without any name refers to something or says too little to be searched."""
    if any(pattern.search(text) for pattern in (_PERSON, _GROUP, _THING, _THERE, _POSSESSIVE, _LATER)) or _clitic(text):
        return True
    if (pointed := _POINTED.search(text)) and pointed["noun"].lower() not in _POINTS_NOWHERE:
        return True
    asks = _QUESTION_WORD.search(text) or text.endswith("?")
    content = _WORD.findall(_QUESTION_WORD.sub(" ", text).lower())
    return bool(asks) and sum(word not in _FUNCTION_WORDS for word in content) <= 1


def _referring(text: str, context: _Context) -> str:
    """The question with its references resolved, as far as there is something to refer to."""

    def later(match: re.Match[str]) -> str:
        side = "setelah" if match["side"].lower() == "kemudian" else "sebelum"
        return f"{match['span']} {side} {context.date}" if context.date else match.group()

    def there(match: re.Match[str]) -> str:
        if not context.place or any(name.placed for name in _names(match.string[: match.start()])):
            return match.group()
        preposition = match["where"] or ("in" if match.group().lower() == "there" else "di")
        return f"{preposition} {context.place}"

    def pointed(match: re.Match[str]) -> str:
        named = _named_by(match["noun"], context)
        return f"{match['noun']} {named}" if named and match["noun"].lower() not in _POINTS_NOWHERE else match.group()

    def owned(match: re.Match[str]) -> str:
        noun = match["noun"] if match.start() else match["noun"].lower()  # its capital would join the name's
        if noun.lower() in _REASONS:
            return f"{noun} {context.topic}" if context.topic else match.group()
        focus = context.who if noun.lower() not in _MEASURES else ""
        return f"{noun} {owner}" if (owner := _named_by(noun, context) or focus or context.subject) else match.group()

    text = _THERE.sub(there, _LATER.sub(later, text))
    text = _replaced(_POSSESSIVE, text, lambda match: f"{_whose(match['whose'], context)}'s")
    text = _replaced(_PERSON, text, lambda match: context.person or match.group())
    text = _replaced(_GROUP, text, lambda match: context.group or match.group())
    text = _replaced(_POINTED, text, pointed)
    text = _replaced(_THING, text, lambda match: context.subject or match.group())
    match = _clitic(text)
    if match and not _has_antecedent(text, match.start()):
        text = text[: match.start()] + owned(match) + text[match.end() :]
    return text


def _replaced(pattern: re.Pattern[str], text: str, referent: Callable[[re.Match[str]], str]) -> str:
    return pattern.sub(
        lambda match: match.group() if _has_antecedent(text, match.start()) else referent(match), text, count=1
    )


def _has_antecedent(text: str, at: int) -> bool:
    """Whether the question itself names, before ``at``, what could be meant."""
    return any(name.start < at and not name.aside for name in _names(text, skip_first=True))


def _named_by(noun: str, context: _Context) -> str:
    """The name that follows this noun in the last question: "Mahakam I" for "jembatan" or "Jembatan"."""
    match = re.search(rf"\b(?i:{re.escape(noun)}) ({_NAME.pattern})", context.question)
    return match[1] if match else ""


def _whose(word: str, context: _Context) -> str:
    return {"its": context.subject, "their": context.group}.get(word.lower(), context.person) or word


def _clitic(text: str) -> re.Match[str] | None:
    """The first "-nya" that means somebody's or something's."""
    return next((match for match in _CLITIC.finditer(text) if match["noun"].lower() not in _NO_CLITIC), None)
