"""What a reviewer reads of a submission: the words that wait beside those of before, and what else waits alike."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, defer, joinedload

from leaflets.domain.permissions import Action
from leaflets.domain.press.proof import TRIMMED
from leaflets.domain.press.schedule import WorkState
from leaflets.domain.review.approval import State
from leaflets.services.review import alike, approved, decisions, offices, own_words
from leaflets.services.review.own_words import Own
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.press import Proof
from leaflets.storage.review import ReviewZone, Submission


@dataclass(frozen=True, slots=True)
class Reading:
    """A submission as its reviewer reads it.

    `open` are the zones at its stage that somebody has to decide on, `decided` all others of the submission, by zone
    key once each. `before` is how a zone was sent the last time that it read differently. `alike` counts, by zone, the
    other leaflets in which this person can pass the same words with it. `newer` is what was sent of the leaflet since;
    `may_answer` says that it is this person's turn, `instead` who else passes what they sent themselves, `own` which of
    it they wrote.
    """

    submission: Submission
    open: tuple[ReviewZone, ...]
    decided: tuple[ReviewZone, ...]
    before: Mapping[str, ReviewZone]
    alike: Mapping[str, int]
    newer: Submission | None
    may_answer: bool
    instead: tuple[Person, ...]
    own: Own

    @property
    def waits(self) -> bool:
        """Whether it still waits for somebody."""
        return self.submission.state == State.WAITING


def reading(session: Session, *, actor: Person, submission_id: int) -> Reading:
    """A submission for somebody of an office above its campaign. Raises `NotFound` or `Refused`."""
    submission = decisions.seen(session, actor, submission_id, Action.REVIEW)
    waits = submission.state == State.WAITING
    still_open = decisions.open_zones(submission)
    shown = {zone.zone for zone in still_open}
    decided = {zone.zone: zone for zone in submission.zones if zone.zone not in shown}
    may_answer = waits and offices.may_answer(session, actor, submission)
    own = own_words.of(session, actor, submission) if may_answer else Own(frozenset(), ())
    theirs = [zone for zone in still_open if zone.id not in own.written and submission.sent_by != actor.id]
    seats = offices.seats_of(session, actor) if may_answer else ()
    many = alike.counted(session, actor, seats, theirs) if may_answer else {}
    return Reading(
        submission=submission,
        open=tuple(still_open),
        decided=tuple(decided.values()),
        before=_before(session, submission, still_open),
        alike={zone.zone: many[zone.id] for zone in theirs if zone.id in many},
        newer=approved.newer_than(session, submission),
        may_answer=may_answer,
        instead=tuple(offices.instead_of(session, actor, submission)) if waits else (),
        own=own,
    )


def proofs_of(session: Session, submission_ids: Collection[int]) -> dict[int, Proof]:
    """A finished proof of what was sent, by submission; those that have none are not in it. One statement.

    The caller has seen to it that they may be seen.
    """
    drawn = (
        select(Submission.id, Proof)
        .join(Proof, Proof.revision_id == Submission.revision_id)
        .where(Submission.id.in_(submission_ids), Proof.state == WorkState.DONE, Proof.look.in_(TRIMMED))
        .order_by(Proof.id)
        .options(defer(Proof.places), defer(Proof.rooms), defer(Proof.problems), defer(Proof.copyfit))
    )
    rows = session.execute(drawn).all() if submission_ids else []
    return {row.id: row.Proof for row in rows}


def sent_of(session: Session, target: Leaflet) -> list[Submission]:
    """Everything that was ever sent of a leaflet, the newest first.

    The caller has seen to it that the leaflet may be seen.
    """
    sent = (
        select(Submission)
        .where(Submission.leaflet_id == target.id)
        .order_by(Submission.id.desc())
        .options(joinedload(Submission.sender), joinedload(Submission.asked_of))
    )
    return list(session.scalars(sent))


def _before(session: Session, submission: Submission, zones: Collection[ReviewZone]) -> dict[str, ReviewZone]:
    if not zones:
        return {}
    now = {zone.zone: zone.words_hash for zone in zones}
    earlier = (
        select(ReviewZone)
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .where(
            Submission.leaflet_id == submission.leaflet_id,
            ReviewZone.submission_id < submission.id,
            ReviewZone.zone.in_(now),
        )
        .order_by(ReviewZone.id.desc())
        .options(joinedload(ReviewZone.passed), joinedload(ReviewZone.submission))
    )
    found: dict[str, ReviewZone] = {}
    for zone in session.scalars(earlier):
        if zone.words_hash != now[zone.zone]:
            found.setdefault(zone.zone, zone)
    return found
