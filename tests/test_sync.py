"""``sync`` against a real site and real folders: what is new, changed, withdrawn, interrupted, and nothing twice."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from assistant.cli import cli
from index.errors import SettingsError
from index.reading.dates import WIB
from index.sources import EXAMPLE, SourceList, SourceReport, read_sources, sync
from index.sources.runs import corrected
from index.sources.state import State
from index.store import ArticleIndex
from index.types import Article
from tests.encoders import HashingEncoder
from tests.test_read_url import SITEMAP, item, rss
from tests.web import PARAGRAPHS, QUICK, Served, Site, page

NEW = ("Pemerintah Kabupaten Berau membatalkan bantuan bagi nelayan setelah anggaran dipotong separuh pada Oktober.",)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[ArticleIndex]:
    with ArticleIndex.open(tmp_path / "index", embedding=HashingEncoder()) as opened:
        yield opened


def listed(folder: Path, text: str) -> SourceList:
    (folder / "sources.toml").write_text(text, encoding="utf-8")
    return replace(read_sources(folder / "sources.toml"), rules=QUICK)


def run(sources: SourceList, index: ArticleIndex) -> SourceReport:
    (report,) = sync(sources, index)
    return report


def counts(report: SourceReport) -> dict[str, int]:
    parts = ("added", "updated", "unchanged", "removed", "failed")
    found = {part: len(getattr(report.report, part)) for part in parts} | {"current": report.current}
    return {part: count for part, count in found.items() if count}


def titles(index: ArticleIndex) -> list[str]:
    return sorted(article.title for article in index.articles())


def later(index: ArticleIndex, name: str, hours: float = 21) -> None:
    """As if the last run had been that long ago."""
    path = index.path / "sources" / f"{name}.json"
    state = State.load(path)
    for key, one in state.documents.items():
        if one.checked:
            before = datetime.fromisoformat(one.checked) - timedelta(hours=hours)
            state.documents[key] = replace(one, checked=before.isoformat())
    state.save()


@pytest.fixture
def feed(site: Site, tmp_path: Path) -> SourceList:
    """Two articles of today, so that they are looked at again."""
    today = datetime.now(WIB).strftime("%a, %d %b %Y %H:%M:%S +0700")
    site.paths["/rss"] = rss(site, item("/a", today) + item("/b", today))
    site.paths["/a"] = Served(page("Satu"), etag='"a1"')
    site.paths["/b"] = Served(page("Dua", NEW), modified="Mon, 07 Oct 2024 06:05:00 GMT")
    return listed(tmp_path, f'[[source]]\nname = "w"\nurl = "{site.url}/rss"\n')


def test_a_second_run_reads_nothing(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    assert counts(run(feed, index)) == {"added": 2}
    site.asked.clear()
    assert counts(run(feed, index)) == {"current": 2}
    assert site.asked_paths() == ["/rss"]


def test_a_feed_that_has_not_changed_is_not_even_sent(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    site.paths["/rss"].etag = '"r1"'  # type: ignore[union-attr]
    run(feed, index)
    assert counts(run(feed, index)) == {"current": 1}
    assert site.asked[-1][1]["if-none-match"] == '"r1"'


def test_validators_are_sent_when_it_is_time_to_look_again(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    run(feed, index)
    later(index, "w")
    site.asked.clear()
    assert counts(run(feed, index)) == {"current": 4}  # listed as they were, then asked for: 304
    sent = dict(site.asked)
    assert sent["/a"]["if-none-match"] == '"a1"'
    assert sent["/b"]["if-modified-since"] == "Mon, 07 Oct 2024 06:05:00 GMT"
    site.asked.clear()
    run(feed, index)
    assert site.asked_paths() == ["/rss"]  # not twice a day


def test_a_correction_replaces_the_text_and_keeps_the_first_date(
    site: Site, feed: SourceList, index: ArticleIndex
) -> None:
    run(feed, index)
    (before,) = [one for one in index.articles() if one.title == "Satu"]
    site.paths["/a"] = Served(page("Satu", (*PARAGRAPHS[:2], *NEW)), etag='"a2"')
    later(index, "w")
    assert counts(run(feed, index)) == {"updated": 1, "current": 3}
    (after,) = [one for one in index.articles() if one.title == "Satu"]
    assert NEW[0] in after.text
    assert after.published == before.published
    assert after.updated is not None
    assert after.updated > datetime.now(WIB) - timedelta(minutes=10)  # type: ignore[operator]
    assert len(index) == 2
    site.paths["/a"] = Served(page("Satu", (*PARAGRAPHS[:2], *NEW)), etag='"a3"')  # nothing but the tag
    later(index, "w")
    run(feed, index)
    assert next(one for one in index.articles() if one.title == "Satu").updated == after.updated


@pytest.mark.parametrize("how", ["404", "410", "front page"])
def test_a_withdrawn_article_goes(site: Site, feed: SourceList, index: ArticleIndex, how: str) -> None:
    run(feed, index)
    site.paths["/"] = Served(page("Beranda"))
    gone = {
        "404": Served(status=404),
        "410": Served(status=410),
        "front page": Served(status=302, headers={"Location": "/"}),
    }
    site.paths["/a"] = gone[how]
    later(index, "w")
    assert counts(run(feed, index))["removed"] == 1
    assert titles(index) == ["Dua"]
    assert index.retrieve("bantuan nelayan", 5)[0].article.title == "Dua"


def test_what_fails_now_stays_and_is_tried_again(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    run(feed, index)
    for broken in (Served(status=500), Served("<html><body></body></html>", etag='"x"')):
        site.paths["/a"] = broken
        later(index, "w")
        assert counts(run(feed, index))["failed"] == 1
        assert titles(index) == ["Dua", "Satu"]
    site.paths["/a"] = Served(page("Satu", NEW), etag='"a4"')
    later(index, "w")
    assert counts(run(feed, index))["updated"] == 1


def test_a_page_that_failed_is_tried_by_the_next_run(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    site.paths["/rss"].etag = '"r1"'  # type: ignore[union-attr]
    good, site.paths["/a"] = site.paths["/a"], Served(status=503)
    assert counts(run(feed, index)) == {"added": 1, "failed": 1}
    site.paths["/a"] = good
    assert counts(run(feed, index)) == {"added": 1, "current": 1}


def test_an_interrupted_run_goes_on(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    class Interrupted(BaseException):
        pass

    def stop(url: str) -> None:
        if url.endswith("/b"):
            raise Interrupted

    with pytest.raises(Interrupted):
        list(sync(feed, index, watch=stop))
    assert titles(index) == ["Satu"]
    site.asked.clear()
    assert counts(run(feed, index)) == {"added": 1, "current": 1}
    assert site.asked_paths() == ["/rss", "/b"]


def test_articles_that_left_the_index_come_back(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    run(feed, index)
    index.remove(next(one.id for one in index.articles() if one.title == "Satu"))
    assert counts(run(feed, index)) == {"added": 1, "current": 1}


def test_a_site_that_is_down_loses_nothing(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    run(feed, index)
    site.paths["/rss"] = Served(status=503)
    report = run(feed, index)
    assert "503" in report.stopped
    assert len(index) == 2


def test_a_limit_is_reached_again_and_again_until_all_is_there(
    site: Site, feed: SourceList, index: ArticleIndex
) -> None:
    one = replace(feed, sources=(replace(feed.sources[0], limit=1),))
    assert [counts(run(one, index)) for _ in range(3)] == [{"added": 1}, {"added": 1, "current": 1}, {"current": 2}]


def test_what_the_file_says_of_articles(site: Site, tmp_path: Path, index: ArticleIndex) -> None:
    site.paths["/a"] = Served(page("Satu"))
    text = f'[[source]]\nname = "w"\nurl = "{site.url}/a"\n'
    text += 'publisher = "Warta Kaltim"\ntopics = ["Berau"]\nlanguage = "id"\n'
    sources = listed(tmp_path, text)
    assert counts(run(sources, index)) == {"added": 1}
    (article,) = index.articles()
    assert (article.publisher, article.topics, article.language) == ("Warta Kaltim", ("Berau",), "id")
    later(index, "w", 21)
    assert counts(run(sources, index)) == {"unchanged": 1}
    site.paths["/a"] = Served(status=410)
    assert counts(run(sources, index)) == {"removed": 1}


def test_full_text_from_the_feed_fetches_no_page(site: Site, tmp_path: Path, index: ArticleIndex) -> None:
    body = "".join(f"<p>{text}</p>" for text in PARAGRAPHS)
    entry = item("/a").replace("</item>", f"<content:encoded><![CDATA[{body}]]></content:encoded></item>")
    site.paths["/rss"] = rss(site, entry)
    sources = listed(tmp_path, f'[[source]]\nname = "w"\nurl = "{site.url}/rss"\nfull_text = true\n')
    assert counts(run(sources, index)) == {"added": 1}
    (article,) = index.articles()
    assert (article.title, article.text) == ("T", "\n\n".join(PARAGRAPHS))
    assert article.url == f"{site.url}/a"
    assert site.asked_paths() == ["/rss"]


def test_a_sitemap_by_its_dates(site: Site, tmp_path: Path, index: ArticleIndex) -> None:
    def sitemap(day: str) -> Served:
        return Served(
            f"<urlset {SITEMAP}><url><loc>/a</loc><lastmod>{day}</lastmod></url></urlset>", type="application/xml"
        )

    sources = listed(tmp_path, f'[[source]]\nname = "w"\nurl = "{site.url}/sitemap.xml"\nsince = 2024-01-01\n')
    site.paths["/sitemap.xml"], site.paths["/a"] = sitemap("2024-10-07"), Served(page("Satu"))
    assert counts(run(sources, index)) == {"added": 1}
    assert counts(run(sources, index)) == {"current": 1}
    site.paths["/sitemap.xml"], site.paths["/a"] = sitemap("2024-10-08"), Served(page("Satu", NEW))
    assert counts(run(sources, index)) == {"updated": 1}


# ---- folders and files


def test_a_folder(tmp_path: Path, index: ArticleIndex) -> None:
    folder = tmp_path / "arsip"
    (folder / "2024").mkdir(parents=True)
    (folder / "a.txt").write_text("Judul Satu\n\n" + PARAGRAPHS[0])
    (folder / "2024" / "b.txt").write_text("Judul Dua\n\n" + PARAGRAPHS[1])
    sources = listed(tmp_path, '[[source]]\nname = "arsip"\npath = "arsip"\n')
    assert counts(run(sources, index)) == {"added": 2}
    assert counts(run(sources, index)) == {"current": 2}
    (folder / "a.txt").write_text("Judul Satu\n\n" + NEW[0])
    (folder / "2024" / "b.txt").unlink()
    (folder / "c.txt").write_text("Judul Tiga\n\n" + PARAGRAPHS[2])
    assert counts(run(sources, index)) == {"added": 1, "updated": 1, "removed": 1}
    assert titles(index) == ["Judul Satu", "Judul Tiga"]
    assert next(one.updated for one in index.articles() if one.title == "Judul Satu") is not None


def test_a_folder_that_is_not_mounted(tmp_path: Path, index: ArticleIndex) -> None:
    folder = tmp_path / "arsip"
    folder.mkdir()
    (folder / "a.txt").write_text("Judul Satu\n\n" + PARAGRAPHS[0])
    sources = listed(tmp_path, '[[source]]\nname = "arsip"\npath = "arsip"\n')
    run(sources, index)
    (folder / "a.txt").unlink()
    assert "not mounted" in run(sources, index).stopped
    folder.rmdir()
    assert "does not exist" in run(sources, index).stopped
    assert len(index) == 1


def test_rows_that_left_a_table(tmp_path: Path, index: ArticleIndex) -> None:
    def write(*rows: int) -> None:
        lines = [
            json.dumps({"u": f"https://warta.example/{n}", "kepala": f"Judul {n}", "badan": PARAGRAPHS[n]})
            for n in rows
        ]
        (tmp_path / "k.jsonl").write_text("\n".join(lines))
        os.utime(tmp_path / "k.jsonl", ns=(len(rows), len(rows) * 1_000_000))

    text = '[[source]]\nname = "k"\npath = "k.jsonl"\ncolumns = { title = "kepala", text = "badan", url = "u" }\n'
    sources = listed(tmp_path, text)
    write(0, 1, 2)
    assert counts(run(sources, index)) == {"added": 3}
    write(0, 2)
    assert counts(run(sources, index)) == {"unchanged": 2, "removed": 1}
    assert titles(index) == ["Judul 0", "Judul 2"]


def test_a_file_that_cannot_be_read_now_keeps_its_article(tmp_path: Path, index: ArticleIndex) -> None:
    (tmp_path / "a.html").write_text(page("Satu"))
    sources = listed(tmp_path, '[[source]]\nname = "a"\npath = "a.html"\n')
    run(sources, index)
    (tmp_path / "a.html").write_text("")
    assert counts(run(sources, index)) == {"failed": 1}
    assert len(index) == 1


def test_a_broken_state_only_costs_reading_again(site: Site, feed: SourceList, index: ArticleIndex) -> None:
    run(feed, index)
    for text in ("", "{}", "[1]", '{"version": 1, "documents": {"x": {"y": 1}}}', '{"version": 9, "documents": {}}'):
        (index.path / "sources" / "w.json").write_text(text)
        assert counts(run(feed, index)) == {"unchanged": 2}


# ---- corrections


ARTICLE = Article(title="Satu", text="Hujan turun.", source="x", published=date(2024, 10, 7))
SEEN = datetime(2024, 10, 9, 8, 0, tzinfo=WIB)


@pytest.mark.parametrize(
    ("before", "after", "published", "updated"),
    [
        pytest.param({}, {"text": "Hujan reda."}, date(2024, 10, 7), SEEN, id="silent correction"),
        pytest.param(
            {}, {"text": "Hujan reda.", "updated": date(2024, 10, 8)}, date(2024, 10, 7), date(2024, 10, 8), id="stated"
        ),
        pytest.param(
            {},
            {"text": "Hujan reda.", "published": date(2024, 10, 8)},
            date(2024, 10, 7),
            date(2024, 10, 8),
            id="redated",
        ),
        pytest.param({"updated": SEEN}, {}, date(2024, 10, 7), SEEN, id="the same again"),
        pytest.param({"published": None}, {"published": None, "text": "Hujan reda."}, None, SEEN, id="undated"),
        pytest.param(
            {"updated": date(2024, 10, 8)},
            {"text": "Hujan reda.", "updated": date(2024, 10, 8)},
            date(2024, 10, 7),
            SEEN,
            id="changed again under the same date",
        ),
    ],
)
def test_dates_of_a_correction(before, after, published, updated) -> None:
    found = corrected(replace(ARTICLE, **after), replace(ARTICLE, **before), SEEN)
    assert (found.published, found.updated) == (published, updated)


# ---- the file and the command


def test_the_example_is_a_file_that_is_read(tmp_path: Path) -> None:
    (tmp_path / "sources.toml").write_text(EXAMPLE)
    found = read_sources(tmp_path / "sources.toml")
    assert [source.name for source in found.sources] == ["kaltim", "arsip", "korpus"]
    assert found.rules.delay == 2.0
    assert "redaksi@example.org" in found.rules.agent
    assert found.sources[0].selection.since == date(2024, 1, 1)
    assert found.sources[1].path == tmp_path / "arsip"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no \\[\\[source\\]\\]"),
        ("[[source]]\n", "needs a name"),
        ("[[source]]\nname = '../x'\nurl = 'http://x'\n", "needs a name"),
        ("[[source]]\nname = 'a'\n", "either a url or a path"),
        ("[[source]]\nname = 'a'\nurl = 'http://x'\npath = 'x'\n", "either a url or a path"),
        ("[[source]]\nname = 'a'\nurl = 1\n", "must be text"),
        ("[[source]]\nname = 'a'\nurl = 'x'\nsince = 'kemarin'\n", "a date"),
        ("[[source]]\nname = 'a'\nurl = 'x'\nlimit = -1\n", "negative"),
        ("[[source]]\nname = 'a'\nurl = 'x'\nfeed = 'x'\n", "there is no feed"),
        ("[[source]]\nname = 'a'\nurl = 'x'\ntopics = [1]\n", "list of texts"),
        ("[[source]]\nname = 'a'\nurl = 'x'\n[[source]]\nname = 'a'\nurl = 'x'\n", "two sources"),
        ("[network]\nspeed = 1\n[[source]]\nname = 'a'\nurl = 'x'\n", "there is no speed"),
        ("[network]\ndelay = -1\n[[source]]\nname = 'a'\nurl = 'x'\n", "less than 0"),
        ("[network]\nattempts = 0\n[[source]]\nname = 'a'\nurl = 'x'\n", "less than 1"),
        ("sources = 1\n", "there is no sources"),
        ("[[", "no valid TOML"),
    ],
)
def test_mistakes_in_the_file_are_named(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "sources.toml").write_text(text)
    with pytest.raises(SettingsError, match=message):
        read_sources(tmp_path / "sources.toml")


def test_the_command(site: Site, tmp_path: Path) -> None:
    site.paths["/a"] = Served(page("Satu"))
    (tmp_path / "s.toml").write_text(
        f"[network]\ndelay = 0\n[[source]]\nname = 'w'\nurl = '{site.url}/a'\n[[source]]\nname = 'x'\npath = 'hilang'\n"
    )
    call = ["--index", str(tmp_path / "index"), "sync", "--sources", str(tmp_path / "s.toml")]
    refused = CliRunner().invoke(cli, [*call, "w"])
    assert refused.exit_code == 1
    assert "--allow-local" in refused.output
    done = CliRunner().invoke(cli, [*call, "--allow-local"])
    assert done.exit_code == 0, done.output
    assert "w: added 1" in done.stdout
    assert "hilang does not exist" in done.stderr
    told = CliRunner().invoke(cli, [*call, "w", "--allow-local", "--json"])
    assert json.loads(told.stdout)[0]["name"] == "w"
    assert CliRunner().invoke(cli, [*call, "y"]).exit_code == 1
    assert "columns = {" in CliRunner().invoke(cli, ["sync", "--help"]).output


def test_add_takes_addresses(site: Site, tmp_path: Path) -> None:
    site.paths["/a"] = Served(page("Satu"))
    call = ["--index", str(tmp_path / "index"), "add", f"{site.url}/a"]
    refused = CliRunner().invoke(cli, call)
    assert refused.exit_code == 1
    assert "public internet" in refused.output
    done = CliRunner().invoke(cli, [*call, "--allow-local"])
    assert done.exit_code == 0, done.output
    assert "added 1" in done.stdout


def test_add_takes_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(f"kepala,badan\nSatu,{PARAGRAPHS[0]}\n".replace(", dan", " dan"))
    call = ["--index", str(tmp_path / "index"), "add", str(tmp_path / "a.csv")]
    done = CliRunner().invoke(cli, [*call, "--column", "title=kepala", "--column", "text=badan"])
    assert done.exit_code == 0, done.output
    assert CliRunner().invoke(cli, [*call, "--column", "judul"]).exit_code == 2
