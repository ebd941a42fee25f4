"""The press as a board sees it: where the open orders of its leaflets stand, and whether all of them make it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.press.forecast import Expected, Outlook
from leaflets.services.press import press_queue
from leaflets.storage.press import Order


@dataclass(frozen=True, slots=True)
class OnPress:
    """One open order: `place` 0 is on the press, 1 is next, counted over everybody's orders."""

    order: Order
    expected: Expected


@dataclass(frozen=True, slots=True)
class PressBoard:
    """The open orders of some leaflets, in the order of the press; `outlook` is that of the whole press."""

    orders: tuple[OnPress, ...]
    outlook: Outlook

    @property
    def at_risk(self) -> tuple[OnPress, ...]:
        """Those that need somebody's eye."""
        return tuple(each for each in self.orders if each.expected.at_risk)

    def first_of(self, leaflet_id: int) -> OnPress | None:
        """The order of a leaflet that is served first, if it has an open one."""
        return next((each for each in self.orders if each.order.leaflet_id == leaflet_id), None)


def press_board(session: Session, *, leaflet_ids: Collection[int], now: datetime, workers: int) -> PressBoard:
    """Run the policy over everything that is open, with that many workers, and pick out these leaflets.

    The caller has seen to it that the leaflets may be seen.
    """
    outlook = press_queue.outlook(session, now=now, workers=workers)
    expected = {each.number: each for each in outlook.orders}
    found = select(Order).where(Order.id.in_(expected), Order.leaflet_id.in_(leaflet_ids))
    orders = session.scalars(found.options(joinedload(Order.leaflet), joinedload(Order.printer)))
    rows = (OnPress(order, expected[order.id]) for order in orders)
    return PressBoard(tuple(sorted(rows, key=lambda each: (each.expected.place, each.expected.finish))), outlook)
