from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reader import Reader, Reading
from assistant.reading.features import FEATURES, candidates, features
from assistant.reading.scorer import SHIPPED
from assistant.reading.spans import SPAN_FEATURES, spans
from index.cross_encoder import CrossEncoder
from index.lexicon import Lexicon
from index.questions import parse_question
from index.types import Article, Chunk, Passage

SEEDS = Path(__file__).parents[1] / "seeds"


def passages(*texts: str, title: str = "Berita") -> list[Passage]:
    found = []
    for rank, text in enumerate(texts):
        article = Article(title=title, text=text)
        found.append(Passage(article=article, chunk=Chunk(article.id, 0, 0, len(text)), score=1 / (1 + rank)))
    return found


BRIDGE = (
    "Jembatan Sungai Lestari dibuka untuk umum pada 3 Maret 2021. Jembatan sepanjang 512 meter itu dibangun dengan "
    "biaya Rp75 miliar. Wali Kota Banyu Asri, Ratna Wibisana, meresmikannya di hadapan warga."
)
MARKET = "Pasar Lembayung di Kota Seruni terbakar pada Jumat malam. Tidak ada korban jiwa. Api padam pukul 23.00 WIB."


def best(reading: Reading) -> str:
    return reading.evidence[0].text


@pytest.mark.parametrize(
    ("question", "holds"),
    [
        ("Kapan Jembatan Sungai Lestari dibuka untuk umum?", "3 Maret 2021"),
        ("Berapa biaya pembangunan Jembatan Sungai Lestari?", "Rp75 miliar"),
        ("berapa panjang jembatan sungai lestari", "512 meter"),
        ("Siapa yang meresmikan Jembatan Sungai Lestari?", "Ratna Wibisana"),
        ("Kapan Pasar Lembayung terbakar?", "Jumat malam"),
    ],
)
def test_the_best_sentence_holds_the_answer(question: str, holds: str) -> None:
    assert holds in best(Reader().read(question, passages(MARKET, BRIDGE)))


@pytest.mark.parametrize(
    ("question", "span"),
    [
        ("Kapan Jembatan Sungai Lestari dibuka untuk umum?", "3 Maret 2021"),
        ("Berapa biaya pembangunan Jembatan Sungai Lestari?", "Rp75 miliar"),
    ],
)
def test_the_span_is_the_answer_itself(question: str, span: str) -> None:
    evidence = Reader().read(question, passages(BRIDGE)).evidence[0]
    assert evidence.span is not None
    assert evidence.passage.article.text[slice(*evidence.span)] == span


def test_evidence_is_absolute_in_an_article_whose_passage_starts_late() -> None:
    text = MARKET + "\n\n" + BRIDGE
    article = Article(title="Dua berita", text=text)
    passage = Passage(article=article, chunk=Chunk(article.id, 1, len(MARKET) + 2, len(text)), score=1.0)
    evidence = Reader().read("Berapa biaya pembangunan Jembatan Sungai Lestari?", [passage]).evidence[0]
    assert article.text[evidence.start : evidence.end].startswith("Jembatan sepanjang")
    assert evidence.span is not None
    assert article.text[slice(*evidence.span)] == "Rp75 miliar"


def test_a_name_is_marked_without_what_follows_its_comma() -> None:
    text = "Made Sutrisna, penyuluh pertanian di Desa Tirta, memimpin panen raya itu. Panen berlangsung dua hari."
    evidence = Reader().read("Siapa yang memimpin panen raya itu?", passages(text)).evidence[0]
    assert evidence.span is not None
    assert text[slice(*evidence.span)] == "Made Sutrisna"


def seen(question: str, text: str) -> dict[str, dict[str, float]]:
    """What is seen of each place for a short answer in the first sentence of a text."""
    sentence, reading = candidates(passages(text))[0], CrossEncoder.shipped().read(question, [text])[0]
    found = spans(parse_question(question), sentence, reading)
    return {text[slice(*span.place)]: dict(zip(SPAN_FEATURES, span.row, strict=True)) for span in found}


def test_a_date_is_given_without_what_stands_before_it() -> None:
    places = seen("Kapan jalan itu bisa dilalui?", "Jalan itu dapat dilalui secara fungsional pada Mei 2025.")
    assert "Mei 2025" in places
    assert not any("pada" in place for place in places)


def test_an_office_is_its_holders_also_behind_the_name() -> None:
    text = "Menteri melantik Rina Lestari sebagai bupati dan Bayu Segara sebagai wakil bupati di Seruni."
    places = seen("Siapa bupati Seruni?", text)
    assert places["Rina Lestari"]["role_said"] == 1
    assert places["Bayu Segara"]["role_said"] == 0
    places = seen("Siapa wakil bupati Seruni?", text)
    assert places["Rina Lestari"]["role_said"] == 0
    assert places["Bayu Segara"]["role_said"] == 1


def test_an_office_alone_is_no_answer_where_its_holder_is_named() -> None:
    places = seen("Siapa yang meresmikan pasar?", "Wali Kota Seruni, Rina Lestari, meresmikan pasar itu.")
    assert "Rina Lestari" in places
    assert "Wali Kota Seruni" not in places


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        ("Kapal itu singgah di Seruni, Tirta, Lestari, dan kota lainnya.", "Seruni, Tirta, Lestari"),
        (
            "Yang hadir Rina Lestari (40), Bayu Segara (8), dan Ardi (9).",
            "Rina Lestari (40), Bayu Segara (8), dan Ardi (9)",
        ),
        (
            "Di sana hadir Rina Lestari dan Bayu Segara, serta adik Bayu, Ardi.",
            "Rina Lestari dan Bayu Segara, serta adik Bayu, Ardi",
        ),
    ],
)
def test_a_list_is_taken_whole_however_it_ends(text: str, listed: str) -> None:
    assert listed in seen("Siapa dan mana saja yang disebut?", text)


def test_who_asks_for_several_gets_the_whole_list() -> None:
    text = "Tim Bola Voli Seruni diperkuat Rina, Dewi Lestari, Bayu Segara, dan Joko Sungkono pada musim ini."
    found = set(seen("Siapa saja yang memperkuat Tim Bola Voli Seruni?", text))
    assert "Rina, Dewi Lestari, Bayu Segara, dan Joko Sungkono" in found
    assert not {"Rina, Dewi Lestari", "Rina", "Dewi Lestari, Bayu Segara"} & found


def test_a_question_about_something_else_has_less_confidence() -> None:
    reader = Reader()
    answered = reader.read("Kapan Jembatan Sungai Lestari dibuka untuk umum?", passages(BRIDGE, MARKET))
    unanswered = reader.read("Siapa pelatih tim nasional bola voli putri Vietnam?", passages(BRIDGE, MARKET))
    assert answered.found
    assert not unanswered.found
    assert answered.confidence > unanswered.confidence + 0.3


def test_nothing_to_read_is_not_found() -> None:
    assert Reader().read("Siapa namanya?", []) == Reading(found=False, confidence=0.0, evidence=())


def test_the_threshold_decides_what_is_found() -> None:
    question = "Kapan Jembatan Sungai Lestari dibuka untuk umum?"
    assert Reader(threshold=0.0).read(question, passages(BRIDGE)).found
    assert not Reader(threshold=1.1).read(question, passages(BRIDGE)).found


def test_a_sentence_in_two_overlapping_passages_counts_once() -> None:
    article = Article(title="Jembatan", text=BRIDGE)
    cut = BRIDGE.index("Wali Kota")
    both = [
        Passage(article=article, chunk=Chunk(article.id, 0, 0, len(BRIDGE)), score=1.0),
        Passage(article=article, chunk=Chunk(article.id, 1, cut, len(BRIDGE)), score=0.5),
    ]
    assert len(candidates(both)) == 3


@given(
    st.text(max_size=80),
    st.lists(st.text(max_size=200).filter(lambda text: bool(text.strip())), min_size=1, max_size=3),
)
def test_any_text_yields_evidence_inside_its_passage(question: str, texts: list[str]) -> None:
    reading = Reader().read(question, passages(*texts))
    assert 0.0 <= reading.confidence <= 1.0
    for evidence in reading.evidence:
        assert evidence.passage.start <= evidence.start < evidence.end <= evidence.passage.end
        if evidence.span:
            assert evidence.start <= evidence.span[0] < evidence.span[1] <= evidence.end


def test_the_scorer_was_trained_on_these_features() -> None:
    rows = features(parse_question("Kapan?"), candidates(passages(BRIDGE)), Lexicon.shipped())
    assert rows.shape == (3, len(FEATURES))
    assert np.isfinite(rows).all()
    stored = json.loads(SHIPPED.read_text(encoding="utf-8"))
    assert stored["features"][: len(FEATURES)] == list(FEATURES)
