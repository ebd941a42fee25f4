"""`leaflets demo`: invented people, campaigns, printers and leaflets, so that there is something to look at."""

from __future__ import annotations

import unicodedata
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from leaflets.cli.migrate import bring_up_to_date
from leaflets.config import Config
from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Role
from leaflets.domain.printing import PressSpec, Standard

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.domain.template import Kit, Template, Values
    from leaflets.queue import Tickets
    from leaflets.storage.blobs import Blobs
    from leaflets.storage.people import Campaign, Person

SEEDER = "leaflets demo"

# Row: a printing house that does not exist, its address, and how it wants its PDF.
PRINTERS = (
    ("Slipway Press Ltd", "Unit 4, Ropery Yard, Kelverton KV1 9ZZ", PressSpec()),
    (
        "Bellwether Litho",
        "The Old Dairy, Mill Road, Ashcombe AC4 0ZZ",
        PressSpec(standard=Standard.X1A, marks=True),
    ),
    (
        "Northgate Newsprint",
        "2 Paper Mill Lane, Harrowby HB7 9ZZ",
        PressSpec(ink_limit_percent=240, min_ppi=150),
    ),
)


@click.command()
def demo() -> None:
    """Fill an empty database with the demo. Where there are people already, nothing is changed."""
    from leaflets.catalogue import load_library
    from leaflets.queue import Tickets
    from leaflets.services import people
    from leaflets.storage.blobs import Blobs
    from leaflets.storage.session import open_sessions

    config = Config.from_env()
    if not config.demo:
        raise Invalid("This is not a demo: its people can sign in without proof.", "Set LEAFLETS_DEMO=1 to try it.")
    bring_up_to_date(config)
    library = load_library(config.library_folder)
    blobs = Blobs(config.blobs_folder)
    tickets = Tickets(config.redis_url)
    with open_sessions(config.database_url)() as session:
        if people.people(session):
            click.echo("The demo is in the database already.")
            return
        now = datetime.now(UTC)
        _seed_printers(session, now)
        for number, template in enumerate(library.templates):
            kit = library.kits[number % len(library.kits)]
            _seed_leaflet(session, now, template, kit, blobs, tickets)
    click.echo(f"The demo is ready: {len(library.templates)} campaigns with a leaflet each.")


def _seed_printers(session: Session, now: datetime) -> None:
    from leaflets.services import campaigns

    for name, address, spec in PRINTERS:
        campaigns.add_printer(session, actor=SEEDER, now=now, name=name, address=address, spec=spec)


def _seed_leaflet(
    session: Session, now: datetime, template: Template, kit: Kit, blobs: Blobs, tickets: Tickets
) -> None:
    """A campaign with a candidate, an agent and a helper, and one leaflet that holds the template's sample."""
    from leaflets.domain.leaflet import Edit
    from leaflets.services import campaigns, leaflets, proofs

    sample = template.sample
    campaign = campaigns.start_campaign(
        session,
        actor=SEEDER,
        now=now,
        organisation=kit.party,
        name=f"{sample.election.candidate} for {sample.election.area}",
        kit=kit.key,
        election=sample.election,
        imprint=sample.imprint,
    )
    candidate = _seed_member(session, now, campaign, sample.election.candidate, Role.CANDIDATE)
    agent = _seed_member(session, now, campaign, sample.imprint.promoter, Role.AGENT)
    _seed_member(session, now, campaign, f"{candidate.name.split()[0]}’s helper", Role.HELPER)
    leaflet = leaflets.start_leaflet(session, actor=agent, now=now, campaign_id=campaign.id, template=template, kit=kit)
    values = _with_pictures(session, now, agent, campaign, template, blobs, tickets)
    edits = [
        Edit(op_id=f"demo-{leaflet.id}-{zone}", zone=zone, value=value, base_version=0)
        for zone, value in values.items()
    ]
    leaflets.save_edits(session, actor=agent, now=now, leaflet_id=leaflet.id, edits=edits)
    proofs.ask(session, actor=agent, now=now, tickets=tickets, leaflet_id=leaflet.id)


def _seed_member(session: Session, now: datetime, campaign: Campaign, name: str, role: Role) -> Person:
    """Somebody of that name with that role; one person may stand on several campaigns."""
    from leaflets.services import campaigns, people

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    email = f"{'.'.join(''.join(c if c.isalnum() else ' ' for c in plain).split())}@demo.example"
    person = people.person_by_email(session, email) or people.add_person(
        session, actor=SEEDER, now=now, name=name, email=email
    )
    campaigns.add_member(session, actor=SEEDER, now=now, campaign_id=campaign.id, person_id=person.id, role=role)
    return person


def _with_pictures(
    session: Session,
    now: datetime,
    agent: Person,
    campaign: Campaign,
    template: Template,
    blobs: Blobs,
    tickets: Tickets,
) -> Values:
    """The sample's values, its picture files uploaded as anybody's photos are."""
    from leaflets.services import pictures

    values = dict(template.sample.values)
    for zone, value in values.items():
        if not isinstance(value, dict) or "file" not in value:
            continue
        file = template.folder / value["file"]
        with file.open("rb") as upload:
            picture = pictures.receive(
                session,
                actor=agent,
                now=now,
                blobs=blobs,
                tickets=tickets,
                campaign_id=campaign.id,
                upload=upload,
                filename=file.name,
            )
        values[zone] = {"picture": picture.original_hash, "focus": value["focus"], "alt": value["alt"]}
    return values
