"""Retrieval figures on a pool small enough to check by hand."""

import json
import math
from pathlib import Path

import pytest

from assistant.retrieval_evaluation import QuestionSet, evaluate_retrieval, format_table, load_question_sets
from benchmarks import analyser
from index.errors import ReadError
from index.terms import analyse, analyse_question

POOL = (
    "Banjir merendam ratusan rumah di tepi sungai.",
    "Harga cabai turun di pasar induk.",
    "Gempa merusak jembatan dan ratusan rumah.",
    "Tim nasional menang dua gol tanpa balas.",
)
ENGLISH = "The price of chili falls in the market"


def write(path: Path, *rows: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows) + "\n", encoding="utf-8")


def question(text: str, context: str, *answers: str) -> dict[str, object]:
    return {"question": text, "context": context, "answers": [{"text": answer} for answer in answers]}


@pytest.fixture
def data(tmp_path: Path) -> Path:
    write(
        tmp_path / "qa" / "berita.train.jsonl", question("Cabai?", POOL[1], "turun"), question("Gol?", POOL[3], "dua")
    )
    write(
        tmp_path / "qa" / "berita.valid.jsonl",
        question("Apa yang merendam rumah?", POOL[0], "Banjir"),
        question("Siapa yang menang?", POOL[3], "Tim nasional"),
        question("Berapa korban gempa?", POOL[2]),  # has no answer: not asked
    )
    write(
        tmp_path / "parallel" / "id_en.valid.jsonl",
        {"en": ENGLISH, "id": "Harga cabai turun"},
    )
    return tmp_path


def test_pool_is_every_distinct_context_and_answered_questions_are_asked(data: Path):
    questions, parallel, translated = load_question_sets(data)
    assert questions.name == "berita.valid"
    assert questions.questions == ("Apa yang merendam rumah?", "Siapa yang menang?")
    assert sorted(questions.pool) == sorted(POOL)
    assert [[questions.pool[n] for n in positions] for positions in questions.relevant] == [[POOL[0]], [POOL[3]]]
    assert parallel == QuestionSet("id_en.valid", (ENGLISH,), ("Harga cabai turun",), ((0,),))
    assert translated.questions != parallel.questions
    assert "harga" in translated.questions[0].lower()


def test_figures_follow_from_the_ranks():
    """By BM25 the first question's passage is first, the second's is second of two, the third's is not found."""
    asked = ("banjir sungai", "gempa jembatan cabai", "harimau")
    figures = evaluate_retrieval([QuestionSet("uji", asked, POOL, ((0,), (1,), (1,)))], configurations=["bm25"]).figures
    values = figures["uji"]["bm25"]
    assert values["nDCG@10"] == pytest.approx((1 + 1 / math.log2(3)) / 3)
    assert values["RR@10"] == pytest.approx((1 + 1 / 2) / 3)
    assert values["R@5"] == pytest.approx(2 / 3)
    assert values["Success@1"] == pytest.approx(1 / 3)


def test_every_configuration_of_every_set_has_its_line(data: Path):
    report = evaluate_retrieval(load_question_sets(data))
    assert json.loads(json.dumps(report.to_dict()))["sizes"]["berita.valid"] == [2, 4]
    assert report.figures["berita.valid"]["fused"]["R@5"] == 1.0
    assert report.figures["berita.valid"]["reranked"]["p95 ms"] > 0
    lines = format_table(report).splitlines()
    assert [line.split()[:5] for line in lines[-4:]] == [
        ["id_en.valid,", "translated", "1", "1", c] for c in ("bm25", "dense", "fused", "reranked")
    ]


def test_reranked_figures_follow_from_the_reranker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """One that prefers what speaks of prices: the passage about the flood falls behind the one about the market."""
    monkeypatch.setattr(
        "assistant.retrieval_evaluation.load_relevance",
        lambda _: lambda _, passages: [20.0 if "Harga" in passage else 0.0 for passage in passages],
    )
    asked = [QuestionSet("uji", ("banjir sungai",), POOL, ((0,),))]
    figures = evaluate_retrieval(asked, configurations=["fused", "reranked"]).figures["uji"]
    assert figures["fused"]["Success@1"] == 1.0
    assert figures["reranked"]["Success@1"] == 0.0
    assert figures["reranked"]["RR@10"] == 0.5


def test_passage_is_found_by_its_title_and_every_relevant_one_counts():
    """The first question finds one of its two passages, the second what only the title says."""
    titles = ("Kabar sungai", "Kabar Bantul", "Kabar gempa", "Kabar bola")
    asked = QuestionSet("uji", ("banjir sungai", "Bantul"), POOL, ((0, 3), (1,)), titles)
    assert evaluate_retrieval([asked], configurations=["bm25"]).figures["uji"]["bm25"]["R@5"] == (0.5 + 1) / 2
    untitled = QuestionSet("uji", asked.questions, asked.pool, asked.relevant)
    assert evaluate_retrieval([untitled], configurations=["bm25"]).figures["uji"]["bm25"]["R@5"] == (0.5 + 0) / 2


def test_folder_without_questions_is_an_error(tmp_path: Path):
    with pytest.raises(ReadError, match="no questions"):
        load_question_sets(tmp_path)


@pytest.mark.parametrize("line", ["{", "[]", '{"question": "Apa?"}', '{"question": "Apa?", "context": 7}'])
def test_line_that_is_no_question_is_named(tmp_path: Path, line: str):
    (tmp_path / "salah.valid.jsonl").write_text(line, encoding="utf-8")
    with pytest.raises(ReadError, match=r"salah\.valid\.jsonl"):
        load_question_sets(tmp_path)


def test_the_benchmark_of_analysers_measures_as_the_evaluation_does():
    asked = QuestionSet(
        "uji", ("Apa yang merendam rumah?", "jembatan rusak", "cabai, gol menang"), POOL, ((0,), (2,), (1,))
    )
    figures = evaluate_retrieval([asked], reranker="off", configurations=["bm25"]).figures["uji"]
    shipped = analyser.ndcg(analyser.Bm25(POOL, analyse), asked, analyse_question)
    assert shipped == pytest.approx(figures["bm25"]["nDCG@10"])
    assert 0 < shipped < 1
