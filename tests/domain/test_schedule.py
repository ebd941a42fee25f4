from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.schedule import (
    ATTEMPTS_AT_MOST,
    LEASE,
    MARGIN,
    PATIENCE,
    RENEW_EVERY,
    Lane,
    WorkKind,
    forecast,
    learnt_estimate,
    try_again_at,
    urgent_at,
)

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)
MOMENTS = st.timedeltas(min_value=timedelta(0), max_value=timedelta(days=60))


def test_the_latest_safe_start_decides_who_is_first_and_not_who_came_first() -> None:
    long = urgent_at(NOON + timedelta(hours=3), 3_600, NOON)
    short = urgent_at(NOON + timedelta(hours=2, minutes=30), 5, NOON)
    assert long == NOON + timedelta(hours=2) - MARGIN
    assert long < short


@given(needed_in=MOMENTS, estimate_s=st.floats(0, 3_600), later=MOMENTS, their_needed_in=MOMENTS)
def test_after_its_patience_nothing_placed_later_overtakes_an_order(
    needed_in: timedelta, estimate_s: float, later: timedelta, their_needed_in: timedelta
) -> None:
    ours = urgent_at(NOON + needed_in, estimate_s, NOON)
    placed_later = NOON + PATIENCE + later + timedelta(microseconds=1)
    theirs = urgent_at(placed_later + their_needed_in - timedelta(days=30), estimate_s, placed_later)
    assert ours < theirs


def test_orders_that_are_late_already_are_served_as_they_came() -> None:
    a_day_late = urgent_at(NOON - timedelta(days=1), 5, NOON)
    an_hour_late_but_placed_later = urgent_at(NOON - timedelta(days=3), 5, NOON + timedelta(minutes=1))
    assert a_day_late < an_hour_late_but_placed_later


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


def test_two_workers_halve_the_wait_before_ours_but_not_ours() -> None:
    alone = forecast(NOON, ahead=4, ahead_s=40, own_s=10, workers=1)
    both = forecast(NOON, ahead=4, ahead_s=40, own_s=10, workers=2)
    assert (alone.place, alone.finish) == (5, NOON + timedelta(seconds=50))
    assert both.finish == NOON + timedelta(seconds=30)


def test_pictures_never_wait_behind_print_runs() -> None:
    assert WorkKind.PICTURE.lane is Lane.PROOF
    assert WorkKind.PRINT.lane is Lane.PRESS
