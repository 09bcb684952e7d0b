"""The questions written for training point into the texts they are about."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from training.questions import WrittenQuestion, article_text, read_questions  # noqa: TID251 - its test
from training.reader.data import SETS, read, train_examples, written  # noqa: TID251

DATA = Path(__file__).parents[2] / "shared" / "data"
needs_data = pytest.mark.skipif(not DATA.exists(), reason="needs the training data")


def check(questions: Sequence[WrittenQuestion], texts: Mapping[str, str]) -> None:
    assert questions
    for question in questions:
        text = texts[question.text]
        assert (question.kind == "unanswerable") == (not question.spans)
        for start, end in question.spans:
            assert text[start:end] == text[start:end].strip() != ""
            assert not text[start - 1 : start].isalnum()
            assert not text[end : end + 1].isalnum()


def test_a_part_of_the_news_is_kept_for_validation_whole_articles_at_a_time() -> None:
    questions = list(read_questions())
    held_out = {question.text for question in questions if question.held_out}
    assert 0.05 < sum(question.held_out for question in questions) / len(questions) < 0.15
    assert not held_out & {question.text for question in questions if not question.held_out}


@needs_data
def test_every_answer_is_a_stretch_of_whole_words_of_its_article() -> None:
    with (DATA / "news" / "indosum.jsonl").open(encoding="utf-8") as lines:
        check(list(read_questions()), {row["id"]: article_text(row["paragraphs"]) for row in map(json.loads, lines)})


@needs_data
def test_every_answer_is_a_stretch_of_whole_words_of_its_encyclopedic_passage() -> None:
    texts: dict[str, str] = {}
    for name in ("tydiqa_id", "idk_mrc"):
        for example in read(DATA, name, "train"):
            texts.setdefault(f"{name}/{example.id}", example.context)
    check(list(read_questions("encyclopedia")), texts)
    for asked, example in zip(read_questions("encyclopedia"), written(DATA), strict=True):
        assert (example.context, example.answers) == (texts[asked.text], asked.spans)


@needs_data
def test_nothing_is_learnt_from_a_passage_of_a_valid_split() -> None:
    held_out = {example.context for name in SETS for example in read(DATA, name, "valid")}
    examples = train_examples(DATA)
    assert {"written", "idk_mrc", "facqa"} <= {example.source for example in examples}
    assert not held_out & {example.context for example in examples}
