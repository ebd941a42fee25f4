"""What happens to elections, from the command line: a poll moves or stops, a council announces its postal votes."""

from __future__ import annotations

from datetime import UTC, date, datetime

import click

from leaflets.cli.day import Day
from leaflets.cli.setting_up import ACTOR, database, place_of, place_options

_organisation = click.option("--organisation", required=True, help="The party, or whoever runs campaigns together.")
_nominations = click.option("--nominations-close", type=Day(), help="At a by-election to the UK Parliament.")


@click.group()
def election() -> None:
    """The elections of an organisation; open orders follow every change at once."""


@election.command()
@click.argument("election_id")
@click.argument("to", type=Day())
@_organisation
@_nominations
def move(election_id: str, to: date, organisation: str, nominations_close: date | None) -> None:
    """Move polling day."""
    from leaflets.services.clock import elections

    with database() as (_, session):
        row = elections.find(session, organisation=organisation, ref=election_id)
        moved = elections.move(
            session, actor=ACTOR, now=datetime.now(UTC), election_id=row.id, to=to, nominations_close=nominations_close
        )
        click.echo(f"Polling day is {elections.written_out([moved])}: {moved.ref}.")


@election.command()
@click.argument("election_id")
@click.argument("day", type=Day())
@_organisation
def nominations(election_id: str, day: date, organisation: str) -> None:
    """Enter when nominations close, at a by-election to the UK Parliament."""
    from leaflets.services.clock import elections

    with database() as (_, session):
        row = elections.find(session, organisation=organisation, ref=election_id)
        elections.set_nominations(session, actor=ACTOR, now=datetime.now(UTC), election_id=row.id, day=day)
        click.echo(f"Nominations for {row.ref} close on {day.isoformat()}.")


@election.command()
@click.argument("election_id")
@click.argument("why")
@_organisation
def suspend(election_id: str, why: str, organisation: str) -> None:
    """Stop an election: a candidate has died, a court has stopped it. Its open orders are held."""
    from leaflets.services.clock import elections

    with database() as (_, session):
        row = elections.find(session, organisation=organisation, ref=election_id)
        elections.suspend(session, actor=ACTOR, now=datetime.now(UTC), election_id=row.id, why=why)
        click.echo(f"{row.ref} is suspended: {row.suspended}")


@election.command()
@click.argument("election_id")
@_organisation
def resume(election_id: str, organisation: str) -> None:
    """Let a stopped election run again, on the day that it has now."""
    from leaflets.services.clock import elections

    with database() as (_, session):
        row = elections.find(session, organisation=organisation, ref=election_id)
        elections.resume(session, actor=ACTOR, now=datetime.now(UTC), election_id=row.id)
        click.echo(f"{row.ref} runs again.")


@click.group()
def dispatch() -> None:
    """When postal votes go out."""


@dispatch.command()
@click.argument("election_id")
@_organisation
@place_options
@click.option("--council", required=True, help="Which council.")
@click.option("--said-by", required=True, help="Who or what said so: a notice, a web page, a person.")
@click.option("--said-on", type=Day(), help="When it was said; today if not given.")
@click.option("--first", type=Day(), help="The first dispatch.")
@click.option("--second", type=Day(), help="The second.")
def announce(
    *,
    election_id: str,
    organisation: str,
    nation: str | None,
    region: str,
    seat: str,
    kind: str | None,
    council: str,
    said_by: str,
    said_on: date | None,
    first: date | None,
    second: date | None,
) -> None:
    """Record what a council announced, for every campaign at a place and below."""
    from leaflets.services.clock import dispatch as announcements
    from leaflets.services.clock import elections
    from leaflets.services.organisation import tree

    now = datetime.now(UTC)
    with database() as (_, session):
        announcements.announce(
            session,
            actor=ACTOR,
            now=now,
            election_id=elections.find(session, organisation=organisation, ref=election_id).id,
            node_id=tree.find(session, organisation=organisation, place=place_of(nation, region, seat, kind)).id,
            council=council,
            said_by=said_by,
            said_on=said_on or now.date(),
            first=first,
            second=second,
        )
        click.echo(f"{council}’s dates hold at {seat or region or nation or organisation}.")
