"""What holds for a place because of where it hangs: read before and after a move, to say what follows from it."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.clock.moments import in_london
from leaflets.domain.organisation.moving import Holding, Surroundings, Waiting
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State, ZoneState
from leaflets.services.message import messages
from leaflets.services.organisation import houses_known
from leaflets.services.press.open_orders import OPEN
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.message import Message, MessageText
from leaflets.storage.people import Campaign
from leaflets.storage.press import Order
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import moment
from leaflets.storage.tree import Node


def of(session: Session, node: Node, *, sent: Collection[int] = ()) -> Surroundings:
    """Of a place, with all that lies below it, as it hangs now. `sent` are submissions to be read though they ended.

    Nobody's standing is asked.
    """
    below = Leaflet.campaign_id.in_(
        select(Campaign.id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(node.path))
    )
    return Surroundings(
        people=_people(session, node),
        houses=_houses(session, node),
        open_orders=_open_orders(session, below),
        held=_held(session, below),
        messages=_messages(session, node),
        waiting=_waiting(session, below, sent),
    )


def _people(session: Session, node: Node) -> list[Holding]:
    """Who holds a role above the place. What is given on it or below it goes with it."""
    above = select(Grant).where(Grant.node_id.in_(node.way_down[:-1]), Grant.holds(moment(session)))
    held = session.scalars(above.options(*map(joinedload, (Grant.person, Grant.node, Grant.printer))))
    return [
        Holding(
            each.person_id,
            each.person.name,
            each.role,
            each.node.name,
            each.printer_id or 0,
            each.printer.name if each.printer else "",
        )
        for each in held
        if each.node is not None
    ]


def _houses(session: Session, node: Node) -> frozenset[tuple[str, int]]:
    standing = select(Campaign.node_id).join(Node, Node.id == Campaign.node_id).where(Node.path.startswith(node.path))
    places = session.scalars(select(Node).where(Node.id.in_(standing))).all()
    offered = houses_known.offered_at_each(session, places or [node])
    return frozenset((house.name, place_id) for place_id, houses in offered.items() for house in houses)


def _open_orders(session: Session, below: ColumnElement[bool]) -> dict[str, int]:
    counted = select(Order.printer_name, func.count(Order.id)).join(Leaflet, Leaflet.id == Order.leaflet_id)
    rows = session.execute(counted.where(below, Order.state.in_(OPEN)).group_by(Order.printer_name))
    return dict(rows.all())


def _held(session: Session, below: ColumnElement[bool]) -> dict[int, str]:
    held = select(Order.id, Leaflet.title, Order.reason).join(Leaflet, Leaflet.id == Order.leaflet_id)
    rows = session.execute(held.where(below, Order.state == WorkState.HELD))
    return {number: f"“{title}”. {reason}" for number, title, reason in rows}


def _messages(session: Session, node: Node) -> dict[int, str]:
    today = in_london(moment(session)).date()
    known = select(Message).where(
        Message.node_id.in_(node.way_down),
        Message.id.in_(select(MessageText.message_id).join(MessageText.message).where(*messages.in_use(today))),
    )
    usable = messages.usable_by(session, node, session.scalars(known).all())
    return {each.id: each.title for each in usable}


def _waiting(session: Session, below: ColumnElement[bool], also: Collection[int]) -> dict[int, Waiting]:
    sent = (
        select(Submission)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .where(below, or_(Submission.state == State.WAITING, Submission.id.in_(also)))
        .options(joinedload(Submission.leaflet), joinedload(Submission.asked_of))
        .order_by(Submission.id)
    )
    found = session.scalars(sent).all()
    labels = select(ReviewZone.submission_id, ReviewZone.label).where(
        ReviewZone.submission_id.in_([each.id for each in found]), ReviewZone.state != ZoneState.PASSED
    )
    zones: dict[int, set[str]] = {each.id: set() for each in found}
    for submission_id, label in session.execute(labels):
        zones[submission_id].add(label)
    return {
        each.id: Waiting(
            each.leaflet.title,
            each.asked_of.name if each.asked_of else "",
            State(each.state),
            frozenset(zones[each.id]),
        )
        for each in found
    }
