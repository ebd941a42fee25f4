"""What is said about approvals: offices, deadlines, how long something has waited, and how words came to be passed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from leaflets.domain.review.approval import How, State, ZoneState
from leaflets.storage.review import ReviewZone, Submission, ZonePass
from leaflets.storage.tree import Node
from leaflets.web.wording import UK, count_of, day, hour, moment

_HOUR = timedelta(hours=1)
_WEEK = 7
_NAMED = 3  # zones of a line that are named before the rest is counted


def office_words(node: Node | None) -> str:
    """`the South office`; `the office` where nobody is asked yet."""
    return f"the {node.name} office" if node else "the office"


def answer_by(at: datetime, now: datetime) -> str:
    """`Tuesday 5pm` within a week, else `Thu 28 Nov, 5pm`; `today 5pm`."""
    days = (at.astimezone(UK).date() - now.astimezone(UK).date()).days
    if 1 < days < _WEEK:
        return f"{at.astimezone(UK):%A} {hour(at)}"
    said = day(at, now)
    return f"{said} {hour(at)}" if days in (0, 1, -1) else f"{said}, {hour(at)}"


def pass_by(at: datetime | None, now: datetime) -> str:
    """`Pass by Tuesday 5pm: 2 days`; `Late since yesterday 5pm`; what is said where no plan can be counted."""
    if at is None:
        return "No deadline: its plan cannot be counted"
    if at <= now:
        return f"Late since {answer_by(at, now)}"
    return f"Pass by {answer_by(at, now)}: {span(at - now)}"


def deadline_class(at: datetime | None, now: datetime) -> str:
    """The class of a deadline: `late`, `soon` within a day, or nothing."""
    if at is None or at - now > timedelta(days=1):
        return ""
    return "late" if at <= now else "soon"


def span(length: timedelta) -> str:
    """`2 days`, `5 hours`, `20 minutes`: the largest whole part."""
    if length >= timedelta(days=1):
        return count_of(length.days, "day")
    if length >= _HOUR:
        return count_of(int(length / _HOUR), "hour")
    return count_of(max(1, int(length.total_seconds() // 60)), "minute")


def waited(since: datetime, now: datetime) -> str:
    """How long something has waited; `a moment` for the first minutes."""
    return span(now - since) if now - since >= timedelta(minutes=5) else "a moment"


def zones_words(labels: Sequence[str]) -> str:
    """`2 places: Headline, Pledges`; the first few are named."""
    named = ", ".join(labels[:_NAMED]) + (f" and {len(labels) - _NAMED} more" if len(labels) > _NAMED else "")
    return f"{count_of(len(labels), 'place')}: {named}"


def onward_words(submission: Submission, stage: int) -> str:
    """Where a decision at that stage led, where it led anywhere: nothing while the rest still waits there."""
    match State(submission.state):
        case State.APPROVED:
            return "It is approved, and can be ordered."
        case State.RETURNED:
            return "Nothing else waits there: it is back with the campaign."
        case State.WAITING if submission.stage != stage:
            return f"It has gone on to {office_words(submission.asked_of)}."
        case _:
            return ""


_HOW: Mapping[How, str] = {
    How.PERSON: "Passed by {who}, {when}",
    How.APPLIED: "Passed by {who}, {when}: the same words as in another leaflet",
    How.SUGGESTED: "Passed: {who} suggested these words",
    How.MESSAGE: "Approved words from the library of messages",
    How.TEMPLATE: "The template’s own words, approved with it",
    How.DEEMED: "Passed, as nobody had answered by {when}",
}


def how_words(made: ZonePass, now: datetime) -> str:
    """How words came to be passed, in a line; and that they no longer are."""
    who = made.person.name if made.person else "the office"
    said = _HOW[How(made.how)].format(who=who, when=moment(made.at, now))
    return f"{said}. Taken back {moment(made.taken_back_at, now)}: {made.because}" if made.taken_back_at else said


def zone_words(zone: ReviewZone, submission: Submission, now: datetime) -> str:
    """How a zone of a submission stands, in a line: what other offices said of it first."""
    return ". ".join([*dict.fromkeys([*earlier_words(zone, submission, now), _zone_words(zone, submission, now)])])


def earlier_words(zone: ReviewZone, submission: Submission, now: datetime) -> list[str]:
    """How people of the offices that were asked before passed the same place, the first office first."""
    earlier = sorted((each for each in submission.zones if each.stage < zone.stage), key=lambda each: each.stage)
    passes = [each.passed for each in earlier if each.zone == zone.zone]
    return [how_words(made, now) for made in passes if made is not None and made.person is not None]


def _zone_words(zone: ReviewZone, submission: Submission, now: datetime) -> str:
    match ZoneState(zone.state):
        case ZoneState.PASSED if zone.passed is not None:
            return how_words(zone.passed, now)
        case ZoneState.ASKED:
            return "A change is asked for"
        case _ if submission.state != State.WAITING:
            return "Nobody has decided on it"
        case _ if zone.stage > submission.stage:
            return "Goes to the next office after this one"
        case _:
            return f"Waits for {office_words(submission.asked_of)}"


def free_words(how: How) -> str:
    """Why nobody has to look at words that no office ever decided on."""
    return _HOW[how]
