"""How many wrong answers the claims check catches, and how many right ones it flags.

    python -m benchmarks.verification [--verbose]

``claims.jsonl`` holds answers written for this project over ``seeds/``: wrong ones of six kinds, and right ones. A row
names its article, the sentences it cites (by a few words of each) and the answer with its markers. An answer is caught,
or flagged, when any of its statements is not wholly supported.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.types import Citation, Claim, Support
from assistant.verification import verify_answer
from index.reading import read_articles
from index.sentences import sentence_spans
from index.types import Article

CLAIMS = Path(__file__).with_name("claims.jsonl")
SEEDS = Path(__file__).parents[1] / "seeds"
CORRECT = "correct"


@dataclass(frozen=True)
class Case:
    """One scripted answer, and what the check made of it."""

    kind: str
    text: str
    claims: tuple[Claim, ...]

    @property
    def flagged(self) -> bool:
        return any(claim.support is not Support.SUPPORTED for claim in self.claims)


def cases(path: Path = CLAIMS, seeds: Path = SEEDS) -> Iterator[Case]:
    articles = {Path(a.source).name: a for a in read_articles(seeds) if isinstance(a, Article)}
    for line in path.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        citations = list(_cited(articles[row["article"]], row["cites"]))
        yield Case(row["kind"], row["text"], verify_answer(row["text"], citations, language=row["language"]))


def _cited(article: Article, words: list[str]) -> Iterator[Citation]:
    spans = sentence_spans(article.text)
    for number, part in enumerate(words, start=1):
        place = article.text.index(part)
        start, end = next(span for span in spans if span[0] <= place < span[1])
        yield Citation(number=number, article=article, start=start, end=end)


def table(found: list[Case]) -> str:
    """Markdown: kind, how many, how many flagged."""
    total, flagged = Counter(case.kind for case in found), Counter(case.kind for case in found if case.flagged)
    wrong = [kind for kind in total if kind != CORRECT]
    rows = [(kind, flagged[kind], total[kind]) for kind in wrong]
    rows.append(("all wrong answers", sum(flagged[kind] for kind in wrong), sum(total[kind] for kind in wrong)))
    rows.append(("correct answers", flagged[CORRECT], total[CORRECT]))
    return "\n".join(["| answers | flagged | of |", "|---|---|---|", *(f"| {k} | {n} | {of} |" for k, n, of in rows)])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="show the answers judged wrongly")
    arguments = parser.parse_args()
    found = list(cases())
    print(table(found))
    for case in found if arguments.verbose else ():
        if case.flagged == (case.kind == CORRECT):
            details: list[Any] = [claim.reason for claim in case.claims if claim.reason]
            print(f"{case.kind}: {case.text} {details}")


if __name__ == "__main__":
    main()
