"""When postal votes reach doormats: what councils were seen to do, what a council says it will do, and the range.

The law says only "as soon as practicable" after nominations close; no public list of dispatch dates exists. A plan
counts from the earliest plausible first dispatch and shows the whole range.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.errors import Invalid


class Batch(StrEnum):
    """Which posting: most packs leave with the first, late applicants' with the second."""

    FIRST = "first"
    SECOND = "second"


@dataclass(frozen=True)
class Spread:
    """How many working days before polling day councils were seen to post a batch: earliest, usual, latest."""

    earliest: int
    usual: int
    latest: int
    source: str


# DemocracyClub/WhoCanIVoteFor, postal vote dates of 1 May 2025 (58 councils) and 7 May 2026 (80 councils): statistics.
_SEEN = "138 councils in May 2025 and May 2026, as collected by Democracy Club; check with the council"
OBSERVED = {
    Batch.FIRST: Spread(16, 12, 8, _SEEN),
    Batch.SECOND: Spread(11, 7, 5, _SEEN),
}


@dataclass(frozen=True)
class Announcement:
    """A council's own dates, with who said so and when: a notice, a web page, a telephone call."""

    council: str
    said_by: str
    said_on: date
    first: date | None = None
    second: date | None = None

    def of(self, batch: Batch) -> date | None:
        """The day announced for one batch, if any."""
        return self.first if batch is Batch.FIRST else self.second


@dataclass(frozen=True)
class Dispatch:
    """One posting of postal packs: the day to reckon with, the range it may fall in, and who says so."""

    batch: Batch
    day: date
    earliest: date
    latest: date
    announced: bool
    source: str


@dataclass(frozen=True)
class PostalVotes:
    """Both postings of one council at one election."""

    first: Dispatch
    second: Dispatch

    @property
    def earliest_plausible(self) -> date:
        """The day that a leaflet which must land before the postal votes has to beat."""
        return self.first.earliest


def postal_votes(
    polling_day: date,
    days: WorkingDays,
    *,
    nominations_close: date | None = None,
    announcements: Sequence[Announcement] = (),
) -> PostalVotes:
    """Both dispatches of one council: as announced last for each batch, else as councils were seen to do.

    `days` are the nation's own working days. No pack can leave before the day after nominations close, when that day
    is given: the ballot papers are not known sooner (Electoral Commission guidance on issuing postal votes). Raises
    Invalid for an announced day after polling day, at or before the close of nominations, or out of order.
    """
    for each in announcements:
        _check(each, polling_day, nominations_close)
    bound = days.after(nominations_close, 1) if nominations_close else None
    first = _dispatch(Batch.FIRST, polling_day, days, bound, announcements)
    second = _dispatch(Batch.SECOND, polling_day, days, bound, announcements)
    if first.announced and second.announced and second.day < first.day:
        raise Invalid(
            f"The second dispatch ({_say(second.day)}) cannot come before the first ({_say(first.day)}).",
            "Check both days with the council.",
        )
    if second.announced or not first.announced:
        return PostalVotes(first, second)
    return PostalVotes(first, _not_before(second, first.day))


def _not_before(dispatch: Dispatch, bound: date) -> Dispatch:
    return Dispatch(
        dispatch.batch,
        max(dispatch.day, bound),
        max(dispatch.earliest, bound),
        max(dispatch.latest, bound),
        dispatch.announced,
        dispatch.source,
    )


def _dispatch(
    batch: Batch, polling_day: date, days: WorkingDays, bound: date | None, announcements: Sequence[Announcement]
) -> Dispatch:
    said = [each for each in announcements if each.of(batch)]
    if said:
        newest = max(said, key=lambda each: each.said_on)
        day = newest.of(batch)
        if day is not None:
            said_on = f"{newest.said_on.day} {newest.said_on:%B %Y}"
            source = f"{newest.council}: {newest.said_by}, {said_on}"
            return Dispatch(batch, day, day, day, announced=True, source=source)
    spread = OBSERVED[batch]
    usual, earliest, latest = (
        days.before(polling_day, count) for count in (spread.usual, spread.earliest, spread.latest)
    )
    dispatch = Dispatch(batch, usual, earliest, latest, announced=False, source=spread.source)
    return dispatch if bound is None else _not_before(dispatch, bound)


def _check(said: Announcement, polling_day: date, nominations_close: date | None) -> None:
    if not said.council.strip() or not said.said_by.strip():
        raise Invalid("A dispatch date needs the council, and who said so.", "Name the notice, page or person.")
    for batch in Batch:
        day = said.of(batch)
        if day is None:
            continue
        if day > polling_day:
            raise Invalid(
                f"Postal votes cannot leave on {_say(day)}, after polling day ({_say(polling_day)}).",
                f"Check {said.council}'s {batch} dispatch, and which election it is for.",
            )
        if nominations_close is not None and day <= nominations_close:
            raise Invalid(
                f"Postal votes cannot leave on {_say(day)}: nominations close on {_say(nominations_close)}, and the "
                "ballot papers are not known before.",
                f"Check {said.council}'s {batch} dispatch, and which election it is for.",
            )
    if said.said_on > polling_day:
        raise Invalid(
            f"{said.council} cannot have announced its dispatch on {_say(said.said_on)}, after polling day.",
            "Check the day on which it was said.",
        )


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
