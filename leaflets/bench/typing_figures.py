"""How long typed words take to be safe on the server: with one person, with fifty at once, and beside a whole form."""

from __future__ import annotations

import http.client
import json
import statistics
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from leaflets.bench.first_load import first_load_figures
from leaflets.bench.postgresql import running_postgresql
from leaflets.bench.studio_house import Commands, Seat, cookie_of, studio_house, wait_for
from leaflets.bench.ticket import running
from leaflets.bench.typist import Door, Request, Typed, studio_door, type_for
from leaflets.redis_server import free_port

MANY = 50
ALONE_S, TOGETHER_S = 15.0, 20.0
FIRST_PORT = 6790
APP, PEER = "wsgi:app", "leaflets.bench.whole_form:create_app()"


def typing_figures(folder: Path, commands: Commands, *, runs: int) -> dict[str, dict[str, float]]:
    """Milliseconds from a key to its acknowledgement, saves a second, requests that failed; and the first load.

    Everything is real, and proofs are made of what is typed.

    `commands` are those that `leaflets up` starts its parts with.
    """
    figures, first_load = _studio(folder / "studio", commands, f"sqlite:///{folder / 'studio.db'}", runs)
    with running_postgresql(folder) as url:
        if url:
            on_postgresql, _ = _studio(folder / "on-postgresql", commands, url, 0)
            figures |= {f"postgresql_{name}": value for name, value in on_postgresql.items()}
    peer = _whole_form(folder, commands)
    figures |= {f"whole_form_{name}": value for name, value in peer.items()}
    figures["fifty_p95_ratio_vs_whole_form"] = peer["fifty_p95_ms"] / figures["fifty_p95_ms"]
    return {"typing": figures, "first_load": first_load}


def _studio(folder: Path, commands: Commands, url: str, loads: int) -> tuple[dict[str, float], dict[str, float]]:
    with studio_house(folder, commands, url, number=MANY) as seats:
        doors = [studio_door(seat) for seat in seats]
        type_for(2.0, seats[0], doors[0], seed=0)  # everything is loaded then
        alone = [type_for(ALONE_S, seats[0], doors[0], seed=1)]
        first_load = first_load_figures(seats[0], runs=loads) if loads else {}
        return {**_said(alone, "one", ALONE_S), **_said(_together(seats, doors), "fifty", TOGETHER_S)}, first_load


def _whole_form(folder: Path, commands: Commands) -> dict[str, float]:
    port = free_port("127.0.0.1", FIRST_PORT)
    site = commands(f"127.0.0.1:{port}")["web"]
    command = [PEER if part == APP else part for part in site]
    settings = {"WHOLE_FORM_DATABASE": f"sqlite:///{folder / 'whole-form.db'}"}
    with running(command, settings, folder / "whole-form.log"):
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

    def request(self, text: str) -> Request:
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
    return Seat(port, number, cookie_of(answer))
