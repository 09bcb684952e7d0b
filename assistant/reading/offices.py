"""Who it is that a question asks for by what they are, where a sentence says so outright.

"Siapa presiden Iran?" has its answer where the words of the office and a name stand beside each other: "Presiden Iran
Hassan Rouhani", "Hassan Rouhani, presiden Iran", "Hassan Rouhani sebagai presiden Iran". A wife, a lawyer or a driver
is found like a president.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.people import NO_PERSON, TITLE, people
from assistant.places import ABBREVIATED, COUNTRIES, PLACES
from index.lexicon import Word, words
from index.questions import Kind, Question
from index.terms import analyse

from .features import Candidate

__all__ = ["holder"]

_END = (
    r"(?=[?,.]|$| (?:yang|yg|di|pada|saat|waktu|ketika|dalam(?! negeri)|untuk|dari|ke|sebelum|setelah|menurut|"
    r"sekarang|tahun|periode|nomor|itu|ini|tersebut|sih|siapa)\b)"
)
_BEHIND = re.compile(
    r"\bsiapa(?:kah)? (?:nama |yang (?:menjadi|jadi|menjabat)(?: sebagai)? )?(?!(?:yang|yg)\b)(?P<office>\w[^?,]*?)"
    + _END,
    re.IGNORECASE,
)
_BEFORE = re.compile(r"^\W*(?P<office>\w[^?,]*?)" + _END + r".*\bsiapa(?:kah)?(?: nama\w*)?\W*$", re.IGNORECASE)
_BETWEEN = re.compile(
    rf"(?: \([^)]*\))?[,:]? (?:bernama |yakni |yaitu |adalah |ialah )?(?:{TITLE.pattern})?", re.IGNORECASE
)
# A name with at least two words, none of them an acronym.
_WORD = r"(?:[A-Z]\.|[A-Z][\w'’-]*[a-z’'][\w'’-]*)"
_NAME = re.compile(rf"{_WORD}(?: (?:bin |binti |al |van |de |von )?{_WORD}){{1,4}}")
_IS = re.compile(
    r"(?: \([^)]*\))?(?:,(?: \d+(?: tahun)?,)?| sebagai| selaku| menjadi| adalah| merupakan)(?: seorang)? "
)
# Before an office these make it another one: "mantan presiden", "istri gubernur".
_OTHER = re.compile(
    r"\b(?:wakil|mantan|calon|bakal|eks|bekas|asisten|deputi|plt|pj|penjabat|ajudan|istri|suami|anak|putra|putri|adik|"
    r"kakak|keluarga|pengacara|kuasa hukum|juru bicara|tim|staf|ahli|khusus|sekretaris|rumah|utusan|penasihat|menantu|"
    r"sopir|dokter|pengganti|penerus|era|lawan)\.? $",
    re.IGNORECASE,
)


# Where "Gubernur Rina tiba di Seruni", Seruni need not be hers.
_NO_WAY_TO = "".join(
    rf"(?<!\b{word} )"
    for word in ("di", "ke", "dari", "atas", "untuk", "bagi", "dengan", "kepada", "lawan", "melawan", "terhadap")
)


@dataclass(frozen=True, slots=True)
class _Office:
    """The terms that must stand in a row, and a place that may stand elsewhere in the sentence or in the title."""

    terms: tuple[str, ...]
    elsewhere: str = ""

    def governs(self, text: str) -> bool:
        """Whether the place, if there is one, stands in ``text`` as what somebody governs, and not as where they go."""
        return not self.elsewhere or re.search(rf"{_NO_WAY_TO}\b{re.escape(self.elsewhere)}\b", text) is not None


def holder(question: Question, sentence: Candidate) -> tuple[int, int] | None:
    """Where in the article the name of the one asked for stands, if the sentence says outright who that is."""
    if question.kind is not Kind.PERSON or question.several:
        return None
    article, text, start = sentence.passage.article, sentence.text, sentence.start
    said = [word for word in words(text) if word.term]
    known = people(article.text)
    persons = [(one.start - start, one.end - start) for one in known if start <= one.start and one.end <= sentence.end]
    names = {
        found
        for office in _offices(question.text)
        if office.governs(f"{article.title}\n{text}")
        for found in _named(office, text, said, persons)
    }
    if len(names) != 1:
        return None
    name = names.pop()
    return start + name[0], start + name[1]


def _offices(question: str) -> Iterator[_Office]:
    """What is asked for, as asked, with the full name of a province in place of the short one, and without the place
    behind it: "wakil gubernur" where the sentence has "Kalimantan Timur" elsewhere."""
    match = _BEHIND.search(question) or _BEFORE.match(question)
    named = [word.text for word in words(match["office"]) if word.term] if match else []
    if not named or named[0][0].isdecimal():
        return
    in_full = [ABBREVIATED.get(word.lower(), word) for word in named]
    for asked in [named] if in_full == named else [named, in_full]:
        yield _Office(tuple(analyse(" ".join(asked))))
        capitals = next((n for n, word in enumerate(reversed(asked)) if word[0].islower()), 0)
        place = " ".join(asked[len(asked) - capitals :])
        if place and place not in COUNTRIES:  # "Presiden" alone is Indonesia's
            yield _Office(tuple(analyse(" ".join(asked[:-capitals]))), place)


def _named(
    office: _Office, text: str, said: Sequence[Word], persons: Sequence[tuple[int, int]]
) -> Iterator[tuple[int, int]]:
    """The names beside every place where the words of the office stand in a row."""
    for at in range(len(said) - len(office.terms) + 1):
        found = said[at : at + len(office.terms)]
        start, end = found[0].start, found[-1].end
        if tuple(word.term for word in found) != office.terms or _OTHER.search(text, 0, start):
            continue
        behind = next((one for one in persons if one[0] > end), None)
        between = _BETWEEN.match(text, end)
        labelled = between is not None and ":" in between.group()  # "Pemain terbaik: Rina Lestari"
        if behind and _BETWEEN.fullmatch(text, end, behind[0]):
            yield behind
        elif (labelled or not office.elsewhere) and len(office.terms) > 1 and (name := _name(text, between)):
            yield name
        else:
            yield from (one for one in persons if one[1] < start and _IS.fullmatch(text, one[1], start))


def _name(text: str, before: re.Match[str] | None) -> tuple[int, int] | None:
    """A name right behind the office, where the article says no more of who that is."""
    name = _NAME.match(text, before.end()) if before else None
    if name is None or NO_PERSON.match(name.group()) or {name.group(), name.group().split()[0]} & PLACES:
        return None
    return name.span()
