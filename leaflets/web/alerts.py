"""What somebody was told and has not seen yet: at the top of every page until they say so."""

from __future__ import annotations

from flask import Blueprint, redirect, request
from flask.typing import ResponseReturnValue

from leaflets.services import alerts
from leaflets.storage.alert import Alert
from leaflets.web import current, rescue

pages = Blueprint("alerts", __name__)


@pages.post("/alerts/seen")
def seen() -> ResponseReturnValue:
    """Note that these were seen, and go back to the page they stood on."""
    ids = [int(each) for each in request.form.getlist("alert") if each.isdecimal() and len(each) < 10]
    alerts.seen(current.session(), actor=current.actor(), now=current.now(), alert_ids=ids)
    return redirect(rescue.own_path(request.form.get("back")))


def unseen() -> list[Alert]:
    """What who is signed in has not seen yet, the newest first."""
    person = current.somebody()
    return alerts.unseen(current.session(), actor=person) if person else []
