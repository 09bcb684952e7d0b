"""Questions that set two things against each other: both sides are asked, quoted side by side, and compared."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant import Assistant, Settings
from assistant.contrast import contrast, outcome
from assistant.core import open_index
from assistant.parts import joined, split_question
from assistant.types import Answer, Citation, Claim, Support
from assistant.wording import NOT_FOUND
from index.types import Article


@pytest.mark.parametrize(
    ("question", "sides", "first", "how"),
    [
        (
            "Mana yang lebih besar, anggaran Dinas Kesehatan atau Dinas Pendidikan?",
            ("anggaran Dinas Kesehatan", "anggaran Dinas Pendidikan"),
            "Berapa anggaran Dinas Kesehatan?",
            "besar",
        ),
        (
            "mana yg lebih panjang jembatan lestari atau jembatan wana",
            ("jembatan lestari", "jembatan wana"),
            "Berapa panjang jembatan lestari?",
            "panjang",
        ),
        (
            "Siapa yang meraih suara lebih banyak, Rina-Bayu atau Tono-Sari di Seruni?",
            ("Rina-Bayu di Seruni", "Tono-Sari di Seruni"),
            "Berapa suara Rina-Bayu di Seruni?",
            "banyak",
        ),
        (
            "Produksi garam mana yang lebih tinggi, 2023 atau 2024?",
            ("2023", "2024"),
            "Berapa produksi garam 2023?",
            "tinggi",
        ),
        (
            "Mana yang lebih besar, utang Klub Seruni ke Rina atau pendanaan Kopi Lestari?",
            ("utang Klub Seruni ke Rina", "pendanaan Kopi Lestari"),
            "Berapa utang Klub Seruni ke Rina?",
            "besar",
        ),
        (
            "Bandingkan harga beras 2023 dan 2024",
            ("harga beras 2023", "harga beras 2024"),
            "Berapa harga beras 2023?",
            "",
        ),
        (
            "Apa perbedaan target Tol Wana Seksi 3A dengan Seksi 5A?",
            ("target Tol Wana Seksi 3A", "target Tol Wana Seksi 5A"),
            "Apa target Tol Wana Seksi 3A?",
            "",
        ),
        ("Apa beda Kartu Tani dan Kartu Nelayan?", ("Kartu Tani", "Kartu Nelayan"), "Apa itu Kartu Tani?", ""),
        (
            "Siapa yang lebih dulu dilantik, Bupati Seruni atau Wali Kota Lestari?",
            ("Bupati Seruni", "Wali Kota Lestari"),
            "Kapan Bupati Seruni dilantik?",
            "dulu",
        ),
        (
            "Antara Seruni dan Lestari, mana yang lebih banyak penduduknya?",
            ("Seruni", "Lestari"),
            "Berapa penduduk Seruni?",
            "banyak",
        ),
        (
            "Which is longer, Wana Bridge or Lestari Bridge?",
            ("Wana Bridge", "Lestari Bridge"),
            "How long is Wana Bridge?",
            "longer",
        ),
    ],
)
def test_both_sides_are_named_in_full_and_asked(question, sides, first, how) -> None:
    found = contrast(question)
    assert found is not None
    assert (found.sides, found.questions[0], found.how) == (sides, first, how)
    assert [part.standalone for part in split_question(question)] == list(found.questions)


@pytest.mark.parametrize(
    "question",
    [
        "Siapa bupati dan wakil bupati Seruni?",
        "Apakah ekonomi Seruni tumbuh lebih tinggi daripada nasional?",
        "Berapa selisih suara Rina-Bayu dan Tono-Sari?",
        "Mana kota yang paling banyak penduduknya?",
        "Mengapa warga lebih suka beras daripada jagung?",
        "Mana yang lebih besar, Seruni atau Seruni?",
    ],
)
def test_other_questions_are_left_whole(question: str) -> None:
    assert contrast(question) is None
    assert len(split_question(question)) == 1


@given(st.text(alphabet="abAB 12,?.:()atau dan mana lebih besar", max_size=80))
def test_any_text_is_a_contrast_of_two_different_sides_or_none(text: str) -> None:
    if found := contrast(text):
        assert all(side.strip() for side in found.sides)
        assert len({side.casefold() for side in found.sides}) == 2


def answered(text: str, support: Support = Support.SUPPORTED, *, quoted: bool = False, title: str = "Berita") -> Answer:
    article = Article(title=title, text=f"Kata warga {text}", published=date(2024, 3, 5))
    end = len(article.text)
    citation = Citation(number=1, article=article, start=0, end=end, span=(end - len(text), end))
    return Answer(
        question="?",
        query="?",
        text=f"{text} [1]",
        found=True,
        claims=(Claim(text, (1,), quoted, support),),
        citations=(citation,),
    )


BRIDGES = "Mana yang lebih panjang, Jembatan Wana atau Jembatan Lestari?"
CHEAPER = "Mana yang lebih murah, Jembatan Wana atau Jembatan Lestari?"


@pytest.mark.parametrize(
    ("question", "one", "other", "said"),
    [
        (
            BRIDGES,
            "640 meter.",
            "1,2 kilometer.",
            "Lebih panjang: Jembatan Lestari (1,2 kilometer), dibandingkan Jembatan Wana (640 meter).",
        ),
        (
            CHEAPER,
            "Rp75 miliar.",
            "Rp1,2 triliun.",
            "Lebih murah: Jembatan Wana (Rp75 miliar), dibandingkan Jembatan Lestari (Rp1,2 triliun).",
        ),
        (BRIDGES, "640 meter.", "640 meter.", "Sama: Jembatan Wana dan Jembatan Lestari, 640 meter."),
        (BRIDGES, "640 meter.", "Rp75 miliar.", ""),
        (BRIDGES, "640 meter.", "lebih dari 500 meter.", ""),
        (BRIDGES, "640 meter.", "panjang.", ""),
        (BRIDGES, "640 meter.", "640 meter dan 700 meter.", ""),
    ],
)
def test_figures_of_one_unit_are_compared_and_nothing_else(question, one, other, said) -> None:
    found = contrast(question)
    assert found is not None
    assert outcome(found, [answered(one), answered(other, title="Warta")], "id") == said


def test_nothing_is_compared_on_a_figure_that_is_not_borne_out() -> None:
    found = contrast(BRIDGES)
    assert found is not None
    for doubtful in (
        answered("700 meter.", Support.PARTLY),
        answered("700 meter.", quoted=True),
        Answer(question="?", query="?", text="tidak ada"),
    ):
        assert outcome(found, [answered("640 meter."), doubtful], "id") == ""


def test_one_figure_is_not_both_sides() -> None:
    found = contrast(BRIDGES)
    assert found is not None
    assert outcome(found, [answered("640 meter."), answered("640 meter.")], "id") == ""


def test_days_are_compared_by_the_day() -> None:
    found = contrast("Siapa yang lebih dulu dilantik, Bupati Seruni atau Wali Kota Lestari?")
    assert found is not None
    said = outcome(found, [answered("3 Maret 2021."), answered("20 Februari 2021.")], "id")
    assert said == "Lebih dulu: Wali Kota Lestari (20 Februari 2021), dibandingkan Bupati Seruni (3 Maret 2021)."


def test_the_comparison_cites_both_and_comes_last() -> None:
    whole = joined(BRIDGES, [answered("640 meter."), answered("1,2 kilometer.")], 2)
    assert whole.text.endswith("dibandingkan Jembatan Wana (640 meter). [1][2]")
    assert whole.claims[-1].citations == (1, 2)
    assert [citation.number for citation in whole.citations] == [1, 2]


@pytest.fixture(scope="module")
def towns(tmp_path_factory):
    """Two articles that each tell one side."""
    with open_index(Settings(index=tmp_path_factory.mktemp("kota"))) as index:
        index.add(
            [
                Article(
                    title="Jembatan Wana dibuka",
                    text="Jembatan Wana dibuka Senin. Panjang Jembatan Wana 640 meter. Warga menyambutnya.",
                    publisher="Kabar Wana",
                    published=date(2024, 3, 5),
                ),
                Article(
                    title="Jembatan Lestari selesai",
                    text="Jembatan Lestari selesai dibangun. Panjang Jembatan Lestari 820 meter. Tarifnya belum ada.",
                    publisher="Warta Lestari",
                    published=date(2024, 6, 1),
                ),
            ]
        )
        yield index


def test_two_articles_are_quoted_side_by_side_and_compared(towns) -> None:
    answers = list(Assistant(towns, settings=Settings()).stream(BRIDGES))
    assert all(after.text.startswith(before.text) for before, after in pairwise(answers))
    answer = answers[-1]
    assert answer.found
    assert answer.complete
    assert answer.text.startswith("Jembatan Wana: 640 meter. [1]")
    assert "\n\nJembatan Lestari: 820 meter. [" in answer.text
    assert {citation.article.publisher for citation in answer.citations} == {"Kabar Wana", "Warta Lestari"}
    assert "Lebih panjang: Jembatan Lestari (820 meter), dibandingkan Jembatan Wana (640 meter)." in answer.text


def test_a_side_that_is_not_found_is_said_for_that_side(towns) -> None:
    answer = Assistant(towns, settings=Settings()).ask("Mana yang lebih panjang, Jembatan Wana atau Jembatan Cendana?")
    assert answer.found
    assert f"Berapa panjang Jembatan Cendana? {NOT_FOUND['id']}" in answer.text
    assert "Lebih panjang" not in answer.text
