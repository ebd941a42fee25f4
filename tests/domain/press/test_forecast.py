from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leaflets.domain.press.forecast import OpenOrder, behind, outlook
from leaflets.domain.press.schedule import MARGIN, urgency

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)


def waiting(number: int, *, needed_in: timedelta, takes_s: float = 60) -> OpenOrder:
    needed_by = NOON + needed_in
    return OpenOrder(number, needed_by, takes_s, urgency(needed_by, takes_s, NOON), ready_at=NOON)


ORDERS = st.lists(
    st.tuples(st.timedeltas(timedelta(minutes=-10), timedelta(hours=8)), st.floats(1, 1_200)), min_size=1, max_size=25
).map(lambda rows: [waiting(n, needed_in=needed_in, takes_s=s) for n, (needed_in, s) in enumerate(rows)])


def test_two_workers_halve_the_wait_before_ours_but_not_ours() -> None:
    alone = behind(NOON, ahead=4, ahead_s=40, own_s=10, workers=1)
    both = behind(NOON, ahead=4, ahead_s=40, own_s=10, workers=2)
    assert (alone.place, alone.finish) == (5, NOON + timedelta(seconds=50))
    assert both.finish == NOON + timedelta(seconds=30)


def test_orders_stand_in_the_order_of_their_deadlines_with_the_finish_of_each() -> None:
    seen = outlook(NOON, [waiting(1, needed_in=timedelta(hours=3)), waiting(2, needed_in=timedelta(hours=2))], 1)
    assert [(each.number, each.place, each.finish - NOON) for each in seen.orders] == [
        (2, 1, timedelta(seconds=60)),
        (1, 2, timedelta(seconds=120)),
    ]
    assert seen.everything_makes_it
    assert seen.workers_needed == 1


def test_those_at_risk_are_named_and_so_is_how_many_workers_would_do() -> None:
    hour = timedelta(hours=1)
    seen = outlook(NOON, [waiting(number, needed_in=hour + MARGIN, takes_s=3_000) for number in range(4)], 1)
    assert [each.late for each in seen.orders] == [False, True, True, True]
    assert len(seen.at_risk) == 3
    assert seen.workers_needed == 4


def test_an_order_that_comes_into_its_margin_is_at_risk_though_not_late() -> None:
    seen = outlook(NOON, [waiting(1, needed_in=MARGIN, takes_s=60)], 1)
    assert [(each.at_risk, each.late) for each in seen.orders] == [(True, False)]
    assert seen.everything_makes_it
    assert seen.workers_needed == 1, "no number of workers keeps its margin, and one keeps its deadline"


def test_what_is_on_the_press_keeps_its_worker_until_it_is_done() -> None:
    running = replace(waiting(1, needed_in=timedelta(hours=9)), running_until=NOON + timedelta(seconds=30))
    seen = outlook(NOON, [running, waiting(2, needed_in=timedelta(hours=2))], 1)
    assert [(each.number, each.place, each.finish - NOON) for each in seen.orders] == [
        (1, 0, timedelta(seconds=30)),
        (2, 1, timedelta(seconds=90)),
    ]


def test_an_order_that_is_tried_again_later_waits_until_then() -> None:
    again = replace(waiting(1, needed_in=timedelta(hours=1)), ready_at=NOON + timedelta(minutes=5))
    seen = outlook(NOON, [again, waiting(2, needed_in=timedelta(hours=2))], 1)
    assert [each.number for each in seen.orders] == [2, 1]
    assert seen.orders[1].finish == NOON + timedelta(minutes=6)


def test_nothing_open_needs_one_worker_and_makes_it() -> None:
    seen = outlook(NOON, [], 3)
    assert (seen.orders, seen.everything_makes_it, seen.workers_needed) == ((), True, 1)


@given(orders=ORDERS, workers=st.integers(1, 6))
def test_with_the_workers_it_asks_for_nobody_is_late_who_need_not_be(orders: list[OpenOrder], workers: int) -> None:
    seen = outlook(NOON, orders, workers)
    assert sorted(each.number for each in seen.orders) == [order.number for order in orders]
    if seen.workers_needed is None:
        return
    then = outlook(NOON, orders, seen.workers_needed)
    estimates = {order.number: order.estimate_s for order in orders}
    could = [each for each in then.orders if NOON + timedelta(seconds=estimates[each.number]) <= each.needed_by]
    assert not [each for each in could if each.late]
