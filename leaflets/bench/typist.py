"""Somebody who types, and a script that saves as the studio's does (static/js/studio/saving: sync.js and pace.js).

One request at a time; what was typed meanwhile goes with the next, under a new number; after an answer the script waits
about as long as the answer took. A key's time runs from the moment it is pressed to the answer that holds it.
"""

from __future__ import annotations

import http.client
import json
import random
import time
from dataclasses import dataclass, field
from typing import Any, Protocol

from leaflets.bench.studio_house import PATIENCE_S, Seat, cookie_of
from leaflets.domain.errors import Unavailable

KEYS_PER_S = 250 / 60  # 50 words a minute, without a pause to think
SHORTEST_WAIT_S, LONGEST_WAIT_S = 0.04, 1.0
WORDS = "buses beaches libraries homes winter people street promise better every "


Request = tuple[str, str, str, dict[str, str]]
"""Method, path, body, headers."""


class Door(Protocol):
    """How words get to a site: the request for a text, and what its answer means for the next."""

    def request(self, text: str) -> Request:
        """What to send to have this text stored."""

    def heard(self, answer: bytes) -> bool:
        """Whether the text was taken."""


@dataclass
class StudioDoor:
    """The studio's own: an edit with a number and a base, and the newest proof asked for with it."""

    seat: Seat
    token: str
    zone: str
    version: int
    cursor: int
    number: int = 0
    proof: tuple[int, int] | None = None

    def request(self, text: str) -> Request:
        """One edit of one zone."""
        self.number += 1
        edit = {
            "op_id": f"typist-{self.seat.leaflet_id}-{self.number}",
            "zone": self.zone,
            "value": text,
            "base_version": self.version,
            "step": f"step-{self.number // 20}",
        }
        place = {"tab": "bench", "at_zone": self.zone, "cursor": self.cursor}
        body = {**place, "look": "screen", "proof": self.proof, "edits": [edit]}
        path = f"/leaflets/{self.seat.leaflet_id}/edits"
        return "POST", path, json.dumps(body), {"X-CSRFToken": self.token, "Content-Type": "application/json"}

    def heard(self, answer: bytes) -> bool:
        """Stored, and the version that the next edit is based on."""
        said = json.loads(answer)
        result = said["results"][0]
        self.version, self.cursor, self.token = result["version"], said["news"]["cursor"], said["news"]["csrf"]
        if proof := said["news"].get("proof"):
            self.proof = proof["id"], (proof["shown"] or {}).get("id", 0)
        return bool(result["outcome"] == "stored")


@dataclass
class Typed:
    """What became of the keys of one typist. Seconds; `failed` counts requests that were not answered with yes."""

    waits_s: list[float] = field(default_factory=list)
    saves: int = 0
    failed: int = 0


def type_for(seconds: float, seat: Seat, door: Door, *, seed: int) -> Typed:
    """Type at `KEYS_PER_S` for so long, and wait until the last key is safe."""
    chance, typed = random.Random(seed), Typed()
    line = http.client.HTTPConnection("127.0.0.1", seat.port, timeout=30)
    start = time.perf_counter()
    next_key, may_ask, round_trip = start + chance.random() / KEYS_PER_S, 0.0, 0.1
    text, pressed, sent = "", list[float](), 0
    request: Request | None = None  # until it is answered it is sent again just as it was
    while True:
        now = time.perf_counter()
        while next_key <= min(now, start + seconds):
            text += WORDS[len(text) % len(WORDS)]
            pressed.append(next_key)
            next_key += chance.uniform(0.5, 1.5) / KEYS_PER_S
        if not pressed and now > start + seconds:
            line.close()
            return typed
        if now > start + seconds + PATIENCE_S:
            raise Unavailable("The bench's words are not taken.", "See the log of its site.")
        if not pressed or now < may_ask:
            time.sleep(max(0.001, min(max(next_key, now), may_ask if pressed else next_key) - now))
            continue
        asked = time.perf_counter()
        if request is None:
            request, sent = door.request(text), len(pressed)
        taken = _send(line, seat, door, request)
        answered = time.perf_counter()
        typed.saves += 1
        if taken:
            typed.waits_s += [answered - key for key in pressed[:sent]]
            del pressed[:sent]
            request = None
        else:
            typed.failed += 1
        round_trip += (answered - asked - round_trip) / 4
        may_ask = answered + min(LONGEST_WAIT_S, max(SHORTEST_WAIT_S, round_trip))


def _send(line: http.client.HTTPConnection, seat: Seat, door: Door, request: Request) -> bool:
    method, path, body, headers = request
    try:
        line.request(method, path, body.encode(), {"Cookie": seat.cookie, "Accept": "application/json", **headers})
        answer = line.getresponse()
        said = answer.read()
    except (OSError, http.client.HTTPException):
        line.close()
        return False
    return answer.status == 200 and door.heard(said)


def studio_door(seat: Seat) -> StudioDoor:
    """What the page begins with: a token, a zone to write in and its version."""
    line = http.client.HTTPConnection("127.0.0.1", seat.port, timeout=30)
    line.request("GET", f"/leaflets/{seat.leaflet_id}/state", headers={"Cookie": seat.cookie})
    answer = line.getresponse()
    state: dict[str, Any] = json.loads(answer.read())
    line.close()
    seat.cookie = cookie_of(answer) or seat.cookie  # with the token's other half
    zone = next(each["key"] for each in state["zones"] if each["kind"] == "rich")
    return StudioDoor(seat, state["csrf"], zone, state["words"][zone]["version"], state["cursor"])
