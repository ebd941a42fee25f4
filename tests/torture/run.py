"""One run: a house, a browser, a typist, and as many moments of trouble as are asked for."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from house import House
from playwright.sync_api import Browser
from sqlalchemy import func, select

from leaflets.storage.leaflet import ZoneEdit
from torture.judge import judge, plain, together
from torture.line import Line
from torture.troubles import TROUBLES, Stage
from torture.typist import PLACES, Typist


@dataclass(frozen=True)
class Findings:
    """What a run found. `edits` were stored; `typed` tokens were typed. `broken` and `differ` say what went wrong."""

    moments: int
    edits: int
    lost: int
    duplicated: int
    reordered: int
    typed: int
    conflicts: int
    broken: list[str]
    differ: list[str]
    errors: list[str]
    seed: int
    seconds: float

    @property
    def good(self) -> bool:
        """Whether nothing was lost, doubled or out of order, and nobody had to choose between their own words."""
        return not any((self.lost, self.duplicated, self.reordered, self.conflicts, self.broken, self.differ))

    def as_json(self) -> dict[str, Any]:
        """For the one line; what is empty is left out, but for the figures."""
        return {name: value for name, value in asdict(self).items() if value != []}


def torture(
    house: House,
    redis: Any,
    browser: Browser,
    database: Path | Line,
    *,
    moments: int,
    seed: int,
    tell: Callable[[str], None],
) -> Findings:
    """Let somebody type through so many moments of trouble, and judge what is there afterwards."""
    began = time.monotonic()
    chance = random.Random(seed)
    leaflet_id = house.scene.leaflet().id
    host, port = house.address.removeprefix("http://").split(":")
    line = Line((host, int(port)))
    context = browser.new_context(base_url=f"http://127.0.0.1:{line.near[1]}", locale="en-GB")
    page = context.new_page()
    page.goto("/sign-in")
    page.get_by_role("button", name="Agnes").click()
    page.get_by_role("heading", name="Your leaflets").wait_for()
    page.close()
    typist = Typist(context, f"/leaflets/{leaflet_id}", chance)
    stage = Stage(house, redis, line, database, typist, chance)
    for number, name in zip(range(moments), _deck(chance), strict=False):
        typist.type_for(chance.uniform(0.2, 1.5))
        tell(f"{time.monotonic() - began:6.1f} s  moment {number + 1}: {name}")
        TROUBLES[name](stage)
        if chance.random() < 0.4 and not typist.saved():
            stage.broken.append(f"moment {number + 1}: nothing was saved a minute and a half after {name}")
    typist.type_for(1)
    if not typist.saved():
        stage.broken.append("at the end the page never said that all is saved")
    stored = house.scene.texts(leaflet_id)
    verdict = together([judge(place.zone, typist.written[place.zone], _words(stored[place.zone])) for place in PLACES])
    for place in PLACES:
        if not typist.sees(place).endswith(plain(typist.written[place.zone].text)):
            stage.broken.append(f"at the end the field of {place.zone} shows other words")
    with house.scene.sessions() as session:
        of_leaflet = select(func.count()).where(ZoneEdit.leaflet_id == leaflet_id)
        edits = session.scalar(of_leaflet) or 0
        conflicts = session.scalar(of_leaflet.where(ZoneEdit.version.is_(None))) or 0
    context.close()
    line.close()
    return Findings(
        moments=moments,
        edits=edits,
        lost=verdict.lost,
        duplicated=verdict.duplicated,
        reordered=verdict.reordered,
        typed=sum(written.number for written in typist.written.values()),
        conflicts=conflicts,
        broken=stage.broken,
        differ=list(verdict.differ),
        errors=sorted(set(typist.errors)),
        seed=seed,
        seconds=round(time.monotonic() - began, 1),
    )


def _deck(chance: random.Random) -> Iterator[str]:
    """Every trouble as often as any other, in an order that nobody knows."""
    while True:
        yield from chance.sample(list(TROUBLES), len(TROUBLES))


def _words(value: Any) -> str:
    return value if isinstance(value, str) else str(value[0]["body"])
