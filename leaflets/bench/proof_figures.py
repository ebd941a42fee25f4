"""From a key to the new proof on the screen: over HTTP as the studio asks, and in Chromium with the studio's own page.

Beside it stands the usual preview of the same page, its files written by WeasyPrint and drawn by pdftoppm.
"""

from __future__ import annotations

import http.client
import json
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from string import ascii_lowercase
from typing import Any

from leaflets.bench import peers
from leaflets.bench.page import peers_page
from leaflets.bench.studio_house import TEMPLATE, Commands, Seat, studio_house
from leaflets.bench.typist import StudioDoor, studio_door
from leaflets.bench.work import Work
from leaflets.catalogue import load_library
from leaflets.config import ROOT
from leaflets.domain.errors import Unavailable
from leaflets.domain.press.proof import Look

PATIENCE_S = 30.0
PAUSE_S = 0.7
"""Between one key and the next: each shows in a proof of its own."""

KEYS = 3  # times the runs
_UNCOUNTED = 3

# Writes over one letter: words that grow run out of the page at last, and a page that stays the same is not fetched.
_ON_SCREEN = """
([at, patience]) => new Promise((shown) => {
  setTimeout(() => shown(null), patience);
  const zone = document.querySelector("#zone-headline-input");
  addEventListener("keydown", (event) => {
    const began = event.timeStamp;
    new PerformanceObserver((list) => {
      const page = list.getEntries().find((one) => one.name.includes("/pages/") && one.startTime > began);
      if (page) requestAnimationFrame(() => requestAnimationFrame((now) => shown(now - began)));
    }).observe({ type: "resource" });
  }, { once: true, capture: true });
  zone.focus();
  zone.setSelectionRange(zone.value.length - at - 1, zone.value.length - at);
})
"""


def proof_figures(folder: Path, commands: Commands, *, runs: int) -> dict[str, float]:
    """Milliseconds from a key to its proof, with one editor; medians, 95th percentiles, and how long the peer takes.

    `commands` are those that `leaflets up` starts its parts with.
    """
    folder.mkdir(parents=True, exist_ok=True)
    peer = _timed(lambda: _usual_preview(folder), runs)
    with studio_house(folder / "proofs", commands, f"sqlite:///{folder / 'proofs.db'}", number=1) as (seat,):
        door = studio_door(seat)
        waits = {"http": [_over_http(seat, door) for _ in range(_UNCOUNTED + runs * KEYS)][_UNCOUNTED:]}
        if in_chromium := _in_chromium(seat, runs * KEYS):
            waits["chromium"] = in_chromium[_UNCOUNTED:]
    figures = {"usual_preview_ms": statistics.median(peer)}
    for name, measured in waits.items():
        figures[f"{name}_median_ms"] = statistics.median(measured)
        figures[f"{name}_p95_ms"] = statistics.quantiles(measured, n=20)[-1]
    figures["ratio_vs_usual_preview"] = figures["usual_preview_ms"] / figures["http_median_ms"]
    return figures


def _timed(work: Callable[[], object], runs: int) -> list[float]:
    taken = []
    for _ in range(runs + 1):
        start = time.perf_counter()
        work()
        taken.append((time.perf_counter() - start) * 1000)
    return taken[1:]


def _usual_preview(folder: Path) -> None:
    """The same leaflet with WeasyPrint in this process, its fonts loaded each time, and pdftoppm."""
    library = load_library(ROOT / "library")
    template = next(each for each in library.templates if each.name == TEMPLATE)
    kit = library.kits[0]
    values = {zone.key: zone.default for zone in template.zones if not zone.kind.is_system}
    html = peers_page(Work(template, kit, values, {}, {}, folder), folder / "same.html")
    html.write_text(html.read_text(encoding="utf-8").replace("library:", f"{kit.folder.as_uri()}/"), encoding="utf-8")
    peers.weasyprint_as_it_comes(html, folder / "same.pdf")
    draw = ["pdftoppm", "-r", str(Look.SCREEN.ppi), "-png", str(folder / "same.pdf"), str(folder / "same")]
    subprocess.run(draw, check=True, capture_output=True)


def _over_http(seat: Seat, door: StudioDoor) -> float:
    """One key: saved, its proof asked for and waited for, and the pages that changed fetched."""
    time.sleep(PAUSE_S)
    line = http.client.HTTPConnection("127.0.0.1", seat.port, timeout=PATIENCE_S)
    home = f"/leaflets/{seat.leaflet_id}"
    start = time.perf_counter()
    method, path, body, headers = door.request(f"A key, number {door.number}")
    said = _asked(line, seat, method, path, body, headers)
    door.heard(said)
    known = door.proof or (0, 0)
    news: dict[str, Any] = json.loads(said)["news"]
    while time.perf_counter() < start + PATIENCE_S:
        proof = news.get("proof") or _asked_proof(line, seat, home)
        if proof["state"] == "done" and proof["shown"] and not proof["behind"]:
            break
        time.sleep(news.get("look_again_ms", 150) / 1000)
        news = json.loads(_asked(line, seat, "GET", f"{home}/news?tab=bench&look=screen&cursor={door.cursor}"))
    else:
        raise Unavailable("The bench waits for a proof in vain.", "See the log of its house.")
    for page in proof["shown"]["pages"]:
        if page["hash"] not in _HAD:
            _HAD.add(page["hash"])
            _asked(line, seat, "GET", page["src"])
    line.close()
    door.proof = known
    return (time.perf_counter() - start) * 1000


_HAD: set[str] = set()
"""What a browser would have in its cache."""


def _asked_proof(line: http.client.HTTPConnection, seat: Seat, home: str) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(_asked(line, seat, "GET", f"{home}/proof?look=screen"))
    return said


def _asked(
    line: http.client.HTTPConnection,
    seat: Seat,
    method: str,
    path: str,
    body: str | None = None,
    headers: dict[str, str] | None = None,
) -> bytes:
    accept = {"Cookie": seat.cookie, "Accept": "application/json", **(headers or {})}
    line.request(method, path, body.encode() if body else None, accept)
    answer = line.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise Unavailable(f"The bench's site answered {answer.status} to {path}.", "See its log.")
    return said


def _in_chromium(seat: Seat, keys: int) -> list[float]:
    """The same on the studio's page, from the key to the frame that shows the page; nothing without Chromium."""
    chromium = peers.chromium_path()
    if chromium is None:
        return []
    from playwright.sync_api import sync_playwright

    name, _, value = seat.cookie.partition("=")
    address = f"http://127.0.0.1:{seat.port}"
    with sync_playwright() as tools:
        browser = tools.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        context = browser.new_context(base_url=address)
        context.add_cookies([{"name": name, "value": value, "url": address}])
        page = context.new_page()
        page.goto(f"/leaflets/{seat.leaflet_id}")
        page.locator("#zone-headline-input").wait_for()
        measured = []
        for number in range(_UNCOUNTED + keys):
            page.wait_for_timeout(PAUSE_S * 1000)
            at, letter = divmod(number, len(ascii_lowercase))  # no headline comes twice
            known = [at, PATIENCE_S * 1000]
            page.evaluate(f"(known) => {{ globalThis.waited = ({_ON_SCREEN})(known); }}", known)  # not waited for here
            page.keyboard.press(ascii_lowercase[letter])
            if (waited := page.evaluate("() => globalThis.waited")) is None:
                raise Unavailable("The bench waits in Chromium for a proof in vain.", "See the log of its house.")
            measured.append(waited)
        browser.close()
    return measured
