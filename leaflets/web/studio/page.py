"""The studio's page, and everything that its script begins with."""

from __future__ import annotations

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from leaflets.services import leaflets
from leaflets.services.organisation import campaigns
from leaflets.services.press import orders
from leaflets.web import current
from leaflets.web.copies import words_without_template
from leaflets.web.known_template import template_of
from leaflets.web.studio.state import state_of

pages = Blueprint("studio", __name__, url_prefix="/leaflets")


@pages.get("/<int:leaflet_id>")
def page(leaflet_id: int) -> ResponseReturnValue:
    """The leaflet as it stands. The page holds its whole state, so that it is usable as soon as it is read."""
    session, actor = current.session(), current.actor()
    target = leaflets.leaflet(session, actor=actor, leaflet_id=leaflet_id)
    if template_of(target) is None:
        return words_without_template(target)
    return render_template(
        "studio.html",
        leaflet=target,
        state=state_of(target),
        orders=orders.orders_of(session, actor=actor, leaflet_id=leaflet_id),
        orderers=campaigns.orderers(session, actor=actor, campaign_id=target.campaign_id),
    )


@pages.get("/<int:leaflet_id>/state")
def state(leaflet_id: int) -> ResponseReturnValue:
    """The same state alone, for whoever has no page: the bench, and tests."""
    target = leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id)
    return jsonify(state_of(target))
