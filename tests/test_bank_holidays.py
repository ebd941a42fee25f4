"""The calendars: the library's file and our dated list, as one value."""

from __future__ import annotations

from datetime import date

from leaflets.bank_holidays import bank_holidays
from leaflets.domain.clock.election import Nation

HOLIDAYS = bank_holidays()


def holidays_of(nation: Nation) -> dict[date, date | None]:
    return {each.day: each.proclaimed for each in HOLIDAYS.of[nation]}


def test_the_calendars_cover_whole_years_and_every_nation() -> None:
    assert HOLIDAYS.first_year == 2012
    assert HOLIDAYS.last_year >= 2028
    for nation in Nation:
        years = {day.year for day in holidays_of(nation)}
        assert years == set(range(HOLIDAYS.first_year, HOLIDAYS.last_year + 1))
        assert list(holidays_of(nation)) == sorted(holidays_of(nation))


def test_nations_differ_where_the_law_differs() -> None:
    assert date(2019, 12, 2) in holidays_of(Nation.SCOTLAND)
    assert date(2019, 12, 2) not in holidays_of(Nation.ENGLAND)
    assert date(2025, 4, 21) not in holidays_of(Nation.SCOTLAND)
    assert date(2025, 3, 17) in holidays_of(Nation.NORTHERN_IRELAND)
    assert holidays_of(Nation.WALES) == holidays_of(Nation.ENGLAND)


def test_a_proclaimed_day_carries_the_day_on_which_it_was_fixed() -> None:
    assert holidays_of(Nation.ENGLAND)[date(2022, 9, 19)] == date(2022, 9, 10)
    assert holidays_of(Nation.SCOTLAND)[date(2026, 6, 15)] == date(2026, 2, 4)
    assert date(2026, 6, 15) not in holidays_of(Nation.ENGLAND)
    assert holidays_of(Nation.ENGLAND)[date(2025, 12, 25)] is None


def test_every_proclaimed_day_was_fixed_before_it_came() -> None:
    for nation in Nation:
        assert all(fixed < day for day, fixed in holidays_of(nation).items() if fixed)
