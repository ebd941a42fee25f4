"""The order of the press: who is served first, how long a claim lasts, and when a failure is tried again.

Pure functions of the times given. The plan says by when an order is needed; here that becomes two moments which stay
as they are while a row waits, so that the database can keep the queue in indexes. The queue, the forecast and the
simulation all rank by `rank`.
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
    HELD = "held"  # an order whose election is suspended, or whose polling day is not the one it prints


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
"""Kept free before a deadline: time for one failed attempt, and for a person to look at what came out. An order that
is expected to finish within it is at risk."""

PATIENCE = timedelta(hours=24)
"""Ageing of far-off orders: each is served as if it had to start this long after it was placed, at the latest."""

GRACE = timedelta(hours=12)
"""Ageing of late orders: one that cannot be in time any more waits for those that can, but this long at most."""

NEVER = timedelta(days=3650)
"""Longer than anything waits."""

CAUTION = 1.5
"""An estimate is a median and half of all renders take longer; nearly all are done within this many times of it."""

_MINUTE = timedelta(minutes=1)

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


@dataclass(frozen=True, slots=True, order=True)
class Urgency:
    """How pressing an order is, for as long as it waits.

    From `lost_at` on it cannot be in time any more; an order that was placed too late is lost from the start.
    `urgent_at` is its turn among those that still can: its latest start, or earlier once it has aged.
    """

    urgent_at: datetime
    lost_at: datetime


def urgency(needed_by: datetime, estimate_s: float, placed_at: datetime) -> Urgency:
    """How pressing an order is that takes `estimate_s` seconds, by its latest start. Never before `placed_at`.

    Latest starts are compared to the minute; of those within one the shortest goes first. When a rush is too much for
    the press, most orders have one deadline, and the longest first would cost the most of them.
    """
    lost_at = max(placed_at, needed_by - timedelta(seconds=estimate_s * CAUTION))
    minute = lost_at.replace(second=0, microsecond=0) - _MINUTE + min(timedelta(seconds=estimate_s), _MINUTE)
    return Urgency(max(placed_at, min(minute, placed_at + PATIENCE)), lost_at)


def urgency_at_screen(needed_by: datetime, estimate_s: float, placed_at: datetime) -> Urgency:
    """The same for what somebody waits for at the screen: it is never lost, the longest wait is always first."""
    latest_start = max(placed_at, needed_by - timedelta(seconds=estimate_s * CAUTION))
    return Urgency(latest_start, latest_start + NEVER)


def rank(order: Urgency, now: datetime) -> datetime:
    """The place of an order in the queue at this moment: the earlier, the sooner; equal ones as they came.

    Orders that can still be in time go by their latest start: where everything can be in time, that serves it so.
    Those that cannot step back by `GRACE`, so that one lost deadline does not drag the next one down; earliest latest
    start alone would finish every order of a rush a little late. Nothing that is placed after `urgent_at` overtakes
    an order in time, and nothing that is placed after `lost_at + GRACE` overtakes any.
    """
    return order.urgent_at if now < order.lost_at else order.lost_at + GRACE


def try_again_at(attempts: int, now: datetime) -> datetime | None:
    """When work that has failed `attempts` times is tried again; `None` when it has had its last attempt."""
    return now + BACK_OFF[attempts - 1] if attempts < ATTEMPTS_AT_MOST else None


def learnt_estimate(kind: WorkKind, seconds: Sequence[float]) -> float:
    """How long the next render takes, in seconds: the median of the last ones, or a first guess."""
    return median(seconds) if seconds else FIRST_ESTIMATE_S[kind]
