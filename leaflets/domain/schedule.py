"""The order of the press: who is served first, how long a claim lasts, and when a failure is tried again.

Pure functions of the times given. The plan (issue of the clock) says by when an order is needed; here that becomes
one sort key which never changes while a row waits, so that the database can keep the queue in an index.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from statistics import median


class Lane(StrEnum):
    """Who waits for whom: people typing never wait behind print runs, nor the reverse."""

    PRESS = "press"
    PROOF = "proof"


class WorkKind(StrEnum):
    """What a row of work asks for; its subject is an order, a proof or a picture."""

    PRINT = "print"
    PROOF = "proof"
    PICTURE = "picture"

    @property
    def lane(self) -> Lane:
        """Where it waits: pictures are made for somebody who looks at the screen."""
        return Lane.PRESS if self is WorkKind.PRINT else Lane.PROOF


class WorkState(StrEnum):
    """How far a row of work, and the order or proof it serves, has come."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    SUPERSEDED = "superseded"


class Stage(StrEnum):
    """What a worker does with one render now, in order; the value is what a waiting person reads."""

    STARTING = "starting"
    PICTURES = "placing the pictures"
    TYPESETTING = "typesetting"
    FINISHING = "finishing"
    CHECKING = "checking"
    STORING = "storing"

    @property
    def fraction(self) -> float:
        """How much of a typical render lies behind, in 0..1."""
        return _FRACTIONS[self]


_FRACTIONS = {
    Stage.STARTING: 0.0,
    Stage.PICTURES: 0.05,
    Stage.TYPESETTING: 0.35,
    Stage.FINISHING: 0.6,
    Stage.CHECKING: 0.8,
    Stage.STORING: 0.95,
}


MARGIN = timedelta(minutes=30)
"""Kept free before a deadline: time for one failed attempt, and for a person to look at what came out."""

PATIENCE = timedelta(hours=6)
"""Ageing: however far off its deadline, an order is served as if it had to start this long after it was placed."""

LEASE = timedelta(seconds=60)
"""How long a claim holds without being renewed. A worker that dies is noticed after this."""

RENEW_EVERY = LEASE / 4

ATTEMPTS_AT_MOST = 3

BACK_OFF = (timedelta(seconds=5), timedelta(seconds=60))
"""How long to wait after the first failure, and after the second. The third is the last."""

FIRST_ESTIMATE_S = {WorkKind.PRINT: 5.0, WorkKind.PROOF: 1.0, WorkKind.PICTURE: 2.0}
"""What a render takes before any was measured."""

LEARN_FROM = 9
"""How many of the last renders of a template an estimate is the median of: odd, and few enough to follow a change."""


def urgent_at(needed_by: datetime, estimate_s: float, placed_at: datetime) -> datetime:
    """The sort key of a row: its latest safe start, within the bounds of fairness. The earlier, the sooner.

    Never later than `placed_at + PATIENCE`, so that far-off orders do not starve behind a stream of nearer ones.
    Never earlier than `placed_at`, so that a stream of orders which are late already cannot starve the rest: after
    its own key has passed, a row is overtaken by nothing that is placed later.
    """
    latest_start = needed_by - timedelta(seconds=estimate_s) - MARGIN
    return max(placed_at, min(latest_start, placed_at + PATIENCE))


def try_again_at(attempts: int, now: datetime) -> datetime | None:
    """When work that has failed `attempts` times is tried again; `None` when it has had its last attempt."""
    return now + BACK_OFF[attempts - 1] if attempts < ATTEMPTS_AT_MOST else None


def learnt_estimate(kind: WorkKind, seconds: Sequence[float]) -> float:
    """How long the next render takes, in seconds: the median of the last ones, or a first guess."""
    return median(seconds) if seconds else FIRST_ESTIMATE_S[kind]


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where a row stands: `place` 1 is next, 0 is on the press. `finish` is expected, not promised."""

    place: int
    finish: datetime


def forecast(now: datetime, *, ahead: int, ahead_s: float, own_s: float, workers: int) -> Forecast:
    """The place and the expected finish of a row behind `ahead` others that take `ahead_s` seconds together."""
    seconds = ahead_s / max(1, workers) + own_s
    return Forecast(place=ahead + 1, finish=now + timedelta(seconds=seconds))
