"""What each part brings: the whole with one part left out or changed, on the same questions.

    python -m benchmarks.ablations DATA [--out FILE]

- *passages*: analyser, embedding, fusion and reranker on tydiqa_id.valid and facqa.valid of DATA/qa, as
  ``tanya evaluate retrieval`` measures them; the analyser also beside plain words, by ``benchmarks.analyser``'s BM25.
- *answers*: the 90 questions about ``seeds/``, and ``--news`` of the held-out ones about the articles of DATA/news, all
  of which are indexed. Differences to the whole are paired, with their 95 % intervals.
- *follow-ups*: ``tests/followups.jsonl`` asked as they are, rewritten, and in full.
- *claims*: ``benchmarks.verification``'s answers. Without the check all of them pass.

Everything is varied by settings and arguments that the product has. Prints Markdown, writes ``results/ablations.json``.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from assistant import Assistant, Settings
from assistant.answer_evaluation import QuestionCase, evaluate_answers, load_questions
from assistant.evaluating.comparing import compare
from assistant.evaluating.figures import figures_of
from assistant.evaluating.rows import Row, make_rows
from assistant.followup_evaluation import evaluate_follow_ups, load_follow_ups
from assistant.retrieval_evaluation import evaluate_retrieval, load_question_sets
from benchmarks import analyser, verification
from benchmarks.runs import ROOT, SEEDS_QUESTIONS, seeds_index, stamp
from index import Article, ArticleIndex, Filter, Passage
from index.sentences import sentence_spans
from training.questions import WrittenQuestion, read_questions  # noqa: TID251 - the questions, not how models are made
from training.reader.news import news_articles  # noqa: TID251

RESULTS = ROOT / "benchmarks" / "results" / "ablations.json"
SETS = ("tydiqa_id.valid", "facqa.valid")
FIGURES = ("nDCG@10", "held", "false refusals", "false answers", "net score")
WHOLE = "the whole"

Table = dict[str, dict[str, Any]]


class ByOne:
    """A retriever that ranks what the index finds by one of its two scores."""

    def __init__(self, index: ArticleIndex, score: str) -> None:
        self._index, self._score = index, score

    def retrieve(self, query: str, k: int = 10, filter: Filter | None = None) -> list[Passage]:  # noqa: A002
        found = self._index.retrieve(query, 100, filter=filter)
        return sorted(found, key=lambda passage: -passage.scores[self._score])[:k]


def passages(data: Path) -> Table:
    """{part: {question set: {measure: value}}}."""
    sets = [questions for questions in load_question_sets(data) if questions.name in SETS]
    report = evaluate_retrieval(sets)
    names = {"bm25": "BM25 alone", "dense": "embedding alone", "fused": "both fused", "reranked": "fused and reranked"}
    plain = analyser.Bm25(sets[0].pool, analyser.plain)
    rows: Table = {
        "BM25 on plain words": {s.name: {"nDCG@10": analyser.ndcg(plain, s, analyser.plain)} for s in sets},
    }
    for configuration, name in names.items():
        rows[name] = {s.name: {m: report.figures[s.name][configuration][m] for m in ("nDCG@10", "R@5")} for s in sets}
    return rows


def answers(index: ArticleIndex, cases: Sequence[QuestionCase]) -> Table:
    """{part: its figures, and by how much they differ from those of the whole}."""
    whole = Settings(index=Path("unused"))
    variants = {
        WHOLE: Assistant(index, settings=whole),
        "no reranker": Assistant(index, settings=replace(whole, reranker="off")),
        "BM25 alone": Assistant(index, settings=whole, retriever=ByOne(index, "bm25")),
        "embedding alone": Assistant(index, settings=whole, retriever=ByOne(index, "dense")),
        "no threshold (confidence 0)": Assistant(index, settings=replace(whole, confidence=0.0)),
        "a strict one (confidence .65)": Assistant(index, settings=replace(whole, confidence=0.65)),
    }
    rows: dict[str, list[Row]] = {}
    table: Table = {}
    for name, assistant in variants.items():
        rows[name] = make_rows(evaluate_answers(assistant, cases).outcomes)
        figures = figures_of(rows[name])
        net = compare(rows[WHOLE], rows[name]).differences["net score"]
        table[name] = {**{key: figures[key].value for key in FIGURES}, "to the whole": net.difference.to_dict()}
    return table


def news_cases(articles: Mapping[str, Article], count: int) -> list[QuestionCase]:
    """``count`` of the questions that nothing is trained on, from all over the file."""
    held_out = [asked for asked in read_questions() if asked.held_out]
    chosen = held_out[:: max(1, len(held_out) // count)][:count]
    return [_case(asked, articles[asked.text]) for asked in chosen]


def _case(asked: WrittenQuestion, article: Article) -> QuestionCase:
    if not asked.spans:
        return QuestionCase(question=asked.question, answerable=False, kind=asked.kind)
    start, end = asked.spans[0]
    sentences = [span for span in sentence_spans(article.text) if span[0] < end and start < span[1]]
    return QuestionCase(
        question=asked.question,
        answer=article.text[start:end],
        article=article.id,
        evidence=article.text[sentences[0][0] : sentences[-1][1]],
        kind=asked.kind,
    )


def claims() -> Table:
    """{with the check, without: share of wrong answers caught, and of right ones flagged}."""
    found = list(verification.cases())
    wrong = [case.flagged for case in found if case.kind != verification.CORRECT]
    right = [case.flagged for case in found if case.kind == verification.CORRECT]
    checked = {"wrong answers caught": sum(wrong) / len(wrong), "right answers flagged": sum(right) / len(right)}
    return {WHOLE: checked, "no verification": dict.fromkeys(checked, 0.0)}


def follow_ups(assistant: Assistant) -> Table:
    """{as asked, rewritten, in full: recall by depth}."""
    report = evaluate_follow_ups(assistant, load_follow_ups(ROOT / "tests" / "followups.jsonl"))
    rows = {"no rewriting": report.alone, WHOLE: report.resolved, "asked in full": report.standalone}
    return {name: {f"recall@{depth}": value for depth, value in recall.items()} for name, recall in rows.items()}


def markdown(results: dict[str, Any]) -> str:
    """A table for each of the parts."""
    blocks = []
    for title in ("passages", "answers", "answers about news", "follow-ups", "claims"):
        flat = {name: dict(_flat(row)) for name, row in results[title].items()}
        heading = list(dict.fromkeys(key for row in flat.values() for key in row))
        lines = [[title, *heading], ["---"] * (len(heading) + 1)]
        lines += [[name, *(row.get(key, "") for key in heading)] for name, row in flat.items()]
        blocks.append("\n".join(f"| {' | '.join(line)} |" for line in lines))
    return "\n\n".join(blocks)


def _flat(row: dict[str, Any]) -> Any:  # noqa: ANN401 - pairs of text
    for key, value in row.items():
        if isinstance(value, dict) and "low" in value:
            yield key, f"{value['value']:+.3f} [{value['low']:+.3f}, {value['high']:+.3f}]"
        elif isinstance(value, dict):
            yield from ((f"{key.removesuffix('.valid')} {name}", text) for name, text in _flat(value))
        else:
            yield key, f"{value:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--news", type=int, default=300, help="how many of the questions about news")
    parser.add_argument("--out", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    results: dict[str, Any] = {**stamp(), "claims": claims()}
    with seeds_index() as index:
        results["answers"] = answers(index, load_questions(SEEDS_QUESTIONS))
        results["follow-ups"] = follow_ups(Assistant(index, settings=Settings(index=Path("unused"))))
    articles = news_articles(arguments.data)
    with TemporaryDirectory() as folder, ArticleIndex.open(Path(folder) / "index", create=True) as index:
        index.add(articles.values())
        results["answers about news"] = answers(index, news_cases(articles, arguments.news))
    results["passages"] = passages(arguments.data)
    arguments.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")
    print(markdown(results))


if __name__ == "__main__":
    main()
