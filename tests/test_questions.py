from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.mentions import mentions
from index.questions import Kind, parse_question


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Siapa wali kota Seruni?", Kind.PERSON),
        ("Who opened the market?", Kind.PERSON),
        ("Siapa itu Ratna Wibisana?", Kind.DEFINITION),
        ("Which case was he handling when he fell?", Kind.OTHER),
        ("What did the minister who resigned say?", Kind.OTHER),
        ("In which city was the man who resigned born?", Kind.PLACE),
        ("Siapa Menteri Keuangan?", Kind.PERSON),
        ("Siapa Menkeu?", Kind.PERSON),
        ("Siapa Raja Wirawan?", Kind.DEFINITION),
        ("Siapa Mentari Wijaya?", Kind.DEFINITION),
        ("Apa yang dimaksud dengan inflasi?", Kind.DEFINITION),
        ("Kapan pasar dibuka?", Kind.DATE),
        ("pasar dibuka tahun berapa", Kind.DATE),
        ("Pukul berapa rapat dimulai?", Kind.TIME),
        ("Di mana rapat digelar?", Kind.PLACE),
        ("Berapa jumlah pedagang?", Kind.NUMBER),
        ("How many traders are there?", Kind.NUMBER),
        ("Berapa biaya renovasi pasar?", Kind.MONEY),
        ("anggaran renovasinya berapa sih", Kind.MONEY),
        ("Berapa persen pedagang yang setuju?", Kind.PERCENT),
        ("Kenapa pedagang menolak?", Kind.REASON),
        ("Buat apa dana itu?", Kind.REASON),
        ("Bagaimana cara mendaftar?", Kind.MANNER),
        ("Apakah pasar sudah dibuka?", Kind.YES_NO),
        ("Truk boleh lewat?", Kind.YES_NO),
        ("Apa nama pasar itu?", Kind.OTHER),
        ("sipa wali kota seruni", Kind.PERSON),
        ("Apa itu program Sapa Warga?", Kind.DEFINITION),
        ("Apa sih nama pasar itu?", Kind.OTHER),
        ("apa sih penyebab banjir?", Kind.REASON),
        ("brp jumlah pedagang sih", Kind.NUMBER),
        ("kpn pasar dibuka", Kind.DATE),
        ("dmn rapat digelar", Kind.PLACE),
        ("knp pedagang nolak", Kind.REASON),
        ("gmn cara daftar", Kind.MANNER),
        ("apkah pasar sudah dibuka?", Kind.YES_NO),
        ("apa sih pasar murah?", Kind.DEFINITION),
        ("Apa sih yang dijual?", Kind.OTHER),
    ],
)
def test_a_question_asks_for_a_kind(question: str, kind: Kind) -> None:
    assert parse_question(question).kind is kind


def test_asking_words_are_no_search_terms() -> None:
    assert parse_question("Siapa sih yang membuka Pasar Lembayung?").terms == ("buka", "pasar", "lembayung")
    assert parse_question("Apa itu?").terms  # never empty where there are words at all


def test_lists_are_asked_for_in_the_plural() -> None:
    assert parse_question("Daerah mana saja yang terendam?").several
    assert not parse_question("Daerah mana yang terendam?").several


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("Dibuka Senin (7/10/2024) pagi.", Kind.DATE, "Senin (7/10/2024)"),
        ("Dibuka pada 3 Maret 2021.", Kind.DATE, "3 Maret 2021"),
        ("Biayanya Rp1,43 triliun saja.", Kind.MONEY, "Rp1,43 triliun"),
        ("Harganya 20 juta rupiah.", Kind.MONEY, "20 juta rupiah"),
        ("Naik 5,03 persen.", Kind.PERCENT, "5,03 persen"),
        ("Rapat mulai pukul 09.30 WITA.", Kind.TIME, "pukul 09.30 WITA"),
        ("Jaraknya 22,4 meter.", Kind.NUMBER, "22,4 meter"),
        ("Ia tiba di Kota Seruni.", Kind.PLACE, "Kota Seruni"),
        ("Hadir pula Ratna Wibisana bersama warga.", Kind.OTHER, "Ratna Wibisana"),
        ("Indonesia menang, dan Andi pulang.", Kind.OTHER, "Indonesia"),
        ("Dian Sari pulang.", Kind.OTHER, "Dian Sari"),
    ],
)
def test_mentions_are_found_whole(text: str, kind: Kind, found: str) -> None:
    assert (kind, found) in [(m.kind, text[m.start : m.end]) for m in mentions(text)]


@given(st.text(alphabet="Aabs 0123456789.,/()%RpJuniMei$-'", max_size=200))
def test_mentions_of_figures_do_not_overlap(text: str) -> None:
    end = 0
    for mention in mentions(text):
        assert end <= mention.start < mention.end <= len(text)
        end = mention.end
