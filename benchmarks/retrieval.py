"""How often the right passage is found: public questions, English sentences, and questions about news as readers ask.

    python -m benchmarks.retrieval FOLDER [--embedding NAME] [--reranker NAME] [--by fused ...] [--out FILE]

FOLDER is the training folder (training/README.md). To what ``tanya evaluate retrieval --questions FOLDER`` measures
this adds the held-out questions of ``training/questions`` over all articles of FOLDER's ``news/indosum.jsonl``, cut
into chunks as the index cuts them; every chunk with an answer is relevant. Prints the table and keeps the run as JSON.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from assistant.retrieval_evaluation import (
    CONFIGURATIONS,
    QuestionSet,
    evaluate_retrieval,
    format_table,
    load_question_sets,
)
from benchmarks.scale import RESULTS, stamped
from index.chunking import chunk_article
from index.embedding import DEFAULT_EMBEDDING
from index.reranking import SHIPPED_RERANKER
from training.questions import read_questions  # noqa: TID251 - the questions, not how models are made
from training.reader.news import news_articles  # noqa: TID251


def news_questions(data: Path) -> QuestionSet:
    """Held-out questions that the news answers."""
    places: dict[tuple[str, str], int] = {}
    chunks: dict[str, list[tuple[int, int, int]]] = {}
    for key, article in news_articles(data).items():
        for chunk in chunk_article(article):
            position = places.setdefault((article.title, article.text[chunk.start : chunk.end]), len(places))
            chunks.setdefault(key, []).append((position, chunk.start, chunk.end))
    asked = [question for question in read_questions() if question.held_out and question.spans]
    relevant = tuple(
        tuple(
            position
            for position, start, end in chunks[question.text]
            if any(a < end and start < b for a, b in question.spans)
        )
        for question in asked
    )
    titles, pool = zip(*places, strict=True)
    return QuestionSet("news, held out", tuple(question.question for question in asked), pool, relevant, titles)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--embedding", default=DEFAULT_EMBEDDING)
    parser.add_argument("--reranker", default=SHIPPED_RERANKER)
    parser.add_argument("--by", nargs="+", choices=CONFIGURATIONS, default=CONFIGURATIONS)
    parser.add_argument("--out", type=Path, default=RESULTS / "retrieval.json")
    arguments = parser.parse_args()
    sets = [*load_question_sets(arguments.folder), news_questions(arguments.folder)]
    report = evaluate_retrieval(
        sets, embedding=arguments.embedding, reranker=arguments.reranker, configurations=arguments.by
    )
    print(format_table(report))
    arguments.out.write_text(json.dumps(stamped(report.to_dict()), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
