"""What holds of every timetable, whatever the polling day."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Election, Kind, Nation
from leaflets.domain.clock.statute import RULES, rules_of
from leaflets.domain.clock.statute.rule import Counted, Event
from leaflets.domain.clock.timetable import timetable
from leaflets.domain.clock.working_days import Skips, WorkingDays, easter_sunday, working_days

HOLIDAYS = bank_holidays()
ANY_UK = working_days(HOLIDAYS, Nation.ENGLAND, Skips.ANY_UK)
POLLS = [day for day in ANY_UK.days if date(2014, 4, 6) <= day <= date(2028, 6, 1) and day != date(2020, 5, 7)]
POLLS.remove(date(2023, 5, 4))

CANDIDATES = [
    Event.DISSOLUTION,
    Event.WRIT,
    Event.NOTICE_EARLIEST,
    Event.NOTICE,
    Event.NOMINATIONS,
    Event.SOPN,
    Event.SOPN_OBJECTIONS,
    Event.POLLING_AGENTS,
]
VOTERS = [Event.REGISTER, Event.POSTAL, Event.PROXY, Event.LOST_PACK, Event.EMERGENCY_PROXY]
VOTERS_NI = [Event.ABSENT, Event.POSTAL, Event.PROXY, Event.REGISTER, Event.EMERGENCY_PROXY]

elections = st.builds(
    lambda key, poll, subtype: (Election("made", key[0], poll, subtype=subtype), key[1]),
    st.sampled_from(sorted(RULES, key=str)),
    st.sampled_from(POLLS),
    st.sampled_from(["", "a", "c"]),
)
calendars = st.builds(working_days, st.just(HOLIDAYS), st.sampled_from(Nation), st.sampled_from(Skips))


def _close(election: Election, nation: Nation, pick: int) -> date | None:
    """One of the three days that the law leaves; the last of them where it is not told by counting."""
    if election.kind is not Kind.PARLIAMENT_BY:
        return None
    if _under_the_funeral(election):
        lines = timetable(election, nation, HOLIDAYS).dates
        return next(line.day for line in lines if line.event is Event.NOMINATIONS_LATEST)
    return working_days(HOLIDAYS, nation, Skips.OWN).before(election.polling_day, 19 - pick)


def _under_the_funeral(election: Election) -> bool:
    """The State Funeral's holiday was fixed nine days before it came: deadlines already past stood."""
    return date(2022, 9, 19) <= election.polling_day <= date(2022, 11, 11)


@settings(max_examples=150, deadline=None)
@given(elections, st.integers(0, 2))
def test_every_event_is_on_a_day_that_its_rule_counts(chosen: tuple[Election, Nation], pick: int) -> None:
    election, nation = chosen
    found = timetable(election, nation, HOLIDAYS, nominations_close=_close(election, nation, pick))
    rows = {row.event: row for row in rules_of(election, nation)}
    for line in found.dates:
        row = rows[line.event]
        if row.counted is not Counted.ON_POLL and not _under_the_funeral(election):
            assert working_days(HOLIDAYS, nation, row.skips).counts(line.day), line
        if row.counted is Counted.BEFORE_POLL and "but" not in line.rule and not _under_the_funeral(election):
            days = working_days(HOLIDAYS, nation, row.skips)
            assert days.between(line.day, election.polling_day) == row.days


@settings(max_examples=150, deadline=None)
@given(elections, st.integers(0, 2))
def test_events_come_in_their_order_and_expenses_come_last(chosen: tuple[Election, Nation], pick: int) -> None:
    election, nation = chosen
    found = timetable(election, nation, HOLIDAYS, nominations_close=_close(election, nation, pick))
    days = {line.event: line.day for line in found.dates}
    voters = VOTERS_NI if nation is Nation.NORTHERN_IRELAND else VOTERS
    if nation is Nation.SCOTLAND:  # where Easter Monday puts off a postal vote's deadline and no registration's
        voters = [event for event in voters if event is not Event.REGISTER]
    for order in (CANDIDATES, voters):
        in_order = [days[event] for event in order if event in days]
        assert in_order == sorted(in_order)
    assert days[Event.NOMINATIONS] < days[Event.REGISTER]
    assert found.dates[-1].event is Event.EXPENSES
    assert list(found.dates) == sorted(found.dates, key=lambda line: line.moment)


@settings(max_examples=100, deadline=None)
@given(elections)
def test_a_holiday_anywhere_never_makes_a_general_elections_deadline_later(chosen: tuple[Election, Nation]) -> None:
    election, nation = chosen
    rows = rules_of(election, nation)
    for row in rows:
        if row.counted is Counted.BEFORE_POLL:
            own = working_days(HOLIDAYS, nation, Skips.OWN).before(election.polling_day, row.days)
            any_uk = ANY_UK.before(election.polling_day, row.days)
            assert any_uk <= own


@given(calendars, st.dates(date(2013, 1, 1), date(2027, 12, 31)), st.integers(1, 60))
def test_counting_back_and_forth_agree(days: WorkingDays, start: date, count: int) -> None:
    day = days.before(start, count)
    assert days.counts(day)
    assert days.between(day, start) == count
    anchor = days.on_or_after(start)
    assert days.before(days.after(anchor, count), count) == anchor
    assert days.on_or_after(day) == day


@given(st.integers(1900, 2199))
def test_easter_is_a_sunday_between_22_march_and_25_april(year: int) -> None:
    easter = easter_sunday(year)
    assert easter.weekday() == 6
    assert date(year, 3, 22) <= easter <= date(year, 4, 25)


def test_easter_agrees_with_the_bank_holidays_of_england() -> None:
    known = {holiday.day for holiday in HOLIDAYS.of[Nation.ENGLAND]}
    for year in range(HOLIDAYS.first_year, HOLIDAYS.last_year + 1):
        assert {easter_sunday(year) - timedelta(days=2), easter_sunday(year) + timedelta(days=1)} <= known
