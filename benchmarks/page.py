"""The chat page in a real browser: ``python -m benchmarks.page [--visits 10] [--earlier 0 20] [--out FILE]``.

Serves ``seeds/`` on a free port of this computer and visits it with chromium, each time as somebody new, so that
nothing is in the browser's cache.

- *opening*: milliseconds from the start of the navigation to the first contentful paint, to a question box that takes
  text, and to the page's own greeting; then from Enter to the question standing in the conversation.
- *streaming*: a scripted chat model writes a long answer, some characters at a time, after so many earlier exchanges.
  Per update that reached the page: what the browser's main thread used of a core (all of it: scripts, style, layout,
  paint), and the server's time to draw the answer. Tasks of more than 50 ms by the clock, which a visitor may feel, are
  counted by the browser.

All but what is measured as a share of a core depends on what else the computer does.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import socket
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median, quantiles
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessage, AIMessageChunk
from langchain_core.outputs import ChatGeneration, ChatGenerationChunk, ChatResult
from playwright.sync_api import Browser, Page, sync_playwright

from assistant.core import Assistant
from benchmarks.runs import seeds_index
from page.views import Views
from ui import launch  # noqa: TID251 - it is what is measured

QUESTION = "Berapa nilai PDRB Kaltim 2024?"
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
SENTENCES = tuple(f"Kalimat ke-{number} menerangkan nilai PDRB Kaltim menurut artikel ini." for number in range(1, 25))
# Notes when the question box and the greeting are there, and every task of more than 50 ms.
WATCH = """
globalThis.measured = {tasks: [], updates: 0};
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) measured.tasks.push(entry.duration);
}).observe({type: "longtask", buffered: true});
const look = () => {
  const box = document.querySelector("#question textarea");
  if (box && !box.disabled && box.checkVisibility()) measured.usable ??= performance.now();
  if (document.querySelector(".welcome")) measured.greeted ??= performance.now();
  if (document.querySelector("#talk .turn .asked")) measured.asked ??= performance.now();
};
new MutationObserver(look).observe(document, {childList: true, subtree: true});
"""
COUNT = """() => {
  let length = -1;
  measured.updates = 0;
  measured.tasks.length = 0;
  new MutationObserver(() => {
    const now = document.querySelector("#latest .answer")?.textContent.length ?? 0;
    if (now !== length) measured.updates += 1;
    length = now;
  }).observe(document.querySelector("#latest"), {childList: true, subtree: true, characterData: true});
}"""
PAINTED = "() => performance.getEntriesByName('first-contentful-paint')[0].startTime"

Figures = dict[str, Any]


class Talkative(BaseChatModel):
    """Writes so many sentences at about the speed of a model on a laptop."""

    sentences: int = 1

    @property
    def _llm_type(self) -> str:
        return "talkative"

    def _generate(self, *_: object, **__: object) -> ChatResult:
        return ChatResult(generations=[ChatGeneration(message=AIMessage(SENTENCES[0]))])

    def _stream(self, *_: object, **__: object) -> Iterator[ChatGenerationChunk]:
        words = " ".join(SENTENCES[: self.sentences])
        for start in range(0, len(words), 6):
            time.sleep(0.02)
            yield ChatGenerationChunk(message=AIMessageChunk(words[start : start + 6]))


@dataclass(slots=True)
class Drawing:
    """The server's time for each state of an answer that it drew."""

    seconds: list[float] = field(default_factory=list)

    @contextmanager
    def watched(self) -> Iterator[None]:
        drawn = Views.latest

        def timed(views: Views, session: Any) -> str:  # noqa: ANN401
            began = time.perf_counter()
            html = drawn(views, session)
            self.seconds.append(time.perf_counter() - began)
            return html

        Views.latest = timed  # type: ignore[method-assign]
        try:
            yield
        finally:
            Views.latest = drawn  # type: ignore[method-assign]


@contextmanager
def served(assistant: Assistant) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    page = launch(assistant, port=port, block=False)
    try:
        yield f"http://127.0.0.1:{port}/"
    finally:
        page.close()


def visit(browser: Browser, address: str) -> Page:
    """Somebody new opens the page."""
    context = browser.new_context(locale="id-ID", viewport={"width": 1280, "height": 800})
    context.set_default_timeout(120_000)
    page = context.new_page()
    page.add_init_script(WATCH)
    page.goto(address)
    page.wait_for_function("measured.greeted && measured.usable")
    return page


def opening(browser: Browser, address: str, visits: int) -> Figures:
    """Each figure over so many visits; the first one, which warms the server, is left out."""
    rows: list[Figures] = []
    for _ in range(visits + 1):
        page = visit(browser, address)
        painted = page.evaluate(PAINTED)
        seen = page.evaluate("measured")
        page.locator("#question textarea").fill(QUESTION)
        pressed = page.evaluate("performance.now()")
        page.keyboard.press("Enter")
        page.wait_for_function("measured.asked")
        asked = page.evaluate("measured.asked")
        rows.append(
            {
                "first_paint": painted,
                "usable": seen["usable"],
                "first_paint_to_usable": max(0.0, seen["usable"] - painted),
                "greeted": seen["greeted"],
                "enter_to_question_shown": asked - pressed,
            }
        )
        page.locator(".tools button").first.wait_for()
        page.context.close()
    return {name: spread([row[name] for row in rows[1:]]) for name in rows[0]}


def streaming(browser: Browser, address: str, model: Talkative, drawing: Drawing, earlier: int) -> Figures:
    """One long answer after so many short ones."""
    page = visit(browser, address)
    model.sentences = 1
    for turn in range(earlier):
        ask(page, turn)
    page.wait_for_timeout(3_000)  # what may be asked next has come
    model.sentences = len(SENTENCES)
    page.evaluate(COUNT)
    drawing.seconds.clear()
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = busy(session)
    began = time.perf_counter()
    ask(page, earlier)
    seconds, after = time.perf_counter() - began, busy(session)
    seen = page.evaluate("measured")
    page.context.close()
    return {
        "earlier_exchanges": earlier,
        "seconds": round(seconds, 1),
        "updates": seen["updates"],
        "browser_ms_an_update": {
            name: round((after[name] - before[name]) * 1000 / max(1, seen["updates"]), 1) for name in after
        },
        "tasks_over_50_ms": [round(task) for task in seen["tasks"]],
        "server_ms_an_update": spread([value * 1000 for value in drawing.seconds]),
    }


def ask(page: Page, turn: int) -> None:
    page.locator("#question textarea").fill(QUESTION)
    page.keyboard.press("Enter")
    page.locator(f'[data-turn="{turn}"] .tools button').first.wait_for()


def busy(session: Any) -> dict[str, float]:  # noqa: ANN401 - a CDP session
    """Seconds of a core that the page's main thread has used so far."""
    metrics = {metric["name"]: metric["value"] for metric in session.send("Performance.getMetrics")["metrics"]}
    return {
        "all": metrics["TaskDuration"],
        "scripts": metrics["ScriptDuration"],
        "layout_and_style": metrics["LayoutDuration"] + metrics["RecalcStyleDuration"],
    }


def spread(values: list[float]) -> dict[str, float]:
    p95 = quantiles(values, n=20, method="inclusive")[-1] if len(values) > 1 else values[0]
    return {"median": round(median(values), 1), "p95": round(p95, 1), "max": round(max(values), 1)}


def run(visits: int, earlier: list[int], chromium: str | None) -> Figures:
    load = os.getloadavg()[0]
    drawing = Drawing()
    with (
        seeds_index() as index,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        version = browser.version
        with served(Assistant(index)) as address:
            opened = opening(browser, address, visits)
        model = Talkative()
        with drawing.watched(), served(Assistant(index, llm=model)) as address:
            streamed = [streaming(browser, address, model, drawing, before) for before in earlier]
        browser.close()
    return {
        "cores": os.cpu_count(),
        "python": platform.python_version(),
        "chromium": version,
        "load_average_before": round(load, 1),
        "opening_ms": opened,
        "streaming": streamed,
    }


def main() -> None:
    """Prints the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--visits", type=int, default=10)
    parser.add_argument("--earlier", type=int, nargs="+", default=[0, 20])
    parser.add_argument("--chromium", default=shutil.which("chromium"))
    parser.add_argument("--out", type=Path)
    options = parser.parse_args()
    if options.visits < 1:
        sys.exit("--visits must be at least 1")
    figures = json.dumps(run(options.visits, options.earlier, options.chromium), indent=1)
    print(figures)
    if options.out:
        options.out.write_text(figures + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
