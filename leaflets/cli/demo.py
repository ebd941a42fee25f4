"""`leaflets demo`: invented people, campaigns, printers and leaflets, so that there is something to look at."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

from leaflets.cli import demo_reviews
from leaflets.cli.demo_clock import REGION, SEEDER, election_standing, seed_offices
from leaflets.cli.demo_messages import seed_messages
from leaflets.cli.demo_past import STARTED, seed_places, seed_words
from leaflets.cli.demo_people import seed_people
from leaflets.cli.migrate import bring_up_to_date
from leaflets.config import Config
from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.standing import Standing
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Place
from leaflets.domain.permissions import Role
from leaflets.domain.press.printing import ElectionDetails, Imprint, PressSpec, Standard

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.catalogue import Library
    from leaflets.domain.template import Kit, Template, Values
    from leaflets.queue import Tickets
    from leaflets.storage.blobs import Blobs
    from leaflets.storage.people import Campaign, Person

STANDINGS = (Standing.ON_TIME, Standing.TIGHT, Standing.LATE)

# Row: a seat of the first party beside the templates' own, and who stands there.
NEIGHBOURS = (("Saltmarsh West", "Ines Calder"), ("Northquay", "Reuben Sayle"))

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
    from leaflets.services.roles import people
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
        for number, template in enumerate(library.templates):
            kit = library.kits[number % len(library.kits)]
            standing = STANDINGS[number % len(STANDINGS)]
            _seed_leaflet(session, now, template, kit, standing, blobs, tickets)
        _seed_printers(session, now)
        _seed_neighbours(session, now, library.templates, library.kits[0])
        _seed_reviews(session, now, library, library.kits[0])
        seed_messages(session, now)
    click.echo(f"The demo is ready: {len(library.templates)} campaigns with a leaflet each, and an office above them.")


def _seed_printers(session: Session, now: datetime) -> None:
    """The same houses for each party: they print for everybody, and no party sees another's."""
    from leaflets.services.organisation import organisations, printing_houses

    for root in organisations.roots(session):
        for name, address, spec in PRINTERS:
            printing_houses.add(session, actor=SEEDER, now=now, node_id=root.id, name=name, address=address, spec=spec)


def _seed_leaflet(
    session: Session, now: datetime, template: Template, kit: Kit, standing: Standing, blobs: Blobs, tickets: Tickets
) -> None:
    """A campaign with a candidate, an agent and a helper, and one leaflet that holds the template’s sample by now."""
    from leaflets.services import leaflets
    from leaflets.services.press import proofs

    election = template.sample.election
    campaign, agent = _seed_campaign(session, now, kit, election, template.sample.imprint, standing)
    started = leaflets.start_leaflet(
        session, actor=agent, now=now - STARTED, campaign_id=campaign.id, template=template, kit=kit
    )
    values = _with_pictures(session, now, agent, campaign, template, blobs, tickets)
    helper = _person(session, now, _helper_of(election.candidate))
    seed_words(session, now, started, template, helper=helper, agent=agent, values=values)
    for leaflet in (started, *seed_places(session, now, started, template, agent)):
        proofs.ask(session, actor=agent, now=now, tickets=tickets, leaflet_id=leaflet.id)


def _seed_neighbours(session: Session, now: datetime, templates: Sequence[Template], kit: Kit) -> None:
    """Two more campaigns of the first party, each with a leaflet that nobody has begun, and the offices above them."""
    from leaflets.services import leaflets

    late = None
    for (area, candidate), template, standing in zip(NEIGHBOURS, templates[1:], STANDINGS[1:], strict=False):
        election = replace(template.sample.election, area=area, candidate=candidate)
        imprint = replace(template.sample.imprint, on_behalf_of=candidate)
        campaign, agent = _seed_campaign(session, now, kit, election, imprint, standing)
        late = leaflets.start_leaflet(
            session, actor=agent, now=now, campaign_id=campaign.id, template=template, kit=kit
        )
    if late is not None:
        seed_offices(session, now, late, lambda name: _person(session, now, name))
        seed_people(session, now, late.campaign, lambda name: _person(session, now, name))


def _seed_reviews(session: Session, now: datetime, library: Library, kit: Kit) -> None:
    """More seats of the first party, whose leaflets its region asks to see."""
    template = next(each for each in library.templates if each.name == demo_reviews.TEMPLATE)

    def campaign_for(area: str, candidate: str, standing: Standing) -> tuple[Campaign, Person]:
        election = replace(template.sample.election, area=area, candidate=candidate)
        imprint = replace(template.sample.imprint, on_behalf_of=candidate)
        return _seed_campaign(session, now, kit, election, imprint, standing)

    demo_reviews.seed_reviews(session, now, template, kit, campaign_for)


def _seed_campaign(
    session: Session, now: datetime, kit: Kit, election: ElectionDetails, imprint: Imprint, standing: Standing
) -> tuple[Campaign, Person]:
    """A campaign in an election whose day makes its leaflets stand so, and its agent."""
    from leaflets.services.organisation import campaigns
    from leaflets.services.roles import grants

    title = election.title
    if standing is not Standing.ON_TIME and "by-election" not in title:
        title = title.replace("election", "by-election")
    campaign = campaigns.start_campaign(
        session,
        actor=SEEDER,
        now=now,
        organisation=kit.party,
        name=f"{election.candidate} for {election.area}",
        kit=kit.key,
        election=replace(election, title=title),
        imprint=imprint,
        place=Place(Nation.ENGLAND, REGION, election.area),
        election_ids=election_standing(now, standing, election.area),
    )
    for name, role in (
        (election.candidate, Role.CANDIDATE),
        (imprint.promoter, Role.AGENT),
        (_helper_of(election.candidate), Role.HELPER),
    ):
        person = _person(session, now, name)
        grants.give(session, actor=SEEDER, now=now, campaign_id=campaign.id, person_id=person.id, role=role)
    return campaign, _person(session, now, imprint.promoter)


def _helper_of(candidate: str) -> str:
    return f"{candidate.split(maxsplit=1)[0]}’s helper"


def _person(session: Session, now: datetime, name: str) -> Person:
    """Somebody of that name; one person may stand on several campaigns."""
    from leaflets.services.roles import people

    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    email = f"{'.'.join(''.join(c if c.isalnum() else ' ' for c in plain).split())}@demo.example"
    return people.person_by_email(session, email) or people.add_person(
        session, actor=SEEDER, now=now, name=name, email=email
    )


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
    from leaflets.services.picture import pictures

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
