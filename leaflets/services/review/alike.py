"""Words that wait for an office, and in how many other leaflets the same words are passed with them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from leaflets.domain.review.approval import State, ZoneState
from leaflets.services.review import own_words
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Person
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Words:
    """One zone of a leaflet that waits, or of which a change was asked for.

    `alike` counts the other leaflets in which these words can be passed with it. `own` says that whoever looks sent or
    wrote it themselves.
    """

    zone: str
    label: str
    state: ZoneState
    topics: tuple[str, ...]
    alike: int
    own: bool


def open_in(
    session: Session, actor: Person, seats: Collection[int], ids: Collection[int]
) -> Mapping[int, Sequence[Words]]:
    """The zones of these submissions that are not passed, by submission, as somebody with these seats sees them."""
    open_zones = (
        select(ReviewZone, own_words.by_others(actor))
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .where(
            ReviewZone.submission_id.in_(ids),
            ReviewZone.stage == Submission.stage,
            ReviewZone.state != ZoneState.PASSED,
        )
        .order_by(ReviewZone.id)
        .options(joinedload(ReviewZone.submission).joinedload(Submission.asked_of))
    )
    zones = session.execute(open_zones).all() if ids else []
    many = counted(session, actor, seats, [zone for zone, by_others in zones if by_others])
    found: dict[int, list[Words]] = {}
    for zone, by_others in zones:
        state, topics = ZoneState(zone.state), tuple(zone.topics)
        words = Words(zone.zone, zone.label, state, topics, many.get(zone.id, 0), own=not by_others)
        found.setdefault(zone.submission_id, []).append(words)
    return found


def counted(
    session: Session, actor: Person, seats: Collection[int], zones: Collection[ReviewZone]
) -> Mapping[int, int]:
    """In how many other leaflets `elsewhere` finds the words of each of these zones, by its id. One statement.

    None of them is what somebody sent or wrote themselves; those that do not wait are not counted.
    """
    waiting = [zone for zone in zones if zone.state == ZoneState.WAITING]
    hashes = {zone.words_hash for zone in waiting}
    same = _waiting(actor, seats, ReviewZone.words_hash.in_(hashes)).with_only_columns(
        ReviewZone.words_hash, ReviewZone.zone_kind, _ASKED.organisation_id, func.count(func.distinct(Submission.id))
    )
    grouped = same.group_by(ReviewZone.words_hash, ReviewZone.zone_kind, _ASKED.organisation_id)
    many = {tuple(group): number for *group, number in session.execute(grouped)} if waiting else {}
    found = {}
    for zone in waiting:
        asked = zone.submission.asked_of
        if asked is not None:
            itself = not set(seats).isdisjoint(asked.way_down)
            found[zone.id] = many.get((zone.words_hash, zone.zone_kind, asked.organisation_id), 0) - itself
    return found


def elsewhere(actor: Person, seats: Collection[int], zone: ReviewZone, *, own: bool = False) -> Select[ReviewZone]:
    """The zones that wait with the same words in other leaflets, which somebody with these seats passes with this one.

    In the same organisation, at a stage whose office they answer for; and nothing that they sent or wrote themselves,
    unless `own`.
    """
    same = (
        ReviewZone.words_hash == zone.words_hash,
        ReviewZone.zone_kind == zone.zone_kind,
        ReviewZone.submission_id != zone.submission_id,
        _ASKED.organisation_id == zone.submission.leaflet.campaign.organisation_id,
    )
    return (
        _waiting(actor, seats, *same, own=own)
        .order_by(ReviewZone.id)
        .options(joinedload(ReviewZone.submission).joinedload(Submission.leaflet))
        .execution_options(populate_existing=True)
    )


_ASKED, _SEAT = aliased(Node), aliased(Node)


def _waiting(
    actor: Person, seats: Collection[int], *same: ColumnElement[bool], own: bool = False
) -> Select[ReviewZone]:
    answers = select(_SEAT.id).where(_SEAT.id.in_(seats), _ASKED.path.startswith(_SEAT.path)).exists()
    return (
        select(ReviewZone)
        .join(Submission, Submission.id == ReviewZone.submission_id)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(_ASKED, _ASKED.id == Submission.asked_of_id)
        .where(
            *same,
            ReviewZone.state == ZoneState.WAITING,
            ReviewZone.stage == Submission.stage,
            Submission.state == State.WAITING,
            answers,
            true() if own else own_words.by_others(actor),
        )
    )
