"""Who may give, end or change which role where."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, Refused
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS, Action, Role, may, may_give
from leaflets.services import access
from leaflets.storage.people import Campaign, Person
from leaflets.storage.tree import Node

# Which approver sits where. An organisation that has no offices in the nations answers at its root.
_SITS = {Role.REGION: (Tier.REGION,), Role.NATION: (Tier.NATION, Tier.ORGANISATION)}


@dataclass(frozen=True, slots=True)
class Seat:
    """Where a role is held: in one campaign, or on a node and then in all below it. One of the two is None."""

    node: Node | None = None
    campaign: Campaign | None = None

    @property
    def name(self) -> str:
        """What people call it."""
        return self.campaign.name if self.campaign else self.node.name if self.node else ""

    @property
    def stands_at(self) -> Node | None:
        """The node, or the one that the campaign stands at."""
        return self.campaign.node if self.campaign else self.node

    @property
    def path(self) -> str:
        """Where on the site its people are shown."""
        return f"/campaigns/{self.campaign.id}/people" if self.campaign else f"/offices/{self.node.id}/people"  # type: ignore[union-attr]  # one of the two it is


def seat(session: Session, *, node_id: int | None = None, campaign_id: int | None = None) -> Seat:
    """The seat of these ids. Raises `NotFound`, as it would for whoever has no part in it."""
    node = session.get(Node, node_id) if node_id is not None else None
    campaign = session.get(Campaign, campaign_id) if campaign_id is not None else None
    if (node is None) == (campaign is None):
        raise access.not_found("campaign") if campaign_id is not None else access.no_such_office()
    return Seat(node, campaign)


def seat_to_give(
    session: Session, actor: Person, *, node_id: int | None = None, campaign_id: int | None = None
) -> Seat:
    """The seat, for somebody who may give roles there. Raises `NotFound` or `Refused`."""
    where = seat(session, node_id=node_id, campaign_id=campaign_id)
    _require_at(session, actor, where)
    return where


def standings(session: Session, person: Person, where: Seat) -> frozenset[Role]:
    """The roles by which somebody may give others there. A campaign's own people give none on the node it stands at."""
    if where.campaign:
        return access.roles_in(session, person, where.campaign.id)
    return access.granted_at(session, person, where.node) if where.node else frozenset()


def check_seat(role: Role, where: Seat, printer_id: int | None) -> None:
    """Raise `Invalid` for a role that cannot be held there."""
    node = where.node
    if role in APPROVERS and (node is None or node.tier not in _SITS[role]):
        place = f"the {node.tier} {node.name}" if node else "a campaign"
        raise Invalid(f"Nobody can be {role.label} of {place}.", "A region has regional approvers, a nation national.")
    if role is Role.ADMINISTRATOR and node is None:
        raise Invalid("A campaign has no administrator.", "Give it on a node of the tree.")
    if (role is Role.PRINTER) != (printer_id is not None) or (role is Role.PRINTER and node is None):
        raise Invalid("A printer’s role is given on a node, for one printing house.", "Choose the printing house.")


def can_be_held(role: Role, where: Seat) -> bool:
    """Whether that role makes sense there, a printer's with the house to be chosen."""
    try:
        check_seat(role, where, 0 if role is Role.PRINTER else None)
    except Invalid:
        return False
    return True


def require_giver(session: Session, actor: Person, role: Role, where: Seat, *, to: int | None = None) -> None:
    """Pass in silence when `actor` may give, end or change that role there, to the person `to`; or raise.

    `NotFound` for whoever has no part in that place, `Refused` for whoever has another one there.
    """
    _require_at(session, actor, where)
    if not may_change(standings(session, actor, where), where, role):
        raise Refused(f"You may not make anybody {role.label} here.", "Ask somebody who stands above you here.")
    if actor.id == to:
        raise Refused("Nobody gives a role to themselves.", "Ask somebody else who may give it.")


def roles_to_give(session: Session, actor: Person, where: Seat) -> list[Role]:
    """The roles that somebody may give there, in their order; none where they may give none."""
    held = standings(session, actor, where)
    return [role for role in Role if may_change(held, where, role) and can_be_held(role, where)]


def may_change(held: frozenset[Role], where: Seat, role: Role) -> bool:
    """Whether somebody with these standings may give, end or change that role there."""
    return may(Action.GIVE_ROLE if where.campaign else Action.GIVE_OFFICE, held) and may_give(held, role)


def _require_at(session: Session, actor: Person, where: Seat) -> None:
    if where.campaign:
        access.require(session, actor, Action.GIVE_ROLE, where.campaign.id, what="campaign")
    elif where.node:
        access.require_at(session, actor, Action.GIVE_OFFICE, where.node.id)
