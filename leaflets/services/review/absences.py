"""Days on which an approver is away, and who answers for them meanwhile.

Whoever answers is an approver somewhere in the same organisation. For the days of the absence they are lent the absent
person's offices: grants that end by themselves with the last day (and at once when somebody is back early), in the
name of whoever is away, shown and audited as any other. They are lent on the first day, not before; `lend` sees to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, Select, exists, select
from sqlalchemy.orm import Session, aliased

from leaflets.domain.clock.moments import in_london, say_day
from leaflets.domain.errors import Conflict, Invalid, LeafletsError, NotFound
from leaflets.domain.notices import Notice
from leaflets.domain.permissions import APPROVERS
from leaflets.services import alerts, audit
from leaflets.services.roles import grants
from leaflets.storage.grant import Grant
from leaflets.storage.people import Person
from leaflets.storage.review import Absence
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node

LONGEST = timedelta(days=90)
"""Whoever is away for longer gives the office to somebody else."""

FURTHEST = timedelta(days=366)


def note(
    session: Session, *, actor: Person, now: datetime, first_day: date, last_day: date, delegate_id: int | None = None
) -> Absence:
    """Say that one is away from one day to another, both included, and who answers meanwhile.

    Raises `Invalid` for days that cannot be or somebody who cannot answer, `Conflict` where one is away already.
    """
    _check_days(first_day, last_day, in_london(now).date())
    with writing(session):
        for person_id in sorted({actor.id, actor.id if delegate_id is None else delegate_id}):
            session.get(Person, person_id, with_for_update={"key_share": True})  # two who name each other take turns
        if overlapping := _absent(session, actor.id, first_day, last_day):
            raise Conflict(f"You are away then already: {said(overlapping)}.", "Say that you are back first.")
        delegate = _delegate(session, actor, delegate_id, first_day, last_day) if delegate_id is not None else None
        made = Absence(
            person_id=actor.id,
            first_day=first_day,
            last_day=last_day,
            delegate_id=delegate.id if delegate else None,
            noted_at=now,
        )
        session.add(made)
        session.flush()
        who = f", {delegate.name} answers" if delegate else ""
        _note(session, actor, now, "absence noted", made, f"{said(made)}{who}")
        if delegate:
            alerts.tell(
                session,
                [delegate],
                now=now,
                kind=Notice.STANDS_IN,
                subject=f"You answer for {actor.name}",
                sentence=f"{actor.name} is away {said(made)}, and you answer meanwhile.",
                path="/account/absences",
            )
        _lend(session, now)
    return made


def come_back(session: Session, *, actor: Person, now: datetime, absence_id: int) -> Absence:
    """End an absence of one's own, before or in the middle of it; what was lent ends with it. Twice changes nothing.

    Raises `NotFound`.
    """
    with writing(session):
        found = session.get(Absence, absence_id, with_for_update=True)
        if found is None or found.person_id != actor.id:
            raise NotFound("There is no such absence of yours.", "Look at the page again.")
        if found.ended_at is None:
            found.ended_at = now
            because = f"{actor.name} is back."
            for grant in _lent(session, found):
                grants.ended(session, actor="an absence that ended", now=now, grant_id=grant.id, because=because)
            _note(session, actor, now, "absence ended", found, said(found))
    return found


def of(session: Session, *, actor: Person, now: datetime) -> list[Absence]:
    """One's own absences that are not over, the next first."""
    mine = select(Absence).where(
        Absence.person_id == actor.id, Absence.ended_at.is_(None), Absence.last_day >= in_london(now).date()
    )
    return list(session.scalars(mine.order_by(Absence.first_day, Absence.id)))


def answering_for(session: Session, *, actor: Person, now: datetime) -> list[Absence]:
    """The absences in which one answers for somebody else, now or later, the next first."""
    theirs = select(Absence).where(
        Absence.delegate_id == actor.id, Absence.ended_at.is_(None), Absence.last_day >= in_london(now).date()
    )
    return list(session.scalars(theirs.order_by(Absence.first_day, Absence.id)))


def standing_in(session: Session, *, actor: Person, now: datetime) -> list[Absence]:
    """The absences of today in which one answers for somebody else, and was lent what they answer for."""
    today = in_london(now).date()
    theirs = answering_for(session, actor=actor, now=now)
    return [each for each in theirs if each.first_day <= today and _lent(session, each)]


def delegates(session: Session, *, actor: Person) -> list[Person]:
    """Who can answer for somebody: every other approver of the organisations in which they are one, by name."""
    at_home = select(Node.organisation_id).join(Grant, Grant.node_id == Node.id).where(*_approves(session, actor.id))
    same = (
        select(Grant.person_id)
        .join(Node, Node.id == Grant.node_id)
        .where(Node.organisation_id.in_(at_home), *_approves(session))
    )
    others = select(Person).where(Person.id.in_(same), Person.id != actor.id)
    return list(session.scalars(others.order_by(Person.name, Person.id)))


def lend(session: Session, *, now: datetime) -> int:
    """Give what absences of today lend and nobody has given yet: how many grants. Any number may run at once."""
    today = in_london(now).date()
    away = Absence.first_day <= today, Absence.last_day >= today, Absence.ended_at.is_(None)
    if session.scalar(select(Absence.id).where(Absence.delegate_id.is_not(None), *away).limit(1)) is None:
        return 0  # mostly: nothing more is asked
    if not session.execute(_not_lent(now).limit(1)).first():
        return 0  # nobody is kept from writing for it
    with writing(session):
        return _lend(session, now)


def said(absence: Absence) -> str:
    """The days of an absence in words: on one day, or from one to another."""
    if absence.first_day == absence.last_day:
        return f"on {say_day(absence.first_day)}"
    return f"from {say_day(absence.first_day)} to {say_day(absence.last_day)}"


def _check_days(first_day: date, last_day: date, today: date) -> None:
    if last_day < first_day:
        raise Invalid("The last day comes before the first.", "Swap them, or choose others.")
    if last_day < today:
        raise Invalid("Those days are over.", "Choose days ahead.")
    if last_day - first_day > LONGEST:
        raise Invalid(
            f"That is longer than {LONGEST.days} days.", "Ask your organisation to give your office to somebody else."
        )
    if first_day - today > FURTHEST:
        raise Invalid("That is more than a year ahead.", "Check the year.")


def _delegate(session: Session, actor: Person, delegate_id: int, first_day: date, last_day: date) -> Person:
    able = {person.id: person for person in delegates(session, actor=actor)}
    if delegate_id not in able:
        raise Invalid("They cannot answer for you.", "Choose an approver of your own organisation, or nobody.")
    if away := _absent(session, delegate_id, first_day, last_day):
        raise Invalid(f"{able[delegate_id].name} is away {said(away)}.", "Choose somebody who is there.")
    return able[delegate_id]


def _absent(session: Session, person_id: int, first_day: date, last_day: date) -> Absence | None:
    overlaps = Absence.first_day <= last_day, Absence.last_day >= first_day
    absent = select(Absence).where(Absence.person_id == person_id, Absence.ended_at.is_(None), *overlaps)
    return session.scalars(absent.order_by(Absence.first_day).limit(1)).first()


def _approves(session: Session, person_id: int | None = None) -> list[ColumnElement[bool]]:
    approves = [Grant.role.in_(APPROVERS), Grant.holds(moment(session))]
    return [*approves, Grant.person_id == person_id] if person_id is not None else approves


def _not_lent(now: datetime) -> Select[Absence, Grant]:
    today, own, others, place = in_london(now).date(), aliased(Grant), aliased(Grant), aliased(Node)
    at_home = exists().where(
        others.person_id == Absence.delegate_id,
        others.node_id == place.id,
        place.organisation_id == Node.organisation_id,
        others.role.in_(APPROVERS),
        others.holds(now),
    )
    theirs = exists().where(
        others.person_id == Absence.delegate_id,
        others.node_id == own.node_id,
        others.role == own.role,
        others.holds(now),
    )
    return (
        select(Absence, own)
        .join(own, own.person_id == Absence.person_id)
        .join(Node, Node.id == own.node_id)
        .where(
            Absence.delegate_id.is_not(None),
            Absence.ended_at.is_(None),
            Absence.first_day <= today,
            Absence.last_day >= today,
            own.role.in_(APPROVERS),
            own.holds(now),
            at_home,  # whoever answers in one organisation is lent nothing in another
            ~theirs,
        )
    )


def _lend(session: Session, now: datetime) -> int:
    lent = 0
    for absence, own in session.execute(_not_lent(now)).all():
        ends_at = min(grants.end_of(absence.last_day), own.ends_at or grants.end_of(absence.last_day))
        try:
            grants.given(
                session,
                actor=absence.person,
                now=now,
                person_id=absence.delegate_id or 0,
                role=own.role,
                node_id=own.node_id,
                reason=_reason(absence),
                ends_at=ends_at,
            )
        except LeafletsError:  # whoever is away may not lend it: the office above is asked
            continue
        lent += 1
    return lent


def _lent(session: Session, absence: Absence) -> Sequence[Grant]:
    """What was lent for an absence: given by whoever is away, to whoever answers, until its last day at most."""
    lent = select(Grant).where(
        Grant.given_by == absence.person_id,
        Grant.person_id == absence.delegate_id,
        Grant.ends_at <= grants.end_of(absence.last_day),
        Grant.reason == _reason(absence),
        Grant.ended_at.is_(None),
    )
    return session.scalars(lent).all()


def _reason(absence: Absence) -> str:
    return f"Answers for {absence.person.name}, who is away {said(absence)}."


def _note(session: Session, actor: Person, now: datetime, what: str, absence: Absence, became: str) -> None:
    audit.record(session, actor=actor, now=now, what=what, subject="absence", subject_id=absence.id, became=became)
