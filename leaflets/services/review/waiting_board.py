"""Where leaflets wait: how long answers take below an office, region by region, and what waits there now.

The database is asked a fixed number of times, and no more than `MOST` leaflets are counted, the latest.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.office_hours import spent
from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS, Action, may
from leaflets.domain.review.approval import How, State
from leaflets.domain.review.waiting_times import Times, Wait, times
from leaflets.services import access
from leaflets.services.clock import almanac
from leaflets.services.review import offices, waiting
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.review import ReviewZone, Submission, ZonePass
from leaflets.storage.tree import Node

LOOKS_BACK = timedelta(days=90)
MOST = 20_000
SHOWN = 12
"""Leaflets that are listed one by one; the queue has all."""

_COUNTED = (State.WAITING, State.APPROVED, State.RETURNED)  # what was taken back or replaced nobody answered


@dataclass(frozen=True, slots=True)
class RegionTimes:
    """One region, or the campaigns that hang higher, and its times. `node` is None for the latter."""

    node: Node | None
    times: Times


@dataclass(frozen=True, slots=True)
class PersonTimes:
    """Somebody of the office itself, and how long what they answered had waited for it."""

    name: str
    times: Times


@dataclass(frozen=True, slots=True)
class WaitsNow:
    """One that waits: since when and for whom, how long in office time, and when that office's time is over."""

    submission: Submission
    seat: str
    waited: timedelta
    answer_by: datetime | None


@dataclass(frozen=True, slots=True)
class WaitingBoard:
    """The board. `people` is empty but for those who sit in the office themselves. `since` is how far it looks back."""

    node: Node
    since: datetime
    whole: Times
    regions: tuple[RegionTimes, ...]
    people: tuple[PersonTimes, ...]
    now: tuple[WaitsNow, ...]
    may_read: bool


def board(session: Session, *, actor: Person, now: datetime, node_id: int) -> WaitingBoard:
    """How long leaflets wait below a node. Raises `NotFound` or `Refused`."""
    node = access.require_at(session, actor, Action.SEE_WAITING, node_id)
    since = now - LOOKS_BACK
    found = session.execute(_sent(node, since, now)).all()
    deemed = frozenset(session.scalars(_deemed(since)))
    regions = _regions(session, node)
    region_of = {path: _region_of(path, regions) for path in {row.path for row in found}}
    by_region: dict[int | None, list[Wait]] = {}
    for row in found:
        by_region.setdefault(region_of[row.path], []).append(_wait(row, row.sent_at, now, deemed))
    rows = [RegionTimes(regions.get(key) if key else None, times(waits)) for key, waits in by_region.items()]
    sits_here = node.id in offices.seats_of(session, actor)
    return WaitingBoard(
        node=node,
        since=since,
        whole=times([wait for waits in by_region.values() for wait in waits]),
        regions=tuple(sorted(rows, key=lambda row: (-(row.times.half or row.times.furthest), _name(row)))),
        people=_people(session, node, since, now, deemed) if sits_here else (),
        now=_waits_now(session, node, now),
        may_read=may(Action.REVIEW, access.granted_at(session, actor, node) & APPROVERS),
    )


def _sent(node: Node, since: datetime, now: datetime) -> Select[*tuple[Any, ...]]:
    """What was sent since then and needed somebody, the newest first."""
    return (
        select(
            Submission.id,
            Submission.sent_at,
            Submission.ended_at,
            (func.coalesce(Submission.ended_at, now) > Submission.decide_by).label("late"),
            Submission.moved,
            Node.path,
            Node.nation,
        )
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(
            Node.path.startswith(node.path),
            Submission.asked_of_id.is_not(None),
            Submission.state.in_(_COUNTED),
            or_(Submission.sent_at >= since, Submission.state == State.WAITING),
        )
        .order_by(Submission.id.desc())
        .limit(MOST)
    )


def _deemed(since: datetime) -> Select[int]:
    return (
        select(ReviewZone.submission_id)
        .join(ZonePass, ZonePass.id == ReviewZone.pass_id)
        .where(ZonePass.how == How.DEEMED, ZonePass.at >= since)
        .distinct()
    )


def _regions(session: Session, node: Node) -> Mapping[int, Node]:
    below = select(Node).where(Node.path.startswith(node.path), Node.tier == Tier.REGION)
    return {each.id: each for each in session.scalars(below)}


def _region_of(path: str, regions: Mapping[int, Node]) -> int | None:
    """The nearest region above a seat."""
    return next((int(part) for part in reversed(path.split("/")) if part and int(part) in regions), None)


def _wait(row: Any, since: datetime, now: datetime, deemed: frozenset[int]) -> Wait:
    until = row.ended_at or now
    days = almanac.calendar_of(Nation(row.nation) if row.nation else Nation.ENGLAND)
    return Wait(
        length=max(timedelta(), spent(since, until, days)),
        answered=row.ended_at is not None,
        late=bool(row.late),
        moved=row.moved > 0,
        deemed=row.id in deemed,
    )


def _people(
    session: Session, node: Node, since: datetime, now: datetime, deemed: frozenset[int]
) -> tuple[PersonTimes, ...]:
    by_them = _sent(node, since, now).add_columns(Submission.asked_since, Submission.ended_by)
    answered: dict[int, list[Wait]] = {}
    for row in session.execute(by_them.where(Submission.asked_of_id == node.id, Submission.ended_by.is_not(None))):
        answered.setdefault(row.ended_by, []).append(_wait(row, row.asked_since, now, deemed))
    people = session.scalars(select(Person).where(Person.id.in_(answered)).order_by(Person.name))
    return tuple(PersonTimes(person.name, times(answered[person.id])) for person in people)


def _waits_now(session: Session, node: Node, now: datetime) -> tuple[WaitsNow, ...]:
    waits = (
        select(Submission)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .join(Node, Node.id == Campaign.node_id)
        .where(Node.path.startswith(node.path), Submission.state == State.WAITING, Submission.asked_of_id.is_not(None))
        .order_by(Submission.decide_by.is_(None), Submission.decide_by, Submission.id)
        .limit(SHOWN)
        .options(
            joinedload(Submission.leaflet).joinedload(Leaflet.campaign).joinedload(Campaign.node),
            joinedload(Submission.asked_of),
        )
    )
    found = session.scalars(waits).all()
    ends = waiting.answer_needed_by(session, found, now=now)
    return tuple(
        WaitsNow(each, _seat(each), spent(each.sent_at, now, _calendar(each)), ends.get(each.id)) for each in found
    )


def _calendar(submission: Submission) -> WorkingDays:
    node = submission.leaflet.campaign.node
    return almanac.calendar_of((node.law if node else None) or Nation.ENGLAND)


def _seat(submission: Submission) -> str:
    node = submission.leaflet.campaign.node
    return node.name if node else submission.leaflet.election_area


def _name(row: RegionTimes) -> str:
    return row.node.name if row.node else ""
