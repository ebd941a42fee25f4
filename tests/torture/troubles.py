"""What goes wrong, as a table: each trouble begins, lasts while the typist types on, and ends.

Parts of the house are killed and started again beside the typist, who does not wait for them.
"""

from __future__ import annotations

import random
import signal
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from house import House

from torture.line import Line, Mode
from torture.typist import FRESH_S, PLACES, Typist

LONGEST_LOCK_S = 4.0


@dataclass
class Stage:
    """Everything that can go wrong. `database` is the file of SQLite, or the line to PostgreSQL."""

    house: House
    redis: Any
    line: Line
    database: Path | Line
    typist: Typist
    chance: random.Random
    broken: list[str] = field(default_factory=list)
    """Promises that were broken on the way, in words."""

    @contextmanager
    def beside(self, work: Callable[[], None]) -> Iterator[None]:
        """Do this while the typist types on; it is done when the block ends."""
        faults: list[BaseException] = []

        def run() -> None:
            try:
                work()
            except BaseException as fault:
                faults.append(fault)

        thread = threading.Thread(target=run)
        thread.start()
        try:
            yield
            while thread.is_alive():
                self.typist.type_for(0.2)
        finally:
            thread.join()
        if faults:
            raise faults[0]

    def a_while(self, longest: float = 2.5) -> float:
        return self.chance.uniform(0.2, longest)


def _part(name: str) -> Callable[[Stage], None]:
    def trouble(stage: Stage) -> None:
        stage.house.kill(name)
        stage.typist.type_for(stage.a_while(1.5))
        with stage.beside(lambda: stage.house.start(name)):
            pass

    return trouble


def _redis(stage: Stage) -> None:
    stage.redis.stop(signal.SIGKILL)
    stage.typist.type_for(stage.a_while())
    with stage.beside(stage.redis.start):
        pass


def _database(stage: Stage) -> None:
    """SQLite: another process holds the file. PostgreSQL: every connection breaks, and none can be made."""
    if isinstance(stage.database, Line):
        stage.database.turn(Mode.CUT)
        stage.typist.type_for(stage.a_while(LONGEST_LOCK_S))
        stage.database.turn(Mode.OPEN)
        return
    file, seconds = stage.database, stage.a_while(LONGEST_LOCK_S)

    def hold() -> None:
        connection = sqlite3.connect(file, timeout=30, isolation_level=None)
        connection.execute("BEGIN EXCLUSIVE")
        time.sleep(seconds)
        connection.execute("ROLLBACK")
        connection.close()

    with stage.beside(hold):
        pass


def _line(mode: Mode) -> Callable[[Stage], None]:
    def trouble(stage: Stage) -> None:
        stage.line.turn(mode)
        stage.typist.type_for(stage.a_while())
        stage.line.turn(Mode.OPEN)

    return trouble


def _offline(stage: Stage) -> None:
    stage.typist.context.set_offline(True)
    stage.typist.type_for(stage.a_while())
    stage.typist.context.set_offline(False)


def _closed(stage: Stage) -> None:
    """The tab goes in the middle of a word, and another is opened, perhaps while there is no line."""
    typist = stage.typist
    if stage.chance.random() < 0.5:
        stage.line.turn(Mode.CUT)
        typist.type_for(stage.a_while(1.5))
    typist.half_a_token()
    closed_at = time.monotonic()
    typist.close_tab()
    stage.line.turn(Mode.OPEN)
    typist.open()
    for place in PLACES:
        shown = typist.sees(place)
        if not typist.written[place.zone].reopened_with(shown, older_than_s=FRESH_S, closed_at=closed_at):
            stage.broken.append(f"{place.zone} was reopened as “…{shown[-60:]}”")


def _signed_out(stage: Stage) -> None:
    """The session ends; the typist types on, then signs in again in the panel, and goes on where the caret was."""
    typist = stage.typist
    typist.context.clear_cookies()
    typist.type_for(stage.a_while())
    page = typist.page
    page.locator("#sign-in-as").wait_for()
    page.locator("#sign-in-as").select_option(label="Agnes")
    page.get_by_role("button", name="Sign in as this person").click()
    page.locator(".sign-in-panel").wait_for(state="detached")


def _clock(stage: Stage) -> None:
    """The device's clock jumps, by hours or by years, to and fro."""
    jump_s = stage.chance.choice((-1, 1)) * stage.chance.choice((3_600, 86_400, 40_000_000))
    stage.typist.page.evaluate(
        """jump => {
            const Real = globalThis.RealDate ??= Date;
            globalThis.Date = class extends Real {
                constructor(...given) { given.length ? super(...given) : super(Real.now() + jump); }
                static now() { return Real.now() + jump; }
            };
        }""",
        jump_s * 1000,
    )
    stage.typist.type_for(stage.a_while(1))


TROUBLES: dict[str, Callable[[Stage], None]] = {
    "the site is killed": _part("web"),
    "the proof worker is killed": _part("proof"),
    "the press worker is killed": _part("press"),
    "Redis is killed": _redis,
    "the database is out of reach": _database,
    "the browser is offline": _offline,
    "the line is cut": _line(Mode.CUT),
    "the line is silent": _line(Mode.SILENT),
    "answers are lost": _line(Mode.MUTE),
    "a portal answers": _line(Mode.PORTAL),
    "the tab is closed": _closed,
    "the sign-in ends": _signed_out,
    "the clock jumps": _clock,
}
