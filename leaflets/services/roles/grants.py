"""Giving roles and ending them, and who holds which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from leaflets.domain.clock.moments import DAY, at, in_london
from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.permissions import APPROVERS, Role
from leaflets.domain.words.characters import tidy_line
from leaflets.services import audit
from leaflets.services.roles import giving
from leaflets.services.roles.giving import Seat
from leaflets.storage.grant import AccessRequest, Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.printer import Printer
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node

LONGEST_REASON = 500
_AN_INSTANT = timedelta(microseconds=1)


def give(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    person_id: int,
    role: Role,
    node_id: int | None = None,
    campaign_id: int | None = None,
    printer_id: int | None = None,
    reason: str = "",
    ends_at: datetime | None = None,
) -> Grant:
    """Give somebody a role, in one campaign or on one node and all below it; what they hold already is given once.

    A program may give any. A person gives what `GIVES` lets them give there, and nothing to themselves.
    Raises `Invalid` for a role that cannot be held there, `NotFound`, `Refused`.
    """
    with writing(session):
        return given(
            session,
            actor=actor,
            now=now,
            person_id=person_id,
            role=role,
            node_id=node_id,
            campaign_id=campaign_id,
            printer_id=printer_id,
            reason=reason,
            ends_at=ends_at,
        )


def given(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    person_id: int,
    role: Role,
    node_id: int | None = None,
    campaign_id: int | None = None,
    printer_id: int | None = None,
    reason: str = "",
    ends_at: datetime | None = None,
    called: str = "",
) -> Grant:
    """`give` for other services, inside their transaction; `called` as `Grant` says."""
    where = giving.seat(session, node_id=node_id, campaign_id=campaign_id)
    if isinstance(actor, Person):
        giving.require_giver(session, actor, role, where, to=person_id)
    giving.check_seat(role, where, printer_id)
    _check_house(session, where, printer_id)
    if session.get(Person, person_id, with_for_update={"key_share": True}) is None:  # two who give the same take turns
        raise NotFound("There is no such person.", "Add them first.")
    if ends_at is not None and ends_at <= now:
        raise Invalid("The last day is over already.", "Choose a day ahead, or leave it empty.", code="until")
    same = select(Grant).filter_by(
        person_id=person_id, role=role, node_id=node_id, campaign_id=campaign_id, printer_id=printer_id
    )
    held = session.scalar(same.where(Grant.holds(now)))
    if held is not None and held.ends_at == ends_at:
        return held
    if held is not None:
        return _changed(session, actor, now, held, ends_at)
    grant = Grant(
        person_id=person_id,
        role=role,
        node_id=node_id,
        campaign_id=campaign_id,
        printer_id=printer_id,
        reason=good_reason(reason),
        given_by=actor.id if isinstance(actor, Person) else None,
        giver=actor.name if isinstance(actor, Person) else actor,
        given_at=now,
        ends_at=ends_at,
        called=called,
    )
    session.add(grant)
    session.flush()
    _note(session, actor, now, "role given", grant)
    return grant


def end(session: Session, *, actor: Person | str, now: datetime, grant_id: int, because: str = "") -> Grant:
    """End a role before its time; one that is over stays as it is.

    Anybody may lay down their own; another's, whoever may give it. The last administrator of an organisation stays.
    Raises `NotFound`, `Refused`, `Conflict`.
    """
    with writing(session):
        return ended(session, actor=actor, now=now, grant_id=grant_id, because=because)


def ended(session: Session, *, actor: Person | str, now: datetime, grant_id: int, because: str = "") -> Grant:
    """`end` for other services, inside their transaction."""
    grant = changeable(session, actor, grant_id, own=True)
    if not is_over(grant, now):
        _keep_one_administrator(session, actor, now, grant, ends_at=now)
        grant.ended_at, grant.ended_because = now, good_reason(because)
        grant.ended_by = actor.id if isinstance(actor, Person) else None
        _note(session, actor, now, "role ended", grant)
    return grant


def until(session: Session, *, actor: Person | str, now: datetime, grant_id: int, ends_at: datetime | None) -> Grant:
    """Change when a role ends by itself, inside the transaction of whoever asks; None: it has no end.

    Raises `NotFound`, `Refused`, `Invalid` for a moment that is over, `Conflict` for a role that has ended.
    """
    grant = changeable(session, actor, grant_id)
    if is_over(grant, now):
        raise Conflict("That role has ended.", "Give it again, with the new date.")
    if ends_at is not None and ends_at <= now:
        raise Invalid("The last day is over already.", "Choose a day ahead, or end the role now.", code="until")
    return grant if grant.ends_at == ends_at else _changed(session, actor, now, grant, ends_at)


def changeable(
    session: Session, actor: Person | str, grant_id: int, *, own: bool = False, locked: bool = True
) -> Grant:
    """That grant for somebody who may change it; for its holder too where `own`.

    Raises `NotFound` in the same words for one that there is not and for one that is none of theirs; `Refused`.
    """
    grant = session.get(Grant, grant_id, with_for_update=locked or None)
    if grant is not None and (isinstance(actor, str) or (own and actor.id == grant.person_id)):
        return grant
    where = Seat(grant.node, grant.campaign) if grant else Seat()
    if grant is None or isinstance(actor, str) or not giving.standings(session, actor, where):
        raise NotFound("There is no such role, or you have no part in where it is held.", "Look at the page again.")
    giving.require_giver(session, actor, grant.role, where, to=grant.person_id)
    return grant


def is_over(grant: Grant, now: datetime) -> bool:
    """Whether somebody has ended it, or its last day has passed."""
    return grant.ended_at is not None or (grant.ends_at is not None and grant.ends_at <= now)


def end_of(day: date) -> datetime:
    """The moment at which a role ends whose last day this is: midnight in London."""
    return at(day + DAY, time())


def last_day(grant: Grant) -> date | None:
    """The last day on which a role holds, where it ends by itself."""
    return in_london(grant.ends_at - _AN_INSTANT).date() if grant.ends_at else None


def good_reason(typed: str) -> str:
    """A reason as it is kept: one line. Raises `Invalid` for one that nobody would read to its end."""
    reason = tidy_line(typed)
    if len(reason) > LONGEST_REASON:
        raise Invalid(f"The reason has {len(reason)} characters.", f"Say it in {LONGEST_REASON}.", code="reason")
    return reason


def held_by(session: Session, person_id: int) -> list[Grant]:
    """The roles that somebody holds now, the first given first. Nobody's standing is asked."""
    mine = select(Grant).where(Grant.person_id == person_id, Grant.holds(moment(session)))
    return list(session.scalars(mine.order_by(Grant.id)))


def holders(session: Session, *, campaign_id: int, roles: Collection[Role]) -> list[Person]:
    """Everybody with one of these roles in a campaign itself, by name."""
    held = select(Grant.person_id).where(
        Grant.campaign_id == campaign_id, Grant.role.in_(roles), Grant.holds(moment(session))
    )
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)))


def names_in(session: Session, person_id: int, organisation_id: int) -> list[str]:
    """What an organisation calls somebody by each role that they have or had in it, the first given first.

    An empty one is their own name. There is none where the two have not met.
    """
    asked = select(AccessRequest.id).join(Node, Node.id == AccessRequest.node_id)
    here = Node.organisation_id == organisation_id
    if session.scalar(asked.where(AccessRequest.person_id == person_id, here).limit(1)):
        return [""]
    held = (
        select(Grant.called)
        .outerjoin(Campaign, Campaign.id == Grant.campaign_id)
        .outerjoin(Node, Node.id == Grant.node_id)
        .where(Grant.person_id == person_id, or_(here, Campaign.organisation_id == organisation_id))
    )
    return list(session.scalars(held.order_by(Grant.id)))


def approvers_on(session: Session, node_ids: Iterable[int], roles: Collection[Role] = APPROVERS) -> list[Person]:
    """Everybody with one of these roles on one of these nodes, by name."""
    held = select(Grant.person_id).where(
        Grant.node_id.in_(list(node_ids)), Grant.role.in_(roles), Grant.holds(moment(session))
    )
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)))


def _changed(session: Session, actor: Person | str, now: datetime, grant: Grant, ends_at: datetime | None) -> Grant:
    _keep_one_administrator(session, actor, now, grant, ends_at=ends_at)
    was, grant.ends_at = _until(grant), ends_at
    _note(session, actor, now, "end of role changed", grant, was=f"person {grant.person_id}: {grant.role}{was}")
    return grant


def _keep_one_administrator(
    session: Session, actor: Person | str, now: datetime, grant: Grant, *, ends_at: datetime | None
) -> None:
    """Refuse what would leave an organisation without anybody to look after it. A program knows what it does."""
    node = grant.node
    if isinstance(actor, str) or grant.role is not Role.ADMINISTRATOR or node is None or node.parent_id or not ends_at:
        return
    session.get(Node, node.id, with_for_update={"key_share": True})  # two who end each other take turns
    others = select(Grant.id).where(
        Grant.node_id == node.id,
        Grant.role == Role.ADMINISTRATOR,
        Grant.id != grant.id,
        Grant.person_id != grant.person_id,
        Grant.holds(now),
        Grant.holds(ends_at),
    )
    if session.scalar(others.limit(1)) is None:
        raise Conflict(
            f"{grant.holder} is the last administrator of {node.name}: without one, nobody could look after it.",
            "Make somebody else administrator first.",
            code="last-administrator",
        )


def _check_house(session: Session, where: Seat, printer_id: int | None) -> None:
    """Raise `Invalid` for a printing house of another organisation or another office, and for one that is not."""
    if printer_id is None or where.node is None:
        return
    known = select(Printer.id).where(Printer.id == printer_id, Printer.belongs_around(where.node))
    if session.scalar(known) is None:
        raise Invalid("That printing house is not known here.", "Choose one from the list.", code="printer")


def _until(grant: Grant) -> str:
    return f", until {grant.ends_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC" if grant.ends_at else ""


def _note(session: Session, actor: Person | str, now: datetime, what: str, grant: Grant, was: str = "") -> None:
    because = grant.ended_because if grant.ended_at else grant.reason
    audit.record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject="campaign" if grant.campaign_id else "node",
        subject_id=grant.campaign_id or grant.node_id or 0,
        campaign_id=grant.campaign_id,
        was=was,
        became=f"person {grant.person_id}: {grant.role}{_until(grant)}{': ' if because else ''}{because}",
    )
