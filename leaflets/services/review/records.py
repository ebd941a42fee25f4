"""The rows of a review: a zone at a stage, the pass that it rests on, and how a submission ended."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from leaflets.domain.notices import Notice
from leaflets.domain.review.approval import MOVES, ZONE_MOVES, How, State, ZoneState, words_hash
from leaflets.domain.template import Kind
from leaflets.services import alerts
from leaflets.services.review.open_words import StageLook
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission, ZonePass

WAITS = (Notice.ASKED, Notice.REMINDER)
"""What an office is told of a leaflet that waits for it."""


def add_zones(session: Session, now: datetime, submission: Submission, looks: Iterable[StageLook]) -> None:
    """Every zone of every stage of a new submission; those that need nobody are passed at once, each with its why."""
    for number, each in enumerate(looks):
        for look in each.zones:
            zone = ReviewZone(
                submission=submission,
                stage=number,
                zone=look.asked.zone.key,
                label=look.asked.zone.label[:200],
                zone_kind=look.asked.zone.kind,
                words=look.asked.words,
                words_hash=look.asked.words_hash,
                topics=list(look.asked.topics),
                message_text_id=look.message.id if look.message else None,
                state=ZoneState.WAITING,
                written_by=submission.writers.get(look.asked.zone.key),
            )
            session.add(zone)
            if look.before is not None:
                move(zone, ZoneState.PASSED, look.before)
            elif look.how is not None:
                pass_zone(session, None, now, zone, look.how)
    session.flush()
    session.refresh(submission, ["zones"])


def pass_zone(
    session: Session, by: Person | None, now: datetime, zone: ReviewZone, how: How, because: str = ""
) -> None:
    """Pass what a zone says, under the name of a person or, where a program does it, of nobody."""
    move(zone, ZoneState.PASSED, add_pass(session, by, now, zone, how, because=because))


def add_pass(
    session: Session,
    by: Person | None,
    now: datetime,
    zone: ReviewZone,
    how: How,
    *,
    suggested: Any = None,
    because: str = "",
) -> ZonePass:
    """A pass of what a zone says, or of other words `suggested` for it, by the office that its stage asks."""
    own = suggested is None
    made = ZonePass(
        leaflet_id=zone.submission.leaflet_id,
        zone=zone.zone,
        zone_kind=zone.zone_kind,
        words=zone.words if own else suggested,
        words_hash=zone.words_hash if own else words_hash(Kind(zone.zone_kind), suggested),
        office_id=office_id_of(zone),
        how=how,
        message_text_id=zone.message_text_id if own else None,
        by=by.id if by else None,
        at=now,
        because=because,
    )
    session.add(made)
    return made


def move(zone: ReviewZone, to: ZoneState, made: ZonePass | None = None) -> None:
    """Move a zone to another state; passed, it rests on that pass."""
    if to not in ZONE_MOVES[ZoneState(zone.state)]:
        raise RuntimeError(f"A zone that is {zone.state} cannot become {to}.")
    zone.state, zone.passed = to, made


def states(submission: Submission) -> list[list[ZoneState]]:
    """How the zones of a submission stand, stage by stage."""
    return [
        [ZoneState(zone.state) for zone in submission.zones if zone.stage == number]
        for number in range(len(submission.stages))
    ]


def end(
    session: Session, submission: Submission, actor: Person | str, now: datetime, state: State, because: str = ""
) -> None:
    """The end of a submission: nobody is told any longer that it waits for them."""
    if state not in MOVES[State(submission.state)]:
        raise RuntimeError(f"A submission that is {submission.state} cannot become {state}.")
    submission.state, submission.ended_at, submission.ended_because = state, now, because
    submission.ended_by = actor.id if isinstance(actor, Person) else None
    alerts.outdated(session, now=now, kinds=WAITS, leaflet_ids=(submission.leaflet_id,))


def reopen(submission: Submission) -> None:
    """A submission that was sent back waits again, as if it had not been."""
    if State.WAITING not in MOVES[State(submission.state)]:
        raise RuntimeError(f"A submission that is {submission.state} cannot wait again.")
    submission.state, submission.ended_at, submission.ended_because = State.WAITING, None, ""
    submission.ended_by = None


def office_id_of(zone: ReviewZone) -> int:
    """The node whose office the zone's stage asks."""
    office_id: int = zone.submission.stages[zone.stage]["office_id"]
    return office_id
