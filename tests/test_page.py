"""The page without a browser: the state of a visit, and what is shown of it."""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest

from assistant.types import Answer, Citation
from index.types import Article, Chunk, Coverage, Filter, Passage
from page import fragments, strings
from page.examples import candidate_questions
from page.session import Exchange, Panel, Session

ARTICLE = Article(
    title='Wali kota <img src="https://jahat.example/x.png"> membuka pasar',
    text='Pasar dibuka. <script>window.jahat = 1</script> Pedagang "senang" & ramai.',
    publisher="<b>Warta</b>",
    published=date(2024, 5, 2),
    url="javascript:alert(1)",
)
COVERAGE = Coverage(
    articles=1, chunks=1, first_day=date(2024, 5, 2), last_day=date(2024, 5, 2), publishers={}, topics={}
)
HOSTILE = ("<img", "<script", "<b>", 'href="javascript')


def answered(question: str = "Kapan <i>pasar</i> dibuka?") -> Answer:
    passage = Passage(article=ARTICLE, chunk=Chunk(ARTICLE.id, 0, 0, 13), score=1.0)
    return Answer(
        question=question,
        query=question,
        text="“Pasar dibuka.” [1]",
        found=True,
        citations=(Citation(number=1, article=ARTICLE, start=0, end=13),),
        passages=(passage,),
    )


def test_only_one_answer_is_under_way() -> None:
    session = Session()
    assert not session.begin("  ")
    assert session.begin("Siapa?")
    assert not session.begin("Kapan?")
    taken = session.take()
    assert taken is not None
    assert session.take() is None, "the same question is not answered twice"
    assert session.put(taken, answer=answered("Siapa?"))
    assert not session.busy
    assert session.begin("Kapan?")
    assert [turn.question for turn in session.history] == ["Siapa?"]


def test_a_stopped_answer_stays_as_it_is() -> None:
    session = Session()
    session.begin("Siapa?")
    taken = session.take()
    assert taken is not None
    partly = session.put(taken, answer=replace(answered(), complete=False))
    assert partly is not None
    session.stop()
    assert not session.put(partly, answer=answered())
    kept = session.exchanges[0].answer
    assert kept is not None
    assert not kept.complete
    assert session.history == (), "a stopped answer is no context for the next question"


@pytest.mark.parametrize("leave", [Session.clear, lambda session: (session.stop(), session.withdraw())])
def test_a_late_answer_does_not_land_under_the_next_question(leave: Callable[[Session], object]) -> None:
    session = Session()
    session.begin("Siapa?")
    taken = session.take()
    assert taken is not None
    leave(session)
    session.begin("Siapa?")
    assert not session.put(taken, answer=answered("Siapa?"))
    assert session.busy


def test_a_new_question_closes_the_source_of_another_answer() -> None:
    session = Session(exchanges=[Exchange(question="?", answer=answered())], panel=Panel(kind="citation", number=1))
    session.begin("Kapan?")
    assert session.panel.kind == "closed"


@pytest.mark.parametrize(
    "wanted", [{"since": "kemarin"}, {"since": "2024-05-02", "until": "2024-05-01"}, {"until": "2024-13-01"}]
)
def test_senseless_limits_change_nothing(wanted: dict[str, str]) -> None:
    session = Session(filter=Filter(since=date(2024, 1, 1)))
    assert not session.limit(wanted)
    assert session.filter == Filter(since=date(2024, 1, 1))


def test_limits_are_set_and_dropped_one_by_one() -> None:
    session = Session()
    assert session.limit({"since": "2024-05-01", "until": "", "publisher": "Warta"})
    assert session.filter == Filter(since=date(2024, 5, 1), publishers=frozenset({"Warta"}))
    session.unlimit("since")
    session.unlimit("publishers")
    session.unlimit("anything else")
    assert not session.filter


def test_what_others_wrote_is_escaped_everywhere() -> None:
    session = Session(
        examples=("Apa <img src=x>?",), notice=("<script>",), filter=Filter(publishers=frozenset({"<b>"}))
    )
    shown = [
        fragments.header(session, COVERAGE),
        fragments.conversation(session, COVERAGE, 0),
        fragments.limits(session),
        fragments.library_panel(session, [ARTICLE], ["<b>Warta</b>", '"><script>']),
    ]
    session.exchanges = [
        Exchange(question="Kapan <i>pasar</i> dibuka?", answer=answered()),
        Exchange(question="<img src=x>", answer=replace(answered(), found=False)),
        Exchange(question="<b>", problem="<script>"),
    ]
    citation = answered().citations[0]
    for kind in ("citation", "passage"):
        session.panel = Panel(kind=kind, turn=0, number=1)
        shown.append(fragments.article_panel(session, ARTICLE, citation))
    shown.append(fragments.conversation(session, COVERAGE, 0))
    for html in shown:
        assert not any(hostile in html for hostile in HOSTILE)


def test_every_string_is_there_in_both_languages_with_the_same_gaps() -> None:
    for key, (indonesian, english) in strings._STRINGS.items():
        gaps = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (indonesian, english)]
        assert gaps[0] == gaps[1], key
        assert indonesian, key
        assert english, key


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("Jembatan Pulau Balang diresmikan presiden pada 28 Juli 2024.", "Kapan Jembatan Pulau Balang diresmikan?"),
        ("Jumlah penumpang bandara mencapai 2,1 juta orang.", "Berapa jumlah penumpang bandara?"),
        ("Rapat dipimpin Sari Dewi, Ketua KPU Paser.", "Siapa Ketua KPU Paser?"),
        ("Jembatan itu diresmikan presiden pada 28 Juli 2024.", None),
        ("Jumlahnya mencapai 2,1 juta orang.", None),
        ("Warga menunggu keputusan.", None),
    ],
)
def test_questions_are_made_of_plain_facts(sentence: str, question: str | None) -> None:
    article = Article(title="Judul", text=f"Kemarin jumlah tamu tidak banyak. {sentence}")
    start = len(article.text) - len(sentence)
    expected = [] if question is None else [(question, start, len(article.text))]
    assert list(candidate_questions(article)) == expected
