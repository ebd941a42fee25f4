"""Bank holidays of the four nations: `uk-election-timetables`' calendars, and our dated list of what was proclaimed.

The library keeps gov.uk's list (Open Government Licence) for more years than gov.uk shows. Only its file is read:
its rules are wrong for several elections (tests/test_timetable_divergences.py lists them).
"""

from __future__ import annotations

import json
import tomllib
from datetime import date
from functools import cache
from importlib import resources

from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.working_days import BankHolidays, Holiday
from leaflets.domain.errors import Unavailable

_DIVISIONS = {
    Nation.ENGLAND: "england-and-wales",
    Nation.WALES: "england-and-wales",
    Nation.SCOTLAND: "scotland",
    Nation.NORTHERN_IRELAND: "northern-ireland",
}


class _Event(BaseModel):
    title: str
    date: date


class _Division(BaseModel):
    events: list[_Event]


class _Proclaimed(BaseModel):
    model_config = ConfigDict(extra="forbid")

    day: date
    title: str
    nations: list[Nation]
    proclaimed: date
    source: str


class _Proclamations(BaseModel):
    model_config = ConfigDict(extra="forbid")

    holiday: list[_Proclaimed]


@cache
def bank_holidays() -> BankHolidays:
    """Every known holiday, read once. Raises Unavailable when a calendar is missing or unreadable."""
    try:
        calendar = resources.files("uk_election_timetables").joinpath("bank-holidays.json").read_text("utf-8")
        listed = TypeAdapter(dict[str, _Division]).validate_python(json.loads(calendar))
        own = resources.files(__package__).joinpath("proclaimed.toml").read_text("utf-8")
        late = _Proclamations.model_validate(tomllib.loads(own)).holiday
        return BankHolidays(*_years(listed), {nation: _of(nation, listed, late) for nation in Nation})
    except (OSError, ModuleNotFoundError, ValueError, KeyError, ValidationError) as error:
        raise Unavailable(
            f"The bank holidays cannot be read: {error}.", "Install the project's requirements again: make."
        ) from error


def _years(listed: dict[str, _Division]) -> tuple[int, int]:
    """The years that every division has whole: gov.uk publishes whole years only."""
    years = [{event.date.year for event in division.events} for division in listed.values()]
    shared = set.intersection(*years)
    return min(shared), max(shared)


def _of(nation: Nation, listed: dict[str, _Division], late: list[_Proclaimed]) -> tuple[Holiday, ...]:
    ours = {each.day: Holiday(each.day, each.title, each.proclaimed) for each in late if nation in each.nations}
    theirs = {event.date: Holiday(event.date, event.title) for event in listed[_DIVISIONS[nation]].events}
    return tuple(holiday for _, holiday in sorted((theirs | ours).items()))
