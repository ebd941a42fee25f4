"""The rows of a review: a zone at a stage, and the pass that it rests on."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from leaflets.domain.review.approval import ZONE_MOVES, How, ZoneState
from leaflets.services.review.open_words import StageLook, ZoneLook
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission, ZonePass


def add_zones(session: Session, now: datetime, submission: Submission, looks: Iterable[StageLook]) -> None:
    """Every zone of every stage of a new submission; those that need nobody are passed at once, each with its why."""
    for number, each in enumerate(looks):
        for look in each.zones:
            made = look.before or _passed_at_once(session, now, submission, each, look)
            session.add(
                ReviewZone(
                    submission_id=submission.id,
                    stage=number,
                    zone=look.asked.zone.key,
                    label=look.asked.zone.label[:200],
                    zone_kind=look.asked.zone.kind,
                    words=look.asked.words,
                    words_hash=look.asked.words_hash,
                    topics=list(look.asked.topics),
                    message_text_id=look.message.id if look.message else None,
                    state=ZoneState.PASSED if made else ZoneState.WAITING,
                    pass_id=made.id if made else None,
                )
            )
    session.flush()
    session.refresh(submission, ["zones"])


def add_pass(
    session: Session, actor: Person | str, now: datetime, zone: ReviewZone, office_id: int, how: How, because: str = ""
) -> ZonePass:
    """Pass a zone, under the name of a person or, where a program does it, of nobody."""
    made = ZonePass(
        leaflet_id=zone.submission.leaflet_id,
        zone=zone.zone,
        zone_kind=zone.zone_kind,
        words=zone.words,
        words_hash=zone.words_hash,
        office_id=office_id,
        how=how,
        message_text_id=zone.message_text_id,
        by=actor.id if isinstance(actor, Person) else None,
        at=now,
        because=because,
    )
    session.add(made)
    session.flush()
    move(zone, ZoneState.PASSED, made)
    return made


def move(zone: ReviewZone, to: ZoneState, made: ZonePass | None = None) -> None:
    """Move a zone to another state; passed, it rests on that pass."""
    if to not in ZONE_MOVES[ZoneState(zone.state)]:
        raise RuntimeError(f"A zone that is {zone.state} cannot become {to}.")
    zone.state, zone.pass_id, zone.passed = to, made.id if made else None, made


def office_id_of(zone: ReviewZone) -> int:
    """The node whose office the zone's stage asks."""
    office_id: int = zone.submission.stages[zone.stage]["office_id"]
    return office_id


def _passed_at_once(
    session: Session, now: datetime, submission: Submission, stage: StageLook, look: ZoneLook
) -> ZonePass | None:
    if look.how is None:
        return None
    made = ZonePass(
        leaflet_id=submission.leaflet_id,
        zone=look.asked.zone.key,
        zone_kind=look.asked.zone.kind,
        words=look.asked.words,
        words_hash=look.asked.words_hash,
        office_id=stage.placed.office.id,
        how=look.how,
        message_text_id=look.message.id if look.message else None,
        at=now,
    )
    session.add(made)
    session.flush()
    return made
