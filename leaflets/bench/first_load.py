"""What a browser loads when the studio first opens, and when somebody can type: Chromium, on loopback."""

from __future__ import annotations

import statistics
from importlib.util import find_spec
from typing import Any

from leaflets.bench.peers import chromium_path
from leaflets.bench.studio_house import Seat

PATIENCE_MS = 120_000
ARGUMENTS = ("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking")
FIELD = "#words .zone-field :is(input:not([type=file]), textarea, [contenteditable]):visible"
_SENT = """() => performance.getEntriesByType("resource")
  .filter((each) => /\\.(js|css)$/.test(new URL(each.name).pathname))
  .reduce((sum, each) => sum + each.encodedBodySize, 0)"""


def first_load_figures(seat: Seat, *, runs: int) -> dict[str, float]:
    """Kilobytes of script and style as sent, and seconds until the first field takes words; the median of `runs`.

    Empty where there is no Chromium, or no Playwright to drive it.
    """
    chromium = chromium_path()
    if chromium is None or find_spec("playwright") is None:
        return {}
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=list(ARGUMENTS))
        loads = [_load(browser, seat) for _ in range(runs)]
        browser.close()
    return {
        "script_and_style_kb": max(sent for sent, _ in loads) / 1000,
        "usable_s": statistics.median(seconds for _, seconds in loads),
    }


def _load(browser: Any, seat: Seat) -> tuple[int, float]:
    """Bytes sent, and seconds from the request to a field that can be typed into, in a browser that knows nothing."""
    name, _, value = seat.cookie.partition("=")
    context = browser.new_context()
    context.add_cookies([{"name": name, "value": value, "domain": "127.0.0.1", "path": "/"}])
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{seat.port}/leaflets/{seat.leaflet_id}", wait_until="commit")
    page.locator(FIELD).first.wait_for(timeout=PATIENCE_MS)
    seconds = page.evaluate("performance.now()") / 1000
    page.wait_for_load_state("networkidle")
    sent = page.evaluate(_SENT)
    context.close()
    return int(sent), float(seconds)
