from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.cross_encoder import CrossEncoder
from index.lexicon import Lexicon, words
from index.matching import (
    MAX_PASSAGE,
    PASSAGE_FEATURES,
    QUESTION_FEATURES,
    Vocabulary,
    encode_passage,
    encode_question,
    match,
)

FLOOD = "Banjir merendam 340 rumah di Desa Sumber Rejeki sejak Selasa pagi. Warga mengungsi ke balai desa."
CONCERT = "Konser musik bambu di Taman Merbabu dihadiri dua ribu penonton. Tiketnya Rp50.000."


@given(st.text(max_size=300), st.integers(0, 50))
def test_words_lie_where_they_say(text: str, offset: int) -> None:
    previous = offset
    for word in words(text, offset):
        assert text[word.start - offset : word.end - offset] == word.text
        assert previous <= word.start < word.end
        previous = word.end


def test_rare_terms_weigh_more() -> None:
    lexicon = Lexicon(10, {"yang": 9, "bendung": 2})
    assert lexicon.idf("yang") < lexicon.idf("bendung") < lexicon.idf("tak dikenal") == lexicon.maximum


def test_a_question_and_a_passage_know_what_they_share() -> None:
    vocabulary, lexicon = Vocabulary.shipped(), Lexicon.shipped()
    question = encode_question("Berapa rumah kena banjir?", vocabulary, lexicon)
    pair = match(question, encode_passage(FLOOD, vocabulary, lexicon))
    assert pair.passage_features.shape == (len(words(FLOOD)), PASSAGE_FEATURES)
    assert pair.question_features.shape == (5, QUESTION_FEATURES)
    shared = {word.text for word, row in zip(words(FLOOD), pair.passage_features, strict=True) if row[9]}
    assert shared == {"Banjir", "rumah"}


def test_a_long_passage_is_cut_and_an_empty_one_is_read() -> None:
    long, empty = CrossEncoder.shipped().read("Apa itu?", ["kata " * (MAX_PASSAGE + 50), ""])
    assert len(long.start) == MAX_PASSAGE
    assert len(empty.start) == 1


def test_reading_together_or_alone_gives_the_same() -> None:
    encoder = CrossEncoder.shipped()
    together = encoder.read("Berapa rumah terendam banjir?", [CONCERT, FLOOD, FLOOD + " " + CONCERT])
    for text, reading in zip([CONCERT, FLOOD], together[:2], strict=True):
        alone = encoder.read("Berapa rumah terendam banjir?", [text])[0]
        np.testing.assert_allclose(alone.start, reading.start, atol=1e-3)
        assert alone.answered == pytest.approx(reading.answered, abs=1e-3)


def test_the_passage_that_answers_is_more_relevant_and_holds_the_answer() -> None:
    concert, flood = CrossEncoder.shipped().read("Berapa rumah yang terendam banjir?", [CONCERT, FLOOD])
    assert flood.relevant > concert.relevant
    assert FLOOD[slice(*flood.passage.spans[flood.start.argmax()])] == "340"
