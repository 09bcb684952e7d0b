"""Questions about an article itself, and yes or no where a sentence leaves no doubt."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.about import Detail, answer_about, asked_detail
from assistant.types import Answer, Citation, Turn
from assistant.yes_no import says_yes
from index.questions import parse_question
from index.types import Article, Chunk, Passage

FERRY = Article(
    title="Feri Muara Ulu kembali berlayar",
    text="Feri Muara Ulu berlayar lagi sejak Selasa. Penumpang mengantre.",
    publisher="Kabar Muara",
    author="Sekar Ayu",
    published=date(2024, 3, 5),
)
MARKET = Article(title="Pasar Ulu terbakar", text="Pasar Ulu terbakar pada malam hari.")


def passage(article: Article) -> Passage:
    return Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)


@pytest.mark.parametrize(
    ("question", "detail"),
    [
        ("Siapa penulis artikel tentang feri Muara Ulu?", Detail.AUTHOR),
        ("Siapa yang menulis berita feri Muara Ulu?", Detail.AUTHOR),
        ("Siapa penulisnya?", Detail.AUTHOR),
        ("Who wrote the article about the ferry?", Detail.AUTHOR),
        ("Siapa editor berita feri Muara Ulu?", Detail.EDITOR),
        ("Kapan artikel soal feri terbit?", Detail.PUBLISHED),
        ("Berita itu terbit tanggal berapa?", Detail.PUBLISHED),
        ("When was the article on the ferry published?", Detail.PUBLISHED),
        ("Media apa yang memuat berita feri itu?", Detail.PUBLISHER),
        ("Kapan artikel feri diperbarui?", Detail.UPDATED),
        ("Kapan feri berlayar?", None),
        ("Siapa yang menulis surat kepada Menteri Keuangan?", None),
        ("Siapa penulis buku Laskar Senja?", None),
        ("Kapan peraturan itu diterbitkan?", None),
    ],
)
def test_what_is_asked_of_an_article(question: str, detail: Detail | None) -> None:
    assert asked_detail(question) is detail


def about(question: str, *history: Turn, passages: tuple[Article, ...] = (MARKET, FERRY)) -> Answer | None:
    opening = Answer(question=question, query=question, passages=tuple(map(passage, passages)), complete=False)
    return answer_about(opening, history)


def test_the_article_on_the_topic_answers_and_is_cited() -> None:
    answer = about("Siapa penulis artikel tentang feri Muara Ulu?")
    assert answer is not None
    assert answer.text == "Artikel “Feri Muara Ulu kembali berlayar” ditulis oleh Sekar Ayu. [1]"
    assert answer.citations[0].article is FERRY
    assert answer.citations[0].quote == "Feri Muara Ulu berlayar lagi sejak Selasa."
    assert (answer.found, answer.complete) == (True, True)


def test_days_are_written_out_in_the_language_of_the_question() -> None:
    answer = about("When was the article on Feri Muara Ulu published?")
    assert answer is not None
    assert answer.text.endswith("was published on 5 March 2024. [1]")


def test_what_the_article_does_not_tell_is_said() -> None:
    answer = about("Siapa penulis berita Pasar Ulu terbakar?")
    assert answer is not None
    assert answer.text == "Artikel “Pasar Ulu terbakar” tidak mencantumkan penulisnya. [1]"
    assert not answer.found


def test_without_a_topic_the_article_cited_last_is_meant() -> None:
    turn = Turn("Kapan feri berlayar?", "Selasa. [1]", (Citation(number=1, article=FERRY, start=0, end=42),))
    answer = about("Siapa penulisnya?", turn)
    assert answer is not None
    assert "Sekar Ayu" in answer.text
    assert about("Siapa penulisnya?") is None


def test_an_article_on_something_else_is_not_meant() -> None:
    assert about("Siapa penulis artikel tentang gempa Lombok?") is None
    assert about("Siapa gubernur?") is None


BRIDGE = "Jembatan Ulu boleh dilewati truk. "


@pytest.mark.parametrize(
    ("question", "sentence", "verdict"),
    [
        ("Apakah truk boleh melintas?", "Sejak kemarin truk boleh melintas.", True),
        ("Apakah truk boleh melintas?", "Sejak kemarin truk tidak boleh melintas.", False),
        ("Apakah harga beras naik?", "Harga beras naik 3 persen, tetapi harga gula turun.", True),
        ("Apakah harga beras naik?", "Harga beras belum naik.", False),
        ("Apakah harga beras naik?", "Harga beras diduga naik.", None),
        ("Apakah harga beras naik?", "Harga beras akan naik.", None),
        ("Apakah harga beras naik?", "Harga gula naik.", None),
        ("Apakah harga beras tidak naik?", "Harga beras naik.", None),
        ("Apakah Wirya mengalahkan Melati?", "Melati mengalahkan Wirya.", None),
        ("Apakah Wirya mengalahkan Melati?", "Wirya mengalahkan Melati.", True),
        ("Apakah truk boleh melintas?", "Hanya mobil, bukan truk, yang boleh melintas.", None),
        ("Apakah Bayu hadir?", "Wirya hadir.", None),
    ],
)
def test_yes_or_no_is_said_only_where_the_sentence_leaves_no_doubt(
    question: str, sentence: str, verdict: bool | None
) -> None:
    assert says_yes(parse_question(question), sentence, sentence) is verdict
