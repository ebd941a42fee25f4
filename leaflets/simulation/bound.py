"""How many deadlines must be missed whatever anybody does: a number below which no schedule can go.

The schedules meant are all there are: with the whole future known, and with renders that may be interrupted and moved
to another worker at no cost. Finding their best is hard; a bound from below is enough to judge a policy by.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from leaflets.simulation.scenario import Order


def surely_missed(orders: Sequence[Order], workers: int) -> int:
    """A number of missed deadlines that no schedule beats. `orders` come in the order of `ready_at`.

    1. An order whose render is longer than its time from placing to deadline is missed by everybody, for it can only
       be on one worker at a time. These are counted and left out.
    2. Of the orders that come and are due within one stretch of time, the work beyond `workers` × its length cannot
       be done in it (the necessity half of Horn's theorem, 1974). If the k - 1 longest together do not make up that
       excess, at least k are missed.
    3. Stretches that do not overlap share no orders, so their numbers add up. The best set of such stretches is found
       by going through their ends in order; for each end and each possible predecessor the stretch with the largest
       excess is tried, so that every sum is a true bound, if not always the highest.
    """
    possible, hopeless = [], 0
    for each in orders:
        if each.seconds > (each.needed_by - each.ready_at).total_seconds():
            hopeless += 1
        else:
            possible.append(each)
    ends = sorted({each.needed_by for each in possible})
    best = [0] * (len(ends) + 1)  # best[n]: with stretches that end no later than ends[n - 1]
    for number, end in enumerate(ends, 1):
        best[number] = best[number - 1]
        due = [each for each in reversed(possible) if each.needed_by <= end]
        work, most_over, candidates = 0.0, 0.0, {}
        for at, each in enumerate(due):
            work += each.seconds
            over = work - workers * (end - each.ready_at).total_seconds()
            if over > most_over:
                most_over = over
                candidates[bisect_right(ends, each.ready_at)] = (at + 1, over)
        for predecessor, (count, over) in candidates.items():
            best[number] = max(best[number], best[predecessor] + _fewest(due[:count], over))
    return hopeless + best[-1]


def _fewest(orders: Sequence[Order], over: float) -> int:
    """How many of the longest renders must go until the others fit."""
    left = over
    for number, seconds in enumerate(sorted((each.seconds for each in orders), reverse=True)):
        if left <= 1e-6:  # seconds: sums of floating-point numbers
            return number
        left -= seconds
    return len(orders)
