"""The orders of a printing house, for its people: those of the places they were brought in for, and nothing else.

An order that was given to them stays theirs, wherever its place is moved afterwards.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain import permissions
from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import Action, Role
from leaflets.domain.press.schedule import WorkState
from leaflets.services.roles import grants
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

OPEN = (WorkState.WAITING, WorkState.RUNNING, WorkState.HELD, WorkState.FAILED)
SHOWN_FOR = timedelta(days=60)
MOST = 300


def houses_of(session: Session, *, actor: Person) -> list[Printer]:
    """The printing houses that somebody works for, by name. Raises `NotFound` or `Refused` where they do for none."""
    held = grants.held_by(session, actor.id)
    roles = {grant.role for grant in held}
    if not roles:
        raise NotFound(
            "There is no such page, or it is not for you.", "Printing houses are brought in by their customers."
        )
    permissions.require(Action.SEE_HOUSE_ORDERS, roles)
    houses = {grant.printer.id: grant.printer for grant in held if grant.printer}
    return sorted(houses.values(), key=lambda house: house.name)


def are_read(session: Session, order: Order) -> bool:
    """Whether somebody of its printing house finds this order on the site."""
    node = order.leaflet.campaign.node
    reads = select(Grant.id).where(
        Grant.role == Role.PRINTER,
        Grant.printer_id == order.printer_id,
        Grant.node_id.in_({*(node.way_down if node else ()), *order.way_then}),
        Grant.holds(moment(session)),
    )
    return session.scalar(reads.limit(1)) is not None


def house_orders(session: Session, *, actor: Person, now: datetime) -> list[Order]:
    """What is ordered from their houses: what is not ended first, the soonest needed first; then what was, lately.

    Raises `NotFound` or `Refused` for whoever is no printer.
    """
    houses_of(session, actor=actor)
    mine = [
        and_(
            Order.printer_id == grant.printer_id,
            or_(Node.path.startswith(grant.node.path), Order.given_below(grant.node)),
        )
        for grant in grants.held_by(session, actor.id)
        if grant.role is Role.PRINTER and grant.node
    ]
    lately = or_(Order.state.in_(OPEN), Order.finished_at > now - SHOWN_FOR)
    found = session.scalars(
        select(Order)
        .join(Leaflet, Leaflet.id == Order.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(or_(*mine), lately, Order.state != WorkState.SUPERSEDED)
        .order_by(Order.state == WorkState.DONE, Order.needed_by, Order.id)
        .limit(MOST)
        .options(joinedload(Order.leaflet).joinedload(Leaflet.campaign), joinedload(Order.printer))
    )
    return list(found)
