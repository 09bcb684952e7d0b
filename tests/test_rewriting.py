"""Follow-up questions made to stand alone; questions with their own topic left alone."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.rewriting import standalone_question
from assistant.types import Citation, Turn
from index.types import Article

OPENING = Turn("Kapan Jembatan Muara ditutup?", "Senin, 7 Oktober 2024.")
GOVERNOR = Turn(
    "Siapa gubernur Kaltim?", "Wirya Kusuma. [1]\n\n“Wirya Kusuma dilantik Senin.” [1] — Kabar, 7 Oktober 2024"
)
VOTES = Turn("Berapa suara Arman-Yusuf di Muara Ulu?", "11.000 suara")
VOTERS = Turn("Berapa pemilih tetap di Samarinda pada 2024?", "600.000 orang")
BUDGET = Turn("Berapa anggaran Otorita Muara yang disetujui Basri pada 3 Februari 2025?", "Rp8 miliar")
REFUSED = Turn(
    "Siapa pendamping Wirya Kusuma?", "Jawabannya tidak ada dalam artikel-artikel ini.\n\nIndeks memuat Kabar Muara."
)
CAPITAL = Turn("Who leads the Muara Capital Authority?", "Wirya Kusuma.")
QUOTED = "“Presiden Bayu Segara melantik Wirya Kusuma dan Melati Sari di Kaltim.” [1] — Kabar, 7 Oktober 2024"
BRIDGE = Turn("When was the Muara Bridge opened?", "In 1986.")


@pytest.mark.parametrize(
    ("history", "question", "standalone"),
    [
        # references
        (GOVERNOR, "Dia lahir di mana?", "Wirya Kusuma lahir di mana?"),
        (GOVERNOR, "Kapan ia dilantik?", "Kapan Wirya Kusuma dilantik?"),
        (GOVERNOR, "Partainya apa?", "Partai Wirya Kusuma apa?"),
        (REFUSED, "Dia lahir di mana?", "Wirya Kusuma lahir di mana?"),
        (OPENING, "Panjangnya berapa?", "Panjang Jembatan Muara berapa?"),
        (OPENING, "Apakah jembatan itu aman?", "Apakah jembatan Muara aman?"),
        (OPENING, "Apa alasannya?", "Apa alasan Jembatan Muara ditutup?"),
        (OPENING, "Menurut Basri, biayanya berapa?", "Menurut Basri, biaya Jembatan Muara berapa?"),
        (OPENING, "Itu di mana?", "Jembatan Muara di mana?"),
        (VOTES, "Terus lawannya dapat berapa di sana?", "Lawan Arman-Yusuf dapat berapa di Muara Ulu?"),
        (
            Turn("Kapan Wirya Kusuma dan Melati Sari dilantik?"),
            "Mereka lahir di mana?",
            "Wirya Kusuma dan Melati Sari lahir di mana?",
        ),
        (VOTES, "Mereka didukung partai apa?", "Arman-Yusuf didukung partai apa?"),
        (
            BUDGET,
            "Lalu sembilan hari kemudian anggarannya dipotong berapa?",
            "Sembilan hari setelah 3 Februari 2025 anggaran Otorita Muara dipotong berapa?",
        ),
        (Turn("Siapa yang hadir di Pesta Muara?", "Warga."), "Kapan acaranya?", "Kapan acara Pesta Muara?"),
        (CAPITAL, "Where was he born?", "Where was Wirya Kusuma born?"),
        (CAPITAL, "What is his party?", "What is Wirya Kusuma's party?"),
        (BRIDGE, "How long is it?", "How long is Muara Bridge?"),
        (Turn("Who visited Balikpapan?", "Basri."), "Was he there?", "Was Basri in Balikpapan?"),
        (
            Turn("Siapa wakil Wirya Kusuma?", "Melati Sari."),
            "Mereka lahir di mana?",
            "Wirya Kusuma dan Melati Sari lahir di mana?",
        ),
        # whom of a quotation's people the answer means is not told
        (Turn("Siapa wakil Wirya Kusuma?", QUOTED), "Kapan mereka dilantik?", "Kapan Wirya Kusuma dilantik?"),
        (
            Turn("Siapa wakil gubernur Kaltim?", QUOTED),
            "Kapan dia lahir?",
            "Kapan dia lahir, terkait wakil gubernur Kaltim?",
        ),
        (
            Turn("Siapa atlet terbaik?", "“Pemain terbaik: Melati Sari” [1]"),
            "Dari mana dia?",
            "Dari mana dia, terkait atlet terbaik?",
        ),
        # another name in the last question
        (VOTERS, "Bagaimana dengan Balikpapan?", "Berapa pemilih tetap di Balikpapan pada 2024?"),
        (VOTERS, "Kalau di Balikpapan?", "Berapa pemilih tetap di Balikpapan pada 2024?"),
        (VOTERS, "Balikpapan?", "Berapa pemilih tetap di Balikpapan pada 2024?"),
        (VOTERS, "Dan untuk tahun 2019?", "Berapa pemilih tetap di Samarinda pada 2019?"),
        (VOTES, "Bagaimana dengan Wirya-Melati?", "Berapa suara Wirya-Melati di Muara Ulu?"),
        (BRIDGE, "What about the Ulu Bridge?", "What about the Ulu Bridge?"),
        (
            Turn("How many voters are there in Ulu?"),
            "What about Balikpapan?",
            "How many voters are there in Balikpapan?",
        ),
        (
            Turn("Berapa pemilih KPU Samarinda pada Pilkada 2024?", "600.000 orang"),
            "Bagaimana dengan Balikpapan?",
            "Berapa pemilih KPU Balikpapan pada Pilkada 2024?",
        ),
        # one of several
        (
            Turn("Siapa saja calonnya?", "Wirya Kusuma, Melati Sari, dan Bayu Segara. [1]"),
            "Yang kedua dari partai apa?",
            "Melati Sari dari partai apa?",
        ),
        (
            Turn("Siapa saja calonnya?", "Wirya Kusuma dan Melati Sari. [1]"),
            "Dan yang terakhir, lahir di mana?",
            "Melati Sari, lahir di mana?",
        ),
        (
            Turn("Siapa calonnya?", "Wirya Kusuma. [1]"),
            "Kapan terakhir kali dia hadir?",
            "Kapan terakhir kali Wirya Kusuma hadir?",
        ),
        # a question word alone
        (OPENING, "kenapa?", "Kenapa Jembatan Muara ditutup?"),
        (BRIDGE, "Why?", "Why was the Muara Bridge opened?"),
        (
            Turn("Siapa yang menabrak Jembatan Muara?", "Tongkang Biru."),
            "Kapan?",
            "Kapan Tongkang Biru menabrak Jembatan Muara?",
        ),
        # something left out
        (GOVERNOR, "Terus kapan dilantik?", "Kapan Wirya Kusuma dilantik?"),
        (OPENING, "Berapa lama?", "Berapa lama, terkait Jembatan Muara ditutup?"),
        (OPENING, "Siapa pemilik kapal itu?", "Siapa pemilik kapal itu, terkait Jembatan Muara ditutup?"),
        (
            Turn("kapan jembatan muara dibangun?"),
            "biayanya berapa?",
            "Biayanya berapa, terkait jembatan muara dibangun?",
        ),
    ],
)
def test_follow_ups(history: Turn, question: str, standalone: str) -> None:
    assert standalone_question(question, [history]) == standalone


@pytest.mark.parametrize(
    "question",
    [
        "Siapa gubernur Jawa Timur?",
        "Berapa korban gempa di Lombok?",
        "Apa itu Gratispol?",
        "Kapan Wirya Kusuma dan wakilnya dilantik?",
        "Rudi lahir di mana dan siapa istrinya?",
        "Apa yang biasanya dilakukan warga saat banjir?",
        "Berapa jumlah pemilih tetap dalam pemilihan gubernur?",
        "Siapa pemain putri terbaik?",
        "Did Basri say that he would resign?",
        "Terima kasih banyak",
        "Halo",
    ],
)
@pytest.mark.parametrize("turn", [OPENING, GOVERNOR, VOTES, VOTERS])
def test_a_question_with_its_own_topic_stays_as_it_is(question: str, turn: Turn) -> None:
    assert standalone_question(question, [turn]) == question


@pytest.mark.parametrize("lead", ["Lalu", "Dan", "Terus"])
def test_a_question_that_goes_on_keeps_the_topic(lead: str) -> None:
    asked = standalone_question(f"{lead} berapa total biaya pembangunan?", [GOVERNOR])
    assert asked.startswith("Berapa total biaya pembangunan, terkait ")


def test_a_connective_before_a_new_topic_is_dropped() -> None:
    assert standalone_question("Terus siapa gubernur Jawa Timur?", [GOVERNOR]) == "Siapa gubernur Jawa Timur?"


def test_references_reach_back_through_the_conversation() -> None:
    history = [GOVERNOR, Turn("Kapan dia dilantik?", "20 Februari 2025")]
    assert standalone_question("Umurnya berapa?", history) == "Umur Wirya Kusuma berapa?"
    history.append(Turn("Umurnya berapa?", "43 tahun"))
    assert standalone_question("Siapa istri dia?", history) == "Siapa istri Wirya Kusuma?"


def test_the_answer_is_what_the_question_did_not_name() -> None:
    turn = Turn("Siapa wali kota Samarinda?", "Wali kota Samarinda adalah Melati Sari [1].")
    assert standalone_question("Dia lahir kapan?", [turn]) == "Melati Sari lahir kapan?"


@pytest.mark.parametrize("question", ["Dia lahir di mana?", " kenapa? ", ""])
def test_the_first_question_stays_as_it_is(question: str) -> None:
    assert standalone_question(question, []) == question
    assert standalone_question(question, [Turn("  ")]) == question


def test_the_person_in_the_cited_words_is_meant_by_the_fullest_name() -> None:
    text = "Ketua panitia Wirya Kusuma mengatakan lomba ditunda. Menurut Wirya, hujan terlalu deras."
    article = Article(title="Lomba", text=text)
    turn = Turn(
        "Siapa yang menunda lomba?",
        "“Menurut Wirya, hujan terlalu deras.” [1]",
        (Citation(number=1, article=article, start=text.index("Menurut"), end=len(text)),),
    )
    assert standalone_question("Dia lahir di mana?", [turn]) == "Wirya Kusuma lahir di mana?"


WORDS = (
    "dia|itu|mereka|nya|panjangnya|Terus|kenapa|?|Bagaimana dengan|Kalau|di sana|Muara|Jembatan|2019|siapa|siapa yang|,"
    "|[1]|it|his|dua hari kemudian|Wirya|berapa"
)
QUESTIONS = st.lists(st.sampled_from(WORDS.split("|")), max_size=8).map(" ".join) | st.text(max_size=30)


@given(question=QUESTIONS, history=st.lists(st.builds(Turn, QUESTIONS, QUESTIONS), max_size=5))
def test_any_conversation_gives_a_question(question: str, history: list[Turn]) -> None:
    standalone = standalone_question(question, history)
    assert bool(standalone.strip()) == bool(question.strip())
    assert standalone == standalone_question(question, history)


def test_the_bundled_follow_ups_name_what_they_are_about() -> None:
    path = Path(__file__).parents[2] / "shared" / "seeds-articles" / "QUESTIONS.jsonl"
    if not path.exists():
        pytest.skip(f"{path} is not there")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    follow_ups = [row for row in rows if row.get("history")]
    assert follow_ups
    for row in follow_ups:
        history = [Turn(**turn) for turn in row["history"]]
        assert standalone_question(row["question"], history) != row["question"]
