"""How a reading is put into words. Readings are written by hand here, so that every expected text can be seen."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answering import answer_snapshots
from assistant.glosses import glosses
from assistant.reader import Evidence, Reading
from assistant.timeframe import timeframe
from assistant.types import Answer, Citation, Support
from assistant.wording import EMPTY_INDEX, NOT_FOUND, question_language
from index.types import Article, Chunk, Coverage, Filter, Passage

LAKE = Article(
    title="Dermaga baru di Danau Jempang",
    text="Dermaga dibuka Selasa. Bupati Rina Lestari meresmikannya. Biayanya Rp4,2 miliar.",
    publisher="Kabar Mahakam",
    published=date(2024, 3, 5),
)
COPY = Article(
    title="Bupati resmikan dermaga",
    text="Bupati Rina Lestari meresmikannya. Warga bersyukur.",
    publisher="Warta Kutai",
    published=date(2024, 3, 6),
)
UNDATED = Article(title="Catatan tanpa tanggal", text="Kapal pertama tiba pukul delapan.")


def passage(article: Article) -> Passage:
    return Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)


def evidence(article: Article, quote: str, span: str | None = None) -> Evidence:
    start = article.text.index(quote)
    at = article.text.index(span) if span else 0
    return Evidence(passage(article), start, start + len(quote), (at, at + len(span)) if span else None, 0.9)


def opening(question: str, *articles: Article, **fields) -> Answer:
    passages = tuple(passage(article) for article in articles)
    return Answer(question=question, query=question, passages=passages, complete=False, **fields)


def snapshots(question: str, *items: Evidence) -> list[Answer]:
    reading = Reading(found=True, confidence=0.8, evidence=items)
    return list(answer_snapshots(opening(question, LAKE), reading, None))


def refused(question: str, coverage: Coverage | None, *articles: Article, **fields) -> Answer:
    reading = Reading(found=False, confidence=0.1, evidence=())
    (answer,) = answer_snapshots(opening(question, *articles, **fields), reading, coverage)
    return answer


def coverage(articles: int = 14, **fields) -> Coverage:
    values = {
        "articles": articles,
        "chunks": articles,
        "first_day": date(2024, 8, 17),
        "last_day": date(2025, 11, 17),
        "publishers": {"Warta Kutai": 3, "Kabar Mahakam": 11},
        "topics": {},
    }
    return Coverage(**(values | fields))


def test_short_answer_first_then_the_sentence_with_publisher_and_day():
    first, last = snapshots(
        "Siapa yang meresmikan dermaga?", evidence(LAKE, "Bupati Rina Lestari meresmikannya.", "Rina Lestari")
    )
    assert first.text == "Rina Lestari. [1]"
    assert last.text == "Rina Lestari. [1]\n\n“Bupati Rina Lestari meresmikannya.” [1] — Kabar Mahakam, 5 Maret 2024"
    assert [claim.quoted for claim in last.claims] == [False, True]
    assert (first.complete, last.complete) == (False, True)
    assert (first.found, last.found) == (True, True)
    assert last.confidence == 0.8


def test_english_question_frames_the_verbatim_quote_in_english():
    *_, last = snapshots("Who opened the jetty?", evidence(LAKE, "Dermaga dibuka Selasa."))
    assert last.text == "“Dermaga dibuka Selasa.” [1] — Kabar Mahakam, 5 March 2024 (Selasa: 5 March 2024)"


def test_no_short_answer_without_a_span_or_where_it_is_the_whole_quotation():
    (only,) = snapshots("Apa kabar dermaga?", evidence(LAKE, "Dermaga dibuka Selasa."))
    assert len(only.claims) == 1
    (only,) = snapshots("Apa kabar dermaga?", evidence(LAKE, "Dermaga dibuka Selasa.", "Dermaga dibuka Selasa."))
    assert len(only.claims) == 1


def test_citations_are_numbered_as_they_appear_and_only_shown_ones_are_there():
    first, second, third = snapshots(
        "Berapa biayanya?", evidence(LAKE, "Biayanya Rp4,2 miliar.", "Rp4,2 miliar"), evidence(UNDATED, UNDATED.text)
    )
    assert [[c.number for c in answer.citations] for answer in (first, second, third)] == [[1], [1], [1, 2]]
    assert third.text.endswith("“Kapal pertama tiba pukul delapan.” [2] — Catatan tanpa tanggal, tanpa tanggal")


def test_the_same_sentence_is_cited_once():
    item = evidence(LAKE, "Biayanya Rp4,2 miliar.")
    (only,) = snapshots("Berapa biayanya?", item, replace(item, score=0.2))
    assert len(only.citations) == 1


def test_overlapping_evidence_is_one_stretch_at_the_place_of_the_first():
    *_, last = snapshots(
        "Siapa meresmikan, dan berapa biayanya?",
        evidence(LAKE, "Bupati Rina Lestari meresmikannya.", "Rina Lestari"),
        evidence(UNDATED, UNDATED.text),
        evidence(LAKE, "Bupati Rina Lestari meresmikannya. Biayanya Rp4,2 miliar."),
    )
    assert [c.quote for c in last.citations] == [
        "Bupati Rina Lestari meresmikannya. Biayanya Rp4,2 miliar.",
        UNDATED.text,
    ]
    assert last.claims[0].text == "Rina Lestari."


def test_articles_that_say_the_same_words_are_cited_together():
    *_, last = snapshots(
        "Siapa yang meresmikan?",
        evidence(LAKE, "Bupati Rina Lestari meresmikannya.", "Rina Lestari"),
        evidence(UNDATED, UNDATED.text),
        evidence(COPY, "Bupati Rina Lestari meresmikannya."),
    )
    assert [c.article.id for c in last.citations] == [LAKE.id, COPY.id, UNDATED.id]
    assert [claim.citations for claim in last.claims] == [(1, 2), (1, 2), (3,)]
    assert "meresmikannya.” [1][2] — Kabar Mahakam, 5 Maret 2024; Warta Kutai, 6 Maret 2024" in last.text


@given(st.data())
def test_every_quotation_is_verbatim_and_every_number_known(data):
    offsets = st.tuples(st.integers(0, len(LAKE.text) - 1), st.integers(1, len(LAKE.text))).filter(
        lambda t: t[0] < t[1]
    )
    items = [
        Evidence(passage(article), min(a, len(article.text) - 1), min(b, len(article.text)), None, 0.5)
        for article, (a, b) in data.draw(
            st.lists(st.tuples(st.sampled_from([LAKE, COPY, UNDATED]), offsets), min_size=1, max_size=6)
        )
    ]
    items = [item for item in items if item.start < item.end]
    if not items:
        return
    *_, last = snapshots("Apa?", *items)
    assert [c.number for c in last.citations] == list(range(1, len(last.citations) + 1))
    for claim in last.claims:
        for number in claim.citations:
            cited = last.citations[number - 1]
            assert cited.quote == cited.article.text[cited.start : cited.end]
        assert claim.text == last.citations[claim.citations[0] - 1].quote
        assert f"“{claim.text}”" in last.text
    for item in items:  # nothing the reader found is lost
        assert any(
            c.article.id == item.passage.article.id and c.start <= item.start and item.end <= c.end
            for c in last.citations
        )


def test_nearly_the_same_words_are_cited_together_but_other_figures_never():
    edited = Article(
        title="Dermaga", text="Bupati Rina Lestari yang meresmikannya.", publisher="Pena", published=date(2024, 3, 7)
    )
    dearer = Article(title="Dermaga", text="Biayanya Rp5,2 miliar.", publisher="Pena", published=date(2024, 3, 7))
    *_, last = snapshots(
        "Siapa yang meresmikan?",
        evidence(LAKE, "Bupati Rina Lestari meresmikannya.", "Rina Lestari"),
        evidence(LAKE, "Biayanya Rp4,2 miliar."),
        evidence(dearer, dearer.text),
        evidence(edited, edited.text),
    )
    assert [claim.citations for claim in last.claims] == [(1, 2), (1, 2), (3,), (4,)]
    assert last.citations[1].quote == edited.text


OLD = Article(
    title="Biaya dermaga Danau Jempang",
    text="Biaya dermaga Danau Jempang Rp4,2 miliar.",
    publisher="Kabar Mahakam",
    published=date(2024, 3, 5),
)
NEW = Article(
    title="Biaya dermaga membengkak",
    text="Biaya dermaga Danau Jempang menjadi Rp6 miliar.",
    publisher="Warta Kutai",
    published=date(2024, 9, 1),
)


def test_articles_that_disagree_stand_side_by_side_the_newest_first():
    first, *_, last = snapshots(
        "Berapa biaya dermaga Danau Jempang?", evidence(OLD, OLD.text, "Rp4,2 miliar"), evidence(NEW, NEW.text)
    )
    assert last.disagreement == ((1, 2),)
    assert [c.article for c in last.citations] == [NEW, OLD]
    assert first.text == (
        "Artikel-artikel ini tidak sama:\nRp6 miliar. [1] (Warta Kutai, 1 September 2024)\n"
        "Rp4,2 miliar. [2] (Kabar Mahakam, 5 Maret 2024)"
    )
    assert [(claim.text, claim.citations) for claim in last.claims[:2]] == [
        ("Rp6 miliar.", (1,)),
        ("Rp4,2 miliar.", (2,)),
    ]
    assert last.to_dict()["disagreement"] == [[1, 2]]


@pytest.mark.parametrize(
    "text",
    [
        "Biaya dermaga Danau Jempang Rp4.200.000.000.",  # the same amount
        "Biaya dermaga Danau Jempang sekitar Rp4 miliar.",  # less exactly the same
        "Biaya stadion di Samarinda Rp6 miliar.",  # of something else
        "Dermaga Danau Jempang panjangnya 60 meter.",  # no amount of money
    ],
)
def test_what_is_the_same_or_of_something_else_is_no_disagreement(text: str):
    other = Article(title="Kabar", text=text, publisher="Pena", published=date(2024, 9, 1))
    *_, last = snapshots(
        "Berapa biaya dermaga Danau Jempang?", evidence(OLD, OLD.text, "Rp4,2 miliar"), evidence(other, other.text)
    )
    assert last.disagreement == ()


def test_dates_of_other_events_in_a_persons_life_are_no_disagreement():
    one, other = (
        Article(title="Bayu Segara", text=f"Bayu Segara {done}.", publisher="Pena", published=date(2024, 9, day))
        for day, done in ((1, "menikah pada 3 Mei 2021"), (2, "dilantik pada 7 Juni 2023"))
    )
    *_, last = snapshots("Kapan Bayu Segara lahir?", evidence(one, one.text), evidence(other, other.text))
    assert last.disagreement == ()


def test_figures_of_other_things_are_no_disagreement():
    one, other = (
        Article(title="Usia Bayu Segara", text=text, publisher="Pena", published=date(2024, 9, day))
        for day, text in ((1, "Usia Bayu Segara 23 tahun."), (2, "Di usia muda Bayu Segara membuat tiga gol."))
    )
    *_, last = snapshots("Berapa usia Bayu Segara?", evidence(one, one.text), evidence(other, other.text))
    assert last.disagreement == ()


def test_counts_of_the_same_thing_disagree():
    one, other = (
        Article(title="Korban banjir Muara Ulu", text=text, publisher="Pena", published=date(2024, 9, day))
        for day, text in ((1, "Korban banjir Muara Ulu 12 orang."), (2, "Korban banjir Muara Ulu menjadi 15 orang."))
    )
    *_, last = snapshots("Berapa korban banjir Muara Ulu?", evidence(one, one.text), evidence(other, other.text))
    assert [claim.text for claim in last.claims[:2]] == ["15 orang.", "12 orang."]


def test_a_fuller_date_beside_another_explains_it():
    article = Article(title="Rapat", text="Rapat dibuka hari ini, Senin (4/3), di sini.", published=date(2024, 3, 5))
    citation = Citation(number=1, article=article, start=0, end=len(article.text))
    assert [(gloss.text, gloss.meaning) for gloss in glosses(citation, "id")] == [("Senin (4/3)", "4 Maret 2024")]


def test_two_days_for_one_event_disagree():
    one, other = (
        Article(title="Dermaga", text=f"Dermaga Danau Jempang dibuka {day}.", publisher=day, published=date(2024, 3, 8))
        for day in ("Selasa (5/3)", "Kamis (7/3)")
    )
    *_, last = snapshots(
        "Kapan dermaga Danau Jempang dibuka?",
        evidence(one, one.text, "Selasa (5/3)"),
        evidence(other, other.text, "Kamis (7/3)"),
    )
    assert last.disagreement == ((1, 2),)


@pytest.mark.parametrize(
    ("question", "as_of"),
    [
        ("Berapa biaya dermaga?", OLD.day),
        ("Berapa biaya dermaga saat ini?", OLD.day),
        ("Berapa biaya dermaga pada 2023?", None),
        ("Berapa panjang dermaga?", None),
        ("Siapa yang membiayai dermaga?", None),
    ],
)
def test_figures_that_age_carry_the_day_of_their_article(question: str, as_of: date | None):
    reading = Reading(found=True, confidence=0.8, evidence=(evidence(OLD, OLD.text, "Rp4,2 miliar"),))
    *_, last = answer_snapshots(opening(question), reading, None, time=timeframe(question, date(2024, 12, 1)))
    assert last.as_of == as_of
    assert last.text.startswith("Rp4,2 miliar. [1] (per 5 Maret 2024)\n" if as_of else "Rp4,2 miliar. [1]\n")


PORT = Article(
    title="Dermaga dibuka",
    text=(
        "Bupati Rina Lestari mengatakan dermaga itu ramai. Ia menambah kapal mulai bulan depan. "
        'Rina bertemu Bayu Segara. "Dia teman lama," kata Bayu Segara, Senin (4/3).'
    ),
    publisher="Kabar Mahakam",
    published=date(2024, 3, 5),
)


def test_pronouns_and_dates_are_explained_beside_the_quotation_only():
    quote = "Ia menambah kapal mulai bulan depan."
    *_, last = snapshots("Apa rencana bupati?", evidence(PORT, quote))
    assert last.text == (f"“{quote}” [1] — Kabar Mahakam, 5 Maret 2024 (Ia: Rina Lestari; bulan depan: April 2024)")
    for gloss in last.citations[0].glosses:
        assert PORT.text[gloss.start : gloss.end] == gloss.text
    assert last.to_dict()["citations"][0]["glosses"][0]["meaning"] == "Rina Lestari"


def test_a_pronoun_inside_somebodys_words_or_of_several_people_is_left_alone():
    quote = '"Dia teman lama," kata Bayu Segara, Senin (4/3).'
    *_, last = snapshots("Apa kata Bayu?", evidence(PORT, quote))
    assert [(gloss.text, gloss.meaning) for gloss in last.citations[0].glosses] == [("Senin (4/3)", "4 Maret 2024")]


@pytest.mark.parametrize(
    ("text", "explained"),
    [
        ('"Besok kami periksa," kata Bayu, Senin (4/3).', {"Besok": "5 Maret 2024", "Senin (4/3)": "4 Maret 2024"}),
        ("“Besok kami periksa,” kata Bayu, Senin (4/3/2024).", {"Besok": "5 Maret 2024"}),
        ('"Kami ditahan kemarin," kata Bayu.', {}),  # on which day he said so is not told
        ('"Kami ditahan Minggu (3/3)," kata Bayu.', {"Minggu (3/3)": "3 Maret 2024"}),
        ('"Kami ditahan tahun lalu," kata Bayu.', {"tahun lalu": "2023"}),
        ("Kami ditahan kemarin, kata Bayu.", {"kemarin": "5 Maret 2024"}),
    ],
)
def test_yesterday_in_direct_speech_counts_from_when_it_was_spoken(text: str, explained: dict[str, str]):
    article = Article(title="Pemeriksaan", text=text, published=date(2024, 3, 6))
    citation = Citation(number=1, article=article, start=0, end=len(text))
    assert {gloss.text: gloss.meaning for gloss in glosses(citation, "id")} == explained


@given(st.integers(0, len(PORT.text) - 1), st.integers(1, len(PORT.text)))
def test_glosses_lie_in_the_quotation(start: int, end: int):
    if start < end:
        for gloss in glosses(Citation(number=1, article=PORT, start=start, end=end), "id"):
            assert start <= gloss.start < gloss.end <= end
            assert PORT.text[gloss.start : gloss.end] == gloss.text


def test_not_found_says_so_and_what_there_is():
    answer = refused("Siapa menteri kelautan?", coverage(), LAKE, LAKE, COPY)
    assert answer.text == (
        f"{NOT_FOUND['id']}\n\n"
        "Indeks ini memuat 14 artikel, 17 Agustus 2024 sampai 17 November 2025, dari Kabar Mahakam, Warta Kutai.\n\n"
        "Artikel terdekat:\n"
        "- Dermaga baru di Danau Jempang (Kabar Mahakam, 5 Maret 2024)\n"
        "- Bupati resmikan dermaga (Warta Kutai, 6 Maret 2024)"
    )
    assert not answer.found
    assert answer.complete
    assert answer.citations == answer.claims == ()
    assert answer.confidence == 0.1


def test_not_found_names_the_topics_and_whom_may_be_meant():
    reading = Reading(found=False, confidence=0.1, evidence=(), unmentioned=("Linda", "Ristari"))
    topics = {"dermaga": 2, "danau": 9, "Mahakam": 9}
    (answer,) = answer_snapshots(opening("Siapa Linda Ristari?", LAKE), reading, coverage(topics=topics))
    assert "tidak menyebut “Linda”, “Ristari”. Mungkin yang dimaksud “Lestari”?" in answer.text
    assert "Topik: Mahakam, danau, dermaga." in answer.text


def test_a_short_answer_of_another_kind_is_not_shown():
    (only,) = snapshots("Berapa biayanya?", evidence(LAKE, "Bupati Rina Lestari meresmikannya.", "Rina Lestari"))
    assert [claim.text for claim in only.claims] == ["Bupati Rina Lestari meresmikannya."]


def test_a_short_answer_about_another_day_is_only_partly_supported():
    text = "Dermaga dibuka Selasa (5/3) oleh Rina Lestari."
    other = replace(LAKE, text=text)
    first, _ = snapshots("Siapa yang membuka dermaga pada 7 Maret 2024?", evidence(other, text, "Rina Lestari"))
    assert (first.claims[0].text, first.claims[0].support) == ("Rina Lestari.", Support.PARTLY)
    assert "7 Maret 2024" in first.claims[0].reason


def test_a_misspelt_name_is_said_to_be_read_as_the_articles_spell_it():
    *_, last = snapshots("Apa yang dibuka Rina Lestary?", evidence(LAKE, "Bupati Rina Lestari meresmikannya."))
    assert last.notice == "Nama dibaca menurut ejaan artikel: “Lestary” → “Lestari”."


def test_not_found_in_english():
    answer = refused("Who is the minister of the sea?", coverage(1, last_day=date(2024, 8, 17)), LAKE)
    assert answer.text.startswith(NOT_FOUND["en"])
    assert "The index holds 1 article, 17 August 2024, from Kabar Mahakam, Warta Kutai." in answer.text
    assert "Nearest articles:\n- Dermaga baru di Danau Jempang (Kabar Mahakam, 5 March 2024)" in answer.text


def test_not_found_names_at_most_five_publishers_the_largest_first():
    many = {f"Koran {n}": n for n in range(1, 9)}
    answer = refused("Siapa?", coverage(1_234, publishers=many))
    assert "1.234 artikel" in answer.text
    assert "dari Koran 8, Koran 7, Koran 6, Koran 5, Koran 4 dan 3 lainnya." in answer.text


def test_not_found_names_the_filter():
    wanted = Filter(since=date(2024, 1, 1), publishers=frozenset({"Warta Kutai"}))
    answer = refused("Siapa?", coverage(first_day=None, last_day=None), filter=wanted)
    assert "Pencarian dibatasi pada: terbit sejak 1 Januari 2024; penerbit Warta Kutai." in answer.text
    assert "memuat 14 artikel, dari" in answer.text


@pytest.mark.parametrize(("question", "language"), [("Siapa gubernur?", "id"), ("Who is the governor?", "en")])
def test_empty_index_says_how_to_add_articles(question, language):
    answer = refused(question, coverage(0, first_day=None, last_day=None, publishers={}))
    assert answer.text == EMPTY_INDEX[language]
    assert "tanya add" in answer.text
    assert not answer.found


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Siapa pendamping Rudy Mas'ud?", "id"),
        ("Who was the first head of the Nusantara Capital Authority?", "en"),
        ("How much was cut from the budget of Otorita IKN?", "en"),
        ("Pemilih Kaltim di pilkada lebih banyak daripada di Pemilu?", "id"),
        ("Apa itu The Jakarta Post?", "id"),
        ("Kenapa warga was-was?", "id"),
        ("Isran Noor", "id"),
        ("", "id"),
    ],
)
def test_language_of_a_question(question, language):
    assert question_language(question) == language
