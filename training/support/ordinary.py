"""Counts which words are seldom names -> ordinary.txt and english.txt in assistant/models/support/."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from assistant.verifying.names import folded
from assistant.verifying.support import ENGLISH, ORDINARY
from index.sentences import sentence_spans

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
LEAST = 3  # times seen inside a sentence, and as the first word of one
LOWER = 0.8  # share of the former that begins with a small letter
ENGLISH_LOWER = 0.2  # the same for English, where "court" and "ministry" are as often part of a name


class Counts:
    """How often words head sentences, stand inside them, and begin with a small letter there."""

    def __init__(self, texts: Iterable[str]) -> None:
        self.first, self.inside, self.lower = Counter[str](), Counter[str](), Counter[str]()
        for text in texts:
            for start, end in sentence_spans(text):
                found = _WORD.findall(text[start:end])
                self.first.update(map(folded, found[:1]))
                for word in found[1:]:
                    self.inside[folded(word)] += 1
                    self.lower[folded(word)] += word[0].islower()

    def common(self, lower: float, least: int = 1) -> set[str]:
        """Words that stand inside sentences at least so often, and that share of it with a small letter."""
        return {w for w, count in self.inside.items() if count >= least and self.lower[w] >= lower * count}


def indonesian(data: Path) -> Iterator[str]:
    for line in (data / "news" / "indosum.jsonl").read_text(encoding="utf-8").splitlines():
        yield from json.loads(line)["paragraphs"]
    for name in ("facqa", "idk_mrc", "tydiqa_id"):
        lines = (data / "qa" / f"{name}.train.jsonl").read_text(encoding="utf-8").splitlines()
        yield from dict.fromkeys(json.loads(line)["context"] for line in lines)
    for line in (data / "nli" / "indonli.train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from (row["premise"], row["hypothesis"])


def english(data: Path) -> Iterator[str]:
    for line in (data / "parallel" / "id_en.train.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["en"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    ours, theirs = Counts(indonesian(arguments.data)), Counts(english(arguments.data))
    heads = {w for counts in (ours, theirs) for w in counts.common(LOWER, LEAST) if counts.first[w] >= LEAST}
    for path, words in ((ORDINARY, heads), (ENGLISH, theirs.common(ENGLISH_LOWER))):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("\n".join(sorted(words)) + "\n", encoding="utf-8")
        print(path.name, len(words), "words")


if __name__ == "__main__":
    main()
