"""The policies that are compared. `edf` is the queue's own code; the others are what one would have without it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from heapq import heappop, heappush

from leaflets.domain.press.schedule import LEARN_FROM, WorkKind, learnt_estimate, urgency
from leaflets.domain.press.waiting_line import Line, WaitingLine
from leaflets.simulation.scenario import Order


class Press:
    """The queue's own policy, with estimates learnt from the last renders of a template as the queue learns them.

    `done` tells it of each render; an estimate knows only those that have ended when its order is placed.
    """

    def __init__(self) -> None:
        self._line: WaitingLine[Order] = WaitingLine()
        self._ends: dict[str, list[tuple[datetime, float]]] = {}
        self._last: dict[str, deque[float]] = {}
        self._estimates: dict[str, float] = {}

    def done(self, order: Order, end: datetime) -> None:
        """A render that ends at this moment."""
        heappush(self._ends.setdefault(order.template, []), (end, order.seconds))

    def add(self, item: Order) -> None:
        """It waits from now on."""
        pressing = urgency(item.needed_by, self._estimate(item.template, item.ready_at), item.ready_at)
        self._line.put(item, item.number, pressing)

    def take(self, now: datetime) -> Order | None:
        """Whose turn it is."""
        return self._line.take(now)

    def __len__(self) -> int:
        return len(self._line)

    def _estimate(self, template: str, now: datetime) -> float:
        ends = self._ends.get(template, [])
        if template not in self._estimates or (ends and ends[0][0] <= now):
            last = self._last.setdefault(template, deque(maxlen=LEARN_FROM))
            while ends and ends[0][0] <= now:
                last.append(heappop(ends)[1])
            self._estimates[template] = learnt_estimate(WorkKind.PRINT, tuple(last))
        return self._estimates[template]


class EarliestDeadline:
    """Earliest deadline first and nothing else: optimal while all can be in time, and a row of dominoes after."""

    def __init__(self) -> None:
        self._heap: list[tuple[datetime, int, Order]] = []

    def add(self, item: Order) -> None:
        """It waits from now on."""
        heappush(self._heap, (item.needed_by, item.number, item))

    def take(self, now: datetime) -> Order | None:
        """Whose turn it is."""
        return heappop(self._heap)[2] if self._heap else None

    def __len__(self) -> int:
        return len(self._heap)


class Lanes:
    """RQ's own way: several queues, the first that is not empty, each first in, first out.

    An order goes to "high" when it is due within a day of being placed, to "default" within three, else to "low":
    a queue is chosen once, when a job is sent.
    """

    def __init__(self, bounds: tuple[timedelta, ...]) -> None:
        self._bounds = bounds
        self._queues: tuple[deque[Order], ...] = tuple(deque() for _ in range(len(bounds) + 1))

    def add(self, item: Order) -> None:
        """It waits from now on."""
        lead = item.needed_by - item.ready_at
        lane = next((number for number, bound in enumerate(self._bounds) if lead <= bound), len(self._bounds))
        self._queues[lane].append(item)

    def take(self, now: datetime) -> Order | None:
        """Whose turn it is."""
        return next((queue.popleft() for queue in self._queues if queue), None)

    def __len__(self) -> int:
        return sum(map(len, self._queues))


POLICIES: Mapping[str, Callable[[], Line[Order]]] = {
    "edf": Press,
    "plain-edf": EarliestDeadline,
    "rq-lanes": lambda: Lanes((timedelta(days=1), timedelta(days=3))),
    "fifo": lambda: Lanes(()),
}
