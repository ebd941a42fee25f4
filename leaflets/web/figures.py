"""For whoever runs the site: is it well, and how busy is it."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from leaflets.domain.press.schedule import Lane
from leaflets.services.roles import people
from leaflets.web import current

pages = Blueprint("figures", __name__)


@pages.get("/health")
def health() -> ResponseReturnValue:
    """200 while pages can be served. Redis away is told, and is no reason to take the site down."""
    people.person(current.session(), 0)  # the database answers, or this is a 500
    return jsonify(database="well", press="away" if current.house().watch.is_away() else "well")


@pages.get("/metrics")
def metrics() -> ResponseReturnValue:
    """The figures of this process, as Prometheus reads them; the queue's own are in the database."""
    house = current.house()
    lines = generate_latest(house.figures)
    for lane in Lane:
        waiting = house.tickets.waiting(lane)
        if waiting is not None:
            lines += f'leaflets_tickets_waiting{{lane="{lane}"}} {waiting}\n'.encode()
    return Response(lines, content_type=CONTENT_TYPE_LATEST)
