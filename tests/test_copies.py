"""Wire copies: found whatever newsrooms do to them, never at the price of a fact."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from assistant import Assistant
from assistant.rendering import answer_html, answer_markdown, answer_text
from assistant.wording import copies_label
from benchmarks.copies import edited, follow_up, measured
from index.copies import bands, carries, copies_of
from index.reading import read_articles
from index.reading.dates import WIB
from index.store import ArticleIndex
from index.types import Article, Chunk, Filter, Passage
from tests.encoders import HashingEncoder

SEEDS = [item for item in read_articles(Path(__file__).parents[1] / "seeds") if isinstance(item, Article)]
WIRE = replace(
    SEEDS[0],
    title="Jembatan Baru Dibuka",
    source="",
    url=None,
    publisher="ANTARA",
    published=datetime(2024, 10, 7, 9, 0, tzinfo=WIB),
    text=(
        "Pemerintah Kota Samarinda membuka jembatan baru di atas Sungai Mahakam, Senin (7/10), setelah pengerjaan "
        "selama dua tahun. Jembatan sepanjang 420 meter itu menelan biaya Rp310 miliar dari anggaran daerah.\n\n"
        "Wali Kota Samarinda mengatakan jembatan akan mengurangi kemacetan di pusat kota hingga sepertiganya. Truk "
        "bermuatan lebih dari delapan ton belum boleh melintas sampai jalan pendekat selesai diaspal.\n\n"
        "Warga Kecamatan Palaran menyambut pembukaan itu dengan pawai perahu. Mereka sebelumnya harus memutar sejauh "
        "sembilan kilometer untuk menyeberang."
    ),
)


def copy(publisher: str, text: str = WIRE.text, hours: int = 1) -> Article:
    assert isinstance(WIRE.published, datetime)
    return replace(WIRE, publisher=publisher, text=text, published=WIRE.published + timedelta(hours=hours))


KOMPAS = copy("Kompas.com", "SAMARINDA, KOMPAS.com - " + WIRE.text.replace("(7/10)", "(7/10/2024)"), 2)
TEMPO = copy("Tempo", WIRE.text.replace("\n\n", "\n\nBaca juga: Daftar 12 Proyek Jembatan di Kalimantan\n\n", 1), 3)
DETIK = copy("detikcom", WIRE.text.replace("mengatakan jembatan", "menyebut jembatan itu").replace("harus ", ""), -1)
LATER = copy("Kompas.com", WIRE.text.replace("420 meter", "415 meter"), 5)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as opened:
        yield opened


def test_five_outlets_tell_a_story_once(index: ArticleIndex) -> None:
    for article in (KOMPAS, TEMPO, WIRE, DETIK, *SEEDS):  # one call each: found across calls, not in a batch
        index.add([article])
    passages = index.retrieve("jembatan 420 meter pawai perahu Palaran", 10)
    first = passages[0]
    assert first.article.id == WIRE.id  # the agency's, though DETIK's is earlier
    assert [one.id for one in first.copies] == [DETIK.id, KOMPAS.id, TEMPO.id]
    told = [one for one in passages if one.article.title == WIRE.title]
    assert len({one.text for one in told}) == len(told)
    assert all(one.article.id == WIRE.id for one in told)
    assert len(passages) == 10  # what was folded makes room
    assert first.to_dict()["copies"][0]["publisher"] == "detikcom"


def test_a_batch_is_compared_within_itself(index: ArticleIndex) -> None:
    index.add([KOMPAS, WIRE, TEMPO])
    assert {one.id for one in index.retrieve("jembatan", 1)[0].copies} == {KOMPAS.id, TEMPO.id}


def test_without_the_agency_the_earliest_stands_first(index: ArticleIndex) -> None:
    index.add([TEMPO, DETIK, KOMPAS])
    (first, *_) = index.retrieve("jembatan Samarinda 420 meter", 3)
    assert (first.article.id, [one.id for one in first.copies]) == (DETIK.id, [KOMPAS.id, TEMPO.id])


def test_another_figure_is_another_story(index: ArticleIndex) -> None:
    index.add([WIRE, LATER])
    found = {one.article.id: one for one in index.retrieve("panjang jembatan meter", 4) if "meter itu" in one.text}
    assert set(found) == {WIRE.id, LATER.id}
    assert all(not one.copies for one in found.values())


def test_what_a_follow_up_repeats_is_folded_and_its_news_is_not(index: ArticleIndex) -> None:
    news = "Polisi menutup jembatan itu pada Rabu malam karena retakan sepanjang 3 meter. "
    later = copy(
        "Suara", news + "Penutupan berlaku sampai tim Universitas Mulawarman selesai memeriksa.\n\n" + WIRE.text, 48
    )
    index.add([WIRE, later])
    passages = index.retrieve("jembatan retakan ditutup polisi", 10)
    assert any("retakan" in one.text and one.article.id == later.id and not one.copies for one in passages)


def test_a_filter_holds_for_copies_too(index: ArticleIndex) -> None:
    index.add([WIRE, KOMPAS, TEMPO])
    (first, *_) = index.retrieve("jembatan", 3, filter=Filter(publishers=frozenset({"Tempo", "Kompas.com"})))
    assert (first.article.publisher, [one.publisher for one in first.copies]) == ("Kompas.com", ["Tempo"])
    (first, *_) = index.retrieve("jembatan", 3, filter=Filter(publishers=frozenset({"Tempo"})))
    assert (first.article.publisher, first.copies) == ("Tempo", ())


def test_a_removed_article_is_a_copy_no_more(index: ArticleIndex, tmp_path: Path) -> None:
    index.add([WIRE, KOMPAS, TEMPO])
    index.remove(WIRE.id)
    index.add(SEEDS)  # takes the freed row
    (first, *_) = index.retrieve("jembatan 420 meter pawai perahu Palaran", 3)
    assert (first.article.id, [one.id for one in first.copies]) == (KOMPAS.id, [TEMPO.id])
    index.add([WIRE])
    assert index.retrieve("jembatan 420 meter pawai perahu Palaran", 3)[0].article.id == WIRE.id
    for article in (WIRE, KOMPAS, TEMPO):
        index.remove(article.id)
    with index._archive.connection() as connection:
        filed = connection.execute("SELECT count(*) FROM bands").fetchone()[0]
        known = connection.execute("SELECT count(*) FROM stories").fetchone()[0]
    assert filed == 42 * known


def test_an_article_between_two_stories_joins_them(index: ArticleIndex) -> None:
    first, second, third = (replace(one, publisher="Suara", source="") for one in SEEDS[:3])
    index.add([first, second])
    index.add([replace(third, title="Rangkuman", text=f"{first.text}\n\n{second.text}", published=date(2026, 1, 1))])
    for article in (first, second):
        (passage, *_) = index.retrieve(article.text[:200], 1)
        assert (passage.article.id, [one.title for one in passage.copies]) == (article.id, ["Rangkuman"])


def test_many_copies_leave_room_for_others(index: ArticleIndex) -> None:
    outlets = [copy(f"Warta {n}", f"WARTA{n}.COM - " + WIRE.text, n + 1) for n in range(20)]
    index.add([*outlets, WIRE, *SEEDS])
    passages = index.retrieve("jembatan 420 meter pawai perahu Palaran", 5)
    assert len({one.text for one in passages}) == 5
    assert len(passages[0].copies) == 20


def test_a_story_has_an_end(index: ArticleIndex) -> None:
    index.add([copy(f"Warta {n}", f"WARTA{n}.COM - " + WIRE.text, n + 1) for n in range(70)])
    with index._archive.connection() as connection:
        sizes = connection.execute("SELECT count(*) FROM stories GROUP BY story ORDER BY 1").fetchall()
    assert sizes == [(22,), (24,), (24,)]
    assert len(index.retrieve("jembatan 420 meter pawai perahu Palaran", 1)[0].copies) in (21, 23)


def test_short_texts_are_never_copies() -> None:
    assert bands("Hujan turun di Samarinda sejak pagi.") == ()
    assert bands("") == ()
    assert not carries("Hujan turun di Samarinda.", "")


def test_the_keys_stay_the_same() -> None:
    """They are stored: another library version that computes others must not pass unnoticed."""
    keys = bands(WIRE.text)
    assert len(keys) == len(set(keys)) == 42
    assert keys[0] == -7195254736341672405
    assert bands(KOMPAS.text) == bands(TEMPO.text) == keys


@pytest.mark.parametrize(
    "changed",
    [
        WIRE.text.replace("420", "240"),
        WIRE.text.replace("delapan", "sepuluh"),
        WIRE.text.replace("Kecamatan Palaran", "Kecamatan Sambutan"),
        WIRE.text + " Polisi menahan seorang pekerja yang mencuri baut pagar.",
    ],
)
def test_a_changed_fact_or_a_new_sentence_is_no_copy(changed: str) -> None:
    assert not carries(WIRE.text, changed)


@pytest.mark.parametrize("rate", [0.0, 0.1, 0.2])
def test_precision_and_recall_on_edited_seeds(rate: float) -> None:
    stories, passages = measured(SEEDS, rate, 1)
    assert stories.mistaken == passages.mistaken == 0
    assert stories.found >= 0.95 * stories.copies
    assert passages.found >= {0.0: 1.0, 0.1: 0.93, 0.2: 0.7}[rate] * passages.copies
    assert passages.others > 30


def test_the_edits_are_edits() -> None:
    copy = edited(SEEDS[0], 0.2, "Warta Lain", 1)
    assert copy.id != SEEDS[0].id
    assert "Baca juga" in copy.text
    assert len(set(copy.text.split()) - set(SEEDS[0].text.split())) > 5
    assert SEEDS[1].text.split("\n\n")[0] in follow_up(SEEDS[0], SEEDS[1], "Warta Lain").text


# ---- in answers


def test_an_answer_says_who_else_printed_it(tmp_path: Path) -> None:
    with ArticleIndex.open(tmp_path / "index") as index:
        index.add([WIRE, KOMPAS, TEMPO, DETIK])
        answer = Assistant(index).ask("Berapa meter panjang jembatan baru di Samarinda?")
    assert answer.found
    first = answer.citations[0]
    assert (first.article.publisher, [one.publisher for one in first.copies]) == (
        "ANTARA",
        ["detikcom", "Kompas.com", "Tempo"],
    )
    also = "(juga di detikcom, Kompas.com dan Tempo)"
    for shown in (answer.text, answer_text(answer), answer_html(answer)):
        assert also in shown
    assert "juga di detikcom" in answer_markdown(answer)
    assert [one["publisher"] for one in answer.to_dict()["citations"][0]["copies"]] == [
        "detikcom",
        "Kompas.com",
        "Tempo",
    ]
    assert len({citation.quote for citation in answer.citations}) == len(answer.citations)


def test_a_copy_without_the_quotation_does_not_carry_it() -> None:
    """The passage is carried; this sentence of it, rewritten beyond recognition, is not."""
    sentence = "Mereka sebelumnya harus memutar sejauh sembilan kilometer untuk menyeberang."
    start = WIRE.text.index(sentence)
    without = copy("Warta", WIRE.text.replace(sentence, ""))
    passage = Passage(article=WIRE, chunk=Chunk(WIRE.id, 0, 0, len(WIRE.text)), score=1.0, copies=(KOMPAS, without))
    assert copies_of(passage, start, len(WIRE.text)) == (KOMPAS,)


@pytest.mark.parametrize(
    ("publishers", "label"),
    [
        ([], ""),
        (["ANTARA"], ""),
        (["Tempo"], " (juga di Tempo)"),
        (["Tempo", "Tempo", "Kompas.com"], " (juga di Tempo dan Kompas.com)"),
        ([f"W{n}" for n in range(7)], " (juga di W0, W1, W2, W3 dan 3 lainnya)"),
    ],
)
def test_who_else_printed_it_in_words(publishers: list[str], label: str) -> None:
    assert copies_label(WIRE, [copy(name) for name in publishers], "id") == label
