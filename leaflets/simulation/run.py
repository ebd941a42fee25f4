"""One simulation: a scenario under a policy, and what came of it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from leaflets.domain.errors import Invalid
from leaflets.domain.press.waiting_line import serve
from leaflets.simulation.bound import surely_missed
from leaflets.simulation.policies import POLICIES, Press
from leaflets.simulation.scenario import Order, Scenario


@dataclass(frozen=True, slots=True)
class Result:
    """What a policy made of a scenario. Seconds; a wait is from placing to the start of the render.

    `bound` is the number of deadlines that no schedule can save (simulation.bound).
    """

    policy: str
    orders: int
    missed: int
    bound: int
    worst_lateness_s: float
    wait_p50_s: float
    wait_p95_s: float
    wait_p99_s: float
    wait_max_s: float

    def bounded_by(self, bound: int) -> Result:
        """The same beside the bound of its scenario."""
        return replace(self, bound=bound)


def simulate(scenario: Scenario, policy: str, *, bound: int) -> Result:
    """Play a scenario through; `bound` is told on. Raises `Invalid`."""
    served = play(scenario, policy)
    waits = sorted((start - order.ready_at).total_seconds() for order, start, _ in served)
    lateness = [(end - order.needed_by).total_seconds() for order, _, end in served]
    missed = sum(late > 0 for late in lateness)
    return Result(
        policy=policy,
        orders=len(served),
        missed=missed,
        bound=bound,
        worst_lateness_s=max(0.0, *lateness),
        wait_p50_s=_percentile(waits, 0.50),
        wait_p95_s=_percentile(waits, 0.95),
        wait_p99_s=_percentile(waits, 0.99),
        wait_max_s=waits[-1],
    )


def bound_of(scenario: Scenario, missed: int) -> int:
    """The bound, when some schedule is known that misses so many: none at all settles it."""
    return surely_missed(scenario.orders, scenario.workers) if missed else 0


def play(scenario: Scenario, policy: str) -> list[tuple[Order, datetime, datetime]]:
    """Every order with its start and end, in the order of the starts. Raises `Invalid` for an unknown policy."""
    if policy not in POLICIES:
        raise Invalid(f"“{policy}” is no policy that we know.", f"Choose from: {', '.join(POLICIES)}.")
    line = POLICIES[policy]()
    free_at = [scenario.orders[0].ready_at] * scenario.workers
    served = []
    for order, start, end in serve(scenario.orders, free_at, line, lambda order: order.seconds):
        if isinstance(line, Press):
            line.done(order, end)
        served.append((order, start, end))
    return served


def _percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest-rank percentile."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
