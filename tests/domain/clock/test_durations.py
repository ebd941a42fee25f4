"""Durations and printers: settings with their provenance, and what cannot be one."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date, time

import pytest
from planned import PRINTER, days, london, planned, poll

from leaflets.domain.clock.durations import DURATIONS, LONGEST, Confidence, Days, PrinterDays
from leaflets.domain.clock.landing import Aim, Landing
from leaflets.domain.clock.route import Route
from leaflets.domain.errors import Invalid


@pytest.mark.parametrize("count", [-1, LONGEST + 1, 10**9, 2.5, True, float("nan")])
def test_a_number_of_days_that_cannot_be_is_refused(count: object) -> None:
    with pytest.raises(Invalid) as refused:
        Days(count, "a slip", date(2026, 1, 5), Confidence.PRIMARY)  # type: ignore[arg-type]
    assert "whole number from 0 to" in refused.value.remedy


def test_a_figure_names_its_source_and_an_unsure_one_whom_to_check_with() -> None:
    with pytest.raises(Invalid, match="source"):
        Days(2, " ", date(2026, 1, 5), Confidence.PRIMARY)
    with pytest.raises(Invalid, match="check it with"):
        Days(2, "hearsay", date(2026, 1, 5), Confidence.UNCONFIRMED)
    told = Days(2, "hearsay", date(2026, 1, 5), Confidence.UNCONFIRMED, "Royal Mail")
    assert told.provenance == "hearsay (5 January 2026); check with Royal Mail"


def test_every_default_below_the_primary_text_says_whom_to_check_with() -> None:
    held = [getattr(DURATIONS, each.name) for each in fields(DURATIONS)]
    assert all("check with" in each.provenance for each in [*held, PRINTER.days])


@pytest.mark.parametrize("name", ["freepost_delivery", "door_to_door_handover", "hand_delivery_calendar"])
def test_a_delivery_takes_a_day_at_least(name: str) -> None:
    with pytest.raises(Invalid, match="takes a day at least"):
        DURATIONS.with_days(**{name: days(0)})


def test_a_duration_that_we_do_not_know_is_refused_with_those_we_do() -> None:
    with pytest.raises(Invalid) as refused:
        DURATIONS.with_days(coffee=days(1))
    assert "artwork_check" in refused.value.remedy


def test_a_region_has_its_own_days() -> None:
    quick = DURATIONS.with_days(approval=days(1), changes=days(0))
    ask, now = poll("parl.2017-06-08"), london("2017-03-20")
    assert planned(ask, now=now, durations=quick).latest_safe > planned(ask, now=now).latest_safe


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"open_weekdays": frozenset()}, "no open day"),
        ({"open_weekdays": frozenset({7})}, "no week has"),
        ({"cut_off": time(18)}, "do not fit together"),
        ({"cut_off": time(8)}, "do not fit together"),
        ({"opens": time(17), "closes": time(9)}, "do not fit together"),
        ({"opens": time(9), "cut_off": time(9), "closes": time(9)}, "do not fit together"),
        ({"days": Days(0, "a promise", date(2026, 1, 5), Confidence.PRIMARY)}, "in no time"),
    ],
)
def test_a_printer_that_cannot_work_is_refused(changed: dict[str, object], why: str) -> None:
    with pytest.raises(Invalid, match=why) as refused:
        replace(PRINTER, **changed)  # type: ignore[arg-type]
    assert refused.value.remedy


def test_a_printer_shut_on_every_day_that_matters_is_refused_when_it_is_counted() -> None:
    shut = replace(PRINTER, closed_dates=frozenset(date.fromordinal(n) for n in range(735_000, 737_000)))
    with pytest.raises(Invalid, match="not enough open days"):
        planned(poll("parl.2017-06-08"), now=london("2017-03-20"), printer=shut)


def test_a_printer_that_works_bank_holidays_gains_a_day_over_one_that_does_not() -> None:
    ask, now, aim = poll("parl.2017-06-08"), london("2017-03-20"), Aim(Landing.BEFORE_POLLING_DAY)
    usual = planned(ask, now=now, aim=aim, route=Route.DIRECT_MAIL)
    tireless = planned(
        ask, now=now, aim=aim, route=Route.DIRECT_MAIL, printer=replace(PRINTER, works_bank_holidays=True)
    )
    assert usual.needed_by.date() == date(2017, 5, 22)  # 29 May was a bank holiday
    assert tireless.needed_by.date() == date(2017, 5, 23)


def test_a_printer_that_opens_after_royal_mail_has_closed_has_it_ready_the_day_before() -> None:
    by_night = replace(PRINTER, opens=time(20), cut_off=time(21), closes=time(23))
    found = planned(poll("parl.2017-06-08"), now=london("2017-03-20"), printer=by_night)
    moments = {each.step.value: each.latest for each in found.steps}
    assert moments["printed"] < moments["handover"]
    assert moments["printed"].time() == time(23)


def test_a_week_reads_as_people_say_it() -> None:
    assert PrinterDays(open_weekdays=frozenset({5, 0})).week == "Monday, Saturday"
