"""What holds of every plan, whatever is asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from itertools import pairwise

from hypothesis import assume, given
from hypothesis import strategies as st
from planned import FASTER, asked_again, days, london, planned, poll

from leaflets.domain.clock.chain import Question
from leaflets.domain.clock.durations import DURATIONS, Durations, PrinterDays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.moments import has_passed, slack
from leaflets.domain.clock.route import STEPS, Route, Step
from leaflets.domain.clock.standing import Plan, Standing

# A spring with Easter, a winter with Christmas near, a poll after each change of the clocks.
POLLS = [
    poll("parl.2017-06-08"),
    poll("parl.2019-12-12"),
    poll("parl.2024-07-04"),
    poll("sp.c.2026-05-07", Nation.SCOTLAND),
    poll("nia.2022-05-05", Nation.NORTHERN_IRELAND),
    poll("senedd.c.2021-05-06", Nation.WALES),
]
COUNTS = st.integers(0, 12).map(days)
AT_LEAST_ONE = st.integers(1, 12).map(days)

durations = st.builds(
    Durations,
    approval=COUNTS,
    changes=COUNTS,
    artwork_check=COUNTS,
    rejection=COUNTS,
    transport=st.integers(0, 4).map(days),
    freepost_booking=COUNTS,
    freepost_delivery=AT_LEAST_ONE,
    door_to_door_booking_calendar=st.integers(0, 40).map(days),
    door_to_door_handover=AT_LEAST_ONE,
    door_to_door_delivery_calendar=AT_LEAST_ONE,
    direct_mail_delivery=AT_LEAST_ONE,
    hand_delivery_calendar=AT_LEAST_ONE,
    giving_out_calendar=AT_LEAST_ONE,
    acting_calendar=st.integers(0, 5).map(days),
)


@st.composite
def printers(draw: st.DrawFn) -> PrinterDays:
    opens, cut_off, closes = sorted(draw(st.lists(st.integers(0, 95), min_size=3, max_size=3, unique=True)))
    return PrinterDays(
        "A printer",
        days=draw(AT_LEAST_ONE),
        opens=time(opens // 4, opens % 4 * 15),
        cut_off=time(cut_off // 4, cut_off % 4 * 15),
        closes=time(closes // 4, closes % 4 * 15),
        open_weekdays=draw(st.frozensets(st.integers(0, 6), min_size=1)),
        closed_dates=frozenset(
            date(2017, 4, 1) + timedelta(days=n) for n in draw(st.lists(st.integers(0, 60), max_size=10))
        ),
        works_bank_holidays=draw(st.booleans()),
    )


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    asked = draw(st.sampled_from(POLLS))
    aims = [Aim(landing) for landing in Landing if landing is not Landing.ON_DATE]
    aims.append(Aim(Landing.ON_DATE, asked.polling_day - timedelta(days=draw(st.integers(0, 40)))))
    now = london(asked.polling_day.isoformat()) - timedelta(minutes=draw(st.integers(-20_000, 150_000)))
    return planned(
        asked,
        now=now,
        aim=draw(st.sampled_from(aims)),
        route=draw(st.sampled_from(Route)),
        durations=draw(st.one_of(st.just(DURATIONS), durations)),
        printer=draw(st.one_of(st.just(PrinterDays()), printers())),
        done=draw(st.one_of(st.just(frozenset[Step]()), st.frozensets(st.sampled_from(Step), max_size=2))),
        printers=[FASTER],
    )


def again(question: Question, **changed: object) -> Plan:
    asked = replace(question, **changed)  # type: ignore[arg-type]
    return planned(
        *asked.polls,
        now=asked.now,
        aim=asked.aim,
        route=asked.route,
        durations=asked.durations,
        printer=asked.printer,
        done=asked.done,
    )


@given(plans())
def test_each_step_comes_before_the_next_and_with_days_between_strictly(plan: Plan) -> None:
    inside = [step for name in STEPS[plan.question.route] if name is not Step.BOOK and (step := plan.step(name))]
    assert len(inside) == len(STEPS[plan.question.route]) - (Step.BOOK in STEPS[plan.question.route])
    for earlier, later in pairwise(inside):
        assert earlier.latest <= later.latest
        if earlier.days:
            assert earlier.latest < later.latest
    if (booked := plan.step(Step.BOOK)) and (handover := plan.step(Step.HANDOVER)):
        assert booked.latest <= handover.latest
    assert [step.latest for step in plan.steps] == sorted(step.latest for step in plan.steps)


@given(plans())
def test_what_the_printer_does_falls_in_its_open_hours(plan: Plan) -> None:
    printer = plan.question.printer
    for name in (Step.PDF_AT_PRINTER, Step.PRINTED, Step.PICK_UP):
        step = plan.step(name)
        if step is None:
            continue
        day, hour = step.latest.date(), step.latest.time()
        assert day.weekday() in printer.open_weekdays
        assert day not in printer.closed_dates
        springs_on = (day.month, day.weekday(), day.day >= 25) == (3, 6, True)
        assert printer.opens <= hour <= printer.closes or (springs_on and hour.hour == 2)


@given(plans())
def test_it_lands_by_the_day_aimed_at_and_the_next_thing_comes_first(plan: Plan) -> None:
    landed = plan.step(Step.LANDED)
    assert landed is not None
    assert landed.latest.date() <= plan.target.by
    left = [step for step in plan.steps if not step.done]
    assert plan.latest_safe == min((step.latest for step in left), default=landed.latest)
    assert plan.next_step is (left[0].step if left else None)


LENGTHENED = st.sampled_from(list(Durations.__dataclass_fields__))


@given(plans(), LENGTHENED, st.integers(1, 5))
def test_more_days_needed_never_make_a_plan_later(plan: Plan, name: str, more: int) -> None:
    given_days = getattr(plan.question.durations, name)
    longer = plan.question.durations.with_days(**{name: replace(given_days, count=given_days.count + more)})
    slower = again(plan.question, durations=longer)
    for step, was in ((each, plan.step(each.step)) for each in slower.steps):
        assert was is not None
        # A longer Door to Door ends on another weekday, still by the day aimed at: only its start can be compared.
        assert step.latest <= was.latest or step.step is Step.LANDED


@given(plans(), st.integers(1, 5))
def test_a_slower_printer_never_makes_a_plan_later(plan: Plan, more: int) -> None:
    printer = plan.question.printer
    slower = again(plan.question, printer=replace(printer, days=replace(printer.days, count=printer.days.count + more)))
    assert slower.latest_safe <= plan.latest_safe
    assert slower.needed_by < plan.needed_by


@given(plans(), st.integers(1, 30_000))
def test_slack_falls_as_now_moves_and_a_state_never_grows_better(plan: Plan, minutes: int) -> None:
    assume(plan.next_step is not None)
    later = again(plan.question, now=plan.question.now + timedelta(minutes=minutes))
    assert later.slack_days <= plan.slack_days
    assert later.state.rank >= plan.state.rank
    assert later.latest_safe == plan.latest_safe


@given(plans())
def test_slack_is_the_working_days_by_which_the_moment_could_move(plan: Plan) -> None:
    calendar, now, latest = plan.question.calendar, plan.question.now, plan.latest_safe
    left = slack(now, latest, calendar)
    assert (left >= 0) is not has_passed(latest, now)
    if left > 0 and calendar.counts(latest.date()):
        moved = london(calendar.before(latest.date(), left).isoformat(), latest.time())
        one_more = london(calendar.before(latest.date(), left + 1).isoformat(), latest.time())
        assert not has_passed(moved, now)
        assert has_passed(one_more, now)


@given(plans())
def test_states_mean_what_they_say(plan: Plan) -> None:
    bare = planned(
        *plan.question.polls,
        now=plan.question.now,
        aim=plan.question.aim,
        route=plan.question.route,
        durations=plan.question.without_allowances.durations,
        printer=plan.question.printer,
        done=plan.question.done,
    )
    if plan.next_step is None:
        assert plan.state is Standing.ON_TIME
    elif plan.slack_days >= 0:
        assert plan.state is (Standing.ON_TIME if plan.slack_days >= 3 else Standing.TIGHT)
    else:
        assert plan.state is (Standing.LATE if bare.slack_days >= 0 else Standing.CANNOT)
    if plan.state is Standing.CANNOT and plan.lands_on is not None:
        assert plan.lands_on > plan.target.by
        assert plan.days_too_late >= 1


@st.composite
def plans_in_a_rush(draw: st.DrawFn) -> Plan:
    """Freepost begun too late for the postal votes, with the polls still some weeks off."""
    asked = draw(st.sampled_from(POLLS))
    now = london(asked.polling_day.isoformat()) - timedelta(minutes=draw(st.integers(43_000, 52_000)))
    return planned(asked, now=now, printer=draw(st.sampled_from([PrinterDays(), FASTER])))


@given(plans_in_a_rush())
def test_when_it_cannot_be_made_the_day_told_is_the_first_on_which_it_could_land(plan: Plan) -> None:
    assume(plan.state is Standing.CANNOT and plan.lands_on and plan.lands_on <= plan.target.poll.polling_day)
    assert plan.lands_on is not None
    reached = again(plan.question, aim=Aim(Landing.ON_DATE, plan.lands_on))
    missed = again(plan.question, aim=Aim(Landing.ON_DATE, plan.lands_on - timedelta(days=1)))
    assert reached.state is not Standing.CANNOT
    assert missed.state is Standing.CANNOT


@given(plans())
def test_remedies_are_told_only_when_needed_and_every_one_works(plan: Plan) -> None:
    if plan.state not in (Standing.LATE, Standing.CANNOT):
        assert plan.remedies == ()
    for index, remedy in enumerate(plan.remedies):
        found = asked_again(plan, index)
        assert found.state is remedy.plan_state
        assert found.state.rank < plan.state.rank
        assert found.lands_on is not None
        assert found.lands_on <= found.target.by
