"""The elections of an organisation: entering them, moving a poll, stopping one and letting it run again.

Whatever is changed here, every open order follows at once, and whoever has to hear of it is told in the same
transaction.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, and_, delete, select, update
from sqlalchemy.orm import Session

from leaflets.domain.clock.election import parse_election
from leaflets.domain.errors import Invalid, NotFound, Refused
from leaflets.domain.permissions import POLICY, Action
from leaflets.domain.words.characters import tidy_line
from leaflets.services import audit
from leaflets.services.clock import almanac, crossings
from leaflets.services.organisation import by_name
from leaflets.services.press import open_orders
from leaflets.storage.election import DispatchRow, ElectionRow, campaign_election, leaflet_election
from leaflets.storage.grant import Grant
from leaflets.storage.leaflet import Leaflet
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node


def entered(session: Session, *, now: datetime, organisation_id: int, ref: str) -> ElectionRow:
    """The election of that id, entered if it is new, inside the transaction of whoever needs it. Raises `Invalid`."""
    election = parse_election(ref)
    row = session.scalar(select(ElectionRow).filter_by(organisation_id=organisation_id, ref=election.id))
    if row is None:
        row = ElectionRow(
            organisation_id=organisation_id, ref=election.id, polling_day=election.polling_day, created_at=now
        )
        session.add(row)
        session.flush()
    return row


def written_out(rows: Iterable[ElectionRow]) -> str:
    """The polling day as it is printed: Thursday 6 May 2027; each once where there are several."""
    return " and ".join(_say(day) for day in sorted({row.polling_day for row in rows}))


def election(session: Session, *, actor: Person, election_id: int) -> ElectionRow:
    """One election, for somebody with a part in a campaign or an office that it concerns. Raises `NotFound`."""
    row = session.get(ElectionRow, election_id)
    if row is None or row.organisation_id not in _organisations_of(session, actor):
        raise _no_election()
    return row


def find(session: Session, *, organisation: str, ref: str) -> ElectionRow:
    """An organisation's election of that id. Raises `NotFound`. For programs: nobody's standing is asked."""
    party = by_name.called(session, organisation)
    of_party = select(ElectionRow).filter_by(organisation_id=party.id, ref=ref.strip()) if party else None
    row = session.scalar(of_party) if of_party is not None else None
    if row is None:
        raise NotFound(f"No campaign of {organisation} stands in {ref}.", "Check the id, and the organisation’s name.")
    return row


def set_nominations(
    session: Session, *, actor: Person | str, now: datetime, election_id: int, day: date | None
) -> ElectionRow:
    """Enter when nominations close, at a by-election. Raises `Invalid` for a day outside the law's window."""
    with writing(session):
        row = _to_change(session, actor, election_id)
        _check(session, row, row.ref, day)
        was, row.nominations_close = row.nominations_close, day
        _changed(session, actor, now, "nominations set", row, str(was or ""), str(day or ""))
    return row


def move(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    election_id: int,
    to: date,
    nominations_close: date | None = None,
) -> ElectionRow:
    """Move polling day.

    Campaigns and leaflets print the new day, orders that would print the old one are held, all others follow their
    new deadlines. What councils announced for the old day no longer counts.

    Where the new day has an election of that kind already, the two become one. Raises `Invalid` for a day that
    cannot be a polling day, `NotFound`, `Refused`.
    """
    with writing(session):
        row = _to_change(session, actor, election_id)
        ref = f"{row.ref.rpartition('.')[0]}.{to.isoformat()}"
        if ref == row.ref:
            return row
        if to < now.date():
            raise Invalid(f"{_say(to)} is in the past.", "Give a polling day still to come.")
        _check(session, row, ref, nominations_close)
        was = row.ref
        same = session.scalar(select(ElectionRow).filter_by(organisation_id=row.organisation_id, ref=ref))
        if same is None:
            row.ref, row.polling_day, row.nominations_close = ref, to, nominations_close
        else:
            row = _merged(session, row, same)
        session.flush()
        for campaign in session.scalars(select(Campaign).where(_campaigns(row))).all():
            session.refresh(campaign, ["elections"])
            campaign.polling_day = written_out(campaign.elections)
        for leaflet in session.scalars(select(Leaflet).where(Leaflet.campaign_id.in_(_standing(row)))):
            session.refresh(leaflet, ["elections"])
            leaflet.polling_day = written_out(leaflet.elections or leaflet.campaign.elections)
        _changed(session, actor, now, "polling day moved", row, was, ref)
    return row


def suspend(session: Session, *, actor: Person | str, now: datetime, election_id: int, why: str) -> ElectionRow:
    """Stop an election (a candidate has died, a court has stopped it): its open orders are held at once.

    A leaflet for several elections goes on for those that still run. Raises `Invalid` without a reason.
    """
    said = tidy_line(why)[:400]
    if not said:
        raise Invalid("Stopping an election needs its reason.", "Say why: the candidates' teams will read it.")
    with writing(session):
        row = _to_change(session, actor, election_id)
        was, row.suspended = row.suspended, said
        _changed(session, actor, now, "election suspended", row, was, said)
    return row


def resume(session: Session, *, actor: Person | str, now: datetime, election_id: int) -> ElectionRow:
    """Let an election run again, on the day that it has now; held orders go back into the queue."""
    with writing(session):
        row = _to_change(session, actor, election_id)
        was, row.suspended = row.suspended, ""
        if was:
            _changed(session, actor, now, "election resumed", row, was, "")
    return row


def may_change(session: Session, *, actor: Person, row: ElectionRow) -> bool:
    """Whether somebody may move, suspend and resume an election: their office is above all whom it concerns."""
    offices = select(Node.path).join(Grant, Grant.node_id == Node.id)
    moves = Grant.role.in_(POLICY[Action.MOVE_ELECTION])
    mine = session.scalars(offices.where(Grant.person_id == actor.id, moves, Grant.holds(moment(session)))).all()
    places = session.scalars(select(Node.path).join(Campaign, Campaign.node_id == Node.id).where(_campaigns(row)))
    return bool(mine) and all(any(path.startswith(office) for office in mine) for path in places)


def require_change(session: Session, *, actor: Person, row: ElectionRow) -> None:
    """Pass in silence when `may_change`; raise `Refused`, saying who may, when not."""
    if not may_change(session, actor=actor, row=row):
        raise Refused(
            f"You may not {Action.MOVE_ELECTION.value}: it concerns campaigns outside your office.",
            "Ask the nation’s office above all of them.",
        )


def concerned(row: ElectionRow) -> ColumnElement[bool]:
    """The condition on `Leaflet` that its campaign stands in this election."""
    return Leaflet.campaign_id.in_(_standing(row))


def _campaigns(row: ElectionRow) -> ColumnElement[bool]:
    return Campaign.id.in_(_standing(row))


def _standing(row: ElectionRow) -> Select[tuple[int]]:
    return select(campaign_election.c.campaign_id).where(campaign_election.c.election_id == row.id)


def _changed(
    session: Session, actor: Person | str, now: datetime, what: str, row: ElectionRow, was: str, became: str
) -> None:
    session.flush()
    audit.record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject="election",
        subject_id=row.id,
        node_id=session.scalar(select(Node.id).filter_by(organisation_id=row.organisation_id, parent_id=None)),
        was=was,
        became=became,
    )
    open_orders.follow(session, concerned(row), actor=actor, now=now)
    crossings.look(session, concerned(row), now=now)


def _to_change(session: Session, actor: Person | str, election_id: int) -> ElectionRow:
    """An election that nobody else changes until the transaction ends, for a program or an office above all of it."""
    row = session.get(ElectionRow, election_id, with_for_update=True)
    if row is None or (isinstance(actor, Person) and row.organisation_id not in _organisations_of(session, actor)):
        raise _no_election()
    if isinstance(actor, Person):
        require_change(session, actor=actor, row=row)
    return row


def _organisations_of(session: Session, actor: Person) -> set[int]:
    """The organisations that somebody has a part in."""
    mine = and_(Grant.person_id == actor.id, Grant.holds(moment(session)))
    offices = select(Node.organisation_id).join(Grant, Grant.node_id == Node.id).where(mine)
    teams = select(Campaign.organisation_id).join(Grant, Grant.campaign_id == Campaign.id).where(mine)
    return {*session.scalars(offices), *session.scalars(teams)}


def _check(session: Session, row: ElectionRow, ref: str, nominations_close: date | None) -> None:
    """Raise `Invalid` unless that poll can be held wherever the campaigns concerned stand."""
    nodes = session.scalars(select(Node).join(Campaign, Campaign.node_id == Node.id).where(_campaigns(row)).distinct())
    for law in {node.law for node in nodes}:
        almanac.timetable_of(ref, law, nominations_close)


def _merged(session: Session, old: ElectionRow, kept: ElectionRow) -> ElectionRow:
    """Everything of `old` goes to `kept`."""
    for table, who in ((campaign_election, "campaign_id"), (leaflet_election, "leaflet_id")):
        there = select(table.c[who]).where(table.c.election_id == kept.id)
        session.execute(delete(table).where(table.c.election_id == old.id, table.c[who].in_(there)))
        session.execute(update(table).where(table.c.election_id == old.id).values(election_id=kept.id))
    session.execute(update(DispatchRow).where(DispatchRow.election_id == old.id).values(election_id=kept.id))
    session.flush()
    session.expire(old)
    session.delete(old)
    return kept


def _no_election() -> NotFound:
    return NotFound("There is no such election, or it is none of yours.", "Check the address.")


def _say(day: date) -> str:
    return f"{day:%A} {day.day} {day:%B %Y}"
