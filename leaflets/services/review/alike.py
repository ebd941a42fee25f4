"""Words that wait for an office, and in how many other leaflets the same words do."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets.domain.review.approval import State, ZoneState
from leaflets.storage.review import ReviewZone, Submission


@dataclass(frozen=True, slots=True)
class Words:
    """One zone of a leaflet that waits, or of which a change was asked for.

    `alike` counts the other leaflets that wait with the same words in such a zone, in the part of the tree shown.
    """

    zone: str
    label: str
    state: ZoneState
    topics: tuple[str, ...]
    alike: int


def open_in(session: Session, ids: Sequence[int], shown: Any) -> Mapping[int, Sequence[Words]]:
    """The zones of these submissions that are not passed, by submission. `shown` selects the ids of offices."""
    open_zones = (
        select(ReviewZone)
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .where(
            ReviewZone.submission_id.in_(ids),
            ReviewZone.stage == Submission.stage,
            ReviewZone.state != ZoneState.PASSED,
        )
        .order_by(ReviewZone.id)
    )
    zones = session.scalars(open_zones).all() if ids else []
    waiting = _waiting(session, {zone.words_hash for zone in zones if zone.state == ZoneState.WAITING}, shown)
    found: dict[int, list[Words]] = {}
    for zone in zones:
        others = waiting.get((zone.words_hash, zone.zone_kind), 1) - 1 if zone.state == ZoneState.WAITING else 0
        found.setdefault(zone.submission_id, []).append(
            Words(zone.zone, zone.label, ZoneState(zone.state), tuple(zone.topics), others)
        )
    return found


def _waiting(session: Session, hashes: Collection[str], shown: Any) -> Mapping[tuple[str, str], int]:
    """How many leaflets wait with each of these words."""
    if not hashes:
        return {}
    counted = (
        select(ReviewZone.words_hash, ReviewZone.zone_kind, func.count(func.distinct(Submission.id)))
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .where(
            ReviewZone.words_hash.in_(hashes),
            ReviewZone.state == ZoneState.WAITING,
            ReviewZone.stage == Submission.stage,
            Submission.state == State.WAITING,
            Submission.asked_of_id.in_(shown),
        )
        .group_by(ReviewZone.words_hash, ReviewZone.zone_kind)
    )
    return {(words, kind): number for words, kind, number in session.execute(counted)}
