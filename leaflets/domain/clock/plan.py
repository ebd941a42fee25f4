"""The plan of a leaflet: the latest safe moment of each step, how things stand today, and what would still work.

`plan` answers for one election, `plan_for_several` for a leaflet that serves more than one. Pure: `now` is an argument.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from leaflets.domain.clock.chain import Link, Question, count_back
from leaflets.domain.clock.durations import Durations, PrinterDays
from leaflets.domain.clock.landing import Aim, Poll, Target, target
from leaflets.domain.clock.moments import DAY, has_passed, in_london, slack
from leaflets.domain.clock.plan_sentence import sentence
from leaflets.domain.clock.postal_votes import PostalVotes
from leaflets.domain.clock.remarks import remarks
from leaflets.domain.clock.remedies import Alternative, alternatives
from leaflets.domain.clock.route import Route, Step, require_route, with_those_before
from leaflets.domain.clock.standing import Plan, PlanStep, Remedy, Standing
from leaflets.domain.clock.timetable import Timetable
from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.errors import Invalid

AT_EASE = 3
"""Working days of slack from which a leaflet is on time; below, it is tight."""

_HORIZON = timedelta(days=60)
"""How long after polling day it is worth saying when a leaflet would land."""


def plan(
    aim: Aim,
    route: Route,
    *,
    timetable: Timetable,
    dispatch: PostalVotes | None,
    durations: Durations,
    printer_days: PrinterDays,
    calendar: WorkingDays,
    now: datetime,
    done: Collection[Step] = frozenset(),
    other_printers: Sequence[PrinterDays] = (),
    suspended: str = "",
) -> Plan:
    """The plan of a leaflet for one election. Raises Invalid as `plan_for_several` does."""
    return plan_for_several(
        aim,
        route,
        polls=(Poll(timetable, dispatch, suspended),),
        durations=durations,
        printer_days=printer_days,
        calendar=calendar,
        now=now,
        done=done,
        other_printers=other_printers,
    )


def plan_for_several(
    aim: Aim,
    route: Route,
    *,
    polls: Sequence[Poll],
    durations: Durations,
    printer_days: PrinterDays,
    calendar: WorkingDays,
    now: datetime,
    done: Collection[Step] = frozenset(),
    other_printers: Sequence[PrinterDays] = (),
    seek_remedies: bool = True,
) -> Plan:
    """The plan of a leaflet for one or several elections: the earliest of their deadlines counts.

    `calendar` holds the working days of the nation where it is delivered. Remedies are sought where it does not fit,
    among `other_printers` too, unless a board asks for many plans and shows none.

    Raises Invalid for a route that one of the elections does not have, a `now` without a time zone, a day after the
    poll, a dispatch or deadline that is not there, and a calendar or printer without days enough.
    """
    for poll in polls:
        require_route(route, poll.timetable.election, poll.timetable.nation)
    question = Question(aim, route, tuple(polls), durations, printer_days, calendar, in_london(now), frozenset(done))
    answer = _answer(question)
    if answer.state not in (Standing.LATE, Standing.CANNOT) or not seek_remedies:
        return answer
    return replace(answer, remedies=_remedies(answer, other_printers))


def _answer(question: Question) -> Plan:
    """The plan without its remedies."""
    aimed = target(question.aim, question.polls, question.durations)
    done = with_those_before(question.route, question.done)
    links = count_back(question, aimed.by)
    steps = tuple(_step(link, question, done) for link in links)
    ahead = [step for step in steps if not step.done]
    next_one = ahead[0] if ahead else steps[-1]
    state = _state(question, aimed, next_one, done)
    lands_on = steps[-1].latest.date() if state is not Standing.CANNOT else _earliest_landing(question, aimed, done)
    answer = Plan(
        question=question,
        target=aimed,
        steps=steps,
        next_step=next_one.step if ahead else None,
        latest_safe=next_one.latest,
        needed_by=next(step.latest for step in steps if step.step is Step.PDF_AT_PRINTER),
        slack_days=next_one.slack_days if ahead else 0,
        state=state,
        lands_on=lands_on,
        days_too_late=_days_too_late(question, aimed, lands_on) if state is Standing.CANNOT else 0,
        after_postal_votes=_after_postal_votes(question.polls, lands_on),
        sentence="",
        remarks=(),
    )
    told = remarks(question, {step.step: step.latest for step in steps}, answer.after_postal_votes)
    return replace(answer, sentence=sentence(answer), remarks=told)


def _step(link: Link, question: Question, done: frozenset[Step]) -> PlanStep:
    left = slack(question.now, link.latest, question.calendar)
    return PlanStep(
        link.step, link.step.label, link.latest, link.days, link.allowance, left, link.source, link.step in done
    )


def _state(question: Question, aimed: Target, next_one: PlanStep, done: frozenset[Step]) -> Standing:
    if all(poll.suspended for poll in question.polls):
        return Standing.SUSPENDED
    if next_one.done:
        return Standing.ON_TIME
    if next_one.slack_days >= AT_EASE:
        return Standing.ON_TIME
    if next_one.slack_days >= 0:
        return Standing.TIGHT
    return Standing.LATE if _fits(question, aimed.by, done) else Standing.CANNOT


def _fits(question: Question, by: date, done: frozenset[Step]) -> bool:
    """Whether all that is left can still be done by then if nothing goes wrong."""
    links = count_back(question.without_allowances, by)
    return not any(has_passed(link.latest, question.now) for link in links if link.step not in done)


def _earliest_landing(question: Question, aimed: Target, done: frozenset[Step]) -> date | None:
    """The last doormat if everything begins now and goes well; None where that is too far off to matter.

    A later day never makes a step earlier, so the first day that fits is found by halving.
    """
    first = question.now.date()
    last = min(aimed.poll.polling_day + _HORIZON, question.calendar.days[-1])
    if first > last or not _fits(question, last, done):
        return None
    low, high = 0, (last - first).days
    while low < high:
        middle = (low + high) // 2
        if _fits(question, first + timedelta(days=middle), done):
            high = middle
        else:
            low = middle + 1
    return count_back(question, first + timedelta(days=low))[-1].latest.date()


def _days_too_late(question: Question, aimed: Target, lands_on: date | None) -> int:
    """Working days from the day aimed at to the last doormat; 0 where that day is not known."""
    if lands_on is None:
        return 0
    return max(1, question.calendar.between(aimed.by + DAY, lands_on + DAY))


def _after_postal_votes(polls: Sequence[Poll], lands_on: date | None) -> bool:
    firsts = [poll.postal_votes.earliest_plausible for poll in polls if poll.postal_votes and not poll.suspended]
    return bool(firsts) and (lands_on is None or lands_on >= min(firsts))


def _remedies(answer: Plan, printers: Sequence[PrinterDays]) -> tuple[Remedy, ...]:
    """What works when the plan is counted again with it, best first: those that keep the aim, then the safest.

    Of several changes at once, only those are told that no part of them does alone.
    """
    found: list[tuple[Alternative, Plan]] = []
    for alternative in alternatives(answer.question, printers):
        if any(
            set(alternative.kinds) > set(one.kinds) and again.state.rank <= Standing.TIGHT.rank for one, again in found
        ):
            continue
        again = _counted_again(alternative)
        if again and again.state.rank < answer.state.rank:
            found.append((alternative, again))
    found.sort(key=lambda each: (not each[0].keeps_aim, each[1].state.rank, len(each[0].kinds), -each[1].slack_days))
    return tuple(
        Remedy(
            alternative.kinds,
            f"{alternative.lead} {again.sentence}",
            again.slack_days - answer.slack_days,
            again.state,
            alternative.question,
        )
        for alternative, again in found
    )


def _counted_again(alternative: Alternative) -> Plan | None:
    """The plan of an alternative; None where it does not fit, or is not to be had: a printer closed for months."""
    question = alternative.question
    try:
        aimed = target(question.aim, question.polls, question.durations)
        fits = _fits(question, aimed.by, with_those_before(question.route, question.done))
        return _answer(question) if fits else None
    except Invalid:
        return None
