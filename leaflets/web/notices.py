"""How somebody wants to hear of what happens: at once, gathered, or on the page alone."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid
from leaflets.domain.notices import MORNING, NOTICES, Notice, Pace, paces_of
from leaflets.services import alerts
from leaflets.web import current

pages = Blueprint("notices", __name__, url_prefix="/account/notices")


@pages.get("")
def page() -> ResponseReturnValue:
    """Every kind of thing, and how it is heard of."""
    return _page(alerts.choices(current.session(), actor=current.actor()))


@pages.post("")
def choose() -> ResponseReturnValue:
    """Choose for all of them."""
    said = {kind: request.form.get(kind.value, "") for kind in NOTICES}
    known = {kind: Pace(pace) for kind, pace in said.items() if pace in set(Pace)}
    try:
        if len(known) != len(said):
            raise Invalid("One of these has no choice.", "Choose for each of them how you want to hear of it.")
        alerts.choose(current.session(), actor=current.actor(), choices=known)
    except Invalid as error:
        stands = alerts.choices(current.session(), actor=current.actor())
        return _page(stands | known, problem=error), 422
    flash("From now on you hear of things like this. What waits already still comes as it was to come.")
    return redirect(url_for("notices.page"))


def _page(choices: dict[Notice, Pace], problem: Invalid | None = None) -> str:
    rows = [(kind, rule, paces_of(kind), choices[kind]) for kind, rule in NOTICES.items()]
    return render_template("notices.html", rows=rows, morning=MORNING, problem=problem, email=current.actor().email)
