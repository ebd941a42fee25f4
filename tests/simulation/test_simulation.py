import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st

from leaflets.cli import main
from leaflets.domain.errors import Invalid
from leaflets.domain.press.schedule import MARGIN
from leaflets.simulation.bound import surely_missed
from leaflets.simulation.policies import POLICIES
from leaflets.simulation.run import play
from leaflets.simulation.scenario import RENDERS, Order, Scenario, busiest, scenario
from leaflets.simulation.table import play_election

NOON = datetime(2027, 4, 1, 12, 0, tzinfo=UTC)


def order(number: int, *, comes: int, takes: int, due: int, unit: timedelta = timedelta(seconds=1)) -> Order:
    """An order in whole units of time from noon."""
    seconds = takes * unit.total_seconds()
    return Order(number, 0, "introduction", NOON + comes * unit, NOON + due * unit, seconds)


def drawn(unit: timedelta) -> st.SearchStrategy[list[Order]]:
    rows = st.lists(st.tuples(st.integers(0, 6), st.integers(1, 4), st.integers(1, 6)), min_size=1, max_size=6)
    return rows.map(
        lambda found: [
            order(number, comes=comes, takes=takes, due=comes + within, unit=unit)
            for number, (comes, takes, within) in enumerate(sorted(found))
        ]
    )


def fits(orders: list[Order], workers: int) -> bool:
    """Whether a preemptive schedule serves all in time: Horn's flow, in whole seconds, by augmenting paths."""
    held: dict[int, set[int]] = {}  # by whom each second is held: at most `workers`, nobody twice
    by_number = {each.number: each for each in orders}

    def place(each: Order, seen: set[int]) -> bool:
        first, last = (int((at - NOON).total_seconds()) for at in (each.ready_at, each.needed_by))
        for second in range(first, last):
            holders = held.setdefault(second, set())
            if second in seen or each.number in holders:
                continue
            seen.add(second)
            if len(holders) < workers:
                holders.add(each.number)
                return True
            for holder in sorted(holders):
                if place(by_number[holder], seen):
                    holders.remove(holder)
                    holders.add(each.number)
                    return True
        return False

    return all(place(each, set()) for each in orders for _ in range(int(each.seconds)))


def fewest_missed(orders: list[Order], workers: int) -> int:
    """The preemptive optimum, by trying every subset."""
    subsets = sorted(range(1 << len(orders)), key=lambda mask: -mask.bit_count())
    best = next(mask for mask in subsets if fits([each for each in orders if mask >> each.number & 1], workers))
    return len(orders) - best.bit_count()


@settings(max_examples=60)
@given(orders=drawn(timedelta(seconds=1)), workers=st.integers(1, 2))
def test_the_bound_is_never_above_the_preemptive_optimum(orders: list[Order], workers: int) -> None:
    assert surely_missed(orders, workers) <= fewest_missed(orders, workers)


def test_the_bound_counts_what_a_stretch_cannot_hold_and_what_nobody_can_make() -> None:
    overfull = [order(number, comes=0, takes=2, due=4) for number in range(5)]
    apart = [order(number, comes=10, takes=2, due=12) for number in range(5, 7)]
    hopeless = [order(7, comes=20, takes=5, due=22)]
    assert surely_missed([*overfull, *apart, *hopeless], 1) == 3 + 1 + 1
    assert surely_missed([*overfull, *apart, *hopeless], 2) == 1 + 0 + 1


@given(orders=drawn(timedelta(minutes=10)), workers=st.integers(1, 3), policy=st.sampled_from(list(POLICIES)))
def test_no_policy_beats_the_bound_loses_an_order_or_interrupts_one(
    orders: list[Order], workers: int, policy: str
) -> None:
    served = play(Scenario(tuple(orders), workers, 1.0, 1.0), policy)
    assert sorted(each.number for each, _, _ in served) == [each.number for each in orders]
    for each, start, end in served:
        assert start >= each.ready_at
        assert end - start == timedelta(seconds=each.seconds)
        assert sum(begun <= start < done for _, begun, done in served) <= workers
    assert sum(end > each.needed_by for each, _, end in served) >= surely_missed(orders, workers)


@given(
    rows=st.lists(st.tuples(st.integers(2, 12), st.integers(1, 30)), min_size=1, max_size=30),
    workers=st.integers(1, 3),
)
def test_where_first_come_first_served_misses_nothing_neither_do_we(rows: list[tuple[int, int]], workers: int) -> None:
    """Everything there at once, estimates that hold: deadlines hours away, renders of minutes."""
    orders = tuple(
        order(number, comes=0, takes=takes, due=hours * 60, unit=timedelta(minutes=1))
        for number, (hours, takes) in enumerate(rows)
    )
    played = Scenario(orders, workers, 1.0, 1.0)
    late = {policy: sum(end > each.needed_by for each, _, end in play(played, policy)) for policy in ("edf", "fifo")}
    if workers == 1 and late["fifo"] == 0:
        assert late["edf"] == 0


def test_one_seed_is_one_election_and_another_is_another() -> None:
    first, again, other = (scenario(650, 1, 0.5, seed) for seed in (1, 1, 2))
    assert first == again
    assert first.orders != other.orders


def test_the_load_is_met_exactly_and_orders_come_as_the_tables_say() -> None:
    seen = scenario(650, 2, 0.9, 3)
    assert busiest(seen.orders, 2) == pytest.approx(0.9)
    assert [each.ready_at for each in seen.orders] == sorted(each.ready_at for each in seen.orders)
    assert all(each.needed_by - each.ready_at >= MARGIN for each in seen.orders)
    assert {each.template for each in seen.orders} == set(RENDERS)
    assert {each.seat for each in seen.orders} == set(range(650))
    last_day = sum(each.needed_by - each.ready_at < timedelta(days=1) for each in seen.orders)
    assert 0.5 < last_day / len(seen.orders) < 0.75


@pytest.mark.parametrize("seed", range(1, 5))
def test_at_a_load_of_98_percent_we_miss_nothing_where_others_do(seed: int) -> None:
    results = play_election(seed, seats=650, workers=2, load=0.98, policies=["edf", "fifo", "rq-lanes"]).results
    assert (results["edf"].missed, results["edf"].bound) == (0, 0)
    assert results["fifo"].missed > 0
    assert results["rq-lanes"].missed > 0


def test_beyond_what_the_press_can_do_late_orders_drag_down_fewer_than_with_plain_deadlines() -> None:
    results = play_election(1, seats=650, workers=2, load=1.2, policies=["edf", "plain-edf", "fifo"]).results
    bound = results["edf"].bound
    assert 0 < bound <= results["edf"].missed < results["plain-edf"].missed < results["fifo"].missed


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: scenario(651, 1, 0.5, 1),
        lambda: scenario(1, 0, 0.5, 1),
        lambda: scenario(1, 1, 0, 1),
        lambda: play(scenario(1, 1, 0.1, 1), "lifo"),
    ],
)
def test_numbers_that_make_no_election_are_refused_in_a_sentence(wrong: Callable[[], object]) -> None:
    with pytest.raises(Invalid):
        wrong()


def test_the_command_says_it_in_json_and_in_a_table() -> None:
    given = ["simulate", "--seats", "650", "--workers", "1", "--load", "0.5", "--seed", "4"]
    said = CliRunner().invoke(main, [*given, "--policy", "edf", "--json"])
    assert said.exit_code == 0, said.output
    found = json.loads(said.output)
    assert (found["seats"], found["workers"], found["load"], found["seed"]) == (650, 1, 0.5, 4)
    assert (found["policy"], found["missed"], found["bound"], found["worst_lateness_s"]) == ("edf", 0, 0, 0)
    assert found["wait_p50_s"] <= found["wait_p95_s"] <= found["wait_p99_s"]
    table = CliRunner().invoke(main, given)
    assert table.exit_code == 0, table.output
    assert [policy for policy in POLICIES if policy not in table.output] == []
    assert "no schedule beats" in table.output
