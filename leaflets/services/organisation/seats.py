"""The 650 constituencies, added to the tree of an organisation where they are missing; matched by their codes."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.constituencies import Constituency, constituencies
from leaflets.domain.clock.election import Nation
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.tree import Area, Tier
from leaflets.services.organisation import places
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def missing(session: Session, node: Node) -> list[Constituency]:
    """The constituencies of a node's nation that its organisation does not have yet; none below a nation."""
    if node.tier != Tier.NATION:
        return []
    there = set(session.scalars(select(Node.code).where(Node.organisation_id == node.organisation_id, Node.code != "")))
    return [each for each in constituencies() if each.nation == node.law and each.code not in there]


def add_missing(session: Session, *, actor: Person | str, now: datetime, node_id: int) -> int:
    """Add a nation's missing constituencies directly below it: how many.

    One that stands there by name and without a code is given its code, and counts as there. Raises `Invalid` for a
    place that is no nation, `NotFound`, `Refused`.
    """
    with writing(session):
        node = places.held(session, actor, node_id)
        if node.tier != Tier.NATION:
            raise Invalid(f"{node.name} is no nation.", "Add the constituencies on the page of their nation.")
        by_name = {each.name.casefold(): each for each in _uncoded(session, node)}
        lacking, grown = missing(session, node), []
        for each in lacking:
            if known := by_name.get(each.name.casefold()):
                known.code, known.area = each.code, Area.CONSTITUENCY
            else:
                grown.append(_seat(node, each, now))
        session.add_all(grown)
        session.flush()
        for seat in grown:
            seat.path = f"{node.path}{seat.id}/"
        if lacking:
            coded = len(lacking) - len(grown)
            became = f"{len(grown)} of {node.name}{f', and the codes of {coded} more' if coded else ''}"
            places.note(session, actor, now, "constituencies added", node, became=became)
    return len(grown)


def add_all_missing(session: Session, *, now: datetime, actor: str, organisation: Node) -> dict[Nation, int]:
    """The same for all four nations of an organisation, which are added where they are missing. For programs."""
    found = {}
    for nation in Nation:
        same = select(Node).where(Node.parent_id == organisation.id, Node.nation == nation)
        node = session.scalar(same) or places.add(
            session, actor=actor, now=now, parent_id=organisation.id, tier=Tier.NATION, nation=nation
        )
        found[nation] = add_missing(session, actor=actor, now=now, node_id=node.id)
    return found


def _uncoded(session: Session, node: Node) -> list[Node]:
    below = select(Node).where(Node.path.startswith(node.path), Node.tier == Tier.SEAT, Node.code == "")
    return list(session.scalars(below.where(Node.area.in_(("", Area.CONSTITUENCY)))))


def _seat(node: Node, each: Constituency, now: datetime) -> Node:
    return Node(
        organisation_id=node.organisation_id,
        parent_id=node.id,
        tier=Tier.SEAT,
        name=each.name,
        nation=node.nation,
        code=each.code,
        area=Area.CONSTITUENCY,
        path="",
        created_at=now,
    )
