"""Takes the pictures of the page in ``docs/images/``: ``python docs/screenshots.py [CHROMIUM]``.

Indexes ``seeds/`` into a temporary folder and serves it on a free port; the pictures show the product as it is.
"""

from __future__ import annotations

import shutil
import socket
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Browser, sync_playwright

ROOT = Path(__file__).parents[1]
IMAGES = ROOT / "docs" / "images"
QUESTION = "Berapa nilai PDRB Kaltim 2024?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]


def main() -> None:
    """Serves the page and takes the pictures."""
    sys.path.insert(0, str(ROOT))
    from assistant.core import Assistant, open_index
    from assistant.settings import Settings
    from index.reading import read_articles
    from ui import launch  # noqa: TID251 - it is what the pictures show

    chromium = sys.argv[1] if len(sys.argv) > 1 else shutil.which("chromium")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    IMAGES.mkdir(exist_ok=True)
    with TemporaryDirectory() as folder, open_index(Settings(index=Path(folder)), create=None) as index:
        index.add(read_articles(ROOT / "seeds"))
        page = launch(Assistant(index), port=port, block=False)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
            take(browser, port, "desktop-light.png", viewport={"width": 1280, "height": 800})
            phone: dict[str, Any] = {"viewport": {"width": 360, "height": 740}, "device_scale_factor": 2}
            take(browser, port, "phone-dark.png", color_scheme="dark", has_touch=True, source=False, **phone)
            browser.close()
        page.close()


def take(browser: Browser, port: int, name: str, *, source: bool = True, **device: Any) -> None:  # noqa: ANN401
    """One picture of an answer on a device, with or without its source open."""
    context = browser.new_context(locale="id-ID", **device)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{port}/")
    page.get_by_label("Pertanyaan", exact=True).fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(".tools button").first.wait_for()
    if source:
        page.locator("a.tb-cite").first.click()
        page.locator("#panel mark").first.wait_for()
    page.wait_for_timeout(500)
    page.screenshot(path=IMAGES / name)
    context.close()


if __name__ == "__main__":
    main()
