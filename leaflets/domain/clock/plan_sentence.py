"""A plan in one plain sentence: what to do by when, or why it no longer fits."""

from __future__ import annotations

from leaflets.domain.clock.moments import say, say_dated, say_working_days
from leaflets.domain.clock.route import Step
from leaflets.domain.clock.standing import Plan, Standing


def sentence(answer: Plan) -> str:
    """The sentence of the plan as it stands."""
    question, now = answer.question, answer.question.now
    aim = question.aim.landing.label
    match answer.state:
        case Standing.SUSPENDED:
            reasons = "; ".join(dict.fromkeys(poll.suspended.rstrip(".") for poll in question.polls))
            return f"The election is suspended: {reasons}. Nothing is due until a new polling day is set."
        case Standing.ON_TIME | Standing.TIGHT if answer.next_step is None:
            return "All of it is done."
        case Standing.ON_TIME | Standing.TIGHT:
            return f"{_order(answer)} by {say(answer.latest_safe, now)}: {_how_soon(answer)}."
        case Standing.LATE:
            return (
                f"{_order(answer)} now: the safe moment was {say(answer.latest_safe, now)}. It still lands {aim} if "
                f"{_nothing_wrong(answer)}."
            )
        case _:
            return _cannot(answer, aim)


def _order(answer: Plan) -> str:
    assert answer.next_step is not None  # asked only where something is left to do
    return answer.next_step.order


def _how_soon(answer: Plan) -> str:
    if answer.latest_safe.date() == answer.question.now.date():
        return "today"
    return f"in {say_working_days(answer.slack_days)}" if answer.slack_days else "the next working day"


def _nothing_wrong(answer: Plan) -> str:
    """What must not happen, as far as it still can."""
    left = {step.step for step in answer.steps if not step.done and step.allowance}
    may = {
        Step.SEND_FOR_APPROVAL: "the region asks for no changes",
        Step.SEND_ARTWORK: "Royal Mail sends nothing back",
    }
    return " and ".join(said for step, said in may.items() if step in left)


def _cannot(answer: Plan, aim: str) -> str:
    now, polling_day = answer.question.now, answer.target.poll.polling_day
    if now.date() > polling_day:
        return f"Polling day was {say_dated(polling_day, now.year)}: nothing can be planned for it any more."
    if answer.lands_on is None or answer.lands_on > polling_day:
        return f"It cannot land {aim}, nor before the polls close on {say_dated(polling_day, now.year)}."
    return (
        f"It cannot land {aim}: it is {say_working_days(answer.days_too_late)} too late. "
        f"If all goes well from now on, it lands by {say_dated(answer.lands_on, now.year)}."
    )
