"""Silence has a deadline: what waits for an office is asked for again, goes to the next office, or counts as passed.

What happens when is decided in leaflets.domain.review.waiting; this finds what may be due and does it. Nothing is
remembered but in the rows themselves, so a worker may die at any moment and any number may run at once: each leaflet
is locked by one, as it is by a reviewer who decides.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from leaflets.domain.clock.election import Nation
from leaflets.domain.clock.moments import DAY, in_london, say
from leaflets.domain.clock.working_days import WorkingDays
from leaflets.domain.errors import Conflict, Invalid
from leaflets.domain.notices import Notice
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.review.approval import How, State, ZoneState
from leaflets.domain.review.waiting import Move, Silence, Waiting, answer_by, next_move
from leaflets.services import alerts, audit
from leaflets.services.alerts import News
from leaflets.services.clock import almanac
from leaflets.services.message import messages
from leaflets.services.organisation import settings
from leaflets.services.review import asked, decisions, records, settling
from leaflets.services.review.asked import Rota
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.objection import Objection
from leaflets.storage.people import Campaign
from leaflets.storage.review import Submission
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

_LOCKED = (Leaflet, Submission)  # the leaflet as a reviewer does; the submission, to see it as they left it

MOST_AT_ONCE = 40
"""Submissions of one run: people who write wait for it, and must not notice."""

LOOK_EVERY = timedelta(minutes=30)
"""Longest between two looks at one: a plan or a setting may change meanwhile."""

CLOCK = "the clock"
"""Who does it, in the record of changes."""


@dataclass(frozen=True, slots=True)
class Ran:
    """What one run came to."""

    reminded: int = 0
    moved: int = 0
    deemed: int = 0


@dataclass(frozen=True, slots=True)
class _Board:
    """All that a run has read: who sits where, what is set at each seat, what is objected to, the nodes by id."""

    rota: Rota
    silence: Mapping[int, Any]
    objected: frozenset[int]
    nodes: Mapping[int, Node]


def run(session: Session, *, now: datetime) -> Ran:
    """Do what is due for some of what waits. Asks the database a number of times that does not grow with it."""
    if session.scalar(_due(now).with_only_columns(Submission.id).limit(1)) is None:
        return Ran()
    with writing(session):
        due = session.scalars(_due(now).with_only_columns(Leaflet.id).limit(MOST_AT_ONCE)).all()
        messages.hold_for(session, due)  # before a leaflet, as everybody: nothing that a message passed ends meanwhile
        mine = _due(now).where(Leaflet.id.in_(due)).with_for_update(skip_locked=True, of=_LOCKED)
        waiting = session.scalars(mine).all()
        board = _read(session, waiting, now)
        news: list[News] = []
        done = [_deal_with(session, submission, board, now, news) for submission in waiting]
        alerts.tell_all(session, news, now=now)
    return Ran(done.count(Move.REMIND), done.count(Move.MOVE), done.count(Move.DEEM))


def answer_needed_by(session: Session, submissions: Sequence[Submission], *, now: datetime) -> dict[int, datetime]:
    """When the time of whoever is asked is over, by the id of each submission that waits for an office."""
    waiting = [each for each in submissions if each.asked_of]
    board = _read(session, waiting, now)
    found = {}
    for submission in waiting:
        with suppress(Invalid):  # further ahead than anybody knows the holidays
            days = _days_of(submission)
            found[submission.id] = answer_by(_said_of(submission, board), days)
    return found


def _due(now: datetime) -> Select[Submission]:
    return (
        select(Submission)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .where(
            Submission.state == State.WAITING,
            Submission.asked_of_id.is_not(None),
            or_(Submission.look_at.is_(None), Submission.look_at <= now),
        )
        .order_by(Submission.look_at, Submission.id)
        .options(
            joinedload(Submission.leaflet).joinedload(Leaflet.campaign).joinedload(Campaign.node),
            joinedload(Submission.asked_of),
            selectinload(Submission.zones),
        )
    )


def _read(session: Session, submissions: Sequence[Submission], now: datetime) -> _Board:
    seats = {_seat_of(each) for each in submissions}
    ids = {node_id for seat in seats for node_id in seat.way_down}
    objected = select(Objection.leaflet_id).where(
        Objection.answered_at.is_(None), Objection.leaflet_id.in_([each.leaflet_id for each in submissions])
    )
    return _Board(
        asked.rota(session, ids, in_london(now).date()),
        settings.of_each(session, seats, "when-silent"),
        frozenset(session.scalars(objected)),
        {node.id: node for node in session.scalars(select(Node).where(Node.id.in_(ids)))},
    )


def _deal_with(session: Session, submission: Submission, board: _Board, now: datetime, news: list[News]) -> Move:
    """Do what is due for one, and say when to look again."""
    try:
        days = _days_of(submission)
        waiting = _said_of(submission, board)
        there = _coming_days(now, answer_by(waiting, days), days)
        above = _next_office(submission, board, waiting.silence, there)
        waiting = replace(
            waiting,
            attended=board.rota.is_attended(_office(submission).id, there),
            can_move=above is not None,
            disputed=submission.leaflet_id in board.objected or _is_asked(submission),
        )
        then = next_move(waiting, now, days)
    except Invalid:  # further ahead than anybody knows the holidays: nothing follows from silence
        submission.look_at = now + LOOK_EVERY
        return Move.WAIT
    submission.look_at = min(then.look_at, now + LOOK_EVERY)
    if then.move is Move.REMIND:
        submission.reminded, submission.reminded_at = then.reminded, now
        news.append(_reminder(submission, board, now))
    elif then.move is Move.MOVE and above is not None:
        _move(session, submission, above, board, now, news)
    elif then.move is Move.DEEM:
        return _deemed(session, submission, board, now, news)
    return then.move


def _said_of(submission: Submission, board: _Board) -> Waiting:
    said = board.silence[_seat_of(submission).id]
    return Waiting(
        submission.asked_since,
        submission.decide_by,
        submission.reminded,
        submission.reminded_at,
        Silence(said["then"]),
        said["working_days"],
    )


def _next_office(submission: Submission, board: _Board, silence: Silence, there: Sequence[date]) -> Node | None:
    """The nearest office above in which somebody will be there; the nation's or higher, where the setting says so."""
    way = _seat_of(submission).way_down
    asked_id = _office(submission).id
    for node_id in reversed(way[: way.index(asked_id)] if asked_id in way else ()):
        node = board.nodes[node_id]
        if silence is Silence.NATION and node.tier not in (Tier.NATION, Tier.ORGANISATION):
            continue
        if board.rota.is_attended(node_id, there):
            return node
    return None


def _move(
    session: Session, submission: Submission, above: Node, board: _Board, now: datetime, news: list[News]
) -> None:
    before, target, today = _office(submission), submission.leaflet, in_london(now).date()
    waited = f"It has waited for {before.name} since {say(submission.asked_since, now)}"
    submission.asked_of_id, submission.asked_of, submission.asked_since = above.id, above, now
    submission.reminded, submission.reminded_at = 0, None
    submission.moved += 1
    was, became = f"submission {submission.id}: {before.name}", above.name
    audit.of_leaflet(session, CLOCK, now, "approval moved on", target, was=was, became=became)
    path = f"/approvals/{submission.id}"
    asks = f"{waited}, and nobody answered. Now {above.name} is asked."
    for people, kind, where in (
        (board.rota.able(above.id, today) or board.rota.holders.get(above.id, []), Notice.ASKED, path),
        (board.rota.holders.get(before.id, []), Notice.MOVED, path),
        (alerts.team(session, target.campaign_id), Notice.MOVED, ""),
    ):
        news.append(News(people, kind, f"Moved on: {target.title}", asks, target, where))


def _deemed(session: Session, submission: Submission, board: _Board, now: datetime, news: list[News]) -> Move:
    """`_deem`; where that cannot be, because nobody sits in the office that comes next, it goes on waiting."""
    try:
        with session.begin_nested():
            _deem(session, submission, board, now, news)
    except Conflict:
        submission.look_at = now + LOOK_EVERY
        return Move.WAIT
    return Move.DEEM


def _deem(session: Session, submission: Submission, board: _Board, now: datetime, news: list[News]) -> None:
    """Pass what is open at this stage, since nobody answered and the organisation had said what then."""
    office, target = _office(submission), submission.leaflet
    because = f"{office.name} was asked on {say(submission.asked_since, now)}, was reminded and did not answer."
    open_zones = [zone for zone in decisions.at_stage(submission) if zone.state == ZoneState.WAITING]
    for zone in open_zones:
        records.pass_zone(session, None, now, zone, How.DEEMED, because)
    settling.settle(session, CLOCK, now, submission)
    labels = ", ".join(f"“{zone.label}”" for zone in open_zones)
    was, became = f"submission {submission.id}: {office.name}", f"{labels}: {because}"
    audit.of_leaflet(session, CLOCK, now, "deemed passed", target, was=was, became=became)
    people = [*board.rota.holders.get(office.id, []), *alerts.team(session, target.campaign_id)]
    sentence = f"{because} It counts as passed: {labels}."
    news.append(News(people, Notice.MOVED, f"Counts as passed: {target.title}", sentence, target))


def _reminder(submission: Submission, board: _Board, now: datetime) -> News:
    people = board.rota.able(_office(submission).id, in_london(now).date())
    by = f" It has to be approved by {say(submission.decide_by, now)}." if submission.decide_by else ""
    title, place = submission.leaflet.title, submission.leaflet.election_area
    sentence = f"This has waited for you since {say(submission.asked_since, now)}.{by}"
    return News(
        people,
        Notice.REMINDER,
        f"Still waits: {title}, {place}",
        sentence,
        submission.leaflet,
        f"/approvals/{submission.id}",
    )


def _coming_days(now: datetime, end: datetime, days: WorkingDays) -> list[date]:
    """Today, and the working days until the time of an office is over; at least the next one."""
    today = in_london(now).date()
    last = max(in_london(end).date(), days.after(today, 1))
    return [day for day in (today + n * DAY for n in range((last - today).days + 1)) if days.counts(day)]


def _is_asked(submission: Submission) -> bool:
    return any(zone.state == ZoneState.ASKED for zone in submission.zones)


def _office(submission: Submission) -> Node:
    assert submission.asked_of is not None  # no other is read
    return submission.asked_of


def _seat_of(submission: Submission) -> Node:
    seat = submission.leaflet.campaign.node
    assert seat is not None  # a campaign without a place has no office above it
    return seat


def _days_of(submission: Submission) -> WorkingDays:
    """The working days of the office that is asked: its nation's, or that of the seat where it has none."""
    law = _office(submission).law or _seat_of(submission).law
    return almanac.calendar_of(law or Nation.ENGLAND)
