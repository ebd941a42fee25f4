"""What a leaflet is for: before which day it must have landed, counted from the dates of its elections."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from leaflets.domain.clock.durations import Durations
from leaflets.domain.clock.moments import DAY, say_dated
from leaflets.domain.clock.postal_votes import PostalVotes
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import StatutoryDate, Timetable
from leaflets.domain.errors import Invalid


class Landing(StrEnum):
    """Before what it must land. The value is stable: it is stored."""

    BEFORE_POSTAL_VOTES = "before-postal-votes"
    BEFORE_REGISTRATION = "before-registration"
    BEFORE_POSTAL_APPLICATION = "before-postal-application"
    BEFORE_POLLING_DAY = "before-polling-day"
    ON_DATE = "on-date"

    @property
    def label(self) -> str:
        """The end of a sentence that begins "It lands …"."""
        return _LABELS[self]


_LABELS = {
    Landing.BEFORE_POSTAL_VOTES: "before the postal votes",
    Landing.BEFORE_REGISTRATION: "before the deadline for registering to vote",
    Landing.BEFORE_POSTAL_APPLICATION: "before the deadline for postal vote applications",
    Landing.BEFORE_POLLING_DAY: "before polling day",
    Landing.ON_DATE: "by the day chosen",
}

# The deadline that the reader acts on. Northern Ireland has one for every absent vote.
_EVENTS = {
    Landing.BEFORE_REGISTRATION: (Event.REGISTER,),
    Landing.BEFORE_POSTAL_APPLICATION: (Event.POSTAL, Event.ABSENT),
}


@dataclass(frozen=True)
class Aim:
    """A purpose, and the day where the purpose is a day. Raises Invalid where one is given without the other."""

    landing: Landing
    on: date | None = None

    def __post_init__(self) -> None:
        if (self.on is not None) is not (self.landing is Landing.ON_DATE):
            raise Invalid(
                "A leaflet that is to land on a date needs that date, and no other purpose has one.",
                "Choose the purpose “on a date” and its day, or another purpose alone.",
            )


@dataclass(frozen=True)
class Poll:
    """One election that a leaflet is for. `suspended` says why where it is: a candidate's death, an order of court."""

    timetable: Timetable
    postal_votes: PostalVotes | None = None
    suspended: str = ""

    def __post_init__(self) -> None:
        if self.postal_votes is None:
            return
        first = self.postal_votes.first
        if not first.earliest <= first.latest <= self.polling_day:
            raise Invalid(
                f"Postal votes cannot go out between {first.earliest:%d %B %Y} and {first.latest:%d %B %Y} for a poll "
                f"on {self.polling_day:%d %B %Y}.",
                "Check the dispatch dates with the council, and which election they are for.",
            )

    @property
    def polling_day(self) -> date:
        """The day of the poll."""
        return self.timetable.election.polling_day


@dataclass(frozen=True)
class Target:
    """The last day on which it may land, which poll asks for it, and one sentence that says from what it is counted."""

    by: date
    poll: Poll
    counted_from: str
    source: str


def target(aim: Aim, polls: Sequence[Poll], durations: Durations) -> Target:
    """The earliest of what the polls ask for; suspended ones ask for nothing unless all are.

    Raises Invalid where there is no poll, no dispatch to count from, no such deadline, or a day after the poll.
    """
    if not polls:
        raise Invalid("A leaflet needs an election to count from.", "Choose the election that it is for.")
    asking = [poll for poll in polls if not poll.suspended] or list(polls)
    return min((_of(aim, poll, durations) for poll in asking), key=lambda each: each.by)


def _of(aim: Aim, poll: Poll, durations: Durations) -> Target:
    match aim.landing:
        case Landing.BEFORE_POSTAL_VOTES:
            return _before_postal_votes(poll)
        case Landing.BEFORE_POLLING_DAY:
            day = poll.polling_day
            told = f"Counted from polling day, {say_dated(day, day.year)}."
            return Target(day - DAY, poll, told, poll.timetable.election.id)
        case Landing.ON_DATE:
            return _on(aim, poll)
        case Landing.BEFORE_REGISTRATION | Landing.BEFORE_POSTAL_APPLICATION:
            line = _deadline(aim.landing, poll)
            acting = durations.acting_calendar
            told = f"Counted from {say_dated(line.day, poll.polling_day.year)}: {line.event.label.lower()}."
            source = f"{line.source}. Time to act: {acting.provenance}"
            return Target(line.day - timedelta(days=acting.count), poll, told, source)


def _deadline(landing: Landing, poll: Poll) -> StatutoryDate:
    for event in _EVENTS[landing]:
        if line := poll.timetable.of(event):
            return line
    raise Invalid(
        f"{poll.timetable.election.id} has no deadline of that kind.", "Choose another purpose for this leaflet."
    )


def _before_postal_votes(poll: Poll) -> Target:
    if poll.postal_votes is None:
        raise Invalid(
            f"The dispatch of postal votes for {poll.timetable.election.id} is not known.",
            "Enter the council's dates, or choose another purpose.",
        )
    first, year = poll.postal_votes.first, poll.polling_day.year
    earliest, usual, latest = (say_dated(day, year) for day in (first.earliest, first.day, first.latest))
    if first.announced:
        told = f"The first postal votes go out on {usual}, as announced: it must land before."
    else:
        told = (
            f"The first postal votes go out between {earliest} and {latest}, most likely on {usual}: "
            f"counted from {earliest}, to be safe."
        )
    return Target(poll.postal_votes.earliest_plausible - DAY, poll, told, first.source)


def _on(aim: Aim, poll: Poll) -> Target:
    assert aim.on is not None  # Aim holds itself to it
    if aim.on > poll.polling_day:
        raise Invalid(
            f"{aim.on:%d %B %Y} is after polling day ({poll.polling_day:%d %B %Y}).",
            "Choose a day up to polling day itself.",
        )
    told = f"Counted from the day chosen, {say_dated(aim.on, poll.polling_day.year)}."
    return Target(aim.on, poll, told, "chosen by the campaign")
