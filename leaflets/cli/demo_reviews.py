"""The demo's approvals: a region that asks to see what its seats say, and leaflets at every stage of that."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from leaflets.domain.clock.standing import Standing
from leaflets.domain.leaflet import Edit
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.review.approval import Asks, Office, Stage, State

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from leaflets.domain.template import Kit, Template
    from leaflets.storage.leaflet import Leaflet
    from leaflets.storage.people import Campaign, Person
    from leaflets.storage.review import Submission

TEMPLATE = "introduction"
WORKFLOW = (Stage(Office.REGION), Stage(Office.NATION, Asks.TOPICS, ("health", "constitution")))

BUSES = "A bus you can set your watch by."
PROMISES = [
    {"heading": "One ticket for every bus", "body": "On any bus, from any company, all day. Other counties have it."},
    {"heading": "A bus every half-hour until ten", "body": "On all four main roads, Sundays too, by next spring."},
    {
        "heading": "Shelters that keep the rain out",
        "body": "Thirty-one stops have none. Mended or built within a year.",
    },
]
CLINIC = [
    {
        "heading": "Reopen the walk-in clinic",
        "body": "It closed for a month, two years ago. The rooms are still there.",
    },
    {
        "heading": "A dentist who takes new patients",
        "body": "None does within twenty miles. I will ask until one does.",
    },
]

CampaignFor = Callable[[str, str, Standing], "tuple[Campaign, Person]"]
"""A campaign of the first party in a seat, for a candidate, in an election that stands so; and its agent."""


@dataclass(frozen=True, slots=True)
class Seat:
    """A seat, who stands there, what the leaflet says, and how many hours ago it was sent."""

    area: str
    candidate: str
    headline: str
    promises: list[dict[str, str]]
    about: str
    hours: int
    note: str = ""
    standing: Standing = Standing.ON_TIME


WAITING = (
    Seat("Lowerby", "Hana Ferris", BUSES, PROMISES, "I drove the 14 for eleven years.", 30, standing=Standing.TIGHT),
    Seat("Cawder Bridge", "Miles Orme", BUSES, PROMISES, "I have run the chip shop on Mill Brow since 2009.", 21),
    Seat("Thornwick", "Petra Lund", BUSES, PROMISES, "I teach the infants, and I take the 8.05.", 4),
    Seat(
        "Stanner",
        "Idris Vaughan",
        "Two more doctors for Stanner.",
        CLINIC,
        "I am a paramedic, and I live opposite the old clinic.",
        26,
        note="The clinic’s figures are the health board’s own, from its March papers.",
    ),
)
RETURNED = Seat("Graveley", "Joan Pell", "They lied to you about the quarry.", PROMISES[:2], "I am a surveyor.", 50)
RETURNED_BECAUSE = "We cannot show that anybody lied. Say what is so, and it is as strong."
SUGGESTED = "You deserve the truth about the quarry."
APPROVED = Seat("Marl Head", "Ravi Anand", "A safe way to school by September.", PROMISES[1:], "I coach football.", 70)


def seed_reviews(session: Session, now: datetime, template: Template, kit: Kit, campaign_for: CampaignFor) -> None:
    """Set the workflow on the region, and send leaflets.

    Some wait, three of them with the same words; one is returned with other words to take, one is approved, one has
    come as far as the nation.
    """
    from leaflets.services.review import passing, returning

    for number, seat in enumerate((RETURNED, APPROVED, *WAITING)):
        leaflet, agent, officer = _leaflet(session, now, template, kit, campaign_for, seat)
        if number == 0:
            _ask_to_see(session, now, officer, leaflet)
        sent = _send(session, now - timedelta(hours=seat.hours), leaflet, agent, template, seat.note)
        later = now - timedelta(hours=seat.hours - 3)
        seen: dict[str, Any] = {"now": later, "submission_id": sent.id, "content_hash": sent.revision.content_hash}
        if seat is APPROVED or seat.promises is CLINIC:
            passing.pass_all(session, actor=officer, **seen)
        if seat is RETURNED:
            passing.pass_zones(session, actor=officer, zones=["priorities"], **seen)
            returning.ask_change(
                session,
                actor=officer,
                zone="headline",
                words=RETURNED_BECAUSE,
                suggestion=SUGGESTED,
                template=template,
                **seen,
            )


def approve(session: Session, now: datetime, leaflet: Leaflet, agent: Person, template: Template) -> None:
    """Send a leaflet of the demo and have every office that is asked pass it: as people would, in their names."""
    from leaflets.services.review import passing
    from leaflets.services.roles import grants

    sent = _send(session, now, leaflet, agent, template)
    while sent.state == State.WAITING and sent.asked_of_id is not None:
        officer = grants.approvers_on(session, [sent.asked_of_id])[0]
        passing.pass_all(
            session, actor=officer, now=now, submission_id=sent.id, content_hash=sent.revision.content_hash
        )


def _send(
    session: Session, at: datetime, leaflet: Leaflet, agent: Person, template: Template, note: str = ""
) -> Submission:
    from leaflets.services.review import sending

    return sending.send(session, actor=agent, now=at, leaflet_id=leaflet.id, template=template, note=note, anyway=True)


def _leaflet(
    session: Session, now: datetime, template: Template, kit: Kit, campaign_for: CampaignFor, seat: Seat
) -> tuple[Leaflet, Person, Person]:
    """The leaflet of a seat with its words, its agent, and who answers for its region."""
    from leaflets.services import leaflets
    from leaflets.services.roles import grants
    from leaflets.services.studio import words

    campaign, agent = campaign_for(seat.area, seat.candidate, seat.standing)
    at = now - timedelta(hours=seat.hours + 2)
    started = leaflets.start_leaflet(session, actor=agent, now=at, campaign_id=campaign.id, template=template, kit=kit)
    said = {"headline": seat.headline, "priorities": seat.promises, "about": f"<p>{seat.about}</p>"}
    edits = [Edit(f"demo-{started.id}-{zone}", zone, value, 0, step="demo") for zone, value in said.items()]
    words.save_edits(session, actor=agent, now=at, leaflet_id=started.id, edits=edits)
    if campaign.node is None:
        raise RuntimeError("Every campaign of the demo has its place in the tree.")
    return started, agent, grants.approvers_on(session, [campaign.node.way_down[-2]])[0]


def _ask_to_see(session: Session, now: datetime, officer: Person, leaflet: Leaflet) -> None:
    """The region says what it wants to see."""
    from leaflets.services.organisation import settings, tree
    from leaflets.storage.people import Campaign

    node = session.get_one(Campaign, leaflet.campaign_id).node
    region = next(each for each in tree.way_down(session, node) if each.tier == Tier.REGION) if node else None
    if region is not None:
        settings.set_here(
            session,
            actor=officer,
            now=now,
            node_id=region.id,
            name="workflow",
            value=[stage.as_json() for stage in WORKFLOW],
        )
