"""Of several figures in a sentence the one that belongs to what is asked."""

from __future__ import annotations

import pytest

from assistant.reading.enumerations import belonging
from assistant.reading.features import candidates
from index.questions import parse_question
from index.types import Article, Chunk, Passage

AGES = "Batas usianya 25 tahun untuk S1, 35 tahun untuk S2, dan 40 tahun untuk S3."
ATHLETES = "Panitia mengirim 10 atlet putra dan delapan atlet putri ke Seruni."
VOTERS = "Pemilih terbanyak di Tirta (613.202 orang), Seruni (552.600 orang), dan Lestari (521.133 orang)."


@pytest.mark.parametrize(
    ("question", "text", "seen", "meant"),
    [
        ("Berapa batas usia untuk S2?", AGES, "25 tahun", "35 tahun"),
        ("Berapa batas usia untuk S3?", AGES, "25 tahun", "40 tahun"),
        ("Berapa batas usia untuk S1?", AGES, "25 tahun", "25 tahun"),
        ("Berapa batas usianya?", AGES, "25 tahun", "25 tahun"),
        ("Berapa batas usia untuk S2 dan S3?", AGES, "25 tahun", "25 tahun"),  # two are asked
        ("Berapa atlet putri yang dikirim?", ATHLETES, "10 atlet putra", "delapan atlet"),
        ("Berapa pemilih di Seruni?", VOTERS, "613.202 orang", "552.600 orang"),
        (
            "Berapa nilai rumah di Jalan Melati?",
            "Rumah di Jalan Kenanga seharga Rp2 miliar, dan nomor 19 di Jalan Melati.",
            "Rp2 miliar",
            "Rp2 miliar",  # the other figure is no sum
        ),
        # How the sentence ends is about all its parts.
        (
            "Berapa orang tewas akibat banjir di Seruni?",
            "Sebanyak 12 orang meninggal dan 30 orang luka akibat banjir di Seruni.",
            "12 orang",
            "12 orang",
        ),
        ("Berapa korban jiwa di Seruni?", "Ada 12 orang tewas dan 30 orang luka di Seruni.", "12 orang", "12 orang"),
        (
            "Berapa atlet dari Tirta?",
            "Panitia mencatat 10 atlet dari Seruni dan 12 atlet dari Tirta di hotel.",
            "10 atlet",
            "12 atlet",
        ),
        ("Apa yang dikirim ke Seruni?", ATHLETES, "10 atlet putra", "10 atlet putra"),
    ],
)
def test_the_figure_that_is_meant(question: str, text: str, seen: str, meant: str) -> None:
    article = Article(title="Kabar", text=f"Rapat dibuka.\n\n{text}")
    passage = Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)
    sentence = candidates([passage])[1]
    at = article.text.index(seen)
    found = belonging(parse_question(question), sentence, (at, at + len(seen)))
    assert article.text[slice(*found)] == meant
