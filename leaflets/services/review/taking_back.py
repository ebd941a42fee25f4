"""Taking back what an office passed: what waits waits again, what was approved on it is approved no more."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.review.approval import LASTING, How, ZoneState
from leaflets.services import audit
from leaflets.services.review import approving, decisions, offices, records, settling
from leaflets.services.review.approved import waiting_of
from leaflets.services.review.decisions import Decision
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission, ZonePass
from leaflets.storage.session import writing


def take_back_pass(
    session: Session, *, actor: Person, now: datetime, submission_id: int, zone: str, because: str
) -> Submission:
    """Take back what an office passed of a leaflet, whatever stands on it: in the places that share the words too.

    Where it waits, the zone waits again; what was approved on it is approved no more, and its orders are held.
    Raises `Conflict` where nothing of it is passed or another office passed it, `NotFound`, `Refused`.
    """
    said = decisions.reason(because, "Taking a pass back")
    with writing(session):
        decision = decisions.locked(session, actor, submission_id)
        seats = offices.seats_of(session, actor)
        mine = [
            each
            for each in decision.submission.zones
            if each.zone == zone
            and each.passed is not None
            and each.passed.taken_back_at is None
            and How(each.passed.how) in LASTING
            and offices.sits_in(session, seats, records.office_id_of(each))
        ]
        if not mine:
            raise Conflict("Your office has passed no such words here.", "Look at the page again.", code="not-passed")
        fall(session, actor, now, decision, mine, said)
        audit.of_leaflet(session, actor, now, "pass taken back", decision.leaflet, was=zone, became=said)
    return decision.submission


def fall(
    session: Session, actor: Person, now: datetime, decision: Decision, zones: Sequence[ReviewZone], because: str
) -> None:
    """Take back the passes that these zones rest on, and what rests on them, inside the transaction of whoever asks."""
    passes = _standing_alike(session, decision, zones)
    for each in passes:
        each.taken_back_at, each.because = now, because
    session.flush()
    for member in decision.family:
        without(session, actor, now, member, passes, f"{actor.name} took back “{zones[0].label}”: {because}")


def _standing_alike(session: Session, decision: Decision, zones: Sequence[ReviewZone]) -> list[ZonePass]:
    """Every pass of these words that stands in the leaflet or its places, of the offices that passed these zones.

    A seat that has moved brings passes of the office that it hung below before: those of these very zones fall too.
    """
    own = {each.pass_id for each in zones}
    return list(
        session.scalars(
            select(ZonePass).where(
                ZonePass.leaflet_id.in_([each.id for each in decision.family]),
                ZonePass.words_hash.in_({each.words_hash for each in zones}),
                ZonePass.zone_kind.in_({each.zone_kind for each in zones}),
                or_(ZonePass.office_id.in_({records.office_id_of(each) for each in zones}), ZonePass.id.in_(own)),
                ZonePass.taken_back_at.is_(None),
            )
        )
    )


def without(
    session: Session,
    actor: Person,
    now: datetime,
    target: Leaflet,
    passes: Collection[ZonePass],
    because: str,
    *,
    telling: bool = True,
) -> None:
    """What is no longer so for a leaflet once these passes are taken back; `telling` its campaign, if it was approved.

    Inside the transaction of whoever took them back.
    """
    ids = {each.id for each in passes}
    waiting = waiting_of(session, target.id)
    if waiting is not None and (lost := [each for each in waiting.zones if each.pass_id in ids]):
        for each in lost:
            records.move(each, ZoneState.WAITING)
        session.flush()
        settling.settle(session, actor, now, waiting)
    fallen = [each for each in approving.good_ones(session, target.id) if approving.rests_on(session, each, passes)]
    approving.withdraw(session, actor=actor, now=now, target=target, approvals=fallen, because=because, telling=telling)
