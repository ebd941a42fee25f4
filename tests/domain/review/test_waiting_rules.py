"""What happens to something that waits: tried on any moment, any plan and any night of a worker that was away."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.office_hours import DAY, is_open, later, spent
from leaflets.domain.clock.working_days import Skips, working_days
from leaflets.domain.review.waiting import (
    LATE_REMINDERS,
    LEAST,
    NOTICE,
    Move,
    Silence,
    Waiting,
    answer_by,
    next_move,
    reminders,
)

ENGLAND = working_days(bank_holidays(), Nation.ENGLAND, Skips.OWN)
SCOTLAND = working_days(bank_holidays(), Nation.SCOTLAND, Skips.OWN)
MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
FRIDAY_EVENING = datetime(2027, 3, 26, 19, tzinfo=UTC)  # Good Friday

moments = st.integers(0, 600 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 5, tzinfo=UTC) + timedelta(minutes=minutes)
)
spans = st.integers(0, 80).map(lambda hours: timedelta(hours=hours / 2))


@st.composite
def waitings(draw: st.DrawFn) -> Waiting:
    since = draw(moments)
    return Waiting(
        since,
        draw(st.none() | st.integers(-100, 400).map(lambda hours: since + timedelta(hours=hours))),
        reminded=0,
        reminded_at=None,
        silence=draw(st.sampled_from(Silence)),
        days=draw(st.integers(1, 10)),
        attended=draw(st.booleans()),
        can_move=draw(st.booleans()),
        disputed=draw(st.booleans()),
    )


def lived(waiting: Waiting, gaps: list[int], days: object = ENGLAND) -> list[tuple[datetime, Move]]:
    """What happens to it when somebody looks again after each of these gaps, in minutes, until it is somebody's."""
    now, happened = waiting.since, []
    for gap in gaps:
        now += timedelta(minutes=gap)
        found = next_move(waiting, now, days)  # type: ignore[arg-type]
        if found.move is Move.WAIT:
            assert found.look_at > now
            continue
        happened.append((now, found.move))
        if found.move is not Move.REMIND:
            break
        waiting = replace(waiting, reminded=found.reminded, reminded_at=now)
    return happened


@given(waitings(), st.lists(st.integers(1, 3000), min_size=1, max_size=60))
def test_nothing_is_said_twice_at_once_nothing_moves_before_its_time_and_holidays_are_left_in_peace(
    waiting: Waiting, gaps: list[int]
) -> None:
    happened = lived(waiting, gaps)
    asked_again = [at for at, move in happened if move is Move.REMIND]
    assert all(is_open(at, ENGLAND) for at, _ in happened)
    for earlier, at in pairwise(asked_again):
        assert spent(earlier, at, ENGLAND) >= NOTICE
    assert len(asked_again) <= 3 + LATE_REMINDERS
    if happened and (last := happened[-1])[1] is not Move.REMIND:
        at, move = last
        assert len(happened) == len(asked_again) + 1
        if waiting.attended or move is Move.DEEM:
            assert at >= answer_by(waiting, ENGLAND)
            assert spent(waiting.since, at, ENGLAND) >= min(LEAST, waiting.days * DAY)
            assert asked_again
            assert spent(asked_again[-1], at, ENGLAND) >= NOTICE
        if move is Move.DEEM:
            assert not waiting.disputed
            assert waiting.silence is Silence.DEEMED
            assert spent(waiting.since, at, ENGLAND) >= waiting.days * DAY
        if move is Move.MOVE:
            assert waiting.can_move


@given(moments, spans)
def test_office_time_is_added_and_counted_alike(start: datetime, span: timedelta) -> None:
    end = later(start, span, ENGLAND)
    assert spent(start, end, ENGLAND) == span
    if span:
        assert ENGLAND.counts(end.date())


def test_an_evening_a_weekend_and_easter_take_no_time_of_an_office() -> None:
    tuesday = datetime(2027, 3, 30, 8, 30, tzinfo=UTC)  # half past nine in London, by then an hour ahead
    assert spent(FRIDAY_EVENING, tuesday, ENGLAND) == timedelta(minutes=30)
    assert spent(FRIDAY_EVENING, tuesday, SCOTLAND) == DAY + timedelta(minutes=30)  # Easter Monday is none there


def test_after_half_a_day_an_office_is_reminded_and_the_next_morning_the_next_one_is_asked() -> None:
    waiting = Waiting(MONDAY, None, 0, None, Silence.NEXT, 1)
    assert [at.hour for at in reminders(waiting, ENGLAND)[:2]] == [13, 17]
    every_quarter = [15] * 4 * 48
    assert lived(waiting, every_quarter) == [
        (MONDAY + timedelta(hours=4), Move.REMIND),
        (MONDAY + timedelta(hours=24), Move.MOVE),
    ]


def test_a_plan_that_is_tight_makes_an_office_quicker_but_gives_it_half_a_day() -> None:
    tight = Waiting(MONDAY, MONDAY + timedelta(hours=1), 0, None, Silence.NATION, 3)
    assert answer_by(tight, ENGLAND) == MONDAY + timedelta(hours=4)
    passes = Waiting(MONDAY, MONDAY + timedelta(hours=1), 0, None, Silence.DEEMED, 3)
    assert spent(MONDAY, answer_by(passes, ENGLAND), ENGLAND) == 3 * DAY


@pytest.mark.parametrize(("disputed", "move"), [(False, Move.DEEM), (True, Move.MOVE)])
def test_silence_is_a_yes_only_where_nobody_asked_or_objected(disputed: bool, move: Move) -> None:
    waiting = Waiting(MONDAY, None, 0, None, Silence.DEEMED, 1, disputed=disputed)
    assert lived(waiting, [60] * 48)[-1][1] is move


def test_after_a_week_without_a_worker_it_is_asked_for_once_before_anything_follows() -> None:
    waiting = Waiting(MONDAY, None, 0, None, Silence.NEXT, 1)
    happened = lived(waiting, [7 * 24 * 60 + 60, 30, 30, 30, 30])
    assert [move for _, move in happened] == [Move.REMIND, Move.MOVE]


def test_an_office_that_nobody_will_sit_in_is_not_waited_for() -> None:
    waiting = Waiting(MONDAY, None, 0, None, Silence.DEEMED, 5, attended=False)
    assert lived(waiting, [60]) == [(MONDAY + timedelta(hours=1), Move.MOVE)]
