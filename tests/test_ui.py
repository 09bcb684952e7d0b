"""The page in a real browser, over the real index of ``seeds/``."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from assistant.core import Assistant, open_index
from assistant.settings import Settings
from assistant.types import Answer
from index.reading import read_articles
from index.store import ArticleIndex
from index.types import Article
from page.examples import Examples
from ui import launch  # noqa: TID251 - its test

CHROMIUM = shutil.which("chromium")
pytestmark = [
    pytest.mark.slow,
    # Gradio sums up its queue with options that pandas 3 deprecates.
    pytest.mark.filterwarnings("ignore::pandas.errors.Pandas4Warning"),
    pytest.mark.skipif(CHROMIUM is None, reason="needs a chromium (Debian's package is enough)"),
]

ROOT = Path(__file__).parents[1]
SEEDS = ROOT / "seeds"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
QUESTION = "Berapa nilai PDRB Kaltim 2024?"
ANSWER = "Rp858,43 triliun"
UNANSWERABLE = "Berapa harga tiket konser musik di Tokyo tahun depan?"
# Text against whatever is behind it, by WCAG 2.2's definition of contrast; what is hidden or disabled does not count.
CONTRAST = """() => {
  const channels = (text) => (text.match(/[\\d.]+/g) ?? []).map(Number);
  const luminance = ([r, g, b]) => [r, g, b].map((c) => (c /= 255) <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
    .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0);
  const behind = (node) => {
    for (; node; node = node.parentElement) {
      const colour = channels(getComputedStyle(node).backgroundColor);
      if (colour.length === 3 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const poor = [];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.data.trim() || !node.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    const box = node.getBoundingClientRect();
    if (box.width < 2 || box.right < 0) continue;
    const [one, two] = [luminance(channels(getComputedStyle(node).color)), luminance(behind(node))];
    const ratio = (Math.max(one, two) + .05) / (Math.min(one, two) + .05);
    if (ratio < 4.5) poor.push(`${ratio.toFixed(2)} ${node.tagName}.${node.className}: ${walker.currentNode.data.trim().slice(0, 40)}`);
  }
  return poor;
}"""  # noqa: E501 - JavaScript reads better unbroken


@pytest.fixture(scope="module")
def assistant(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Assistant]:
    with filled(tmp_path_factory.mktemp("index"), read_articles(SEEDS)) as index:
        yield Assistant(index)


@contextmanager
def filled(folder: Path, articles: Any) -> Iterator[ArticleIndex]:
    with open_index(Settings(index=folder), create=None) as index:
        assert not index.add(articles).failed
        yield index


@contextmanager
def served(assistant: Assistant, port: int | None = None, **options: Any) -> Iterator[str]:
    if port is None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
    page = launch(assistant, port=port, block=False, **options)
    try:
        assert isinstance(page.local_url, str)
        yield page.local_url
    finally:
        page.close()


@pytest.fixture(scope="module")
def address(assistant: Assistant) -> Iterator[str]:
    with served(assistant) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens pages, each for a visitor of its own; afterwards, no script has failed and nothing was asked elsewhere."""
    contexts: list[BrowserContext] = []
    problems: list[str] = []

    def asked(request: Any) -> None:
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https", "ws", "wss"} and parts.hostname != "127.0.0.1":
            problems.append(request.url)

    def visit(address: str, **options: Any) -> Page:
        context = browser.new_context(**{"locale": "id-ID", "viewport": {"width": 1280, "height": 800}, **options})
        contexts.append(context)
        context.set_default_timeout(60_000)
        page = context.new_page()
        page.on("request", asked)
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.goto(address)
        page.locator(".welcome").wait_for()
        return page

    yield visit
    for context in contexts:
        context.close()
    assert problems == []


def ask(page: Page, question: str, turn: int = 0) -> None:
    """Asks and waits until the answer is complete."""
    page.get_by_label("Pertanyaan", exact=True).fill(question)
    page.get_by_role("button", name="Tanya", exact=True).click()
    expect(page.locator(f'[data-turn="{turn}"] .tools button').first).to_be_visible()


def violations(page: Page) -> list[str]:
    """What axe-core finds that is serious or worse, of the page's own: all but what Gradio itself builds around it."""
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
    return [
        f"{violation['id']}: {node['html'][:120]}"
        for violation in found.response["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


def marked(page: Page) -> str:
    return "".join(page.locator("#panel mark").all_text_contents())


def test_an_example_question_is_answered_from_the_articles(visit, address, assistant) -> None:
    page = visit(address)
    examples = page.locator(".examples button")
    expect(examples.first).to_be_visible()
    assert 1 <= examples.count() <= 4
    for question in examples.all_text_contents():
        assert assistant.ask(question).found
    question = examples.first.text_content()
    examples.first.click()
    expect(page.get_by_role("heading", name=question)).to_be_visible()
    expect(page.locator(".tb-answer a.tb-cite").first).to_be_visible()


def test_a_marker_opens_the_article_at_the_quoted_characters(visit, address, assistant) -> None:
    answer = assistant.ask(QUESTION)
    assert answer.found
    page = visit(address)
    ask(page, QUESTION)
    for citation in answer.citations:
        page.locator("a.tb-cite", has_text=f"[{citation.number}]").first.click()
        panel = page.locator("#panel")
        expect(panel.get_by_role("heading", level=2)).to_contain_text(f"Sumber {citation.number}")
        expect(panel.get_by_role("heading", level=2)).to_contain_text(citation.article.title)
        assert marked(page) == citation.quote
        assert panel.locator(".tb-body").text_content() == citation.article.text
        expect(panel.locator(".tb-meta")).to_contain_text(citation.article.publisher)
        expect(panel.locator(".context")).to_contain_text(QUESTION)
        expect(panel.locator("mark").first).to_be_in_viewport()


def test_the_keyboard_alone_is_enough(visit, address) -> None:
    page = visit(address)
    page.get_by_label("Pertanyaan", exact=True).focus()
    page.keyboard.type(QUESTION)
    page.keyboard.press("Enter")
    expect(page.locator(".tools button").first).to_be_visible()
    marker = page.locator("a.tb-cite").first
    for _ in range(30):
        page.keyboard.press("Shift+Tab")
        if marker.evaluate("(marker) => marker === document.activeElement"):
            break
    expect(page.get_by_role("tooltip")).to_contain_text(ANSWER)
    page.keyboard.press("Enter")
    expect(page.locator("#panel-heading")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#panel .panel")).to_have_count(0)
    expect(marker).to_be_focused()


def test_a_preview_shows_quote_publisher_and_date(visit, address, assistant) -> None:
    citation = assistant.ask(QUESTION).citations[0]
    page = visit(address)
    ask(page, QUESTION)
    page.locator("a.tb-cite").first.hover()
    preview = page.get_by_role("tooltip")
    expect(preview).to_contain_text(citation.quote)
    expect(preview).to_contain_text(f"{citation.article.publisher}, 10 Juli 2025")


def test_what_is_not_in_the_articles_is_said_and_the_nearest_can_be_read(visit, address) -> None:
    page = visit(address)
    ask(page, UNANSWERABLE)
    expect(page.locator(".tb-answer")).to_contain_text("tidak ada dalam artikel-artikel ini")
    expect(page.locator("a.tb-cite")).to_have_count(0)
    nearest = page.locator(".turn .articles button")
    title = nearest.first.locator("strong").text_content()
    nearest.first.click()
    expect(page.locator("#panel .tb-article h3")).to_have_text(title)
    expect(page.locator("#panel .context")).to_contain_text("Paling dekat dengan pertanyaan")


def test_a_follow_up_shows_what_was_searched_and_closes_the_source_of_another_answer(
    visit, address, monkeypatch
) -> None:
    opened = threading.Event()
    after = Examples.after

    def later(self: Examples, answer: Answer, asked: list[str]) -> tuple[str, ...]:
        assert len(asked) == 1 or opened.wait(60)
        return after(self, answer, asked)

    monkeypatch.setattr(Examples, "after", later)
    page = visit(address)
    ask(page, "Siapa gubernur Kalimantan Timur yang dilantik Presiden Prabowo?")
    expect(page.locator(".searched")).to_have_count(0)
    page.locator(".turn .articles button").first.click()
    expect(page.locator("#panel .panel")).to_be_visible()
    ask(page, "Kapan dia dilantik?", turn=1)
    expect(page.locator("#panel .panel")).to_have_count(0)
    searched = page.locator('[data-turn="1"] .searched')
    expect(searched).to_contain_text("Yang dicari:")
    searched.locator("summary").click()
    searched.locator("input").fill(QUESTION)
    opened.set()  # what may be asked next comes while the form is open, and leaves it so
    expect(page.locator('[data-turn="1"] .follow-ups')).to_be_visible()
    expect(searched.locator("input")).to_have_value(QUESTION)
    searched.get_by_role("button", name="Cari lagi").click()
    expect(page.locator('[data-turn="1"] .tb-answer')).to_contain_text(ANSWER)
    expect(page.locator('[data-turn="1"] .asked')).to_contain_text("Kapan dia dilantik?")
    expect(searched).to_contain_text(QUESTION)


def test_a_question_can_be_repeated_changed_and_forgotten(visit, address) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.locator(".tools button").first.evaluate("(button) => button.setAttribute('data-before', '')")
    page.get_by_role("button", name="Ulangi").click()
    expect(page.locator("[data-before]")).to_have_count(0)
    expect(page.locator(".turn")).to_have_count(1)
    page.get_by_role("button", name="Ubah pertanyaan").click()
    expect(page.get_by_label("Pertanyaan", exact=True)).to_have_value(QUESTION)
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, QUESTION)
    page.get_by_role("button", name="Hapus", exact=True).click()
    expect(page.locator(".turn")).to_have_count(0)
    ask(page, QUESTION)
    page.get_by_role("button", name="Percakapan baru").click()
    expect(page.locator(".welcome")).to_be_visible()
    expect(page.locator(".turn")).to_have_count(0)


def test_an_answer_can_be_copied_with_its_sources(visit, address) -> None:
    page = visit(address, permissions=["clipboard-read", "clipboard-write"])
    ask(page, QUESTION)
    page.get_by_role("button", name="Salin").click()
    expect(page.get_by_role("button", name="Tersalin")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert ANSWER in copied
    assert "Sumber:" in copied


class Waiting:
    """The index, once it is allowed to answer."""

    def __init__(self, index: ArticleIndex) -> None:
        self.index = index
        self.allowed = threading.Event()

    def retrieve(self, query, k=10, filter=None):  # noqa: A002 - the name in the protocol
        assert self.allowed.wait(30)
        return self.index.retrieve(query, k, filter=filter)


def test_an_answer_can_be_stopped_and_the_next_question_asked(visit, assistant) -> None:
    retriever = Waiting(assistant.index)
    with served(Assistant(assistant.index, retriever=retriever)) as address:
        page = visit(address)
        page.get_by_label("Pertanyaan", exact=True).fill(QUESTION)
        page.keyboard.press("Enter")
        expect(page.get_by_text("Mencari dalam 14 artikel")).to_be_visible()
        expect(page.get_by_role("log")).to_have_attribute("aria-busy", "true")
        page.get_by_role("button", name="Hentikan").click()
        expect(page.get_by_text("Dihentikan.")).to_be_visible()
        retriever.allowed.set()
        ask(page, QUESTION, turn=1)
        expect(page.locator('[data-turn="1"] a.tb-cite').first).to_be_visible()
        expect(page.locator('[data-turn="0"] a.tb-cite')).to_have_count(0)


def test_who_has_to_wait_sees_the_queue(visit, assistant, monkeypatch) -> None:
    monkeypatch.setattr(os, "cpu_count", lambda: 1)
    retriever = Waiting(assistant.index)
    with served(Assistant(assistant.index, retriever=retriever)) as address:
        pages = [visit(address) for _ in range(2)]
        for page in pages:
            page.get_by_label("Pertanyaan", exact=True).fill(QUESTION)
            page.keyboard.press("Enter")
            expect(page.locator(".turn .wait")).to_be_visible()
        expect(pages[-1].get_by_text("Menunggu giliran: nomor 1")).to_be_visible()
        retriever.allowed.set()
        for page in pages:
            expect(page.locator("a.tb-cite").first).to_be_visible()


def test_two_visitors_at_once_see_only_their_own(visit, address) -> None:
    one, other = visit(address), visit(address)
    for page, question in ((one, QUESTION), (other, UNANSWERABLE)):
        page.get_by_label("Pertanyaan", exact=True).fill(question)
    for page in (one, other):
        page.get_by_role("button", name="Tanya", exact=True).click()
    for page in (one, other):
        expect(page.locator(".tools button").first).to_be_visible()
    expect(one.locator(".turn")).to_have_count(1)
    expect(other.locator(".turn")).to_have_count(1)
    expect(one.locator(".asked")).to_contain_text(QUESTION)
    expect(other.locator(".asked")).to_contain_text(UNANSWERABLE)
    one.locator("a.tb-cite").first.click()
    expect(one.locator("#panel mark").first).to_be_visible()
    expect(other.locator("#panel .panel")).to_have_count(0)


@pytest.mark.parametrize("kept", [False, True])
def test_a_question_that_is_sent_before_the_page_has_loaded_is_answered(visit, address, kept: bool) -> None:
    page = visit(address)
    if kept:
        ask(page, "Siapa yang memimpin rapat pleno?")
    load = reload_slowly(page)
    page.get_by_label("Pertanyaan", exact=True).fill(QUESTION)
    page.get_by_role("button", name="Tanya", exact=True).click()
    expect(page.locator("#talk .turn .asked")).to_contain_text(QUESTION)
    load()
    expect(page.locator('[data-turn="0"] .tools button').first).to_be_visible()
    expect(page.locator(".tb-answer")).to_contain_text(ANSWER)


@pytest.mark.parametrize("kept", [False, True])
def test_what_is_opened_before_the_page_has_loaded_stays_open(visit, address, kept: bool) -> None:
    page = visit(address)
    if kept:
        ask(page, QUESTION)
    load = reload_slowly(page)
    page.get_by_role("button", name="Pustaka").click()
    expect(page.locator("#panel .articles button")).to_have_count(14)
    load()
    expect(page.locator(".turn" if kept else ".examples button").first).to_be_visible()
    expect(page.locator("#panel .articles button")).to_have_count(14)


def reload_slowly(page: Page) -> Callable[[], None]:
    """Loads the page anew, but holds back what it asks first, for its own state; to be called to let that go."""
    held: list[Any] = []

    def hold(route: Any) -> None:
        if held:
            route.continue_()
        else:
            held.append(route)

    page.route("**/gradio_api/run/**", hold)
    page.reload()
    return lambda: held[0].continue_()


def test_the_library_lists_opens_and_limits(visit, address) -> None:
    page = visit(address)
    page.get_by_role("button", name="Pustaka").click()
    listed = page.locator("#panel .articles button")
    expect(listed).to_have_count(14)
    page.locator("details.limit summary").click()
    page.get_by_label("Sejak", exact=True).fill("2024-08-01")
    page.get_by_label("Sampai", exact=True).fill("2024-12-31")
    page.get_by_role("button", name="Terapkan").click()
    expect(listed).to_have_count(8)
    listed.first.click()
    expect(page.locator("#panel .tb-article h3")).to_be_visible()
    page.get_by_role("button", name="Kembali ke pustaka").click()
    expect(listed).to_have_count(8)
    page.get_by_role("button", name="Tutup").click()
    ask(page, QUESTION)
    expect(page.locator(".tb-answer")).not_to_contain_text(ANSWER)
    for source in page.locator(".turn .articles small").all_text_contents():
        assert source.endswith(" 2024")
    page.get_by_role("button", name="Hapus batasan: sejak 1 Agustus 2024").click()
    page.get_by_role("button", name="Hapus batasan: sampai 31 Desember 2024").click()
    expect(page.locator(".limits")).to_have_count(0)
    page.get_by_role("button", name="Ulangi").click()
    expect(page.locator(".tb-answer")).to_contain_text(ANSWER)


def test_of_two_answers_to_clicks_the_one_overtaken_is_not_what_stays(visit, address) -> None:
    page = visit(address)
    page.get_by_role("button", name="Pustaka").click()
    page.locator("details.limit summary").click()
    page.get_by_label("Sejak", exact=True).fill("2024-08-01")
    page.get_by_label("Sampai", exact=True).fill("2024-12-31")
    page.get_by_role("button", name="Terapkan").click()
    chips = page.locator(".limits button")
    expect(chips).to_have_count(2)
    overtaken: list[Any] = []

    def hold(route: Any) -> None:
        if overtaken:
            route.continue_()
        else:
            overtaken.append(route)
            overtaken.append(route.fetch())  # the server has answered, and the page waits for it

    page.route("**/gradio_api/run/**", hold)
    chips.first.click()
    while len(overtaken) < 2:
        page.wait_for_timeout(50)
    chips.last.click()
    expect(chips).to_have_count(0)
    with page.expect_request("**/gradio_api/run/**"):  # the page has got the older one, and asks anew
        route, response = overtaken
        route.fulfill(response=response)
    expect(chips).to_have_count(0)


def test_files_are_added_reported_searched_and_removed(visit, tmp_path) -> None:
    good, broken = tmp_path / "pasar.txt", tmp_path / "rusak.pdf"
    good.write_text(
        "Pasar Klandasan dibuka\n\nPasar Klandasan dibuka kembali oleh Wali Kota Rahmad pada 3 Mei 2024.", "utf-8"
    )
    broken.write_bytes(b"bukan pdf")
    settings = Settings(index=tmp_path / "index", ui_upload_files=2)
    with (
        filled(tmp_path / "index", read_articles(SEEDS)) as index,
        served(Assistant(index, settings=settings)) as address,
    ):
        page = visit(address)
        page.get_by_role("button", name="Pustaka").click()
        page.locator(".add summary").click()
        choose = page.get_by_role("button", name="Tambah berkas")
        with page.expect_file_chooser() as chooser:
            choose.click()
        chooser.value.set_files([good, broken, good])
        expect(page.get_by_text("Paling banyak 2 berkas")).to_be_visible()
        with page.expect_file_chooser() as chooser:
            choose.click()
        chooser.value.set_files([good, broken])
        expect(page.locator("#panel .report")).to_contain_text("1 artikel ditambahkan.")
        expect(page.locator("#panel .failures")).to_contain_text("rusak.pdf")
        assert len(index) == 15
        page.get_by_label("Cari dalam pustaka").fill("pasar klandasan")
        page.get_by_role("button", name="Cari", exact=True).click()
        expect(page.locator("#panel .count")).to_contain_text("terdekat")
        page.locator("#panel .articles button").first.click()
        page.get_by_text("Hapus dari pustaka").click()
        page.get_by_role("button", name="Ya, hapus artikel ini").click()
        expect(page.locator("#panel .notice")).to_contain_text("dihapus dari pustaka")
        assert len(index) == 14


def test_a_page_for_asking_only_asks(visit, assistant, tmp_path) -> None:
    settings = Settings(index=tmp_path, ui_read_only=True, ui_rate=1)
    with served(Assistant(assistant.index, settings=settings)) as address:
        page = visit(address)
        ask(page, QUESTION)
        expect(page.locator(".thumbs")).to_have_count(0)
        page.get_by_role("button", name="Pustaka").click()
        page.locator("#panel .articles button").first.click()
        expect(page.locator("#panel .tb-article")).to_be_visible()
        expect(page.locator(".drop, .remove, #files")).to_have_count(0)
        ask(page, QUESTION, turn=1)
        expect(page.get_by_role("alert")).to_contain_text("Terlalu banyak pertanyaan dalam semenit")


def test_a_login_is_asked_for(browser, assistant, tmp_path) -> None:
    settings = Settings(index=tmp_path, ui_auth="rina:rahasia")
    with served(Assistant(assistant.index, settings=settings)) as address, browser.new_context() as context:
        page = context.new_page()
        page.goto(address)
        expect(page.get_by_text("Masuk untuk bertanya")).to_be_visible()
        for password in ("salah", "rahasia"):
            expect(page.locator(".welcome")).to_have_count(0)
            page.locator("input[type=text]:visible, textarea:visible").first.fill("rina")
            page.locator("input[type=password]").fill(password)
            page.get_by_role("button", name="Login").click()
        expect(page.locator(".welcome")).to_be_visible()


def test_the_language_is_the_browsers_until_another_is_chosen(visit, address) -> None:
    page = visit(address)
    expect(page.locator("html")).to_have_attribute("lang", "id")
    english = visit(address, locale="en-GB")
    expect(english.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    page.get_by_role("button", name="Show this page in English").click()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()
    expect(page.get_by_role("button", name="Ask", exact=True)).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.reload()
    expect(page.get_by_role("heading", name="What would you like to know?")).to_be_visible()


def test_conversations_outlive_a_reload_and_the_server(visit, assistant) -> None:
    def restarted() -> None:
        page.goto(again)
        expect(page.locator(".turn")).to_have_count(2)

    with served(assistant) as address:
        port = urlsplit(address).port
        page = visit(address)
        ask(page, QUESTION)
        ask(page, UNANSWERABLE, turn=1)
        page.wait_for_function("Object.keys(localStorage).some((key) => key.includes('conversation:'))")
        page.reload()
        expect(page.locator(".turn")).to_have_count(2)
    with served(assistant, port=port) as again:
        restarted()
        page.locator("a.tb-cite").first.click()
        expect(page.locator("#panel mark").first).to_be_in_viewport()
        assert marked(page) == assistant.ask(QUESTION).citations[0].quote
        page.get_by_role("button", name="Percakapan baru").click()
        expect(page.locator(".turn")).to_have_count(0)
        ask(page, "Siapa pendamping Rudy Mas'ud?")
        page.get_by_role("button", name="Percakapan", exact=True).click()
        rows = page.locator(".kept-list li")
        expect(rows).to_have_count(2)
        rows.last.get_by_role("button", name="Ganti nama").click()
        page.keyboard.type("Ekonomi")
        page.keyboard.press("Enter")
        rows.filter(has_text="Ekonomi").locator('[data-action="restore"]').click()
        expect(page.locator(".turn")).to_have_count(2)
        expect(page.locator("#panel .panel")).to_have_count(0)
        page.get_by_role("button", name="Percakapan", exact=True).click()
        page.on("dialog", lambda dialog: dialog.accept())
        rows.filter(has_text="Ekonomi").get_by_role("button", name="Hapus").click()
        expect(rows).to_have_count(1)
        expect(page.locator(".turn")).to_have_count(0)
        page.reload()
        expect(page.locator(".welcome")).to_be_visible()


def test_a_conversation_can_be_downloaded(visit, address, assistant) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Percakapan", exact=True).click()
    for kind in ("Markdown", "HTML", "JSON"):
        with page.expect_download() as download:
            page.locator(".export").get_by_text(kind).click()
        text = Path(download.value.path()).read_text(encoding="utf-8")
        assert download.value.suggested_filename.startswith("berapa-nilai-pdrb")
        assert ANSWER in text
    assert json.loads(text)["turns"][0]["answer"]["citations"][0]["quote"] == assistant.ask(QUESTION).citations[0].quote


def test_what_may_be_asked_next_is_answerable(visit, address, assistant) -> None:
    page = visit(address)
    ask(page, "Siapa gubernur Kalimantan Timur yang dilantik Presiden Prabowo?")
    offered = page.locator(".follow-ups button")
    expect(offered.first).to_be_visible()
    question = offered.first.text_content() or ""
    assert assistant.ask(question).found
    offered.first.click()
    expect(page.locator('[data-turn="1"] .tb-answer a.tb-cite').first).to_be_visible()


def test_an_answer_can_be_rated_with_a_reason(visit, address, assistant) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.get_by_role("button", name="Tidak membantu").click()
    expect(page.get_by_role("button", name="Tidak membantu")).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Keterangan").fill("Angkanya lain.")
    page.get_by_role("button", name="Kirim").click()
    expect(page.get_by_text("Terima kasih")).to_be_visible()
    stored = (assistant.index.path / "feedback.jsonl").read_text(encoding="utf-8").splitlines()
    assert json.loads(stored[-1])["rating"]["comment"] == "Angkanya lain."


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_everything_is_readable_and_fits(visit, address, scheme, width) -> None:
    page = visit(address, color_scheme=scheme, viewport={"width": width, "height": 740})
    assert page.evaluate("document.body.classList.contains('dark')") == (scheme == "dark")
    states: list[Callable[[], object]] = [
        lambda: expect(page.locator(".examples button").first).to_be_visible(),
        lambda: ask(page, QUESTION),
        lambda: (
            page.locator("a.tb-cite").first.click(),
            expect(page.locator("#panel mark").first).to_be_in_viewport(),
        ),
        lambda: (page.keyboard.press("Escape"), expect(page.locator("#panel .panel")).to_have_count(0)),
        lambda: (page.get_by_role("button", name="Pustaka").click(), page.locator(".timeline").wait_for()),
        lambda: (page.locator(".add summary").click(), page.locator("details.limit summary").click()),
        lambda: (
            page.get_by_role("button", name="Tutup").click(),
            page.get_by_role("button", name="Percakapan", exact=True).click(),
            page.locator(".kept-list li").wait_for(),
        ),
        lambda: (
            page.get_by_role("button", name="Tutup").click(),
            page.get_by_role("button", name="Setelan").click(),
            page.get_by_label("Teliti").check(),
        ),
    ]
    for reach in states:
        reach()
        assert page.evaluate(CONTRAST) == []
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_light_and_dark_can_be_chosen_and_are_remembered(visit, address) -> None:
    page = visit(address, color_scheme="light")
    page.get_by_role("button", name="Ganti tampilan").click()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))
    page.reload()
    page.locator(".welcome").wait_for()
    expect(page.locator("body")).to_have_class(re.compile(r"\bdark\b"))


def test_on_a_phone_the_source_covers_the_conversation_and_keeps_the_focus(visit, address) -> None:
    page = visit(address, viewport={"width": 360, "height": 740})
    ask(page, QUESTION)
    page.locator("a.tb-cite").first.click()
    expect(page.locator("#panel mark").first).to_be_in_viewport()
    assert page.locator("#talk").evaluate("(talk) => talk.inert")
    page.get_by_role("button", name="Tutup").click()
    expect(page.locator("a.tb-cite").first).to_be_focused()
    assert not page.locator("#talk").evaluate("(talk) => talk.inert")


def test_nothing_moves_while_an_answer_grows(visit, address) -> None:
    page = visit(address)
    ask(page, QUESTION)
    page.evaluate("""() => { globalThis.moved = 0; new PerformanceObserver((list) => {
        for (const shift of list.getEntries()) if (!shift.hadRecentInput) globalThis.moved += shift.value;
    }).observe({ type: "layout-shift" }); }""")
    ask(page, "Kapan Jembatan Mahakam diresmikan Presiden Soeharto?", turn=1)
    assert page.evaluate("globalThis.moved") < 0.1, "more than what Core Web Vitals calls good"


def test_hostile_articles_and_questions_stay_text(visit, tmp_path) -> None:
    hostile = (
        "<img src=x onerror='window.jahat=1'><script>window.jahat=1</script> **tebal** [tautan](http://jahat.example)"
    )
    article = Article(
        title=f"Pasar Klandasan {hostile}",
        text=f"Pasar Klandasan dibuka kembali oleh Wali Kota Rahmad pada 3 Mei 2024 {hostile}. Pedagang senang.",
        publisher=f"Warta {hostile}",
        url="javascript:window.jahat=1",
    )
    with filled(tmp_path, [article]) as index, served(Assistant(index)) as address:
        page = visit(address)
        ask(page, f"Kapan Pasar Klandasan dibuka kembali? {hostile}")
        page.locator(".turn .articles button").first.click()
        assert page.locator("#panel .tb-body").text_content() == article.text
        page.get_by_role("button", name="Tutup").click()
        page.get_by_role("button", name="Pustaka").click()
        expect(page.locator("#panel .articles button")).to_contain_text(article.title)
        assert page.evaluate("window.jahat") is None
        assert page.locator("#desk img, #desk script, #desk a[href^=javascript]").count() == 0


def test_an_empty_index_offers_the_bundled_articles(visit, tmp_path) -> None:
    with filled(tmp_path, []) as index, served(Assistant(index)) as address:
        page = visit(address)
        expect(page.get_by_text("Belum ada artikel").first).to_be_visible()
        expect(page.get_by_text("tanya add")).to_be_visible()
        page.get_by_role("button", name="Pakai 14 artikel contoh").click()
        expect(page.get_by_text("14 artikel ditambahkan.")).to_be_visible()
        expect(page.locator(".examples button").first).to_be_visible()
        assert len(index) == 14


def test_a_question_that_cannot_be_searched_gets_a_sentence(visit, address) -> None:
    page = visit(address)
    ask(page, "apa " * 5000)
    problem = page.get_by_role("alert")
    expect(problem).to_be_visible()
    expect(problem).to_have_text(re.compile(r"^Pertanyaannya .* karakter"))
    page.get_by_role("button", name="Show this page in English").click()
    expect(problem).to_have_text(re.compile(r"^the question has .* characters"))
    page.get_by_role("button", name="Tampilkan halaman ini dalam bahasa Indonesia").click()
    ask(page, QUESTION, turn=1)


def test_a_proxy_in_the_environment_is_not_asked_for_the_page(assistant, monkeypatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("no_proxy", "NO_PROXY"):
        monkeypatch.setenv(name, "")
    with served(assistant) as address:
        assert address.startswith("http://127.0.0.1:")


def test_what_is_served_refers_to_nothing_elsewhere(address) -> None:
    with urlopen(address) as response:
        html = response.read().decode()
    resources = re.findall(
        r"""(?:<link[^>]*href|<script[^>]*src|<img[^>]*src|url\()\s*=?\s*["']?(https?:[^"')\s]+)""", html
    )
    assert [found for found in resources if urlsplit(found).hostname != "127.0.0.1"] == []
    assert "fonts.googleapis.com" not in html
    assert "fonts.gstatic.com" not in html
