"""The tree: growing it, finding places on it, and who sits above them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.organisation.tree import Place, Tier
from leaflets.domain.permissions import POLICY, Action, Role
from leaflets.services import access
from leaflets.services.organisation import by_name
from leaflets.services.roles import grants
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Organisation, Person
from leaflets.storage.session import moment
from leaflets.storage.tree import Node


def planted(session: Session, *, now: datetime, organisation: Organisation, place: Place) -> Node:
    """The node of that place, grown where it is missing, inside the transaction of whoever needs it."""
    node = session.scalar(select(Node).where(Node.organisation_id == organisation.id, Node.parent_id.is_(None)))
    node = node or _grow(session, now, Tier.ORGANISATION, organisation.name, organisation.id, None, Place())
    for tier, name in place.below_organisation():
        node = _called(session, node, tier, name, place) or _grow(
            session, now, tier, name, organisation.id, node, place
        )
    return node


def find(session: Session, *, organisation: str, place: Place) -> Node:
    """The node of that place. For programs: nobody's standing is asked.

    Raises `NotFound`, and `Invalid` where its kind, or the number of its organisation, would tell it from another.
    """
    party = by_name.called(session, organisation)
    heads = select(Node).where(Node.organisation_id == party.id, Node.parent_id.is_(None)) if party else None
    node = session.scalar(heads) if heads is not None else None
    for tier, name in place.below_organisation():
        if node is not None:
            node = _called(session, node, tier, name, place)
    if node is None:
        said = ", ".join([organisation, *(name for _, name in place.below_organisation())])
        raise NotFound(f"There is no such place: {said}.", "Check its spelling, or add it first.")
    return node


def boards_of(session: Session, *, actor: Person) -> list[Node]:
    """The nodes whose boards somebody has an office for, highest first."""
    held = (
        select(Node)
        .join(Grant, Grant.node_id == Node.id)
        .where(Grant.person_id == actor.id, Grant.role.in_(POLICY[Action.SEE_BOARD]), Grant.holds(moment(session)))
        .distinct()
    )
    return sorted(session.scalars(held), key=lambda node: (node.path.count("/"), node.name))


def kept_by(session: Session, *, actor: Person) -> list[Node]:
    """The nodes that somebody administers, highest first."""
    nodes = (grant.node for grant in grants.held_by(session, actor.id) if grant.role is Role.ADMINISTRATOR)
    return sorted(
        {node.id: node for node in nodes if node}.values(), key=lambda node: (node.path.count("/"), node.name)
    )


def has_campaigns(session: Session, node: Node) -> bool:
    """Whether any campaign stands at the node or below it."""
    below = select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(node.path))
    return session.scalar(select(exists(below))) or False


def node(session: Session, *, actor: Person, node_id: int) -> Node:
    """One node, for somebody who may see its board. Raises `NotFound` or `Refused`."""
    return access.require_at(session, actor, Action.SEE_BOARD, node_id)


def way_down(session: Session, node: Node) -> Sequence[Node]:
    """The nodes from the organisation to this one."""
    return session.scalars(select(Node).where(Node.id.in_(node.way_down)).order_by(Node.path)).all()


def office_above(session: Session, node: Node | None, role: Role) -> list[Person]:
    """Everybody with that role at the node or above it, by name."""
    return grants.approvers_on(session, node.way_down, {role}) if node else []


def _called(session: Session, parent: Node, tier: Tier, name: str, place: Place) -> Node | None:
    """The node of that name directly below another. A nation is found by what it is: it may be called otherwise.

    Raises `Invalid` for a name that a council and a constituency share, say, where the place does not say its kind.
    """
    same = Node.nation == place.nation if tier is Tier.NATION else Node.name == name
    found = session.scalars(select(Node).where(Node.parent_id == parent.id, Node.tier == tier, same)).all()
    if tier is Tier.SEAT and place.area:
        of_kind = [node for node in found if node.area == place.area]
        found = of_kind or [node for node in found if not node.area]
    if len(found) > 1:
        kinds = " and ".join(sorted(f"a {node.area or node.tier}" for node in found))
        raise Invalid(f"{name} is {kinds} below {parent.name}.", "Say which of them with its kind.")
    return found[0] if found else None


def _grow(
    session: Session, now: datetime, tier: Tier, name: str, organisation_id: int, parent: Node | None, place: Place
) -> Node:
    grown = Node(
        organisation_id=organisation_id,
        parent_id=parent.id if parent else None,
        tier=tier,
        name=name,
        nation=place.nation or "",
        code=place.code if tier is Tier.SEAT else "",
        area=(place.area or "") if tier is Tier.SEAT else "",
        path="",
        created_at=now,
    )
    session.add(grown)
    session.flush()
    grown.path = f"{parent.path if parent else '/'}{grown.id}/"
    session.flush()
    return grown
