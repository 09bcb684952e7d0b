"""How objects show themselves in a notebook: escaped, without scripts, and shortly where there is no HTML."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
from IPython.core.formatters import DisplayFormatter

from assistant import Answer, Citation, Settings, open_index
from index.types import Article, Chunk, Failure, IngestReport, Passage

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>&\"'"
ARTICLE = Article(title=f"Judul {EVIL}", text=f"Isi {EVIL} selesai.", publisher=EVIL, url="https://contoh.example/a")
WHOLE = Chunk(ARTICLE.id, 0, 0, len(ARTICLE.text))
PASSAGE = Passage(article=ARTICLE, chunk=WHOLE, score=1.0, scores={EVIL: 0.5}, copies=(replace(ARTICLE, url=None),))
CITATION = Citation(number=1, article=ARTICLE, start=0, end=len(ARTICLE.text), span=(4, 12))
SHOWN = [
    PASSAGE,
    CITATION,
    Answer(question=EVIL, query=EVIL, text=f"{EVIL} [1]", citations=(CITATION,), passages=(PASSAGE,), found=True),
    IngestReport(added=("a", "b"), failed=(Failure(EVIL, EVIL),)),
]


class Tags(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.seen: set[str] = set()
        self.attributes: list[tuple[str, str | None]] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.seen.add(tag)
        self.attributes += attrs
        if tag not in {"br"}:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.words.append(data)


def shown(thing) -> dict[str, str]:
    data, _ = DisplayFormatter().format(thing)
    return data


@pytest.mark.parametrize("thing", SHOWN, ids=lambda thing: type(thing).__name__)
def test_html_is_whole_escaped_and_harmless(thing):
    tags = Tags(shown(thing)["text/html"])
    assert tags.open == []
    assert not tags.seen & {"script", "img", "iframe", "object", "link", "form"}
    assert not [name for name, _ in tags.attributes if name.startswith("on")]
    assert "alert(1)" in "".join(tags.words)


@pytest.mark.parametrize("thing", SHOWN, ids=lambda thing: type(thing).__name__)
def test_no_colour_is_fixed(thing):
    html = shown(thing)["text/html"]
    for declaration in re.split(r'[{};"]', html):
        name, _, value = declaration.partition(":")
        if name.strip() == "color":
            assert value.strip() == "inherit"
        if name.strip() == "background":
            assert "/" in value  # translucent


@pytest.mark.parametrize("thing", SHOWN, ids=lambda thing: type(thing).__name__)
def test_plain_text_says_it_shortly(thing):
    text = shown(thing)["text/plain"]
    assert text == str(thing)
    assert "Article(" not in text
    assert "\\n" not in text


def test_plain_text_holds_what_matters():
    assert shown(PASSAGE)["text/plain"].endswith(PASSAGE.text)
    assert CITATION.quote in str(CITATION)
    assert ARTICLE.title in str(CITATION)
    assert str(SHOWN[-1]) == f"added 2, updated 0, unchanged 0, removed 0, failed 1\n{EVIL}: {EVIL}"


def test_many_failures_do_not_fill_the_notebook():
    report = IngestReport(failed=tuple(Failure(f"file-{n}", "x") for n in range(5_000)))
    assert len(report._repr_html_()) < 20_000
    assert "4,950 more" in report._repr_html_()


def test_an_index_says_what_it_holds_and_not_where_it_lies(tmp_path):
    with open_index(Settings(index=tmp_path / "berita & co")) as index:
        assert "0" in shown(index)["text/html"]
        index.add([ARTICLE])
        html = shown(index)["text/html"]
        tags = Tags(html)
        assert tags.open == []
        assert "script" not in tags.seen
        assert "berita & co" in "".join(tags.words)
        assert str(tmp_path) not in html
        assert shown(index)["text/plain"].startswith("ArticleIndex(")
