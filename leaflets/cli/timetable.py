"""`leaflets timetable`: the statutory dates of an election, as a table or as JSON."""

from __future__ import annotations

import json
from datetime import date, time
from typing import TYPE_CHECKING

import click

from leaflets.cli.day import NATIONS, Day

if TYPE_CHECKING:
    from leaflets.domain.clock.timetable import StatutoryDate, Timetable


@click.command()
@click.argument("election_id")
@click.option("--nation", type=NATIONS, help="Whose law; needed where several nations hold such elections.")
@click.option("--nominations-close", type=Day(), help="The day the returning officer fixed, at a by-election.")
@click.option(
    "--result-declared", type=Day(), help="When the result was declared; the day after the poll if not given."
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
    from leaflets.domain.clock import timetable as clock
    from leaflets.domain.clock.election import Nation, nation_of, parse_election

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
    lines = [(each.day, each.at, each.event.label) for each in _told(found)]
    lines.insert(sum(day < poll for day, _, _ in lines), (poll, None, "Polling day, 7 am to 10 pm"))
    said = [(_say_day(day), _say_hour(at), what) for day, at, what in lines]
    days, hours = max(len(line[0]) for line in said), max(len(line[1]) for line in said)
    table = "\n".join(f"{day:>{days}}  {hour:>{hours}}  {what}" for day, hour, what in said)
    kind = str(found.election.kind)
    paragraphs = [f"{kind[0].upper()}{kind[1:]}, {found.nation.label}: {_say_day(poll)}", table]
    if any(each.event.value == "close_of_nominations_earliest" for each in found.dates):
        paragraphs.append(
            "The returning officer fixes when nominations close: say when with --nominations-close, and what hangs on "
            "it is listed too."
        )
    return "\n\n".join([*paragraphs, "Each rule and its law: --json."])


def _told(found: Timetable) -> list[StatutoryDate]:
    """The lines for people: in Northern Ireland one deadline for absent votes, not thrice the same."""
    absent = any(each.event.value == "absent_vote_application" for each in found.dates)
    twice = {"postal_vote_application", "proxy_vote_application"} if absent else set()
    return [each for each in found.dates if each.event.value not in twice]


def _say_day(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"


def _say_hour(at: time | None) -> str:
    if at is None:
        return ""
    if at.hour == 12:
        return "noon"
    return f"{at.hour % 12} {'am' if at.hour < 12 else 'pm'}"
