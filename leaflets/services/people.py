"""The people who sign in."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.services import audit
from leaflets.storage.people import Person
from leaflets.storage.session import writing


def person(session: Session, person_id: int) -> Person | None:
    """The person of that id, if any: what a signed-in session remembers."""
    return session.scalar(_PERSON, {"person": person_id})


_PERSON = select(Person).where(Person.id == bindparam("person"))
"""Asked with every request, so put together once."""


def person_by_email(session: Session, email: str) -> Person | None:
    """The person with that address, however it is capitalised, if any."""
    return session.scalar(select(Person).where(func.lower(Person.email) == email.strip().lower()))


def known(session: Session, email: str) -> Person:
    """The person with that address. Raises `NotFound`."""
    found = person_by_email(session, email)
    if found is None:
        raise NotFound(f"Nobody here has the address {email}.", "Add the person first.")
    return found


def people(session: Session) -> list[Person]:
    """Everybody, by name."""
    return list(session.scalars(select(Person).order_by(Person.name, Person.id)))


def add_person(session: Session, *, actor: Person | str, now: datetime, name: str, email: str) -> Person:
    """Add somebody. `actor` may be the name of a program, such as the command line.

    Raises `Invalid` for an empty name or something that is no address, `Conflict` when the address is taken.
    """
    name, email = name.strip(), email.strip()
    if not name or "@" not in email[1:-1]:
        raise Invalid("A person needs a name and an e-mail address.", "Give both.")
    with writing(session):
        if person_by_email(session, email):
            raise Conflict(f"Somebody with the address {email} is here already.", "Use the account that exists.")
        added = Person(name=name, email=email, created_at=now)
        session.add(added)
        session.flush()
        audit.record(session, actor=actor, now=now, what="person added", subject="person", subject_id=added.id)
    return added
