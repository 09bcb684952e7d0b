"""Sentence boundaries of Indonesian news, as offsets.

Rules rather than a model: they are exact, run in linear time and can be read. What decides a boundary:

- A blank line always ends a sentence. A single line break does too, unless the text is hard-wrapped there: the next
  line begins in lower case, or its first word would not have fitted on a line of the paragraph's width.
- ``.``, ``!``, ``?`` and ``…`` end a sentence unless the word before is an abbreviation, an initial or a list number,
  or what follows in lower case goes on with it.
- A quotation stays with its attribution (``"Siapa?" tanya dia.``). Short quotations of several sentences stay whole
  when an attribution follows; long ones are cut at their sentences and the last one keeps the attribution.
- What is still longer than ``MAX_SENTENCE`` characters is cut at a semicolon, comma or space.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import pairwise

__all__ = ["MAX_SENTENCE", "sentence_spans"]

Span = tuple[int, int]

MAX_SENTENCE = 1000
"""Characters; longer stretches without a sentence end are cut so that a citation stays readable."""

_SHORT_QUOTATION = 240  # characters; up to here several sentences between quotation marks are not cut apart
_WRAP_WIDTHS = range(40, 121)  # characters; lines outside this range are lines of text, not wrapped paragraphs
_LOOKAROUND = 60  # characters; enough for two words, and bounded so that time stays linear


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Always followed by what they belong to: titles, ranks, addresses, companies, references. In either case; those that
# are also words ("kol", cabbage) only with the capital shown.
_PREFIXES = _words(
    """dr drs dra drg drh hj ir prof kh k.h tgk tgh ust pdt mgr rev rm tn ny nn sdr sdri bpk yth Mr Mrs Ms dt moh muh
    muhd mohd abd st sta jend letjend letjen mayjen brigjen Kol Inf Arm Czi letkol kapt lettu letda serka sertu
    serda praka pratu prada irjen komjen kombes kompol akbp akp iptu ipda aiptu aipda bripka brigpol briptu bripda
    Pol Laks laksda laksma marsda marsma purn pj plt plh pjs jl jln gg ds dk kel kec kab prov kep kav komp gd lt no
    rp pt cv ud pd fa tb tj a.n u.p u.b d.a s.d c.q cq vs lit hlm bros y.m h.c a.k.a i.e e.g l.k"""
)
# The same before a number or a bracket; elsewhere they are words or end the sentence.
_BEFORE_NUMBERS = _words(
    """hal tgl pkl psl ps ay art bab lamp gbr vol jil ed cet tel telp hp fax jan feb mar apr jun jul agu ags agt sep
    sept okt nov des al skt sek ca k"""
)
# May stand in the middle or at the end: a capital letter after them begins a new sentence.
_SUFFIXES = _words("""tbk dll dsb dst dkk etc jr sr inc ltd corp co bhd sdn swt saw red""")
_LABELLED = _words(  # "vitamin C.", "Generasi Z.": the letter after these is no initial
    """vitamin hepatitis influenza grup tipe kelas golongan blok seri serie generasi gen huruf nilai kategori gedung
    rencana plan opsi poin tim jalur zona ruang darah akreditasi program paket"""
)
_OPENERS = _words(  # words that open sentences and never follow a title or an initial
    """ia dia ini itu mereka kami kita saya hal namun tetapi tapi selain menurut sementara karena sebab akan adapun
    meski meskipun walaupun sebelumnya kemudian selanjutnya sedangkan bahkan oleh untuk dengan dalam pada dari jika
    bila saat ketika setelah sejak tidak para sebuah seorang sehingga beliau"""
)
_SPEECH = _words(  # with a capital by mistake after the closing mark: '..." Ujar Rudi.'
    """kata ujar ucap tutur jelas tegas ungkap papar terang sebut imbuh tambah lanjut pungkas tandas tukas cetus timpal
    jawab tanya sambung beber urai tulis harap pinta seru kilah tutup demikian begitu"""
)

_LINE_BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LINE_MARK = re.compile(r"(?:[-*+•·▪●◦‣–—]|#{1,6}|\(?\d{1,3}[.)]|\(?[a-z][.)])\s|[>|]")
_LIST_NUMBER = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[IVXivx]{1,5})")
_STOP = re.compile(r"[.!?…]+")
_REFERENCE = re.compile(r"\s{0,2}\[\d{1,3}\]")  # "[3]" as encyclopaedias put it after the full stop
_QUOTE = re.compile(r'["“”]')
_INITIALS = re.compile(r"[A-Z](?:\.[A-Z])*")
_DEGREE = re.compile(r"[A-Z][A-Za-z]{0,3}(?:\.[A-Z][A-Za-z]{0,4})+")  # "M.Si", "Ph.D", "S.H"
_GLUED = re.compile(r"(?!(?:Com|Id|Co|Net|Org|Tv)\b)[A-Z][a-z]+\b(?!\.\w)")  # "selesai.Kemudian", not "Detik.Com"
_WORD = re.compile(r"\w{1,60}")
_CLOSERS = "\"'”’»)]}"


def sentence_spans(text: str) -> list[Span]:
    """Offsets of the sentences of ``text``: in order, apart, without surrounding whitespace.

    Every character that is no whitespace lies in exactly one span; no span is longer than ``MAX_SENTENCE``.
    Time grows linearly with the text.
    """
    return [
        piece
        for start, end in _stretches(text)
        for sentence in _sentences(text, start, end)
        for piece in _pieces(text, *sentence)
    ]


def _stretches(text: str) -> Iterator[Span]:
    """Parts of the text that no sentence crosses: paragraphs, headings, list items, lines."""
    paragraph: list[Span] = []
    start = 0
    for end, after in [*(found.span() for found in _LINE_BREAK.finditer(text)), (len(text), len(text))]:
        line = (_visible(text, start, end), start + len(text[start:end].rstrip()))
        blank = line[0] >= line[1]
        if not blank:
            paragraph.append(line)
        if paragraph and (blank or end == len(text)):
            yield from _unwrapped(text, paragraph)
            paragraph = []
        start = after


def _unwrapped(text: str, lines: list[Span]) -> Iterator[Span]:
    """The lines of one paragraph, joined where they are hard-wrapped."""
    width = max(end - start for start, end in lines)
    stretch = lines[0][0]
    for line, following in pairwise(lines):
        if not _goes_on(text, line, following, width):
            yield stretch, line[1]
            stretch = following[0]
    yield stretch, lines[-1][1]


def _goes_on(text: str, line: Span, following: Span, width: int) -> bool:
    """Whether the break between two lines was made by wrapping and not by the writer."""
    start, end = following
    if _LINE_MARK.match(text, start) or text[line[0]] == "#":
        return False
    if text[line[1] - 1] == "," or text[start].islower():
        return True
    first_word = len(text[start : min(end, start + _LOOKAROUND)].split(None, 1)[0])
    # Proportional type, as in PDF, makes full lines of unequal counts of characters: a tenth is allowed for.
    return width in _WRAP_WIDTHS and (line[1] - line[0]) + 1 + first_word > 0.9 * width


def _sentences(text: str, start: int, end: int) -> Iterator[Span]:
    quotations = _quotations(text, start, end)
    openings = [opening for opening, _ in quotations]
    sentence = start
    for stop in _STOP.finditer(text, start, end):
        index = bisect_right(openings, stop.start()) - 1
        quotation = quotations[index] if index >= 0 and stop.start() < quotations[index][1] else None
        close = _closed(text, stop.end(), end, quotation)
        following = _visible(text, close, end)
        if following == end:
            break
        if quotation and _held_together(text, sentence, following, quotation, end):
            continue
        if _ends(text, sentence, stop, close, following):
            yield sentence, close
            sentence = following
    yield sentence, end


def _quotations(text: str, start: int, end: int) -> list[Span]:
    """Offsets of quotation marks in pairs: the opening and the closing one. A mark without partner is left out."""
    pairs: list[Span] = []
    opened: int | None = None
    for found in _QUOTE.finditer(text, start, end):
        at, mark = found.start(), found.group()
        free_before = at == start or text[at - 1].isspace() or text[at - 1] in "([-–—'‘"
        free_after = at + 1 == end or text[at + 1].isspace() or text[at + 1] in ".,;:!?)]-–—'’"
        opens = free_before if free_before != free_after else mark == "“"
        closes = free_after if free_before != free_after else mark == "”"
        if opens or (opened is None and not closes):
            opened = at
        elif opened is not None:
            pairs.append((opened, at))
            opened = None
    return pairs


def _closed(text: str, at: int, end: int, quotation: Span | None) -> int:
    """Where the marks that close a sentence end: brackets, quotation marks, reference numbers."""
    while at < end:
        if reference := _REFERENCE.match(text, at, end):
            at = reference.end()
        elif text[at] in _CLOSERS and (quotation or text[at] != '"'):
            at += 1
        elif quotation and at < quotation[1] and _visible(text, at, quotation[1]) == quotation[1]:
            at = quotation[1]  # word-tokenised text sets a space before the closing mark
        else:
            break
    return at


def _held_together(text: str, sentence: int, following: int, quotation: Span, end: int) -> bool:
    """Whether a short quotation goes on at ``following`` and somebody is named who says it, before or after."""
    opening, closing = quotation
    if following >= closing or closing - opening > _SHORT_QUOTATION:
        return False
    after = _visible(text, closing + 1, end)
    return opening > sentence or text[opening + 1 : closing].rstrip().endswith(",") or _attributes(text, after)


def _attributes(text: str, at: int) -> bool:
    """Whether the words at ``at`` go on with the sentence after a closing quotation mark."""
    word = _WORD.match(text, at)
    return word is not None and (word.group()[0].islower() or word.group().lower().removesuffix("nya") in _SPEECH)


def _ends(text: str, sentence: int, stop: re.Match[str], close: int, following: int) -> bool:
    """Whether a stop, with its closing marks up to ``close``, ends the sentence before ``following``."""
    closers = text[stop.end() : close]
    quoted = any(mark in "\"'”’" for mark in closers)
    mark = text[following]
    if mark in ".!?…,;:)]}%/" or (quoted and (mark in "-–—" or _attributes(text, following))):
        return False
    words = text[max(sentence, stop.start() - _LOOKAROUND) : stop.start()].split()
    if not any(c.isalnum() for word in words for c in word):
        return False
    word = words[-1].lstrip("([{\"'“‘")
    if following == close and not quoted:
        return bool(word.islower() and word.isalpha() and len(word) > 2 and _GLUED.match(text, following)) and not (
            closers or _is_listed(word)
        )
    if mark.islower():  # careless writing: a new sentence only after a plain word and a plain full stop
        return stop.group() == "." and not closers and len(word) > 2 and word.isalnum() and not _is_listed(word)
    if stop.group() != ".":
        return True
    if closers:
        return not (closers == ")" and words[-1].startswith("(") and _is_listed(word))
    return not _is_list_number(sentence, stop.start(), words) and not _is_abbreviation(words, text, following)


def _is_listed(word: str) -> bool:
    return any(form in group for group in (_PREFIXES, _BEFORE_NUMBERS, _SUFFIXES) for form in (word, word.lower()))


def _is_list_number(sentence: int, stop: int, words: list[str]) -> bool:
    """Whether the full stop belongs to "1." or "b." at the head of a list item."""
    leads = words[-2][-1] in ":;" if len(words) > 1 else stop - sentence < _LOOKAROUND
    return leads and _LIST_NUMBER.fullmatch(words[-1]) is not None


def _is_abbreviation(words: list[str], text: str, following: int) -> bool:
    """Whether the last of ``words`` is shortened and what stands at ``following`` still belongs to its sentence."""
    word = words[-1].lstrip("([{\"'“‘")
    before = words[-2] if len(words) > 1 else ""
    mark = text[following]
    next_word = _WORD.match(text, following)
    if next_word and next_word.group().lower() in _OPENERS:
        return False
    if word in _PREFIXES or word.lower() in _PREFIXES:
        return True
    if word.lower() in _BEFORE_NUMBERS:
        return mark.isdigit() or mark == "("
    if word.lower() in _SUFFIXES:
        return mark == "("
    degree_follows = _DEGREE.match(text, following) is not None
    if _INITIALS.fullmatch(word):
        degree = before.endswith(",") and "." in word  # "Rina Lestari, S.H."
        century = word == "M" and before[-1:].isdigit()  # "abad ke-7 M."
        if degree or century:
            return degree_follows
        return mark.isupper() and before.lower() not in _LABELLED
    if _DEGREE.fullmatch(word):
        return degree_follows or word.split(".")[0].lower() in _PREFIXES
    return False


def _pieces(text: str, start: int, end: int) -> Iterator[Span]:
    """Cut what is longer than ``MAX_SENTENCE``: after a semicolon, else a comma, else a word, else anywhere."""
    while end - start > MAX_SENTENCE:
        window = text[start : start + MAX_SENTENCE]
        cuts = (window.rfind("; ") + 1, window.rfind(", ") + 1, len(window.rsplit(None, 1)[0]))
        cut = start + next((cut for cut in cuts if cut >= MAX_SENTENCE // 2), MAX_SENTENCE)
        yield start, cut
        start = _visible(text, cut, end)
    yield start, end


def _visible(text: str, at: int, end: int) -> int:
    """The first offset from ``at`` that holds no whitespace, at most ``end``."""
    while at < end and text[at].isspace():
        at += 1
    return at
