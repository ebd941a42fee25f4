"""Nobody can fail to hear it: crossings into tight, late and cannot are told once, on the page and by e-mail."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, exists, select, update
from sqlalchemy.orm import Session, joinedload

from leaflets.domain.characters import tidy_line
from leaflets.domain.permissions import TEAM, Role
from leaflets.domain.standing import Plan, Standing
from leaflets.services import almanac, grants
from leaflets.storage.alert import Alert, Letter, Watch
from leaflets.storage.election import ElectionRow, campaign_election
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment, writing

PLAN, OBJECTION = "plan", "objection"
"""What an alert is about."""

LOOK_EVERY = timedelta(minutes=5)
MOST_AT_ONCE = 100
"""Leaflets of one look: people who write wait for it, and must not notice."""

_SUBJECTS = {
    Standing.TIGHT: "Tight",
    Standing.LATE: "Late",
    Standing.CANNOT: "Cannot make it",
    Standing.SUSPENDED: "Suspended",
}


@dataclass(frozen=True, slots=True)
class Told:
    """Alerts that say the same of one leaflet, or of it and its places, to be read as one. The newest is first."""

    alerts: tuple[Alert, ...]

    @property
    def newest(self) -> Alert:
        """The one that is shown for all."""
        return self.alerts[0]

    @property
    def main(self) -> Leaflet | None:
        """The leaflet that is no place of another, where one of these alerts is about it."""
        return next((one.leaflet for one in self.alerts if one.leaflet and one.leaflet.main is None), None)

    @property
    def places(self) -> tuple[Leaflet, ...]:
        """The places that these alerts are about, each once."""
        return tuple({one.leaflet.id: one.leaflet for one in self.alerts if one.leaflet and one.leaflet.main}.values())

    @property
    def leaflets(self) -> int:
        """About how many leaflets these alerts are."""
        return len({one.leaflet_id for one in self.alerts})


def unseen(session: Session, *, actor: Person) -> list[Alert]:
    """What somebody was told and has not seen yet, the newest first."""
    told = select(Alert).where(Alert.person_id == actor.id, Alert.seen_at.is_(None))
    with_leaflet = joinedload(Alert.leaflet).joinedload(Leaflet.main)
    return list(session.scalars(told.order_by(Alert.id.desc()).options(with_leaflet)))


def together(told: Iterable[Alert]) -> list[Told]:
    """Those with the same sentence about one leaflet and its places as one, in the order of the first of each."""
    same: dict[tuple[int | str, str, str, str], list[Alert]] = {}
    for one in told:
        family = one.leaflet.variant_of_id or one.leaflet.id if one.leaflet else one.path
        same.setdefault((family, one.kind, one.state, one.sentence), []).append(one)
    return [Told(tuple(alerts)) for alerts in same.values()]


def seen(session: Session, *, actor: Person, now: datetime, alert_ids: Sequence[int]) -> None:
    """Note that somebody has seen these; what is not theirs, or was seen before, is left alone."""
    with writing(session):
        mine = update(Alert).where(Alert.person_id == actor.id, Alert.id.in_(alert_ids), Alert.seen_at.is_(None))
        session.execute(mine.values(seen_at=now))


def watch(session: Session, *, now: datetime) -> int:
    """Look at some of the leaflets that nobody has looked at for a while, and tell what has crossed: how many did.

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
    crossed: list[tuple[Leaflet, Standing]] = []
    for each in found:
        row = watches.get(each.leaflet.id)
        if row is None:
            row = Watch(leaflet_id=each.leaflet.id, told="")
            session.add(row)
        row.looked_at = now
        state = each.plan.state if each.plan and not _is_over(each.plan, now) else None
        if state in _SUBJECTS and _is_worse(state, row.told):
            crossed.append((each.leaflet, state))
        row.told = state if state in _SUBJECTS else ""
    _tell_crossings(session, crossed, now)
    session.flush()
    return len(crossed)


def team(session: Session, campaign_id: int) -> list[Person]:
    """Everybody with a role in a campaign: the candidate's team and the agent."""
    return grants.holders(session, campaign_id=campaign_id, roles=TEAM)


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


def _tell_crossings(session: Session, crossed: Sequence[tuple[Leaflet, Standing]], now: datetime) -> None:
    """Each to its team and its region, with what would still work. Asks the database a fixed number of times."""
    campaigns = {leaflet.campaign_id: leaflet.campaign for leaflet, _ in crossed}
    book = almanac.almanac(session, list(campaigns.values()), now=now)
    people = _who_hears(session, list(campaigns.values()))
    for leaflet, state in crossed:
        plan = book.planned(leaflet).plan
        assert plan is not None  # it was counted a moment ago
        ways_out = [f"- {each.sentence}" for each in plan.remedies]
        tell(
            session,
            people[leaflet.campaign_id],
            now=now,
            leaflet=leaflet,
            kind=PLAN,
            state=state,
            subject=f"{_SUBJECTS[state]}: {leaflet.title}, {leaflet.election_area}",
            sentence=plan.sentence,
            more="\n".join(("What would still work:", *ways_out)) if ways_out else "",
        )


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
