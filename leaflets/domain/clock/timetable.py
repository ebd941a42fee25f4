"""The election clock: every statutory date of one election in one nation, each with its rule and its law.

The rows are in `leaflets.domain.clock.statute`; this counts them. Nothing here knows today's date.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leaflets.domain.clock.election import Election, Kind, Nation
from leaflets.domain.clock.statute import rules_of
from leaflets.domain.clock.statute.acts import OVERRIDES, POSTPONED
from leaflets.domain.clock.statute.rule import Counted, Event, Rule
from leaflets.domain.clock.working_days import (
    BankHolidays,
    Skips,
    WorkingDays,
    fixed_too_late,
    whose_holidays,
    working_days,
)
from leaflets.domain.errors import Invalid

LONDON = ZoneInfo("Europe/London")
_DISSOLUTION_DAYS = 25
_END_OF_DAY = time(23, 59, 59)
_NEEDS_NOMINATIONS = (Counted.GIVEN, Counted.WITH_NOMINATIONS, Counted.BEFORE_NOMINATIONS, Counted.AFTER_NOMINATIONS)
_WINDOW = (Event.NOMINATIONS_EARLIEST, Event.NOMINATIONS_LATEST)


@dataclass(frozen=True)
class StatutoryDate:
    """One line of the timetable: `at` is London time, None when the law gives the whole day."""

    event: Event
    day: date
    at: time | None
    rule: str
    source: str

    @property
    def moment(self) -> datetime:
        """The last moment of a deadline, aware, in London: the hour if the law gives one, else the end of the day."""
        return datetime.combine(self.day, self.at or _END_OF_DAY, LONDON)


@dataclass(frozen=True)
class Timetable:
    """Every date the law gives one election in one nation, in the order in which they fall."""

    election: Election
    nation: Nation
    dates: tuple[StatutoryDate, ...]

    def of(self, event: Event) -> StatutoryDate | None:
        """The line of one event, or None where this election has no such event."""
        return next((each for each in self.dates if each.event is event), None)


def timetable(
    election: Election,
    nation: Nation,
    holidays: BankHolidays,
    *,
    nominations_close: date | None = None,
    result_declared: date | None = None,
) -> Timetable:
    """The statutory timetable of an election.

    `nominations_close` is an input at by-elections to the UK Parliament, where the returning officer fixes it within
    the law's window; without it, the window itself is given and what hangs on it is left out. Elsewhere it may only
    confirm what the law says. `result_declared` starts the clock of the expenses; the day after polling day is taken
    when it is not given, as most results are declared after midnight.

    Raises Invalid for a nation without such elections, a polling day that cannot be one, years whose bank holidays
    are unknown, a poll that was postponed, and a nominations date outside the law's window.
    """
    _refuse_impossible(election, nation, holidays)
    declared = _declared(election, result_declared)
    rows = rules_of(election, nation)
    count = _Count(election, nation, holidays, declared)
    nominations = _nominations(count, rows, nominations_close)
    wanted = [row for row in rows if _wanted(row, election, nominations)]
    dates = (count.date_of(row, nominations) for row in wanted)
    return Timetable(election, nation, tuple(sorted(dates, key=lambda each: each.moment)))


@dataclass(frozen=True)
class _Count:
    """What a row is counted against."""

    election: Election
    nation: Nation
    holidays: BankHolidays
    declared: date

    def calendar(self, skips: Skips) -> WorkingDays:
        days = working_days(self.holidays, self.nation, skips)
        if skips is not Skips.ANY_UK_BEFORE_DISSOLUTION:
            return days
        poll = self.election.polling_day
        late = fixed_too_late(self.holidays, frozenset(Nation), days.before(poll, _DISSOLUTION_DAYS), poll)
        return days.also(*late) if late else days

    def day(self, row: Rule, nominations: date | None) -> date:
        poll, days = self.election.polling_day, self.calendar(row.skips)
        match row.counted:
            case Counted.BEFORE_POLL:
                return self._before_poll(row, days)
            case Counted.ON_POLL:
                return poll
            case Counted.AFTER_POLL:
                return days.on_or_after(poll + timedelta(days=row.days))
            case Counted.AFTER_RESULT:
                return days.on_or_after(self.declared + timedelta(days=row.days))
        return _around_nominations(row, days, nominations)

    def _before_poll(self, row: Rule, days: WorkingDays) -> date:
        """Counted back; but a holiday cannot bring a deadline forward to before the day on which it was fixed."""
        poll = self.election.polling_day
        day = days.before(poll, row.days)
        late = fixed_too_late(self.holidays, whose_holidays(self.nation, row.skips), day, poll)
        return days.also(*late).before(poll, row.days) if late else day

    def date_of(self, row: Rule, nominations: date | None) -> StatutoryDate:
        for act in OVERRIDES:
            if (act.kind, act.polling_day) == (self.election.kind, self.election.polling_day) and (
                (act.nation, act.event) == (self.nation, row.event)
            ):
                days = self.calendar(row.skips)
                days = days.also(act.counts) if act.counts else days
                day = days.before(self.election.polling_day, row.days if act.days is None else act.days)
                return StatutoryDate(row.event, day, row.at, f"{row.words}; but {act.note}", act.source)
        words = row.words
        if row.counted is Counted.AFTER_RESULT:
            words += f"; here a result declared on {self.declared.day} {self.declared:%B %Y}"
        return StatutoryDate(row.event, self.day(row, nominations), row.at, words, row.source)


def _around_nominations(row: Rule, days: WorkingDays, nominations: date | None) -> date:
    if nominations is None:
        raise ValueError(f"{row.event} hangs on the close of nominations")
    if row.counted is Counted.BEFORE_NOMINATIONS:
        return days.before(nominations, row.days)
    if row.counted is Counted.AFTER_NOMINATIONS:
        return days.after(nominations, row.days)
    return nominations


def _wanted(row: Rule, election: Election, nominations: date | None) -> bool:
    if election.kind is not Kind.PARLIAMENT_BY:
        return True
    if nominations is None:
        return row.counted not in _NEEDS_NOMINATIONS
    return row.event not in _WINDOW


def _nominations(count: _Count, rows: tuple[Rule, ...], given: date | None) -> date | None:
    """The day on which nominations close: fixed by law, or as given at a by-election once it is checked."""
    fixed = next((row for row in rows if row.event is Event.NOMINATIONS and row.counted is Counted.BEFORE_POLL), None)
    if fixed is not None:
        day = count.day(fixed, None)
        if given is not None and given != day:
            raise Invalid(
                f"Nominations at this election close on {_say(day)}, not on {_say(given)}: the law fixes the day.",
                "Leave the nominations date out; it is asked for only at by-elections to the UK Parliament.",
            )
        return day
    if given is None:
        return None
    early, late = (count.day(next(row for row in rows if row.event is event), None) for event in _WINDOW)
    row = next(row for row in rows if row.event is Event.NOMINATIONS)
    if not early <= given <= late:
        raise Invalid(
            f"Nominations cannot close on {_say(given)} for a poll on {_say(count.election.polling_day)}.",
            f"The law leaves {_say(early)} to {_say(late)}: take the day from the notice of election.",
        )
    if not count.calendar(row.skips).counts(given):
        raise Invalid(
            f"Nominations cannot close on {_say(given)}, which is no working day in {count.nation.label}.",
            "Take the day from the notice of election.",
        )
    return given


def _refuse_impossible(election: Election, nation: Nation, holidays: BankHolidays) -> None:
    if nation not in election.nations:
        raise Invalid(f"There is no {election.kind} in {nation.label}.", "Choose another nation, or check the id.")
    poll = election.polling_day
    for act in POSTPONED:
        if poll == act.polling_day and election.kind in act.kinds and nation in act.nations:
            raise Invalid(
                f"The polls of {_say(poll)} were postponed to {_say(act.moved_to)} ({act.source}).",
                f"Use {act.moved_to} in the id.",
            )
    if not holidays.first_year <= poll.year <= holidays.last_year:
        raise Invalid(
            f"The bank holidays of {poll.year} are not known here, so its working days cannot be counted.",
            f"Choose a polling day from {holidays.span()}.",
        )
    general = election.kind is Kind.PARLIAMENT_GENERAL
    skips = Skips.ANY_UK_BEFORE_DISSOLUTION if general else Skips.OWN
    if not _Count(election, nation, holidays, poll).calendar(skips).counts(poll):
        raise Invalid(
            f"{_say(poll)} cannot be a polling day: it is {_why_not(poll, nation, holidays, general)}.",
            "Check the polling day; most polls are held on a Thursday.",
        )


def _why_not(poll: date, nation: Nation, holidays: BankHolidays, general: bool) -> str:
    if poll.weekday() >= 5:
        return f"a {poll:%A}"
    for each in Nation if general else (nation,):
        for holiday in holidays.of[each]:
            if holiday.day == poll:
                return f"a bank holiday in {each.label} ({holiday.title})"
    return "Good Friday" if poll.month < 12 else "Christmas Eve" if poll.day == 24 else "Christmas Day"


def _declared(election: Election, given: date | None) -> date:
    if given is None:
        return election.polling_day + timedelta(days=1)
    if given < election.polling_day:
        raise Invalid(
            f"A result cannot be declared on {_say(given)}, before polling day ({_say(election.polling_day)}).",
            "Check the day of the declaration.",
        )
    return given


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
