"""By when somebody who asks for access is to be answered. A house rule: one working day, less where time is short."""

from __future__ import annotations

from datetime import datetime, timedelta

from leaflets.domain.clock.chain import OFFICE_CLOSES, OFFICE_OPENS
from leaflets.domain.clock.moments import DAY, at, in_london
from leaflets.domain.clock.working_days import WorkingDays

USUAL_DAYS = 1
LEAST = timedelta(hours=2)
"""Office hours: sooner than that nobody can be expected to have read their mail."""


def answer_by(now: datetime, calendar: WorkingDays, needed_by: datetime | None = None) -> datetime:
    """The close of the next working day; half of what is left before `needed_by` where that comes sooner.

    `needed_by` is the next latest safe moment of the campaign's leaflets; it may have passed. Never less than `LEAST`
    from when an office is open.
    """
    usual = at(calendar.after(in_london(now).date(), USUAL_DAYS), OFFICE_CLOSES)
    if needed_by is None:
        return usual
    return min(usual, max(_open_from(now, calendar) + LEAST, now + (needed_by - now) / 2))


def _open_from(now: datetime, calendar: WorkingDays) -> datetime:
    """The moment itself in office hours, else when offices open next."""
    local = in_london(now)
    today = local.date()
    if calendar.counts(today) and local < at(today, OFFICE_CLOSES):
        return max(local, at(today, OFFICE_OPENS))
    return at(calendar.on_or_after(today + DAY), OFFICE_OPENS)
