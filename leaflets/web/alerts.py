"""What somebody was told and has not seen yet: at the top of every page until they say so."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from leaflets.services import alerts
from leaflets.services.alerts import Told
from leaflets.web import current, rescue

pages = Blueprint("alerts", __name__)


@pages.post("/alerts/seen")
def seen() -> ResponseReturnValue:
    """Note that these were seen, and go back to the page they stood on."""
    ids = [int(each) for each in request.form.getlist("alert") if each.isdecimal() and len(each) < 10]
    alerts.seen(current.session(), actor=current.actor(), now=current.now(), alert_ids=ids)
    return redirect(rescue.own_path(request.form.get("back")))


def unseen() -> list[Told]:
    """What who is signed in has not seen yet, the newest first.

    A studio's head says how its own leaflet stands: there, that is not said a second time.
    """
    person = current.somebody()
    if person is None:
        return []
    told = alerts.unseen(current.session(), actor=person)
    if request.endpoint == "studio.page":
        here = (request.view_args or {})["leaflet_id"]
        told = [one for one in told if (one.leaflet_id, one.kind) != (here, alerts.PLAN)]
    return alerts.together(told)
