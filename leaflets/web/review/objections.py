"""Objections: a region objects to a leaflet or to an order of it, and the nation's office answers."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Invalid
from leaflets.domain.permissions import Action, may
from leaflets.services import access, leaflets
from leaflets.services.organisation import tree
from leaflets.services.review import objections
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current, navigation, rescue
from leaflets.web.clock.plans import plan_page
from leaflets.web.typed_id import id_of

pages = Blueprint("objections", __name__)


@pages.get("/offices/<int:node_id>/objections")
def of_office(node_id: int) -> ResponseReturnValue:
    """All that is objected to below one office, with its age and its answer."""
    session, actor = current.session(), current.actor()
    node, made = objections.below(session, actor=actor, node_id=node_id)
    held = access.granted_at(session, actor, node)
    return render_template(
        "objections.html",
        node=node,
        way=tree.way_down(session, node),
        open_to={each.id for each in tree.boards_of(session, actor=actor)},
        tabs=navigation.office_ways(session, actor, node),
        made=made,
        may_answer=may(Action.ANSWER_OBJECTION, held),
    )


@pages.post("/leaflets/<int:leaflet_id>/objections")
def make(leaflet_id: int) -> ResponseReturnValue:
    """Object, in words that everybody concerned will read."""
    said_of = request.form.get("order", "")
    words = request.form.get("words", "")
    try:
        objections.make(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            words=words,
            order_id=id_of(said_of),
        )
    except Invalid as error:
        target = _about(leaflet_id, Action.OBJECT)
        return plan_page(target, problem=error, not_taken={"objection": words}, status=422)
    flash("Your objection is recorded. The campaign and the nation’s office are told.")
    return redirect(_back(leaflet_id))


@pages.post("/leaflets/<int:leaflet_id>/objections/<int:objection_id>/answer")
def answer(leaflet_id: int, objection_id: int) -> ResponseReturnValue:
    """Answer an objection, once."""
    words = request.form.get("words", "")
    try:
        found = objections.answer(
            current.session(), actor=current.actor(), now=current.now(), objection_id=objection_id, words=words
        )
    except Invalid as error:
        target = _about(leaflet_id, Action.ANSWER_OBJECTION)
        return plan_page(target, problem=error, not_taken={f"answer-{objection_id}": words}, status=422)
    flash(f"Your answer is recorded. {found.objector.name} and the campaign are told.")
    return redirect(_back(leaflet_id))


def _about(leaflet_id: int, action: Action) -> Leaflet:
    return leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id, action=action)


def _back(leaflet_id: int) -> str:
    """The page on which the form stood."""
    given = request.form.get("back", "")
    return rescue.own_path(given) if given else url_for("plans.page", leaflet_id=leaflet_id, _anchor="objections")
