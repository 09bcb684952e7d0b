"""Learns ``assistant/models/english/terms.json``: English words and short phrases -> Indonesian, for searching.

    python -m training.english.learn --data ../shared/data/parallel --out assistant/models/english

Word translation probabilities are IBM model 1's (Brown et al. 1993), trained in both directions and multiplied;
phrases are those consistent with the word alignment (Och and Ney 2004), of at most three words a side, seen at least
twice. ``news_terms.tsv`` beside this file adds words of news that the parallel text is too small to teach; it was
written for this project. The figure printed at the end is retrieval on the validation pairs: how often the Indonesian
sentence is among the first k for the terms of the English one, with and without translation.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant.translation import translated
from training.lexical import Lexical

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*|\d+(?:[.,]\d+)*|[^\w\s]")
_ROUNDS = 8
_LEAST_PROBABILITY = 0.08  # of the product of both directions, below which a translation is left out
_LEAST_SEEN = 3  # sentences an English word must stand in; rarer ones align with anything
_LEAST_PHRASE = 0.4  # share of a phrase's occurrences
_NULL = ""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_FUNCTION_WORDS = _words(
    """a an the and or of in on at to by for with from as that this these those is are was were be been it its his her
    their they we you i not has have had will would can could may"""
)

Pair = tuple[list[str], list[str]]
Table = dict[str, dict[str, float]]


def read_pairs(path: Path) -> list[Pair]:
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    return [(_WORD.findall(row["en"].lower()), _WORD.findall(row["id"].lower())) for row in rows]


def train(pairs: Sequence[Pair]) -> Table:
    """t(target | source) by expectation maximisation; the empty source word takes what nothing explains."""
    table: Table = {}
    for round_ in range(_ROUNDS):
        counts: dict[str, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for source, target in pairs:
            words = [_NULL, *source]
            for f in target:
                weights = [table[e].get(f, 1e-9) if round_ else 1.0 for e in words]
                total = sum(weights)
                for e, weight in zip(words, weights, strict=True):
                    counts[e][f] += weight / total
        table = {}
        for e, row in counts.items():
            total = sum(row.values())
            table[e] = {f: count / total for f, count in row.items() if count / total > 1e-4}
    return table


def links(source: Sequence[str], target: Sequence[str], forth: Table, back: Table) -> set[tuple[int, int]]:
    """Words that are each other's best translation in this pair, and neighbours of those where one direction agrees."""

    def score(i: int, j: int) -> float:
        return forth.get(source[i], {}).get(target[j], 0.0) * back.get(target[j], {}).get(source[i], 0.0)

    best_target = {i: max(range(len(target)), key=lambda j: score(i, j)) for i in range(len(source))}
    best_source = {j: max(range(len(source)), key=lambda i: score(i, j)) for j in range(len(target))}
    found = {(i, j) for i, j in best_target.items() if best_source[j] == i and score(i, j) > 1e-3}
    for i, j in [*best_target.items(), *((i, j) for j, i in best_source.items())]:
        near = any((i + a, j + b) in found for a in (-1, 0, 1) for b in (-1, 0, 1))
        if near and score(i, j) > 1e-2:
            found.add((i, j))
    return found


def phrases(source: Sequence[str], target: Sequence[str], aligned: set[tuple[int, int]]) -> list[tuple[str, str]]:
    """Stretches of up to three words whose links lead only into each other."""
    found = []
    for begin in range(len(source)):
        for end in range(begin + 1, min(begin + 3, len(source)) + 1):
            inside = [j for i, j in aligned if begin <= i < end]
            if not inside or max(inside) - min(inside) >= 3:
                continue
            first, last = min(inside), max(inside) + 1
            if any(first <= j < last and not begin <= i < end for i, j in aligned):
                continue
            if (begin not in {i for i, _ in aligned}) or (end - 1 not in {i for i, _ in aligned}):
                continue
            found.append((" ".join(source[begin:end]), " ".join(target[first:last])))
    return found


def lexicon(pairs: Sequence[Pair]) -> dict[str, str]:
    """English word or phrase -> its likeliest Indonesian."""
    forth = train(pairs)
    back = train([(target, source) for source, target in pairs])
    seen = Counter(word for source, _ in pairs for word in set(source))
    terms: dict[str, str] = {}
    for e, row in forth.items():
        if not re.fullmatch(r"[a-z][a-z'’-]+", e) or seen[e] < _LEAST_SEEN:
            continue
        scores = {f: p * back.get(f, {}).get(e, 0.0) for f, p in row.items() if f[0].isalpha()}
        best = max(scores, key=lambda f: scores[f], default="")
        if best and scores[best] >= _LEAST_PROBABILITY**2 and row[best] >= _LEAST_PROBABILITY:
            terms[e] = best
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for source, target in pairs:
        for e, f in phrases(source, target, links(source, target, forth, back)):
            counts[e][f] += 1
    for e, row in counts.items():
        f, count = row.most_common(1)[0]
        words = e.split()
        if not all(re.fullmatch(r"[a-z][a-z'’-]+", word) for word in words) or not re.fullmatch(r"[a-z -]+", f):
            continue
        if words[0] in _FUNCTION_WORDS or words[-1] in _FUNCTION_WORDS:
            continue
        word_by_word = " ".join(terms.get(word, word) for word in words)
        needed = 2 if len(words) > 1 else 3
        if count >= needed and count / row.total() >= _LEAST_PHRASE and set(f.split()) != set(word_by_word.split()):
            terms[e] = f
    return terms


def recall(path: Path, terms: Mapping[str, str]) -> dict[int, float]:
    """How often BM25 puts the Indonesian sentence of a pair among the first k for the terms of the English one."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lexical = Lexical([(row["id"],) for row in rows])
    ranked = lexical.best([translated(row["en"], terms) for row in rows], 5)
    return {k: sum(row in best[:k] for row, best in enumerate(ranked)) / len(rows) for k in (1, 5)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    terms = lexicon(read_pairs(arguments.data / "id_en.train.jsonl"))
    learnt = len(terms)
    for line in (Path(__file__).parent / "news_terms.tsv").read_text(encoding="utf-8").splitlines():
        english, _, indonesian = line.partition("\t")
        terms[english] = indonesian
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(sorted(terms.items())), ensure_ascii=False, indent=0)
    (arguments.out / "terms.json").write_text(text + "\n", encoding="utf-8")
    print(f"{learnt:,} learnt, {len(terms):,} in all")
    for name, known in (("as it is", {}), ("translated", terms)):
        shares = recall(arguments.data / "id_en.valid.jsonl", known)
        print(name, {f"recall@{k}": round(share, 3) for k, share in shares.items()})


if __name__ == "__main__":
    main()
