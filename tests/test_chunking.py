"""Chunks are whole sentences, cover the article and keep to their size."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.chunking import chunk_article
from index.sentences import sentence_spans
from index.types import Article

SENTENCE = "Warga di tepi sungai menunggu jembatan itu dibuka sejak pagi hari. "  # 67 characters


def article(text: str) -> Article:
    return Article(title="Jembatan", text=text)


def texts(text: str, **options: int) -> list[str]:
    return [text[chunk.start : chunk.end] for chunk in chunk_article(article(text), **options)]


def test_a_short_article_is_one_chunk() -> None:
    assert texts(f"  {SENTENCE * 3}\n") == [(SENTENCE * 3).strip()]


def test_a_little_more_than_the_target_is_not_cut() -> None:
    assert len(texts(SENTENCE * 11)) == 1  # 737 characters


def test_paragraphs_are_kept_together() -> None:
    paragraphs = [(SENTENCE * count).strip() for count in (8, 9, 7)]
    assert texts("\n\n".join(paragraphs)) == paragraphs


def test_short_paragraphs_share_a_chunk() -> None:
    assert [len(found) for found in texts("\n\n".join([SENTENCE.strip()] * 18))] == [610, 610]


def test_a_longer_sentence_is_a_chunk_of_its_own() -> None:
    long = "kata " * 190 + "akhir."
    assert texts(f"Pendek saja.\n\n{long}\n\nPendek lagi.", target=200) == ["Pendek saja.", long, "Pendek lagi."]


def test_a_short_last_paragraph_stays_with_the_one_before() -> None:
    text = f"{SENTENCE * 9}\n\n{SENTENCE * 2}".strip()
    assert texts(text) == [text]


def test_overlap_repeats_the_last_sentence() -> None:
    sentences = [f"Kalimat nomor {number} memuat sedikit keterangan saja." for number in range(12)]
    found = texts(" ".join(sentences), target=150, overlap_sentences=1)
    assert len(found) > 3
    for before, after in pairwise(found):
        assert before.endswith(after.split(". ")[0].rstrip(".") + ".")


def test_positions_and_ids() -> None:
    source = article(SENTENCE * 40)
    chunks = chunk_article(source)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert {chunk.article_id for chunk in chunks} == {source.id}
    assert len({chunk.id for chunk in chunks}) == len(chunks)
    assert chunks == chunk_article(source)


@pytest.mark.parametrize("options", [{"target": 0}, {"overlap_sentences": -1}])
def test_impossible_options_are_refused(options: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=next(iter(options))):
        chunk_article(article("Isi."), **options)


PIECES = st.sampled_from(
    ["Air surut. ", "Warga pulang!", "\n", "\n\n", " ", '"Benar?" tanya dia. ', "kata ", SENTENCE, "x" * 90]
)


@given(
    text=st.lists(PIECES, min_size=1, max_size=60).map("".join).filter(str.strip),
    target=st.integers(1, 400),
    overlap=st.integers(0, 3),
)
def test_chunks_hold_every_sentence_whole(text: str, target: int, overlap: int) -> None:
    spans = sentence_spans(text)
    starts, ends = {start for start, _ in spans}, {end for _, end in spans}
    chunks = chunk_article(article(text), target=target, overlap_sentences=overlap)
    assert [chunk.position for chunk in chunks] == list(range(len(chunks)))
    assert all(chunk.start in starts and chunk.end in ends for chunk in chunks)
    held = [[span for span in spans if chunk.start <= span[0] and span[1] <= chunk.end] for chunk in chunks]
    assert {span for group in held for span in group} == set(spans)
    for chunk, group in zip(chunks, held, strict=True):
        assert len(group) == 1 or chunk.end - chunk.start <= 1.5 * target
    for before, after in pairwise(held):
        assert len(set(before) & set(after)) <= overlap
        assert after[-1] > before[-1]


def test_a_long_article_of_tiny_sentences_takes_linear_time() -> None:
    chunks = chunk_article(article("Ya. " * 50_000))  # quadratic work would not finish
    assert sum(chunk.end - chunk.start for chunk in chunks) > 190_000
