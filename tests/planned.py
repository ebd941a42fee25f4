"""Plans of real elections, asked for in few words."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime, time
from functools import cache

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.durations import DURATIONS, Confidence, Days, Durations, PrinterDays
from leaflets.domain.clock.election import Nation, parse_election
from leaflets.domain.clock.landing import Aim, Landing, Poll
from leaflets.domain.clock.moments import at
from leaflets.domain.clock.plan import plan_for_several
from leaflets.domain.clock.postal_votes import Announcement, postal_votes
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.standing import Plan
from leaflets.domain.clock.timetable import Timetable, timetable
from leaflets.domain.clock.working_days import Skips, WorkingDays, working_days

HOLIDAYS = bank_holidays()
PRINTER = PrinterDays()
BEFORE_POSTAL_VOTES = Aim(Landing.BEFORE_POSTAL_VOTES)


def days(count: int) -> Days:
    return Days(count, "a quotation", date(2026, 1, 5), Confidence.PRIMARY)


FASTER = PrinterDays("Northside Press", days=days(3))


def working(nation: Nation = Nation.ENGLAND) -> WorkingDays:
    return working_days(HOLIDAYS, nation, Skips.OWN)


@cache
def dates(election: str, nation: Nation = Nation.ENGLAND) -> Timetable:
    return timetable(parse_election(election), nation, HOLIDAYS)


def poll(election: str, nation: Nation = Nation.ENGLAND, *, announced: date | None = None, suspended: str = "") -> Poll:
    found = dates(election, nation)
    said = [Announcement("The council", "its web page", date(2013, 1, 2), first=announced)] if announced else []
    return Poll(found, postal_votes(found.election.polling_day, working(nation), announcements=said), suspended)


def london(day: str, hour: time = time(10)) -> datetime:
    return at(date.fromisoformat(day), hour)


def planned(
    *polls: Poll,
    now: datetime,
    aim: Aim = BEFORE_POSTAL_VOTES,
    route: Route = Route.FREEPOST,
    durations: Durations = DURATIONS,
    printer: PrinterDays = PRINTER,
    printers: Sequence[PrinterDays] = (),
    done: Collection[Step] = (),
) -> Plan:
    return plan_for_several(
        aim,
        route,
        polls=polls,
        durations=durations,
        printer_days=printer,
        calendar=working(polls[0].timetable.nation if polls else Nation.ENGLAND),
        now=now,
        done=done,
        other_printers=printers,
    )


def when(plan: Plan, step: Step) -> datetime:
    found = plan.step(step)
    assert found is not None, step
    return found.latest


def asked_again(plan: Plan, index: int) -> Plan:
    """The plan that a remedy promises."""
    question = plan.remedies[index].question
    return planned(
        *question.polls,
        now=question.now,
        aim=question.aim,
        route=question.route,
        durations=question.durations,
        printer=question.printer,
        done=question.done,
    )
