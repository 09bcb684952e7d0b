"""The questions written for training point into the articles they are about."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.questions import article_text, read_questions  # noqa: TID251 - its test

NEWS = Path(__file__).parents[2] / "shared" / "data" / "news" / "indosum.jsonl"


def test_a_quarter_is_kept_for_validation_whole_articles_at_a_time() -> None:
    questions = list(read_questions())
    held_out = {question.article for question in questions if question.held_out}
    assert 0.2 < sum(question.held_out for question in questions) / len(questions) < 0.3
    assert not held_out & {question.article for question in questions if not question.held_out}


@pytest.mark.skipif(not NEWS.exists(), reason="needs the training data")
def test_every_answer_is_a_stretch_of_whole_words_of_its_article() -> None:
    with NEWS.open(encoding="utf-8") as lines:
        texts = {row["id"]: article_text(row["paragraphs"]) for row in map(json.loads, lines)}
    for question in read_questions():
        text = texts[question.article]
        assert (question.kind == "unanswerable") == (not question.spans)
        for start, end in question.spans:
            assert text[start:end] == text[start:end].strip() != ""
            assert not text[start - 1 : start].isalnum()
            assert not text[end : end + 1].isalnum()
