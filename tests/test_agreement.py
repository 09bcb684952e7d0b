"""What a question asks for must be in the articles: names, figures, and the thing asked for itself."""

from __future__ import annotations

from datetime import date

import pytest

from assistant.reader import Reader
from assistant.reading.agreement import (
    answers_kind,
    likely_meant,
    respelled,
    speaks_of_another,
    tells_of_life,
    unmentioned,
)
from assistant.reading.asked_for import thing_asked_for
from index.questions import parse_question
from index.types import Article, Chunk, Passage

TEXT = (
    "Badan Pengelola Pelabuhan membuka dermaga baru di Pulau Sembilan.\n\n"
    "Dermaga itu menelan biaya Rp12 miliar dan diresmikan Bupati Ardi Wirawan."
)
ARTICLE = Article(title="Dermaga Pulau Sembilan Dibuka", text=TEXT, published=date(2023, 5, 2))


def whole(article: Article = ARTICLE) -> list[Passage]:
    return [Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)]


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Siapa yang meresmikan dermaga di Pulau Sembilan?", ()),
        ("Siapa yang meresmikan dermaga di Pulau Seribu?", ("Seribu",)),
        ("Berapa biaya dermaga itu?", ()),
        ("Berapa biaya dermaga pada 2023?", ()),  # the article's own year
        ("Berapa biaya dermaga pada 2027?", ("2027",)),
        ("Apa yang dibuka BPP?", ()),  # the initials of Badan Pengelola Pelabuhan
        ("Apa yang dibuka KPU?", ("KPU",)),
        ("Kapan dermaga dibuka, bulan Agustus?", ()),  # months are written in too many ways
        ("Duit berapa yang dipakai?", ()),
        ("Berapa duit untuk dermaga itu?", ()),
        ("Who opened the pier at Nine Island?", ()),
        ("Who opened the pier, Ardi Wirawan?", ()),
        ("When did Sutrisno open the pier?", ("Sutrisno",)),
        ("How much did the pier cost in 2027?", ("2027",)),
        ("SIAPA MERESMIKAN BANDARA?", ()),
        ("Siapa yang meresmikan dermaga pada 2 Mei 2023?", ()),  # the day of the article
        ("Siapa yang meresmikan dermaga pada 2/5/2023?", ()),
        ("Siapa yang meresmikan dermaga pada 3 Mei 2023?", ("3 Mei 2023",)),
        ("Apa yang diresmikan pada Mei 2022?", ("Mei 2022",)),
        ("Apa jabatan Ardi Wirawam?", ()),  # one letter off
        ("Apa jabatan Ardi Wirahadi?", ("Wirahadi",)),
    ],
)
def test_what_no_article_mentions(question: str, missing: tuple[str, ...]) -> None:
    assert unmentioned(parse_question(question), whole()) == missing


def test_misspelt_names_are_read_as_the_articles_write_them_and_others_suggested() -> None:
    assert respelled("Apa jabatan Ardi Wirawam?", whole()) == {"Wirawam": "Wirawan"}
    assert respelled("Apa jabatan Ardi Wirawan?", whole()) == {}
    assert respelled("Siapa yang lahir di Sembilang?", whole()) == {"Sembilang": "Sembilan"}
    assert likely_meant(["Wirawatan", "gaji", "2027", "Sukarno"], whole()) == {"Wirawatan": "Wirawan"}


@pytest.mark.parametrize(
    ("question", "answer", "fits"),
    [
        ("Kapan dermaga dibuka?", "2 Mei 2023", True),
        ("Kapan dermaga dibuka?", "setelah Lebaran", True),
        ("Kapan dermaga dibuka?", "Bupati Ardi Wirawan", False),
        ("Berapa biaya dermaga itu?", "Rp12 miliar", True),
        ("Berapa biaya dermaga itu?", "Pulau Sembilan", False),
        ("Berapa biaya dermaga itu?", "12 tahun", False),
        ("Berapa jumlah dermaga?", "dua belas", True),
        ("Berapa persen yang rusak?", "12 meter", False),
        ("Jam berapa dibuka?", "pukul 09.00", True),
        ("Siapa yang meresmikan, dan kapan?", "Ardi Wirawan", True),
        ("Siapa yang meresmikan?", "2 Mei 2023", True),  # who that is cannot be told from the words
    ],
)
def test_the_kind_of_a_short_answer(question: str, answer: str, fits: bool) -> None:
    assert answers_kind(parse_question(question), answer) is fits


@pytest.mark.parametrize(
    ("question", "missing"),
    [
        ("Berapa gaji Bupati Ardi Wirawan?", ("gaji",)),
        ("Siapa nama istri Ardi Wirawan?", ("istri",)),
        ("Berapa biaya dermaga itu?", ()),
        ("Berapa lama dermaga itu dibangun?", ()),
        ("Berapa ekor sapi yang diangkut?", ()),
        ("Siapa Presiden Amerika?", ()),  # a name, and no thing
        ("Apakah Ardi Wirawan pernah menjadi Bupati Kutai Barat?", ("Bupati Kutai Barat",)),
        ("Apakah Ardi Wirawan calon Bupati Kutai Barat?", ()),
        ("How much salary does he get?", ()),
    ],
)
def test_the_thing_asked_for(question: str, missing: tuple[str, ...]) -> None:
    assert thing_asked_for(parse_question(question), whole()) == missing


@pytest.mark.parametrize(
    ("text", "missing"),
    [
        ("Gubernur Kalimantan Timur Ardi Wirawan dan Wakil Gubernur Rina Lestari hadir.", ()),
        ("Ardi Wirawan dilantik di Kaltim, dan Rina Lestari sebagai wakil gubernur.", ()),
        ("Gubernur Kalimantan Timur Ardi Wirawan hadir.", ("wakil gubernur Kaltim",)),
        ("Wakil Gubernur Jawa Barat Rina Lestari hadir di Kaltim.", ("wakil gubernur Kaltim",)),
        ("Gubernur dan wakil gubernur dari 33 provinsi hadir, juga Kaltim.", ("wakil gubernur Kaltim",)),
    ],
)
def test_an_office_is_spoken_of_with_its_place_or_its_holder(text: str, missing: tuple[str, ...]) -> None:
    told = Article(title="Rapat", text=text)
    assert thing_asked_for(parse_question("Siapa wakil gubernur Kaltim?"), whole(told)) == missing


@pytest.mark.parametrize("office", ["Gubernur Kaltim", "Gubernur Kalimantan Timur"])
def test_an_office_may_be_written_with_the_short_name_of_its_province(office: str) -> None:
    told = Article(title="Rapat", text=f"{office} dan para bupati hadir, antara lain dari Paser.")
    assert thing_asked_for(parse_question("Apakah Gubernur Kaltim hadir?"), whole(told)) == ()
    assert thing_asked_for(parse_question("Apakah Gubernur Kalimantan Timur hadir?"), whole(told)) == ()
    assert thing_asked_for(parse_question("Apakah Bupati Paser hadir?"), whole(told)) == ("Bupati Paser",)


def test_an_office_is_neither_its_deputy_nor_its_candidate() -> None:
    asked = parse_question("Siapa Bupati Paser?")
    for other in ("Wakil Bupati Paser", "Calon Bupati Paser"):
        told = Article(title="Rapat", text=f"{other} Bayu Segara hadir.")
        assert thing_asked_for(asked, whole(told)) == ("Bupati Paser",)
    told = Article(title="Rapat", text="Walikota Surakarta Bayu Segara hadir.")
    assert thing_asked_for(parse_question("Siapa Wali Kota Surakarta?"), whole(told)) == ()


def test_any_of_the_articles_will_do() -> None:
    other = Article(title="Kabar lain", text="Gaji bupati diumumkan pekan ini.")
    assert thing_asked_for(parse_question("Berapa gaji Bupati Ardi Wirawan?"), whole() + whole(other)) == ()


def test_what_may_be_about_another_is_not_cited_beside_the_answer() -> None:
    rival = "Bayu Segara mendaftar pada Senin.\n\nPasangan ini didukung 12 partai, yaitu Ombak, Karang, dan Pasir."
    own = "Ardi Wirawan hadir. Bukit mencalonkan dia."
    evidence = (
        Reader(threshold=0.0)
        .read(
            "Partai apa saja yang mendukung Ardi Wirawan?",
            whole(Article(title="Pendaftaran", text=own)) + whole(Article(title="Kabar", text=rival)),
        )
        .evidence
    )
    assert [one.text for one in evidence] == ["Ardi Wirawan hadir.", "Bukit mencalonkan dia."]


def test_an_answer_in_other_words_must_look_very_likely() -> None:
    reader = Reader(threshold=0.0)
    text = "Juru bicara komisi, Rina Lestari, mengumumkan banding perkara pasar ikan pada Senin."
    told = Article(title="Komisi umumkan banding perkara pasar ikan", text=text, published=date(2024, 5, 2))
    assert reader.read("Siapa jubir komisi yang mengumumkan banding perkara pasar ikan?", whole(told)).found
    assert reader.read("Berapa biaya dermaga itu?", whole()).found
    refused = reader.read("Berapa gaji Bupati Ardi Wirawan?", whole())
    assert not refused.found
    assert refused.unmentioned == ("gaji",)
    assert refused.evidence


def test_a_later_passage_is_read_with_the_first_paragraph_and_keeps_its_offsets() -> None:
    start = TEXT.index("Dermaga itu")
    later = [Passage(article=ARTICLE, chunk=Chunk(ARTICLE.id, 1, start, len(TEXT)), score=1.0)]
    best = Reader().read("Berapa biaya dermaga Pulau Sembilan?", later).evidence[0]
    assert best.text == TEXT[start:]
    assert best.span is not None
    assert TEXT[slice(*best.span)] == "Rp12 miliar"


def test_a_passage_behind_much_unbroken_text_is_still_read() -> None:
    before = "Cuaca di pelabuhan cerah dan ombak tenang. " * 100
    article = Article(title="Dermaga", text=before + TEXT.replace("\n\n", " "))
    later = [Passage(article=article, chunk=Chunk(article.id, 9, len(before), len(article.text)), score=1.0)]
    best = Reader().read("Berapa biaya dermaga di Pulau Sembilan?", later).evidence[0]
    assert best.span is not None
    assert article.text[slice(*best.span)] == "Rp12 miliar"


PAIRS = Article(
    title="Dua pasangan mendaftar di Seruni",
    text=(
        "Rina-Bayu dan Tono-Sari mendaftar. Tono memimpin partai di kota itu. Pasangan ini didukung Partai Ombak dan "
        "Partai Layar."
    ),
)


@pytest.mark.parametrize(
    ("question", "another"),
    [
        ("Partai apa saja yang mendukung Rina-Bayu?", True),
        ("Partai apa saja yang mendukung Tono-Sari?", False),
        ("Partai apa saja yang mendukung pasangan di Seruni?", False),  # the title names it
        ("Partai apa saja yang mendukung?", False),
    ],
)
def test_a_sentence_that_takes_up_another_name_is_told(question: str, another: bool) -> None:
    start = PAIRS.text.index("Pasangan ini")
    assert speaks_of_another(parse_question(question), PAIRS, start, len(PAIRS.text)) is another


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("72 tahun", False),
        ("dua pekan", False),
        ("72 tahun lalu", True),
        ("pekan lalu", True),
        ("tahun 1945", True),
        ("awal abad ke-18", True),
        ("Sabtu malam", True),
    ],
)
def test_an_age_is_no_date(text: str, dated: bool) -> None:
    assert answers_kind(parse_question("Kapan Pak Tono meninggal?"), text) is dated


@pytest.mark.parametrize(
    ("question", "sentence", "tells"),
    [
        ("Kapan Rina Lestari lahir?", "Rina lahir di Seruni pada 3 Maret 1961.", True),
        ("Kapan Rina Lestari lahir?", "Rina Lestari (3 Maret 1961 – 7 Mei 2020) adalah pelukis.", True),
        ("Kapan Rina Lestari lahir?", "Rina Lestari dilantik pada 20 Februari 2025.", False),
        ("Kapan Rina Lestari lahir?", "Politikus yang lahir di Seruni itu menang.", False),
        ("Di mana Rina Lestari lahir?", "Politikus yang lahir di Seruni itu menang.", True),
        ("Kapan Rina menikah?", "Rina membuka pasar, Senin (17/11/2025).", False),
        ("Kapan Rina menikah?", "Akad Rina digelar Sabtu pagi.", True),
        ("Kapan wali kota wafat?", "Ia mengembuskan napas terakhir Senin malam.", True),
        ("When was Rina Lestari born?", "Rina dilantik pada 20 Februari 2025.", False),
        ("Kapan pasar dibuka?", "Rina membuka pasar.", True),
        ("Siapa yang meninggal?", "Rina membuka pasar.", True),
    ],
)
def test_when_somebody_was_born_married_or_died_is_told_by_a_sentence_about_that(
    question: str, sentence: str, tells: bool
) -> None:
    assert tells_of_life(parse_question(question), sentence) is tells
