"""Setting up an installation from the command line: its first people, and whatever a program would rather do."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from leaflets.cli.day import NATIONS
from leaflets.config import Config
from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Area, Place
from leaflets.domain.permissions import APPROVERS, TEAM, Role
from leaflets.domain.press.printing import ElectionDetails, Imprint, PressSpec, Standard

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

ACTOR = "the command line"


@contextmanager
def database() -> Iterator[tuple[Config, Session]]:
    """The settings, and a session on the database."""
    from leaflets.storage.session import open_sessions

    config = Config.from_env()
    with open_sessions(config.database_url)() as session:
        yield config, session


def place_of(nation: str | None, region: str, seat: str, kind: str | None) -> Place:
    """The place that the options name."""
    return Place(Nation(nation) if nation else None, region, seat, area=Area(kind) if kind else None)


@click.group()
def person() -> None:
    """The people who sign in."""


@person.command("add")
@click.argument("name")
@click.argument("email")
def add_person(name: str, email: str) -> None:
    """Add somebody, and print a link with which they sign in."""
    from leaflets.services.roles import people

    with database() as (config, session):
        people.add_person(session, actor=ACTOR, now=datetime.now(UTC), name=name, email=email)
        _print_link(config, session, email)


@person.command()
@click.argument("email")
def link(email: str) -> None:
    """Print a link with which that person signs in: once, within the hour."""
    with database() as (config, session):
        _print_link(config, session, email)


def _print_link(config: Config, session: Session, email: str) -> None:
    from leaflets.services.signing_in import sign_in

    code = sign_in.make_code(session, actor=ACTOR, now=datetime.now(UTC), email=email)
    click.echo(f"{config.base_url}/sign-in?code={code}")


@click.group()
def organisation() -> None:
    """The organisations of this installation. They never see each other."""


@organisation.command("add")
@click.argument("name")
@click.option("--administrator", required=True, help="Their name.")
@click.option("--email", required=True, help="Their e-mail address, with which they sign in.")
@click.option("--seats/--no-seats", default=True, show_default=True, help="With the 650 constituencies.")
@click.option("--namesake", is_flag=True, help="Although there is another of that name: neither will ever see that.")
def add_organisation(name: str, administrator: str, email: str, seats: bool, namesake: bool) -> None:
    """Add an organisation and its first administrator, and print a link with which they sign in.

    All else is done on the site's own pages: places, people, printers, campaigns.
    """
    from leaflets.services.organisation import organisations
    from leaflets.services.organisation import seats as constituencies

    with database() as (config, session):
        now = datetime.now(UTC)
        root = organisations.add(
            session, actor=ACTOR, now=now, name=name, administrator=administrator, email=email, namesake=namesake
        )
        if seats:
            constituencies.add_all_missing(session, actor=ACTOR, now=now, organisation=root)
        click.echo(f"{root.name} is there, and {administrator} is its administrator. They sign in with this, once:")
        _print_link(config, session, email)


@organisation.command("vouch")
@click.argument("domain")
@click.option("--organisation", "name", required=True, help="Whose provider may sign in people with such addresses.")
def vouch(domain: str, name: str) -> None:
    """Say for the postmaster of DOMAIN, whom no letter reaches, that an organisation's own sign-in may vouch for it."""
    from leaflets.services.organisation import tree
    from leaflets.services.signing_in import domain_keepers

    with database() as (_, session):
        root = tree.find(session, organisation=name, place=Place())
        kept = domain_keepers.settle(
            session,
            actor=ACTOR,
            now=datetime.now(UTC),
            domain=domain.strip().lower().lstrip("@"),
            organisation_id=root.organisation_id,
        )
        click.echo(f"{kept.name} vouches for {domain}; no other does.")


@click.group()
def campaign() -> None:
    """The campaigns, and who stands on them."""


def place_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options that name a place in the tree; together they make a `Place`."""
    for option in (
        click.option(
            "--kind", type=click.Choice([area.value for area in Area]), help="Of the seat, where two share a name."
        ),
        click.option("--seat", default="", help="The constituency, ward, council or mayoralty."),
        click.option("--region", default="", help="The region of the organisation."),
        click.option("--nation", type=NATIONS, help="Whose law holds there."),
    ):
        command = option(command)
    return command


@campaign.command("add")
@click.option("--organisation", required=True, help="The party, or whoever runs campaigns together.")
@click.option("--name", required=True, help="What its people call it.")
@click.option("--kit", required=True, help="The brand kit of its leaflets.")
@click.option("--title", required=True, help="Its election as it is printed: Ashcombe Council election.")
@click.option("--election", "election_ids", multiple=True, help="Its id, local.ashcombe.2027-05-06; one or more.")
@place_options
@click.option("--area", required=True, help="The constituency, ward or other area.")
@click.option("--polling-day", default="", help="Written out, where no election is named yet: Thursday 6 May 2027.")
@click.option("--candidate", required=True, help="As on the ballot paper.")
@click.option("--promoter", required=True, help="For the imprint: usually the agent.")
@click.option("--promoter-address", required=True, help="Where the promoter can be reached.")
@click.option("--candidate-address", default="", help="If it is not the promoter's.")
def add_campaign(
    *,
    organisation: str,
    name: str,
    kit: str,
    title: str,
    election_ids: tuple[str, ...],
    nation: str | None,
    region: str,
    seat: str,
    kind: str | None,
    area: str,
    polling_day: str,
    candidate: str,
    promoter: str,
    promoter_address: str,
    candidate_address: str,
) -> None:
    """Start a campaign, and print its number."""
    from leaflets.catalogue import load_library
    from leaflets.services.organisation import campaigns

    if not election_ids and not polling_day.strip():
        raise Invalid("A leaflet has to say when polling day is.", "Give --election, or --polling-day written out.")
    with database() as (config, session):
        started = campaigns.start_campaign(
            session,
            actor=ACTOR,
            now=datetime.now(UTC),
            organisation=organisation,
            name=name,
            kit=load_library(config.library_folder).kit(kit).key,
            election=ElectionDetails(title, area, polling_day, candidate),
            imprint=Imprint("", "", promoter, promoter_address, candidate, candidate_address),
            place=place_of(nation, region, seat, kind),
            election_ids=election_ids,
        )
        click.echo(f"{started.id}")


def grant_options(command: Callable[..., None]) -> Callable[..., None]:
    """The options of a role that is given: why, and until when."""
    for option in (
        click.option("--until", type=click.DateTime(["%Y-%m-%d"]), help="Its last day; without one it has no end."),
        click.option("--because", default="", help="Why; it stands where people read who can do what."),
    ):
        command = option(command)
    return command


@campaign.command()
@click.argument("campaign_id", type=int)
@click.argument("email")
@click.argument("role", type=click.Choice(sorted(role.value for role in TEAM)))
@grant_options
def member(campaign_id: int, email: str, role: str, because: str, until: datetime | None) -> None:
    """Give somebody a role in a campaign."""
    from leaflets.services.roles import grants, people

    with database() as (_, session):
        found = people.known(session, email)
        grants.give(
            session,
            actor=ACTOR,
            now=datetime.now(UTC),
            campaign_id=campaign_id,
            person_id=found.id,
            role=Role(role),
            reason=because,
            ends_at=grants.end_of(until.date()) if until else None,
        )
        click.echo(f"{found.name} is {role} of campaign {campaign_id}.")


@click.command()
@click.argument("email")
@click.argument(
    "role", type=click.Choice(sorted(role.value for role in (*APPROVERS, Role.ADMINISTRATOR, Role.PRINTER)))
)
@click.option("--organisation", required=True)
@click.option("--house", default="", help="For a printer: the printing house whose orders they see.")
@place_options
@grant_options
def office(
    *,
    email: str,
    role: str,
    organisation: str,
    house: str,
    nation: str | None,
    region: str,
    seat: str,
    kind: str | None,
    because: str,
    until: datetime | None,
) -> None:
    """Give somebody a role on a node of the tree, and in all the campaigns below it."""
    from leaflets.services.organisation import houses_known, tree
    from leaflets.services.roles import grants, people

    with database() as (_, session):
        found = people.known(session, email)
        node = tree.find(session, organisation=organisation, place=place_of(nation, region, seat, kind))
        grants.give(
            session,
            actor=ACTOR,
            now=datetime.now(UTC),
            node_id=node.id,
            person_id=found.id,
            role=Role(role),
            printer_id=houses_known.named(session, house, organisation=organisation).id if house else None,
            reason=because,
            ends_at=grants.end_of(until.date()) if until else None,
        )
        click.echo(f"{found.name} is {Role(role).label}{f' for {house}' if house else ''} of {node.name}.")


@click.group()
def printer() -> None:
    """The printing houses, and how each wants its PDF."""


@printer.command("add")
@click.argument("name")
@click.argument("address")
@click.option(
    "--profile",
    type=click.Choice([standard.value for standard in Standard]),
    default=Standard.X4.value,
    show_default=True,
)
@click.option("--marks", is_flag=True, help="With crop and fold marks in a slug.")
@click.option("--ink", default=300, show_default=True, type=click.IntRange(100, 400), help="Most ink, in percent.")
@click.option("--ppi", default=200, show_default=True, type=click.IntRange(72, 600), help="Least pixels an inch.")
@click.option("--organisation", required=True, help="Whose people may order from it.")
@place_options
def add_printer(
    *,
    name: str,
    address: str,
    profile: str,
    marks: bool,
    ink: int,
    ppi: int,
    organisation: str,
    nation: str | None,
    region: str,
    seat: str,
    kind: str | None,
) -> None:
    """Add a printing house to an organisation, or to a place in it; its name and address complete the imprint."""
    from leaflets.services.organisation import printing_houses, tree

    spec = PressSpec(standard=Standard(profile), marks=marks, ink_limit_percent=ink, min_ppi=ppi)
    with database() as (_, session):
        node = tree.find(session, organisation=organisation, place=place_of(nation, region, seat, kind))
        printing_houses.add(
            session, actor=ACTOR, now=datetime.now(UTC), node_id=node.id, name=name, address=address, spec=spec
        )
        click.echo(f"{name} is a printer of {node.name}.")
