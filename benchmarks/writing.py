"""What the writer does with the answers of ``claims.jsonl`` when a chat model gives them.

    python -m benchmarks.writing [--verbose]

The model's sources are all sentences of the row's article. Markers of the answer become the codes of the sentences it
cites; a marker without one becomes a code that does not exist. There is no repair round. An answer is flagged when any
of its statements is not wholly supported, and cited anew when all hold and some rest on sentences it did not name.
"""

from __future__ import annotations

import argparse
import json
import re
from collections import Counter
from pathlib import Path

from assistant.types import Answer, Support
from assistant.writing.budget import Budget
from assistant.writing.calling import Piece
from assistant.writing.draft import Draft
from assistant.writing.sources import Sources, gather_sources
from benchmarks.verification import CLAIMS, CORRECT, SEEDS
from index.reading import read_articles
from index.types import Article, Chunk, Passage

_QUESTION = {"id": "Apa isi berita ini?", "en": "What is in the news here?"}
_INVENTED = "[z9z9]"


def outcome(row: dict[str, object], article: Article) -> str:
    """``"flagged"``, ``"cited anew"`` or ``"passed"``."""
    passage = Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)
    sources = gather_sources([passage], characters=100_000)
    named = [_code(sources, article.text.index(words)) for words in row["cites"]]  # type: ignore[attr-defined]
    text = re.sub(
        r"\[(\d+)\]",
        lambda match: f"[{named[int(match[1]) - 1]}]" if int(match[1]) <= len(named) else _INVENTED,
        str(row["text"]),
    )
    question = _QUESTION[str(row["language"])]
    draft = Draft(Answer(question=question, query=question), sources)
    list(draft.grown([Piece(text)], Budget("scripted", seconds=60, tokens=100_000)))
    if any(item.support is not Support.SUPPORTED for item in draft.said):
        return "flagged"
    return "passed" if all({one.id for one in item.sentences} <= set(named) for item in draft.said) else "cited anew"


def _code(sources: Sources, place: int) -> str:
    return next(one.id for one in sources.sentences if one.start <= place < one.end)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--verbose", action="store_true", help="show the answers judged wrongly")
    arguments = parser.parse_args()
    articles = {Path(a.source).name: a for a in read_articles(SEEDS) if isinstance(a, Article)}
    found: Counter[tuple[str, str]] = Counter()
    for line in CLAIMS.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        result = outcome(row, articles[row["article"]])
        found[row["kind"], result] += 1
        if arguments.verbose and (result == "flagged") == (row["kind"] == CORRECT):
            print(f"{row['kind']}, {result}: {row['text']}")
    print("| answers | flagged | cited anew | passed |", "|---|---|---|---|", sep="\n")
    for kind in dict.fromkeys(kind for kind, _ in found):
        print(f"| {kind} | {found[kind, 'flagged']} | {found[kind, 'cited anew']} | {found[kind, 'passed']} |")


if __name__ == "__main__":
    main()
