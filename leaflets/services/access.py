"""What somebody is to a campaign or to a node of the tree, and whether that is enough."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import BindParameter, CompoundSelect, bindparam, select, union_all
from sqlalchemy.orm import Session, aliased

from leaflets.domain import permissions
from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import SIGNED_IN, Action, Role
from leaflets.storage.people import Campaign, Membership, Person
from leaflets.storage.tree import Node, Post

_NOT_YOURS = "Check the address, or ask the agent of the campaign to add you."
_NOT_YOUR_OFFICE = "Check the address, or ask your organisation for a place in that office."


def roles_in(session: Session, person: Person, campaign_id: int) -> frozenset[Role]:
    """Every role that somebody holds in a campaign, by membership or by an office above it."""
    return frozenset(Role(role) for role in session.scalars(_HELD, {"person": person.id, "campaign": campaign_id}))


def roles_at(session: Session, person: Person, node: Node) -> frozenset[Role]:
    """Every role that somebody holds at a node: by an office there or above it, or in a campaign that stands there.

    A role in a campaign further down gives no say over the seats around it.
    """
    here = (
        select(Membership.role)
        .join(Campaign, Campaign.id == Membership.campaign_id)
        .where(Membership.person_id == person.id, Campaign.node_id == node.id)
        .distinct()
    )
    return frozenset(Role(role) for role in session.scalars(here)) | _posts(session, person, node.way_down)


def require(session: Session, actor: Person, action: Action, campaign_id: int, *, what: str) -> None:
    """Pass in silence, or raise.

    Somebody with no role in the campaign gets `NotFound`, as if `what` did not exist: guessing ids tells nothing.
    Somebody with the wrong role gets `Refused`.
    """
    roles = roles_in(session, actor, campaign_id)
    if not roles:
        raise not_found(what)
    permissions.require(action, roles | {SIGNED_IN})


def require_at(session: Session, actor: Person, action: Action, node_id: int) -> Node:
    """The node, for somebody who may do `action` there. Raises `NotFound` or `Refused` as `require` does."""
    node = session.get(Node, node_id)
    roles = roles_at(session, actor, node) if node else frozenset[Role]()
    if node is None or not (roles or _stands_below(session, actor, node)):
        raise NotFound("There is no such board, or you have no part in it.", _NOT_YOUR_OFFICE)
    permissions.require(action, roles | {SIGNED_IN})
    return node


def not_found(what: str) -> NotFound:
    """There is no such thing, or not for this person: the same words for both."""
    return NotFound(f"There is no such {what}, or you are not part of its campaign.", _NOT_YOURS)


def _held_in_a_campaign() -> CompoundSelect[Any]:
    """Asked before everything that anybody does, so in one statement that is put together once."""
    person: BindParameter[int] = bindparam("person")
    campaign: BindParameter[int] = bindparam("campaign")
    here = select(Membership.role).where(Membership.person_id == person, Membership.campaign_id == campaign)
    place, office = aliased(Node), aliased(Node)
    above = (
        select(Post.role)
        .join(office, office.id == Post.node_id)
        .join(place, place.path.startswith(office.path))
        .join(Campaign, Campaign.node_id == place.id)
        .where(Post.person_id == person, Campaign.id == campaign)
    )
    return union_all(here, above)


_HELD = _held_in_a_campaign()


def _stands_below(session: Session, person: Person, node: Node) -> bool:
    """Whether somebody has a part in a campaign below a node: they know that it exists, and are told what they lack."""
    below = (
        select(Membership.id)
        .join(Campaign, Campaign.id == Membership.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Membership.person_id == person.id, Node.path.startswith(node.path))
    )
    return session.scalar(below.limit(1)) is not None


def _posts(session: Session, person: Person, node_ids: Collection[int]) -> frozenset[Role]:
    held = select(Post.role).where(Post.person_id == person.id, Post.node_id.in_(node_ids))
    return frozenset(Role(role) for role in session.scalars(held))
