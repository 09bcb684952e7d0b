"""What a question is about and the passages never mention: reason enough to doubt any answer from them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from difflib import get_close_matches

from assistant.dates.days import DayMention, PartialDay, agrees, days
from assistant.verifying.names import GENERIC, folded, names, spelled_out
from assistant.verifying.quantities import quantities
from assistant.verifying.support import english_words, ordinary_words
from assistant.wording import question_language
from index.lexicon import Word, words
from index.questions import Kind, Question
from index.sentences import sentence_spans
from index.terms import analyse
from index.types import Article, Passage

__all__ = [
    "answers_kind",
    "articles_of",
    "likely_meant",
    "respelled",
    "speaks_of_another",
    "tells_of_life",
    "terms_of",
    "unmentioned",
]

_INITIAL = re.compile(r"\b[^\W\d_]")
_CALENDAR = frozenset(
    analyse(
        "Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember "
        "Senin Selasa Rabu Kamis Jumat Sabtu Minggu"
    )
)
_OTHER_TIMES = re.compile(
    r"\b(?:abad|tahun|pagi|siang|sore|malam|century|hari|pekan|minggu|bulan|SM|awal|akhir|sejak|usai|setelah|sebelum|"
    r"ketika|saat|musim|dekade|era|zaman|masa|Ramadan|Lebaran|Natal)\b|\d{3,4}",
    re.IGNORECASE,
)
# "72 tahun" is an age or a length of time, "72 tahun lalu" a date.
_DURATION = re.compile(
    r"\b(?:\d+|se|satu|dua|tiga|empat|lima|enam|tujuh|delapan|sembilan|\w+puluh|belas|puluh|ratus) ?"
    r"(?:tahun|bulan|pekan|minggu|hari|years?|months?|weeks?|days?)\b"
    r"(?! (?:yang )?(?:lalu|silam|kemudian|lagi|mendatang|sebelum|setelah|sesudah|ago|later|before|after))",
    re.IGNORECASE,
)
_COUNTED_IN_WORDS = re.compile(
    r"\b(?:se\w+|satu|one|kedua|ketiga|beberapa|puluhan|ratusan|ribuan|jutaan)\b", re.IGNORECASE
)
_ASKS = re.compile(
    r"\b(?:siapa|kapan|mana|berapa|apa|mengapa|kenapa|bagaimana|who|when|where|how|what|why)(?:kah)?\b", re.IGNORECASE
)
# How a sentence begins that takes up what the one before speaks of: "Pasangan ini", "Keduanya", "Ia".
_TAKES_UP = re.compile(r"\W*(?:(?:\w+ ){1,2}(?:ini|itu|tersebut)|Ia|Dia|Beliau|Mereka|Keduanya)\b")
# What a sentence that says when or where somebody was born, died or married has in it: in 93% of such questions of
# TyDi QA and IDK-MRC, in 40 of 44 about news. A biography's first sentence has the years in brackets.
_LIFE = tuple(
    (
        re.compile(rf"\b(?:{asked})\b", re.IGNORECASE),
        re.compile(rf"\b\w*(?:{told})|\([^()/]*\b\d{{3,4}}(?: ?(?:M|SM))? ?[-–—)]", re.IGNORECASE),
    )
    for asked, told in (
        ("lahir|dilahirkan|kelahiran(?:nya)?|born", "lahir|ulang tahun"),
        (
            "meninggal|wafat|tewas|mangkat|died?",
            "meninggal|wafat|tewas|mangkat|gugur|berpulang|tutup usia|napas terakhir|nyawa|almarhum|mendiang|jenazah|"
            "jasad|mayat|makam|kubur|bunuh|mati\\b|korban",
        ),
        ("menikah|dinikahi|married", "nikah|kawin|akad|resepsi|mempersunting"),
    )
)
_WHEN = re.compile(r"\d|\b(?:senin|selasa|rabu|kamis|jumat|sabtu|minggu|kemarin|tadi|hari ini)\b", re.IGNORECASE)
_MONEY = {"idr", "usd", "eur", "gbp", "jpy", "%"}
_BARE_AMOUNT = 1000  # from which a number without a currency may be money
_ONE_SLIP = 5  # letters from which a name that differs in one is a misspelling of it
_TWO_SLIPS = 10
_RATHER_LIKE = 0.7  # of difflib's ratio, from which a name is worth suggesting


def unmentioned(question: Question, passages: Sequence[Passage]) -> tuple[str, ...]:
    """The names, figures and dates of the question that no passage's article has in title, date or text.

    An acronym counts as mentioned where words with its initials stand in a row, a name that differs in one letter as a
    misspelling, a date however it is written. Of an English question the names count that no dictionary word is part
    of: the articles have the others in Indonesian. A question in capitals throughout shows no names.
    """
    articles = articles_of(passages)
    texts = [f"{article.title}\n{article.text}\n{article.day or ''}" for article in articles]
    mentioned = terms_of(texts)
    initials = "".join("".join(_INITIAL.findall(text)).lower() for text in texts)
    undated = _undated(question.text, articles)
    named = {
        word.term: word.text
        for word in _wanted(question)
        if word.term not in mentioned and not (word.text.isupper() and word.text.lower() in initials)
    }
    if named:
        slips = _slips(question.text, articles)
        named = {term: text for term, text in named.items() if text not in slips}
    return (*named.values(), *undated)


def respelled(question: str, passages: Sequence[Passage]) -> dict[str, str]:
    """Names of the question that no article has, but with one letter changed: as asked -> as the articles write it."""
    return _slips(question, articles_of(passages))


def likely_meant(missing: Iterable[str], passages: Sequence[Passage]) -> dict[str, str]:
    """For names that no article has, the name in the articles that looks most like it, where one does."""
    known = _known_names(articles_of(passages))
    found: dict[str, str] = {}
    for name in missing:
        if name[:1].isupper() and not name.isupper():
            for near in get_close_matches(folded(name), known, n=1, cutoff=_RATHER_LIKE):
                found[name] = known[near]
    return found


def answers_kind(question: Question, text: str) -> bool:
    """Whether a short answer is of the kind that is asked for: a date for "kapan", an amount for "berapa biaya".

    A question that asks two things at once takes either. Whether the cited characters hold the answer is another matter
    (``assistant.verification``).
    """
    if len(_ASKS.findall(question.text)) > 1:
        return True
    dated = days(text)
    amounts = quantities(text, skip=[(found.start, found.end) for found in dated])
    units = {amount.unit for amount in amounts}
    if question.kind is Kind.DATE:
        return bool(dated) or bool(_OTHER_TIMES.search(_DURATION.sub("", text)))
    if question.kind is Kind.TIME:
        return "clock" in units or bool(_OTHER_TIMES.search(text))
    if question.kind is Kind.PERCENT:
        return "%" in units
    if question.kind is Kind.MONEY:
        return any(amount.unit in _MONEY or amount.values[0] >= _BARE_AMOUNT for amount in amounts)
    if question.kind is Kind.NUMBER:
        return bool(units - {"clock"}) or bool(_COUNTED_IN_WORDS.search(text))
    return True


def speaks_of_another(question: Question, article: Article, start: int, end: int) -> bool:
    """Whether the sentence ``article.text[start:end]`` takes up the one before, and neither of them nor the title has
    any name of the question: "Pasangan ini didukung 12 partai" may be about the other pair."""
    if not _TAKES_UP.match(article.text, start, end):
        return False
    named = {word.term for word in words(question.text)[1:] if word.term in question.terms and word.text[0].isupper()}
    before = sentence_spans(article.text[:start])[-1:]
    near = " ".join([article.title, *(article.text[a:b] for a, b in before), article.text[start:end]])
    return bool(named) and named.isdisjoint(analyse(near))


def tells_of_life(question: Question, sentence: str) -> bool:
    """Whether a sentence can say when or where somebody was born, died or married: it speaks of that, and of a time
    where that is asked. Of any other question it is true."""
    if question.kind not in (Kind.DATE, Kind.PLACE):
        return True
    told = [pattern for asked, pattern in _LIFE if asked.search(question.text)]
    timed = question.kind is Kind.PLACE or _WHEN.search(sentence) is not None
    return not told or (timed and any(pattern.search(sentence) for pattern in told))


def articles_of(passages: Sequence[Passage]) -> list[Article]:
    """The articles of the passages, each once, in their order."""
    return list({passage.article.id: passage.article for passage in passages}.values())


def terms_of(texts: Iterable[str]) -> set[str]:
    """The index terms that any of the texts has."""
    return {term for text in texts for term in analyse(text)}


def _wanted(question: Question) -> Iterator[Word]:
    """The names and figures of the question, which must stand in an article; dates are apart."""
    if question.text.isupper():
        return
    dated = [(found.start, found.end) for found in days(question.text)]
    found = [word for word in words(question.text) if word.term]
    if question_language(question.text) == "en":
        yield from _untranslated(question.text, found, dated)
        return
    for place, word in enumerate(found):
        if word.term not in question.terms or word.term in _CALENDAR or _within(word, dated):
            continue
        if word.text[0].isdecimal() or (place and word.text[0].isupper()):
            yield word


def _untranslated(text: str, found: Sequence[Word], dated: Sequence[tuple[int, int]]) -> Iterator[Word]:
    """Figures, and the names without any English word in them: "Prabowo", not "Constitutional Court"."""
    own = [
        (name.start, name.end)
        for name in names(text, ordinary=ordinary_words())
        if not any(_is_english(token) for token in name.tokens)
    ]
    for word in found:
        if not _within(word, dated) and (word.text[0].isdecimal() or _within(word, own)):
            yield word


def _is_english(token: str) -> bool:
    return token in english_words() or token in ordinary_words() or token in GENERIC or bool(spelled_out(token))


def _within(word: Word, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= word.start and word.end <= end for start, end in spans)


def _undated(question: str, articles: Sequence[Article]) -> list[str]:
    """The days, months of a year and years of the question that no article mentions or was published on."""
    asked = [found for found in days(question) if found.written.year or found.written.day]
    if not asked:
        return []
    known = [found for article in articles for found in _days(article)]
    return [question[a.start : a.end] for a in asked if not any(agrees(found, a) for found in known)]


def _days(article: Article) -> Iterator[DayMention]:
    yield from days(f"{article.title}\n{article.text}", article.day)
    for moment in (article.published, article.updated):
        if moment is not None:
            yield _on(moment)


def _on(moment: date) -> DayMention:
    day = PartialDay(moment.year, moment.month, moment.day)
    return DayMention(0, 0, day, (day,), moment.weekday())


def _slips(question: str, articles: Sequence[Article]) -> dict[str, str]:
    """Misspelt names of the question -> the name meant."""
    known = _known_names(articles)
    found: dict[str, str] = {}
    for word in words(question)[1:]:
        text = folded(word.text)
        if not word.text[0].isupper() or word.text.isupper() or len(text) < _ONE_SLIP or text in known:
            continue
        slips = 1 + (len(text) >= _TWO_SLIPS)
        near = [name for name in known if abs(len(name) - len(text)) <= slips and _distance(text, name) <= slips]
        if near:
            found[word.text] = known[min(near, key=lambda name: _distance(text, name))]
    return found


def _known_names(articles: Sequence[Article]) -> dict[str, str]:
    """The words of the articles' names, folded -> as written."""
    found: dict[str, str] = {}
    for article in articles:
        text = f"{article.title}\n{article.text}"
        for name in names(text, ordinary=ordinary_words()):
            for word in words(text[name.start : name.end]):
                if word.term and word.text[0].isupper():
                    found.setdefault(folded(word.text), word.text)
    return found


def _distance(one: str, other: str) -> int:
    """Letters to insert, leave out or exchange (Levenshtein 1966)."""
    row = list(range(len(other) + 1))
    for i, a in enumerate(one, start=1):
        before, row[0] = row[0], i
        for j, b in enumerate(other, start=1):
            before, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, before + (a != b))
    return row[-1]
