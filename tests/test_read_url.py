"""Web addresses -> articles, from a real site: pages in parts, documents, feeds and sitemaps as they are found."""

from __future__ import annotations

import gzip
import json
from datetime import date, datetime

import pytest

from index.errors import FetchError, ReadError
from index.reading.dates import WIB
from index.sources import Fetcher, Selection, read_url
from index.types import Article, Failure
from tests.web import PARAGRAPHS, Served, Site, page

MORE = (
    "Pada tahap kedua pemerintah menambah gudang pendingin di Tanjung Batu dengan daya tampung empat ton.",
    "Pembangunan gudang dibiayai anggaran perubahan dan selesai sebelum Ramadan, ujar kepala bidang sarana.",
    "Nelayan yang belum terdaftar dapat mengajukan diri di kantor desa sampai akhir bulan.",
)


def read(site: Site, path: str, fetcher: Fetcher, **wanted) -> list[Article | Failure]:
    return list(read_url(site.url + path, fetcher=fetcher, selection=Selection(**wanted)))


def titles(items: list[Article | Failure]) -> list[str]:
    return [item.title if isinstance(item, Article) else f"! {item.source}" for item in items]


def test_a_page(site: Site, fetcher: Fetcher) -> None:
    head = '<meta property="article:published_time" content="2024-10-07T13:05:00+07:00">'
    head += f'<link rel="canonical" href="{site.url}/berita/nelayan">'
    site.paths["/berita/nelayan?utm=x"] = Served(page("Nelayan Terima Bantuan", head=head))
    (article,) = read(site, "/berita/nelayan?utm=x", fetcher)
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(PARAGRAPHS)
    assert article.url == article.source == f"{site.url}/berita/nelayan"
    assert article.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)
    assert article.publisher == site.url.partition("//")[2]  # it names none


def test_no_page_speaks_for_another_site(site: Site, fetcher: Fetcher) -> None:
    """Else any page could put its text in the place of another newsroom's article."""
    head = '<link rel="canonical" href="https://warta.example/berita/nelayan">'
    site.paths["/palsu"] = Served(page("Nelayan", head=head))
    (article,) = read(site, "/palsu", fetcher)
    assert isinstance(article, Article)
    assert article.url == article.source == f"{site.url}/palsu"


def test_the_servers_charset_goes_first(site: Site, fetcher: Fetcher) -> None:
    html = page("Kafé Terapung", ("Kafé terapung di Sungai Mahakam dibuka kembali oleh pemiliknya pada hari Minggu.",))
    site.paths["/a"] = Served(html.encode("cp1252"), type="text/html; charset=windows-1252")
    (article,) = read(site, "/a", fetcher)
    assert isinstance(article, Article)
    assert "Kafé terapung di Sungai Mahakam" in article.text


def test_pages_of_one_article_are_joined(site: Site, fetcher: Fetcher) -> None:
    site.paths["/berita/nelayan"] = Served(
        page("Nelayan", tail='<nav><a rel="next" href="/berita/nelayan/2">2</a></nav>')
    )
    site.paths["/berita/nelayan/2"] = Served(
        page("Nelayan", MORE, tail='<nav><a rel="next" href="/berita/nelayan/2">2</a></nav>')
    )
    (article,) = read(site, "/berita/nelayan", fetcher)
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(PARAGRAPHS + MORE)
    assert article.url == f"{site.url}/berita/nelayan"


def test_the_whole_article_on_one_page_is_preferred(site: Site, fetcher: Fetcher) -> None:
    links = '<nav><a rel="next" href="/berita/nelayan?page=2">2</a><a href="/berita/nelayan?page=all">Semua</a></nav>'
    site.paths["/berita/nelayan"] = Served(page("Nelayan", tail=links))
    site.paths["/berita/nelayan?page=all"] = Served(page("Nelayan", PARAGRAPHS + MORE, tail=links))
    (article,) = read(site, "/berita/nelayan", fetcher)
    assert isinstance(article, Article)
    assert article.text == "\n\n".join(PARAGRAPHS + MORE)
    assert site.asked_paths() == ["/berita/nelayan", "/berita/nelayan?page=all"]


def test_next_is_not_the_next_article(site: Site, fetcher: Fetcher) -> None:
    site.paths["/berita/nelayan"] = Served(page("Nelayan", tail='<a rel="next" href="/berita/petani">Berikutnya</a>'))
    site.paths["/berita/petani"] = Served(page("Petani", MORE))
    assert len(read(site, "/berita/nelayan", fetcher)) == 1
    assert site.asked_paths() == ["/berita/nelayan"]


def test_documents(site: Site, fetcher: Fetcher) -> None:
    rows = "\n".join(json.dumps({"judul": f"Berita {n}", "isi": PARAGRAPHS[n]}) for n in range(3))
    site.paths["/data/arsip.jsonl"] = Served(rows, type="application/octet-stream")
    site.paths["/unduh?id=1"] = Served("judul,isi\nSatu,Hujan turun di Samarinda.\n", type="text/csv")
    site.paths["/teks"] = Served("Hujan turun di Samarinda sejak pagi.", type="text/plain; charset=utf-8")
    assert titles(read(site, "/data/arsip.jsonl", fetcher)) == ["Berita 0", "Berita 1", "Berita 2"]
    assert titles(read(site, "/unduh?id=1", fetcher)) == ["Satu"]
    (text,) = read(site, "/teks", fetcher)
    assert (text.source, getattr(text, "text", "")) == (f"{site.url}/teks", "Hujan turun di Samarinda sejak pagi.")


@pytest.mark.parametrize(
    ("body", "kind"),
    [(b"\x89PNG\r\n", "image/png"), (b"", "text/html"), (b"<?xml version='1.0'?><menu/>", "application/xml")],
)
def test_what_is_no_article(site: Site, fetcher: Fetcher, body: bytes, kind: str) -> None:
    site.paths["/a"] = Served(body, type=kind)
    with pytest.raises(ReadError):
        read(site, "/a", fetcher)


def test_nothing_is_local_by_default(site: Site) -> None:
    with pytest.raises(FetchError, match="public internet"):
        list(read_url(site.url))
    assert site.asked == []


# ---- feeds


def rss(site: Site, items: str, links: str = "") -> Served:
    text = (
        '<?xml version="1.0" encoding="utf-8"?><rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>Warta</title><link>{site.url}</link>{links}{items}</channel></rss>"
    )
    return Served(text, type="application/rss+xml")


def item(url: str, day: str = "Mon, 07 Oct 2024 13:05:00 +0700") -> str:
    return (
        f"<item><title>T</title><link>{url}</link><pubDate>{day}</pubDate><dc:creator>Sri Wahyuni</dc:creator>"
        "<category>Ekonomi</category></item>"
    )


def test_a_feed(site: Site, fetcher: Fetcher) -> None:
    site.paths["/rss"] = rss(site, item("/a") + item(f"{site.url}/b") + item("/a") + item("/hilang"))
    site.paths["/a"], site.paths["/b"] = Served(page("Satu")), Served(page("Dua", MORE))
    found = read(site, "/rss", fetcher)
    assert titles(found) == ["Satu", "Dua", f"! {site.url}/hilang"]
    first = found[0]
    assert isinstance(first, Article)
    assert (first.author, first.topics) == ("Sri Wahyuni", ("Ekonomi",))  # the page says neither
    assert first.published == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)


def test_next_pages_of_a_feed_until_since(site: Site, fetcher: Fetcher) -> None:
    def linked(number: int) -> str:
        return f'<atom:link rel="next" href="/rss?paged={number}"/>'

    site.paths["/rss"] = rss(site, item("/a"), linked(2))
    site.paths["/rss?paged=2"] = rss(site, item("/b", "Tue, 01 Oct 2024 08:00:00 +0700"), linked(3))
    site.paths["/rss?paged=3"] = rss(site, item("/c", "Tue, 03 Sep 2024 08:00:00 +0700"), linked(4))
    site.paths["/rss?paged=4"] = rss(site, item("/d", "Tue, 06 Aug 2024 08:00:00 +0700"))
    for name in "abcd":
        site.paths[f"/{name}"] = Served(page(name.upper()))
    assert titles(read(site, "/rss", fetcher, since=date(2024, 10, 1))) == ["A", "B"]
    assert "/rss?paged=4" not in site.asked_paths()
    assert titles(read(site, "/rss", fetcher)) == ["A", "B", "C", "D"]


def test_an_atom_feed_that_leads_round_in_a_circle(site: Site, fetcher: Fetcher) -> None:
    site.paths["/atom"] = Served(
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>W</title><link rel="next" href="/atom"/>'
        '<entry><title>T</title><link href="/a"/><updated>2024-10-07T06:05:00Z</updated></entry></feed>',
        type="application/atom+xml",
    )
    site.paths["/a"] = Served(page("Satu"))
    assert titles(read(site, "/atom", fetcher)) == ["Satu"]


def test_patterns(site: Site, fetcher: Fetcher) -> None:
    site.paths["/rss"] = rss(site, item("/berita/a") + item("/video/b") + item("/berita/foto/c"))
    site.paths["/berita/a"] = Served(page("Satu"))
    assert titles(read(site, "/rss", fetcher, include=("*/berita/*",), exclude=("*/foto/*",))) == ["Satu"]


@pytest.mark.parametrize("body", ["<rss><channel><item><link>/a</link>", "<?xml version='1.0'?><rss></rss>"])
def test_broken_feeds(site: Site, fetcher: Fetcher, body: str) -> None:
    site.paths["/rss"] = Served(body, type="text/xml")
    site.paths["/a"] = Served(page("Satu"))
    try:
        found = read(site, "/rss", fetcher)
    except ReadError:
        found = []
    assert titles(found) in (["Satu"], [])


# ---- sitemaps

SITEMAP = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'


def test_a_sitemap_index(site: Site, fetcher: Fetcher) -> None:
    site.paths["/sitemap.xml"] = Served(
        f"<?xml version='1.0'?><sitemapindex {SITEMAP}><!-- baru -->"
        "<sitemap><loc>/baru.xml.gz</loc><lastmod>2024-10-07</lastmod></sitemap>"
        "<sitemap><loc>/lama.xml</loc><lastmod>2020-01-01</lastmod></sitemap></sitemapindex>",
        type="application/xml",
    )
    listed = "".join(
        f"<url><loc>{site.url}/{name}</loc><lastmod>{day}</lastmod></url>"
        for name, day in (("a", "2024-10-07T13:05:00+07:00"), ("lama", "2024-09-01"), ("tanpa-tanggal", ""))
    )
    site.paths["/baru.xml.gz"] = Served(
        gzip.compress(f"<?xml version='1.0'?><urlset {SITEMAP}>{listed}</urlset>".encode()), type="application/x-gzip"
    )
    site.paths["/lama.xml"] = Served(f"<urlset {SITEMAP}><url><loc>/x</loc></url></urlset>", type="text/xml")
    for name in ("a", "lama", "tanpa-tanggal", "x"):
        site.paths[f"/{name}"] = Served(page(name))
    assert titles(read(site, "/sitemap.xml", fetcher, since=date(2024, 10, 1))) == ["a", "tanpa-tanggal"]
    assert titles(read(site, "/sitemap.xml", fetcher)) == ["a", "lama", "tanpa-tanggal", "x"]


def test_a_news_sitemap(site: Site, fetcher: Fetcher) -> None:
    site.paths["/news.xml"] = Served(
        f"<urlset {SITEMAP} xmlns:news='http://www.google.com/schemas/sitemap-news/0.9'><url><loc>/a</loc><news:news>"
        "<news:publication_date>2024-10-07T13:05:00+07:00</news:publication_date></news:news></url></urlset>",
        type="text/xml",
    )
    site.paths["/a"] = Served(page("Satu"))
    (article,) = read(site, "/news.xml", fetcher)
    assert getattr(article, "published", None) == datetime(2024, 10, 7, 13, 5, tzinfo=WIB)


def test_entities_in_a_sitemap_read_no_file(site: Site, fetcher: Fetcher, tmp_path) -> None:
    (tmp_path / "rahasia").write_text("rahasia")
    site.paths["/sitemap.xml"] = Served(
        f"<?xml version='1.0'?><!DOCTYPE u [<!ENTITY x SYSTEM 'file://{tmp_path}/rahasia'>]>"
        f"<urlset {SITEMAP}><url><loc>{site.url}/&x;</loc></url></urlset>",
        type="text/xml",
    )
    read(site, "/sitemap.xml", fetcher)
    assert not any("rahasia" in path for path, _ in site.asked)
