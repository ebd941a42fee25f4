"""Calendar feeds: who has an address for what, and what stands behind it today."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import NotFound
from leaflets.domain.permissions import Action
from leaflets.services import access, audit
from leaflets.services.clock import plans
from leaflets.services.clock.plans import Board
from leaflets.services.organisation import tree
from leaflets.storage.audit import AuditRow
from leaflets.storage.calendar_feed import CalendarFeed
from leaflets.storage.election import ElectionRow
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


@dataclass(frozen=True, slots=True)
class Feed:
    """What a calendar reads: `name` of the campaign or office, its leaflets, and the last change that may move a date.

    `sequence` grows with every such change, and stays while nothing changes.
    """

    name: str
    board: Board
    sequence: int
    changed_at: datetime


def feed_of(
    session: Session, *, actor: Person, campaign_id: int | None = None, node_id: int | None = None
) -> CalendarFeed | None:
    """Somebody's own feed of a campaign or a board, if they have one."""
    return session.scalar(select(CalendarFeed).filter_by(person_id=actor.id, campaign_id=campaign_id, node_id=node_id))


def new_address(
    session: Session, *, actor: Person, now: datetime, campaign_id: int | None = None, node_id: int | None = None
) -> CalendarFeed:
    """Give somebody an address of a campaign or a board that they may see; the one they had before ends.

    Raises `NotFound` or `Refused` where they may not see it.
    """
    _name(session, actor, campaign_id, node_id)
    with writing(session):
        feed = feed_of(session, actor=actor, campaign_id=campaign_id, node_id=node_id)
        if feed is None:
            feed = CalendarFeed(person_id=actor.id, campaign_id=campaign_id, node_id=node_id, serial=0, made_at=now)
            session.add(feed)
        feed.serial, feed.made_at = feed.serial + 1, now
        session.flush()
        audit.record(
            session,
            actor=actor,
            now=now,
            what="calendar address",
            subject="calendar_feed",
            subject_id=feed.id,
            campaign_id=campaign_id,
            became=f"address {feed.serial}",
        )
    return feed


def read(session: Session, *, now: datetime, feed_id: int, serial: int) -> Feed:
    """What stands behind an address, for as long as its person may see it. Raises `NotFound` when it has ended."""
    feed = session.get(CalendarFeed, feed_id)
    if feed is None or feed.serial != serial:
        raise NotFound("This calendar address is no longer in use.", "Take the new one from the page of the campaign.")
    name = _name(session, feed.person, feed.campaign_id, feed.node_id)
    if feed.campaign_id is not None:
        board = plans.campaign_board(session, actor=feed.person, now=now, campaign_id=feed.campaign_id)
    else:
        assert feed.node_id is not None  # a feed is of the one or the other
        board = plans.board(session, actor=feed.person, now=now, node_id=feed.node_id)
    campaigns = {row.leaflet.campaign_id: row.leaflet.campaign for row in board.rows}
    touches = or_(
        AuditRow.campaign_id.in_(campaigns), _of_organisations({each.organisation_id for each in campaigns.values()})
    )
    sequence, changed_at = session.execute(
        select(func.max(AuditRow.id), func.max(AuditRow.at)).where(touches, AuditRow.subject != "calendar_feed")
    ).one()
    return Feed(name, board, sequence or 0, changed_at or feed.made_at)


def _of_organisations(ids: Collection[int]) -> ColumnElement[bool]:
    """The rows of no campaign that may move a date all the same: durations, printers, elections, announcements."""
    places = select(Node.id).where(Node.organisation_id.in_(ids))
    polls = select(ElectionRow.id).where(ElectionRow.organisation_id.in_(ids))
    of_places = and_(AuditRow.campaign_id.is_(None), AuditRow.node_id.in_(places))
    return or_(of_places, and_(AuditRow.subject == "election", AuditRow.subject_id.in_(polls)))


def _name(session: Session, actor: Person, campaign_id: int | None, node_id: int | None) -> str:
    if campaign_id is not None:
        access.require(session, actor, Action.SEE_LEAFLET, campaign_id, what="campaign")
        return session.get_one(Campaign, campaign_id).name
    if node_id is not None:
        return tree.node(session, actor=actor, node_id=node_id).name
    raise NotFound("There is no such calendar.", "Choose a campaign or a board.")
