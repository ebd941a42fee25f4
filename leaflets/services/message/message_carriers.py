"""The leaflets that say a message, and how far each has come with it: what is to be done depends on that."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import ColumnElement, and_, case, func, or_, select
from sqlalchemy.orm import Session, contains_eager

from leaflets.domain.permissions import POLICY, Action
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State
from leaflets.services.message.message_uses import has_ended
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText, MessageUse
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval, Submission
from leaflets.storage.session import moment
from leaflets.storage.tree import Node


class Reached(StrEnum):
    """How far a leaflet has come with a message, in this order. The value is how people say it."""

    WRITTEN = "being written"
    WAITING = "waiting for approval"
    APPROVED = "approved"
    STOPPED = "order stopped"
    ORDERED = "ordered"
    PRINTED = "printed"


# Row: the state of an order, and how far a leaflet has come with it.
_BY_ORDER = {
    WorkState.HELD: Reached.STOPPED,
    WorkState.WAITING: Reached.ORDERED,
    WorkState.RUNNING: Reached.ORDERED,
    WorkState.FAILED: Reached.ORDERED,
    WorkState.DONE: Reached.PRINTED,
}
_ORDER = list(Reached)


@dataclass(frozen=True, slots=True)
class Carrier:
    """A leaflet that says a message: how far it has come with it, and in which zones.

    `says_it_now` is false where its words have changed since, and only what was sent or ordered still says it.
    `is_old` says that the words are those of a version that was corrected since.
    """

    leaflet: Leaflet
    reached: Reached
    zones: tuple[str, ...]
    orders: tuple[Order, ...]
    says_it_now: bool
    is_old: bool


def carriers(session: Session, message: Message, *conditions: ColumnElement[bool]) -> list[Carrier]:
    """The leaflets that say a message, in any of its languages and versions: the furthest first, then by seat.

    The conditions are on `Leaflet`, its campaign and its node.
    """
    said = (
        select(MessageUse, MessageText)
        .join(MessageUse.text)
        .join(MessageUse.leaflet)
        .join(Leaflet.campaign)
        .outerjoin(Node, Node.id == Campaign.node_id)
        .where(MessageText.message_id == message.id, *conditions)
        .options(contains_eager(MessageUse.leaflet).contains_eager(Leaflet.campaign).contains_eager(Campaign.node))
    )
    uses: dict[int, list[tuple[MessageUse, MessageText]]] = {}
    for use, text in session.execute(said).unique():
        uses.setdefault(use.leaflet_id, []).append((use, text))
    orders, approved, waiting = _of_revisions(session, {use.revision_id for rows in uses.values() for use, _ in rows})
    found = [_carrier(rows, orders, approved, waiting) for rows in uses.values()]
    return sorted(found, key=lambda one: (-_ORDER.index(one.reached), one.leaflet.election_area, one.leaflet.id))


def how_far(session: Session, message: Message, *conditions: ColumnElement[bool]) -> dict[int, Reached]:
    """How far each leaflet that says a message has come with it, by its id, in the order of `carriers`.

    For thousands: no leaflet is read. The conditions are as there.
    """
    ordered = case(*((Order.state == state, _ORDER.index(step)) for state, step in _BY_ORDER.items()), else_=0)
    approved = case((Approval.id.is_not(None), _ORDER.index(Reached.APPROVED)), else_=0)
    waits = case((Submission.id.is_not(None), _ORDER.index(Reached.WAITING)), else_=0)
    sent = Submission.leaflet_id == MessageUse.leaflet_id, Submission.revision_id == MessageUse.revision_id
    steps = (
        select(Leaflet.id, Leaflet.election_area, *(func.max(each) for each in (ordered, approved, waits)))
        .join(MessageUse, MessageUse.leaflet_id == Leaflet.id)
        .join(MessageUse.text)
        .join(Leaflet.campaign)
        .outerjoin(Node, Node.id == Campaign.node_id)
        .outerjoin(Order, Order.revision_id == MessageUse.revision_id)
        .outerjoin(Approval, and_(Approval.revision_id == MessageUse.revision_id, Approval.withdrawn_at.is_(None)))
        .outerjoin(Submission, and_(*sent, Submission.state == State.WAITING))
        .where(MessageText.message_id == message.id, *conditions)
        .group_by(Leaflet.id, Leaflet.election_area)
    )
    rows = sorted((-max(most), area, leaflet_id) for leaflet_id, area, *most in session.execute(steps))
    return {leaflet_id: _ORDER[-step] for step, _, leaflet_id in rows}


def seen_by(session: Session, actor: Person) -> ColumnElement[bool]:
    """Leaflets that somebody may see, as a condition on their campaign and its node."""
    held = select(Grant).where(Grant.person_id == actor.id, Grant.holds(moment(session)), Grant.printer_id.is_(None))
    mine = [grant for grant in session.scalars(held) if grant.role in POLICY[Action.SEE_LEAFLET]]
    offices = select(Node.path).where(Node.id.in_([grant.node_id for grant in mine if grant.node_id]))
    own = Campaign.id.in_([grant.campaign_id for grant in mine if grant.campaign_id])
    return or_(own, *(Node.path.startswith(path) for path in session.scalars(offices)))


def _carrier(
    rows: list[tuple[MessageUse, MessageText]],
    orders: Mapping[int, list[Order]],
    approved: Collection[int],
    waiting: Collection[int],
) -> Carrier:
    revisions = {use.revision_id for use, _ in rows if use.revision_id is not None}
    placed = [order for revision in revisions for order in orders.get(revision, ())]
    steps = [Reached.WRITTEN, *(_BY_ORDER[WorkState(order.state)] for order in placed)]
    steps += [Reached.APPROVED] if revisions & set(approved) else []
    steps += [Reached.WAITING] if revisions & set(waiting) else []
    now = [text for use, text in rows if use.revision_id is None]
    return Carrier(
        leaflet=rows[0][0].leaflet,
        reached=max(steps, key=_ORDER.index),
        zones=tuple(dict.fromkeys(use.zone for use, _ in rows)),
        orders=tuple(sorted(placed, key=lambda order: -order.id)),
        says_it_now=bool(now),
        is_old=any(has_ended(text) for _, text in rows),
    )


def _of_revisions(
    session: Session, revisions: Collection[int | None]
) -> tuple[dict[int, list[Order]], set[int], set[int]]:
    """The orders that print these revisions, those that an approval covers, and those that wait for one."""
    ids = [each for each in revisions if each is not None]
    orders: dict[int, list[Order]] = {}
    for order in session.scalars(select(Order).where(Order.revision_id.in_(ids), Order.state.in_(_BY_ORDER))):
        orders.setdefault(order.revision_id, []).append(order)
    good = select(Approval.revision_id).where(Approval.revision_id.in_(ids), Approval.withdrawn_at.is_(None))
    sent = select(Submission.revision_id).where(Submission.revision_id.in_(ids), Submission.state == State.WAITING)
    return orders, set(session.scalars(good)), set(session.scalars(sent))
