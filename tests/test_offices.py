"""Who holds the office that is asked for, where a sentence says so outright."""

from __future__ import annotations

import pytest

from assistant.reader import Reader
from assistant.reading.features import candidates
from assistant.reading.offices import holder
from index.questions import parse_question
from index.types import Article, Chunk, Passage


def passage(text: str, title: str = "Kabar") -> Passage:
    article = Article(title=title, text=text)
    return Passage(article=article, chunk=Chunk(article.id, 0, 0, len(text)), score=1.0)


@pytest.mark.parametrize(
    ("question", "text", "name"),
    [
        ("Siapa presiden Iran?", "Presiden Iran Bayu Segara tiba di sana.", "Bayu Segara"),
        ("Presiden Iran siapa?", "Bayu Segara, presiden Iran, mengatakan itu.", "Bayu Segara"),
        ("Siapa presiden Iran?", "Wakil Presiden Iran Bayu Segara tiba di sana.", None),
        ("Siapa presiden Iran?", "Presiden Iran, Rusia, dan Turki tiba di sana.", None),
        ("Siapa presiden Iran?", "Presiden Mesir Bayu Segara tiba di Iran.", None),
        ("Siapa Menteri Dalam Negeri?", "Menteri Luar Negeri Bayu Segara hadir.", None),
        ("Siapa Menteri Pekerjaan Umum?", "Menteri Pekerjaan Umum Bayu Segara pada Kamis hadir.", "Bayu Segara"),
        (
            "Siapa calon gubernur nomor urut 2?",
            "Bayu Segara, calon gubernur dari Ombak, mengatakan itu.",
            "Bayu Segara",
        ),
        ("Siapa gubernur Kaltim?", "Gubernur Kalimantan Timur Bayu Segara hadir.", "Bayu Segara"),
        (
            "Siapa wakil gubernur Kaltim?",
            "Bayu Segara dilantik sebagai Gubernur Kalimantan Timur dan Rina Lestari sebagai wakil gubernur.",
            "Rina Lestari",
        ),
        ("Siapa wakil gubernur Kaltim?", "Wakil Gubernur Rina Lestari hadir di Jakarta.", None),  # of which province
        ("Siapa presiden Iran?", "Presiden Bayu Segara tiba di Iran pada Senin.", None),  # Indonesia's, it may be
        ("Siapa presiden Iran?", "Iran menyambut Presiden Bayu Segara.", None),
        ("Siapa gubernur Jawa Barat?", "Gubernur Bayu Segara menerima tamu dari Jawa Barat.", None),
        ("Siapa pelatih Seruni?", "Pelatih Bayu Segara menang 2-0 atas Seruni.", None),
        ("Siapa presiden Iran?", "Utusan Presiden Iran Bayu Segara hadir.", None),
        ("Siapa pemain terbaik Seruni 2017?", "Hasil Seruni 2017, pemain terbaik: Bayu Segara (Tirta)", "Bayu Segara"),
        ("Siapa yang mengalahkan Bayu Segara?", "Bayu Segara mengalahkan Rina Lestari di Seruni.", None),
        ("Siapa direktur jalan tol?", "Direktur Jalan Tol Bayu Segara hadir.", "Bayu Segara"),
        ("Siapa kapolres yang datang?", "Kapolres Kombes Bayu Segara mengatakan itu.", "Bayu Segara"),
        ("Siapa saja menteri yang hadir?", "Menteri Keuangan Bayu Segara hadir.", None),  # asks for several
        ("Siapa yang hadir?", "Bayu Segara hadir.", None),  # asks for no office
        ("Kapan presiden Iran tiba?", "Presiden Iran Bayu Segara tiba.", None),
    ],
)
def test_who_holds_the_office(question: str, text: str, name: str | None) -> None:
    (sentence,) = candidates([passage(text)])
    found = holder(parse_question(question), sentence)
    assert (found and text[slice(*found)]) == name


def test_the_place_may_stand_in_the_title() -> None:
    text = "Wakil Gubernur Rina Lestari hadir di Jakarta."
    (sentence,) = candidates([passage(text, "Rapat pejabat Kalimantan Timur")])
    found = holder(parse_question("Siapa wakil gubernur Kaltim?"), sentence)
    assert found is not None
    assert text[slice(*found)] == "Rina Lestari"


def test_who_holds_the_office_comes_before_who_is_only_a_candidate() -> None:
    running = passage("Bayu Segara, calon gubernur Kaltim, mengatakan ia bertemu warga di pasar.")
    told = passage("Gubernur Kaltim Rina Lestari mengatakan bantuan diserahkan kepada warga di pasar.")
    best = Reader(threshold=0.0).read("Siapa gubernur Kaltim?", [running, told]).evidence[0]
    assert best.passage == told
    assert best.span is not None
    assert best.passage.article.text[slice(*best.span)] == "Rina Lestari"
