"""A follow-up question made to stand alone, from the turns before it. Deterministic, without a model.

Five things make a question lean on the conversation, and each has its repair:

- it swaps one name of the last question ("Bagaimana dengan Balikpapan?"): the last question with that name in place;
- it is a question word alone ("Kenapa?"): the last question with that question word;
- it chooses from the last answer ("yang kedua"): the second thing that was enumerated there;
- it refers back ("dia", "di sana", "jembatan itu", "panjangnya", "sembilan hari kemudian"): what is referred to;
- it leaves its subject out ("Kapan dilantik?"): the subject put in, or the last question's topic behind it.

A question that names what it is about and has none of these stays as it is. Names are words with capitals; a reference
that follows a name in its own question belongs to that name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from .topics import (
    FUNCTION_WORDS,
    MEASURES,
    NAME,
    QUESTION_WORD,
    WHEN_OR_WHY,
    Context,
    Name,
    context_after,
    names_in,
)
from .types import Turn
from .wording import question_language

__all__ = ["standalone_question"]

_TURNS = 4  # how far back a reference may reach
_MOST_CONTENT = 1  # words that say what a question is about, up to which it says too little without the last one
_MOST_LED = 4  # the same for one that begins with "lalu" or "dan"
_LEAD = re.compile(
    r"(?:(?:terus|trus|lalu|kemudian|nah|oke|ok|dan|tapi|then|and|so|but)\b[,\s]*)+(?=\w)", re.IGNORECASE
)
_ORDINALS = {
    word: place
    for place, words in enumerate(("pertama first", "kedua second", "ketiga third", "keempat fourth"))
    for word in words.split()
} | dict.fromkeys(("terakhir", "last"), -1)
_ORDINAL = re.compile(
    rf"\b(?:yang |the )(?P<ordinal>{'|'.join(_ORDINALS)})\b(?: one\b)?(?! (?:kali|time))", re.IGNORECASE
)
_OFFICE = re.compile(r"[A-Z]{2,} (?=[A-Z][a-z])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_ADVERB = re.compile(rf"\b(?:{WHEN_OR_WHY})\b", re.IGNORECASE)
_WHO_DID = re.compile(r"^(?:siapa(?:kah)? yang|apa yang|who)\b", re.IGNORECASE)
_ALONE = re.compile(rf"({WHEN_OR_WHY})(?: (?:begitu|gitu|bisa begitu|demikian|sih|ya|so|that))?", re.IGNORECASE)
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
_WORD = re.compile(r"[^\W\d_]+")
_VERB = re.compile(r"(?:di|me|ber|ter)\w{3,}", re.IGNORECASE)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_NO_CLITIC = _words(  # what is left of words in which "-nya" refers to nothing
    """berta biasa akhir sebenar misal umum khusus selanjut sebelum sesudah berikut sepenuh ada rupa agak seharus
    semesti setidak sekurang banyak pada pertama kira lama masing terjadi"""
)
_POINTS_NOWHERE = _words("apa saat waktu hari selain karena sebab setelah sebelum seperti tahun bulan siapa mana")
_REASONS = _words("alasan penyebab akibat dampak tujuan hasil kronologi")  # "-nya" after these means what happened


def standalone_question(question: str, history: Sequence[Turn]) -> str:
    """The question with what it takes from earlier turns put into words; unchanged where it takes nothing.

    Args:
        question: as it was asked, in Indonesian or English.
        history: the earlier turns, oldest first; the last few are used.
    """
    context: Context | None = None
    for turn in [turn for turn in history if turn.question.strip()][-_TURNS:]:
        context = context_after(_rewritten(turn.question.strip(), context), turn, context)
    rewritten = _rewritten(question.strip(), context)
    return question if rewritten == question.strip() else rewritten[0].upper() + rewritten[1:]


def _rewritten(asked: str, context: Context | None) -> str:
    if context is None or not asked:
        return asked
    lead = _LEAD.match(asked)
    body = _chosen(asked[lead.end() :] if lead else asked, context)
    return _swapped(body, context) or _asked_again(body, context) or _resolved(body, context, bool(lead))


def _chosen(body: str, context: Context) -> str:
    """The question with "yang kedua" replaced by the second item that the last answer enumerates."""

    def item(match: re.Match[str]) -> str:
        place = _ORDINALS[match["ordinal"].lower()]
        return context.listed[place] if place < len(context.listed) else match.group()

    return _ORDINAL.sub(item, body, count=1) if context.listed else body


def _swapped(body: str, context: Context) -> str:
    """The last question about something else of the same kind: a place for a place, a year for a year."""
    match = _SWAP.fullmatch(body.rstrip(" ?.!"))
    new = match["new"] if match else ""
    if match is None or not (match["ask"] or match["place"] or body.endswith("?")):
        return ""
    news = names_in(new)
    if not (_YEAR.fullmatch(new) or [name.text for name in news] == [new]):
        return ""
    if _YEAR.fullmatch(new):
        return _YEAR.sub(new, context.question) if _YEAR.search(context.question) else _added(new, match, context)
    names = [_swappable(name, new) for name in names_in(context.question) if name.text != new]
    alike = [name for name in names if (name.placed if match["place"] else _shape(name) == _shape(news[0]))]
    if not (alike or names):
        return _added(new, match, context)
    old = (alike or names)[-1]
    return context.question[: old.start] + new + context.question[old.start + len(old.text) :]


def _swappable(name: Name, new: str) -> Name:
    """The part of a name that another may take the place of: of "KPU Samarinda" the place, unless by an office."""
    office = _OFFICE.match(name.text)
    if office is None or new.isupper():
        return name
    return replace(name, text=name.text[office.end() :], start=name.start + office.end())


def _added(new: str, match: re.Match[str], context: Context) -> str:
    return f"{context.question.rstrip(' ?')} {match['place'] or ('pada' if _YEAR.fullmatch(new) else 'untuk')} {new}?"


def _shape(name: Name) -> tuple[bool, bool, bool]:
    """Pairs of candidates are written "Isran-Hadi", offices "KPU": what is written alike is taken for alike."""
    return "-" in name.text, name.text.isupper(), name.begins_as_thing


def _asked_again(body: str, context: Context) -> str:
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


def _resolved(body: str, context: Context, led: bool) -> str:
    """References replaced by what they refer to; where something is still missing, the subject or topic supplied."""
    text = _referring(body, context)
    if names_in(text, skip_first=text == body) or not (_leans(text, most=_MOST_LED if led else _MOST_CONTENT)):
        return text
    opening = _ADVERB.match(text)
    rest = text[opening.end() :].strip() if opening else ""
    subject = context.who or context.subject
    if opening and subject and _VERB.match(rest):
        return f"{opening.group()} {subject} {rest}"
    link = "regarding" if question_language(text) == "en" else "terkait"
    return f"{text.rstrip(' ?.!')}, {link} {context.topic}?" if context.topic else text


def _leans(text: str, *, most: int) -> bool:
    """Whether a question without any name refers to something or says too little to be searched: ``most`` words."""
    if any(pattern.search(text) for pattern in (_PERSON, _GROUP, _THING, _THERE, _POSSESSIVE, _LATER)) or _clitic(text):
        return True
    if (pointed := _POINTED.search(text)) and pointed["noun"].lower() not in _POINTS_NOWHERE:
        return True
    asks = QUESTION_WORD.search(text) or text.endswith("?")
    content = _WORD.findall(QUESTION_WORD.sub(" ", text).lower())
    return bool(asks) and sum(word not in FUNCTION_WORDS for word in content) <= most


def _referring(text: str, context: Context) -> str:
    """The question with its references resolved, as far as there is something to refer to."""

    def later(match: re.Match[str]) -> str:
        side = "setelah" if match["side"].lower() == "kemudian" else "sebelum"
        return f"{match['span']} {side} {context.date}" if context.date else match.group()

    def there(match: re.Match[str]) -> str:
        if not context.place or any(name.placed for name in names_in(match.string[: match.start()])):
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
        focus = context.who if noun.lower() not in MEASURES else ""
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
    return any(name.start < at and not name.aside for name in names_in(text, skip_first=True))


def _named_by(noun: str, context: Context) -> str:
    """The name that follows this noun in the last question: "Mahakam I" for "jembatan" or "Jembatan"."""
    match = re.search(rf"\b(?i:{re.escape(noun)}) ({NAME.pattern})", context.question)
    return match[1] if match else ""


def _whose(word: str, context: Context) -> str:
    return {"its": context.subject, "their": context.group}.get(word.lower(), context.person) or word


def _clitic(text: str) -> re.Match[str] | None:
    """The first "-nya" that means somebody's or something's."""
    return next((match for match in _CLITIC.finditer(text) if match["noun"].lower() not in _NO_CLITIC), None)
