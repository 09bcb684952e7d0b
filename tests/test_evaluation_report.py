"""The page of a run: whole, escaped, and drawn from the rows."""

from __future__ import annotations

import re
import shutil
from dataclasses import replace

import lxml.html
import pytest

from assistant.evaluating.comparing import compare
from assistant.evaluating.plots import plots_of
from assistant.evaluating.report import report_html, write_report
from assistant.evaluating.rows import Cited, Retrieved
from index.errors import TanyaError
from tests.test_evaluating import row

EVIL = "</style><script>alert(1)</script><img src=x onerror=alert(2)>\"'&$x_$"
ROWS = [
    row("held", 0.9, question="Siapa?", gold="Rina", exact=1.0, f1=1.0, unrestrained="held"),
    row("missed", 0.2, question="Kapan?", gold="Senin", unrestrained="held"),
    row("refused", 0.1, question="Di mana?", unrestrained="invented"),
    row("invented", 0.6, question="Berapa?", unrestrained="invented"),
    row(
        "wrong",
        0.5,
        question=f"Apa {EVIL}?",
        kind=EVIL,
        gold=EVIL,
        gold_article=EVIL,
        gold_evidence=EVIL,
        answer=EVIL,
        unrestrained="wrong",
        history=(EVIL,),
        passages=(Retrieved(EVIL, True), Retrieved("lain", False)),
        retrieval={"nDCG@10": 1.0},
    ),
]
ROWS[-1] = replace(ROWS[-1], citations=(Cited(EVIL, EVIL, True), Cited("tidak", "lain", False)))


@pytest.fixture(scope="module")
def page() -> str:
    other = [replace(one, verdict="held") if one.verdict == "missed" else one for one in ROWS]
    return report_html(ROWS, {"questions": EVIL}, compare(ROWS, other, resamples=20, permutations=20))


def test_what_articles_and_questions_say_is_text(page):
    tree = lxml.html.fromstring(page)
    assert {element.tag for element in tree.iter() if isinstance(element.tag, str)} & {"script", "img"} == set()
    shown = [element.text_content() for element in tree.xpath("//h3 | //dd | //blockquote | //li")]
    assert sum(EVIL in text for text in shown) >= 8  # and shown as it is, wherever it comes


def test_the_page_needs_nothing_else(page):
    tree = lxml.html.fromstring(page)
    addresses = [value for _, _, value, _ in tree.iterlinks()]
    assert all(address.startswith("#") for address in addresses), addresses
    assert not re.search(r"@import|url\((?!#)", page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    used = re.findall(r"(?:url\(|href=\"|xlink:href=\")#([^)\"]+)", page)
    assert used
    assert set(used) <= set(ids)


def test_failures_come_first_and_what_is_right_is_folded(page):
    tree = lxml.html.fromstring(page)
    sections = [section.get("id") for section in tree.xpath("//main/section[@id]")]
    assert sections == ["comparison", "wrong", "invented", "missed", "held", "refused"]
    opened = tree.xpath("//main/section[details[@open]]/@id")
    assert opened == ["wrong", "invented", "missed"]
    assert tree.xpath("//*[@id='wrong']//blockquote[@class='shows']/text()") == [EVIL]
    assert len(tree.xpath("//*[@id='wrong']//li[@class='relevant']")) == 1
    assert tree.xpath("//*[@id='comparison']//li")[0].text_content().split() == ["missed", "→", "held", "Kapan?"]


def test_plots_are_of_the_rows_given():
    titles = ["Precision and coverage", "Calibration", "Confidence", "Kinds of questions", "Time"]
    assert [plot.title for plot in plots_of(ROWS)] == titles
    refused = plots_of([row("refused"), row("unjudged")])
    assert [plot.title for plot in refused] == ["Confidence", "Kinds of questions", "Time"]
    assert all("#010203" not in plot.svg and "currentColor" in plot.svg for plot in refused)
    assert EVIL[:18].replace("<", "&lt;").replace(">", "&gt;") in plots_of(ROWS)[3].svg
    assert plots_of(ROWS) == plots_of(ROWS)


def test_an_unwritable_file_is_told(tmp_path):
    with pytest.raises(TanyaError, match="cannot be written"):
        write_report(tmp_path / "tidak" / "ada.html", "")


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs a chromium (Debian's package is enough)")
def test_it_fits_a_phone_and_asks_for_nothing(page, tmp_path):
    from axe_playwright_python.sync_playwright import Axe
    from playwright.sync_api import sync_playwright

    write_report(tmp_path / "report.html", page)
    asked, problems = [], []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        for scheme in ("light", "dark"):
            tab = browser.new_page(viewport={"width": 360, "height": 800}, color_scheme=scheme)
            tab.on("request", lambda request: asked.append(request.url))
            tab.on("console", lambda message: problems.append(message.text))
            tab.goto((tmp_path / "report.html").as_uri())
            assert tab.evaluate("document.documentElement.scrollWidth") <= 360
            assert problems == []  # before axe's script, which the page's own policy would refuse
            tab.context.close()
        tab = browser.new_context(bypass_csp=True).new_page()
        tab.goto((tmp_path / "report.html").as_uri())
        found = Axe().run(tab).response["violations"]
        assert [one["id"] for one in found if one["impact"] in ("serious", "critical")] == []
        browser.close()
    assert {url.split("/")[-1] for url in asked} == {"report.html"}
