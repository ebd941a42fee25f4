"""Crossings of leaflets' plans into tight, late and cannot: each is told once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, exists, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.standing import Plan, Standing
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import Role
from leaflets.domain.review.approval import State
from leaflets.services.alerts import News, outdated, tell_all
from leaflets.services.clock import almanac
from leaflets.storage.alert import Watch
from leaflets.storage.election import ElectionRow, campaign_election
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.review import Submission
from leaflets.storage.session import moment, writing

LOOK_EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 100
"""Leaflets of one look: people who write wait for it, and must not notice."""

_SUBJECTS = {
    Standing.TIGHT: "Tight",
    Standing.LATE: "Late",
    Standing.CANNOT: "Cannot make it",
    Standing.SUSPENDED: "Suspended",
}


def watch(session: Session, *, now: datetime) -> int:
    """Look at some of the leaflets that nobody has looked at for a while, and tell what has crossed: how many did.

    Any number may watch at once: each leaflet is looked at by one. Leaflets whose polls are over are left in peace.
    """
    old = (
        select(Watch)
        .join(Leaflet, Leaflet.id == Watch.leaflet_id)
        .where(Watch.looked_at <= now - LOOK_EVERY, _ahead(now))
        .order_by(Watch.looked_at)
        .limit(MOST_AT_ONCE)
    )
    unwatched = select(Leaflet.id).where(~exists().where(Watch.leaflet_id == Leaflet.id), _ahead(now))
    due = old.with_only_columns(Watch.leaflet_id)
    if session.scalar(due.limit(1)) is None and session.scalar(unwatched.limit(1)) is None:
        return 0  # nobody is kept from writing for it
    with writing(session):
        watched = session.scalars(old.with_for_update(skip_locked=True, of=Watch)).all()
        ids = [row.leaflet_id for row in watched] + list(session.scalars(unwatched.limit(MOST_AT_ONCE)))
        return look(session, Leaflet.id.in_(ids), now=now)


def look(session: Session, *conditions: ColumnElement[bool], now: datetime) -> int:
    """Look at these leaflets now, and tell what has crossed, inside the transaction of whoever changed something.

    Those that wait for approval hear by when they need it. What was told of a state that is over leaves every page.
    """
    found = almanac.plans(session, *conditions, now=now)
    _follow(session, {each.leaflet.id: each.plan.approve_by if each.plan else None for each in found})
    known = select(Watch).where(Watch.leaflet_id.in_([each.leaflet.id for each in found]))
    watches = {row.leaflet_id: row for row in session.scalars(known)}
    crossed: list[tuple[Leaflet, Standing]] = []
    moved: list[int] = []
    for each in found:
        row = watches.get(each.leaflet.id)
        if row is None:
            row = Watch(leaflet_id=each.leaflet.id, told="")
            session.add(row)
        row.looked_at = now
        state = each.plan.state if each.plan and not _is_over(each.plan, now) else None
        if state in _SUBJECTS and _is_worse(state, row.told):
            crossed.append((each.leaflet, state))
        if row.told and state != row.told:
            moved.append(each.leaflet.id)
        row.told = state if state in _SUBJECTS else ""
    outdated(session, now=now, kinds=(Notice.PLAN, Notice.CANNOT), leaflet_ids=moved)
    _tell_crossings(session, crossed, now)
    session.flush()
    return len(crossed)


def _tell_crossings(session: Session, crossed: Sequence[tuple[Leaflet, Standing]], now: datetime) -> None:
    """Each to its team and its region, with what would still work. Asks the database a fixed number of times."""
    campaigns = {leaflet.campaign_id: leaflet.campaign for leaflet, _ in crossed}
    book = almanac.almanac(session, list(campaigns.values()), now=now)
    people = _who_hears(session, list(campaigns.values()))
    news = []
    for leaflet, state in crossed:
        plan = book.planned(leaflet).plan
        assert plan is not None  # it was counted a moment ago
        ways_out = [f"- {each.sentence}" for each in plan.remedies]
        news.append(
            News(
                people[leaflet.campaign_id],
                Notice.CANNOT if state is Standing.CANNOT else Notice.PLAN,
                subject=f"{_SUBJECTS[state]}: {leaflet.title}, {leaflet.election_area}",
                sentence=plan.sentence,
                leaflet=leaflet,
                state=state,
                more="\n".join(("What would still work:", *ways_out)) if ways_out else "",
            )
        )
    tell_all(session, news, now=now)


def _who_hears(session: Session, campaigns: Sequence[Campaign]) -> Mapping[int, list[Person]]:
    """The team of each campaign and the regional officers above it, by campaign id."""
    members = (
        select(Grant.campaign_id, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.campaign_id.in_([campaign.id for campaign in campaigns]), Grant.holds(moment(session)))
        .order_by(Person.id)
    )
    above = {node_id for campaign in campaigns if campaign.node for node_id in campaign.node.way_down}
    offices = (
        select(Grant.node_id, Person)
        .join(Person, Person.id == Grant.person_id)
        .where(Grant.node_id.in_(above), Grant.role == Role.REGION, Grant.holds(moment(session)))
        .order_by(Person.id)
    )
    hears: dict[int, list[Person]] = {campaign.id: [] for campaign in campaigns}
    for campaign_id, person in session.execute(members):
        hears[campaign_id or 0].append(person)
    officers: dict[int | None, list[Person]] = {}
    for node_id, person in session.execute(offices):
        officers.setdefault(node_id, []).append(person)
    for campaign in campaigns:
        for node_id in campaign.node.way_down if campaign.node else ():
            hears[campaign.id].extend(officers.get(node_id, ()))
    return hears


def _follow(session: Session, approve_by: Mapping[int, datetime | None]) -> None:
    """Keep by when a waiting leaflet needs its approval, by leaflet, as the plans are now."""
    waits = select(Submission).where(Submission.leaflet_id.in_(approve_by), Submission.state == State.WAITING)
    for submission in session.scalars(waits):
        if submission.decide_by != approve_by[submission.leaflet_id]:
            submission.decide_by, submission.look_at = approve_by[submission.leaflet_id], None


def _is_worse(state: Standing, told: str) -> bool:
    return not told or state.rank > Standing(told).rank


def _is_over(plan: Plan, now: datetime) -> bool:
    return all(poll.polling_day < now.date() for poll in plan.question.polls)


def _ahead(now: datetime) -> ColumnElement[bool]:
    standing = (
        select(campaign_election.c.campaign_id)
        .join(ElectionRow, ElectionRow.id == campaign_election.c.election_id)
        .where(ElectionRow.polling_day >= now.date())
    )
    return Leaflet.campaign_id.in_(standing)
