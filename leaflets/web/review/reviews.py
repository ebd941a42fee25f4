"""Reviewing: the queue of an office, one submission with what needs a person, and what is decided about it.

Whoever decides is led straight on to what waits next. What cannot be done, because something changed a second ago or
somebody else was first, comes back as the page of what waits now, with everything that was typed.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.errors import Conflict, Invalid, LeafletsError
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import ZoneState
from leaflets.domain.words.comparison import compare_leaflets
from leaflets.services.review import (
    decisions,
    objections,
    offices,
    own_words,
    passing,
    returning,
    revision_pictures,
    under_review,
    undoing,
)
from leaflets.services.review.decisions import Overtaken
from leaflets.services.review.under_review import Reading
from leaflets.storage.people import Person
from leaflets.storage.press import Proof
from leaflets.storage.review import Submission
from leaflets.web import current, slips
from leaflets.web.known_template import template_of
from leaflets.web.refusals import status_of
from leaflets.web.review.comments import zone_of
from leaflets.web.review.review_view import (
    labels_of,
    pictures_of,
    places_of,
    settled_of,
    threads_of,
)
from leaflets.web.review.review_words import deadline_class, onward_words, pass_by, waited
from leaflets.web.review.suggested_words import suggested

pages = Blueprint("approvals", __name__)

_NO_STAGE = -1  # of a form that does not say which: it is told what waits

pages.add_app_template_filter(lambda at: pass_by(at, current.now()), "pass_by")
pages.add_app_template_filter(lambda at: deadline_class(at, current.now()), "deadline_class")
pages.add_app_template_filter(lambda at: waited(at, current.now()), "waited")


@pages.get("/approvals/<int:submission_id>")
def page(submission_id: int) -> ResponseReturnValue:
    """One submission: what needs a person, old words beside new, on its pages."""
    return _page(_reading(submission_id))


@pages.get("/approvals/<int:submission_id>/pages")
def pictures(submission_id: int) -> ResponseReturnValue:
    """The pages of the revision, as far as the press has drawn them."""
    return _pictures(_seen(submission_id))


@pages.post("/approvals/<int:submission_id>/pages")
def draw(submission_id: int) -> ResponseReturnValue:
    """Ask the press for the pages of the revision, for somebody who looks at them."""
    submission = _seen(submission_id)
    proof = revision_pictures.ask(
        current.session(),
        actor=current.actor(),
        now=current.now(),
        tickets=current.house().tickets,
        revision_id=submission.revision_id,
        action=Action.REVIEW,
    )
    return _pictures(submission, proof)


@pages.post("/approvals/<int:submission_id>/pass")
def pass_(submission_id: int) -> ResponseReturnValue:
    """Pass one zone, or all that wait; and the same words in other leaflets where that is asked."""
    known = _decision(submission_id)
    zones, everywhere = request.form.getlist("zone"), request.form.get("everywhere", "")
    although = request.form.get("although") == "yes"
    try:
        if everywhere:
            passed = passing.pass_everywhere(current.session(), **known, zone=everywhere)
        elif zones:
            passed = passing.pass_zones(current.session(), **known, zones=zones, although_asked=although)
        else:
            passed = passing.pass_all(current.session(), **known, although_asked=although)
    except Conflict as error:
        return _not_taken(submission_id, error)
    labels = [each.label for each in passed.zones]
    elsewhere = f", and in {passed.elsewhere} more" if passed.elsewhere else ""
    said = f"Passed in {_called(passed.submission)}{elsewhere}: {', '.join(labels) or 'the same words'}."
    _decided(passed.submission, known, said)
    return _rest_of(passed.submission) if zones or everywhere else _onwards(submission_id)


@pages.post("/approvals/<int:submission_id>/change")
def ask_change(submission_id: int) -> ResponseReturnValue:
    """Ask for a change of one zone, with the words that would do where somebody wrote them."""
    submission = _seen(submission_id)
    key = request.form.get("zone", "")
    template = template_of(submission.leaflet)
    words_now = submission.revision.content["values"].get(key)
    known = _decision(submission_id)
    try:
        if template is None:
            raise Invalid("This leaflet’s template is no longer in the library.", "Send it back, and say why.")
        asked = returning.ask_change(
            current.session(),
            **known,
            zone=key,
            words=request.form.get("words", ""),
            template=template,
            suggestion=suggested(zone_of(submission.leaflet, key), words_now, request.form),
            op_id=request.form.get("op_id") or None,
        )
    except (Conflict, Invalid) as error:
        return _not_taken(submission_id, error)
    said = f"Asked for a change in {_called(submission)}. The campaign sees it in the studio, at its place."
    _decided(submission, known | {"now": asked.at}, said)  # a second press of the button asks for nothing new
    return _rest_of(submission)


@pages.post("/approvals/<int:submission_id>/return")
def send_back(submission_id: int) -> ResponseReturnValue:
    """Send the leaflet back to the campaign, with a reason."""
    submission = _seen(submission_id)
    known = _decision(submission_id)
    try:
        returning.send_back(current.session(), **known, because=request.form.get("because", ""))
    except (Conflict, Invalid) as error:
        return _not_taken(submission_id, error)
    flash(f"Sent back: {_called(submission)}. The campaign reads why.")
    _offer_undo(submission, known)
    return _onwards(submission_id)


@pages.post("/approvals/<int:submission_id>/undo")
def undo(submission_id: int) -> ResponseReturnValue:
    """Undo what this person decided a moment ago; then it waits for them again, and they are led back to it."""
    about: dict[str, Any] = {"actor": current.actor(), "now": current.now(), "submission_id": submission_id}
    try:
        undone = undoing.undo(current.session(), **about, decided_at=slips.moment())
    except Conflict as error:
        return _not_taken(submission_id, error)
    flash(f"Undone: {_called(undone)} stands as it did before.")
    return redirect(url_for("approvals.page", submission_id=submission_id))


def _decided(submission: Submission, known: dict[str, Any], said: str) -> None:
    """Say what was decided and where the leaflet goes with it, with the way to undo it."""
    flash(" ".join(part for part in (said, onward_words(submission, known["stage"])) if part))
    _offer_undo(submission, known)


def _offer_undo(submission: Submission, known: dict[str, Any]) -> None:
    slips.offer(url_for("approvals.undo", submission_id=submission.id), known["now"])


def _decision(submission_id: int) -> dict[str, Any]:
    return {
        "actor": current.actor(),
        "now": current.now(),
        "submission_id": submission_id,
        "content_hash": request.form.get("content", ""),
        "stage": request.form.get("stage", default=_NO_STAGE, type=int),
    }


def _reading(submission_id: int) -> Reading:
    return under_review.reading(current.session(), actor=current.actor(), submission_id=submission_id)


def _seen(submission_id: int) -> Submission:
    return decisions.seen(current.session(), current.actor(), submission_id, Action.REVIEW)


def _rest_of(submission: Submission) -> ResponseReturnValue:
    """To what else of this leaflet waits for this person, and on to what waits next where nothing does."""
    session, actor = current.session(), current.actor()
    own = own_words.of(session, actor, submission)
    waits = [zone for zone in decisions.open_zones(submission) if zone.state == ZoneState.WAITING]
    waiting = [zone for zone in waits if not own.bars(zone)]
    if waiting and offices.may_answer(session, actor, submission):
        return redirect(url_for("approvals.page", submission_id=submission.id, _anchor=f"zone-{waiting[0].zone}"))
    return _onwards(submission.id)


def _onwards(submission_id: int) -> ResponseReturnValue:
    return redirect(url_for("review_queue.next_one", after=submission_id))


def _not_taken(submission_id: int, error: LeafletsError) -> ResponseReturnValue:
    """The page of what waits now, saying why nothing was done, with what was typed."""
    newer = error.newer_id if isinstance(error, Overtaken) else None
    return make_response(_page(_reading(newer or submission_id), problem=error), status_of(error))


def _page(reading: Reading, problem: LeafletsError | None = None) -> str:
    session, submission = current.session(), reading.submission
    target = submission.leaflet
    threads = threads_of(target)
    places = places_of(reading, threads)
    here = {place.zone.zone for place in places}
    template = template_of(target)
    changed = (
        compare_leaflets(template.zones, problem.before, problem.after)
        if isinstance(problem, Overtaken) and template
        else ()
    )
    return render_template(
        "review.html",
        reading=reading,
        submission=submission,
        leaflet=target,
        places=places,
        settled=settled_of(reading),
        threads=[view for view in threads if view.thread.comment.zone not in here],
        pictures=pictures_of(submission, here, threads),
        objections=objections.of_leaflet(session, actor=current.actor(), leaflet_id=target.id),
        problem=problem,
        changed=changed,
        typed=request.form if problem else {},
        may_review=reading.may_answer,
        labels=labels_of(target),
        ended_by=session.get(Person, submission.ended_by) if submission.ended_by else None,
        number=uuid4().hex[:16],
        back=url_for("approvals.page", submission_id=submission.id),
    )


def _pictures(submission: Submission, proof: Proof | None = None) -> ResponseReturnValue:
    lit = {zone.zone for zone in decisions.open_zones(submission)}
    shown = pictures_of(submission, lit, threads_of(submission.leaflet), proof)
    labels = labels_of(submission.leaflet)
    return render_template("parts/lit-pages.html", submission=submission, pictures=shown, labels=labels)


def _called(submission: Submission) -> str:
    return f"{submission.leaflet.title}, {submission.leaflet.election_area}"
