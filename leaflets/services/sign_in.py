"""The way in: a link that works once, given to one person. There are no passwords to guess, share or lose."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from leaflets.domain.errors import Refused
from leaflets.services import audit
from leaflets.services.people import known
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import SignInLink

LINK_LASTS = timedelta(hours=1)
CODE_BYTES = 16  # 128 bits: nobody guesses one, however often they try
_CODE = re.compile(r"[A-Za-z0-9_-]{20,}")


def make_code(session: Session, *, actor: Person | str, now: datetime, email: str) -> str:
    """A new code for the person with that address, good for one sign-in within the hour. Raises `NotFound`."""
    code = secrets.token_urlsafe(CODE_BYTES)
    with writing(session):
        person = known(session, email)
        session.add(SignInLink(code_hash=_hash(code), person_id=person.id, expires_at=now + LINK_LASTS))
        audit.record(session, actor=actor, now=now, what="sign-in link made", subject="person", subject_id=person.id)
    return code


def use_code(session: Session, *, now: datetime, typed: str) -> Person:
    """The person whose code this is, or whose whole link; it is used up. Raises `Refused` in the same words always."""
    found = _CODE.findall(typed)
    with writing(session):
        link = session.get(SignInLink, _hash(found[-1]), with_for_update=True) if found else None
        if link is None or link.used_at is not None or link.expires_at <= now:
            raise Refused(
                "That link does not sign anybody in: it may have been used already, or be more than an hour old.",
                "Ask for a new one.",
                code="sign-in",
            )
        link.used_at = now
        audit.record(session, actor=link.person, now=now, what="signed in", subject="person", subject_id=link.person_id)
        return link.person


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
