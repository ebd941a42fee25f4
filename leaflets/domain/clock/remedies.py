"""What could be done otherwise when a leaflet does not fit: each is the same question, asked with one thing changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from leaflets.domain.clock.chain import Question
from leaflets.domain.clock.durations import PrinterDays, without
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.moments import say_working_days
from leaflets.domain.clock.route import STEPS, Route, Step, routes_of, with_those_before


class RemedyKind(StrEnum):
    """What is changed. The value is stable."""

    SKIP_REJECTION = "skip-rejection"
    SKIP_CHANGES = "skip-changes"
    SKIP_ALLOWANCES = "skip-allowances"
    OTHER_PRINTER = "other-printer"
    OTHER_ROUTE = "other-route"
    HAND_DELIVERY = "hand-delivery"
    OTHER_AIM = "other-aim"


@dataclass(frozen=True)
class Alternative:
    """One change, or several at once (`kinds` in the order they are told), said by `lead`; not yet known to work."""

    kinds: tuple[RemedyKind, ...]
    lead: str
    question: Question

    @property
    def keeps_aim(self) -> bool:
        """Whether it still lands before what it was to land before."""
        return RemedyKind.OTHER_AIM not in self.kinds


# Where each purpose may turn when it can no longer be met. A leaflet about registering is of no use after its
# deadline, but the campaign may still have something to say with the paper it has.
_NEXT_AIMS: Mapping[Landing, tuple[Landing, ...]] = {
    Landing.BEFORE_REGISTRATION: (Landing.BEFORE_POSTAL_APPLICATION, Landing.BEFORE_POLLING_DAY),
    Landing.BEFORE_POSTAL_APPLICATION: (Landing.BEFORE_POLLING_DAY,),
    Landing.BEFORE_POSTAL_VOTES: (Landing.BEFORE_POLLING_DAY,),
    Landing.ON_DATE: (Landing.BEFORE_POLLING_DAY,),
    Landing.BEFORE_POLLING_DAY: (),
}

# Collecting ends at the campaign's own door: it would "work" always, and put no leaflet on a doormat.
_OFFERED = (Route.FREEPOST, Route.DOOR_TO_DOOR, Route.DIRECT_MAIL, Route.HAND_DELIVERY)

_LEADS = {
    Route.FREEPOST: "Send it as freepost.",
    Route.DOOR_TO_DOOR: "Send it by Royal Mail Door to Door, which has to be paid for.",
    Route.DIRECT_MAIL: "Send it as direct mail, which has to be paid for.",
}

_AT_PRINTER = frozenset({Step.PDF_AT_PRINTER, Step.PRINTED})
_APPROVED = frozenset({Step.SEND_FOR_APPROVAL, Step.APPROVED})


def alternatives(question: Question, printers: Sequence[PrinterDays]) -> tuple[Alternative, ...]:
    """Every single change, then every pair of a printer, a route or a purpose; whether one works is not known yet."""
    done = with_those_before(question.route, question.done)
    if Step.HANDOVER in done or Step.DELIVERY_STARTS in done:
        return ()
    single = (*_skipping(question), *_printers(question, printers), *_routes(question), *_aims(question))
    pairs = (
        Alternative((*first.kinds, *second.kinds), f"{first.lead} {second.lead}", second.question)
        for first in single
        if first.kinds[0] in (RemedyKind.OTHER_PRINTER, RemedyKind.OTHER_ROUTE, RemedyKind.HAND_DELIVERY)
        for second in _on_top_of(first, printers)
    )
    return (*single, *pairs)


def _on_top_of(first: Alternative, printers: Sequence[PrinterDays]) -> Iterator[Alternative]:
    if first.kinds == (RemedyKind.OTHER_PRINTER,):
        yield from _routes(first.question)
    yield from _aims(first.question)


def _skipping(question: Question) -> Iterator[Alternative]:
    done = with_those_before(question.route, question.done)
    durations = question.durations
    rejection = Step.SEND_ARTWORK in STEPS[question.route] and Step.SEND_ARTWORK not in done
    changes = Step.SEND_FOR_APPROVAL not in done
    without_rejection = durations.with_days(rejection=without(durations.rejection))
    without_changes = durations.with_days(changes=without(durations.changes))
    if rejection and durations.rejection.count:
        lead = "Keep no time for a rejection by Royal Mail."
        yield Alternative((RemedyKind.SKIP_REJECTION,), lead, replace(question, durations=without_rejection))
    if changes and durations.changes.count:
        lead = "Keep no time for a round of changes."
        yield Alternative((RemedyKind.SKIP_CHANGES,), lead, replace(question, durations=without_changes))
    if rejection and changes and durations.rejection.count and durations.changes.count:
        lead = "Keep no time for changes or a rejection."
        yield Alternative((RemedyKind.SKIP_ALLOWANCES,), lead, question.without_allowances)


def _printers(question: Question, printers: Sequence[PrinterDays]) -> Iterator[Alternative]:
    """Another printer begins with the PDF: what the first has of it is lost."""
    now_days = question.printer.days.count
    kept = with_those_before(question.route, question.done) - _AT_PRINTER
    for printer in printers:
        if printer == question.printer:
            continue
        takes = say_working_days(printer.days.count)
        compared = f"{takes} instead of {now_days}" if printer.days.count != now_days else takes
        lead = f"Print at {printer.name}: {compared}."
        yield Alternative((RemedyKind.OTHER_PRINTER,), lead, replace(question, printer=printer, done=kept))


def _routes(question: Question) -> Iterator[Alternative]:
    for route in _OFFERED:
        if route is question.route or not all(
            route in routes_of(poll.timetable.election, poll.timetable.nation) for poll in question.polls
        ):
            continue
        changed = replace(question, route=route, done=_kept(question, route))
        if route is Route.HAND_DELIVERY:
            count = question.durations.hand_delivery_calendar.count
            lead = f"Deliver it by hand, within {count} day{'' if count == 1 else 's'}."
            yield Alternative((RemedyKind.HAND_DELIVERY,), lead, changed)
        else:
            yield Alternative((RemedyKind.OTHER_ROUTE,), _LEADS[route], changed)


def _kept(question: Question, route: Route) -> frozenset[Step]:
    """What need not be done again on another route: Royal Mail looks at what is meant for this service of its own."""
    done = with_those_before(question.route, question.done)
    return done & (_APPROVED if Step.SEND_ARTWORK in STEPS[route] else _APPROVED | _AT_PRINTER)


def _aims(question: Question) -> Iterator[Alternative]:
    for landing in _NEXT_AIMS[question.aim.landing]:
        given_up = question.aim.landing is Landing.BEFORE_POSTAL_VOTES
        cost = ", when many postal voters have voted" if given_up else ""
        lead = f"Aim to land {landing.label} instead{cost}."
        yield Alternative((RemedyKind.OTHER_AIM,), lead, replace(question, aim=Aim(landing)))
