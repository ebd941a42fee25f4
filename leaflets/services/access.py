"""What somebody is to a campaign or to a node of the tree, and whether that is enough.

A grant on a node holds there and below. A printer's grant is for orders alone (`require_order`), and gives no part in
any campaign. What is in force is judged by the session's clock, when it is asked.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased

from leaflets.domain import permissions
from leaflets.domain.errors import NotFound, Refused
from leaflets.domain.permissions import SIGNED_IN, Action, Role
from leaflets.services.roles.lapsed import lapsed
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

_NOT_YOURS = "Check the address, or ask the agent of the campaign to add you."
_NOT_YOUR_OFFICE = "Check the address, or ask your organisation for a place in that office."


def roles_in(session: Session, person: Person, campaign_id: int) -> frozenset[Role]:
    """Every role that somebody holds in a campaign, given there or on a node above it."""
    asked = {"person": person.id, "campaign": campaign_id, "now": moment(session)}
    session.flush()  # as the session's own questions do; asked of its connection, it takes half the work
    return frozenset(Role(role) for role in session.connection().scalars(_HELD, asked))


def granted_at(session: Session, person: Person, node: Node) -> frozenset[Role]:
    """Every role that somebody was given on a node or above it."""
    held = select(Grant.role).where(
        Grant.person_id == person.id,
        Grant.node_id.in_(node.way_down),
        Grant.printer_id.is_(None),
        Grant.holds(moment(session)),
    )
    return frozenset(Role(role) for role in session.scalars(held))


def roles_at(session: Session, person: Person, node: Node) -> frozenset[Role]:
    """Every role that somebody holds at a node: given there or above it, or in a campaign that stands there.

    A role in a campaign further down gives no say over the seats around it.
    """
    here = (
        select(Grant.role)
        .join(Campaign, Campaign.id == Grant.campaign_id)
        .where(Grant.person_id == person.id, Campaign.node_id == node.id, Grant.holds(moment(session)))
        .distinct()
    )
    return frozenset(Role(role) for role in session.scalars(here)) | granted_at(session, person, node)


def require(session: Session, actor: Person, action: Action, campaign_id: int, *, what: str) -> None:
    """Pass in silence, or raise.

    Somebody with no role in the campaign gets `NotFound`, as if `what` did not exist: guessing ids tells nothing.
    Somebody with the wrong role gets `Refused`, and so does whoever had one until lately: it says that it has ended.
    """
    roles = roles_in(session, actor, campaign_id)
    if not roles:
        raise _over(session, actor, campaign_id) or not_found(what)
    permissions.require(action, roles | {SIGNED_IN})


def require_at(session: Session, actor: Person, action: Action, node_id: int) -> Node:
    """The node, for somebody who may do `action` there. Raises `NotFound` or `Refused` as `require` does."""
    node = session.get(Node, node_id)
    roles = roles_at(session, actor, node) if node else frozenset[Role]()
    if node is None:
        raise no_such_office()
    if not roles and not _stands_below(session, actor, node):
        raise lapsed(session, actor, node_ids=node.way_down) or no_such_office()
    permissions.require(action, roles | {SIGNED_IN})
    return node


def require_order(session: Session, actor: Person, action: Action, order: Order) -> None:
    """`require` for an order: its printer may see it too, where somebody gave them that."""
    roles = roles_with(session, actor, order)
    if not roles:
        raise _over(session, actor, order.leaflet.campaign_id) or not_found("order")
    permissions.require(action, roles | {SIGNED_IN})


def roles_with(session: Session, person: Person, order: Order) -> frozenset[Role]:
    """Every role in which somebody has to do with an order: those in its campaign, and its printer's."""
    own = {Role.PRINTER} if _prints(session, person, order) else set()
    return roles_in(session, person, order.leaflet.campaign_id) | own


def organisations_of(session: Session, person: Person) -> set[int]:
    """The organisations in which somebody holds a role; a printer works for them, not in them."""
    held = Grant.person_id == person.id, Grant.printer_id.is_(None), Grant.holds(moment(session))
    at_nodes = select(Node.organisation_id).join(Grant, Grant.node_id == Node.id).where(*held)
    in_campaigns = select(Campaign.organisation_id).join(Grant, Grant.campaign_id == Campaign.id).where(*held)
    return set(session.scalars(at_nodes)) | set(session.scalars(in_campaigns))


def not_found(what: str) -> NotFound:
    """There is no such thing, or not for this person: the same words for both."""
    return NotFound(f"There is no such {what}, or you are not part of its campaign.", _NOT_YOURS)


def no_such_office() -> NotFound:
    """There is no such place in the tree, or not for this person: the same words for both."""
    return NotFound("There is no such board, or you have no part in it.", _NOT_YOUR_OFFICE)


def _over(session: Session, person: Person, campaign_id: int) -> Refused | None:
    campaign = session.get(Campaign, campaign_id)
    above = campaign.node.way_down if campaign and campaign.node else ()
    return lapsed(session, person, node_ids=above, campaign_id=campaign_id)


def _held_in_a_campaign() -> CompoundSelect[Any]:
    """Asked before everything that anybody does, so in one statement that is put together once."""
    person: BindParameter[int] = bindparam("person")
    campaign: BindParameter[int] = bindparam("campaign")
    holds = Grant.holds(bindparam("now", type_=Grant.ends_at.type))
    here = select(Grant.role).where(Grant.person_id == person, Grant.campaign_id == campaign, holds)
    place, office = aliased(Node), aliased(Node)
    above = (
        select(Grant.role)
        .join(office, office.id == Grant.node_id)
        .join(place, place.path.startswith(office.path))
        .join(Campaign, Campaign.node_id == place.id)
        .where(Grant.person_id == person, Campaign.id == campaign, Grant.printer_id.is_(None), holds)
    )
    return union_all(here, above)


_HELD = _held_in_a_campaign()


def _stands_below(session: Session, person: Person, node: Node) -> bool:
    """Whether somebody has a part in a campaign below a node: they know that it exists, and are told what they lack."""
    below = (
        select(Grant.id)
        .join(Campaign, Campaign.id == Grant.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Grant.person_id == person.id, Node.path.startswith(node.path), Grant.holds(moment(session)))
    )
    return session.scalar(below.limit(1)) is not None


def _prints(session: Session, person: Person, order: Order) -> bool:
    node = order.leaflet.campaign.node
    held = select(Grant.id).where(
        Grant.person_id == person.id,
        Grant.printer_id == order.printer_id,
        Grant.node_id.in_({*(node.way_down if node else ()), *order.way_then}),
        Grant.holds(moment(session)),
    )
    return session.scalar(held.limit(1)) is not None
