"""What kind of answer a question asks for, in Indonesian and English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from .terms import analyse, formal

__all__ = ["Kind", "Question", "parse_question"]


class Kind(StrEnum):
    """The kind of thing that answers."""

    PERSON = "person"
    DATE = "date"
    TIME = "time"
    PLACE = "place"
    NUMBER = "number"
    MONEY = "money"
    PERCENT = "percent"
    REASON = "reason"
    MANNER = "manner"
    DEFINITION = "definition"
    YES_NO = "yes_no"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Question:
    """A question's text (``formal``), the kind of answer it wants, whether several, and the terms worth looking for.

    ``terms`` keep their order and repeats; words that only make it a question ("siapa", "yang", "sih") are left out.
    """

    text: str
    kind: Kind
    several: bool
    terms: tuple[str, ...]


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile(r"\b(?:" + "|".join(alternatives) + r")\b", re.IGNORECASE)


_BERAPA = r"(?:se)?berapa(?:kah)?"
_APA = r"(?:apa(?:kah)?|apaan)"
_MONEY = r"(?:harga|biaya|dana|anggaran|gaji|uang|duit|pagu|tarif|pendapatan|kerugian|upah|modal|utang|denda|apb[nd])"
# Tried in order: the narrower question before the wider one that contains it.
_KINDS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.PERCENT,
        _pattern(
            _BERAPA + r"\s+(?:besar\s+)?(?:persen(?:kah|tase)?|%)",
            r"persentase\b.{0,40}?" + _BERAPA,
            r"what (?:share|percentage|percent|proportion)",
            r"how many percent",
        ),
    ),
    (Kind.TIME, _pattern(r"(?:jam|pukul) " + _BERAPA, r"(?:at )?what time")),
    (
        Kind.DATE,
        _pattern(
            r"kapan(?:kah)?",
            r"bilakah?",
            r"(?:tahun|tanggal|bulan|hari|abad|tgl)(?: ke)? (?:" + _BERAPA + r"|apa(?:kah)?|mana)",
            r"when",
            r"(?:what|which) (?:year|date|day|month)",
        ),
    ),
    (
        Kind.REASON,
        _pattern(
            r"(?:mengapa|kenapa)(?:kah)?",
            r"(?:buat|untuk) apa",
            r"apa(?:kah)? (?:sebab|penyebab|alasan|"
            r"tujuan)\w*",
            r"why",
            r"ngapain",
        ),
    ),
    (Kind.MANNER, _pattern(r"bagaimana(?:kah)?", r"(?:gi|be)mana(?:kah)?", r"how (?:did|does|do|is|was|were|are|can)")),
    (
        Kind.MONEY,
        _pattern(
            _BERAPA + r"\s+(?:\w+\s+){0,2}?" + _MONEY + r"(?:nya)?",
            _MONEY + r"(?:nya)?\b.{0,60}?" + _BERAPA,
            r"how much (?:money|funding|did .{0,40}? cost)",
        ),
    ),
    (
        Kind.NUMBER,
        _pattern(_BERAPA, r"how (?:many|much|long|far|tall|old|large|big)", r"what .{0,20}?(?:figure|number)"),
    ),
    (Kind.PERSON, _pattern(r"siapa(?:kah)?", r"who(?:se|m)?", r"(?:presiden|gubernur|raja|ketua|menteri) mana")),
    (
        Kind.PLACE,
        _pattern(
            r"(?:di|ke|dari)\s?mana(?:kah)?",
            r"(?:kota|negara|provinsi|kabupaten|daerah|pulau|desa|benua|"
            r"wilayah|kecamatan|tempat) (?:" + _APA + r"|mana(?:kah)?)",
            r"where",
            r"(?:which|what) (?:city|country|province|region|place|island)",
            r"(?:lahir|kelahiran|asal|berasal|terletak|letaknya?|lokasinya?) mana",
        ),
    ),
    (
        Kind.DEFINITION,
        _pattern(
            _APA + r" (?:itu|arti|artinya|definisi|pengertian|maksud|makna)\b",
            r"(?:yang|yg) di\s?maksud(?:kan)?(?: dengan)?",
            r"what (?:is|are) (?:an? |the )?\w+\?$",
        ),
    ),
)
_SOFTENERS = re.compile(r"\b(?:sih|tuh) ", re.IGNORECASE)
_WHAT_IS = _pattern(  # "apa sih inflasi", but not "apa sih nama pasar itu"
    r"apa(?:an)? (?:sih|tuh) (?!(?:yang|nama|judul|jenis|isi|dampak|akibat|hasil|fungsi|manfaat|syarat|tugas)\w*\b)"
    r"[\w'’-]+(?: [\w'’-]+){0,2}(?=\W*$)"
)
_WHO_IS = _pattern(r"siapa(?:kah)? itu", r"who (?:is|was) (?:[A-Z]\S+ ?){1,4}\?*$")
_OFFICES = (
    "Wakil|Calon|Mantan|Plt|Pj|Penjabat|Presiden|Perdana|Menteri|Men(?:ko|keu|dagri|lu|ag|han|kes|dikbud|kumham|hub|aker|"
    "pora|sos|pan|tan|dag|perin|kominfo|parekraf|sesneg)|Gubernur|Bupati|Wali|Walikota|Ketua|Kepala|Sekretaris|Direktur|"
    "Dirjen|Dirut|Komandan|Panglima|Kapol[a-z]+|Wakapol[a-z]+|Rektor|Camat|Lurah|Pelatih|Kapten|Manajer|Juru Bicara|"
    "Duta Besar|Dubes|CEO"
)
_WHO_IS_NAMED = re.compile(  # "Siapa Ratna Wibisana?", but not "Siapa Menteri Keuangan?"
    rf"^\W*[Ss]iapa(?:kah)? (?!(?:{_OFFICES})\b)(?:[A-Z][\w'’.-]+ ?){{1,5}}\W*$"
)
_YES_NO = re.compile(
    r"^\W*(?:apakah?(?!\s+(?:nama|yang|itu|arti|penyebab|sebab|alasan|tujuan|maksud|kepanjangan|sebutan|jenis|judul|"
    r"ibu\s?kota|mata|bahasa|fungsi|perbedaan|definisi|pengertian|makna|jabatan|saja)\b)\s|benarkah|betulkah|adakah|"
    r"(?:is|are|was|were|did|does|do|has|have|can|could|will)\s)",
    re.IGNORECASE,
)
# "What did the minister who resigned say when he left?" asks neither who nor when.
_ENGLISH = re.compile(
    r"^\W*(?:(?:in|at|on|from|to|by|for|of|with) )?(?:what|which|who|whom|whose|when|where|why|how)\b"
    r".*?(?= (?:who|whom|whose|which|when|where|while)\b|$)",
    re.IGNORECASE,
)
_PLAIN_APA = re.compile(r"^\W*apa\s", re.IGNORECASE)
_ASKS = _pattern(
    r"siapa(?:kah)?",
    r"kapan(?:kah)?",
    r"mana(?:kah)?",
    _BERAPA,
    _APA,
    r"mengapa(?:kah)?",
    r"kenapa",
    r"bagaimana(?:kah)?",
    r"gimana",
    "what",
    "which",
    "who",
    "whom",
    "whose",
    "when",
    "where",
    "why",
    "how",
)
_SEVERAL = _pattern(
    r"(?:siapa|apa|mana|berapa) (?:saja|aja)",
    r"apa-apa saja",
    r"sebutkan",
    r"daftar",
    r"(?:which|what|who) are",
    r"siapa-siapa",
    r"list",
    "which (?:cities|regions|generations|districts|countries)",
)
_EMPTY = frozenset(
    analyse(
        "siapa siapakah kapan kapankah mana manakah dimana dimanakah kemana darimana berapa berapakah "
        "seberapa apa apakah apaan apaka mengapa mengapakah kenapa bagaimana bagaimanakah gimana bilakah "
        "sebutkan saja aja sih dong deh kah ya tolong jelaskan yang yg itu ini tersebut nya di ke dari pada "
        "untuk dengan oleh dan atau adalah ialah merupakan dalam sebagai ada para the of in on at to a an is "
        "are was were did does do has have had for by and or what which who whom whose when where why how "
        "many much that this from with it its as be maksud dimaksud dimaksudkan arti menurut anda nama jelas "
        "terletak"
    )
)


def parse_question(text: str) -> Question:
    """Which kind of answer ``text`` asks for, and by which terms; chat's spellings count as what they stand for."""
    text = formal(text)
    terms = analyse(text)
    content = tuple(term for term in terms if term not in _EMPTY) or tuple(terms)
    return Question(text, _kind(text), bool(_SEVERAL.search(text)), content)


def _kind(text: str) -> Kind:
    if _WHO_IS.search(text) or _WHO_IS_NAMED.match(text):
        return Kind.DEFINITION
    if _YES_NO.match(text) and not _PLAIN_APA.match(text):
        return Kind.YES_NO
    plain = _SOFTENERS.sub("", text)
    if asked := _ENGLISH.match(plain):
        plain = asked.group()
    for kind, pattern in _KINDS:
        if pattern.search(plain):
            return kind
    if _WHAT_IS.search(text):
        return Kind.DEFINITION
    # No question word at all ("Truk boleh lewat jembatan?") asks for yes or no.
    return Kind.OTHER if _ASKS.search(text) or not text.rstrip().endswith("?") else Kind.YES_NO
