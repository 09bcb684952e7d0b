"""Takes the pictures of the page's main states in ``docs/images/``: ``python docs/screenshots.py``.

Indexes ``seeds/`` into a temporary folder and serves it on a free port; the pictures show the product as it is.
"""

from __future__ import annotations

import argparse
import shutil
import socket
import sys
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
QUESTION = "Berapa nilai PDRB Kaltim 2024?"
UNANSWERABLE = "Berapa harga tiket konser musik di Tokyo tahun depan?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
DESKTOP: dict[str, Any] = {"viewport": {"width": 1280, "height": 800}}
PHONE: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2, "has_touch": True}


def main() -> None:
    """Serves the page and takes the pictures."""
    sys.path.insert(0, str(ROOT))
    from assistant.core import Assistant, open_index
    from assistant.settings import Settings
    from index.reading import read_articles
    from ui import launch  # noqa: TID251 - it is what the pictures show

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chromium", default=shutil.which("chromium"), help="the browser, if not the one in PATH")
    chromium = parser.parse_args().chromium
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, open_index(Settings(index=Path(folder)), create=None) as index:
        index.add(read_articles(ROOT / "seeds"))
        page = launch(Assistant(index), port=port, block=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            address = f"http://127.0.0.1:{port}/"
            take(browser, address, "desktop-light.png", source, **DESKTOP)
            take(browser, address, "library-light.png", library, **DESKTOP)
            take(browser, address, "refusal-dark.png", refusal, color_scheme="dark", **DESKTOP)
            take(browser, address, "settings-light.png", settings, **DESKTOP)
            take(browser, address, "phone-dark.png", answer, color_scheme="dark", **PHONE)
            browser.close()
        page.close()


def take(browser: Browser, address: str, name: str, reach: Callable[[Page], None], **device: Any) -> None:  # noqa: ANN401
    """One picture of a state on a device."""
    context = browser.new_context(locale="id-ID", **device)
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto(address)
    page.locator(".examples button").first.wait_for()
    reach(page)
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / name)
    context.close()


def answer(page: Page, question: str = QUESTION) -> None:
    """A question and its answer."""
    page.get_by_label("Pertanyaan", exact=True).fill(question)
    page.keyboard.press("Enter")
    page.locator(".tools button").first.wait_for()


def source(page: Page) -> None:
    """An answer, and the article opened at its quotation."""
    answer(page)
    page.locator("a.tb-cite").first.click()
    page.locator("#panel mark").first.wait_for()


def refusal(page: Page) -> None:
    """A question that the articles do not answer."""
    answer(page, UNANSWERABLE)


def library(page: Page) -> None:
    """What is indexed."""
    page.get_by_role("button", name="Pustaka").click()
    page.locator(".add summary").click()
    page.locator(".timeline").wait_for()


def settings(page: Page) -> None:
    """What can be chosen."""
    page.get_by_role("button", name="Setelan").click()
    page.locator(".choices").wait_for()


if __name__ == "__main__":
    main()
