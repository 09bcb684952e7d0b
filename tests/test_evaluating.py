"""Questions from files, rows, and the figures that are made of them."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant.answer_evaluation import QuestionCase, evaluate_answers, load_questions
from assistant.evaluating.figures import FIGURES, baselines, figures_of, format_figures
from assistant.evaluating.rows import Row, make_rows, read_rows, write_rows
from assistant.types import Answer, Citation, Claim, Turn
from index.errors import ReadError
from index.types import Article, Chunk, Passage

ARTICLE = Article(
    title="Pasar ikan", text="Pasar dibuka Budi Hartono. Ada gabus, nila, dan patin.", source="/berita/pasar-ikan.md"
)
OPENING, FISH = "Pasar dibuka Budi Hartono.", "Ada gabus, nila, dan patin."


def answer(*quotes: str, span: str = "", confidence: float = 0.5) -> Answer:
    places = [(ARTICLE.text.index(quote), quote) for quote in quotes]
    marked = (ARTICLE.text.index(span), ARTICLE.text.index(span) + len(span)) if span else None
    citations = tuple(
        Citation(number=n, article=ARTICLE, start=at, end=at + len(quote), span=marked if n == 1 else None)
        for n, (at, quote) in enumerate(places, start=1)
    )
    claims = tuple(Claim(quote, (n,), quoted=True) for n, quote in enumerate(quotes, start=1))
    return Answer(
        question="?", query="?", found=bool(quotes), claims=claims, citations=citations, confidence=confidence
    )


class Scripted:
    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)

    def ask(self, question, history=()):
        return self.answers.pop(0)


def rows_of(*asked: tuple[QuestionCase, Answer]) -> list[Row]:
    report = evaluate_answers(Scripted(*(given for _, given in asked)), [case for case, _ in asked])
    return make_rows(report.outcomes)


def row(verdict: str, confidence: float = 0.5, **fields) -> Row:
    answerable = {"refused": False, "invented": False, "unjudged": None}.get(verdict, True)
    given = {"unrestrained": None, "seconds": 1.0, "exact": None, "f1": None, "precision": None, "recall": None}
    known = {"question": "?", "kind": "all", "gold": None, "gold_article": None, "answer": "", "short": ""}
    given |= {"answerable": answerable, "confidence": confidence, "citations": ()}
    return Row(verdict=verdict, **{**known, **given, **fields})


def test_csv_and_jsonl_give_the_same_questions(tmp_path):
    history = [{"question": "Siapa?", "answer": "Budi, kadis"}]
    table, lines = tmp_path / "q.CSV", tmp_path / "q.jsonl"
    quoted = json.dumps(history).replace('"', '""')
    table.write_text(
        "\ufeffquestion,answer,article,evidence,answerable,history\n"
        f'"Ikan apa, di mana?",gabus; nila,pasar-ikan.md,"{FISH}",,"{quoted}"\n'
        "Berapa?,,,,,\n"
        "Benarkah?,,,,ya,\n",
        encoding="utf-8",
    )
    rows = [
        {
            "question": "Ikan apa, di mana?",
            "answer": "gabus; nila",
            "article": "pasar-ikan.md",
            "evidence": FISH,
            "history": history,
        },
        {"question": "Berapa?", "answer": None},
        {"question": "Benarkah?", "answer": None, "answerable": True},
    ]
    lines.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    read = load_questions(table)
    assert read == load_questions(lines)
    assert [case.answerable for case in read] == [True, False, True]
    assert read[0].history == (Turn("Siapa?", "Budi, kadis"),)


@pytest.mark.parametrize(
    ("fields", "answerable"),
    [
        ({}, None),
        ({"answer": None}, False),
        ({"answer": ""}, False),
        ({"answer": "gabus"}, True),
        ({"answer": None, "article": "a.md"}, False),  # an article that looks as if it answered
        ({"article": "a.md"}, True),
        ({"answer": None, "evidence": FISH}, True),
        ({"answer": "gabus", "answerable": False}, False),
    ],
)
def test_what_is_left_out_says_whether_there_is_an_answer(tmp_path, fields, answerable):
    path = tmp_path / "q.jsonl"
    path.write_text(json.dumps({"question": "Apa?"} | fields), encoding="utf-8")
    (case,) = load_questions(path)
    assert case.answerable is answerable


@pytest.mark.parametrize("cell", ["{", "[1]", '"teks"'])
def test_a_bad_history_in_csv_is_named_by_its_line(tmp_path, cell):
    path = tmp_path / "q.csv"
    quoted = cell.replace('"', '""')
    path.write_text(f'question,history\nApa?,\nSiapa?,"{quoted}"\n', encoding="utf-8")
    with pytest.raises(ReadError, match=r"q\.csv, line 3"):
        load_questions(path)


def test_short_answers_and_citations_are_scored():
    person = QuestionCase(question="Siapa?", answer="Budi Hartono")
    fish = QuestionCase(question="Apa?", answer="gabus; lele")
    none = QuestionCase(question="Kapan?", answerable=False, article="pasar-ikan.md")
    marked, whole, half, missed, invented = rows_of(
        (person, answer(OPENING, FISH, span="Budi Hartono")),
        (person, answer(OPENING)),
        (fish, answer(FISH)),
        (person, answer()),
        (none, answer(FISH)),
    )
    assert (marked.short, marked.exact, marked.f1) == ("Budi Hartono", 1.0, 1.0)
    assert (marked.precision, marked.recall) == (0.5, 1.0)
    assert [cited.shows for cited in marked.citations] == [True, False]
    assert (whole.short, whole.exact) == (OPENING, 0.0)
    assert whole.f1 == pytest.approx(2 * 2 / (4 + 2))  # two words of four, and of two
    assert (half.verdict, half.precision, half.recall) == ("wrong", 1.0, 0.5)
    assert (missed.exact, missed.f1, missed.precision, missed.recall) == (0.0, 0.0, None, 0.0)
    assert (invented.exact, invented.precision, invented.recall) == (None, 0.0, None)


def test_evidence_or_the_article_alone_can_show_an_answer():
    by_evidence, by_article, elsewhere, unknown = rows_of(
        (QuestionCase(question="?", evidence=OPENING), answer(OPENING)),
        (QuestionCase(question="?", article="pasar-ikan.md", answerable=True), answer(FISH)),
        (QuestionCase(question="?", article="lain.md", answerable=True), answer(FISH)),
        (QuestionCase(question="?"), answer(FISH)),
    )
    assert [r.verdict for r in (by_evidence, by_article, elsewhere, unknown)] == ["held", "held", "wrong", "unjudged"]
    assert (by_evidence.recall, elsewhere.recall) == (1.0, 0.0)
    assert (unknown.precision, unknown.recall) == (None, None)


def passages(*places: tuple[Article, str]) -> tuple[Passage, ...]:
    found = []
    for article, text in places:
        start = article.text.index(text)
        found.append(Passage(article=article, chunk=Chunk(article.id, 0, start, start + len(text)), score=1.0))
    return tuple(found)


def test_what_was_retrieved_is_measured_where_it_is_known_where_the_answer_stands():
    other = replace(ARTICLE, source="/berita/salinan.md", title="Salinan")
    found = passages((other, FISH), (ARTICLE, OPENING), (ARTICLE, FISH), (ARTICLE, ARTICLE.text))
    given = replace(answer(FISH), passages=found)
    evidence, article, words, nowhere, none = rows_of(
        (QuestionCase(question="?", article="pasar-ikan.md", evidence=FISH), given),
        (QuestionCase(question="?", article="pasar-ikan.md", answer="patin"), given),
        (QuestionCase(question="?", answer="patin"), given),
        (QuestionCase(question="?", article="lain.md", answer="patin"), given),
        (QuestionCase(question="?", article="pasar-ikan.md", evidence=FISH), answer()),
    )
    assert [one.relevant for one in evidence.passages] == [False, False, True, True]
    assert (evidence.retrieval["RR@10"], evidence.retrieval["nDCG@10"]) == pytest.approx((1 / 3, 0.5))
    assert [one.relevant for one in article.passages] == [False, True, True, True]
    assert (article.retrieval["RR@10"], article.retrieval["R@5"]) == (0.5, 1.0)
    assert ({one.relevant for one in words.passages}, words.retrieval) == ({None}, {})
    assert set(nowhere.retrieval.values()) == set(none.retrieval.values()) == {0.0}
    assert evidence.passages[0].article.startswith("Salinan")
    figures = figures_of([evidence, article, words, nowhere, none], resamples=20)
    assert figures["R@5"].value == 0.5  # of the four that say where the answer stands


def test_follow_ups_have_a_figure_of_their_own():
    rows = [row("held", history=("Siapa?",)), row("wrong", history=("Siapa?",)), row("held")]
    assert figures_of(rows, resamples=20)["held, follow-ups"].value == 0.5
    (asked,) = rows_of((QuestionCase(question="Kapan?", answer="x", history=(Turn("Siapa?", "Budi"),)), answer()))
    assert asked.history == ("Siapa?",)


def test_rows_of_the_first_version_are_still_read(tmp_path):
    write_rows([row("held")], tmp_path / "rows.jsonl")
    text = json.loads((tmp_path / "rows.jsonl").read_text())
    for name in ("gold_evidence", "history", "passages", "retrieval"):
        del text[name]
    (tmp_path / "rows.jsonl").write_text(json.dumps(text))
    assert read_rows(tmp_path / "rows.jsonl") == [row("held")]


def test_rows_come_back_as_they_were_written(tmp_path):
    known = QuestionCase(question="Siapa?\u2028", answer="Budi", article="pasar-ikan.md", history=(Turn("Apa?"),))
    rows = rows_of((known, replace(answer(OPENING), passages=passages((ARTICLE, FISH)))))
    write_rows(rows, tmp_path / "rows.jsonl")
    assert read_rows(tmp_path / "rows.jsonl") == rows


@pytest.mark.parametrize("text", ["", "{", "[]", '{"question": "Apa?"}'])
def test_what_are_no_rows_is_an_error(tmp_path, text):
    (tmp_path / "rows.jsonl").write_text(text)
    with pytest.raises(ReadError, match=r"rows\.jsonl"):
        read_rows(tmp_path / "rows.jsonl")


def test_figures_follow_their_definitions():
    rows = [row("held", 0.9), row("held", 0.8), row("wrong", 0.4), row("missed", 0.1)]
    rows += [row("refused", 0.2), row("invented", 0.5, seconds=9.0), row("unjudged", 0.99)]
    figures = figures_of(rows, resamples=200)
    values = {name: figure.value for name, figure in figures.items()}
    assert list(values) == list(FIGURES)
    assert values["held"] == 0.5
    assert values["net score"] == 0.0  # (2 - 1 - 1) / 4
    assert (values["false refusals"], values["false answers"]) == (0.25, 0.5)
    answered = [1, 1, 1, 0, 0, 1]
    assert values["balanced accuracy"] == pytest.approx(balanced_accuracy_score([1, 1, 1, 1, 0, 0], answered))
    assert values["AUROC"] == 5 / 8  # of the eight pairs, (.9, .8) before both, .4 before .2
    assert (values["seconds, median"], values["F1"]) == (1.0, None)


def test_auroc_is_scikit_learns_also_with_ties_and_questions_that_are_not_judged():
    chance = np.random.default_rng(0)
    rows = [
        row(v, float(chance.integers(10)) / 10) for v in chance.choice(["held", "wrong", "refused", "unjudged"], 80)
    ]
    judged = [one for one in rows if one.verdict != "unjudged"]
    expected = roc_auc_score([one.answerable for one in judged], [one.confidence for one in judged])
    assert figures_of(rows, resamples=20)["AUROC"].value == pytest.approx(expected)


def test_the_interval_holds_the_figure_and_narrows_with_more_questions():
    few = [row("held"), row("wrong"), row("held"), row("missed")] * 3
    small, large = figures_of(few)["held"], figures_of(few * 25)["held"]
    assert small.low <= small.value == large.value <= large.high
    assert large.high - large.low < (small.high - small.low) / 3  # by the root of 25, about
    assert figures_of(few) == figures_of(few)
    # The normal approximation of a share's interval: 1.96 * sqrt(p (1 - p) / n).
    assert (large.high - large.low) / 2 == pytest.approx(1.96 * (0.25 / 300) ** 0.5, rel=0.15)


def test_baselines_stand_beside_what_was_measured():
    rows = [row("held", unrestrained="held"), row("missed", unrestrained="held")]
    rows += [row("refused", unrestrained="invented"), row("refused", unrestrained="refused")]
    against = baselines(rows)
    assert [part["net score"] for part in against.values()] == [0.5, 0.0, 0.5]
    assert [part["balanced accuracy"] for part in against.values()] == [0.75, 0.5, 0.75]
    assert "never refuse" not in baselines([replace(rows[0], unrestrained=None)])
    assert "always refuse" in format_figures(figures_of(rows), against)


def test_questions_of_one_kind_give_the_figures_they_can():
    figures = figures_of([row("refused"), row("invented")])
    assert figures["net score"].value is None
    assert figures["AUROC"].value is None
    assert figures["false answers"].value == 0.5


def test_only_refused_questions_are_asked_again_without_a_threshold():
    cases = [QuestionCase(question="Siapa?", answer="Budi Hartono"), QuestionCase(question="Apa?", answer="nila")]
    again = Scripted(answer(FISH))
    report = evaluate_answers(Scripted(answer(OPENING), answer()), cases, unrestrained=again)
    assert [(o.verdict, o.unrestrained) for o in report.outcomes] == [("held", "held"), ("missed", "held")]
    assert again.answers == []
