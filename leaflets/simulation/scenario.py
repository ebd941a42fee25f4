"""A general election as the press sees it: who orders what, when, and by when it is needed.

What is known is used: the 650 constituencies, the observed dates of postal dispatch, the delivery and print days of
the plan, render times as we measured them. Nobody has published when campaigns place their orders, so that part is our
reckoning, from what printers and agents say of past elections: some early, some released together by a region, most
on the last day and in the last hours before a printer's cut-off. The tables below are the whole of it.
"""

from __future__ import annotations

import random
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import accumulate
from zoneinfo import ZoneInfo

from leaflets.bank_holidays import bank_holidays
from leaflets.constituencies import constituencies
from leaflets.domain.clock.durations import DURATIONS, PRINT_DAYS
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.working_days import Skips, working_days
from leaflets.domain.errors import Invalid
from leaflets.domain.press.schedule import MARGIN

POLLING_DAY = date(2027, 5, 6)
LONDON = ZoneInfo("Europe/London")

# Working days from first postal dispatch to poll: minimum, first decile, median, last decile, maximum of 80 councils on
# 7 May 2026 (Democracy Club). Between these the share of councils grows evenly.
DISPATCH = ((0.0, 16), (0.1, 14), (0.5, 12), (0.9, 9), (1.0, 8))

# Share of printers, and the hour by which they want a PDF for that day's work: our reckoning; noon is the plan's own.
CUT_OFFS = ((0.15, time(10)), (0.50, time(12)), (0.20, time(15)), (0.15, time(17)))

# Share of orders, usual seconds of a render, and the spread of its logarithm. The seconds were timed by hand on two
# cores that had other work, 21 November 2026, and are two to three times what `leaflets bench` gives on idle ones: the
# bench's two sides of A4 with photographs that nobody rendered before, and with pictures made for an earlier order;
# then the library's designs. The spread is our estimate.
RENDERS = {
    "photographs": (0.30, 1.35, 0.35),
    "photographs-made": (0.20, 0.45, 0.25),
    "election-address": (0.15, 0.80, 0.25),
    "introduction": (0.20, 0.53, 0.25),
    "six-panel": (0.15, 0.80, 0.35),
}

VERSIONS = 13
"""Renders of the bench in one order: a leaflet with a version for each ward (about 8,400 wards, 650 seats), made in
one go. Fewer and longer pieces are harder for a press that interrupts nothing, so this makes no policy look better."""

SAMPLE = 30
"""Orders a seat of a full election from which the number of orders is reckoned that make up a load."""

RUSH_MEAN = timedelta(hours=2, minutes=30)
SHORTEST_LEAD = MARGIN
"""The plan offers no cut-off that is nearer than the margin that the press keeps free: later orders get the next."""


@dataclass(frozen=True, slots=True)
class Order:
    """One order of a simulation. `seconds` is what its render will take, which no policy knows."""

    number: int
    seat: int
    template: str
    ready_at: datetime
    needed_by: datetime
    seconds: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """The orders as they come. `render_scale` is by what all renders were stretched to meet the load exactly."""

    orders: tuple[Order, ...]
    workers: int
    load: float
    render_scale: float

    @property
    def utilisation(self) -> float:
        """The share of the workers' time that is asked for from the first order to the last deadline."""
        span = (max(each.needed_by for each in self.orders) - self.orders[0].ready_at).total_seconds()
        return sum(each.seconds for each in self.orders) / (self.workers * span)


def scenario(seats: int, workers: int, load: float, seed: int, *, shortest_lead: timedelta = SHORTEST_LEAD) -> Scenario:
    """One election. The same arguments give the same orders.

    Load is what real-time scheduling means by it (Baruah, Rosier and Howell 1990): of all stretches of time, the
    largest share of the workers' time that is asked for by orders which come within the stretch and are due within
    it. Up to 1 the preemptive optimum can serve all; beyond it, nobody can. The real load of 650 seats on a few
    workers is far below: so each seat orders as often as makes up the load.
    Raises `Invalid` for numbers that make no election.
    """
    known = [each.nation for each in constituencies()]
    if not 1 <= seats <= len(known):
        raise Invalid(f"There are {len(known)} constituencies, not {seats}.", f"Give 1 to {len(known)} seats.")
    if not 1 <= workers <= 256 or not 0 < load <= 5:
        raise Invalid("Nothing can be simulated with that.", "Give 1 to 256 workers, and a load above 0 and up to 5.")
    chance = random.Random(f"{seats} {workers} {load} {seed}")
    nations = [known[number] for number in sorted(chance.sample(range(len(known)), seats))]
    dues = [_due(nation, chance) for nation in nations]
    first_guess = SAMPLE * len(known)
    sample = _orders(first_guess, dues, chance, shortest_lead)
    wanted = max(1, round(first_guess * load / busiest(sample, workers)))
    orders = _orders(wanted, dues, chance, shortest_lead)
    scale = load / busiest(orders, workers)
    stretched = (
        Order(number, each.seat, each.template, each.ready_at, each.needed_by, each.seconds * scale)
        for number, each in enumerate(orders)
    )
    return Scenario(tuple(stretched), workers, load, scale)


def busiest(orders: Sequence[Order], workers: int) -> float:
    """The load of orders in the order of `ready_at`: demand over capacity in the fullest of all stretches."""
    backwards = [(each.needed_by.timestamp(), each.ready_at.timestamp(), each.seconds) for each in reversed(orders)]
    fullest = 0.0
    for end in {needed_by for needed_by, _, _ in backwards}:
        due = [(end - ready_at, seconds) for needed_by, ready_at, seconds in backwards if needed_by <= end]
        work = accumulate(seconds for _, seconds in due)
        shares = (done / length for done, (length, _) in zip(work, due, strict=True) if length > 0)
        fullest = max(fullest, max(shares, default=0.0))
    return fullest / workers


def _due(nation: Nation, chance: random.Random) -> datetime:
    """When a seat's PDFs are needed at the printer so that leaflets land before its postal votes.

    Back from its council's first dispatch by the plan's own durations: the delivery, a day before, and the printing.
    """
    days = working_days(bank_holidays(), nation, Skips.OWN)
    before_poll = _dispatch_days(chance.random()) + DURATIONS.freepost_delivery.count + 1 + PRINT_DAYS.count
    cut_off = chance.choices([hour for _, hour in CUT_OFFS], [share for share, _ in CUT_OFFS])[0]
    return datetime.combine(days.before(POLLING_DAY, before_poll), cut_off, LONDON).astimezone(UTC)


def _dispatch_days(share: float) -> int:
    """The number of working days that this share of councils does not exceed in haste."""
    at = min(bisect_right([each for each, _ in DISPATCH], share), len(DISPATCH) - 1)
    (low, early), (high, late) = DISPATCH[at - 1], DISPATCH[at]
    return round(early + (late - early) * (share - low) / (high - low))


def _orders(number: int, dues: Sequence[datetime], chance: random.Random, shortest: timedelta) -> list[Order]:
    """Orders as they come, each seat as many as the next."""
    templates = chance.choices(list(RENDERS), [share for share, _, _ in RENDERS.values()], k=number)
    released = {due: _release(due, chance) for due in sorted(set(dues))}
    orders = []
    for each, template in enumerate(templates):
        due = dues[each % len(dues)]
        _, usual, spread = RENDERS[template]
        seconds = VERSIONS * usual * chance.lognormvariate(0, spread)
        ready_at = _placed(due, released[due], chance, shortest)
        orders.append(Order(each, each % len(dues), template, ready_at, due, seconds))
    return sorted(orders, key=lambda each: (each.ready_at, each.number))


def _release(due: datetime, chance: random.Random) -> datetime:
    """When a region lets go of what it approved, for all its seats at once: some days before, in office hours."""
    return due - timedelta(days=chance.randint(2, 5), hours=chance.uniform(-2, 2))


def _placed(due: datetime, released: datetime, chance: random.Random, shortest: timedelta) -> datetime:
    """When one order is placed. The shares are our reckoning; see the module."""
    kind = chance.random()
    if kind < 0.15:  # early, whenever
        return due - timedelta(hours=chance.uniform(48, 240))
    if kind < 0.35:  # within the hour after a region's release
        return released + timedelta(minutes=chance.uniform(0, 60))
    if kind < 0.55:  # the evening before, 18 to 23 h
        evening = datetime.combine(due.date() - timedelta(days=1), time(18), LONDON).astimezone(UTC)
        return evening + timedelta(hours=chance.uniform(0, 5))
    return due - shortest - min(timedelta(hours=20), RUSH_MEAN * chance.expovariate(1))
