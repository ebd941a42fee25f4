"""The demo's other roles: somebody who looks after the party, a printing house, a designer, and two who ask."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

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
    from leaflets.services.organisation import houses_known
    from leaflets.services.roles import access_requests, grants

    if campaign.node is None:
        raise RuntimeError("Every campaign of the demo has its place in the tree.")
    root = campaign.node.way_down[0]
    house = houses_known.offered_at(session, campaign.node)[0]
    until = grants.end_of(in_london(now).date() + DRAWS_FOR)
    held: tuple[tuple[str, Role, str, dict[str, Any]], ...] = (
        (KEEPER, Role.ADMINISTRATOR, "looks after the party’s people and places", {"node_id": root}),
        (PRINTS, Role.PRINTER, f"prints at {house.name}", {"node_id": root, "printer_id": house.id}),
        (DESIGNER, Role.DESIGNER, "draws the maps", {"campaign_id": campaign.id, "ends_at": until}),
    )
    for who, role, reason, more in held:
        grants.give(session, actor=SEEDER, now=now, person_id=person(who).id, role=role, reason=reason, **more)
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
