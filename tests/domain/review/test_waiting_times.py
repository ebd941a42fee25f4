from datetime import timedelta

import pytest

from leaflets.domain.review.waiting_times import FEW, Wait, said, scale, times

HOURS = [timedelta(hours=hour) for hour in (1, 2, 3, 30, 40)]


def test_half_the_longest_and_what_still_waits_are_told_apart() -> None:
    waits = [Wait(each, answered=True, late=each > HOURS[2]) for each in HOURS]
    found = times([*waits, Wait(timedelta(hours=90), answered=False, moved=True)])
    assert (found.answered, found.half, found.longest) == (5, HOURS[2], HOURS[4])
    assert (found.waiting, found.oldest, found.furthest) == (1, timedelta(hours=90), HOURS[4])
    assert (found.late, found.moved, found.deemed) == (2, 1, 0)


def test_of_too_few_there_is_no_median_and_of_none_nothing() -> None:
    few = times([Wait(each, answered=True) for each in HOURS[: FEW - 1]])
    assert (few.half, few.longest) == (None, HOURS[3])
    nothing = times([])
    assert (nothing.half, nothing.longest, nothing.oldest, nothing.furthest) == (None, None, None, timedelta())


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(seconds=3), "a minute"),
        (timedelta(minutes=25), "25 minutes"),
        (timedelta(minutes=61), "1 hour"),
        (timedelta(hours=7), "7 hours"),
        (timedelta(hours=8), "1 day"),
        (timedelta(hours=12), "1½ days"),
        (timedelta(hours=15.5), "2 days"),
        (timedelta(hours=100), "12 days"),
    ],
)
def test_office_time_reads_as_people_say_it(length: timedelta, words: str) -> None:
    assert said(length) == words


@pytest.mark.parametrize(
    ("days", "marks"), [(0, (0, 1)), (2.2, (0, 1, 2, 3)), (7, (0, 2, 4, 6, 8)), (60, (0, 20, 40, 60))]
)
def test_an_axis_begins_at_nothing_and_has_few_marks(days: float, marks: tuple[int, ...]) -> None:
    assert scale(timedelta(hours=8 * days)) == marks
