"""What a picture of time shows: a plan's steps, the law's dates, the postal votes, today, and what is left to spare.

Pure: plans in, words and moments out. Where each stands on the paper is decided in leaflets.web.clock.timeline_layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from itertools import groupby

from leaflets.domain.clock.landing import Poll
from leaflets.domain.clock.moments import at, has_passed, in_london, say_dated, say_hour, say_working_days
from leaflets.domain.clock.postal_votes import Batch, Dispatch
from leaflets.domain.clock.standing import Plan, PlanStep, Standing
from leaflets.domain.clock.statute.rule import Event
from leaflets.domain.clock.timetable import StatutoryDate

_NOON = time(12)

# What fits beside a line of the picture; an event that is not here stands in the table alone.
_FLAGS = {
    Event.DISSOLUTION: "Dissolution",
    Event.NOTICE: "Notice of election",
    Event.NOMINATIONS: "Nominations close",
    Event.NOMINATIONS_LATEST: "Nominations close, latest",
    Event.REGISTER: "Register to vote",
    Event.POSTAL: "Apply for a postal vote",
    Event.PROXY: "Proxy vote",
    Event.VOTER_CERTIFICATE: "Voter certificate",
}


class Shape(StrEnum):
    """How a moment is drawn. Each differs in form, not only in colour."""

    STEP = "step"
    NEXT = "next"
    MISSED = "missed"
    DONE = "done"
    LAW = "law"
    POLL = "poll"
    POSTAL = "postal"


_KEY = {
    Shape.NEXT: "to do next",
    Shape.MISSED: "past its safe moment",
    Shape.STEP: "step",
    Shape.DONE: "done",
    Shape.LAW: "date of the law",
    Shape.POSTAL: "postal votes go out",
}


@dataclass(frozen=True)
class Moment:
    """Something at a time. `said` is the time in words, `why` the rule or source, `href` where pointing at it leads."""

    key: str
    shape: Shape
    label: str
    said: str
    at: datetime
    why: str = ""
    to_spare: str = ""
    href: str = ""


@dataclass(frozen=True)
class Bar:
    """A row of the picture: from a moment until the next; the part after `allowance_from` is for what may go wrong."""

    moment: Moment
    until: datetime
    allowance_from: datetime | None = None


@dataclass(frozen=True)
class Window:
    """The days on which one posting of postal votes may go out; after the `first`, votes are cast."""

    moment: Moment
    first: bool
    earliest: datetime
    latest: datetime


@dataclass(frozen=True)
class Slack:
    """From today to the latest safe moment, or from that to today when it has passed."""

    start: datetime
    end: datetime
    words: str
    late: bool


@dataclass(frozen=True)
class Timeline:
    """All that a picture shows, and the same as a table, in the order in which it falls."""

    title: str
    summary: str
    now: datetime
    bars: tuple[Bar, ...]
    flags: tuple[Moment, ...]
    windows: tuple[Window, ...]
    slack: Slack | None
    table: tuple[Moment, ...]

    @property
    def key(self) -> list[tuple[Shape, str]]:
        """The shapes that need a word, of those that are drawn."""
        drawn = {bar.moment.shape for bar in self.bars} | {flag.shape for flag in self.flags}
        drawn |= {window.moment.shape for window in self.windows}
        return [(shape, words) for shape, words in _KEY.items() if shape in drawn]

    @property
    def has_allowances(self) -> bool:
        """Whether a bar has a part that is for what may go wrong."""
        return any(bar.allowance_from for bar in self.bars)


@dataclass(frozen=True)
class Entry:
    """One leaflet on the timeline of its campaign."""

    key: str
    title: str
    href: str
    plan: Plan


def spare_words(slack_days: int) -> str:
    """`3 working days to spare`, `no day to spare`, `2 working days late`."""
    if slack_days < 0:
        return f"{say_working_days(-slack_days)} late"
    return f"{say_working_days(slack_days)} to spare" if slack_days else "no day to spare"


def leaflet_timeline(plan: Plan, title: str) -> Timeline:
    """One leaflet: each of its steps is a row."""
    now, year = plan.question.now, _year(plan.question.polls)
    after = [step.latest for step in plan.steps[1:]] + [plan.steps[-1].latest]
    bars = tuple(_bar(step, until, plan, year) for step, until in zip(plan.steps, after, strict=True))
    return _timeline(title, plan.sentence, now, bars, plan.question.polls, _slack(plan))


def campaign_timeline(name: str, entries: Sequence[Entry], now: datetime) -> Timeline:
    """A campaign: each of its leaflets is a row, from its latest safe moment to the last doormat."""
    polls = tuple(dict.fromkeys(poll for entry in entries for poll in entry.plan.question.polls))
    in_order = sorted(entries, key=lambda entry: entry.plan.latest_safe)
    bars = tuple(_entry_bar(entry, _year(polls)) for entry in in_order)
    summary = " ".join(f"{entry.title}: {entry.plan.sentence}" for entry in entries)
    return _timeline(name, summary, in_london(now), bars, polls, None)


def _timeline(
    title: str, summary: str, now: datetime, bars: tuple[Bar, ...], polls: Sequence[Poll], slack: Slack | None
) -> Timeline:
    year = _year(polls)
    windows = tuple(window for poll in polls for window in _windows(poll, year))
    law = list(_law(polls, year))
    table = [bar.moment for bar in bars] + [window.moment for window in windows] + law
    return Timeline(
        title=title,
        summary=summary,
        now=now,
        bars=bars,
        flags=tuple(_flags(polls, year)),
        windows=tuple({window.moment.key: window for window in windows}.values()),
        slack=slack,
        table=tuple(sorted({moment.key: moment for moment in table}.values(), key=lambda moment: moment.at)),
    )


def _year(polls: Sequence[Poll]) -> int:
    """The year that goes without saying in the picture: that of the poll."""
    return max(poll.polling_day.year for poll in polls)


def _said(moment: datetime, year: int) -> str:
    local = in_london(moment)
    return f"{say_dated(local.date(), year)}, {say_hour(local.time())}"


def _bar(step: PlanStep, until: datetime, plan: Plan, year: int) -> Bar:
    shape = Shape.DONE if step.done else Shape.NEXT if step.step is plan.next_step else Shape.STEP
    if not step.done and has_passed(step.latest, plan.question.now):
        shape = Shape.MISSED
    moment = Moment(
        key=f"step-{step.step}",
        shape=shape,
        label=step.label,
        said=_said(step.latest, year),
        at=step.latest,
        why=step.source,
        to_spare="done" if step.done else spare_words(step.slack_days),
    )
    share = step.allowance / step.days if step.days else 0
    return Bar(moment, until, until - (until - step.latest) * share if share else None)


def _entry_bar(entry: Entry, year: int) -> Bar:
    plan = entry.plan
    missed = plan.state in (Standing.LATE, Standing.CANNOT)
    shape = Shape.MISSED if missed else Shape.NEXT if plan.next_step else Shape.DONE
    lands = at(plan.lands_on, _NOON) if plan.lands_on else plan.steps[-1].latest
    moment = Moment(
        key=entry.key,
        shape=shape,
        label=f"{entry.title}: {plan.state}",
        said=_said(plan.latest_safe, year),
        at=plan.latest_safe,
        why=plan.sentence,
        to_spare=spare_words(plan.slack_days) if plan.next_step else "done",
        href=entry.href,
    )
    return Bar(moment, max(lands, plan.latest_safe))


def _slack(plan: Plan) -> Slack | None:
    if plan.next_step is None or plan.state is Standing.SUSPENDED:
        return None
    now, safe = plan.question.now, plan.latest_safe
    late = has_passed(safe, now)
    return Slack(min(now, safe), max(now, safe), spare_words(plan.slack_days), late)


def _windows(poll: Poll, year: int) -> Iterable[Window]:
    if poll.postal_votes is None:
        return
    for dispatch, name in ((poll.postal_votes.first, "First"), (poll.postal_votes.second, "Second")):
        first = dispatch.batch is Batch.FIRST
        key = f"postal-{name.lower()}-{dispatch.earliest}-{dispatch.latest}"
        moment = Moment(
            key=key,
            shape=Shape.POSTAL,
            label=f"{name} postal votes go out",
            said=_range_said(dispatch, year),
            at=at(dispatch.earliest, time(9)),
            why=dispatch.source,
        )
        yield Window(moment, first, at(dispatch.earliest, time(0)), at(dispatch.latest, time(23, 59)))


def _range_said(dispatch: Dispatch, year: int) -> str:
    if dispatch.earliest == dispatch.latest:
        return f"{say_dated(dispatch.day, year)}, as announced"
    first, last = dispatch.earliest, dispatch.latest
    year_of_both = last.year if first.year == last.year else year  # said once, with the last day
    return f"{say_dated(first, year_of_both)} to {say_dated(last, year)}"


def _law(polls: Sequence[Poll], year: int) -> Iterable[Moment]:
    """Every statutory date, and polling day."""
    for poll in polls:
        for line in poll.timetable.dates:
            yield Moment(
                key=f"law-{line.event}-{line.day}",
                shape=Shape.LAW,
                label=line.event.label,
                said=_line_said(line, year),
                at=line.moment,
                why=f"{line.rule} ({line.source})",
            )
        yield _polling_day(poll, year)


def _polling_day(poll: Poll, year: int) -> Moment:
    day = poll.polling_day
    said, why = say_dated(day, year), poll.timetable.election.id
    return Moment(f"poll-{day}", Shape.POLL, "Polling day", said, at(day, time(7)), why)


def _line_said(line: StatutoryDate, year: int) -> str:
    said = say_dated(line.day, year)
    return f"{said}, {say_hour(line.at)}" if line.at else said


def _flags(polls: Sequence[Poll], year: int) -> Iterable[Moment]:
    """One flag for each day of the law that matters to a leaflet: what falls on one day shares it."""
    lines = {
        (line.day, _FLAGS[line.event]): line for poll in polls for line in poll.timetable.dates if line.event in _FLAGS
    }
    drawn = sorted(lines.items(), key=lambda each: (each[0][0], list(_FLAGS.values()).index(each[0][1])))
    for day, together in groupby(drawn, key=lambda each: each[0][0]):
        shared = list(together)
        first = shared[0][1]
        hours = {line.at for _, line in shared}
        said = _line_said(first, year) if len(hours) == 1 else say_dated(day, year)
        label = ", ".join([shared[0][0][1], *(name[0].lower() + name[1:] for (_, name), _ in shared[1:])])
        yield Moment(f"law-{first.event}-{day}", Shape.LAW, label, said, _middle(day), first.source)
    for poll in {poll.polling_day: poll for poll in polls}.values():
        yield _polling_day(poll, year)


def _middle(day: date) -> datetime:
    return at(day, _NOON)
