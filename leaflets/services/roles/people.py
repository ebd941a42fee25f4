"""The people who sign in."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, NotFound
from leaflets.domain.words.characters import tidy_line
from leaflets.services import audit
from leaflets.storage.people import Person
from leaflets.storage.session import writing

LONGEST_NAME, LONGEST_ADDRESS = 200, 320
_ADDRESS = re.compile(r"[^@\s<>,;:\"()]+@[^@\s<>,;:\"()]+")


def person(session: Session, person_id: int) -> Person | None:
    """The person of that id, if any."""
    return session.get(Person, person_id)


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
    with writing(session):
        return added(session, actor=actor, now=now, name=name, email=email)


def added(session: Session, *, actor: Person | str, now: datetime, name: str, email: str) -> Person:
    """`add_person` for other services, inside their transaction."""
    name, email = good_name(name, email), email.strip()
    if len(email) > LONGEST_ADDRESS or not (email.isprintable() and _ADDRESS.fullmatch(email)):
        raise Invalid(
            f"“{email[:80]}” is not an e-mail address: a person needs a name and an e-mail address.",
            "Write it whole, such as dana@example.org.",
            code="email",
        )
    if person_by_email(session, email):
        raise Conflict(f"Somebody with the address {email} is here already.", "Use the account that exists.")
    newcomer = Person(name=name, email=email, created_at=now)
    session.add(newcomer)
    session.flush()
    audit.record(session, actor=actor, now=now, what="person added", subject="person", subject_id=newcomer.id)
    return newcomer


def good_name(typed: str, email: str) -> str:
    """The name of whoever has that address, as it is kept. Raises `Invalid` where either is missing, or too long."""
    name = tidy_line(typed)
    if not name or not email.strip():
        raise Invalid("A person needs a name and an e-mail address.", "Give both.", code="email" if name else "name")
    if len(name) > LONGEST_NAME:
        raise Invalid("That name is longer than a line.", "Write what people call them.", code="name")
    return name
