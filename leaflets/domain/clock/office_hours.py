"""Time as an office has it: from nine to five on its working days. Nights, weekends and holidays take none of it."""

from __future__ import annotations

from bisect import bisect_left
from datetime import datetime, time, timedelta

from leaflets.domain.clock.chain import OFFICE_CLOSES, OFFICE_OPENS
from leaflets.domain.clock.moments import at, in_london
from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.errors import Invalid

DAY = timedelta(hours=OFFICE_CLOSES.hour - OFFICE_OPENS.hour)
"""What a working day has of it."""

_DAY_S = int(DAY.total_seconds())


def is_open(moment: datetime, days: WorkingDays) -> bool:
    """Whether an office answers at that moment."""
    local = in_london(moment)
    return days.counts(local.date()) and OFFICE_OPENS <= local.time() < OFFICE_CLOSES


def spent(start: datetime, end: datetime, days: WorkingDays) -> timedelta:
    """The office time from one moment to another; below zero, where the other is earlier."""
    return _place(end, days) - _place(start, days)


def later(start: datetime, by: timedelta, days: WorkingDays) -> datetime:
    """The moment at which so much office time has passed since `start`: five o'clock rather than nine the next day.

    Raises `Invalid` where the calendar of working days ends.
    """
    day, rest = divmod(_place(start, days) + by, DAY)
    if not rest and by:
        day, rest = day - 1, DAY
    if not 0 <= day < len(days.days):
        raise Invalid(
            f"Counting from {in_london(start):%d %B %Y} leaves the years whose bank holidays are known ({days.years}).",
            "Update the bank holidays.",
        )
    minutes = int(rest.total_seconds()) // 60
    hour = time(OFFICE_OPENS.hour + minutes // 60, minutes % 60, int(rest.total_seconds()) % 60, rest.microseconds)
    return at(days.days[day], hour)


def _place(moment: datetime, days: WorkingDays) -> timedelta:
    """The office time from the beginning of the calendar to a moment."""
    local = in_london(moment)
    before = bisect_left(days.days, local.date())
    if before == len(days.days) or days.days[before] != local.date():
        return timedelta(seconds=before * _DAY_S)
    second = (local.hour - OFFICE_OPENS.hour) * 3600 + local.minute * 60 + local.second
    if second < 0:
        return timedelta(seconds=before * _DAY_S)
    if second >= _DAY_S:
        return timedelta(seconds=(before + 1) * _DAY_S)
    return timedelta(seconds=before * _DAY_S + second, microseconds=local.microsecond)
