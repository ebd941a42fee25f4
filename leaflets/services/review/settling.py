"""Where a submission goes once its zones are decided: to the next office, back to the campaign, or to the press."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import in_london
from leaflets.domain.clock.route import Step
from leaflets.domain.notices import Notice
from leaflets.domain.review.approval import State, ZoneState, goes_to
from leaflets.services import alerts
from leaflets.services.review import approving, offices, own_words, records
from leaflets.services.review.asked import rota
from leaflets.storage.people import Person
from leaflets.storage.review import Submission
from leaflets.storage.tree import Node


def settle(session: Session, actor: Person | str, now: datetime, submission: Submission) -> State:
    """Move a waiting submission to where its zones lead, inside the transaction of whoever decided them.

    The office that is asked next, or the campaign, is told.
    """
    state, stage = goes_to(records.states(submission))
    if state is State.WAITING:
        if submission.asked_of_id is None or stage != submission.stage:
            ask(session, now, submission, stage)
    elif state is State.RETURNED:
        labels = [f"“{zone.label}”" for zone in submission.zones if zone.state == ZoneState.ASKED]
        send_home(session, actor, now, submission, f"A change is asked for: {', '.join(labels)}.")
    else:
        submission.stage = stage
        records.end(session, submission, actor, now, State.APPROVED)
        approving.granted(session, actor, now, submission.leaflet, submission.revision, submission)
        if submission.asked_of_id is not None:  # else whoever sent it sees it at once
            _tell_team(session, actor, now, submission, "Approved", "Everything is passed: it can be ordered.")
    return State(submission.state)


def ask(session: Session, now: datetime, submission: Submission, stage: int) -> None:
    """Ask the office of a stage, or whoever sits nearest to it, and tell them."""
    office = session.get_one(Node, submission.stages[stage]["office_id"])
    seat, sender_id = submission.leaflet.campaign.node, submission.sent_by
    concerned = own_words.concerned(submission, stage)
    asked = offices.staffed(session, office, seat, concerned=concerned, sender_id=sender_id) if seat else office
    submission.stage, submission.asked_of_id, submission.asked_of = stage, asked.id, asked
    submission.asked_since, submission.look_at = now, None
    submission.reminded, submission.reminded_at = 0, None
    session.flush()
    today = in_london(now).date()
    count = sum(zone.state == ZoneState.WAITING for zone in submission.zones if zone.stage == stage)
    what = "One place needs" if count == 1 else f"{count} places need"
    instead = (
        f" Nobody sits in {office.name} who could pass it, so {asked.name} is asked." if asked.id != office.id else ""
    )
    able = rota(session, {asked.id}, today).able(asked.id, today)
    alerts.outdated(session, now=now, kinds=records.WAITS, leaflet_ids=(submission.leaflet_id,))
    alerts.tell(
        session,
        [person for person in able if person.id not in concerned] or able,
        now=now,
        kind=Notice.ASKED,
        subject=f"To approve: {submission.leaflet.title}",
        sentence=f"{submission.sender.name} sent this leaflet for approval. {what} your eyes.{instead}",
        leaflet=submission.leaflet,
        path=f"/approvals/{submission.id}",
        more=submission.note,
    )


def send_home(session: Session, actor: Person | str, now: datetime, submission: Submission, because: str) -> None:
    """Return a submission to the campaign, which is told why; it is to be sent again."""
    records.end(session, submission, actor, now, State.RETURNED, because)
    approving.unmark(session, submission.leaflet, (Step.SEND_FOR_APPROVAL,))
    _tell_team(session, actor, now, submission, "Sent back", because)


def _tell_team(
    session: Session, actor: Person | str, now: datetime, submission: Submission, what: str, sentence: str
) -> None:
    who = actor.name if isinstance(actor, Person) else actor
    team = alerts.team(session, submission.leaflet.campaign_id)
    alerts.tell(
        session,
        [person for person in team if not (isinstance(actor, Person) and person.id == actor.id)],
        now=now,
        kind=Notice.ANSWERED,
        subject=f"{what}: {submission.leaflet.title}",
        sentence=f"{what} by {who}. {sentence}",
        leaflet=submission.leaflet,
    )
