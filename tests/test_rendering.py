"""Answers as HTML, Markdown and text: exact highlights, and nothing that others wrote is ever markup."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from assistant.rendering import (
    answer_html,
    answer_markdown,
    answer_text,
    article_html,
    format_date,
    highlight_html,
)
from assistant.types import Answer, Citation, Claim, Gloss
from index.types import Article, Chunk, Passage

WIB = timezone(timedelta(hours=7))
TEXT = 'Jembatan Muara dibuka Senin. Peresmiannya dipimpin Wirya Kusuma di hadapan warga. "Semoga awet," katanya.'
QUOTE = "Peresmiannya dipimpin Wirya Kusuma di hadapan warga."
HOSTILE = "<script>alert(1)</script> & <img src=x onerror=y> \"'` [1] ![a](http://x/y.png) $x$ **b** _c_ </details>"


def article(**fields: object) -> Article:
    known: dict[str, object] = {
        "title": "Jembatan Muara Dibuka",
        "text": TEXT,
        "url": "https://contoh.id/jembatan?a=1&b=2",
        "publisher": "Kabar Muara",
        "published": date(2024, 10, 7),
    }
    return Article(**(known | fields))  # type: ignore[arg-type]


def answered(source: Article | None = None, quote: str = QUOTE, key: str = "Wirya Kusuma") -> Answer:
    source = source or article()
    start = source.text.index(quote)
    at = source.text.index(key, start)
    citation = Citation(number=1, article=source, start=start, end=start + len(quote), span=(at, at + len(key)))
    return Answer(
        question="Siapa yang meresmikan jembatan?",
        query="Siapa yang meresmikan jembatan?",
        text=f"{key}. [1]\n\n“{quote}” [1] — sumber",
        found=True,
        claims=(Claim(f"{key}.", (1,)), Claim(quote, (1,), quoted=True)),
        citations=(citation,),
        passages=(Passage(article=source, chunk=Chunk(source.id, 0, 0, len(source.text)), score=1.0),),
    )


class Elements(HTMLParser):
    """The names of all elements and attributes of a fragment."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes.update(name for name, _ in attrs)


def visible(html: str) -> str:
    return unescape(re.sub(r"<[^>]*>", "", re.sub(r"<style>.*?</style>", "", html)))


@pytest.mark.parametrize(
    ("moment", "language", "shown"),
    [
        (date(2024, 10, 7), "id", "7 Oktober 2024"),
        (date(2024, 10, 7), "en", "7 October 2024"),
        (datetime(2024, 5, 1, 13, 5, tzinfo=WIB), "id", "1 Mei 2024 13.05 WIB"),
        (datetime(2024, 5, 1, 13, 5, tzinfo=WIB), "en", "1 May 2024 13:05 WIB"),
        (datetime(2024, 5, 1, 9, 0, tzinfo=timezone(timedelta(hours=8))), "id", "1 Mei 2024 09.00 WITA"),
        (datetime(2024, 5, 1, 9, 0, tzinfo=UTC), "id", "1 Mei 2024 09.00 UTC"),
        (datetime(2024, 5, 1, 9, 0, tzinfo=timezone(timedelta(hours=5.5))), "id", "1 Mei 2024 09.00 UTC+5.5"),
        (datetime(2024, 5, 1, 9, 0), "id", "1 Mei 2024 09.00"),
    ],
)
def test_dates(moment: date, language: str, shown: str) -> None:
    assert format_date(moment, language) == shown  # type: ignore[arg-type]


def test_text_lists_the_sources() -> None:
    answer = answered()
    assert answer_text(answer) == (
        f"{answer.text}\n\nSumber:\n[1] Jembatan Muara Dibuka — Kabar Muara, 7 Oktober 2024\n"
        "    https://contoh.id/jembatan?a=1&b=2"
    )


def test_text_of_a_refusal_is_only_what_it_says() -> None:
    assert answer_text(Answer(question="q", query="q", text="Tidak ada.")) == "Tidak ada."


def test_an_english_question_gets_english_headings() -> None:
    answer = replace(answered(), question="Who opened the bridge?")
    assert "Sources:\n[1] Jembatan Muara Dibuka — Kabar Muara, 7 October 2024" in answer_text(answer)
    assert "Open the original article" in answer_html(answer)


def test_html_links_markers_to_sources() -> None:
    html = answer_html(answered(), prefix="turn-0")
    assert html.count('<a class="tb-cite" href="#turn-0-1"') == 2
    assert html.count('id="turn-0-1"') == 1
    assert f'title="“{QUOTE}” — Jembatan Muara Dibuka — Kabar Muara, 7 Oktober 2024"' in html
    assert 'href="https://contoh.id/jembatan?a=1&amp;b=2" target="_blank" rel="noopener noreferrer"' in html


def test_html_shows_the_key_part_and_the_quotation_in_its_passage() -> None:
    text, _, source = answer_html(answered()).partition("<details")
    assert "“Peresmiannya dipimpin <strong>Wirya Kusuma</strong> di hadapan warga.”" in text
    assert "Jembatan Muara dibuka Senin. <mark>Peresmiannya dipimpin </mark>" in source
    assert "<mark><strong>Wirya Kusuma</strong></mark>" in source


def test_sources_can_be_left_to_the_page() -> None:
    assert "<details" not in answer_html(answered(), sources=False)


def test_answers_do_not_clash_in_one_document() -> None:
    ids = [re.findall(r' id="([^"]+)"', answer_html(answered(key=key))) for key in ("Wirya Kusuma", "warga")]
    other = re.findall(r' id="([^"]+)"', answer_html(answered(quote="Jembatan Muara dibuka Senin.", key="Senin")))
    assert ids[0] == ids[1]  # the same question and quotation: the same place
    assert set(ids[0]).isdisjoint(other)


def test_a_bracketed_number_inside_a_quotation_is_no_citation() -> None:
    source = article(text="Kota itu berdiri pada 1668.[1] Kini ramai.")
    html = answer_html(answered(source, quote="Kota itu berdiri pada 1668.[1]", key="1668"))
    assert html.partition("<details")[0].count('tb-cite"') == 2
    assert "<strong>1668</strong>.[1]”" in html


def test_a_marker_without_citation_stays_text() -> None:
    html = answer_html(Answer(question="q", query="q", text="Menurut catatan [7]."))
    assert 'tb-cite"' not in html
    assert "catatan [7]." in html


def test_paragraphs_and_lines() -> None:
    html = answer_html(Answer(question="q", query="q", text="Tidak ada.\n\nTerdekat:\n- Satu\n- Dua"))
    assert "<p>Tidak ada.</p><p>Terdekat:<br>- Satu<br>- Dua</p>" in html


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "ftp://x/y", "https://", "http://[x", "x.id", None]
)
def test_only_web_addresses_become_links(url: str | None) -> None:
    answer = answered(article(url=url))
    for shown in (answer_html(answer), answer_markdown(answer), answer_text(answer), article_html(article(url=url))):
        assert "Buka artikel asli" not in shown
        assert "](" not in shown
        assert url is None or url not in shown


def test_an_address_cannot_leave_its_attribute() -> None:
    source = article(url='https://contoh.id/"><script>x</script>')
    assert "<script" not in answer_html(answered(source))
    assert "](<https://contoh.id/%22%3E%3Cscript%3Ex%3C/script%3E>)" in answer_markdown(answered(source))


def test_nothing_that_others_wrote_is_markup() -> None:
    source = article(title=HOSTILE, publisher=HOSTILE, author=HOSTILE, text=f"{HOSTILE}. Selesai.")
    answer = replace(answered(source, quote=f"{HOSTILE}.", key="alert(1)"), question=HOSTILE)
    for html in (answer_html(answer, prefix='"><i>'), article_html(source, [(0, 9)], prefix='"><i>')):
        parser = Elements(html)
        assert parser.tags <= {
            "p",
            "a",
            "strong",
            "mark",
            "br",
            "div",
            "details",
            "summary",
            "blockquote",
            "article",
            "h3",
            "span",
            "style",
        }
        assert parser.attributes <= {"class", "lang", "id", "href", "title", "target", "rel"}
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(answer_markdown(answer))
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= {"p", "a", "strong", "ul", "li", "br"}
    assert "alert(1)" in rendered


def test_markdown_links_markers_and_sources() -> None:
    rendered = MarkdownIt().render(answer_markdown(answered()))
    assert rendered.count('<a href="https://contoh.id/jembatan?a=1&amp;b=2">') == 3
    assert "“Peresmiannya dipimpin <strong>Wirya Kusuma</strong> di hadapan warga.”" in rendered
    assert ">Jembatan Muara Dibuka — Kabar Muara, 7 Oktober 2024</a>" in rendered


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=60))
def test_markdown_shows_any_text_as_it_is(text: str) -> None:
    answer = Answer(question="q", query="q", text=f"a {text}")
    rendered = MarkdownIt("gfm-like", {"html": True, "linkify": False}).render(answer_markdown(answer))
    assert " ".join(visible(rendered).split()) == " ".join(f"a {text}".split())


@pytest.mark.parametrize(
    "line", ["- a", "+ a", "1. a", "12) a", "# a", "> a", "---", "===", "    a", "| a | b |", "www.a.id"]
)
def test_markdown_makes_no_blocks_of_lines(line: str) -> None:
    answer = Answer(question="q", query="q", text=f"{line}\n{line}")
    rendered = MarkdownIt("gfm-like", {"linkify": False}).render(answer_markdown(answer))
    assert set(re.findall(r"</?([a-z0-9]+)", rendered)) <= {"p", "br"}


def test_markdown_makes_no_links_of_bare_addresses() -> None:
    shown = answer_markdown(Answer(question="q", query="q", text="Lihat https://x.id, www.x.id, a@x.id"))
    assert shown == r"Lihat https\://x.id, www\.x.id, a\@x.id"


def test_article_shows_everything_about_it() -> None:
    html = article_html(article(author="Melati", published=datetime(2024, 10, 7, 9, 30, tzinfo=WIB)), [(0, 14)])
    assert "<h3>Jembatan Muara Dibuka</h3>" in html
    assert "Kabar Muara, 7 Oktober 2024 09.30 WIB, Melati · <a href=" in html
    assert '<span id="artikel-0"></span><mark>Jembatan Muara</mark> dibuka' in html


def test_jupyter_shows_the_html() -> None:
    answer = answered()
    assert answer._repr_html_() == answer_html(answer)


def test_overlapping_spans_each_keep_their_place() -> None:
    html = highlight_html("abcdef", [(1, 4), (3, 5), (1, 2)], keys=[(2, 3)], prefix="p")
    assert html == (
        'a<span id="p-0"></span><span id="p-2"></span><mark>b</mark><mark><strong>c</strong></mark>'
        '<span id="p-1"></span><mark>d</mark><mark>e</mark>f'
    )


OFFSETS = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 60)), max_size=6)


@given(text=st.text(max_size=50) | st.text(alphabet="<>&\"'; amplt#39", max_size=50), spans=OFFSETS, keys=OFFSETS)
def test_highlights_change_no_character(text: str, spans: list[tuple[int, int]], keys: list[tuple[int, int]]) -> None:
    html = highlight_html(text, spans, keys=keys, prefix="p")
    assert unescape(re.sub(r"<[^>]*>", "", html)) == text
    marked = "".join(
        unescape(re.sub(r"<[^>]*>", "", part)) for part in re.findall(r"<mark>.*?</mark>", html, re.DOTALL)
    )
    covered = {at for start, end in spans for at in range(max(start, 0), min(end, len(text)))}
    assert marked == "".join(text[at] for at in sorted(covered))


def test_the_notice_stands_between_the_answer_and_its_sources_everywhere_and_is_no_markup() -> None:
    answer = replace(answered(), notice=f"Model tidak dapat dihubungi. {HOSTILE}")
    assert f"\n\n{answer.notice}\n\nSumber:" in answer_text(answer)
    assert answer_html(answer, sources=False).count(HOSTILE) == 0
    assert answer.notice in visible(answer_html(answer))
    assert Elements(answer_html(answer)).tags == Elements(answer_html(answered())).tags
    assert "Model tidak dapat dihubungi" in answer_markdown(answer)
    rendered = MarkdownIt("commonmark", {"html": True}).render(answer_markdown(answer))
    assert "<script" not in rendered
    assert "<img" not in rendered


def test_meanings_stand_beside_the_quotation_and_never_in_its_marks() -> None:
    answer = answered()
    cited = replace(answer.citations[0], glosses=(Gloss("Peresmiannya", f"jembatan {HOSTILE}", 29, 41),))
    explained = replace(answer, citations=(cited,))
    for html in (answer_html(explained), cited._repr_html_()):
        assert f"(Peresmiannya: jembatan {HOSTILE})" in visible(html)
        assert "Peresmiannya: jembatan" not in html.partition("<blockquote")[2].partition("</blockquote>")[0]
        assert Elements(html).tags <= Elements(answer_html(answer)).tags
    assert QUOTE in answer_markdown(explained, quotes=True)
    assert r"Peresmiannya: jembatan" in answer_markdown(explained, quotes=True)
    assert "Peresmiannya: jembatan" not in answer_markdown(explained)
