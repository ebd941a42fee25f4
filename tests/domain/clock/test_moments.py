"""Moments in London, as people say them and as slack counts them."""

from __future__ import annotations

from datetime import time

import pytest
from planned import london, working

from leaflets.domain.clock.moments import at, has_passed, say, say_hour, slack

# Maundy Thursday 2 April 2026; then Good Friday, a weekend and Easter Monday.
LATEST = london("2026-04-02", time(12))


@pytest.mark.parametrize(
    ("now", "hour", "left"),
    [
        ("2026-03-30", time(12), 3),
        ("2026-03-30", time(12, 1), 2),
        ("2026-03-28", time(9), 3),  # a Saturday: the count begins on Monday
        ("2026-04-02", time(12), 0),
        ("2026-04-02", time(12, 1), -1),
        ("2026-04-03", time(9), -1),  # no working day has gone by before Tuesday noon
        ("2026-04-06", time(23), -1),
        ("2026-04-07", time(12), -1),
        ("2026-04-07", time(12, 1), -2),
    ],
)
def test_slack_is_counted_in_working_days_to_the_minute(now: str, hour: time, left: int) -> None:
    assert slack(london(now, hour), LATEST, working()) == left


@pytest.mark.parametrize(
    ("hour", "said"),
    [(time(12), "noon"), (time(17), "5pm"), (time(9, 30), "9.30am"), (time(0), "midnight"), (time(12, 5), "12.05pm")],
)
def test_hours_are_said_as_people_say_them(hour: time, said: str) -> None:
    assert say_hour(hour) == said


def test_the_year_is_said_where_it_is_another() -> None:
    assert say(LATEST, london("2026-01-05")) == "Thu 2 Apr, noon"
    assert say(LATEST, london("2025-12-31")) == "Thu 2 Apr 2026, noon"


def test_the_hour_that_comes_twice_in_october_is_not_mistaken() -> None:
    first = at(london("2026-10-25").date(), time(1, 30))
    second = first.replace(fold=1)
    assert has_passed(first, second)
    assert not has_passed(second, first)
