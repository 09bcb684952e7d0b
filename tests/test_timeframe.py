"""What a question says about time, and what it does to the passages."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.core import Assistant
from assistant.dates.periods import Period
from assistant.reader import Evidence, Reading
from assistant.timeframe import Timeframe, limited, preferred, timeframe
from index.store import ArticleIndex
from index.types import Article, Chunk, Filter, Passage
from tests.encoders import HashingEncoder

TODAY = date(2025, 3, 5)
OCTOBER = Period(date(2024, 10, 1), date(2024, 10, 31))


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Apa berita kemarin tentang banjir?", Period(date(2025, 3, 4), date(2025, 3, 4))),
        ("Menurut kabar Oktober 2024, kapan dermaga dibuka?", OCTOBER),
        ("Artikel yang terbit pada Oktober 2024 soal pasar?", OCTOBER),
        ("Berita antara Oktober dan Desember 2024 tentang tambang", Period(date(2024, 10, 1), date(2024, 12, 31))),
        ("Apa kata laporan sebelum 2024 soal tambang?", Period(last=date(2023, 12, 31))),
        ("Berita sejak pekan lalu?", Period(first=date(2025, 2, 24))),
        ("Which articles published in October 2024 mention the ferry?", OCTOBER),
    ],
)
def test_a_question_about_publication_limits_the_articles(question: str, period: Period) -> None:
    frame = timeframe(question, TODAY)
    assert frame == Timeframe(published=period)
    assert limited(Filter(), frame) == Filter(
        since=None if period.first == date.min else period.first, until=None if period.last == date.max else period.last
    )


@pytest.mark.parametrize(
    ("question", "period"),
    [
        ("Siapa yang dilantik pada Oktober 2024?", OCTOBER),
        ("Berapa pemilih per Oktober 2024?", OCTOBER),
        ("Menurut pengumuman Oktober 2024, truk boleh lewat?", OCTOBER),
        ("Kapan artikel tentang banjir Oktober 2024 terbit?", OCTOBER),
        ("Apa yang terjadi dari Januari sampai Maret 2024?", Period(date(2024, 1, 1), date(2024, 3, 31))),
        ("Berapa korban dalam dua bulan terakhir?", Period(date(2025, 1, 5), TODAY)),
    ],
)
def test_the_time_of_an_event_limits_nothing(question: str, period: Period) -> None:
    frame = timeframe(question, TODAY)
    assert frame == Timeframe(about=period)
    assert limited(Filter(), frame) == Filter()


@pytest.mark.parametrize(
    ("question", "newest"),
    [
        ("Apa kabar terbaru dermaga?", True),
        ("Sampai kapan jembatan ditutup?", True),
        ("Berapa penduduk kota itu saat ini?", True),
        ("What is the latest figure?", True),
        ("Berapa korban dalam tiga bulan terakhir?", False),
        ("Siapa bupati pada 2019?", False),
    ],
)
def test_the_latest_state_is_asked_for(question: str, newest: bool) -> None:
    assert timeframe(question, TODAY).newest is newest


def test_a_limit_joins_the_filter_and_gives_way_where_they_exclude_each_other() -> None:
    frame = Timeframe(published=OCTOBER)
    publishers = frozenset({"Kabar Muara"})
    wanted = Filter(since=date(2024, 10, 10), publishers=publishers)
    assert limited(wanted, frame) == Filter(since=date(2024, 10, 10), until=OCTOBER.last, publishers=publishers)
    assert limited(Filter(since=date(2025, 1, 1)), frame) == Filter(since=date(2025, 1, 1))


def passage(day: date | None, score: float, text: str = "Dermaga dibuka.") -> Passage:
    article = Article(title=f"Dermaga {day} {score}", text=text, published=day)
    return Passage(article=article, chunk=Chunk(article.id, 0, 0, len(text)), score=score)


def test_the_newest_of_equals_comes_first_where_the_latest_state_is_asked_for() -> None:
    old, new, undated = passage(date(2023, 1, 1), 1.0), passage(date(2025, 1, 1), 0.95), passage(None, 0.9)
    last = passage(date(2024, 1, 1), 0.0)
    order = [p.article.day for p in preferred([old, new, undated, last], Timeframe(newest=True))]
    assert order == [date(2025, 1, 1), date(2023, 1, 1), None, date(2024, 1, 1)]
    assert preferred([old, new], Timeframe()) == [old, new]


def test_articles_of_the_time_asked_about_come_before_equals_but_not_before_better_ones() -> None:
    best, other, during, least = (
        passage(date(2020, 1, 1), 1.0),
        passage(date(2020, 1, 2), 0.5),
        passage(date(2024, 11, 5), 0.45),
        passage(date(2020, 1, 3), 0.0),
    )
    order = preferred([best, other, during, least], Timeframe(about=OCTOBER))
    assert [p.article.day for p in order] == [
        best.article.day,
        during.article.day,
        other.article.day,
        least.article.day,
    ]


DATES = st.none() | st.dates()


@given(
    st.lists(st.builds(passage, DATES, st.floats(-5, 5)), max_size=8),
    st.builds(Timeframe, about=st.none() | st.dates().map(lambda day: Period(day, date.max)), newest=st.booleans()),
)
def test_preferring_neither_adds_nor_loses_a_passage(passages: list[Passage], frame: Timeframe) -> None:
    order = preferred(passages, frame)
    assert sorted(p.article.id for p in order) == sorted(p.article.id for p in passages)


class FirstSentence:
    """Reads the first passage that speaks of the question's last word."""

    def read(self, question: str, passages: list[Passage]) -> Reading:
        word = question.rstrip("?").split()[-1]
        for found in passages:
            if word in found.text:
                return Reading(True, 0.9, (Evidence(found, found.start, found.end, None, 0.9),))
        return Reading(False, 0.1, ())


@pytest.fixture
def assistant(tmp_path):
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as index:
        index.add(
            [
                Article(title="Dermaga", text="Kabar dermaga: kapal tiba.", published=date(2024, 5, 2)),
                Article(title="Pasar", text="Kabar pasar: harga naik.", published=date(2025, 3, 4)),
            ]
        )
        yield Assistant(index, retriever=index, reader=FirstSentence(), today=lambda: TODAY)


def test_a_limit_that_answers_is_kept(assistant: Assistant) -> None:
    answer = assistant.ask("Apa kabar kemarin soal pasar?")
    assert answer.found
    assert answer.filter == Filter(since=date(2025, 3, 4), until=date(2025, 3, 4))
    assert answer.notice == ""


def test_a_limit_never_hides_an_answer_and_its_end_is_said(assistant: Assistant) -> None:
    *_, answer = assistant.stream("Apa berita kemarin soal dermaga?")
    assert answer.found
    assert answer.citations[0].article.title == "Dermaga"
    assert answer.filter == Filter()
    assert answer.notice == (
        "Artikel yang terbit pada 4 Maret 2025 tidak memuat jawabannya; jawaban ini dari artikel di luar waktu itu."
    )
    assert answer.to_dict()["notice"] == answer.notice


def test_a_limit_of_ones_own_is_never_widened(assistant: Assistant) -> None:
    mine = Filter(since=date(2025, 1, 1))
    answer = assistant.ask("Apa berita kemarin soal dermaga?", filter=mine)
    assert not answer.found
    assert answer.filter == mine
    assert {p.article.title for p in answer.passages} <= {"Pasar"}
