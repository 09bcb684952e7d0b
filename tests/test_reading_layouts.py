# ruff: noqa: E501 - markup
"""Pages laid out as Indonesian news sites lay them out: the article comes through, what stands around it does not.

The markup imitates that of well-known sites; every sentence was written for these tests.
"""

from __future__ import annotations

from datetime import datetime

import pytest

from index.reading import read_document
from index.reading.dates import WIB
from index.types import Article

BODY = (
    "Pemerintah Kabupaten Berau menyalurkan bantuan kepada nelayan di pesisir Pulau Derawan sejak awal pekan ini.",
    "Bantuan itu berupa mesin perahu, jaring, dan pelatihan mengolah ikan bagi seratus dua puluh keluarga.",
    "“Kami berharap pendapatan nelayan naik sebelum musim angin utara,” kata kepala dinas perikanan, Senin (7/10).",
    "Nelayan yang belum terdaftar dapat mengajukan diri di kantor desa sampai akhir bulan dengan membawa kartu anggota.",
)
TEXT = "\n\n".join(BODY)

SHARE = (
    '<div class="share-box"><span>Bagikan:</span><ul><li><a href="https://x.example/s">Facebook</a></li>'
    '<li><a href="https://x.example/t">WhatsApp</a></li><li><a href="#">Salin tautan</a></li></ul></div>'
)
RELATED = (
    '<div class="related"><h3>Berita Terkait</h3><ul><li><a href="/1">Harga Cabai Naik di Pasar Segiri</a></li>'
    '<li><a href="/2">Jalan Poros Berau Longsor Lagi</a></li></ul></div>'
)
MENU = (
    '<header><a href="/">Warta</a><nav><ul><li><a href="/ekonomi">Ekonomi</a></li><li><a href="/politik">Politik</a>'
    "</li><li><a href='/olahraga'>Olahraga</a></li></ul></nav></header>"
)
FOOT = '<footer><p>© 2024 Warta. Hak cipta dilindungi.</p><a href="/redaksi">Redaksi</a></footer>'


def html(head: str, body: str) -> bytes:
    return (
        f'<!doctype html><html lang="id-ID"><head><meta charset="utf-8">{head}</head><body>{MENU}{body}{FOOT}</body></html>'
    ).encode()


DETIK = html(
    '<title>Nelayan Derawan Terima Mesin Perahu</title><meta property="og:site_name" content="detikcom">'
    '<meta name="author" content="Budi Santoso"><meta name="publishdate" content="2024/10/07 13:05:00">'
    '<meta name="keywords" content="nelayan, derawan, bantuan"><meta property="article:section" content="detikKalimantan">',
    '<article class="detail"><div class="detail__header"><div class="page__breadcrumb"><a href="/">detikKalimantan</a>'
    '<a href="/berita">Berita</a></div><h1 class="detail__title">Nelayan Derawan Terima Mesin Perahu</h1>'
    '<div class="detail__author">Budi Santoso - <span class="detail__label">detikKalimantan</span></div>'
    '<div class="detail__date">Senin, 07 Okt 2024 13:05 WIB</div></div>'
    f'<div class="detail__share">{SHARE}</div>'
    '<div class="detail__media"><figure><img src="a.jpg"><figcaption>Perahu nelayan di dermaga. Foto: Budi Santoso/detikcom'
    "</figcaption></figure></div>"
    '<div class="detail__body itp_bodycontent_wrapper"><div class="detail__body-text itp_bodycontent">'
    f"<strong>Berau</strong> - <p>{BODY[0]}</p><p>{BODY[1]}</p>"
    '<div class="parallaxindetail scrollpage"><div class="ads-scrollpage-top">ADVERTISEMENT</div><div>SCROLL TO CONTINUE '
    "WITH CONTENT</div></div>"
    '<table class="linksisip"><tbody><tr><td><div class="lihatjg"><strong>Baca juga: </strong><a href="/3">Harga Ikan Asin '
    "Turun di Tanjung Redeb</a></div></td></tr></tbody></table>"
    f"<p>{BODY[2]}</p><p>{BODY[3]}</p><strong>(bud/sri)</strong></div>"
    '<div class="detail__multiple"><a class="detail__anchor-numb" href="/n/1?page=1">1</a>'
    '<a class="detail__anchor-numb" href="/n/1?page=2">2</a><a href="/n/1?single=1">Tampilkan Semua</a></div>'
    '<div class="detail__body-tag"><div class="nav"><a href="/tag/nelayan">nelayan</a><a href="/tag/berau">berau</a>'
    f"</div></div></div></article>{RELATED}",
)

KOMPAS = html(
    '<title>Nelayan Derawan Terima Mesin Perahu</title><meta property="og:site_name" content="KOMPAS.com">'
    '<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle","headline":"Nelayan Derawan '
    'Terima Mesin Perahu","datePublished":"2024-10-07T06:05:00+00:00","dateModified":"2024-10-08T02:00:00+00:00","author":'
    '[{"@type":"Person","name":"Budi Santoso"}],"editor":{"@type":"Person","name":"Sri Wahyuni"},"articleSection":'
    '"Regional","publisher":{"@type":"Organization","name":"KOMPAS.com"}}</script>',
    '<div class="row col-offset-fluid"><h1 class="read__title">Nelayan Derawan Terima Mesin Perahu</h1>'
    '<div class="read__time">Kompas.com - 07/10/2024, 13:05 WIB</div>'
    '<div class="credit"><div class="credit-title-name"><h6>Budi Santoso,</h6><h6>Sri Wahyuni</h6></div>'
    f'<div class="credit-title">Tim Redaksi</div></div>{SHARE}'
    '<div class="read__content"><div class="clearfix">'
    f"<p><strong>BERAU, KOMPAS.com</strong> - {BODY[0]}</p><p>{BODY[1]}</p>"
    '<p><strong>Baca juga: <a class="inner-link-baca-juga" href="/3">Harga Ikan Asin Turun di Tanjung Redeb</a></strong></p>'
    f"<p>{BODY[2]}</p>"
    '<p class="ads-on-body">Dapatkan berita pilihan setiap hari di saluran WhatsApp kami: '
    '<a href="https://w.example">https://w.example/saluran</a></p>'
    f"<p>{BODY[3]}</p>"
    "<p><i>Simak breaking news dan berita pilihan kami langsung di ponselmu. Ikuti saluran kami di WhatsApp.</i></p>"
    '</div></div><div class="read__paging clearfix"><div class="paging__wrap"><a class="paging__link" href="/r/1?page=2">2'
    '</a><a class="paging__link" href="/r/1?page=all">Lihat Semua</a></div></div>'
    '<ul class="tag__article__wrap"><li><a href="/tag/nelayan">nelayan</a></li><li><a href="/tag/berau">berau</a></li></ul>'
    f"</div>{RELATED}<div class='komentar'><h3>Komentar</h3><p>Tulis komentar dengan sopan.</p></div>",
)

ANTARA = html(
    "<title>Nelayan Derawan terima mesin perahu - ANTARA News Kalimantan Timur</title>"
    '<meta property="og:site_name" content="Antara News Kalimantan Timur">'
    '<meta itemprop="datePublished" content="Mon, 07 Oct 2024 13:05:00 +0700">',
    '<div class="wrap__article-detail"><div class="wrap__article-detail-title"><h1>Nelayan Derawan terima mesin perahu</h1>'
    '</div><div class="wrap__article-detail-info"><ul class="list-inline"><li>Senin, 7 Oktober 2024 13:05 WIB</li></ul></div>'
    '<div class="wrap__article-detail-image"><figure><img src="a.jpg"><figcaption>Perahu nelayan (ANTARA/Budi Santoso)'
    "</figcaption></figure></div>"
    f'{SHARE}<div class="wrap__article-detail-content post-content"><p>Berau (ANTARA) - {BODY[0]}<br><br>{BODY[1]}<br><br>'
    '<span class="baca-juga"><b>Baca juga: <a href="/3">Harga ikan asin turun di Tanjung Redeb</a></b></span><br><br>'
    f"{BODY[2]}<br><br>{BODY[3]}</p>"
    '<p class="text-muted mt-2 small">Pewarta: Budi Santoso<br>Editor : Sri Wahyuni<br>COPYRIGHT © ANTARA 2024</p></div>'
    f'<div class="blog-tags"><ul><li><a href="/tag/nelayan">#nelayan</a></li></ul></div></div>{RELATED}',
)

TEMPO = html(
    '<title>Nelayan Derawan Terima Mesin Perahu</title><meta property="og:site_name" content="Tempo">'
    '<meta property="article:published_time" content="2024-10-07T13:05:00+07:00">'
    '<meta name="author" content="Budi Santoso">',
    '<div class="detail-artikel"><h1>Nelayan Derawan Terima Mesin Perahu</h1>'
    f'<p class="date">Senin, 7 Oktober 2024 13:05 WIB</p>{SHARE}<div id="isi" class="detail-konten">'
    f"<p><strong>TEMPO.CO</strong>, <strong>Berau</strong> - {BODY[0]}</p>"
    '<div class="iklan"><p>Iklan</p><p>Scroll Untuk Melanjutkan</p></div>'
    f"<p>{BODY[1]}</p><p>{BODY[2]}</p><p>{BODY[3]}</p>"
    '<p><strong>Pilihan Editor: <a href="/3">Harga Ikan Asin Turun di Tanjung Redeb</a></strong></p></div>'
    '<div class="newsletter"><p>Daftar buletin kami dan terima berita pilihan di surel Anda.</p><form><input></form></div>'
    f"</div>{RELATED}",
)

TRIBUN = html(
    "<title>Nelayan Derawan Terima Mesin Perahu - Tribunkaltim.co</title>"
    '<meta property="og:site_name" content="Tribunkaltim.co">'
    '<meta property="article:published_time" content="2024-10-07T13:05:00+07:00">',
    '<div id="article"><h1>Nelayan Derawan Terima Mesin Perahu</h1><div id="article_con"><div class="side-article txt-article '
    f'multi-fontsize"><p><strong>TRIBUNKALTIM.CO, BERAU - </strong>{BODY[0]}</p><p>{BODY[1]}</p>'
    '<p class="baca"><strong>Baca juga: </strong><a href="/3">Harga Ikan Asin Turun di Tanjung Redeb</a></p>'
    f"<p>{BODY[2]}</p><p>{BODY[3]}</p>"
    "<p>Ikuti Berita Populer Lainnya di <a href='https://g.example'>Google News Tribun Kaltim</a></p>"
    "<p><em>Artikel ini telah tayang di <a href='/0'>Tribunkaltim.co</a> dengan judul Nelayan Derawan Terima Mesin Perahu"
    f"</em></p></div></div><div class='halaman'>Halaman <a href='?page=2'>2</a> dari 3</div></div>{SHARE}{RELATED}",
)

SHORT = html(
    "<title>Air Sungai Segah Surut</title>",
    '<main><div class="content"><h1>Air Sungai Segah Surut</h1><p>Air Sungai Segah di Berau surut pada Senin pagi.</p>'
    f"<p>Warga mulai membersihkan rumah.</p>{SHARE}</div></main>{RELATED}",
)


def read(page: bytes) -> Article:
    (article,) = read_document(page, "halaman.html", "https://warta.example/berita/1")
    assert isinstance(article, Article), article
    return article


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=name)
        for name, page in {"detik": DETIK, "kompas": KOMPAS, "antara": ANTARA, "tempo": TEMPO, "tribun": TRIBUN}.items()
    ],
)
def test_the_article_and_nothing_else(page: bytes) -> None:
    article = read(page)
    assert article.text == TEXT
    assert article.title.casefold() == "nelayan derawan terima mesin perahu"
    assert article.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert article.language == "id"


@pytest.mark.parametrize(
    ("page", "publisher", "author"),
    [
        pytest.param(DETIK, "detikcom", "Budi Santoso", id="detik"),
        pytest.param(KOMPAS, "KOMPAS.com", "Budi Santoso", id="kompas"),
        pytest.param(ANTARA, "Antara News Kalimantan Timur", "Budi Santoso", id="antara"),
        pytest.param(TEMPO, "Tempo", "Budi Santoso", id="tempo"),
        pytest.param(TRIBUN, "Tribunkaltim.co", None, id="tribun"),
    ],
)
def test_who_published_it(page: bytes, publisher: str, author: str | None) -> None:
    article = read(page)
    assert (article.publisher, article.author) == (publisher, author)


def test_what_else_the_pages_say() -> None:
    kompas = read(KOMPAS)
    assert kompas.updated == datetime(2024, 10, 8, 9, 0, tzinfo=WIB)
    assert kompas.editor == "Sri Wahyuni"
    assert "Regional" in kompas.topics
    assert {"detikKalimantan", "nelayan", "derawan", "bantuan"} <= set(read(DETIK).topics)
    assert read(ANTARA).editor == "Sri Wahyuni"


def test_a_short_report_keeps_its_paragraphs_and_nothing_around_it() -> None:
    article = read(SHORT)
    assert article.text == "Air Sungai Segah di Berau surut pada Senin pagi.\n\nWarga mulai membersihkan rumah."
    assert (article.title, article.published) == ("Air Sungai Segah Surut", None)


@pytest.mark.parametrize(
    "sentence",
    [
        "Baca juga puisi itu, kata guru kepada murid-muridnya di kelas.",
        "Iklan rokok di jalan utama Tanjung Redeb diturunkan petugas pada Selasa pagi.",
        "Simak pidato bupati dengan saksama, ujar panitia kepada para undangan yang hadir.",
        "Ikuti aturan lalu lintas saat melewati jembatan, kata Kapolres Berau kepada para pengemudi.",
        "Artikel ini ditulis mahasiswa dalam lomba jurnalistik yang diadakan kampus setempat.",
    ],
)
def test_sentences_that_only_look_like_furniture_stay(sentence: str) -> None:
    page = html(
        "<title>Judul Berita</title>",
        f"<article><h1>Judul Berita</h1><p>{BODY[0]}</p><p>{sentence}</p><p>{BODY[1]}</p></article>",
    )
    assert sentence in read(page).text


def test_a_paragraph_that_is_marked_for_an_advertisement_stays() -> None:
    marked = f'<p class="ads-on-body">{BODY[1]}</p>'
    page = html("<title>Judul</title>", f"<article><h1>Judul</h1><p>{BODY[0]}</p>{marked}<p>{BODY[2]}</p></article>")
    assert read(page).text == "\n\n".join(BODY[:3])


def test_a_paragraph_of_links_in_running_text_stays() -> None:
    linked = '<p>Bantuan itu disalurkan <a href="/1">Dinas Perikanan</a> bersama <a href="/2">Bank Daerah</a> pada Senin.</p>'
    page = html("<title>Judul</title>", f"<article><h1>Judul</h1><p>{BODY[0]}</p>{linked}<p>{BODY[1]}</p></article>")
    assert "Dinas Perikanan bersama Bank Daerah pada Senin." in read(page).text


def test_no_date_is_taken_from_around_the_article() -> None:
    page = html(
        "<title>Judul Berita</title>",
        f"<article><h1>Judul Berita</h1><p>{BODY[0]}</p><p>{BODY[1]}</p></article><aside><time>1 Mei 2020</time></aside>",
    )
    assert read(page).published is None
