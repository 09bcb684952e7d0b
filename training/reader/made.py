"""Questions made from news that nobody asked about: cloze questions with answers, searches without, and what it leaves
unsaid of the people it names.

A sentence of a summary or a passage loses one of its names, dates or figures and a question word takes its place
(after Lewis et al. 2019, "Unsupervised Question Answering by Cloze Translation", without the translation). A headline
or a sentence of a summary is what somebody may search for; the article's passage most like it is what they should find.
Articles that held-out questions are about are left out.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from assistant.people import people
from index.mentions import Mention, mentions
from index.questions import Kind
from index.sentences import sentence_spans
from index.terms import analyse

from ..data import learnt_news  # noqa: TID252 - as the README runs it, from the root
from .data import Bm25

_LONG = 130  # words of a passage made from paragraphs
_NEAR = 16
_SOME = 3  # cloze questions at most from one passage's own sentences
_WINDOW = 12  # words kept on either side of what is asked for
_ASKS = {
    Kind.DATE: ("kapan", "kapankah", "pada tanggal berapa", "tahun berapa"),
    Kind.TIME: ("pukul berapa", "jam berapa"),
    Kind.NUMBER: ("berapa", "berapakah", "berapa jumlah"),
    Kind.MONEY: ("berapa", "berapa besar"),
    Kind.PERCENT: ("berapa persen",),
    Kind.PLACE: ("di mana", "dimana", "di manakah", "dimanakah"),
    Kind.OTHER: ("siapa", "siapakah", "apa", "apakah"),
}
_BEFORE = re.compile(r"(?:\b(?:di|ke|dari|pada|oleh|sejak|sekitar|sebesar|senilai|sebanyak|tanggal|tahun|hari)\s+)+$")
# What is often asked about a person, and words of which a passage that tells it has one.
_PERSONAL = (
    (
        (
            "Kapan {} lahir?",
            "Tanggal lahir {} kapan?",
            "{} lahir tahun berapa?",
            "Berapa umur {}?",
            "{} umurnya berapa?",
        ),
        r"lahir|umur|usia|tahun \(|\(\d\d\)|\d\d tahun|ulang tahun",
    ),
    (
        ("Di mana {} lahir?", "{} asalnya dari mana?", "Asal {} dari mana?", "{} orang mana?", "{} tinggal di mana?"),
        r"lahir|asal|asli|warga|orang|putra daerah|tinggal|rumah|kediaman|kampung",
    ),
    (
        (
            "Siapa istri {}?",
            "Siapa suami {}?",
            "{} sudah menikah?",
            "Apakah {} sudah punya istri?",
            "Siapa pasangan {}?",
        ),
        r"istri|suami|nikah|kawin|pasang|keluarga|kekasih|pacar|cerai|janda|duda",
    ),
    (
        ("Berapa anak {}?", "Siapa anak {}?", "{} punya anak berapa?", "Siapa ayah {}?", "Siapa orang tua {}?"),
        r"anak|putra|putri|ayah|ibu|bapak|orang ?tua|bayi|keluarga|mama|papa",
    ),
    (
        ("{} lulusan mana?", "{} kuliah di mana?", "Apa pendidikan terakhir {}?", "Di mana {} bersekolah?"),
        r"lulus|kuliah|sekolah|pendidikan|universitas|sarjana|siswa|gelar|alumn|kampus|SMA|SMP|guru besar",
    ),
    (
        ("{} dari partai apa?", "Apa partai {}?", "{} kader partai mana?", "Partai apa yang mengusung {}?"),
        r"partai|kader|politi|usung|dukung|fraksi|PDIP|Golkar|Gerindra|PKS|PKB|PAN|PPP|Demokrat|NasDem|Hanura|Republik",
    ),
    (("Apa agama {}?", "{} agamanya apa?"), r"agama|islam|muslim|kristen|katolik|hindu|buddha|gereja|masjid|salat|doa"),
    (
        ("Berapa gaji {}?", "Berapa kekayaan {}?", "Berapa harta {}?", "Berapa tinggi badan {}?"),
        r"gaji|bayar|harta|kaya|tinggi|rupiah|Rp|dolar|US ?\$|euro|pound|penghasilan|upah|cm|meter",
    ),
    (
        ("Kapan {} meninggal?", "Di mana {} dimakamkan?", "Apa penyebab kematian {}?"),
        r"meninggal|wafat|tewas|mati|makam|jenazah|almarhum|tutup usia|bunuh|mendiang",
    ),
)


class Unsaid(NamedTuple):
    """A question about somebody whom ``passage`` names, without any word of what is asked."""

    question: str
    passage: str


@dataclass(frozen=True, slots=True)
class Cloze:
    """``sentence[start:end]`` is ``answer``, which stands in ``passage`` at ``span``; ``near``: wrong passages."""

    sentence: str
    start: int
    end: int
    kind: Kind
    answer: str
    passage: str
    span: tuple[int, int]
    near: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody may search for, the passage they should find, and passages that only look like it."""

    query: str
    passage: str
    near: tuple[str, ...]


class Made(NamedTuple):
    clozes: list[Cloze]
    searches: list[Search]
    unsaid: list[Unsaid]


def without(cloze: Cloze, chance: random.Random) -> str:
    """The question: some of the words around what is asked for, in their order, and a question word."""
    asks = chance.choice(_ASKS[cloze.kind])
    before = _BEFORE.sub("", cloze.sentence[: cloze.start]).split()[-_WINDOW:]
    after = cloze.sentence[cloze.end :].split()[:_WINDOW]
    share = chance.uniform(0.5, 1.0)
    before, after = ([w for w in words if chance.random() < share] for words in (before, after))
    if cloze.kind is Kind.NUMBER and (unit := re.search(r"[a-z]{3,}$", cloze.answer)):
        asks += " " + unit.group()
    draw = chance.random()
    if draw < 0.55:
        that = ["yang"] if asks.startswith(("siapa", "apa")) and chance.random() < 0.5 else []
        words = [asks, *that, *before, *after]
    elif draw < 0.85:
        words = [*before, asks, *after]
    else:
        words = [*before, *after, asks]
    text = " ".join(words).strip(" ,.;:-–\"'“”")
    return text[:1].upper() + text[1:] + ("?" if chance.random() < 0.8 else "")


def made(data: Path, contexts: Sequence[str], chance: random.Random) -> Made:
    """From the news, and cloze questions from ``contexts`` too."""
    articles = [(headline, summary, _passages(parts)) for headline, summary, parts in learnt_news(data)]
    news = list(dict.fromkeys(passage for _, _, passages in articles for passage in passages))
    bm25 = Bm25(news)
    clozes, searches = [], []
    for headline, summary, passages in articles:
        own = set(passages)
        sentences = [summary[a:b] for a, b in sentence_spans(summary)]
        queries = [headline] if len(headline.split()) >= 4 else []
        for query in [*queries, *(s for s in sentences if 5 <= len(s.split()) <= 40)]:
            best, near = _placed(query, own, bm25)
            if best is None:
                continue
            searches.append(Search(query, best, near))
            if query is not headline:
                clozes += _clozes(query, [best], near)
        for passage in passages:
            near = _placed(passage[:300], own, bm25)[1]
            inside = [c for a, b in sentence_spans(passage) for c in _clozes(passage[a:b], [passage], near, at=a)]
            clozes += chance.sample(inside, min(_SOME, len(inside)))
    for passage in contexts:
        inside = [c for a, b in sentence_spans(passage) for c in _clozes(passage[a:b], [passage], (), at=a)]
        clozes += chance.sample(inside, min(1, len(inside)))
    return Made(clozes, searches, [unsaid for passage in news for unsaid in _unsaid(passage, chance)])


def _passages(paragraphs: Iterable[str]) -> list[str]:
    """Paragraphs joined until they are about ``_LONG`` words."""
    found: list[str] = []
    current: list[str] = []
    for paragraph in paragraphs:
        current.append(paragraph.strip())
        if sum(len(p.split()) for p in current) >= _LONG:
            found.append(" ".join(current))
            current = []
    return [*found, " ".join(current)] if current else found


def _placed(query: str, own: set[str], bm25: Bm25) -> tuple[str | None, tuple[str, ...]]:
    """The article's own passage most like the query, if it is among the most alike, and those of other articles."""
    best, near = None, []
    for row, _ in bm25.top(query, _NEAR + 4):
        text = bm25.texts[row]
        if text not in own:
            near.append(text)
        elif best is None:
            best = text
    return best, tuple(near[:_NEAR])


def _clozes(sentence: str, passages: Sequence[str], near: tuple[str, ...], at: int | None = None) -> list[Cloze]:
    found = []
    for mention in mentions(sentence):
        answer = sentence[mention.start : mention.end]
        if not _askable(mention, answer, sentence):
            continue
        for passage in passages:
            # A passage's own sentence says where the answer is; a summary's is looked for, and must be the only one.
            if at is None and passage.count(answer) != 1:
                continue
            start = passage.index(answer) if at is None else at + mention.start
            span = (start, start + len(answer))
            found.append(Cloze(sentence, mention.start, mention.end, mention.kind, answer, passage, span, near))
    return found


def _unsaid(passage: str, chance: random.Random) -> Iterator[Unsaid]:
    """One question about each person with two names, if the passage tells nothing of the kind of anybody."""
    for name in dict.fromkeys(person.name for person in people(passage)):
        forms, told = chance.choice(_PERSONAL)
        if " " in name and not re.search(told, passage, re.IGNORECASE):
            yield Unsaid(chance.choice(forms).format(name), passage)


def _askable(mention: Mention, answer: str, sentence: str) -> bool:
    if mention.kind is Kind.OTHER and mention.start == 0 and " " not in answer:
        return False  # more often a word with a capital than a name
    rest = sentence[: mention.start] + sentence[mention.end :]
    return 2 <= len(answer) <= 60 and len(set(analyse(rest))) >= 4 and not (answer.isupper() and len(answer) < 3)
