"""Who somebody is, by what they know."""

from __future__ import annotations

from sqlalchemy.orm import Session

from leaflets.domain import password as passwords
from leaflets.domain.errors import Refused
from leaflets.services.people import person_by_email
from leaflets.storage.people import Person


def by_password(session: Session, *, email: str, password: str) -> Person:
    """The person with that address and password. Raises `Refused`, as slowly and in the same words for any fault."""
    found = person_by_email(session, email)
    if passwords.matches(password, (found.password_hash or "") if found else "") and found:
        return found
    raise Refused(
        "That address and password do not go together.",
        "Check both. If you have forgotten the password, whoever runs this site can set a new one.",
        code="sign-in",
    )
