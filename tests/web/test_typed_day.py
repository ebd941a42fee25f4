from datetime import date, time

import pytest

from leaflets.domain.errors import Invalid
from leaflets.web.typed_day import day_of, hour_of, needed_day


def test_a_day_is_read_as_it_was_typed_and_an_empty_field_is_none() -> None:
    assert day_of(" 2027-05-06 ") == date(2027, 5, 6)
    assert day_of(" ") is None
    assert hour_of("15:30") == time(15, 30)


@pytest.mark.parametrize("typed", ["soon", "0000-00-00", "2027-02-30", "31.02.2027", "10000-01-01", "2027-04-01T10:00"])
def test_what_is_no_day_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Invalid, match=f"“{typed}” is not a day of the calendar"):
        day_of(typed)


@pytest.mark.parametrize("typed", ["0001-01-01", "1999-12-31", "2100-01-01", "9999-12-31"])
def test_a_day_from_which_nothing_can_be_counted_is_a_slip_of_the_finger(typed: str) -> None:
    with pytest.raises(Invalid, match=r"is not in this century\. Check the year"):
        day_of(typed)


def test_a_day_that_has_to_be_there_is_asked_for() -> None:
    with pytest.raises(Invalid, match=r"No day\. Give it"):
        needed_day("", "No day.", "Give it.")


@pytest.mark.parametrize("typed", ["", "25:00", "17:00+05:00", "noon"])
def test_what_is_no_hour_in_london_is_said_to_be_none(typed: str) -> None:
    with pytest.raises(Invalid, match="is no hour"):
        hour_of(typed)
