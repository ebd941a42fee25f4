"""When somebody is away, and who answers for them meanwhile."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from leaflets.domain.clock.moments import in_london
from leaflets.domain.errors import LeafletsError, NotFound
from leaflets.services.review import absences
from leaflets.web import current
from leaflets.web.typed_day import needed_day
from leaflets.web.typed_id import id_of

pages = Blueprint("absences", __name__, url_prefix="/account/absences")

_BOTH_DAYS = "Both days are needed.", "Choose the first day and the last; they may be the same."


@pages.get("")
def page() -> ResponseReturnValue:
    """One's own absences, those in which one answers for somebody else, and a form for the next."""
    return _page()


@pages.post("")
def note() -> ResponseReturnValue:
    """Say that one is away."""
    chosen = request.form.get("delegate", "")
    try:
        first, last = (needed_day(request.form.get(name, ""), *_BOTH_DAYS) for name in ("first", "last"))
        noted = absences.note(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            first_day=first,
            last_day=last,
            delegate_id=id_of(chosen),
        )
    except LeafletsError as error:
        return _page(error), 422
    answers = f" {noted.delegate.name} answers for you and is told." if noted.delegate else ""
    flash(f"It is noted that you are away {absences.said(noted)}.{answers}")
    return redirect(url_for("absences.page"))


@pages.post("/back")
def come_back() -> ResponseReturnValue:
    """Say that one is back, or does not go."""
    which = request.form.get("absence", "")
    try:
        ended = absences.come_back(
            current.session(),
            actor=current.actor(),
            now=current.now(),
            absence_id=id_of(which) or 0,
        )
    except NotFound as error:
        return _page(error), 422
    theirs = f" What {ended.delegate.name} was lent has ended." if ended.delegate else ""
    flash(f"You are there again: whatever waits for your office waits for you.{theirs}")
    return redirect(url_for("absences.page"))


def _page(problem: LeafletsError | None = None) -> str:
    session, actor, now = current.session(), current.actor(), current.now()
    return render_template(
        "absences.html",
        own=absences.of(session, actor=actor, now=now),
        theirs=absences.answering_for(session, actor=actor, now=now),
        delegates=absences.delegates(session, actor=actor),
        said=absences.said,
        today=in_london(now).date(),
        problem=problem,
        typed=request.form if problem else {},
    )
