"""The places of an organisation that somebody may ask a role in."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.organisation.tree import Tier
from leaflets.storage.people import Campaign, Organisation
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class AskablePlace:
    """One campaign or node. `label` tells it from others of its name."""

    label: str
    node_id: int | None = None
    campaign_id: int | None = None


@dataclass(frozen=True, slots=True)
class AskableGroup:
    """Places of one kind, under its name."""

    label: str
    places: tuple[AskablePlace, ...]


def askable_places(session: Session, organisation_ids: Collection[int]) -> list[AskableGroup]:
    """Every place of these organisations: the campaigns first, for most who ask; the offices; then seat by seat."""
    groups: list[AskableGroup] = []
    several = len(organisation_ids) > 1
    named = select(Organisation).where(Organisation.id.in_(organisation_ids)).order_by(Organisation.name)
    for organisation in session.scalars(named):
        of = f" of {organisation.name}" if several else ""
        groups += _of_one(session, organisation, of)
    return [group for group in groups if group.places]


def _of_one(session: Session, organisation: Organisation, of: str) -> list[AskableGroup]:
    nodes = {node.id: node for node in session.scalars(select(Node).where(Node.organisation_id == organisation.id))}
    campaigns = session.scalars(
        select(Campaign).where(Campaign.node_id.in_(nodes)).order_by(Campaign.name, Campaign.id)
    )
    offices = sorted((node for node in nodes.values() if node.tier != Tier.SEAT), key=lambda node: _way(nodes, node))
    seats: dict[int, list[Node]] = {}
    for node in nodes.values():
        if node.tier == Tier.SEAT:
            seats.setdefault(_office_of(nodes, node).id, []).append(node)
    return [
        AskableGroup(
            f"Campaigns{of}", tuple(AskablePlace(_said(nodes, each), campaign_id=each.id) for each in campaigns)
        ),
        AskableGroup(
            f"Offices{of}",
            tuple(AskablePlace(f"{_told(nodes, office)}: the office", node_id=office.id) for office in offices),
        ),
        *(
            AskableGroup(
                f"Seats of {_told(nodes, office)}",
                tuple(
                    AskablePlace(f"{seat.name}: the whole {seat.area or 'seat'}", node_id=seat.id)
                    for seat in sorted(seats.get(office.id, ()), key=lambda seat: seat.name)
                ),
            )
            for office in offices
        ),
    ]


def _said(nodes: dict[int, Node], campaign: Campaign) -> str:
    """The campaign, and where it stands where its name does not say so."""
    place = nodes[campaign.node_id or 0].name
    return campaign.name if place in campaign.name else f"{campaign.name}, {place}"


def _office_of(nodes: dict[int, Node], node: Node) -> Node:
    """The node itself, or the office that it lies in where it is a seat."""
    way = [nodes[node_id] for node_id in node.way_down]
    return next(each for each in reversed(way) if each.tier != Tier.SEAT)


def _way(nodes: dict[int, Node], node: Node) -> list[str]:
    return [nodes[node_id].name for node_id in node.way_down]


def _told(nodes: dict[int, Node], office: Node) -> str:
    """An office by its way down: without the organisation, except that one itself."""
    return " · ".join(_way(nodes, office)[1:]) or office.name
