"""Counts in how many training passages each term stands -> index/models/reader/lexicon.json."""

from __future__ import annotations

import argparse
import json
from collections import Counter
from pathlib import Path

from index.lexicon import words

from .data import public_examples


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--out", type=Path, default=Path("index/models/reader/lexicon.json"))
    arguments = parser.parse_args()
    texts = list(dict.fromkeys(e.context for e in public_examples(arguments.data)))
    news = (arguments.data / "news" / "indosum.jsonl").read_text(encoding="utf-8").splitlines()
    texts += ["\n".join(json.loads(line)["paragraphs"])[:1500] for line in news]
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update({word.term for word in words(text) if word.term})
    kept = {term: n for term, n in sorted(counts.items()) if n >= 3}
    arguments.out.parent.mkdir(parents=True, exist_ok=True)
    stored = {"documents": len(texts), "frequencies": kept}
    arguments.out.write_text(json.dumps(stored, ensure_ascii=False, separators=(",", ":")) + "\n", encoding="utf-8")
    print(len(texts), "passages", len(kept), "terms", arguments.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
