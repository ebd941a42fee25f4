"""Organisations: the first one of an installation, and every other. They share it, and never see each other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.organisation.tree import Place, good_name
from leaflets.domain.permissions import Role
from leaflets.services import audit
from leaflets.services.organisation import tree
from leaflets.services.roles import grants, people
from leaflets.storage.people import Organisation
from leaflets.storage.session import writing
from leaflets.storage.tree import Node


def add(
    session: Session,
    *,
    actor: str,
    now: datetime,
    name: str,
    administrator: str,
    email: str,
    namesake: bool = False,
) -> Node:
    """An organisation and its first administrator, who is added where nobody has that address: its root.

    For programs: whoever runs the machine, who alone may know that there is another of that name; it is added only as a
    `namesake`. Raises `Invalid`, `Conflict`.
    """
    kept = good_name(name)
    if not namesake and session.scalar(select(Organisation.id).where(func.lower(Organisation.name) == kept.lower())):
        raise Conflict(
            f"{kept} is there already.", "Use that one, or say that this is another of the same name: --namesake."
        )
    person = people.person_by_email(session, email) or people.add_person(
        session, actor=actor, now=now, name=administrator, email=email
    )
    with writing(session):
        organisation = Organisation(name=kept, created_at=now)
        session.add(organisation)
        session.flush()
        root = tree.planted(session, now=now, organisation=organisation, place=Place())
        audit.record(
            session,
            actor=actor,
            now=now,
            what="organisation added",
            subject="organisation",
            subject_id=organisation.id,
            became=kept,
        )
        grants.given(
            session,
            actor=actor,
            now=now,
            person_id=person.id,
            role=Role.ADMINISTRATOR,
            node_id=root.id,
            reason="the first administrator",
        )
    return root


def roots(session: Session) -> list[Node]:
    """The head of every organisation's tree. For programs."""
    return list(session.scalars(select(Node).where(Node.parent_id.is_(None)).order_by(Node.id)))
