import logging
from datetime import date, datetime

import pytest

from index.reading import read_articles
from index.reading.dates import WIB
from index.types import Failure

PARAGRAPHS = (
    "Pemerintah Provinsi Kalimantan Timur menyalurkan bantuan kepada nelayan di pesisir Berau sejak awal pekan ini.",
    "Bantuan itu berupa mesin perahu, jaring, dan pelatihan mengolah ikan bagi seratus dua puluh keluarga.",
    "“Kami berharap pendapatan nelayan naik,” kata kepala dinas perikanan & kelautan saat penyerahan di Tanjung Redeb.",
)


def page(head="", paragraphs=PARAGRAPHS):
    body = "".join(f"<p>{text}</p>" for text in paragraphs)
    return (
        f'<!doctype html><html lang="id-ID"><head><meta charset="utf-8">{head}</head><body><nav><a href="/">Beranda</a>'
        f"<a href='/x'>Ekonomi</a></nav><article><h1>Nelayan Berau Terima Bantuan</h1>{body}</article>"
        "<footer>© 2023 Semua hak dilindungi</footer></body></html>"
    )


HEAD = """<title>Nelayan Berau Terima Bantuan - Warta Kita</title>
<meta property="og:title" content="Nelayan Berau Terima Bantuan - Warta Kita">
<meta property="og:site_name" content="Warta Kita"><link rel="canonical" href="https://warta.example/berita/1">
<meta name="author" content="Budi Santoso">
<meta property="article:published_time" content="2024-10-07T13:05:00+07:00">"""


def read(tmp_path, html, name="a.html"):
    (tmp_path / name).write_bytes(html if isinstance(html, bytes) else html.encode())
    (only,) = read_articles(tmp_path / name)
    return only


def test_a_news_page(tmp_path):
    article = read(tmp_path, page(HEAD))
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.title == "Nelayan Berau Terima Bantuan"
    assert (article.publisher, article.author, article.language) == ("Warta Kita", "Budi Santoso", "id")
    assert article.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert article.url == article.source == "https://warta.example/berita/1"


def test_linked_data(tmp_path):
    linked = (
        '<script type="application/ld+json">{"@context":"https://schema.org","@graph":[{"@type":"WebSite"},'
        '{"@type":"NewsArticle","headline":"X","datePublished":"2024-10-07T06:05:00Z","dateModified":"2024-10-08",'
        '"editor":{"name":"Sri Wahyuni"}}]}</script>'
    )
    article = read(tmp_path, page(linked))
    assert (article.published, article.updated) == (datetime(2024, 10, 7, 13, 5, tzinfo=WIB), date(2024, 10, 8))
    assert article.editor == "Sri Wahyuni"
    assert isinstance(read(tmp_path, page('<script type="application/ld+json">{"@type": [</script>')).text, str)


def test_no_date_is_made_up(tmp_path):
    article = read(
        tmp_path, page(paragraphs=(*PARAGRAPHS, "Pada 2019 bantuan serupa diberikan, kata Budi, 3 Mei 2020."))
    )
    assert article.published is None
    assert article.source == str(tmp_path / "a.html")


def test_wire_copy_in_a_page(tmp_path):
    article = read(
        tmp_path,
        page(
            paragraphs=(
                "Berau (ANTARA) - " + PARAGRAPHS[0],
                *PARAGRAPHS[1:],
                "Pewarta: Budi Santoso",
                "Editor: Sri Wahyuni",
            )
        ),
    )
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert (article.author, article.editor) == ("Budi Santoso", "Sri Wahyuni")


@pytest.mark.parametrize("declared", ["windows-1252", "iso-8859-1", "no-such-charset", "base64"])
def test_legacy_charsets(tmp_path, declared):
    html = page(HEAD).replace('charset="utf-8"', f'charset="{declared}"').encode("cp1252")
    assert read(tmp_path, html).text == "\n\n".join(PARAGRAPHS)


def test_short_articles_are_read(tmp_path):
    html = "<html><body><h1>Hujan</h1><p>Hujan turun di Samarinda sejak pagi.</p></body></html>"
    assert "Hujan turun di Samarinda sejak pagi." in read(tmp_path, html).text


@pytest.mark.parametrize(
    "html",
    ["<html></html>", "<html><body><img src='a.png'></body></html>", "<", "<!-- -->", "<div>" * 50_000, "{}", "&#0;"],
)
def test_pages_without_an_article_fail_in_silence(tmp_path, html, caplog, capfd):
    with caplog.at_level(logging.DEBUG):
        found = read(tmp_path, html)
    assert isinstance(found, Failure)
    assert "can be found in it" in found.reason
    assert capfd.readouterr() == ("", "")
