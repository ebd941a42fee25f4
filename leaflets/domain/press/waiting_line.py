"""Orders that wait, given out one by one in the order of leaflets.domain.press.schedule, and workers who take them.

The database does the same with indexes (leaflets.services.press.turn). This is for the forecast and the simulation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush, heapreplace
from typing import Generic, Protocol, TypeVar

from leaflets.domain.press.schedule import GRACE, Urgency


class Placed(Protocol):
    """Anything that can wait: `ready_at` is when it may be claimed first."""

    @property
    def ready_at(self) -> datetime:
        """Not claimed before this."""


T = TypeVar("T")
P = TypeVar("P", bound=Placed)


class Line(Protocol[P]):
    """Who is next: one policy."""

    def add(self, item: P) -> None:
        """It waits from now on."""

    def take(self, now: datetime) -> P | None:
        """Whose turn it is, who waits no longer; `None` when nobody waits."""

    def __len__(self) -> int:
        """How many wait."""


class WaitingLine(Generic[T]):
    """The policy's own line. Each call takes logarithmic time; `now` never goes back.

    Three heaps: what is not urgent yet, what has aged, and what is lost. Rows change heaps only when they come to
    the head of one, which is enough: behind an aged head, a lost row ranks later than that head in any case.
    """

    def __init__(self) -> None:
        self._near: list[tuple[datetime, int, datetime, T]] = []
        self._aged: list[tuple[datetime, int, datetime, T]] = []
        self._lost: list[tuple[datetime, int, T]] = []

    def put(self, item: T, number: int, urgency: Urgency) -> None:
        """Wait from now on. Among equals the lowest `number`, which is nobody else's, is first."""
        heappush(self._near, (urgency.urgent_at, number, urgency.lost_at, item))

    def take(self, now: datetime) -> T | None:
        """Whose turn it is at this moment, by `schedule.rank`; `None` when nobody waits."""
        self._settle(now)
        heads = [heap[0][:2] for heap in (self._aged, self._near) if heap]
        timely = min(heads, default=None)
        if self._lost and (timely is None or (self._lost[0][0] + GRACE, self._lost[0][1]) < timely):
            return heappop(self._lost)[2]
        if timely is None:
            return None
        return heappop(self._aged if self._aged and self._aged[0][:2] == timely else self._near)[3]

    def __len__(self) -> int:
        return len(self._near) + len(self._aged) + len(self._lost)

    def _settle(self, now: datetime) -> None:
        while self._near and self._near[0][0] <= now:
            heappush(self._aged, heappop(self._near))
        while self._aged and self._aged[0][2] <= now:
            _, number, lost_at, item = heappop(self._aged)
            heappush(self._lost, (lost_at, number, item))


def serve(
    arrivals: Iterable[P], free_at: Iterable[datetime], line: Line[P], seconds: Callable[[P], float]
) -> Iterator[tuple[P, datetime, datetime]]:
    """Every arrival with its start and its end, in the order of the starts, when nobody idles while somebody waits.

    `arrivals` come in the order of `ready_at`; there is one worker for each of `free_at`, busy until then. What is
    begun is finished: a render is never interrupted.
    """
    workers = list(free_at)
    heapify(workers)
    coming = iter(arrivals)
    following = next(coming, None)
    now = workers[0]
    while True:
        now = max(now, workers[0])  # somebody who was idle all along is free at the moment we have come to
        if not len(line):
            if following is None:
                return
            now = max(now, following.ready_at)
        while following is not None and following.ready_at <= now:
            line.add(following)
            following = next(coming, None)
        item = line.take(now)
        if item is None:
            raise RuntimeError(f"{type(line).__name__} holds back what waits in it.")
        end = now + timedelta(seconds=seconds(item))
        heapreplace(workers, end)
        yield item, now, end
