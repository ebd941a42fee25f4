"""Asking for a change of one zone, and sending a leaflet back as a whole."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid
from leaflets.domain.leaflet import Edit, canonical_json, why_not_storable
from leaflets.domain.notices import Notice
from leaflets.domain.review.approval import How, ZoneState
from leaflets.domain.template import Template
from leaflets.domain.words.findings import findings
from leaflets.domain.words.values import clean_values
from leaflets.services import alerts, audit
from leaflets.services.review import comments, decisions, own_words, records, settling, taking_back
from leaflets.services.review.comments import Place
from leaflets.storage.people import Person
from leaflets.storage.review import Comment, ReviewZone, Submission
from leaflets.storage.session import writing


def ask_change(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    submission_id: int,
    zone: str,
    words: str,
    content_hash: str,
    stage: int | None = None,
    template: Template,
    suggestion: Any = None,
    page: int | None = None,
    x_mm: float | None = None,
    y_mm: float | None = None,
    op_id: str | None = None,
) -> Comment:
    """Ask for a change of one zone, with words that would do where the reviewer has some (`suggestion`, its value).

    Taking a suggestion as it stands needs no second look: its words are passed as they are suggested, unless whoever
    suggests them is of the campaign and could take their own. Once nothing waits any more, the leaflet goes back to
    the campaign. What was passed of the zone is taken back.

    Raises `Overtaken`, `Conflict` where it is not this person's turn or the words are their own, `Invalid` for a
    suggestion that the zone cannot hold or that says the same, `NotFound`, `Refused`.
    """
    with writing(session):
        if before := _asked_before(session, actor, submission_id, op_id):
            return before
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage)
        found = decision.zone(zone)
        own_words.of(session, actor, decision.submission).require_others([found])
        wanted = _tidy(template, found, suggestion)
        if wanted is None and not words.strip():
            raise Invalid(
                "The words are as they were, and nothing says why they should change.",
                "Change them, or say what is wrong with them.",
                code="change",
            )
        comment = comments.made(
            session,
            actor,
            now,
            decision.leaflet,
            words,
            place=Place(zone, page, x_mm, y_mm),
            op_id=op_id,
            submission_id=submission_id,
            words_hash=found.words_hash,
            asks_change=True,
            suggestion=wanted,
            telling=False,
        )
        if found.passed is not None:
            taking_back.fall(session, actor, now, decision, [found], comment.words)
        if found.state != ZoneState.ASKED:
            records.move(found, ZoneState.ASKED)
        team = alerts.team(session, decision.leaflet.campaign_id)
        if wanted is not None and actor.id not in {person.id for person in team}:
            records.add_pass(session, actor, now, found, How.SUGGESTED, suggested=wanted)
        session.flush()
        alerts.tell(
            session,
            team,
            now=now,
            kind=Notice.CHANGE,
            subject=f"A change is asked for: {decision.leaflet.title}",
            sentence=f"{actor.name} on “{found.label}”: {comment.words or 'take the suggested words.'}",
            leaflet=decision.leaflet,
        )
        settling.settle(session, actor, now, decision.submission)
    return comment


def send_back(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    submission_id: int,
    because: str,
    content_hash: str,
    stage: int | None = None,
) -> Submission:
    """Send a leaflet back to the campaign with a reason; what was passed of it stays passed.

    Raises `Overtaken`, `Conflict` where it is not this person's turn, `Invalid` without a reason, `NotFound`,
    `Refused`.
    """
    said = decisions.reason(because, "Sending it back")
    with writing(session):
        decision = decisions.opened(session, actor, submission_id, content_hash, stage=stage)
        settling.send_home(session, actor, now, decision.submission, said)
        audit.of_leaflet(
            session, actor, now, "sent back", decision.leaflet, was=f"submission {submission_id}", became=said
        )
    return decision.submission


def _asked_before(session: Session, actor: Person, submission_id: int, op_id: str | None) -> Comment | None:
    """What the same press of the button made: by now the leaflet may have gone home."""
    same = select(Comment).filter_by(op_id=op_id, by=actor.id, submission_id=submission_id)
    return session.scalar(same) if op_id is not None else None


def _tidy(template: Template, zone: ReviewZone, suggestion: Any) -> Any:
    if suggestion is None:
        return None
    known = next((each for each in template.zones if each.key == zone.zone), None)
    if known is None:
        raise Invalid("The template has no such place any more.", "Say in words what is to change.")
    if wrong := why_not_storable(Edit("suggestion", zone.zone, suggestion, 0)):
        raise Invalid(*wrong)
    tidy = clean_values(template, {zone.zone: suggestion})[zone.zone]
    for code, message in findings(known, tidy):
        if code not in ("too-long", "alt-missing"):
            raise Invalid(f"{known.label}: {message}", "Change the suggestion.", code="suggestion")
    if canonical_json(tidy) == canonical_json(zone.words):
        raise Invalid("That is what it says already.", "Suggest other words, or say in words what is to change.")
    return tidy
