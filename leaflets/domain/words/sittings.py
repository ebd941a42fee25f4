"""The versions of a leaflet that people see: its log of edits, cut into sittings.

Every edit is kept, but nobody thinks in single keys. A sitting is what was written in one go: it ends with a pause,
with somebody else's turn, or at a moment that was given a name. Two people who write at the same minute sit together;
what the system filled in, and an older version that was brought back, stand alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from leaflets.domain.leaflet import Act

PAUSE = timedelta(minutes=10)
"""Whoever comes back after this begins another sitting."""

TOGETHER = timedelta(minutes=1)
"""Edits of two people this close to each other belong to one sitting."""

STAND_ALONE = frozenset({Act.FILL, Act.RESTORE})

MOST_EDITS = 1_000
"""A sitting that is longer is cut, counted from its end, so that a list of versions reads a bounded log."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One edit of the log, without its words. `kept` means that it met newer words and was stored beside them."""

    id: int
    zone: str
    by: int
    at: datetime
    act: Act
    step: str = ""
    kept: bool = False


@dataclass(frozen=True, slots=True)
class Sitting:
    """A version: the leaflet as it stood after the edit `last_id`.

    `zones` and `people` are who changed what in it, in order; `kept` counts texts that were stored beside newer ones.
    `act` is that of its last edit. `changes` counts the words that did change.
    """

    first_id: int
    last_id: int
    began_at: datetime
    ended_at: datetime
    people: tuple[int, ...]
    zones: tuple[str, ...]
    act: Act
    changes: int
    kept: int


def sittings(
    newest_first: Iterable[LogLine],
    *,
    ends: Collection[int] = (),
    pause: timedelta = PAUSE,
    together: timedelta = TOGETHER,
) -> Iterator[Sitting]:
    """The sittings of a log, the newest first, each as soon as the log has left it.

    A sitting ends at every edit whose number is in `ends`: it was given a name.
    """
    lines: list[LogLine] = []
    for line in newest_first:
        if lines and _parts(lines, line, ends, pause, together):
            yield _sitting(lines)
            lines = []
        lines.append(line)
    if lines:
        yield _sitting(lines)


def _parts(later: list[LogLine], older: LogLine, ends: Collection[int], pause: timedelta, together: timedelta) -> bool:
    """Whether a sitting begins after `older`."""
    newer = later[-1]
    gap = newer.at - older.at
    return (
        older.id in ends
        or gap >= pause
        or (older.by != newer.by and gap >= together)
        or len(later) >= MOST_EDITS
        or ((older.act, older.step) != (newer.act, newer.step) and not STAND_ALONE.isdisjoint((older.act, newer.act)))
    )


def _sitting(newest_first: list[LogLine]) -> Sitting:
    lines = newest_first[::-1]
    kept = sum(line.kept for line in lines)
    return Sitting(
        first_id=lines[0].id,
        last_id=lines[-1].id,
        began_at=lines[0].at,
        ended_at=lines[-1].at,
        people=tuple(dict.fromkeys(line.by for line in lines)),
        zones=tuple(dict.fromkeys(line.zone for line in lines)),
        act=lines[-1].act,
        changes=len(lines) - kept,
        kept=kept,
    )
