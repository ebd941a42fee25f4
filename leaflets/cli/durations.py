"""How long things take, from the command line: in an office and below it, and at a printer."""

from __future__ import annotations

from datetime import UTC, date, datetime, time

import click

from leaflets.cli.day import Day
from leaflets.cli.setting_up import ACTOR, database, place_of, place_options, printer
from leaflets.domain.clock.durations import Confidence, Days, PrinterDays
from leaflets.domain.errors import Invalid


@click.command()
@click.argument("name")
@click.argument("days", type=int)
@click.option("--source", required=True, help="Who says so.")
@click.option("--as-of", type=Day(), help="When; today if not given.")
@click.option("--check-with", default="", help="Who can confirm it, if it is hearsay.")
@click.option("--organisation", required=True, help="The party, or whoever runs campaigns together.")
@place_options
def duration(
    name: str,
    days: int,
    source: str,
    as_of: date | None,
    check_with: str,
    organisation: str,
    nation: str | None,
    region: str,
    seat: str,
    kind: str | None,
) -> None:
    """Say how many DAYS one thing takes at a place and below: NAME is approval, changes, artwork_check and so on."""
    from leaflets.services.clock import durations
    from leaflets.services.organisation import tree

    told = _days(days, source, as_of, check_with)
    with database() as (_, session):
        node = tree.find(session, organisation=organisation, place=place_of(nation, region, seat, kind))
        durations.set_duration(session, actor=ACTOR, now=datetime.now(UTC), node_id=node.id, name=name, days=told)
        click.echo(f"{name} takes {days} days at {node.name}: {told.provenance}.")


@printer.command()
@click.argument("name")
@click.argument("days", type=int)
@click.option("--cut-off", default="12:00", show_default=True, help="A PDF after this hour counts for the next day.")
@click.option("--weekdays", default="01234", show_default=True, help="When it works; 0 is Monday.")
@click.option("--closed", multiple=True, type=Day(), help="A day on which it does not; as many as there are.")
@click.option("--bank-holidays", is_flag=True, help="It works on bank holidays.")
@click.option("--source", required=True, help="Who says so.")
@click.option("--as-of", type=Day(), help="When; today if not given.")
@click.option("--organisation", default="", help="Whose printer, where several have one of that name.")
def hours(
    name: str,
    days: int,
    cut_off: str,
    weekdays: str,
    closed: tuple[date, ...],
    bank_holidays: bool,
    source: str,
    as_of: date | None,
    organisation: str,
) -> None:
    """Say how many working DAYS the printer NAME takes, and when it works."""
    from leaflets.services.clock import durations
    from leaflets.services.organisation import houses_known

    with database() as (_, session):
        found = houses_known.named(session, name, organisation=organisation)
        told = PrinterDays(
            name=found.name,
            days=_days(days, source, as_of, ""),
            cut_off=_hour(cut_off),
            open_weekdays=frozenset(_weekday(day) for day in weekdays),
            closed_dates=frozenset(closed),
            works_bank_holidays=bank_holidays,
        )
        durations.set_printer_days(session, actor=ACTOR, now=datetime.now(UTC), printer_id=found.id, hours=told)
        click.echo(f"{found.name} takes {days} working days: {told.week}, PDFs by {cut_off}.")


def _days(count: int, source: str, as_of: date | None, check_with: str) -> Days:
    sure = Confidence.SECONDARY if check_with else Confidence.PRIMARY
    return Days(count, source, as_of or datetime.now(UTC).date(), sure, check_with)


def _hour(text: str) -> time:
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text}” is no hour.", "Write it as 15:30.") from None


def _weekday(text: str) -> int:
    if text not in "0123456":
        raise Invalid(f"“{text}” is no weekday.", "Weekdays run from 0 (Monday) to 6.")
    return int(text)
