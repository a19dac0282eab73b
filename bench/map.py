"""Measures the map in a real Chromium over a database that `bench.build` made: the first view, its bytes, and moves.

    python -m bench.map sqlite:////tmp/bench.sqlite --rounds 5

Each worker of the server has answered before. Each round opens the front page in a browser that knows nothing yet,
waits until the map is idle (marks drawn, the list beside it written, nothing more asked for), and then zooms and pans
by keys; each of these counts from the key to the second frame after the list beside the map was written anew. Bytes are
those of all answers of the first view: as they are, and compressed as the server sends them (gzip; what it sends as it
is counts as a proxy would compress it). A busy machine spoils the times; the bytes stay.
"""

import argparse
import gzip
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Response, ViewportSize

from bench.machine import machine, p95
from bench.server import get, served
from tests.support.browser import chromium

DESK = ViewportSize(width=1280, height=900)
SECONDS_TO_WAIT = 60
QUIET_SECONDS = 0.6
WARMING = 6

# What one round does once the map is there, by the names that the table gives it.
MOVES = (
    ("zoom in", "+"),
    ("pan", "ArrowRight"),
    ("zoom in", "+"),
    ("pan", "ArrowUp"),
    ("zoom in", "+"),
    ("pan", "ArrowLeft"),
    ("zoom in", "+"),
    ("pan", "ArrowDown"),
    ("zoom out", "-"),
    ("zoom out", "-"),
    ("pan", "ArrowRight"),
)

# Notes when the list beside the map was last written and its frame painted, and when a key was last pressed.
WATCH = """
window.listed = 0;
window.pressed = 0;
addEventListener("keydown", () => { window.pressed = performance.now(); }, true);
new MutationObserver((changes) => {
  const listed = ({ target }) => target.id === "map-side" || target.parentElement?.className === "map-in-view";
  if (!changes.some(listed)) return;
  requestAnimationFrame(() => requestAnimationFrame(() => { window.listed = performance.now(); }));
}).observe(document, { childList: true, subtree: true });
"""


@dataclass
class Figures:
    """All rounds: seconds of the first view and of each kind of move, and the bytes of the first view by file."""

    first: list[float] = field(default_factory=list)
    moves: dict[str, list[float]] = field(default_factory=dict)
    sent: dict[str, tuple[int, int]] = field(default_factory=dict)
    cold: list[float] = field(default_factory=list)
    foreign: set[str] = field(default_factory=set)
    marks: int = 0


@contextmanager
def _opened(browser: Browser) -> Iterator[Page]:
    context = browser.new_context(viewport=DESK)
    page = context.new_page()
    page.add_init_script(WATCH)
    yield page
    context.close()


def _wait(page: Page, since: float) -> float:
    """Wait until the list has been written after a moment and stays as it is; both in the milliseconds of the page."""
    end = time.monotonic() + SECONDS_TO_WAIT
    last, seen = 0.0, time.monotonic()
    while time.monotonic() < end:
        listed = float(page.evaluate("window.listed"))
        if listed != last:
            last, seen = listed, time.monotonic()
        elif last > since and time.monotonic() - seen > QUIET_SECONDS:
            return last
        page.wait_for_timeout(50)
    raise RuntimeError("the map did not come to rest")


def _round(page: Page, address: str, figures: Figures) -> None:
    answers: list[Response] = []
    page.on("response", lambda answer: answers.append(answer))
    page.goto(address)
    figures.first.append(_wait(page, 0) / 1000)
    for answer in answers:
        _weigh(answer, figures)
    answers.clear()
    figures.marks = page.locator(".map-row").count()
    page.locator(".map-drawing").focus()
    for name, key in MOVES:
        before = float(page.evaluate("window.listed"))
        page.keyboard.press(key)
        listed = _wait(page, before)
        figures.moves.setdefault(name, []).append((listed - float(page.evaluate("window.pressed"))) / 1000)


def _weigh(answer: Response, figures: Figures) -> None:
    parts = urlsplit(answer.url)
    if parts.hostname != "127.0.0.1":
        figures.foreign.add(answer.url)
    body = answer.body()
    headers = answer.all_headers()
    sent = int(headers["content-length"]) if "content-encoding" in headers else len(gzip.compress(body, 6))
    name = parts.path if "." in parts.path else f"{parts.path} (page)"
    figures.sent[name] = (len(body), min(sent, len(body)))


def measure(url: str, path: str, rounds: int) -> Figures:
    """Open the map as many times, each in a browser that remembers nothing of it."""
    figures = Figures()
    with served(url, workers=2) as server, chromium() as browser:
        for _ in range(WARMING):
            # Each request is a connection of its own, so that each worker has its turn.
            with server.connection() as connection:
                figures.cold.append(get(connection, path).seconds)
        for _ in range(rounds):
            with _opened(browser) as page:
                _round(page, f"http://127.0.0.1:{server.port}{path}", figures)
    return figures


def report(figures: Figures) -> Iterator[str]:
    """The figures as tables."""
    yield "| what | median | p95 | allowed |"
    yield "|---|--:|--:|--:|"
    rows = [("first view until idle", figures.first, 2000)]
    rows += [(name, seconds, 200) for name, seconds in figures.moves.items()]
    for name, seconds, allowed in rows:
        yield f"| {name} | {statistics.median(seconds) * 1000:.0f} ms | {p95(seconds) * 1000:.0f} ms | {allowed} ms |"
    yield ""
    yield "| answer of the first view | kB | kB compressed |"
    yield "|---|--:|--:|"
    for name, (sent, packed) in sorted(figures.sent.items(), key=lambda one: -one[1][1]):
        yield f"| {name} | {sent / 1000:.1f} | {packed / 1000:.1f} |"
    total = [sum(column) for column in zip(*figures.sent.values(), strict=True)]
    yield f"| all | {total[0] / 1000:.1f} | {total[1] / 1000:.1f} (allowed 250) |"
    yield ""
    yield f"The first answer of a server that had not seen this dataset yet took {max(figures.cold):.1f} s."
    yield f"{figures.marks} marks in the first view; requests to other hosts: {len(figures.foreign)}."


def main() -> None:
    """Measure the map of a database as the command line says."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("url", help="address of a database that bench.build has made")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--path", default="/", help="the page to open, with a filter if need be")
    choices = parser.parse_args()
    figures = measure(choices.url, choices.path, choices.rounds)
    print(machine())
    for line in report(figures):
        print(line)


if __name__ == "__main__":
    main()
