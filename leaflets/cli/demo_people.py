"""The demo's other roles: somebody who looks after the party, a printing house, a designer, and two who ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from leaflets.cli.demo_clock import SEEDER
from leaflets.domain.clock.moments import in_london
from leaflets.domain.permissions import Role

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.storage.people import Campaign, Person

KEEPER, DESIGNER, PRINTS, ASKS, ALSO_ASKS = "Morag Keel", "Dilys Wren", "Piet Galley", "Una Marsh", "Osman Reed"
DRAWS_FOR = timedelta(days=60)
ASKED = timedelta(hours=2)


def seed_people(session: Session, now: datetime, campaign: Campaign, person: Callable[[str], Person]) -> None:
    """Each of them around one campaign and above it. `person` gives somebody of a name."""
    from leaflets.services.organisation import campaigns
    from leaflets.services.roles import access_requests, grants

    if campaign.node is None:
        raise RuntimeError("Every campaign of the demo has its place in the tree.")
    root = campaign.node.way_down[0]
    house = campaigns.printers(session)[0]
    grants.give(
        session,
        actor=SEEDER,
        now=now,
        person_id=person(KEEPER).id,
        role=Role.ADMINISTRATOR,
        node_id=root,
        reason="looks after the party’s people and places",
    )
    grants.give(
        session,
        actor=SEEDER,
        now=now,
        person_id=person(PRINTS).id,
        role=Role.PRINTER,
        node_id=root,
        printer_id=house.id,
        reason=f"prints at {house.name}",
    )
    grants.give(
        session,
        actor=SEEDER,
        now=now,
        person_id=person(DESIGNER).id,
        role=Role.DESIGNER,
        campaign_id=campaign.id,
        reason="draws the maps",
        ends_at=grants.end_of(in_london(now).date() + DRAWS_FOR),
    )
    region = campaign.node.parent_id
    for who, role, words, place in (
        (ASKS, Role.HELPER, "I live in the ward and have the evenings free.", {"campaign_id": campaign.id}),
        (ALSO_ASKS, Role.REGION, "Ruth asked me to share the office until polling day.", {"node_id": region}),
    ):
        access_requests.ask(
            session,
            actor=person(who),
            now=now - ASKED,
            role=role,
            words=words,
            organisation_id=campaign.organisation_id,
            **place,
        )
