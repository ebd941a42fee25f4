"""What waits for somebody's approval, the least slack first.

Only what needs a person is here: a submission in which nothing waits has ended. However much waits and whatever
happened before, a page of it is a fixed number of statements.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.errors import NotFound
from leaflets.domain.organisation.tree import Tier
from leaflets.domain.permissions import APPROVERS
from leaflets.domain.review.approval import State, ZoneState
from leaflets.domain.words.characters import tidy_line
from leaflets.services.review import alike, offices, own_words
from leaflets.services.review.alike import Words
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.review import ReviewZone, Submission
from leaflets.storage.session import moment
from leaflets.storage.tree import Node

PAGE = 25
"""Leaflets on one page of the queue."""


class Whose(StrEnum):
    """Which part of the tree is shown."""

    MINE = "mine"  # what the offices are asked in which somebody sits
    BELOW = "below"  # and what those below are asked, for which they may answer too


@dataclass(frozen=True, slots=True)
class Row:
    """One leaflet that waits. `region` and `seat` are names, empty where the campaign hangs higher."""

    submission_id: int
    leaflet_id: int
    title: str
    campaign: str
    candidate: str
    region: str
    seat: str
    asked_of: str
    sent_by: int
    sender: str
    note: str
    sent_at: datetime
    asked_since: datetime
    decide_by: datetime | None
    moved: int
    words: tuple[Words, ...]

    @property
    def waiting(self) -> int:
        """How many of its zones need somebody."""
        return sum(each.state is ZoneState.WAITING for each in self.words)


@dataclass(frozen=True, slots=True)
class Office:
    """An office with something to decide, and how much."""

    node_id: int
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Queue:
    """One page. `total` is how many wait with these filters, `pages` how many pages that makes, at least one."""

    rows: tuple[Row, ...]
    total: int
    page: int
    pages: int
    offices: tuple[Office, ...]


def queue(
    session: Session,
    *,
    actor: Person,
    now: datetime,
    whose: Whose = Whose.MINE,
    office_id: int | None = None,
    late: bool = False,
    find: str = "",
    page: int = 1,
) -> Queue:
    """What waits for somebody, by its latest safe approval, then by when it was sent; what has none comes last.

    `office_id` shows one office, `late` only what is late by now, `find` only what has these words in its title, its
    campaign, its candidate or its seat. A page after the last is the last. Raises `NotFound` for an office that is not
    theirs to answer for.
    """
    seats = offices.seats_of(session, actor)
    shown = _nodes(seats, whose)
    counted = _counted(session, shown)
    wanted: list[ColumnElement[bool]] = [Submission.state == State.WAITING, Submission.asked_of_id.in_(shown)]
    if office_id is not None:
        if office_id not in {each.node_id for each in counted} and not offices.sits_in(session, seats, office_id):
            raise NotFound("There is no such office, or it is not yours.", "Choose one from the list.")
        wanted.append(Submission.asked_of_id == office_id)
    if late:
        wanted.append(Submission.decide_by < now)
    if said := tidy_line(find):
        wanted.append(_says(said))
    total = session.scalar(_of_queue(select(func.count()).select_from(Submission)).where(*wanted)) or 0
    pages = max(1, -(-total // PAGE))
    at = min(max(1, page), pages)
    found = session.execute(_rows(wanted).limit(PAGE).offset((at - 1) * PAGE)).all() if total else []
    words = alike.open_in(session, actor, seats, [row.id for row in found])
    return Queue(tuple(_row(row, words.get(row.id, ())) for row in found), total, at, pages, counted)


def count(session: Session, person: Person) -> int:
    """How many leaflets wait for the offices in which somebody sits, but for what they sent and others can pass.

    One statement; a few more where they sent one of them themselves.
    """
    mine = select(Grant.node_id).where(
        Grant.person_id == person.id, Grant.role.in_(APPROVERS), Grant.holds(moment(session))
    )
    waiting = (Submission.state == State.WAITING, Submission.asked_of_id.in_(mine))
    sent = case((Submission.sent_by == person.id, Submission.id))
    every, own = session.execute(select(func.count(Submission.id), func.count(sent)).where(*waiting)).one()
    if not own:
        return int(every)
    sent_by_them = session.scalars(select(Submission).where(*waiting, Submission.sent_by == person.id)).all()
    able = offices.others_able_of_each(session, person, sent_by_them)
    return int(every) - sum(bool(others) for others in able.values())


def next_after(session: Session, *, actor: Person, submission_id: int) -> int | None:
    """The next that waits for somebody after this one in their queue, or the first; None where nothing else waits."""
    shown = _nodes(offices.seats_of(session, actor), Whose.MINE)
    waits = (Submission.state == State.WAITING, Submission.asked_of_id.in_(shown), Submission.id != submission_id)
    theirs = select(ReviewZone.id).where(
        ReviewZone.submission_id == Submission.id,
        ReviewZone.stage == Submission.stage,
        ReviewZone.state == ZoneState.WAITING,
        own_words.by_others(actor),  # one's own is passed by somebody else, wherever somebody can
    )
    of_others = theirs.correlate(Submission, Leaflet).exists()
    ordered = (
        select(Submission.id)
        .join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .where(*waits, of_others)
        .order_by(*_ORDER)
        .limit(1)
    )
    this = session.get(Submission, submission_id)
    later = session.scalar(ordered.where(_behind(this))) if this is not None else None
    return later if later is not None else session.scalar(ordered)


_ORDER = (Submission.decide_by.asc().nulls_last(), Submission.sent_at, Submission.id)


def _behind(this: Submission) -> ColumnElement[bool]:
    """What comes after this one, in the order of the queue."""
    same = and_(
        Submission.decide_by == this.decide_by if this.decide_by else Submission.decide_by.is_(None),
        or_(Submission.sent_at > this.sent_at, and_(Submission.sent_at == this.sent_at, Submission.id > this.id)),
    )
    if this.decide_by is None:
        return same
    return or_(Submission.decide_by > this.decide_by, Submission.decide_by.is_(None), same)


def _nodes(seats: Sequence[int], whose: Whose) -> Any:
    """The nodes whose offices are shown, as a subquery."""
    node, seat = aliased(Node), aliased(Node)
    if whose is Whose.MINE:
        return select(node.id).where(node.id.in_(seats))
    return select(node.id).join(seat, node.path.startswith(seat.path)).where(seat.id.in_(seats))


def _counted(session: Session, shown: Any) -> tuple[Office, ...]:
    counted = (
        select(Node.id, Node.name, func.count())
        .join(Submission, Submission.asked_of_id == Node.id)
        .where(Submission.state == State.WAITING, Node.id.in_(shown))
        .group_by(Node.id, Node.name, Node.path)
        .order_by(Node.path)
    )
    return tuple(Office(*row) for row in session.execute(counted))


_SEAT, _REGION = aliased(Node), aliased(Node)


def _of_queue(wanted: Any) -> Any:
    """With what a leaflet is found by."""
    return (
        wanted.join(Leaflet, Leaflet.id == Submission.leaflet_id)
        .join(Campaign, Campaign.id == Leaflet.campaign_id)
        .outerjoin(_SEAT, _SEAT.id == Campaign.node_id)
    )


def _rows(wanted: Sequence[ColumnElement[bool]]) -> Select[Any]:
    asked_of = aliased(Node)
    columns = select(
        Submission.id,
        Submission.leaflet_id,
        Leaflet.title,
        Campaign.name.label("campaign"),
        Leaflet.candidate,
        _REGION.name.label("above"),
        _REGION.tier.label("tier_above"),
        _SEAT.name.label("stands_at"),
        _SEAT.tier,
        asked_of.name.label("asked_of"),
        Submission.sent_by,
        Person.name.label("sender"),
        Submission.note,
        Submission.sent_at,
        Submission.asked_since,
        Submission.decide_by,
        Submission.moved,
    ).select_from(Submission)
    rows: Select[Any] = (
        _of_queue(columns)
        .join(Person, Person.id == Submission.sent_by)
        .outerjoin(asked_of, asked_of.id == Submission.asked_of_id)
        .outerjoin(_REGION, _REGION.id == _SEAT.parent_id)
        .where(*wanted)
        .order_by(*_ORDER)
    )
    return rows


def _says(said: str) -> ColumnElement[bool]:
    columns = (Leaflet.title, Campaign.name, Leaflet.candidate, _SEAT.name)
    return or_(*(func.lower(column).contains(said.lower(), autoescape=True) for column in columns))


def _row(row: Any, words: Sequence[Words]) -> Row:
    return Row(
        submission_id=row.id,
        leaflet_id=row.leaflet_id,
        title=row.title,
        campaign=row.campaign,
        candidate=row.candidate,
        region=(row.above or "") if row.tier_above == Tier.REGION else "",
        seat=(row.stands_at or "") if row.tier == Tier.SEAT else "",
        asked_of=row.asked_of or "",
        sent_by=row.sent_by,
        sender=row.sender,
        note=row.note,
        sent_at=row.sent_at,
        asked_since=row.asked_since,
        decide_by=row.decide_by,
        moved=row.moved,
        words=tuple(words),
    )
