"""Draft questions: true to their articles, marked as drafts, and never written over what is there."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.evaluating.drafting import draft_questions, write_drafts
from assistant.evaluating.questions import load_questions
from index.errors import TanyaError
from index.questions import Kind, parse_question
from index.reading import read_articles
from index.types import Article

SEEDS = Path(__file__).parents[1] / "seeds"
MARKET = Article(
    title="Pasar",
    text=(
        "Bupati Sinta Larasati membuka pasar ikan. Sinta Larasati meresmikan gedung kedua bersama Wali Kota Bima "
        "Prakoso. Renovasi pasar itu lama. Pedagang menempati 1.250 kios di bangunan lantai dua. "
        "Pemerintah daerah menyiapkan dana Rp4,5 miliar bagi pedagang kecil. Rapat pedagang digelar pada 3 Maret "
        "2026 oleh dinas perdagangan. Sebanyak 40 persen pedagang menjual ikan segar."
    ),
)
HARBOUR = Article(title="Dermaga", text="Galih Rahmadi mengatakan dermaga baru selesai tahun depan. Kapal tiba malam.")


@pytest.fixture(scope="module")
def articles() -> list[Article]:
    return [article for article in read_articles(SEEDS) if isinstance(article, Article)]


def test_each_kind_of_answer_is_asked_for():
    asked = {draft.kind: draft for draft in draft_questions([MARKET], 6) if draft.answerable}
    assert (asked["number"].question, asked["number"].answer) == (
        "Pedagang menempati berapa kios di bangunan lantai dua?",
        "1.250",
    )
    assert asked["money"].question == "Pemerintah daerah menyiapkan dana berapa rupiah bagi pedagang kecil?"
    assert asked["money"].answer == "Rp4,5 miliar"
    assert asked["date"].question.startswith("Kapan Rapat pedagang digelar oleh")
    assert asked["date"].answer == "3 Maret 2026"
    assert asked["percent"].question == "Sebanyak berapa persen pedagang menjual ikan segar?"
    assert asked["person"].question == "Siapa yang meresmikan gedung kedua bersama Wali Kota Bima Prakoso?"
    assert all("lama" not in draft.evidence for draft in asked.values())  # "itu" leans on the sentence before


def test_drafts_of_real_articles_keep_to_them(articles):
    drafts = draft_questions(articles, 60)
    by_id = {article.id: article for article in articles}
    answerable = [draft for draft in drafts if draft.answerable]
    assert len(answerable) >= 30
    for draft in answerable:
        assert draft.evidence in by_id[draft.article].text
        assert all(part in draft.evidence for part in draft.answer.split())
        assert parse_question(draft.question).kind is Kind(draft.kind)
        assert draft.answer not in draft.question
    assert len({draft.kind for draft in answerable}) >= 5
    assert len({draft.question for draft in drafts}) == len(drafts)


def test_one_in_four_asks_of_somebody_else(articles):
    drafts = draft_questions(articles, 60)
    exchanged = [draft for draft in drafts if not draft.answerable]
    assert 5 <= len(exchanged) <= 15
    assert all((draft.answer, draft.evidence) == (None, None) for draft in exchanged)
    assert draft_questions([MARKET], 6) == draft_questions([MARKET], 6)
    assert all(draft.answerable for draft in draft_questions([MARKET], 6))  # nobody else is known
    swapped = [draft for draft in draft_questions([MARKET, HARBOUR], 8) if not draft.answerable]
    assert swapped
    assert all("Galih Rahmadi" in draft.question or "Larasati" in draft.question for draft in swapped)


def test_drafts_are_questions_that_say_what_they_are(tmp_path):
    path = tmp_path / "drafts.jsonl"
    drafts = draft_questions([MARKET], 6)
    write_drafts(drafts, path)
    cases = load_questions(path)
    assert all(case.draft and case.answerable for case in cases)
    assert [case.evidence for case in cases] == [draft.evidence for draft in drafts]
    reviewed = json.loads(path.read_text().splitlines()[0])
    del reviewed["draft"]
    (tmp_path / "reviewed.jsonl").write_text(json.dumps(reviewed))
    assert load_questions(tmp_path / "reviewed.jsonl")[0].draft is False
    with pytest.raises(TanyaError, match="already"):
        write_drafts(drafts, path)
    with pytest.raises(TanyaError, match="cannot be written"):
        write_drafts(drafts, tmp_path / "tidak" / "ada.jsonl")


def test_articles_without_a_fitting_sentence_give_none():
    assert draft_questions([Article(title="Singkat", text="Rapat selesai.")], 5) == []
    assert draft_questions([], 5) == []
