"""Nobody can fail to hear it: crossings into tight, late and cannot are told once, on the page and by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.characters import tidy_line
from leaflets.domain.permissions import Role
from leaflets.domain.standing import Plan, Standing
from leaflets.services import almanac, tree
from leaflets.services.almanac import Planned
from leaflets.storage.alert import Alert, Letter, Watch
from leaflets.storage.election import ElectionRow, campaign_election
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Membership, Person
from leaflets.storage.session import writing

PLAN, OBJECTION = "plan", "objection"
"""What an alert is about."""

LOOK_EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 650

_SUBJECTS = {
    Standing.TIGHT: "Tight",
    Standing.LATE: "Late",
    Standing.CANNOT: "Cannot make it",
    Standing.SUSPENDED: "Suspended",
}


def unseen(session: Session, *, actor: Person) -> list[Alert]:
    """What somebody was told and has not seen yet, the newest first."""
    told = select(Alert).where(Alert.person_id == actor.id, Alert.seen_at.is_(None))
    return list(session.scalars(told.order_by(Alert.id.desc()).options(joinedload(Alert.leaflet))))


def seen(session: Session, *, actor: Person, now: datetime, alert_ids: Sequence[int]) -> None:
    """Note that somebody has seen these; what is not theirs, or was seen before, is left alone."""
    with writing(session):
        mine = update(Alert).where(Alert.person_id == actor.id, Alert.id.in_(alert_ids), Alert.seen_at.is_(None))
        session.execute(mine.values(seen_at=now))


def watch(session: Session, *, now: datetime) -> int:
    """Look at the leaflets that nobody has looked at for a while, and tell what has crossed. Returns how many told.

    Any number may watch at once: each leaflet is looked at by one. Leaflets whose polls are over are left in peace.
    """
    with writing(session):
        old = (
            select(Watch)
            .join(Leaflet, Leaflet.id == Watch.leaflet_id)
            .where(Watch.looked_at <= now - LOOK_EVERY, _ahead(now))
            .order_by(Watch.looked_at)
        )
        watched = session.scalars(old.limit(MOST_AT_ONCE).with_for_update(skip_locked=True, of=Watch)).all()
        unwatched = select(Leaflet.id).where(~exists().where(Watch.leaflet_id == Leaflet.id), _ahead(now))
        due = [row.leaflet_id for row in watched] + list(session.scalars(unwatched.limit(MOST_AT_ONCE)))
        return look(session, Leaflet.id.in_(due), now=now)


def look(session: Session, *conditions: ColumnElement[bool], now: datetime) -> int:
    """Look at these leaflets now, and tell what has crossed, inside the transaction of whoever changed something."""
    found = almanac.plans(session, *conditions, now=now)
    known = select(Watch).where(Watch.leaflet_id.in_([each.leaflet.id for each in found]))
    watches = {row.leaflet_id: row for row in session.scalars(known)}
    crossed = 0
    for each in found:
        row = watches.get(each.leaflet.id)
        if row is None:
            row = Watch(leaflet_id=each.leaflet.id, told="", looked_at=now)
            session.add(row)
        row.looked_at = now
        state = each.plan.state if each.plan and not _is_over(each.plan, now) else None
        if state in _SUBJECTS and _is_worse(state, row.told):
            _tell_crossing(session, each, state, now)
            crossed += 1
        row.told = state if state in _SUBJECTS else ""
    session.flush()
    return crossed


def team(session: Session, campaign_id: int) -> list[Person]:
    """Everybody with a role in a campaign: the candidate's team and the agent."""
    held = select(Membership.person_id).where(Membership.campaign_id == campaign_id)
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.id)))


def tell(
    session: Session,
    people: Iterable[Person],
    *,
    now: datetime,
    leaflet: Leaflet,
    kind: str,
    subject: str,
    sentence: str,
    more: str = "",
    state: str = "",
) -> None:
    """One alert and one letter to each, inside the transaction of what is told. `more` is in the letter alone."""
    told = {person.id: person for person in people}
    for person in told.values():
        session.add(
            Alert(person_id=person.id, leaflet_id=leaflet.id, kind=kind, state=state, sentence=sentence, told_at=now)
        )
        session.add(
            Letter(
                person_id=person.id,
                address=person.email,
                subject=tidy_line(subject)[:200],
                body="\n\n".join(
                    part for part in (f"{leaflet.title}, {leaflet.campaign.name}", sentence, more) if part
                ),
                path=f"/leaflets/{leaflet.id}",
                message_id=str(uuid4()),
                written_at=now,
                not_before=now,
            )
        )


def _tell_crossing(session: Session, each: Planned, state: Standing, now: datetime) -> None:
    leaflet = each.leaflet
    plan = almanac.almanac(session, [leaflet.campaign], now=now).planned(leaflet).plan
    assert plan is not None  # it was counted a moment ago
    tell(
        session,
        [*team(session, leaflet.campaign_id), *tree.office_above(session, leaflet.campaign.node, Role.REGION)],
        now=now,
        leaflet=leaflet,
        kind=PLAN,
        state=state,
        subject=f"{_SUBJECTS[state]}: {leaflet.title}, {leaflet.election_area}",
        sentence=plan.sentence,
        more="\n".join(("What would still work:", *(f"- {each.sentence}" for each in plan.remedies)))
        if plan.remedies
        else "",
    )


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
