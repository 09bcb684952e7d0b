"""Which choices of lexical analysis help BM25 find passages in Indonesian.

    python -m benchmarks.analyser FOLDER [--out FILE]

FOLDER is that of ``training/README.md``. Each line adds one choice to the shipped analyser, or takes one away, and asks
the questions of the valid splits with BM25 alone (k1 1.2, b .75, as FTS5 has them; terms of more than a quarter of all
passages left out, as the archive does) over the pool of all contexts. The table, with what became of each choice, is in
``docs/analyser.md``.
"""

from __future__ import annotations

import argparse
import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
import Stemmer

from assistant.retrieval_evaluation import QuestionSet, load_question_sets
from index.terms import _QUESTION_WORDS, ANALYSER, _number, analyse, analyse_question

Analyse = Callable[[str], list[str]]

_COMMON = 0.25
_APOSTROPHE = re.compile(r"['’‘ʼ`´]\b")
_TOKEN = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)*")
_WITH_HYPHENS = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+|[^\W\d_]+|\d+(?:[.,]\d+)*")
_DATE = re.compile(r"\b(\d{1,2})[/-](\d{1,2})[/-](\d{4})\b")
_MONTHS = (
    "januari", "februari", "maret", "april", "mei", "juni", "juli", "agustus", "september", "oktober", "november",
    "desember",
)  # fmt: skip
_SHORT_MONTHS = {m[:3]: m for m in _MONTHS} | {
    "agt": "agustus",
    "agst": "agustus",
    "sept": "september",
    "nop": "november",
}
_ONES = (
    "nol", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas"
)  # fmt: skip
_ACRONYM = re.compile(r"((?:[A-Z][\w-]+ (?:(?:dan|of|the) )?){2,7})\(([A-Z]{2,7})\)")
_OLD_SPELLING = (("oe", "u"), ("dj", "j"), ("tj", "c"), ("nj", "ny"), ("sj", "sy"), ("ch", "kh"))
_VARIANTS = {
    "praktek": "praktik", "apotik": "apotek", "resiko": "risiko", "analisa": "analisis", "aktifitas": "aktivitas",
    "propinsi": "provinsi", "nopember": "november", "ijin": "izin", "jaman": "zaman", "jendral": "jenderal",
    "tehnik": "teknik", "sistim": "sistem", "obyek": "objek", "subyek": "subjek", "mesjid": "masjid", "ustad": "ustaz",
    "ramadan": "ramadhan", "atlit": "atlet", "standarisasi": "standardisasi", "kwalitas": "kualitas",
    "sumatra": "sumatera", "jogja": "yogya", "jogjakarta": "yogyakarta", "inggeris": "inggris", "perancis": "prancis",
}  # fmt: skip
_stem = Stemmer.Stemmer("indonesian").stemWord


def plain(text: str, pattern: re.Pattern[str] = _TOKEN) -> list[str]:
    """Lower-case words and numbers, accents and apostrophes ignored; the shipped analyser before stemming."""
    text = unicodedata.normalize("NFKC", re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text)))
    return pattern.findall(_APOSTROPHE.sub("", text.lower()))


def accents_kept(text: str) -> list[str]:
    return finished(_TOKEN.findall(_APOSTROPHE.sub("", text.lower())))


def apostrophes_apart(text: str) -> list[str]:
    return finished(_TOKEN.findall(re.sub("[\u0300-\u036f]", "", unicodedata.normalize("NFKD", text)).lower()))


def numbers_as_written(text: str) -> list[str]:
    return [token if token[0].isdecimal() else _stem(token) for token in plain(text) if token not in _QUESTION_WORDS]


def finished(tokens: Sequence[str], stem: Callable[[str], str] = _stem, asks: bool = False) -> list[str]:
    """Tokens as terms, question words left out unless ``asks``."""
    kept = [token for token in tokens if asks or token not in _QUESTION_WORDS]
    return [_number(token) if token[0].isdecimal() else stem(token) for token in kept]


def opening(words: int, times: int) -> Analyse:
    """The first words of a passage counted again, as ``index.ingest.indexed_terms`` does with 4 of them, twice."""
    return lambda text: analyse(text) + analyse(" ".join(text.split()[:words])) * times


def clitics_only(word: str) -> str:
    for particle in ("lah", "kah", "pun", "nya", "ku", "mu"):
        if word.endswith(particle) and len(word) - len(particle) >= 4:
            word = word.removesuffix(particle)
    return word


def reduplicated(text: str) -> list[str]:
    """ "kader-kader" as one word, counted once; other hyphenated words as their parts."""
    found = []
    for token in plain(text, _WITH_HYPHENS):
        parts = token.split("-")
        found += [parts[0]] if len(parts) == 2 and _stem(parts[0]) == _stem(parts[1]) else parts
    return finished(found)


def hyphens_joined(text: str) -> list[str]:
    """ "Al-Qur'an" also as "alquran"."""
    tokens = plain(text, _WITH_HYPHENS)
    return finished([p for t in tokens for p in ([*t.split("-"), t.replace("-", "")] if "-" in t else [t])])


def number_words(text: str) -> list[str]:
    return finished([str(_ONES.index(token)) if token in _ONES else token for token in plain(text)])


def scaled_numbers(text: str) -> list[str]:
    """ "1,2 triliun" as 1200000000000 beside its parts."""
    tokens = plain(text)
    scales = {"ribu": 3, "juta": 6, "miliar": 9, "milyar": 9, "triliun": 12, "trilyun": 12}
    more = []
    for first, second in pairwise(tokens):
        if first[0].isdecimal() and second in scales:
            value = float(_number(first).replace("d", ".")) if _number(first).count("d") < 2 else 0.0
            more.append(str(int(value * 10 ** scales[second])))
    return finished([*tokens, *more])


def dates(text: str) -> list[str]:
    """ "7/10/2024" as "7 oktober 2024", "Okt" as "oktober"."""

    def spelled(match: re.Match[str]) -> str:
        day, month, year = match.groups()
        return f"{int(day)} {_MONTHS[int(month) - 1]} {year}" if 1 <= int(month) <= 12 else match.group()

    return finished([_SHORT_MONTHS.get(token, token) for token in plain(_DATE.sub(spelled, text))])


def old_spelling(text: str) -> list[str]:
    found = []
    for token in plain(text):
        for old, new in _OLD_SPELLING:
            token = token.replace(old, new)
        found.append(token)
    return finished(found)


def variants(text: str) -> list[str]:
    return finished([_VARIANTS.get(token, token) for token in plain(text)])


def pairs(text: str) -> list[str]:
    terms = analyse(text)
    return [*terms, *(f"{a}_{b}" for a, b in pairwise(terms))]


def without_stop_words(folder: Path) -> Analyse:
    stop = {_stem(w) for w in (folder / "lexicon" / "stopwords_id.txt").read_text("utf-8").split()}
    return lambda text: [term for term in analyse(text) if term not in stop]


def slang(folder: Path) -> Analyse:
    formal = json.loads((folder / "lexicon" / "slang_id.json").read_text("utf-8"))
    return lambda text: finished([word for token in plain(text) for word in formal.get(token, token).split()])


def acronyms(texts: Sequence[str]) -> Analyse:
    """Long forms found before their acronym in brackets, in these texts; a text with one gets the other's terms too."""
    found: dict[str, Counter[str]] = {}
    for text in texts:
        for long, short in _ACRONYM.findall(text):
            words = [w for w in long.split() if w[0].isupper()][-len(short) :]
            if "".join(w[0] for w in words).upper() == short:
                found.setdefault(short.lower(), Counter())[" ".join(words)] += 1
    longs = {short: tuple(analyse(c.most_common(1)[0][0])) for short, c in found.items()}
    shorts = {long: short for short, long in longs.items()}
    sizes = {len(long) for long in shorts}

    def expanded(text: str) -> list[str]:
        terms = analyse(text)
        more: list[str] = []
        for term in set(terms):
            more += longs.get(term, ())
        for size in sizes:
            more += {shorts[g] for i in range(len(terms)) if (g := tuple(terms[i : i + size])) in shorts}
        return [*terms, *more]

    return expanded


class Bm25:
    def __init__(self, texts: Sequence[str], how: Analyse) -> None:
        counts = [Counter(how(text)) for text in texts]
        self.columns = {term: n for n, term in enumerate(dict.fromkeys(t for c in counts for t in c))}
        rows = np.repeat(np.arange(len(counts)), [len(c) for c in counts])
        columns = np.array([self.columns[t] for c in counts for t in c])
        frequency = np.array([n for c in counts for n in c.values()], dtype=np.float64)
        self.documents = np.bincount(columns, minlength=len(self.columns))
        idf = np.maximum(np.log((len(texts) - self.documents + 0.5) / (self.documents + 0.5)), 1e-6)
        length = np.array([c.total() for c in counts], dtype=np.float64)
        norm = 1.2 * (0.25 + 0.75 * length / length.mean())
        weights = idf[columns] * frequency * 2.2 / (frequency + norm[rows])
        self.matrix = sparse.csc_matrix((weights, (rows, columns)), shape=(len(texts), len(self.columns)))

    def scores(self, terms: Sequence[str]) -> np.ndarray:
        columns = {self.columns[term] for term in terms if term in self.columns}
        rarer = [c for c in columns if self.documents[c] <= _COMMON * self.matrix.shape[0]]
        chosen = rarer or sorted(columns, key=lambda c: int(self.documents[c]))[:1]
        return np.asarray(self.matrix[:, chosen].sum(axis=1)).ravel()


def ndcg(bm25: Bm25, questions: QuestionSet, ask: Analyse) -> float:
    """nDCG@10 with one relevant passage."""
    found = []
    for question, (own,) in zip(questions.questions, questions.relevant, strict=True):
        scores = bm25.scores(ask(question))
        ahead = int((scores > scores[own]).sum() + (scores[:own] == scores[own]).sum())  # in the order of the index
        rank = ahead if scores[own] > 0 else 10
        found.append(1 / np.log2(rank + 2) if rank < 10 else 0.0)
    return float(np.mean(found))


def choices(folder: Path, texts: Sequence[str]) -> dict[str, tuple[Analyse, Analyse]]:
    """name -> how passages and how questions are analysed."""
    both = {
        "shipped": analyse,
        "no stemming": lambda text: finished(plain(text), stem=lambda word: word),
        "clitics only (-nya, -lah, -kah, -pun, -ku, -mu)": lambda text: finished(plain(text), stem=clitics_only),
        "words and stems": lambda text: [t for w in finished(plain(text), stem=lambda x: x) for t in {w, _stem(w)}],
        "accents kept": accents_kept,
        "apostrophes between words": apostrophes_apart,
        "numbers as written": numbers_as_written,
        "question words kept": lambda text: finished(plain(text), asks=True),
        "stop words left out": without_stop_words(folder),
        "reduplication as one word": reduplicated,
        "hyphenated words joined too": hyphens_joined,
        "number words as figures": number_words,
        "figures with their scale": scaled_numbers,
        "dates in one spelling": dates,
        "old spelling (oe, dj, tj)": old_spelling,
        "spelling variants": variants,
        "acronyms with long forms": acronyms(texts),
        "adjacent pairs": pairs,
    }
    found = {name: (how, how) for name, how in both.items()}
    found |= {f"first {words} words {times + 1} times": (opening(words, times), analyse) for words, times in _OPENINGS}
    found["slang in questions"] = (analyse, slang(folder))
    found["acronyms' long forms in questions"] = (analyse, acronyms(texts))
    found["chat's spellings in questions (shipped)"] = (analyse, analyse_question)
    chat = Chat(folder)
    for name, ask in (("as articles", analyse), ("slang list", slang(folder)), ("shipped", analyse_question)):
        found[f"questions in chat's spelling, analysed: {name}"] = (analyse, lambda text, ask=ask: ask(chat(text)))
    return found


_OPENINGS = ((3, 2), (4, 1), (4, 2), (4, 3), (6, 2))  # words of a passage, and times more that they count
_ASKED = {
    "mengapa": "knp",
    "bagaimana": "gimana",
    "berapa": "brp",
    "dimana": "dmn",
    "kapan": "kpn",
    "siapakah": "siapa sih",
}


class Chat:
    """A question as it might stand in a chat: every word that has a chat spelling in it, no capitals."""

    def __init__(self, folder: Path) -> None:
        slang = json.loads((folder / "lexicon" / "slang_id.json").read_text("utf-8"))
        self._spelling = {formal: informal for informal, formal in sorted(slang.items(), reverse=True)} | _ASKED

    def __call__(self, question: str) -> str:
        return re.sub(r"[a-z]+", lambda word: self._spelling.get(word[0], word[0]), question.lower())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--out", type=Path)
    arguments = parser.parse_args()
    sets = [s for s in load_question_sets(arguments.folder) if not s.name.startswith("id_en")]
    pool = sets[0].pool
    rows = {}
    for name, (index, ask) in choices(arguments.folder, pool).items():
        bm25 = Bm25(pool, index)
        rows[name] = {s.name: round(ndcg(bm25, s, ask), 4) for s in sets}
        print(f"{name:50}", *(f"{value:.4f}" for value in rows[name].values()), flush=True)
    report = {"date": datetime.now(UTC).isoformat(timespec="seconds"), "analyser": ANALYSER, "nDCG@10": rows}
    if arguments.out:
        arguments.out.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
