"""Will everything make it? The queue's own policy, run ahead over the orders that are open now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from leaflets.domain.press.schedule import MARGIN, Urgency
from leaflets.domain.press.waiting_line import WaitingLine, serve

MOST_WORKERS = 256
"""Beyond this many, workers are not the answer."""


@dataclass(frozen=True, slots=True)
class OpenOrder:
    """An order that waits, or is on the press until about `running_until`. `estimate_s` is what a render takes."""

    number: int
    needed_by: datetime
    estimate_s: float
    urgency: Urgency
    ready_at: datetime
    running_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """Where an order stands: `place` 1 is next, 0 is on the press. `finish` is expected, not promised."""

    place: int
    finish: datetime


def behind(now: datetime, *, ahead: int, ahead_s: float, own_s: float, workers: int) -> Forecast:
    """The place and the expected finish of one order behind `ahead` others that take `ahead_s` seconds together.

    What a page shows to whoever waits: as `outlook`, but without looking at every order one by one.
    """
    return Forecast(place=ahead + 1, finish=now + timedelta(seconds=ahead_s / max(1, workers) + own_s))


@dataclass(frozen=True, slots=True)
class Expected:
    """One order of an outlook. `late` misses its deadline; `at_risk` comes within `MARGIN` of it, or is late."""

    number: int
    place: int
    finish: datetime
    needed_by: datetime

    @property
    def late(self) -> bool:
        """Expected to finish after it is needed."""
        return self.finish > self.needed_by

    @property
    def at_risk(self) -> bool:
        """Expected to finish too near its deadline, or after it."""
        return self.finish > self.needed_by - MARGIN


@dataclass(frozen=True, slots=True)
class Outlook:
    """Every open order in the order of the press, with these workers.

    `workers_needed` is the fewest with which none is at risk that need not be; `None` when no number would do.
    """

    orders: tuple[Expected, ...]
    workers: int
    workers_needed: int | None

    @property
    def at_risk(self) -> tuple[Expected, ...]:
        """Those that need somebody's eye."""
        return tuple(order for order in self.orders if order.at_risk)

    @property
    def everything_makes_it(self) -> bool:
        """Whether no order is expected to be late."""
        return not any(order.late for order in self.orders)


class _Line:
    def __init__(self) -> None:
        self._line: WaitingLine[OpenOrder] = WaitingLine()

    def add(self, item: OpenOrder) -> None:
        self._line.put(item, item.number, item.urgency)

    def take(self, now: datetime) -> OpenOrder | None:
        return self._line.take(now)

    def __len__(self) -> int:
        return len(self._line)


def outlook(now: datetime, orders: Sequence[OpenOrder], workers: int) -> Outlook:
    """Run the policy over the open orders with `workers` workers, at least one, and see who makes it."""
    workers = max(1, workers)
    expected = _run(now, orders, workers)
    return Outlook(expected, workers, _workers_needed(now, orders, workers, expected))


def _run(now: datetime, orders: Sequence[OpenOrder], workers: int) -> tuple[Expected, ...]:
    running = [(max(now, order.running_until), order) for order in orders if order.running_until is not None]
    waiting = sorted((order for order in orders if order.running_until is None), key=lambda order: order.ready_at)
    busy = sorted(until for until, _ in running)[: max(0, workers)]
    free_at = busy + [now] * (workers - len(busy))
    served = serve(waiting, free_at, _Line(), lambda order: order.estimate_s)
    on_press = [Expected(order.number, 0, until, order.needed_by) for until, order in running]
    return (
        *on_press,
        *(Expected(order.number, place, end, order.needed_by) for place, (order, _, end) in enumerate(served, 1)),
    )


def _workers_needed(
    now: datetime, orders: Sequence[OpenOrder], workers: int, expected: Sequence[Expected]
) -> int | None:
    """By doubling and halving; more workers could in theory hurt an order, so the answer is one that was tried."""
    goals = {order.number: goal for order in orders if (goal := _goal(now, order)) is not None}

    def enough(outcome: Sequence[Expected]) -> bool:
        return all(each.finish <= goals[each.number] for each in outcome if each.number in goals)

    most = min(MOST_WORKERS, max(1, len(orders)))
    fails, does = 0, workers
    if not enough(expected):
        while True:
            if does >= most:
                return None
            fails, does = does, min(most, does * 2)
            if enough(_run(now, orders, does)):
                break
    while does - fails > 1:
        half = (fails + does) // 2
        if enough(_run(now, orders, half)):
            does = half
        else:
            fails = half
    return does


def _goal(now: datetime, order: OpenOrder) -> datetime | None:
    """By when workers enough would finish an order: before its margin, or its deadline, or in time never."""
    alone = order.running_until or max(now, order.ready_at) + timedelta(seconds=order.estimate_s)
    if alone <= order.needed_by - MARGIN:
        return order.needed_by - MARGIN
    return order.needed_by if alone <= order.needed_by else None
