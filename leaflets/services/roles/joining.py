"""How newcomers find in: an address of the organisation that its people share, and a link to the newcomer's own mail.

Whoever has that address learns the organisation's name and no more, until they have shown that the mail is theirs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Invalid, NotFound
from leaflets.domain.permissions import Action, may
from leaflets.domain.words.characters import tidy_line
from leaflets.services import access, audit
from leaflets.services.roles import people
from leaflets.services.roles.giving import Seat
from leaflets.services.signing_in import sign_in
from leaflets.storage.people import Organisation, Person, new_join_code
from leaflets.storage.session import writing
from leaflets.storage.tree import Node

_NAME = re.compile(r"[^\d/:@<>\\]{2,80}")  # it stands in a letter to an address that somebody typed: no web addresses


@dataclass(frozen=True, slots=True)
class Invitation:
    """The code by which newcomers ask for access, if there is one; whether whoever looks may make a new one."""

    organisation: Organisation
    root: Node
    code: str | None
    may_renew: bool


def invitation(session: Session, *, actor: Person, seat: Seat) -> Invitation | None:
    """The invitation of the organisation that a place belongs to, for somebody who sees its people already."""
    node = seat.stands_at
    if node is None:
        return None
    root = session.get_one(Node, node.way_down[0])
    organisation = session.get_one(Organisation, root.organisation_id)
    may_renew = may(Action.GIVE_OFFICE, access.granted_at(session, actor, root))
    return Invitation(organisation, root, organisation.join_code, may_renew)


def renew(session: Session, *, actor: Person, now: datetime, node_id: int) -> Organisation:
    """A new code for the organisation of that root: the old address leads nowhere from then on.

    Raises `NotFound` or `Refused`, `Invalid` for a node that is no root.
    """
    with writing(session):
        root = access.require_at(session, actor, Action.GIVE_OFFICE, node_id)
        if root.parent_id is not None:
            raise Invalid("An office has no address of its own.", "The organisation has one for all.")
        organisation = session.get_one(Organisation, root.organisation_id)
        organisation.join_code = new_join_code()
        audit.record(
            session, actor=actor, now=now, what="address for newcomers made", subject="node", subject_id=root.id
        )
    return organisation


def organisation_of(session: Session, code: str) -> Organisation:
    """The organisation with that code. Raises `NotFound`."""
    found = session.scalar(select(Organisation).where(Organisation.join_code == code)) if code else None
    if found is None:
        raise NotFound(
            "This address leads nowhere, or does not any more.", "Ask whoever gave it to you for the one of today."
        )
    return found


def come(session: Session, *, now: datetime, code: str, name: str, email: str) -> None:
    """Mail a way in to somebody who has the organisation's address; it leads to where they ask for a role.

    The same for somebody new, who is added, and for somebody who was here before. Raises `NotFound` for the code,
    `Invalid` for a name or an address that cannot be.
    """
    organisation = organisation_of(session, code)
    called = tidy_line(name)
    if not _NAME.fullmatch(called):
        raise Invalid("That is not a name we could write a letter to.", "Write what people call you.", code="name")
    if people.person_by_email(session, email) is None:
        people.add_person(
            session, actor=f"the page for newcomers of {organisation.name}", now=now, name=called, email=email
        )
    why = f"You asked to work with {organisation.name}: open the address below, and say what you want to do there."
    sign_in.mail_link(session, now=now, email=email.strip(), next_path=f"/access?join={code}", why=why)
