"""What to know about a plan beside its dates: rules that a date brings with it, each with its source."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from leaflets.domain.clock.chain import Question
from leaflets.domain.clock.landing import Poll
from leaflets.domain.clock.moments import has_passed, say, say_dated
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import StatutoryDate


@dataclass(frozen=True)
class Remark:
    """A stable code, one sentence, and the rule it rests on."""

    code: str
    sentence: str
    source: str


@dataclass(frozen=True)
class _FreepostRule:
    """Freepost whose `step` falls before the first of `events` that the election has is worth the `sentence`."""

    code: str
    step: Step
    events: tuple[Event, ...]
    sentence: str
    source: str


_FREEPOST_RULES = (
    _FreepostRule(
        "security-for-postage",
        Step.HANDOVER,
        (Event.SOPN, Event.NOMINATIONS),
        "It is handed over before the statement of persons nominated ({moment}): until then only a declared candidate "
        "may use freepost, and Royal Mail may ask for security for the postage.",
        "Representation of the People Act 1983 s.91(3)",
    ),
    _FreepostRule(
        "before-nominations",
        Step.SEND_ARTWORK,
        (Event.NOMINATIONS,),
        "The artwork goes to Royal Mail before nominations close ({moment}): the candidate's name and description must "
        "be final by then.",
        "counted from the sourced durations; check with Royal Mail",
    ),
    _FreepostRule(
        "before-dissolution",
        Step.SEND_ARTWORK,
        (Event.DISSOLUTION,),
        "The artwork goes to Royal Mail before Parliament is dissolved ({moment}): ask now whether Royal Mail looks at "
        "it as early as that.",
        "counted from the sourced durations; check with Royal Mail",
    ),
)


def remarks(question: Question, latest: Mapping[Step, datetime], after_postal_votes: bool) -> tuple[Remark, ...]:
    """Every remark that this plan deserves; `latest` holds the latest moment of each of its steps."""
    told = []
    if after_postal_votes:
        told.append(
            Remark(
                "after-postal-votes",
                "Postal votes may be on doormats before this leaflet is.",
                "the earliest plausible first dispatch; check with the council",
            )
        )
    if question.route is Route.FREEPOST and len(question.polls) > 1:
        told.append(
            Remark(
                "freepost-for-one-election",
                "Freepost may carry matter relating to its own election only: leave the others out of it.",
                "Representation of the People Act 1983 s.91(1)(a)",
            )
        )
    for poll in question.polls:
        if poll.suspended:
            told.append(
                Remark("suspended", f"{poll.timetable.election.id} is suspended: {poll.suspended}", "the campaign")
            )
        elif question.route is Route.FREEPOST:
            told.extend(_of_freepost(poll, question.now, latest))
    return tuple(dict.fromkeys(told))


def _of_freepost(poll: Poll, now: datetime, latest: Mapping[Step, datetime]) -> Iterator[Remark]:
    for rule in _FREEPOST_RULES:
        dates = (poll.timetable.of(event) for event in rule.events)
        line = next((each for each in dates if each), None)
        if line and not has_passed(line.moment, latest[rule.step]):
            yield Remark(rule.code, rule.sentence.format(moment=_when(line, now)), rule.source)


def _when(line: StatutoryDate, now: datetime) -> str:
    """With its hour only where the law gives one."""
    return say(line.moment, now) if line.at else say_dated(line.day, now.year)
