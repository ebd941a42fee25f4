"""The approval of one leaflet: how it stands, what was passed by whom, what was ever sent, what was said."""

from __future__ import annotations

from uuid import uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import LASTING, State
from leaflets.domain.words.comparison import words_in
from leaflets.services import leaflets
from leaflets.services.review import approved, objections, sending, taking_back, under_review
from leaflets.services.review.judgement import NotReady
from leaflets.services.review.sending import StepsOpen
from leaflets.storage.leaflet import Leaflet
from leaflets.web import current
from leaflets.web.known_template import template_of
from leaflets.web.refusals import status_of
from leaflets.web.review.review_view import labels_of, threads_of
from leaflets.web.review.review_words import zone_words
from leaflets.web.studio.approval import approval_json

pages = Blueprint("leaflet_approval", __name__, url_prefix="/leaflets")


@pages.get("/<int:leaflet_id>/approval")
def page(leaflet_id: int) -> ResponseReturnValue:
    """Everything about the approval of a leaflet."""
    return _page(_leaflet(leaflet_id, Action.SEE_APPROVAL))


@pages.post("/<int:leaflet_id>/approval")
def send(leaflet_id: int) -> ResponseReturnValue:
    """Send the leaflet for approval as it stands."""
    target = _leaflet(leaflet_id, Action.SEND_FOR_REVIEW)
    template = template_of(target)
    try:
        if template is None:
            raise NotFound(
                f"{target.template_ref} is no longer in the library.", "Move the leaflet to another template."
            )
        sent = sending.send(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            leaflet_id=leaflet_id,
            template=template,
            note=request.form.get("note", ""),
            content_hash=request.form.get("content") or None,
            anyway=request.form.get("anyway") == "yes",
        )
    except (Conflict, Invalid) as error:
        return _refused(leaflet_id, error)
    flash("Approved: nobody had to look at anything." if sent.state == State.APPROVED else "Sent for approval.")
    return redirect(url_for("leaflet_approval.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/approval/take-back")
def take_back(leaflet_id: int) -> ResponseReturnValue:
    """Take back what waits."""
    sent = approved.standing(current.session(), target=_leaflet(leaflet_id, Action.SEND_FOR_REVIEW)).submission
    if sent is not None:
        sending.take_back(current.session(), actor=current.actor(), now=current.now(), submission_id=sent.id)
        flash("Taken back. What was passed stays passed.")
    return redirect(url_for("leaflet_approval.page", leaflet_id=leaflet_id))


@pages.post("/<int:leaflet_id>/approval/passes/<zone>/take-back")
def take_back_pass(leaflet_id: int, zone: str) -> ResponseReturnValue:
    """An office takes back what it passed; whatever rests on it prints no more."""
    target = _leaflet(leaflet_id, Action.REVIEW)
    held = approved.standing(current.session(), target=target).zones.get(zone)
    try:
        if held is None:
            raise Conflict("Nothing was passed in that place.", "Look at what is passed, below.")
        taking_back.take_back_pass(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            submission_id=held.submission_id,
            zone=zone,
            because=request.form.get("because", ""),
        )
    except (Conflict, Invalid) as error:
        return _refused(target.id, error)
    flash(f"You took back “{held.label}”. What was approved on it prints no more.")
    return redirect(url_for("leaflet_approval.page", leaflet_id=leaflet_id))


def _refused(leaflet_id: int, error: LeafletsError) -> ResponseReturnValue:
    return make_response(_page(_leaflet(leaflet_id, Action.SEE_APPROVAL), problem=error), status_of(error))


def _leaflet(leaflet_id: int, action: Action) -> Leaflet:
    return leaflets.leaflet(current.session(), actor=current.actor(), leaflet_id=leaflet_id, action=action)


def _page(target: Leaflet, problem: LeafletsError | None = None) -> str:
    session, actor, now = current.session(), current.actor(), current.now()
    template = template_of(target)
    known = {zone.key: zone for zone in template.zones} if template else {}
    standing = approved.standing(session, target=target)
    passed = [
        (
            zone,
            "".join(word.text for word in words_in(known.get(zone.zone), zone.words)),
            zone_words(zone, zone.submission, now),
        )
        for zone in standing.zones.values()
    ]
    return render_template(
        "leaflet-approval.html",
        leaflet=target,
        standing=standing,
        shown=approval_json(target) if template else None,
        zones=passed,
        labels=labels_of(target),
        sent=under_review.sent_of(session, target),
        threads=threads_of(target),
        objections=objections.of_leaflet(session, actor=actor, leaflet_id=target.id),
        problem=problem,
        problems=problem.problems if isinstance(problem, NotReady) else (),
        steps=problem.steps if isinstance(problem, StepsOpen) else (),
        typed=request.form if problem else {},
        may_edit=current.may(Action.EDIT_LEAFLET, target.campaign_id),
        lasting=LASTING,
        may_review=current.may(Action.REVIEW, target.campaign_id),
        may_order=standing.approval is not None and current.may(Action.ORDER_PRINT, target.campaign_id),
        certificate=url_for("certificates.page", leaflet_id=target.id) if standing.approval else "",
        number=uuid4().hex[:16],
        back=url_for("leaflet_approval.page", leaflet_id=target.id),
    )
