"""Counts which words that head sentences are seldom names -> assistant/models/support/ordinary.txt."""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from assistant.verifying.names import folded
from assistant.verifying.support import ORDINARY
from index.sentences import sentence_spans

_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
LEAST = 3  # times seen inside a sentence, and as the first word of one
LOWER = 0.8  # share of the former that begins with a small letter


def texts(data: Path) -> Iterator[str]:
    for line in (data / "news" / "indosum.jsonl").read_text(encoding="utf-8").splitlines():
        yield from json.loads(line)["paragraphs"]
    for name in ("facqa", "idk_mrc", "tydiqa_id"):
        lines = (data / "qa" / f"{name}.train.jsonl").read_text(encoding="utf-8").splitlines()
        yield from dict.fromkeys(json.loads(line)["context"] for line in lines)
    for line in (data / "nli" / "indonli.train.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        yield from (row["premise"], row["hypothesis"])
    for line in (data / "parallel" / "id_en.train.jsonl").read_text(encoding="utf-8").splitlines():
        yield json.loads(line)["en"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=ORDINARY)
    arguments = parser.parse_args()
    first, inside, lower = Counter[str](), Counter[str](), Counter[str]()
    for text in texts(arguments.data):
        for start, end in sentence_spans(text):
            found = _WORD.findall(text[start:end])
            first.update(map(folded, found[:1]))
            for word in found[1:]:
                inside[folded(word)] += 1
                lower[folded(word)] += word[0].islower()
    kept = sorted(
        word
        for word, count in first.items()
        if count >= LEAST and inside[word] >= LEAST and lower[word] >= LOWER * inside[word]
    )
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    arguments.out.write_text("\n".join(kept) + "\n", encoding="utf-8")
    print(len(kept), "words")


if __name__ == "__main__":
    main()
