"""Undoing a decision made a moment ago by mistake: what it decided waits again, as if nothing had been said.

A decision is all that one person decided about a submission with one press of a button, and so at one moment: what was
passed then, here and in every other leaflet; the change asked for then; sending it back then. Unlike taking a pass
back, this needs no reason and sends nothing home: the leaflet waits for the office again. It is for slips: after
`UNDO_FOR` others rely on what was decided, and leaflets.services.review.taking_back is the way.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.route import Step
from leaflets.domain.errors import Conflict
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Action
from leaflets.domain.review.approval import State, ZoneState, goes_to
from leaflets.services import alerts, audit
from leaflets.services.review import approved, approving, decisions, open_words, records, settling, taking_back
from leaflets.storage.people import Person
from leaflets.storage.review import Comment, ReviewZone, Submission, ZonePass
from leaflets.storage.session import writing

UNDO_FOR = timedelta(minutes=15)
"""Long enough to notice a slip, too short for anybody to have built on it."""

_GONE_ON = "Take back what you passed on the leaflet’s own page, and say why."


def undo(session: Session, *, actor: Person, now: datetime, submission_id: int, decided_at: datetime) -> Submission:
    """Undo what this person decided about a submission at that moment; every leaflet that it touched waits again.

    Orders that it let through are held, unless they are printed. Raises `Conflict` where it is too late, it was undone
    before, or a campaign has sent newer words or taken its leaflet back since; `NotFound`, `Refused`.
    """
    with writing(session):
        seen = decisions.seen(session, actor, submission_id, Action.REVIEW)
        if now - decided_at > UNDO_FOR:
            raise Conflict("That was decided too long ago to undo.", _GONE_ON, code="too-late")
        before = _touched(session, seen, _passes(session, actor, seen, decided_at))
        also = {id_ for each in before for id_ in open_words.family_ids(session, each.leaflet)}
        decision = decisions.locked(session, actor, submission_id, also)
        submission = decision.submission
        passes = _passes(session, actor, submission, decided_at)
        asked = _asked(session, actor, submission_id, decided_at)
        touched = [each for each in _touched(session, submission, passes) if each.leaflet_id in decision.locked]
        sent_home = _was_sent_home(submission, actor, decided_at)
        if not (passes or asked or sent_home):
            raise Conflict("There is nothing left to undo.", "Look at the leaflet as it stands.", code="undone")
        _require_last(session, touched)
        home = {each.id for each in touched if _went_home(each) or (sent_home and each is submission)}
        _take_back(session, actor, now, touched, passes)
        dropped = _drop(session, actor, now, asked)
        for each in touched:
            mine = dropped if each is submission else frozenset[str]()
            _wait_again(session, actor, now, each, mine, was_home=each.id in home)
    return submission


def _passes(session: Session, actor: Person, submission: Submission, at: datetime) -> list[ZonePass]:
    words = {each.words_hash for each in submission.zones}
    made = select(ZonePass).where(
        or_(ZonePass.words_hash.in_(words), ZonePass.leaflet_id == submission.leaflet_id),
        ZonePass.by == actor.id,
        ZonePass.at == at,
        ZonePass.taken_back_at.is_(None),
    )
    return list(session.scalars(made.order_by(ZonePass.id).execution_options(populate_existing=True)))


def _asked(session: Session, actor: Person, submission_id: int, at: datetime) -> list[Comment]:
    asked = select(Comment).where(
        Comment.submission_id == submission_id, Comment.by == actor.id, Comment.at == at, Comment.asks_change
    )
    return list(session.scalars(asked.where(Comment.resolved_at.is_(None))))


def _touched(session: Session, submission: Submission, passes: Iterable[ZonePass]) -> list[Submission]:
    """The submission, and all others whose zones rest on these passes, in the order of their leaflets."""
    rests = select(ReviewZone.submission_id).where(ReviewZone.pass_id.in_([each.id for each in passes]))
    found = select(Submission).where(or_(Submission.id == submission.id, Submission.id.in_(rests)))
    ordered = found.order_by(Submission.leaflet_id, Submission.id)
    return list(session.scalars(ordered.execution_options(populate_existing=True)))


def _was_sent_home(submission: Submission, actor: Person, at: datetime) -> bool:
    ended = (submission.state, submission.ended_by, submission.ended_at)
    return ended == (State.RETURNED, actor.id, at)


def _went_home(submission: Submission) -> bool:
    """Whether it went home by what was decided about its zones, whoever decided the last of them."""
    return submission.state == State.RETURNED and goes_to(records.states(submission))[0] is State.RETURNED


def _require_last(session: Session, touched: Iterable[Submission]) -> None:
    """Raise `Conflict` where a campaign has gone on meanwhile."""
    for each in touched:
        if each.state in (State.TAKEN_BACK, State.REPLACED) or approved.newer_than(session, each) is not None:
            raise Conflict(
                f"The campaign of {each.leaflet.election_area} has gone on with its leaflet since.",
                _GONE_ON,
                code="gone-on",
            )


def _take_back(
    session: Session, actor: Person, now: datetime, touched: Sequence[Submission], passes: Collection[ZonePass]
) -> None:
    because = f"{actor.name} undid it a moment later."
    for made in passes:
        made.taken_back_at, made.because = now, because
    session.flush()
    for each in touched:
        taking_back.without(session, actor, now, each.leaflet, passes, because, telling=False)


def _drop(session: Session, actor: Person, now: datetime, asked: Sequence[Comment]) -> frozenset[str]:
    """Ask for these changes no more: the zones of which nobody else asks for one."""
    for comment in asked:
        comment.resolved_by, comment.resolved_at = actor.id, now
    session.flush()
    still = select(Comment.zone).where(
        Comment.submission_id.in_({each.submission_id for each in asked}),
        Comment.asks_change,
        Comment.resolved_at.is_(None),
    )
    return frozenset(each.zone for each in asked) - set(session.scalars(still))


def _wait_again(
    session: Session, actor: Person, now: datetime, submission: Submission, asked: Collection[str], *, was_home: bool
) -> None:
    """Put a submission back where it was before it was decided; the campaign, which heard otherwise, is told."""
    leaflet, fell = submission.leaflet, submission.state == State.RETURNED and submission.ended_at == now
    if was_home or fell:
        records.reopen(submission)
        approving.mark_done(session, leaflet, (Step.SEND_FOR_APPROVAL,), submission.sent_by, submission.sent_at)
    for zone in decisions.at_stage(submission) if asked else ():
        if zone.zone in asked and zone.state == ZoneState.ASKED:
            records.move(zone, ZoneState.WAITING)
    for zone in submission.zones:
        if zone.passed is not None and zone.passed.taken_back_at is not None:
            records.move(zone, ZoneState.WAITING)
    session.flush()
    if submission.state == State.WAITING:
        settling.settle(session, actor, now, submission)
    if was_home or fell or asked:
        _tell(session, actor, now, submission)
    audit.of_leaflet(session, actor, now, "decision undone", leaflet, was=f"submission {submission.id}")


def _tell(session: Session, actor: Person, now: datetime, submission: Submission) -> None:
    """Tell the campaign, in the place of what it was told of the decision."""
    is_asked = any(zone.state == ZoneState.ASKED for zone in submission.zones)
    untrue = (Notice.ANSWERED,) if is_asked else (Notice.ANSWERED, Notice.CHANGE)
    alerts.outdated(session, now=now, kinds=untrue, leaflet_ids=(submission.leaflet_id,))
    leaflet, waits = submission.leaflet, submission.state == State.WAITING
    what, so = (
        ("It waits again", ": it waits for their office again") if waits else ("A change is asked for no more", "")
    )
    alerts.tell(
        session,
        alerts.team(session, leaflet.campaign_id),
        now=now,
        kind=Notice.ANSWERED,
        subject=f"{what}: {leaflet.title}",
        sentence=f"{actor.name} undid what they had just decided about it{so}.",
        leaflet=leaflet,
    )
