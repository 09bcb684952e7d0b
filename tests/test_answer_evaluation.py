from __future__ import annotations

import json
from dataclasses import replace

import pytest

from assistant.answer_evaluation import QuestionCase, evaluate_answers, holds_answer, load_questions
from assistant.types import Answer, Citation, Turn
from index.errors import ReadError
from index.types import Article

ARTICLE = Article(
    title="Pasar ikan",
    text="Pasar dibangun 1.250 meter persegi. Kadis Budi Hartono membukanya Senin. Ada ikan gabus, nila, dan patin.",
    source="/berita/pasar-ikan.md",
)
OTHER = replace(ARTICLE, title="Salinan", source="/berita/salinan.md")
EVIDENCE = "Kadis Budi Hartono membukanya Senin."


def answer(*quotes: str, article: Article = ARTICLE) -> Answer:
    starts = [article.text.index(quote) for quote in quotes]
    citations = tuple(
        Citation(number=number, article=article, start=start, end=start + len(quote))
        for number, (start, quote) in enumerate(zip(starts, quotes, strict=True), start=1)
    )
    return Answer(question="?", query="?", found=bool(quotes), citations=citations)


def case(gold: str | None, **fields) -> QuestionCase:
    return QuestionCase(question="?", answer=gold, answerable=gold is not None, **fields)


@pytest.mark.parametrize(
    ("gold", "quotes", "holds"),
    [
        ("Budi Hartono", [EVIDENCE], True),
        ("BUDI  hartono.", [EVIDENCE], True),
        ("Budi Har", [EVIDENCE], False),  # whole words only
        ("1.250", ["Pasar dibangun 1.250 meter persegi."], True),
        ("250", ["Pasar dibangun 1.250 meter persegi."], False),  # whole figures only
        ("gabus; nila; patin", ["Ada ikan gabus, nila, dan patin."], True),
        ("gabus; lele", ["Ada ikan gabus, nila, dan patin."], False),
        ("Budi Hartono; patin", [EVIDENCE, "Ada ikan gabus, nila, dan patin."], True),
        ("Ya", [EVIDENCE], False),
        (".", [EVIDENCE], False),
        ("Budi Hartono", [], False),
    ],
)
def test_gold_answer_in_the_quotations(gold, quotes, holds):
    assert holds_answer(case(gold), answer(*quotes)) is holds


def test_gold_evidence_counts_in_its_own_article_only():
    paraphrase = case("Ya, oleh kepala dinas", article="pasar-ikan.md", evidence=EVIDENCE)
    assert holds_answer(paraphrase, answer(EVIDENCE))
    assert holds_answer(paraphrase, answer("Budi Hartono membukanya"))
    assert holds_answer(paraphrase, answer(ARTICLE.text))
    assert not holds_answer(paraphrase, answer("Ada ikan gabus, nila, dan patin."))
    assert not holds_answer(paraphrase, answer(EVIDENCE, article=OTHER))


class Scripted:
    """An assistant that gives the answers it was given, and remembers the histories it was given."""

    def __init__(self, *answers: Answer) -> None:
        self.answers = list(answers)
        self.histories: list[tuple[Turn, ...]] = []

    def ask(self, question, history=()):
        self.histories.append(tuple(history))
        return self.answers.pop(0)


def test_report_counts_verdicts_and_net_score():
    history = (Turn("Siapa?", "Budi."),)
    cases = [
        case("Budi Hartono", kind="who", history=history),
        case("Budi Hartono", kind="who"),
        case("Budi Hartono", kind="who"),
        case("gabus", kind="what"),
        case(None, kind="none"),
        case(None, kind="none"),
    ]
    patin = answer("Ada ikan gabus, nila, dan patin.")
    assistant = Scripted(answer(EVIDENCE), patin, answer(), patin, answer(), patin)
    report = evaluate_answers(assistant, cases)
    assert [o.verdict for o in report.outcomes] == ["held", "wrong", "missed", "held", "refused", "invented"]
    assert report.to_dict() == {
        "answerable": 4,
        "held": 2,
        "wrong": 1,
        "missed": 1,
        "unanswerable": 2,
        "refused": 1,
        "net_score": 0.0,  # (2 held - 1 wrong - 1 invented) / 4
    }
    assert assistant.histories[0] == history
    assert list(report.by_kind()) == ["none", "what", "who"]
    assert report.by_kind()["none"].net_score is None
    lines = str(report).splitlines()
    assert [line.split()[0] for line in lines] == ["kind", "none", "what", "who", "total"]
    assert "2/4 (50%)" in lines[-1]
    assert "1/2 (50%)" in lines[-1]
    assert lines[-1].endswith("+0.00")


def test_questions_are_read_from_jsonl(tmp_path):
    path = tmp_path / "questions.jsonl"
    row = {"question": "Kapan?", "answer": None, "kind": "x", "history": [{"question": "Siapa?", "answer": "Budi"}]}
    path.write_text(json.dumps(row) + "\n\n" + json.dumps({"question": "Apa?", "answer": "gabus"}) + "\n")
    first, second = load_questions(path)
    assert first == QuestionCase(question="Kapan?", answerable=False, kind="x", history=(Turn("Siapa?", "Budi"),))
    assert second == QuestionCase(question="Apa?", answer="gabus")


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        '"text"',
        '{"answer": "nila"}',
        '{"question": ""}',
        '{"question": "Apa?", "answerable": "mungkin"}',
        '{"question": "a", "answer": "b", "history": [1]}',
    ],
)
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "Apa?", "answer": "gabus"}\n' + line + "\n")
    with pytest.raises(ReadError, match=r"questions\.jsonl, line 2"):
        load_questions(path)


def test_missing_or_empty_file_is_an_error(tmp_path):
    with pytest.raises(ReadError, match=r"none\.jsonl"):
        load_questions(tmp_path / "none.jsonl")
    (tmp_path / "empty.jsonl").touch()
    with pytest.raises(ReadError, match="no questions"):
        load_questions(tmp_path / "empty.jsonl")
