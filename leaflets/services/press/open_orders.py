"""Orders that are not printed yet follow their plans: a polling day moves, a council announces, an election stops."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from leaflets.domain.clock.standing import Plan, Standing
from leaflets.domain.leaflet import hash_of
from leaflets.domain.press.schedule import WorkKind, WorkState
from leaflets.services import audit
from leaflets.services.clock import almanac
from leaflets.services.press import press_queue
from leaflets.services.review.approved import covering_id
from leaflets.storage.election import ElectionRow
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.press import Order
from leaflets.storage.review import Approval
from leaflets.storage.tree import Node

OPEN = (WorkState.WAITING, WorkState.RUNNING)


def queue(session: Session, actor: Person | str, now: datetime, order: Order, what: str) -> None:
    """Put an order into the queue of the press, inside the transaction of whoever places it."""
    content = order.revision
    press_queue.add(
        session,
        now=now,
        kind=WorkKind.PRINT,
        subject_id=order.id,
        needed_by=order.needed_by,
        key=content.content["template"],
        inputs_hash=hash_of(
            [content.content_hash, order.approval_id, order.printer_name, order.printer_address, repr(order.press_spec)]
        ),
    )
    became = f"{order.state}: {order.quantity} by {order.needed_by.isoformat()}, {content.content_hash}"
    audit.of_order(session, actor, now, what, order, became=became)


def follow(session: Session, *conditions: ColumnElement[bool], actor: Person | str, now: datetime) -> int:
    """Every open order that meets the conditions follows its plan, inside the transaction of whoever changed it.

    The conditions are on `Leaflet`, its campaign and its node. Deadlines are those of the plan now, and the very next
    claim goes by them. An order whose election is suspended, that would print a polling day that is no more, or whose
    approval was withdrawn is held, even if it is on the press; one held for what is no longer so goes back into the
    queue. Returns how many deadlines moved.
    """
    orders = _open_or_held(session, conditions)
    unapproved = _unapproved(session, orders)
    book = almanac.almanac(session, [order.leaflet.campaign for order in orders], now=now, with_remedies=False)
    moved: dict[int, datetime] = {}
    for order in orders:
        plan = book.planned(order.leaflet, printer_id=order.printer_id).plan
        if plan and (needed_by := due(plan, order.wanted_by)) != order.needed_by:
            was, order.needed_by = order.needed_by.isoformat(), needed_by
            moved[order.id] = needed_by
            audit.of_order(session, actor, now, "order moved", order, was=was, became=needed_by.isoformat())
        why_held = plan.sentence if plan and plan.state is Standing.SUSPENDED else _outdated(order)
        why_held = why_held or unapproved.get(order.id, "")
        if why_held:
            _hold(session, actor, now, order, why_held)
        elif order.state == WorkState.HELD:
            order.state, order.reason = WorkState.WAITING, ""
            queue(session, actor, now, order, "order put back")
    press_queue.rerank(session, moved)
    return len(moved)


def due(plan: Plan, wanted_by: datetime | None) -> datetime:
    """When the PDF has to be there: as the plan says, or earlier where somebody wants it earlier."""
    return min(plan.needed_by, wanted_by) if wanted_by else plan.needed_by


def _outdated(order: Order) -> str:
    """Why an order must not be printed as it is, where it names a polling day that is no more; else nothing."""
    printed, day = order.revision.content["election"]["polling_day"], order.leaflet.polling_day
    if not order.names_polling_day or printed == day:
        return ""
    return f"Polling day is now {day}, and this order would print {printed}. Look at the leaflet, then order it again."


def why_unapproved(session: Session, order: Order) -> str:
    """Why an order must not be printed for want of an approval; else nothing.

    An order from before anybody asked for approvals has none, and needs none.
    """
    approval = session.get(Approval, order.approval_id) if order.approval_id else None
    if approval is None or approval.withdrawn_at is None:
        return ""
    return unapproved_because(approval.withdrawn_because)


def unapproved_because(because: str) -> str:
    """What an order says whose approval was withdrawn for a reason."""
    return f"What this order would print is no longer approved. {because}".strip()


def _unapproved(session: Session, orders: Sequence[Order]) -> dict[int, str]:
    """`why_unapproved`, by order. Where the same content is approved again, the order prints by that."""
    ids = {order.approval_id for order in orders if order.approval_id}
    withdrawn = select(Approval.id).where(Approval.id.in_(ids), Approval.withdrawn_at.is_not(None))
    fallen = set(session.scalars(withdrawn)) if ids else set()
    found = {}
    for order in [order for order in orders if order.approval_id in fallen]:
        if newer := covering_id(session, order.leaflet_id, order.revision.content_hash):
            order.approval_id = newer.id
        else:
            found[order.id] = why_unapproved(session, order)
    return found


def supersede_held(session: Session, *, actor: Person, now: datetime, leaflet_id: int) -> None:
    """A newer order takes the place of those that were held, inside the transaction that places it."""
    held = select(Order).where(Order.leaflet_id == leaflet_id, Order.state == WorkState.HELD)
    for order in session.scalars(held):
        order.state, order.finished_at = WorkState.SUPERSEDED, now
        audit.of_order(session, actor, now, "order replaced", order, was=WorkState.HELD, became=WorkState.SUPERSEDED)


def _hold(session: Session, actor: Person | str, now: datetime, order: Order, why: str) -> None:
    if order.state == WorkState.HELD and order.reason == why:
        return
    press_queue.withdraw(session, now=now, order_ids=[order.id])
    was, order.state, order.reason = order.state, WorkState.HELD, why
    audit.of_order(session, actor, now, "order held", order, was=was, became=why)


def _open_or_held(session: Session, conditions: Sequence[ColumnElement[bool]]) -> Sequence[Order]:
    elections = selectinload(ElectionRow.dispatches)
    wanted = (
        select(Order)
        .join(Order.leaflet)
        .join(Leaflet.campaign)
        .outerjoin(Node, Node.id == Campaign.node_id)
        .where(Order.state.in_((*OPEN, WorkState.HELD)), *conditions)
        .order_by(Order.id)
        .options(
            joinedload(Order.leaflet).joinedload(Leaflet.campaign).joinedload(Campaign.node),
            joinedload(Order.leaflet).joinedload(Leaflet.campaign).selectinload(Campaign.elections).options(elections),
            joinedload(Order.leaflet).selectinload(Leaflet.elections).options(elections),
            joinedload(Order.leaflet).selectinload(Leaflet.steps_done),
            joinedload(Order.revision),
        )
    )
    return session.scalars(wanted).unique().all()
