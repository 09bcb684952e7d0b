"""How the reader does on the questions about seeds/: answer in the cited quotation, refusals, net score."""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.reader import Reader
from index.types import Article, Passage

from .data import Bm25


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=Path, default=Path("../shared/seeds-articles"))
    parser.add_argument("--top", type=int, default=8)
    parser.add_argument("--verbose", action="store_true")
    arguments = parser.parse_args()
    from index.chunking import chunk_article
    from index.reading import read_articles

    articles = [a for a in read_articles(arguments.seeds) if isinstance(a, Article)]
    chunks = [(article, chunk) for article in articles for chunk in chunk_article(article)]
    bm25 = Bm25([f"{a.title}\n{a.text[c.start : c.end]}" for a, c in chunks])
    reader = Reader()
    right = wrong = rash = refused = answerable = unanswerable = quoted = 0
    for line in (arguments.seeds / "QUESTIONS.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if "history" in row:
            continue
        passages = [
            Passage(article=chunks[i][0], chunk=chunks[i][1], score=s)
            for i, s in bm25.top(row["question"], arguments.top)
        ]
        reading = reader.read(row["question"], passages)
        held = row["evidence"] is not None and any(
            row["evidence"] in e.text or e.text in row["evidence"] for e in reading.evidence
        )
        if row["answer"] is None:
            unanswerable += 1
            refused += not reading.found
            rash += reading.found
        else:
            answerable += 1
            quoted += held
            right += held and reading.found
            wrong += reading.found and not held
        if arguments.verbose:
            span = next((e.passage.article.text[slice(*e.span)] for e in reading.evidence if e.span), None)
            print(f"{reading.confidence:.2f} {'+' if held else '-'} {row['question']} | {row['answer']} | {span}")
            if row["answer"] and not held:
                print("      ", reading.evidence[0].text[:150], "<>", row["evidence"][:100])
    print(f"answerable: quote right {quoted}/{answerable}, and answered {right}")
    print(f"unanswerable: refused {refused}/{unanswerable}")
    print(f"net score {(right - wrong - rash) / answerable:.2f}")


if __name__ == "__main__":
    main()
