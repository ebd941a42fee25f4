"""Many elections under many policies, side by side, on all the machine's processors."""

from __future__ import annotations

import multiprocessing
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial

from leaflets.simulation.run import Result, bound_of, simulate
from leaflets.simulation.scenario import SHORTEST_LEAD, scenario


@dataclass(frozen=True, slots=True)
class Row:
    """One policy over many seeds. `beyond_bound` counts seeds in which it missed more than the bound."""

    policy: str
    missed: int
    bound: int
    seeds_with_misses: int
    beyond_bound: int
    orders: int
    worst_lateness_s: float
    wait_p50_s: float
    wait_p95_s: float
    wait_p99_s: float


@dataclass(frozen=True, slots=True)
class Election:
    """The results of all policies on one scenario."""

    seed: int
    results: Mapping[str, Result]
    utilisation: float
    render_scale: float


def play_election(
    seed: int,
    *,
    seats: int,
    workers: int,
    load: float,
    policies: Sequence[str],
    shortest_lead: timedelta = SHORTEST_LEAD,
) -> Election:
    """One scenario under each policy. Raises `Invalid`."""
    drawn = scenario(seats, workers, load, seed, shortest_lead=shortest_lead)
    results = {policy: simulate(drawn, policy, bound=0) for policy in policies}
    bound = bound_of(drawn, min(result.missed for result in results.values()))
    return Election(
        seed,
        {policy: result.bounded_by(bound) for policy, result in results.items()},
        drawn.utilisation,
        drawn.render_scale,
    )


def play_elections(
    seeds: Sequence[int],
    *,
    seats: int,
    workers: int,
    load: float,
    policies: Sequence[str],
    shortest_lead: timedelta = SHORTEST_LEAD,
) -> list[Election]:
    """The same for many seeds. Raises `Invalid`."""
    one = partial(
        play_election, seats=seats, workers=workers, load=load, policies=policies, shortest_lead=shortest_lead
    )
    if len(seeds) == 1:
        return [one(seeds[0])]
    with multiprocessing.get_context("spawn").Pool(min(len(seeds), multiprocessing.cpu_count())) as pool:
        return pool.map(one, seeds, chunksize=1)


def rows(elections: Sequence[Election]) -> list[Row]:
    """One row a policy: sums of what was missed, worst of lateness, means of the waits' percentiles."""
    return [_row(policy, [each.results[policy] for each in elections]) for policy in elections[0].results]


def _row(policy: str, results: Sequence[Result]) -> Row:
    def mean(values: Sequence[float]) -> float:
        return sum(values) / len(values)

    return Row(
        policy=policy,
        missed=sum(each.missed for each in results),
        bound=sum(each.bound for each in results),
        seeds_with_misses=sum(each.missed > 0 for each in results),
        beyond_bound=sum(each.missed > each.bound for each in results),
        orders=sum(each.orders for each in results),
        worst_lateness_s=max(each.worst_lateness_s for each in results),
        wait_p50_s=mean([each.wait_p50_s for each in results]),
        wait_p95_s=mean([each.wait_p95_s for each in results]),
        wait_p99_s=mean([each.wait_p99_s for each in results]),
    )
