"""Working days as election law counts them: which days are skipped depends on the election, the event and the nation.

Bank holidays come in as a value (`BankHolidays`); nothing here reads a file or a clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Holiday:
    """A bank holiday, or a day of public thanksgiving or mourning.

    `proclaimed` is the day on which it was fixed; None for the yearly ones of the Banking and Financial Dealings Act
    1971, which everybody knows long before.
    """

    day: date
    title: str
    proclaimed: date | None = None


@dataclass(frozen=True, eq=False)
class BankHolidays:
    """Every nation's holidays for whole years, both ends included. Two are the same only if they are one object."""

    first_year: int
    last_year: int
    of: Mapping[Nation, tuple[Holiday, ...]]

    def span(self) -> str:
        """The years as people say them."""
        return f"{self.first_year} to {self.last_year}"


class Skips(StrEnum):
    """Whose holidays a rule does not count, beside weekends, Christmas Eve, Christmas Day and Good Friday.

    The value finishes the sentence "not counting weekends, Christmas Eve, Christmas Day, Good Friday and …".
    """

    ANY_UK_BEFORE_DISSOLUTION = "bank holidays of any part of the UK, unless fixed after the dissolution"
    ANY_UK = "bank holidays of any part of the UK"
    OWN = "the nation's own bank holidays"
    OWN_AND_EASTER_MONDAY = "the nation's own bank holidays and Easter Monday"
    OWN_AND_MAUNDY_THURSDAY = "the nation's own bank holidays and Maundy Thursday"


@dataclass(frozen=True, eq=False)
class WorkingDays:
    """The days that count, in order, and the years for which they are known."""

    days: tuple[date, ...]
    years: str

    def counts(self, day: date) -> bool:
        """Whether the day is a working day here."""
        at = bisect_left(self.days, day)
        return at < len(self.days) and self.days[at] == day

    def before(self, day: date, count: int) -> date:
        """The `count`-th working day before `day`, which itself is not counted. Raises Invalid past the calendar."""
        return self._nth(bisect_left(self.days, day) - count, day)

    def after(self, day: date, count: int) -> date:
        """The `count`-th working day after `day`, which itself is not counted. Raises Invalid past the calendar."""
        return self._nth(bisect_left(self.days, day + _DAY) + count - 1, day)

    def on_or_after(self, day: date) -> date:
        """`day` if it counts, else the next that does. Raises Invalid past the calendar."""
        return self._nth(bisect_left(self.days, day), day)

    def between(self, early: date, late: date) -> int:
        """How many working days before `late` the day `early` is: the inverse of `before`."""
        return bisect_left(self.days, late) - bisect_left(self.days, early)

    def also(self, *days: date) -> WorkingDays:
        """The same, with these days counting as well."""
        return WorkingDays(tuple(sorted({*self.days, *days})), self.years)

    def _nth(self, index: int, near: date) -> date:
        if not 0 <= index < len(self.days):
            raise Invalid(
                f"Counting from {near.day} {near:%B %Y} leaves the years whose bank holidays are known ({self.years}).",
                "Choose a day well inside those years, or update the bank holidays.",
            )
        return self.days[index]


def easter_sunday(year: int) -> date:
    """Easter in the Gregorian calendar, by the anonymous computus (Meeus, Astronomical Algorithms, ch. 8)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    leap = (32 + 2 * e + 2 * i - h - k) % 7
    m = (a + 11 * h + 22 * leap) // 451
    month, day = divmod(h + leap - 7 * m + 114, 31)
    return date(year, month, day + 1)


@lru_cache(maxsize=64)
def working_days(holidays: BankHolidays, nation: Nation, skips: Skips) -> WorkingDays:
    """The working days of every known year under one rule in one nation.

    `ANY_UK_BEFORE_DISSOLUTION` is as `ANY_UK` here: `fixed_too_late` finds what a given dissolution adds.
    """
    off = {each.day for one in whose_holidays(nation, skips) for each in holidays.of[one]}
    for year in range(holidays.first_year, holidays.last_year + 1):
        easter = easter_sunday(year)
        off |= {date(year, 12, 24), date(year, 12, 25), easter - 2 * _DAY}
        if skips is Skips.OWN_AND_EASTER_MONDAY:
            off.add(easter + _DAY)
        if skips is Skips.OWN_AND_MAUNDY_THURSDAY:
            off.add(easter - 3 * _DAY)
    first, last = date(holidays.first_year, 1, 1), date(holidays.last_year, 12, 31)
    every = (first + n * _DAY for n in range((last - first).days + 1))
    return WorkingDays(tuple(day for day in every if day.weekday() < 5 and day not in off), holidays.span())


@lru_cache(maxsize=64)
def _proclaimed(holidays: BankHolidays, nations: frozenset[Nation]) -> tuple[Holiday, ...]:
    return tuple(each for nation in nations for each in holidays.of[nation] if each.proclaimed)


def fixed_too_late(holidays: BankHolidays, nations: frozenset[Nation], since: date, until: date) -> frozenset[date]:
    """Days off in these nations after `since` and up to `until` that were fixed as holidays only after `since`.

    A day that is off for another reason as well, such as a yearly holiday of another of the nations, is not among
    them.
    """
    proclaimed = (each for each in _proclaimed(holidays, nations) if since < each.day <= until)
    late = {each.day for each in proclaimed if each.proclaimed and each.proclaimed > since}
    if not late:
        return frozenset()
    known = (each for nation in nations for each in holidays.of[nation])
    fixed = {each.day for each in known if not (each.proclaimed and each.proclaimed > since)}
    return frozenset(day for day in late - fixed if day.weekday() < 5 and day != easter_sunday(day.year) - 2 * _DAY)


def whose_holidays(nation: Nation, skips: Skips) -> frozenset[Nation]:
    """Whose bank holidays a rule skips in this nation."""
    return frozenset(Nation if skips in (Skips.ANY_UK, Skips.ANY_UK_BEFORE_DISSOLUTION) else (nation,))
