"""Reads the training folder (see training/README.md for its files) into pairs of texts that belong together.

Only ``*.train`` files, the written questions, the news articles and the lexicon are read, and no article with a
held-out question. A passage of a ``*.train`` file may stand in a ``*.valid`` file too (194 of FacQA's 273 do): then the
embedding has read it, with other questions.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from assistant.translation import searchable
from index.sentences import sentence_spans
from training.questions import article_text, encyclopedic_texts, read_questions

QA_FILES = ("tydiqa_id", "idk_mrc", "facqa", "squad_id_mt", "squad_id_tar")
SEARCHES = frozenset((*QA_FILES, "news question", "written", "headline", "summary"))
"""Kinds of pairs whose query is what a reader may type, so that passages which only look right are worth knowing."""

_WINDOW = 6  # sentences of an article that make a passage
_PARALLEL_REPEATS = 4  # the only English there is
_TITLED = 0.5  # share of the passages of news behind their title, as the index has them all
_SLANG_SHARE = 0.1
_SHORT = 20  # characters: shorter sentences say too little to be found by


@dataclass(frozen=True, slots=True)
class Pair:
    """``query`` should find the passage of these sentences. Pairs of one ``group`` are never each other's negatives."""

    kind: str
    query: str
    passage: tuple[str, ...]
    group: str


@cache
def read_jsonl(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def qa_rows(data: Path, split: str = "train") -> Iterator[tuple[str, dict[str, Any]]]:
    """(file name, row) of every question of a split."""
    for name in QA_FILES:
        path = data / "qa" / f"{name}.{split}.jsonl"
        if path.exists():
            for row in read_jsonl(path):
                yield name, row


def news_articles(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """(headline, summary, paragraphs) of every news article."""
    for row in read_jsonl(data / "news" / "indosum.jsonl"):
        yield _headline(row["url"]), row["summary"], row["paragraphs"]


def _headline(url: str) -> str:
    """The words of an address; the set has no headlines."""
    slug = url.rstrip("/").rsplit("/", 1)[-1].removesuffix(".html").removesuffix(".htm")
    return " ".join(word for word in re.split(r"[-_]", slug) if word and not re.fullmatch(r"[a-z]*\d{4,}[a-z]*", word))


def learnt_news(data: Path) -> Iterator[tuple[str, str, list[str]]]:
    """``news_articles`` without those that held-out questions ask about."""
    held_out = {question.text for question in read_questions() if question.held_out}
    rows = read_jsonl(data / "news" / "indosum.jsonl")
    return (found for row, found in zip(rows, news_articles(data), strict=True) if row["id"] not in held_out)


@cache
def sentences(text: str) -> tuple[str, ...]:
    return tuple(text[start:end] for start, end in sentence_spans(text))


def passages(data: Path) -> Iterator[tuple[tuple[str, ...], str]]:
    """(sentences, group) of every training passage: contexts of questions, and windows of the news."""
    for context in dict.fromkeys(row["context"] for _, row in qa_rows(data)):
        yield sentences(context), context
    for headline, _, paragraphs in learnt_news(data):
        body = _body(paragraphs)
        for start in range(0, len(body), _WINDOW):
            yield (headline, *body[start : start + _WINDOW]), paragraphs[0]


def _body(paragraphs: list[str]) -> tuple[str, ...]:
    return tuple(sentence for paragraph in paragraphs for sentence in sentences(paragraph))


def corpus(data: Path) -> Iterator[str]:
    """Every text that the tokenizer's pieces are counted on, each once."""
    seen: set[str] = set()
    for _, row in qa_rows(data):
        for text in (row["context"], row["question"]):
            if text not in seen:
                seen.add(text)
                yield text
    for headline, summary, paragraphs in learnt_news(data):
        yield "\n".join((headline, summary, *paragraphs))
    for row in read_jsonl(data / "nli" / "indonli.train.jsonl"):
        yield row["hypothesis"]
    for row in read_jsonl(data / "parallel" / "id_en.train.jsonl"):
        yield row["id"]
        yield row["en"]


def pairs(data: Path, rng: random.Random) -> list[Pair]:
    """All training pairs, in a fixed order for a given state of ``rng``."""
    return [
        *_question_pairs(data, rng),
        *_news_question_pairs(data, rng),
        *_written_pairs(data),
        *_passage_pairs(data, rng),
        *_news_pairs(data, rng),
        *_sentence_pairs(data),
    ]


def _question_pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
    """Questions and the passage that answers them; translated SQuAD's unanswerable ones are about it all the same."""
    slang = _slang(data)
    seen: set[tuple[str, str]] = set()
    for name, row in qa_rows(data):
        key = (row["question"], row["context"])
        if key in seen or (name == "idk_mrc" and not row["answers"]):
            continue
        seen.add(key)
        passage = sentences(row["context"])
        yield Pair(name, row["question"], passage, row["context"])
        if rng.random() < _SLANG_SHARE:
            yield Pair("slang", _colloquial(row["question"], slang, rng), passage, row["context"])


def _news_question_pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A question, as asked and as the assistant searches for it, and sentences with an answer, behind the title."""
    articles = {row["id"]: row for row in read_jsonl(data / "news" / "indosum.jsonl")}
    for question in read_questions():
        if question.held_out or not question.spans:
            continue
        row = articles[question.text]
        text = article_text(row["paragraphs"])
        spans = sentence_spans(text)
        for words in (question.question, searchable(question.question)):
            answer, _ = rng.choice(question.spans)
            place = max(number for number, (start, _) in enumerate(spans) if start <= answer)
            first = max(0, place - rng.randrange(_WINDOW))
            window = tuple(text[start:end] for start, end in spans[first : first + _WINDOW])
            yield Pair("news question", words, (_headline(row["url"]), *window), row["paragraphs"][0])


def _written_pairs(data: Path) -> Iterator[Pair]:
    """Questions about encyclopedic contexts, as asked and as the assistant searches for them."""
    contexts = encyclopedic_texts(data)
    for question in read_questions("encyclopedia"):
        if question.spans:
            context = contexts[question.text]
            for words in dict.fromkeys((question.question, searchable(question.question))):
                yield Pair("written", words, sentences(context), context)


def _passage_pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
    """A sentence, whole or cropped, and the rest of its passage."""
    for context in dict.fromkeys(row["context"] for _, row in qa_rows(data)):
        yield from _sentence_and_rest("passage", sentences(context), context, rng)


def _news_pairs(data: Path, rng: random.Random) -> Iterator[Pair]:
    for headline, summary, paragraphs in learnt_news(data):
        group = paragraphs[0]
        body = _body(paragraphs)
        yield Pair("headline", headline, body[:_WINDOW], group)
        yield Pair("headline", headline, sentences(summary), group)
        for sentence in sentences(summary):
            rest = tuple(other for other in body if other != sentence)
            start = rng.randrange(max(1, len(rest) - _WINDOW + 2))
            title = (headline,) if rng.random() < _TITLED else ()
            yield Pair("summary", sentence, (*title, *rest[start : start + _WINDOW]), group)
        for start in range(0, len(body), _WINDOW):
            yield from _sentence_and_rest("news", body[start : start + _WINDOW], group, rng, most=2)


def _sentence_and_rest(kind: str, parts: list[str], group: str, rng: random.Random, most: int = 3) -> Iterator[Pair]:
    long_enough = [number for number, part in enumerate(parts) if len(part) >= _SHORT]
    if len(parts) < 2:
        return
    for number in rng.sample(long_enough, min(most, len(long_enough))):
        rest = parts[:number] + parts[number + 1 :]
        yield Pair(kind, _cropped(parts[number], rng), rest, group)


def _cropped(sentence: str, rng: random.Random) -> str:
    """Half of the time the sentence, else 4 to 12 of its words in a row: about the length of a question."""
    words = sentence.split()
    length = rng.randint(4, 12)
    if len(words) <= length or rng.random() < 0.5:
        return sentence
    start = rng.randrange(len(words) - length + 1)
    return " ".join(words[start : start + length])


def _sentence_pairs(data: Path) -> Iterator[Pair]:
    for row in read_jsonl(data / "nli" / "indonli.train.jsonl"):
        if row["label"] == "e":
            yield Pair("entailment", row["hypothesis"], (row["premise"],), row["premise"])
    for row in read_jsonl(data / "paraphrase" / "paws_id_mt.jsonl"):
        if row["paraphrase"]:
            yield Pair("paraphrase", row["a"], (row["b"],), row["a"])
    for row in read_jsonl(data / "parallel" / "id_en.train.jsonl"):
        for _ in range(_PARALLEL_REPEATS):
            yield Pair("parallel", row["en"], (row["id"],), row["id"])


def _slang(data: Path) -> dict[str, list[str]]:
    """word -> how it is written informally."""
    spellings: dict[str, list[str]] = {}
    for informal, formal in json.loads((data / "lexicon" / "slang_id.json").read_text("utf-8")).items():
        spellings.setdefault(formal, []).append(informal)
    return spellings


def _colloquial(question: str, slang: dict[str, list[str]], rng: random.Random) -> str:
    words = question.lower().split()
    return " ".join(rng.choice(slang[word]) if word in slang and rng.random() < 0.7 else word for word in words)
