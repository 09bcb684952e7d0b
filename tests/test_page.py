"""The page without a browser: the state of a visit, and what is shown of it."""

from __future__ import annotations

import itertools
import json
import string
from base64 import b64decode
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.language_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from markdown_it import MarkdownIt

from assistant.core import Assistant, open_index
from assistant.settings import Settings
from assistant.types import Answer, Citation, Claim, Gloss, Support, Usage
from assistant.wording import EMPTY_INDEX
from index.reading import read_articles
from index.types import Article, Chunk, Coverage, Failure, Filter, IngestReport, Passage
from page import conversation, evidence, history, judgement, library, masthead, preferences, strings, timeline
from page.access import Logins, Rate
from page.actions import Actions
from page.adding import add_uploads
from page.choices import CAREFUL, Choices
from page.examples import Examples, candidate_questions
from page.exports import exports
from page.feedback import Feedback
from page.messages import translated
from page.records import record, restore
from page.session import Choice, Exchange, Panel, Rating, Session
from page.status import Status

SEEDS = Path(__file__).parents[1] / "seeds"
ARTICLE = Article(
    title='Wali kota <img src="https://jahat.example/x.png"> membuka pasar',
    text='Pasar dibuka. <script>window.jahat = 1</script> Pedagang "senang" & ramai.',
    publisher="<b>Warta</b>",
    published=date(2024, 5, 2),
    url="javascript:alert(1)",
)
COPY = replace(ARTICLE, publisher="Kabar")
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
        examples=("Apa <img src=x>?",),
        notice=("<script>",),
        filter=Filter(publishers=frozenset({"<b>"})),
        report=IngestReport(failed=(Failure("<img src=x>", "<script>"),)),
    )
    hostile = replace(COVERAGE, publishers={"<b>Warta</b>": 1, '"><script>': 1}, topics={"<img": 1, "<b>": 1})
    shown = [
        masthead.header(session, Status(COVERAGE, date(2024, 5, 2), "<b>")),
        preferences.preferences_panel(session, Status(COVERAGE, None, "<script>")),
        conversation.welcome(session, COVERAGE, 0),
        conversation.welcome(session, replace(COVERAGE, articles=0), 3),
        masthead.limits(session),
        library.library_panel(session, library.Holdings([ARTICLE], {}, hostile), library.Uploads((".txt",), 1, 1)),
    ]
    doubtful = replace(
        answered(),
        claims=(Claim("<b>", (1,), support=Support.PARTLY, reason="<script>"),),
        citations=(*answered().citations, replace(answered().citations[0], number=2, copies=(ARTICLE,))),
        disagreement=((1, 2),),
        notice="<b>",
        usage=Usage(model="<script>", calls=1, input_tokens=1200, output_tokens=34, seconds={"write": 2.4}),
    )
    session.exchanges = [
        Exchange(question="?", answer=doubtful),
        Exchange(question="Kapan <i>pasar</i> dibuka?", answer=answered()),
        Exchange(question="<img src=x>", answer=replace(answered(), found=False)),
        Exchange(question="<b>", problem="<script>"),
        Exchange(question="<b>", query="<b>", answer=answered(), follow_ups=("<script>",)),
    ]
    citation = answered().citations[0]
    for kind in ("citation", "passage"):
        session.panel = Panel(kind=kind, turn=0, number=1)
        shown.append(evidence.article_panel(session, ARTICLE, citation))
    shown += [conversation.past(session), conversation.latest(session, 1, writable=True)]
    shown.append(history.conversations_panel(session))
    for html in shown:
        assert not any(hostile in html for hostile in HOSTILE)


def test_what_is_kept_comes_back_as_it_was() -> None:
    answer = answered()
    meaning = Gloss("dibuka", "<b>Senin</b>", 6, 12)
    citation = replace(answer.citations[0], span=(0, 5), copies=(COPY,), glosses=(meaning,))
    exchange = Exchange(
        question=answer.question,
        answer=replace(answer, citations=(citation,), claims=(Claim("Pasar dibuka.", (1,), quoted=True),)),
        rating=Rating(helpful=False, reason="wrong", comment="<b>"),
    )
    unanswered = Exchange(question="Siapa?", answer=replace(answer, found=False, citations=()))
    kept = json.dumps({"id": "a", "turns": [record(exchange), record(unanswered)]})
    conversation, (first, second) = restore(kept, {ARTICLE.id: ARTICLE, COPY.id: COPY}.get)
    assert conversation == "a"
    assert first.answer is not None
    assert first.answer.citations == (citation,)
    assert first.rating == exchange.rating
    assert not first.gone
    assert second.answer is not None
    assert second.answer.passages[0].text == "Pasar dibuka."
    assert [record(first), record(second)] == json.loads(kept)["turns"]


def test_of_an_article_that_is_gone_the_quotation_stays() -> None:
    answer = answered()
    citation = replace(answer.citations[0], start=6, span=(6, 12))
    kept = json.dumps(
        {"id": "a", "turns": [record(Exchange(question="?", answer=replace(answer, citations=(citation,))))]}
    )
    changed = replace(ARTICLE, text="Lain sama sekali dari yang dulu.")
    for find in ({}.get, {ARTICLE.id: changed}.get):
        _, (exchange,) = restore(kept, find)
        assert exchange.answer is not None
        (left,) = exchange.answer.citations
        assert left.quote == "dibuka."
        assert left.span == (0, 6)
        assert left.article.title == ARTICLE.title
        assert left.article.published == ARTICLE.published
        assert exchange.gone == {left.article.id}


@pytest.mark.parametrize(
    "kept", ["", "[]", "{}", '{"id": "a", "turns": [{}]}', '{"id": 1, "turns": []}', "[" * 100_000]
)
def test_what_is_no_conversation_is_not_restored(kept: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        restore(kept, {}.get)


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=5), inner),
        max_leaves=8,
    )
)
def test_records_that_are_anything_are_refused_not_shown(value: object) -> None:
    whole = record(Exchange(question="?", answer=answered()))
    for field in whole:
        try:
            _, (exchange,) = restore(json.dumps({"id": "a", "turns": [{**whole, field: value}]}), {}.get)
        except ValueError:
            continue
        assert isinstance(conversation.past(Session(exchanges=[exchange, exchange])), str)


def test_exports_freeze_the_quotations_and_run_nothing() -> None:
    answer = answered()
    files = {
        file.name.rpartition(".")[2]: file for file in exports("a", [Exchange(question="<b>?", answer=answer)], "id")
    }
    texts = {kind: b64decode(file.address.partition("base64,")[2]).decode() for kind, file in files.items()}
    assert set(texts) == {"md", "html", "json"}
    for text in texts.values():
        assert "Pasar dibuka." in text
    assert "2 Mei 2024" in texts["md"]
    assert json.loads(texts["json"])["turns"][0]["answer"]["citations"][0]["quote"] == "Pasar dibuka."
    for hostile in HOSTILE:
        assert hostile not in texts["html"]
    assert "<img" not in MarkdownIt().render(texts["md"])
    assert list(exports("a", [Exchange(question="?")], "id")) == [], "nothing is answered yet"


def test_ratings_are_appended_line_by_line(tmp_path: Path) -> None:
    session = Session(exchanges=[Exchange(question="Kapan?", answer=answered())])
    path = tmp_path / "new" / "feedback.jsonl"
    with open_index(Settings(index=tmp_path / "index"), create=True) as index:
        actions = Actions(Assistant(index), Feedback(path))
        actions.act(session, {"action": "rate", "turn": "0", "helpful": "no"})
        actions.act(session, {"action": "why", "turn": "0", "reason": "wrong", "comment": " Bukan itu. "})
        actions.act(session, {"action": "rate", "turn": "7", "helpful": "no"})
        silent = Actions(Assistant(index), None)
        silent.act(session, {"action": "rate", "turn": "0", "helpful": "yes"})
    first, last = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first["rating"] == {"helpful": False, "reason": "", "comment": ""}
    assert last["rating"] == {"helpful": False, "reason": "wrong", "comment": "Bukan itu."}
    assert last["answer"]["citations"][0]["quote"] == "Pasar dibuka."
    assert last["conversation"] == session.id


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("id-ID,id;q=0.9,en;q=0.8", "id"),
        ("en-GB,en;q=0.9,id;q=0.3", "en"),
        ("de,fr;q=0.5", "id"),
        ("ms", "id"),
        ("en;q=x,", "id"),
        ("", "id"),
    ],
)
def test_the_language_is_the_one_the_browser_likes_best(accepted: str, language: str) -> None:
    assert strings.preferred_language(accepted) == language


def test_a_statement_that_is_not_borne_out_is_named_with_the_reason() -> None:
    claims = (Claim("Benar.", (1,)), Claim("Setengah benar.", (1,), support=Support.PARTLY, reason="Angkanya lain."))
    assert "Setiap pernyataan didukung" in judgement.checks(replace(answered(), claims=claims[:1]), "id")
    html = judgement.checks(replace(answered(), claims=claims), "id")
    assert "Didukung sebagian" in html
    assert "Angkanya lain." in html
    assert "“Benar.”" not in html
    assert judgement.checks(replace(answered(), claims=claims, complete=False), "id") == ""


def test_sources_that_differ_stand_side_by_side_with_their_days() -> None:
    first = answered().citations[0]
    other = replace(first, number=2, article=replace(ARTICLE, published=date(2024, 6, 1)))
    html = judgement.disagreements(replace(answered(), citations=(first, other), disagreement=((2, 1), (7, 1))), "id")
    assert html.index("1 Juni 2024") < html.index("2 Mei 2024")
    assert html.count('class="sides"') == 1


def test_quotations_that_stand_side_by_side_are_not_in_the_text_as_well() -> None:
    first = answered().citations[0]
    other = replace(first, number=2, start=14, end=20)
    text = f"Artikel-artikel ini tidak sama.\n\n“{first.quote}” [1]\n\n“{other.quote}” [2]"
    claims = tuple(Claim(cited.quote, (cited.number,), quoted=True) for cited in (first, other))
    alike = replace(answered(), text=text, claims=claims, citations=(first, other))
    for answer, quoted in ((alike, True), (replace(alike, disagreement=((1, 2),)), False)):
        shown = conversation.latest(Session(exchanges=[Exchange(question="?", answer=answer)]), 1, writable=False)
        said = shown.partition('class="tb-answer"')[2].partition("</div>")[0]
        assert "Artikel-artikel ini tidak sama." in said
        assert (escape(first.quote) in said) is (escape(other.quote) in said) is quoted


@pytest.mark.parametrize("writable", [True, False])
def test_an_empty_index_says_what_to_do(writable: bool) -> None:
    answer = Answer(question="?", query="?", text=EMPTY_INDEX["id"])
    session = Session(exchanges=[Exchange(question="?", answer=answer)], panel=Panel(kind="library"))
    shown = conversation.latest(session, 0, writable=writable).partition('class="answer"')[2]
    assert "tanya add" not in shown.partition('class="tools"')[0]
    assert ("Buka Pustaka" in shown) is writable
    uploads = library.Uploads((".txt",), 3, 1) if writable else None
    nothing = replace(COVERAGE, articles=0)
    panel = library.library_panel(session, library.Holdings([], {}, nothing), uploads)
    assert "Belum ada artikel" in panel
    assert ('class="add" open' in panel) is writable
    assert 'role="search"' not in panel


def test_what_a_quotation_means_stands_above_its_article_and_beside_its_side() -> None:
    cited = replace(answered().citations[0], glosses=(Gloss("dibuka", "Senin <b>2 Mei</b>", 6, 12),))
    session = Session(exchanges=[Exchange(question="?", answer=answered())], panel=Panel(kind="citation", number=1))
    shown = "(dibuka: Senin &lt;b&gt;2 Mei&lt;/b&gt;)"
    assert shown in evidence.article_panel(session, ARTICLE, cited).partition('class="tb-article"')[0]
    assert "tb-gloss" not in evidence.article_panel(session, ARTICLE, answered().citations[0])
    other = replace(answered().citations[0], number=2)
    html = judgement.disagreements(replace(answered(), citations=(cited, other), disagreement=((1, 2),)), "id")
    assert html.count(shown) == 1


@given(st.dictionaries(st.dates(date(1945, 8, 17), date(2045, 8, 17)), st.integers(1, 1000), max_size=30))
def test_the_timeline_counts_every_article_once(days: dict[date, int]) -> None:
    shown = timeline.bars(days, "id")
    assert sum(bar.articles for bar in shown) == sum(days.values())
    assert len(shown) <= 101
    assert all(one.last < other.first for one, other in itertools.pairwise(shown))
    if days:
        assert shown[0].first <= min(days)
        assert shown[-1].last == max(days)


def test_nobody_asks_more_often_than_allowed() -> None:
    now = 0.0
    rate = Rate(2, clock=lambda: now)
    assert [rate.wait("a"), rate.wait("a"), rate.wait("a"), rate.wait("b")] == [0, 0, 60, 0]
    now = 59.5
    assert rate.wait("a") == 1
    now = 60.0
    assert rate.wait("a") == 0
    assert all(Rate(0).wait("a") == 0 for _ in range(100))


async def test_a_login_needs_its_own_password() -> None:
    logins = Logins({"rina": "rahasia", "budi": "lain"}, pause=0)
    assert await logins.check("rina", "rahasia")
    for name, password in (("rina", "lain"), ("rina", ""), ("tono", "rahasia"), ("", "")):
        assert not await logins.check(name, password)


def test_an_uploaded_file_takes_the_place_of_its_earlier_version(tmp_path: Path) -> None:
    with open_index(Settings(index=tmp_path / "index"), create=True) as index:
        for folder, text in (("a", "Harga beras naik di Samarinda."), ("b", "Harga beras turun di Samarinda.")):
            path = tmp_path / folder / "beras.txt"
            path.parent.mkdir()
            path.write_text(f"Harga beras\n\n{text}", encoding="utf-8")
            broken = path.with_name("rusak.pdf")
            broken.write_bytes(b"%PDF-1.7 ...")
            *_, report = add_uploads(index, [path, broken])
            assert isinstance(report, IngestReport)
            assert [failure.source for failure in report.failed] == ["rusak.pdf"]
            assert str(tmp_path) not in report.failed[0].reason
            assert not path.exists()
        (article,) = index.articles()
        assert article.source == "beras.txt"
        assert "turun" in article.text


def test_nothing_is_removed_where_visitors_can_only_ask(tmp_path: Path) -> None:
    with open_index(Settings(index=tmp_path), create=True) as index:
        index.add([ARTICLE])
        session = Session()
        Actions(Assistant(index), None, read_only=True).act(session, {"action": "remove", "id": ARTICLE.id})
        assert len(index) == 1
        Actions(Assistant(index), None).act(session, {"action": "remove", "id": ""})
        assert len(index) == 1
        Actions(Assistant(index), None).act(session, {"action": "remove", "id": ARTICLE.id})
        assert len(index) == 0
        assert "dihapus" in session.notice[0]


def test_a_careful_visitor_gets_an_assistant_that_must_be_surer(tmp_path: Path) -> None:
    with open_index(Settings(index=tmp_path), create=True) as index:
        assistant = Assistant(index, settings=Settings(index=tmp_path, top_k=7))
        choices = Choices(assistant)
        assert choices.pick(Choice(brief=True)) is assistant
        careful = choices.pick(Choice(careful=True))
        assert careful is choices.pick(Choice(careful=True))
        assert careful.index is index
        assert (careful.settings.confidence, careful.settings.top_k) == (CAREFUL, 7)
        precise = Assistant(index, settings=Settings(index=tmp_path, precision=0.5))
        assert Choices(precise).pick(Choice(careful=True)).threshold >= (precise.threshold or 0)


def test_the_page_asks_no_chat_model_of_its_own_accord(tmp_path: Path) -> None:
    class Counted(GenericFakeChatModel):
        asked: int = 0

        def _generate(self, *args: Any, **kwargs: Any) -> Any:
            self.asked += 1
            return super()._generate(*args, **kwargs)

    model = Counted(messages=iter([AIMessage("Saya tidak tahu.")] * 9))
    with open_index(Settings(index=tmp_path), create=True) as index:
        index.add(read_articles(SEEDS))
        assistant = Assistant(index, llm=model, settings=Settings(index=tmp_path))
        assert assistant.chat_model == model._llm_type
        quoting = Choices(assistant).pick(Choice(reader=True))
        assert quoting.chat_model == ""
        assert Choices(assistant).pick(Choice(careful=True)).chat_model == assistant.chat_model
        assert Examples(quoting).questions()
        assert quoting.ask("Berapa nilai PDRB Kaltim 2024?").found
        assert model.asked == 0
        assistant.ask("Berapa nilai PDRB Kaltim 2024?")
        assert model.asked > 0


def test_a_brief_answer_keeps_its_first_quotation_and_only_its_sources() -> None:
    first = answered().citations[0]
    other = Citation(number=2, article=ARTICLE, start=14, end=30)
    claims = (Claim("Pasar.", (1,)), Claim("Pasar dibuka.", (1,), quoted=True), Claim(other.quote, (2,), quoted=True))
    text = f"Pasar. [1]\n\n“Pasar dibuka.” [1]\n\n“{other.quote}” [2]"
    answer = replace(answered(), text=text, claims=claims, citations=(first, other))
    session = Session(exchanges=[Exchange(question="?", answer=answer)], choice=Choice(brief=True))
    brief = conversation.latest(session, 1, writable=False)
    assert 'data-number="1"' in brief
    assert 'data-number="2"' not in brief
    session.exchanges = [Exchange(question="?", answer=replace(answer, disagreement=((1, 2),)))]
    assert 'data-number="2"' in conversation.latest(session, 1, writable=False)


def test_what_a_chat_model_cost_is_told() -> None:
    used = Usage(model="ollama:qwen", calls=1, input_tokens=1200, output_tokens=34, seconds={"write": 2.4})
    session = Session(exchanges=[Exchange(question="?", answer=replace(answered(), usage=used))])
    assert "ollama:qwen · 1.234 token · 2 detik" in conversation.latest(session, 1, writable=False)


def test_every_string_is_there_in_both_languages_with_the_same_gaps() -> None:
    for key, (indonesian, english) in strings._STRINGS.items():
        gaps = [{name for _, name, _, _ in string.Formatter().parse(text) if name} for text in (indonesian, english)]
        assert gaps[0] == gaps[1], key
        assert indonesian, key
        assert english, key


@pytest.mark.parametrize(
    ("english", "indonesian"),
    [
        ("it is empty: nothing to index", "kosong: tidak ada yang dapat diindeks"),
        (
            "it cannot be opened (Permission denied): check that it is there and whole",
            "tidak dapat dibuka (akses ditolak): periksa apakah berkasnya ada dan utuh",
        ),
        (
            "It cannot be embedded: model {error} gave a vector that is not finite.",
            "Vektornya tidak dapat dibuat: model {error} memberi vektor yang tidak berhingga.",
        ),
        ("a.pdf: something nobody has translated", "a.pdf: something nobody has translated"),
        ("Sudah dalam bahasa Indonesia.", "Sudah dalam bahasa Indonesia."),
    ],
)
def test_messages_of_other_rooms_come_in_the_language_of_the_page(english: str, indonesian: str) -> None:
    assert translated(english, "id") == indonesian
    assert translated(english, "en") == english
    failed = IngestReport(failed=(Failure("a.pdf", english),))
    asked = [Exchange(question="?", problem=english)]
    session = Session(notice=(english,), report=failed, panel=Panel(kind="library"), exchanges=asked)
    shown = library.library_panel(session, library.Holdings([], {}, COVERAGE)) + conversation.latest(
        session, 1, writable=False
    )
    assert shown.count(f">{escape(indonesian)}<") == 2
    assert f" {escape(indonesian)}</li>" in shown


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_message_quotes_stands_in_its_translation(host: str, why: str) -> None:
    shown = translated(f"‹{host}› does not answer (‹{why}›): try again later", "id")
    assert shown == f"‹{host}› tidak menjawab (‹{why}›): coba lagi nanti"


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
