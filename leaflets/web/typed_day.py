"""A day and an hour as somebody typed them: every form reads them here."""

from __future__ import annotations

from datetime import date, time

from leaflets.domain.errors import Invalid

FIRST, LAST = date(2000, 1, 1), date(2099, 12, 31)
"""No leaflet has to do with any day before or after: it is a slip of the finger, and nothing is counted from it."""


def day_of(typed: str, *, code: str = "") -> date | None:
    """The day of a date field; None where it was left empty. Raises `Invalid` for what is no day of this century."""
    said = typed.strip()
    if not said:
        return None
    try:
        day = date.fromisoformat(said)
    except ValueError:
        raise Invalid(
            f"“{said[:40]}” is not a day of the calendar.",
            "Write it as year, month and day: 2027-05-06.",
            code=code,
        ) from None
    if not FIRST <= day <= LAST:
        raise Invalid(f"{day.day} {day:%B} {day.year} is not in this century.", "Check the year.", code=code)
    return day


def needed_day(typed: str, missing: str, remedy: str, *, code: str = "") -> date:
    """A day that has to be there: `missing` and `remedy` are said where it is not. Raises `Invalid`."""
    day = day_of(typed, code=code)
    if day is None:
        raise Invalid(missing, remedy, code=code)
    return day


def hour_of(typed: str, *, code: str = "") -> time:
    """An hour of the day in London. Raises `Invalid`, also for one that says a zone of its own."""
    said = typed.strip()
    try:
        hour = time.fromisoformat(said)
    except ValueError:
        hour = None
    if hour is None or hour.tzinfo is not None:
        raise Invalid(f"“{said[:20]}” is no hour.", "Write it as 15:30.", code=code)
    return hour
