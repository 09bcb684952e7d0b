"""A news archive of any size, made of variations of real articles, for measuring speed and size.

    python -m benchmarks.corpus INDOSUM ARTICLES OUT

INDOSUM holds JSON lines with ``source``, ``category`` and ``paragraphs`` (Kurniawan and Louvan, 2018). Each article
made from it joins paragraphs of two articles of one category, with one word in five exchanged for another word of the
collection and every number drawn anew: no two are alike, words keep their frequencies, and vectors lie as near each
other as those of articles on one subject do. The same arguments give the same file.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from index import Article

_WORD = re.compile(r"\d+|[^\W\d_]{5,}")
_EXCHANGED = 0.2
_FIRST_DAY, _DAYS = date(2016, 1, 1), 3_600


def variations(rows: list[dict[str, Any]], count: int) -> Iterator[dict[str, str]]:
    """``count`` articles as fields."""
    chance = random.Random(0)
    words = [word for row in rows for word in _WORD.findall(" ".join(row["paragraphs"])) if word.isalpha()]
    by_category: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_category.setdefault(row["category"], []).append(row)

    def exchanged(match: re.Match[str]) -> str:
        if match[0].isdecimal():
            return str(chance.randrange(10 ** len(match[0])))
        return chance.choice(words) if chance.random() < _EXCHANGED else match[0]

    for number in range(count):
        first = rows[number % len(rows)]
        second = chance.choice(by_category[first["category"]])
        halves = (first["paragraphs"][::2], second["paragraphs"][1::2])
        paragraphs = [_WORD.sub(exchanged, text) for half in halves for text in half if text.strip()]
        yield {
            "title": " ".join(paragraphs[0].split()[:9]),
            "text": "\n\n".join(paragraphs),
            "source": f"variasi/{number}",
            "publisher": first["source"],
            "published": (_FIRST_DAY + timedelta(days=chance.randrange(_DAYS))).isoformat(),
        }


def write_corpus(source: Path, count: int, path: Path) -> None:
    """Writes ``count`` articles to ``path`` as JSON lines."""
    with source.open(encoding="utf-8") as lines:
        rows = [row for row in map(json.loads, lines) if any(text.strip() for text in row["paragraphs"][::2])]
    with path.open("w", encoding="utf-8") as file:
        for fields in variations(rows, count):
            file.write(json.dumps(fields, ensure_ascii=False) + "\n")


def read_corpus(path: Path, limit: int | None = None) -> Iterator[Article]:
    """The articles of a file that ``write_corpus`` wrote."""
    with path.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number == limit:
                return
            fields = json.loads(line)
            yield Article(**(fields | {"published": date.fromisoformat(fields["published"])}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path)
    parser.add_argument("count", type=int)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    write_corpus(arguments.source, arguments.count, arguments.out)


if __name__ == "__main__":
    main()
