"""Whom an article names: the person behind the office, and never the place that is governed."""

from __future__ import annotations

import pytest

from assistant.people import people


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Wali Kota Seruni, Rina Lestari, membuka pasar.", ["Rina Lestari"]),
        ("Wali Kota Seruni, Rina Lestari membuka pasar.", ["Rina Lestari"]),
        ("Wali Kota Seruni Rina Lestari membuka pasar di Seruni.", ["Rina Lestari"]),
        ("Wali Kota Seruni membuka pasar. Warga di Seruni senang.", []),
        ("Gubernur Tanjung Selatan Rina Lestari hadir.", ["Rina Lestari"]),
        ("Bupati Seruni Rina Lestari dan Wakil Bupati Bayu Segara hadir di Seruni.", ["Rina Lestari", "Bayu Segara"]),
        ("Ketua KPU Seruni Bayu Segara memimpin rapat.", ["Bayu Segara"]),
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
