from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.press.schedule import (
    ATTEMPTS_AT_MOST,
    CAUTION,
    GRACE,
    LEASE,
    PATIENCE,
    RENEW_EVERY,
    Lane,
    Urgency,
    WorkKind,
    learnt_estimate,
    rank,
    try_again_at,
    urgency,
    urgency_at_screen,
)
from leaflets.domain.press.waiting_line import WaitingLine

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
TICK = timedelta(microseconds=1)
MOMENTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))
ESTIMATES = st.floats(0, 3_600)
URGENCIES = st.builds(
    lambda placed, needed_in, estimate_s: urgency(NOON + placed + needed_in, estimate_s, NOON + placed),
    st.timedeltas(timedelta(0), timedelta(days=3)),
    st.timedeltas(timedelta(hours=-30), timedelta(days=3)),
    ESTIMATES,
)


def test_the_latest_safe_start_decides_who_is_first_and_not_who_came_first() -> None:
    long = urgency(NOON + timedelta(hours=3), 3_600, NOON)
    short = urgency(NOON + timedelta(hours=2, minutes=30), 5, NOON)
    assert long.lost_at == NOON + timedelta(hours=3) - timedelta(seconds=3_600 * CAUTION)
    assert rank(long, NOON) < rank(short, NOON)


def test_of_orders_with_one_deadline_the_shortest_goes_first() -> None:
    long, short = (urgency(NOON + timedelta(hours=3), seconds, NOON) for seconds in (9, 2))
    assert rank(short, NOON) < rank(long, NOON)


@given(order=URGENCIES)
def test_an_order_has_its_turn_before_it_is_lost(order: Urgency) -> None:
    assert order.urgent_at <= order.lost_at


def test_an_order_that_cannot_be_in_time_any_more_lets_those_go_first_that_can() -> None:
    lost = urgency(NOON + timedelta(seconds=5), 60, NOON - timedelta(hours=1))
    tight = urgency(NOON + timedelta(hours=2), 60, NOON)
    assert rank(tight, NOON) < rank(lost, NOON)
    next_week = urgency(NOON + timedelta(days=7), 60, NOON)
    assert rank(lost, NOON) < rank(next_week, NOON)


@given(order=URGENCIES, later=MOMENTS, needed_in=st.timedeltas(-timedelta(days=30), timedelta(days=30)))
def test_nothing_placed_after_its_grace_overtakes_an_order_that_is_lost(
    order: Urgency, later: timedelta, needed_in: timedelta
) -> None:
    placed = order.lost_at + GRACE + TICK + later
    theirs = urgency(placed + needed_in, 60, placed)
    assert rank(order, placed) < rank(theirs, placed)


@given(needed_in=st.timedeltas(PATIENCE * 2, timedelta(days=60)), later=MOMENTS, theirs_in=MOMENTS)
def test_after_its_patience_nothing_placed_later_overtakes_a_far_off_order(
    needed_in: timedelta, later: timedelta, theirs_in: timedelta
) -> None:
    ours, placed = urgency(NOON + needed_in, 60, NOON), NOON + PATIENCE + TICK + later
    if placed < ours.lost_at:
        theirs = urgency(placed + theirs_in - timedelta(days=30), 60, placed)
        assert rank(ours, placed) < rank(theirs, placed)


@given(first=MOMENTS, then=MOMENTS, wait=MOMENTS)
def test_whoever_waits_at_the_screen_is_never_given_up_and_never_overtaken(
    first: timedelta, then: timedelta, wait: timedelta
) -> None:
    early, late = sorted((NOON + first, NOON + first + then + TICK))
    ours, theirs = (urgency_at_screen(placed + timedelta(seconds=2), 1, placed) for placed in (early, late))
    assert rank(ours, late + wait) < rank(theirs, late + wait)


@given(
    orders=st.lists(URGENCIES, min_size=1, max_size=40),
    steps=st.lists(st.timedeltas(timedelta(0), timedelta(hours=6)), min_size=40, max_size=40),
)
def test_the_waiting_line_gives_each_order_once_and_always_the_one_that_ranks_first(
    orders: list[Urgency], steps: list[timedelta]
) -> None:
    line: WaitingLine[int] = WaitingLine()
    for number, order in enumerate(orders):
        line.put(number, number, order)
    now, left = NOON, set(range(len(orders)))
    for step in steps:
        now += step
        first = min(left, key=lambda number: (rank(orders[number], now), number), default=None)
        assert line.take(now) == first
        left.discard(first)
        assert len(line) == len(left)


def test_work_is_tried_three_times_with_growing_pauses() -> None:
    pauses = [try_again_at(attempts, NOON) for attempts in (1, 2, 3)]
    assert pauses[0] is not None
    assert pauses[1] is not None
    assert NOON < pauses[0] < pauses[1]
    assert pauses[2] is None
    assert ATTEMPTS_AT_MOST == 3


def test_an_estimate_is_the_median_so_that_one_slow_render_spoils_nothing() -> None:
    assert learnt_estimate(WorkKind.PRINT, [1.0, 90.0, 2.0]) == 2.0
    assert learnt_estimate(WorkKind.PRINT, []) > 0


def test_a_lease_is_renewed_several_times_before_it_ends() -> None:
    assert RENEW_EVERY * 3 < LEASE


def test_pictures_never_wait_behind_print_runs() -> None:
    assert WorkKind.PICTURE.lane is Lane.PROOF
    assert WorkKind.PRINT.lane is Lane.PRESS
