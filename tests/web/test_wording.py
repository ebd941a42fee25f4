from datetime import UTC, datetime

import pytest

from leaflets.web.wording import count_of, deadline, exact, file_size, hour, moment, ordinal

NOW = datetime(2027, 3, 26, 14, 2, tzinfo=UTC)  # a Friday, two days before the clocks go forward


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2027, 3, 26, 9, 5, tzinfo=UTC), "09:05"),
        (datetime(2027, 3, 25, 23, 30, tzinfo=UTC), "yesterday, 23:30"),
        (datetime(2027, 3, 22, 8, 0, tzinfo=UTC), "Mon 22 Mar, 08:00"),
        (datetime(2026, 12, 31, 8, 0, tzinfo=UTC), "Thu 31 Dec 2026, 08:00"),
    ],
)
def test_a_moment_is_said_as_people_say_it(at: datetime, said: str) -> None:
    assert moment(at, NOW) == said


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2027, 3, 26, 17, 0, tzinfo=UTC), "today, 5pm"),
        (datetime(2027, 3, 27, 12, 0, tzinfo=UTC), "tomorrow, noon"),
        (datetime(2027, 3, 28, 16, 30, tzinfo=UTC), "Sun 28 Mar, 5.30pm, in 2 days"),
        (datetime(2027, 3, 28, 23, 30, tzinfo=UTC), "Mon 29 Mar, 12.30am, in 3 days"),
    ],
)
def test_a_deadline_is_in_british_time_on_both_sides_of_the_change_of_clocks(at: datetime, said: str) -> None:
    assert deadline(at, NOW) == said


def test_the_exact_time_names_its_zone() -> None:
    assert exact(NOW) == "Friday 26 March 2027, 14:02 GMT"
    assert exact(datetime(2027, 4, 1, 12, 0, tzinfo=UTC)) == "Thursday 1 April 2027, 13:00 BST"


def test_midnight_and_noon_have_names() -> None:
    assert hour(datetime(2027, 1, 1, 0, 0, tzinfo=UTC)) == "midnight"
    assert hour(datetime(2027, 1, 1, 9, 0, tzinfo=UTC)) == "9am"


def test_numbers_are_said_in_words_where_words_are_shorter_to_read() -> None:
    assert [ordinal(number) for number in (1, 3, 10, 11, 12, 21, 22, 103, 1001)] == [
        *("first", "third", "tenth", "11th", "12th", "21st", "22nd", "103rd", "1,001st")
    ]
    assert [count_of(1, "copy", "copies"), count_of(5000, "copy", "copies")] == ["1 copy", "5,000 copies"]
    assert [file_size(300), file_size(340_000), file_size(12_400_000)] == ["1 kB", "340 kB", "12.4 MB"]
