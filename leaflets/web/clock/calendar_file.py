"""The dates of leaflets as an iCalendar file (RFC 5545), as Google Calendar and Outlook take it. Pure.

Moments are in UTC, so no VTIMEZONE is needed; whole days are DATE values. A UID never changes while its event is the
same thing, so that a moved date moves in people's calendars instead of standing there twice.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar
from icalendar import Event as CalendarEvent

from leaflets.domain.clock.landing import Poll
from leaflets.domain.clock.moments import DAY
from leaflets.domain.clock.standing import Plan
from leaflets.domain.clock.statute.rule import Event

PRODUCT = "-//Leaflets//The clock//EN"
REFRESH = timedelta(hours=1)
_LENGTH = timedelta(minutes=30)
"""A deadline is drawn as the half-hour that ends with it: a line without length is easily overlooked."""

# Dates of the law that a campaign's calendar has room for; the timeline holds them all.
_KEPT = frozenset(
    {
        Event.DISSOLUTION,
        Event.NOTICE,
        Event.NOMINATIONS,
        Event.NOMINATIONS_LATEST,
        Event.WITHDRAWAL,
        Event.REGISTER,
        Event.POSTAL,
        Event.PROXY,
        Event.VOTER_CERTIFICATE,
        Event.EXPENSES,
    }
)


@dataclass(frozen=True)
class Dated:
    """One leaflet of the file: `id` is stable, `address` is where its page is."""

    id: int
    title: str
    campaign: str
    address: str
    plan: Plan


@dataclass(frozen=True)
class _Stamp:
    host: str
    sequence: int
    changed_at: datetime


def calendar_file(name: str, leaflets: Sequence[Dated], *, host: str, sequence: int, changed_at: datetime) -> bytes:
    """Every step of the leaflets that is still to be done, and the dates of their elections once each.

    `sequence` and `changed_at` are of the last change of anything that the dates hang on.
    """
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("name", name)  # RFC 7986 5.1, and what Google and Outlook read
    calendar.add("x-wr-calname", name)
    calendar.add("x-wr-timezone", "Europe/London")
    calendar.add("refresh-interval", REFRESH, parameters={"value": "DURATION"})  # RFC 7986 5.7
    calendar.add("x-published-ttl", "PT1H")
    stamp = _Stamp(host, sequence, changed_at.astimezone(UTC))
    polls = {_poll_key(poll): poll for leaflet in leaflets for poll in leaflet.plan.question.polls}
    for leaflet in leaflets:
        for event in _steps(leaflet, stamp):
            calendar.add_component(event)
    for poll in polls.values():
        for event in _election(poll, stamp):
            calendar.add_component(event)
    return bytes(calendar.to_ical())


def _poll_key(poll: Poll) -> str:
    """Without the day, so that a poll that moves is the same event on another day."""
    return f"{poll.timetable.election.id.rpartition('.')[0]}-{poll.timetable.nation}"


def _steps(leaflet: Dated, stamp: _Stamp) -> Iterable[CalendarEvent]:
    for step in leaflet.plan.steps:
        if step.done:
            continue
        yield _event(
            f"step-{leaflet.id}-{step.step}",
            f"{step.step.order}: {leaflet.title}, {leaflet.campaign}",
            step.latest - _LENGTH,
            step.latest,
            stamp,
            description=f"The latest safe moment. Counted by: {step.source}.",
            url=leaflet.address,
        )


def _election(poll: Poll, stamp: _Stamp) -> Iterable[CalendarEvent]:
    key = _poll_key(poll)
    for line in poll.timetable.dates:
        if line.event in _KEPT:
            start, end = (line.moment - _LENGTH, line.moment) if line.at else (line.day, line.day + DAY)
            told = f"{line.rule}. {line.source}."
            yield _event(f"law-{key}-{line.event}", line.event.label, start, end, stamp, description=told)
    day = poll.polling_day
    yield _event(f"poll-{key}", "Polling day", day, day + DAY, stamp, description=poll.timetable.election.id)
    if poll.postal_votes is None:
        return
    for dispatch in (poll.postal_votes.first, poll.postal_votes.second):
        said = "" if dispatch.announced else " (expected)"
        yield _event(
            f"postal-{key}-{dispatch.batch}",
            f"Postal votes go out, {dispatch.batch} posting{said}",
            dispatch.earliest,
            dispatch.latest + DAY,
            stamp,
            description=dispatch.source,
        )


def _event(
    uid: str,
    summary: str,
    start: date | datetime,
    end: date | datetime,
    stamp: _Stamp,
    *,
    description: str,
    url: str = "",
) -> CalendarEvent:
    event = CalendarEvent()
    event.add("uid", f"{uid}@{stamp.host}")
    event.add("summary", summary)
    event.add("dtstart", start.astimezone(UTC) if isinstance(start, datetime) else start)
    event.add("dtend", end.astimezone(UTC) if isinstance(end, datetime) else end)
    event.add("dtstamp", stamp.changed_at)
    event.add("last-modified", stamp.changed_at)
    event.add("sequence", stamp.sequence)
    event.add("description", description)
    event.add("transp", "TRANSPARENT")  # a deadline does not make anybody busy
    if url:
        event.add("url", url)
    return event
