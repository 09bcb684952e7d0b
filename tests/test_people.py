"""Whom an article names: the person behind the office, and never the place that is governed."""

from __future__ import annotations

import pytest

from assistant.people import antecedent, people


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wali Kota Seruni, Rina Lestari, membuka pasar.", ["Rina Lestari"]),
        ("Wali Kota Seruni, Rina Lestari membuka pasar.", ["Rina Lestari"]),
        ("Wali Kota Seruni Rina Lestari membuka pasar di Seruni.", ["Rina Lestari"]),
        ("Wali Kota Seruni membuka pasar. Warga di Seruni senang.", []),
        ("Gubernur Tirta Rina Lestari hadir. Rina pulang. Orang Tirta senang.", ["Rina Lestari", "Rina"]),
        ("Gubernur Rina Lestari Dewi hadir. Rina pulang.", ["Rina Lestari Dewi", "Rina"]),
        ("Pelatih Timnas Seruni mengatakan itu.", []),
        ("Presiden Korea Utara Rina Lestari bertemu Presiden Rusia Bayu Segara.", ["Rina Lestari", "Bayu Segara"]),
        ("Gubernur Jawa Barat Rina Lestari hadir.", ["Rina Lestari"]),
        ("Bupati Kutai Kartanegara Rina Lestari hadir.", ["Rina Lestari"]),
        ("Wali Kota Balikpapan Rina Lestari hadir.", ["Rina Lestari"]),
        ("Camat Samarinda Ulu Rina Lestari hadir. Warga di Samarinda Ulu senang.", ["Rina Lestari"]),
        ("Presiden RI hadir bersama Presiden Amerika Serikat Bayu Segara.", ["Bayu Segara"]),
        ("Gubernur Tanjung Selatan Rina Lestari hadir.", ["Rina Lestari"]),
        ("Bupati Seruni Rina Lestari dan Wakil Bupati Bayu Segara hadir di Seruni.", ["Rina Lestari", "Bayu Segara"]),
        ("Ketua KPU Seruni Bayu Segara memimpin rapat.", ["Bayu Segara"]),
        ("Ketua DPD Partai Ombak Seruni Bayu Segara memimpin rapat.", []),  # where the party's name ends is not told
        ("Kepala Biro Kesejahteraan Rakyat Rina Lestari hadir.", []),
        ("Menteri Keuangan Rina Lestari Dewi hadir.", ["Rina Lestari Dewi"]),
        ("Menteri Kelautan dan Perikanan Rina Lestari hadir.", []),  # where the office ends is not told
        (
            "Presiden Rina Lestari, Wakil Presiden Bayu Segara, dan Joko Sungkono hadir.",
            ["Rina Lestari", "Bayu Segara"],
        ),
        ("Pasar itu berada di Ibu Kota, Seruni. Harganya naik.", []),
    ],
)
def test_who_holds_an_office(text: str, named: list[str]) -> None:
    assert [text[person.start : person.end] for person in people(text)] == named


@pytest.mark.parametrize(
    ("before", "meant"),
    [
        ("Bupati Rina Lestari membuka pasar.", "Rina Lestari"),
        ("Pasar dibuka Bupati Rina Lestari.", "Rina Lestari"),
        ("Surat dikirim kepada Bupati Rina Lestari.", ""),
        ("“Dia masih ditahan,” kata Bupati Rina Lestari.", ""),  # somebody else is spoken of
        ("Bupati Rina Lestari dan Wakil Bupati Bayu Segara membuka pasar di Seruni.", ""),
    ],
)
def test_whom_a_pronoun_means_is_said_only_where_it_is_sure(before: str, meant: str) -> None:
    text = f"{before} Ia pulang sore itu."
    assert antecedent(text, len(before) + 1) == meant
