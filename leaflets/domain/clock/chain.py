"""Counting back from the doormat: the latest moment of every step of a leaflet.

`handover = landing - delivery - 1; PDF = handover - print; artwork = PDF - 48 h; approval = artwork - n`, each in the
days of whoever does it: Royal Mail's and the region's working days, the printer's open days, everybody's calendar
days for delivery by hand.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from leaflets.domain.clock.durations import Days, Durations, PrinterDays, without
from leaflets.domain.clock.landing import Aim, Poll
from leaflets.domain.clock.moments import DAY, at, on_or_before, open_day
from leaflets.domain.clock.route import STEPS, Route, Step
from leaflets.domain.clock.working_days import WorkingDays

OFFICE_OPENS = time(9)
OFFICE_CLOSES = time(17)
"""When people in offices are reached: house rule; Royal Mail's own drop-off hours are theirs to say."""

DELIVERY_STARTS = time(7)
_MONDAY = 0


@dataclass(frozen=True)
class Question:
    """All that a plan is an answer to. `calendar` holds the nation's own working days; `done` steps of any route."""

    aim: Aim
    route: Route
    polls: tuple[Poll, ...]
    durations: Durations
    printer: PrinterDays
    calendar: WorkingDays
    now: datetime
    done: frozenset[Step] = frozenset()

    def printer_open(self, day: date) -> bool:
        """Whether the printer works on that day."""
        printer = self.printer
        if day.weekday() not in printer.open_weekdays or day in printer.closed_dates:
            return False
        # A weekday that does not count is a holiday; a weekend counts nowhere, and is the printer's own choice.
        return printer.works_bank_holidays or day.weekday() >= 5 or self.calendar.counts(day)

    @property
    def without_allowances(self) -> Question:
        """The same if nothing at all goes wrong: no round of changes, no rejection."""
        bare = self.durations.with_days(
            changes=without(self.durations.changes), rejection=without(self.durations.rejection)
        )
        return replace(self, durations=bare)


@dataclass(frozen=True)
class Link:
    """One step: when it must have happened at the latest, and how many days lead from it to the next one.

    `allowance` of those `days` are for what may go wrong once.
    """

    step: Step
    latest: datetime
    days: int
    allowance: int
    source: str


def count_back(question: Question, by: date) -> tuple[Link, ...]:
    """Every step of the route if the last copy is to land on `by` at the latest, in the order in which they fall.

    Raises Invalid where the calendar ends, or where the printer has no open days enough.
    """
    delivery = _DELIVERY[question.route](question, by)
    links = [*_made(question, *_printed(question, delivery)), *delivery]
    places = {step: place for place, step in enumerate(STEPS[question.route])}
    return tuple(sorted(links, key=lambda link: (link.latest, places[link.step])))


def _landing(day: date) -> Link:
    return Link(Step.LANDED, at(day, OFFICE_CLOSES), 0, 0, "the aim of the leaflet")


def _starts(day: date, days: Days) -> Link:
    return Link(Step.DELIVERY_STARTS, at(day, DELIVERY_STARTS), days.count, 0, days.provenance)


def _post(question: Question, by: date, days: Days) -> list[Link]:
    """Post goes out from the working day after the handover, for so many working days."""
    landed = on_or_before(question.calendar, by)
    starts = question.calendar.before(landed, days.count - 1)
    handed_over = question.calendar.before(starts, 1)
    handover = Link(Step.HANDOVER, at(handed_over, OFFICE_CLOSES), 1, 0, days.provenance)
    return [handover, _starts(starts, days), _landing(landed)]


def _freepost(question: Question, by: date) -> list[Link]:
    handover, *rest = _post(question, by, question.durations.freepost_delivery)
    notice = question.durations.freepost_booking
    booked = question.calendar.before(handover.latest.date(), notice.count)
    return [Link(Step.BOOK, at(booked, OFFICE_CLOSES), notice.count, 0, notice.provenance), handover, *rest]


def _direct_mail(question: Question, by: date) -> list[Link]:
    return _post(question, by, question.durations.direct_mail_delivery)


def _door_to_door(question: Question, by: date) -> list[Link]:
    """Door to Door runs in weeks, each from its Monday."""
    durations, calendar = question.durations, question.calendar
    week, lead, notice = (
        durations.door_to_door_delivery_calendar,
        durations.door_to_door_handover,
        durations.door_to_door_booking_calendar,
    )
    last_start = by - timedelta(days=week.count - 1)
    starts = last_start - timedelta(days=(last_start.weekday() - _MONDAY) % 7)
    handed_over = calendar.before(starts, lead.count)
    booked = on_or_before(calendar, starts - timedelta(days=notice.count))
    return [
        Link(Step.BOOK, at(min(booked, handed_over), OFFICE_CLOSES), notice.count, 0, notice.provenance),
        Link(Step.HANDOVER, at(handed_over, OFFICE_CLOSES), lead.count, 0, lead.provenance),
        _starts(starts, week),
        _landing(starts + timedelta(days=week.count - 1)),
    ]


def _from_the_printer(question: Question, by: date, days: Days) -> list[Link]:
    """People carry it: from the day after it was picked up, on every day of the week."""
    starts = by - timedelta(days=days.count - 1)
    picked_up = open_day(question.printer_open, starts - DAY)
    pick_up = Link(Step.PICK_UP, at(picked_up, question.printer.closes), 1, 0, f"{question.printer.name}'s open days")
    return [pick_up, _starts(starts, days), _landing(by)]


_DELIVERY: Mapping[Route, Callable[[Question, date], list[Link]]] = {
    Route.FREEPOST: _freepost,
    Route.DOOR_TO_DOOR: _door_to_door,
    Route.DIRECT_MAIL: _direct_mail,
    Route.HAND_DELIVERY: lambda question, by: _from_the_printer(
        question, by, question.durations.hand_delivery_calendar
    ),
    Route.COLLECTED: lambda question, by: _from_the_printer(question, by, question.durations.giving_out_calendar),
}


def _printed(question: Question, delivery: list[Link]) -> tuple[Link, Link]:
    """The PDF at the printer by its cut-off, and the copies ready: on a day of handing over, when the printer opens."""
    printer = question.printer
    leaving = next(link for link in delivery if link.step in (Step.HANDOVER, Step.PICK_UP))
    leaves = leaving.latest
    carriage = question.durations.transport if leaving.step is Step.HANDOVER else without(question.durations.transport)
    last = question.calendar.before(leaves.date(), carriage.count) if carriage.count else leaves.date()
    ready_day = open_day(question.printer_open, last)
    ready = at(ready_day, printer.opens if ready_day == leaves.date() else printer.closes)
    if ready >= leaves:  # a printer that opens after Royal Mail's doors have closed
        ready_day = open_day(question.printer_open, last - DAY)
        ready = at(ready_day, printer.closes)
    pdf_day = open_day(question.printer_open, ready_day, printer.days.count)
    return (
        Link(Step.PDF_AT_PRINTER, at(pdf_day, printer.cut_off), printer.days.count, 0, printer.days.provenance),
        Link(Step.PRINTED, ready, carriage.count, 0, carriage.provenance),
    )


def _made(question: Question, pdf: Link, printed: Link) -> list[Link]:
    """Approval, and Royal Mail's look at the artwork where the route has one, before the PDF goes to the printer."""
    durations, calendar = question.durations, question.calendar
    cleared = _in_the_office(pdf.latest, calendar)
    links, approved = [pdf, printed], cleared
    if Step.SEND_ARTWORK in STEPS[question.route]:
        check, again = durations.artwork_check, durations.rejection
        approved = _earlier(cleared, check.count + again.count, calendar)
        source = _with_allowance(check, again)
        links.append(Link(Step.ARTWORK_CLEARED, cleared, 0, 0, source))
        links.append(Link(Step.SEND_ARTWORK, approved, check.count + again.count, again.count, source))
    look, changes = durations.approval, durations.changes
    sent = _earlier(approved, look.count + changes.count, calendar)
    source = _with_allowance(look, changes)
    links.append(Link(Step.APPROVED, approved, 0, 0, source))
    links.append(Link(Step.SEND_FOR_APPROVAL, sent, look.count + changes.count, changes.count, source))
    return links


def _in_the_office(moment: datetime, calendar: WorkingDays) -> datetime:
    """The last moment not after this one at which an office answers."""
    day, hour = moment.date(), moment.time()
    if calendar.counts(day) and hour >= OFFICE_OPENS:
        return at(day, min(hour, OFFICE_CLOSES))
    return at(calendar.before(day, 1), OFFICE_CLOSES)


def _earlier(moment: datetime, days: int, calendar: WorkingDays) -> datetime:
    return at(calendar.before(moment.date(), days), moment.time())


def _with_allowance(days: Days, allowance: Days) -> str:
    return f"{days.provenance}. Allowance: {allowance.provenance}" if allowance.count else days.provenance
