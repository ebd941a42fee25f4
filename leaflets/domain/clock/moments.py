"""Moments in London: made safely on the days the clocks change, said as people say them, counted in working days."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta

from leaflets.domain.clock.timetable import LONDON
from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.errors import Invalid

DAY = timedelta(days=1)
_FAR = 400
"""Longer than any closure: counting further than this finds no open day at all."""

_NAMED_HOURS = {0: "midnight", 12: "noon"}


def at(day: date, hour: time) -> datetime:
    """That hour of that day in London. An hour that the spring change leaves out is moved on to one that exists."""
    return datetime.combine(day, hour, LONDON).astimezone(UTC).astimezone(LONDON)


def in_london(moment: datetime) -> datetime:
    """The same moment by London's clocks. Raises Invalid for one without a time zone: it could be an hour off."""
    if moment.tzinfo is None or moment.utcoffset() is None:
        raise Invalid(
            f"The moment {moment:%Y-%m-%d %H:%M} has no time zone, so it cannot be compared with a deadline.",
            "Give it with its zone, for example 2027-03-28T09:00+01:00.",
        )
    try:
        return moment.astimezone(LONDON)
    except OverflowError:
        raise Invalid(f"{moment.isoformat()} is no moment of a calendar.", "Check the year.") from None


def has_passed(moment: datetime, now: datetime) -> bool:
    """Whether `now` is after `moment`, as instants: two readings of London's clock in October may mislead."""
    return now.astimezone(UTC) > moment.astimezone(UTC)


def open_day(is_open: Callable[[date], bool], last: date, back: int = 0) -> date:
    """The `back`-th open day before the last one that is not after `last`. Raises Invalid where none is found."""
    day = last
    for _ in range(_FAR):
        if is_open(day):
            if back == 0:
                return day
            back -= 1
        day -= DAY
    raise Invalid(
        f"There are not enough open days in the {_FAR} days before {say_day(last)} {last.year}.",
        "Check the weekdays and the closed dates.",
    )


def on_or_before(days: WorkingDays, day: date) -> date:
    """`day` if it is a working day, else the last one before it."""
    return day if days.counts(day) else days.before(day, 1)


def slack(now: datetime, latest: datetime, days: WorkingDays) -> int:
    """By how many whole working days `latest` could have come sooner and still be met; below zero, how many too late.

    0 on the day itself, up to its hour; -1 from then until the same hour of the next working day.
    """
    local = in_london(now)
    today = local.date() if not has_passed(at(local.date(), latest.time()), now) else local.date() + DAY
    last = latest.date()
    if today <= last:
        return days.between(today, last)
    return -days.between(last + DAY, today + DAY) - (0 if days.counts(today) else 1)


def say_day(day: date) -> str:
    """Thu 28 Mar."""
    return f"{day:%a} {day.day} {day:%b}"


def say_hour(hour: time) -> str:
    """5pm, 9.30am, noon, midnight."""
    if hour.minute == 0 and hour.hour in _NAMED_HOURS:
        return _NAMED_HOURS[hour.hour]
    minutes = f".{hour.minute:02}" if hour.minute else ""
    return f"{hour.hour % 12 or 12}{minutes}{'am' if hour.hour < 12 else 'pm'}"


def say(moment: datetime, now: datetime) -> str:
    """Thu 28 Mar, 5pm; with the year where it is not this one."""
    local, year = in_london(moment), in_london(now).year
    return f"{say_dated(local.date(), year)}, {say_hour(local.time())}"


def say_dated(day: date, this_year: int) -> str:
    """Thu 28 Mar, with the year where it is not this one."""
    return say_day(day) if day.year == this_year else f"{say_day(day)} {day.year}"


def say_working_days(count: int) -> str:
    """1 working day, 2 working days."""
    return f"{count} working day{'' if count == 1 else 's'}"
