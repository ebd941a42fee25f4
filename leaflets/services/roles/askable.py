"""The places of an organisation that somebody may ask a role in, as they are found by a few letters."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.constituencies import other_names
from leaflets.domain.organisation.gazetteer import Entry
from leaflets.domain.organisation.tree import Tier
from leaflets.storage.people import Campaign, Organisation
from leaflets.storage.tree import Node


def askable_places(session: Session, organisation_ids: Collection[int]) -> list[Entry]:
    """Every place of these organisations: the campaigns first, for most who ask; then the offices; then the seats.

    The keys are `campaign-3` and `node-7`. A place is found by the names above it too, and by its code.
    """
    several = len(organisation_ids) > 1
    named = select(Organisation).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.name)
    entries: list[Entry] = []
    for organisation in session.scalars(named):
        entries += _of_one(session, organisation, f", {organisation.name}" if several else "")
    return entries


def _of_one(session: Session, organisation: Organisation, of: str) -> list[Entry]:
    rows = session.scalars(select(Node).where(Node.organisation_id == organisation.id).order_by(Node.name, Node.id))
    nodes = {node.id: node for node in rows}
    standing = select(Campaign).join(Node, Node.id == Campaign.node_id).where(Node.organisation_id == organisation.id)
    offices = sorted((node for node in nodes.values() if node.tier != Tier.SEAT), key=lambda node: node.path.count("/"))
    return [
        *(
            _campaign(nodes, each, of)
            for each in session.scalars(standing.order_by(Campaign.name, Campaign.id))
            if each.node_id is not None
        ),
        *(_office(nodes, node, of) for node in offices),
        *(_seat(nodes, node, of) for node in nodes.values() if node.tier == Tier.SEAT),
    ]


def _campaign(nodes: dict[int, Node], campaign: Campaign, of: str) -> Entry:
    seat = nodes[campaign.node_id or 0]
    name = campaign.name if seat.name in campaign.name else f"{campaign.name}, {seat.name}"
    return Entry(f"campaign-{campaign.id}", name, f"campaign{_within(nodes, seat)}{of}", _also(nodes, seat))


def _office(nodes: dict[int, Node], office: Node, of: str) -> Entry:
    return Entry(f"node-{office.id}", office.name, f"the office{_within(nodes, office)}{of}", _also(nodes, office))


def _seat(nodes: dict[int, Node], seat: Node, of: str) -> Entry:
    kind = f"the whole {seat.area or 'seat'}"
    return Entry(f"node-{seat.id}", seat.name, f"{kind}{_within(nodes, seat)}{of}", _also(nodes, seat))


def _within(nodes: dict[int, Node], node: Node) -> str:
    """Where it lies, in two words; the organisation itself says nothing."""
    above = nodes[node.parent_id] if node.parent_id else None
    return f" in {above.name}" if above and above.parent_id else ""


def _also(nodes: dict[int, Node], node: Node) -> str:
    """What else finds it: its other name, its code, and whatever it lies in but the organisation itself."""
    return " ".join([other_names().get(node.code, ""), node.code, *(nodes[each].name for each in node.way_down[1:])])
