"""Giving roles and ending them, and who holds which."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, NotFound, Refused
from leaflets.domain.permissions import APPROVERS, SIGNED_IN, Action, Role, may_give
from leaflets.domain.permissions import require as require_standing
from leaflets.domain.tree import Tier
from leaflets.services import access, audit
from leaflets.storage.grant import Grant
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import moment, writing
from leaflets.storage.tree import Node

# Which approver sits where. An organisation that has no offices in the nations answers at its root.
_SITS = {Role.REGION: (Tier.REGION,), Role.NATION: (Tier.NATION, Tier.ORGANISATION)}


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
) -> Grant:
    """`give` for other services, inside their transaction."""
    node = session.get(Node, node_id) if node_id is not None else None
    campaign = session.get(Campaign, campaign_id) if campaign_id is not None else None
    if (node is None) == (campaign is None) or session.get(Person, person_id) is None:
        raise NotFound("There is no such place or person.", "Add them first.")
    _check_seat(role, node, printer_id)
    if isinstance(actor, Person):
        _require_giver(session, actor, role, node, campaign, person_id)
    same = select(Grant).filter_by(
        person_id=person_id, role=role, node_id=node_id, campaign_id=campaign_id, printer_id=printer_id
    )
    held = session.scalar(same.where(Grant.holds(now)))
    if held is not None and held.ends_at == ends_at:
        return held
    grant = Grant(
        person_id=person_id,
        role=role,
        node_id=node_id,
        campaign_id=campaign_id,
        printer_id=printer_id,
        reason=reason,
        given_by=actor.id if isinstance(actor, Person) else None,
        giver=actor.name if isinstance(actor, Person) else actor,
        given_at=now,
        ends_at=ends_at,
    )
    session.add(grant)
    session.flush()
    _note(session, actor, now, "role given", grant)
    return grant


def end(session: Session, *, actor: Person | str, now: datetime, grant_id: int, because: str = "") -> Grant:
    """End a role before its time; ending it twice changes nothing.

    Anybody may lay down their own; another's, whoever may give it. Raises `NotFound`, `Refused`.
    """
    with writing(session):
        grant = session.get(Grant, grant_id, with_for_update=True)
        if grant is None:
            raise NotFound("There is no such role.", "Look at the page again.")
        if isinstance(actor, Person) and actor.id != grant.person_id:
            _require_giver(session, actor, grant.role, grant.node, grant.campaign, grant.person_id)
        if grant.ended_at is None:
            grant.ended_at, grant.ended_because = now, because
            grant.ended_by = actor.id if isinstance(actor, Person) else None
            _note(session, actor, now, "role ended", grant)
    return grant


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


def approvers_on(session: Session, node_ids: Iterable[int], roles: Collection[Role] = APPROVERS) -> list[Person]:
    """Everybody with one of these roles on one of these nodes, by name."""
    held = select(Grant.person_id).where(
        Grant.node_id.in_(list(node_ids)), Grant.role.in_(roles), Grant.holds(moment(session))
    )
    return list(session.scalars(select(Person).where(Person.id.in_(held)).order_by(Person.name, Person.id)))


def _check_seat(role: Role, node: Node | None, printer_id: int | None) -> None:
    if role in APPROVERS and (node is None or node.tier not in _SITS[role]):
        where = f"the {node.tier} {node.name}" if node else "a campaign"
        raise Invalid(f"Nobody can be {role.label} of {where}.", "A region has regional approvers, a nation national.")
    if role is Role.ADMINISTRATOR and node is None:
        raise Invalid("A campaign has no administrator.", "Give it on a node of the tree.")
    if (role is Role.PRINTER) != (printer_id is not None) or (role is Role.PRINTER and node is None):
        raise Invalid("A printer’s role is given on a node, for one printing house.", "Choose the printing house.")


def _require_giver(
    session: Session, actor: Person, role: Role, node: Node | None, campaign: Campaign | None, person_id: int
) -> None:
    if campaign is not None:
        access.require(session, actor, Action.GIVE_ROLE, campaign.id, what="campaign")
        standings = access.roles_in(session, actor, campaign.id)
    else:
        assert node is not None  # one of the two it is
        access.require_at(session, actor, Action.GIVE_ROLE, node.id)
        standings = access.granted_at(session, actor, node)
    require_standing(Action.GIVE_ROLE, standings | {SIGNED_IN})
    if not may_give(standings, role):
        raise Refused(f"You may not make anybody {role.label} here.", "Ask somebody who stands above you here.")
    if actor.id == person_id:
        raise Refused("Nobody gives a role to themselves.", "Ask somebody else who may give it.")


def _note(session: Session, actor: Person | str, now: datetime, what: str, grant: Grant) -> None:
    until = f", until {grant.ends_at:%Y-%m-%d %H:%M} UTC" if grant.ends_at else ""
    because = grant.ended_because if grant.ended_at else grant.reason
    audit.record(
        session,
        actor=actor,
        now=now,
        what=what,
        subject="campaign" if grant.campaign_id else "node",
        subject_id=grant.campaign_id or grant.node_id or 0,
        campaign_id=grant.campaign_id,
        became=f"person {grant.person_id}: {grant.role}{until}{': ' if because else ''}{because}",
    )
