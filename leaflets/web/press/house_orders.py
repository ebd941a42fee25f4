"""A printing house's own page: what is ordered from it, by when, and the files."""

from __future__ import annotations

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from leaflets.domain.press.schedule import WorkState
from leaflets.services.press import house_orders
from leaflets.web import current

pages = Blueprint("house_orders", __name__)


@pages.get("/press/orders")
def page() -> ResponseReturnValue:
    """Every order of the house, what is to be printed next at the top."""
    session, actor = current.session(), current.actor()
    found = house_orders.house_orders(session, actor=actor, now=current.now())
    return render_template(
        "house-orders.html",
        houses=house_orders.houses_of(session, actor=actor),
        ready=[order for order in found if order.state == WorkState.DONE],
        coming=[order for order in found if order.state != WorkState.DONE],
    )
