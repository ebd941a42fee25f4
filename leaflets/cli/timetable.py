"""`leaflets timetable`: the statutory dates of an election, as a table or as JSON."""

from __future__ import annotations

import json
from datetime import date, time
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from leaflets.domain.timetable import StatutoryDate, Timetable

_NATIONS = click.Choice(["england", "wales", "scotland", "northern-ireland"])


class _Day(click.ParamType[date]):
    """A day of the calendar, written year-month-day."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> date:
        if isinstance(value, date):
            return value
        try:
            return date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"“{value}” is no day: write it as 2025-05-01.", param, ctx)


@click.command()
@click.argument("election_id")
@click.option("--nation", type=_NATIONS, help="Whose law; needed where several nations hold such elections.")
@click.option("--nominations-close", type=_Day(), help="The day the returning officer fixed, at a by-election.")
@click.option(
    "--result-declared", type=_Day(), help="When the result was declared; the day after the poll if not given."
)
@click.option("--json", "as_json", is_flag=True, help="Machine-readable.")
def timetable(
    election_id: str,
    nation: str | None,
    nominations_close: date | None,
    result_declared: date | None,
    as_json: bool,
) -> None:
    """Every statutory date of ELECTION_ID, with its rule and its law.

    Ids are Democracy Club's: parl.2019-12-12, local.2025-05-01, parl.some-seat.by.2025-05-01.
    """
    from leaflets.bank_holidays import bank_holidays
    from leaflets.domain import timetable as clock
    from leaflets.domain.election import Nation, nation_of, parse_election

    election = parse_election(election_id)
    whose = nation_of(election, Nation(nation) if nation else None)
    found = clock.timetable(
        election, whose, bank_holidays(), nominations_close=nominations_close, result_declared=result_declared
    )
    click.echo(json.dumps(_as_json(found), indent=2, ensure_ascii=False) if as_json else _as_table(found))


def _as_json(found: Timetable) -> dict[str, object]:
    return {
        "election": found.election.id,
        "nation": found.nation.value,
        "polling_day": found.election.polling_day.isoformat(),
        "events": {
            each.event.value: {
                "date": each.day.isoformat(),
                "time": f"{each.at:%H:%M}" if each.at else None,
                "rule": each.rule,
                "source": each.source,
            }
            for each in found.dates
        },
    }


def _as_table(found: Timetable) -> str:
    poll = found.election.polling_day
    lines = [(_say_day(each.day), _say_hour(each.at), each.event.label) for each in _around(found, before=True)]
    lines.append((_say_day(poll), "7 am – 10 pm", "Polling day"))
    lines += [(_say_day(each.day), _say_hour(each.at), each.event.label) for each in _around(found, before=False)]
    days, hours = max(len(line[0]) for line in lines), max(len(line[1]) for line in lines)
    # “Mayor” and the like keep their capital; “local election” gets one.
    kind = str(found.election.kind)
    head = f"{kind[0].upper()}{kind[1:]}, {found.nation.label}: {_say_day(poll)}"
    table = "\n".join(f"{day:>{days}}  {hour:>{hours}}  {what}" for day, hour, what in lines)
    by_election = any(each.event.value == "close_of_nominations_earliest" for each in found.dates)
    note = (
        "\n\nThe returning officer fixes when nominations close: say when with --nominations-close."
        if by_election
        else ""
    )
    return f"{head}\n\n{table}{note}\n\nEach rule and its law: --json."


def _around(found: Timetable, *, before: bool) -> list[StatutoryDate]:
    return [each for each in found.dates if (each.day < found.election.polling_day) is before]


def _say_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _say_hour(at: time | None) -> str:
    if at is None:
        return ""
    if at.hour == 12:
        return "noon"
    return f"{at.hour % 12} {'am' if at.hour < 12 else 'pm'}"
