"""Where a printing house is used, and who sees its orders: what somebody looks at before they change or retire it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, joinedload

from leaflets.services.press.open_orders import OPEN
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.press import Order
from leaflets.storage.printer import Printer
from leaflets.storage.session import moment
from leaflets.storage.tree import Node, NodeSetting


@dataclass(frozen=True, slots=True)
class Use:
    """How many orders a house ever had and has open, how many leaflets chose it last, and which places name it.

    `outdated` are the open orders that print what the house no longer is. `seen_by` are the roles by which people of
    the house see its orders.
    """

    orders: int
    open_orders: int
    outdated: tuple[Order, ...]
    leaflets: int
    named_at: tuple[Node, ...]
    seen_by: tuple[Grant, ...]


def use_of(session: Session, house: Printer) -> Use:
    """Where one house is used. Nobody's standing is asked."""
    open_now = session.scalars(select(Order).where(Order.printer_id == house.id, Order.state.in_(OPEN))).all()
    held = select(Grant).where(Grant.printer_id == house.id, Grant.holds(moment(session))).order_by(Grant.id)
    names = select(NodeSetting.value, Node).join(Node, Node.id == NodeSetting.node_id)
    said = session.execute(
        names.where(NodeSetting.name == "printers", Node.organisation_id == house.organisation_id).order_by(Node.path)
    )
    return Use(
        orders=_count(session, select(func.count(Order.id)).where(Order.printer_id == house.id)),
        open_orders=len(open_now),
        outdated=tuple(order for order in open_now if not order.is_as_printer_is),
        leaflets=_count(session, select(func.count(Leaflet.id)).where(Leaflet.printer_id == house.id)),
        named_at=tuple(node for value, node in said if house.id in value),
        seen_by=tuple(session.scalars(held.options(joinedload(Grant.person), joinedload(Grant.node)))),
    )


def open_orders_of(session: Session, houses: Collection[Printer]) -> Mapping[int, int]:
    """How many orders each of these houses has open, by its id."""
    counted = (
        select(Order.printer_id, func.count(Order.id))
        .where(Order.printer_id.in_([house.id for house in houses]), Order.state.in_(OPEN))
        .group_by(Order.printer_id)
    )
    return dict(session.execute(counted).all())


def _count(session: Session, asked: Select[int]) -> int:
    return session.scalar(asked) or 0
