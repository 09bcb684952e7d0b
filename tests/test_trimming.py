"""A short answer is the figure or date, and what says how it is meant."""

from __future__ import annotations

import pytest

from assistant.reading.features import candidates
from assistant.reading.trimming import trimmed
from index.questions import parse_question
from index.types import Article, Chunk, Passage


@pytest.mark.parametrize(
    ("question", "seen", "kept"),
    [
        ("Berapa jarak pasar dari kota?", "30 kilometer dari kota", "30 kilometer"),
        ("Berapa kedalaman waduk?", "kedalaman 10 meter", "10 meter"),
        ("Berapa warga yang mengungsi?", "lebih dari 1.000 warga", "lebih dari 1.000 warga"),
        ("Berapa warga yang mengungsi?", "mencapai sekitar 200 warga", "sekitar 200 warga"),
        ("Berapa suhu di puncak?", "minus 5 derajat", "minus 5 derajat"),
        ("Berapa warga yang mengungsi?", "tidak sampai 100 orang", "tidak sampai 100 orang"),
        ("Berapa persen harganya?", "setengah dari 40 persen", "setengah dari 40 persen"),
        ("Berapa anggaran rapat itu?", "60 hari kerja Rp3 miliar", "60 hari kerja Rp3 miliar"),  # two figures
        ("Berapa anggaran pasar?", "Rp6 triliun di tahun 2018", "Rp6 triliun"),
        ("Menit berapa gol itu?", "menit ke-68", "menit ke-68"),
        ("Kapan pasar dibuka?", "2015 di bawah Rina Lestari", "2015"),
        ("Kapan pasar dibuka?", "akhir musim 2020", "akhir musim 2020"),
        ("Kapan rapat itu?", "Seruni, Senin (7/8)", "Senin (7/8)"),
        ("Kapan rapat itu?", "Senin malam, 7 Agustus 2023", "Senin malam, 7 Agustus 2023"),
        ("Siapa yang hadir?", "Rina Lestari di Seruni", "Rina Lestari di Seruni"),
    ],
)
def test_what_is_left_of_a_short_answer(question: str, seen: str, kept: str) -> None:
    article = Article(title="Kabar", text=f"Warga berkata {seen} cukup.")
    passage = Passage(article=article, chunk=Chunk(article.id, 0, 0, len(article.text)), score=1.0)
    (sentence,) = candidates([passage])
    at = article.text.index(seen)
    found = trimmed(parse_question(question), sentence, (at, at + len(seen)))
    assert article.text[slice(*found)] == kept
