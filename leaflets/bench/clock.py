"""The election clock in figures: a year of timetables, and what the press misses in simulated elections."""

from __future__ import annotations

import time
from contextlib import suppress
from datetime import date, timedelta

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import NATIONS, Election, Kind
from leaflets.domain.clock.timetable import timetable
from leaflets.domain.errors import Invalid
from leaflets.simulation.table import play_elections, rows

FIRST_THURSDAY = date(2027, 1, 7)
LOAD, WORKERS = 0.98, 3


def clock_figures(*, seeds: int) -> dict[str, dict[str, float]]:
    """`timetable.year_s`, and of `seeds` elections at a load of 0.98 the deadlines that each policy missed.

    `simulate.edf_beyond_bound` counts the elections in which the press missed more than no schedule can help.
    """
    elections = play_elections(
        range(1, seeds + 1), seats=650, workers=WORKERS, load=LOAD, policies=("edf", "fifo", "rq-lanes")
    )
    table = {row.policy: row for row in rows(elections)}
    missed = {f"{name.replace('-', '_')}_missed": float(row.missed) for name, row in table.items()}
    bounds = {"bound": float(table["edf"].bound), "edf_beyond_bound": float(table["edf"].beyond_bound)}
    return {"timetable": {"year_s": _year_s()}, "simulate": missed | bounds}


def _year_s() -> float:
    """Seconds for the timetables of every kind in every nation that holds it, polling on each Thursday of a year."""
    holidays = bank_holidays()
    start = time.perf_counter()
    for kind in Kind:
        for nation in NATIONS[kind]:
            for week in range(52):
                polling_day = FIRST_THURSDAY + timedelta(weeks=week)
                with suppress(Invalid):  # a bank holiday
                    timetable(Election(f"{kind.name}.{polling_day}", kind, polling_day), nation, holidays)
    return time.perf_counter() - start
