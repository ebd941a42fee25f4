"""How long typed words take to be safe on the server: with one person, with fifty at once, and beside a whole form."""

from __future__ import annotations

import http.client
import json
import statistics
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from leaflets.bench.postgresql import running_postgresql
from leaflets.bench.studio_house import Seat, studio_house, wait_for
from leaflets.bench.ticket import running
from leaflets.bench.typist import Door, Typed, studio_door, type_for
from leaflets.redis_server import free_port

MANY = 50
ALONE_S, TOGETHER_S = 15.0, 20.0
FIRST_PORT = 6790
APP = "wsgi:app"


def typing_figures(folder: Path, site: Sequence[str]) -> dict[str, float]:
    """Milliseconds from a key to its acknowledgement, saves a second and requests that failed, with proofs being made.

    `site` is the command that `leaflets up` starts the site with.
    """
    figures = _studio(folder / "studio", site, f"sqlite:///{folder / 'studio.db'}", "")
    with running_postgresql(folder) as url:
        if url:
            figures |= _studio(folder / "on-postgresql", site, url, "postgresql_")
    peer = _whole_form(folder, site)
    figures |= {f"whole_form_{name}": value for name, value in peer.items()}
    figures["fifty_p95_ratio_vs_whole_form"] = peer["fifty_p95_ms"] / figures["fifty_p95_ms"]
    return figures


def _studio(folder: Path, site: Sequence[str], url: str, prefix: str) -> dict[str, float]:
    with studio_house(folder, site, url, number=MANY) as seats:
        doors = [studio_door(seat) for seat in seats]
        type_for(2.0, seats[0], doors[0], seed=0)  # everything is loaded then
        alone = [type_for(ALONE_S, seats[0], doors[0], seed=1)]
        figures = {**_said(alone, "one", ALONE_S), **_said(_together(seats, doors), "fifty", TOGETHER_S)}
    return {f"{prefix}{name}": value for name, value in figures.items()}


def _whole_form(folder: Path, site: Sequence[str]) -> dict[str, float]:
    port = free_port("127.0.0.1", FIRST_PORT)
    command = [*(part for part in site if part != APP), "leaflets.bench.whole_form:create_app()"]
    settings = {"WHOLE_FORM_DATABASE": f"sqlite:///{folder / 'whole-form.db'}", "PYTHONPATH": ":".join(sys.path)}
    with running([*command, "--bind", f"127.0.0.1:{port}"], settings, folder / "whole-form.log"):
        wait_for(port)
        seats = [_begun(port, number) for number in range(1, MANY + 1)]
        doors = [FormDoor(seat) for seat in seats]
        alone = [type_for(ALONE_S, seats[0], doors[0], seed=1)]
        return {**_said(alone, "one", ALONE_S), **_said(_together(seats, doors), "fifty", TOGETHER_S)}


def _together(seats: Sequence[Seat], doors: Sequence[Door]) -> list[Typed]:
    with ThreadPoolExecutor(len(seats)) as room:
        started = [
            room.submit(type_for, TOGETHER_S, seat, door, seed=seed)
            for seed, (seat, door) in enumerate(zip(seats, doors, strict=True))
        ]
        return [each.result() for each in started]


def _said(typed: Sequence[Typed], name: str, seconds: float) -> dict[str, float]:
    waits = [wait * 1000 for each in typed for wait in each.waits_s]
    return {
        f"{name}_median_ms": statistics.median(waits),
        f"{name}_p95_ms": statistics.quantiles(waits, n=20)[-1],
        f"{name}_saves_per_s": sum(each.saves for each in typed) / seconds,
        f"{name}_failed": float(sum(each.failed for each in typed)),
    }


OTHER_WORDS = {f"zone-{number}": "Words of another zone, which travel along every time. " * 4 for number in range(12)}


@dataclass
class FormDoor:
    """The peer's: the whole document, each time."""

    seat: Seat

    def request(self, text: str) -> tuple[str, str, str, dict[str, str]]:
        """Every word of the leaflet."""
        body = json.dumps({**OTHER_WORDS, "message": text})
        return "PUT", f"/documents/{self.seat.leaflet_id}", body, {"Content-Type": "application/json"}

    def heard(self, answer: bytes) -> bool:
        """Saved or not."""
        return bool(json.loads(answer)["saved"])


def _begun(port: int, number: int) -> Seat:
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    line.request("POST", f"/begin/{number}", json.dumps(OTHER_WORDS), {"Content-Type": "application/json"})
    answer = line.getresponse()
    answer.read()
    line.close()
    return Seat(port, number, (answer.getheader("Set-Cookie") or "").partition(";")[0])
