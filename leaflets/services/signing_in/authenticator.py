"""A second step of six digits (TOTP, RFC 6238), and codes on paper for the day on which the telephone is lost.

Nobody is ever locked out: too many wrong digits have to wait, and a recovery code or a passkey always goes.
"""

from __future__ import annotations

import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import datetime

from pyotp import TOTP, random_base32
from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Refused
from leaflets.seal import Seal
from leaflets.services import audit
from leaflets.storage.people import Person
from leaflets.storage.session import writing
from leaflets.storage.signing_in import Authenticator, RecoveryCode

STEP_S = 30
DRIFT_STEPS = 1
"""A telephone's clock may be this many steps off (RFC 6238 section 5.2)."""

RECOVERY_CODES = 10
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"  # nothing that looks like something else, on paper
_PART = 5


@dataclass(frozen=True, slots=True)
class Offer:
    """A secret to put into a telephone: as letters, and as the address that a QR code holds."""

    secret: str
    address: str


def of(session: Session, person_id: int) -> Authenticator | None:
    """Somebody's authenticator, once they have confirmed it."""
    found = session.get(Authenticator, person_id)
    return found if found and found.confirmed_at else None


def codes_left(session: Session, person_id: int) -> int:
    """How many recovery codes somebody has not used yet."""
    unused = select(func.count()).where(RecoveryCode.person_id == person_id, RecoveryCode.used_at.is_(None))
    return session.scalar(unused) or 0


def offer(session: Session, *, actor: Person, now: datetime, seal: Seal, site: str) -> Offer:
    """A secret to set up, the same on every look until it is confirmed. Raises `Conflict` when there is one already.

    `site` is what the telephone shows beside the digits.
    """
    found = session.get(Authenticator, actor.id)
    if found and found.confirmed_at:
        raise Conflict("You have set up a second step already.", "Remove it first, to set up another.")
    if found is None:
        with writing(session):
            found = Authenticator(person_id=actor.id, secret=seal.close(random_base32()), made_at=now)
            session.add(found)
    secret = seal.open(found.secret)
    return Offer(secret, TOTP(secret).provisioning_uri(name=actor.email, issuer_name=site))


def confirm(session: Session, *, actor: Person, now: datetime, seal: Seal, typed: str) -> list[str]:
    """Turn it on, by its first digits, and return the recovery codes: nobody can show them again.

    Raises `Refused` for wrong digits, `Conflict` when nothing was offered or it is on already.
    """
    with writing(session):
        found = session.get(Authenticator, actor.id, with_for_update=True)
        if found is None or found.confirmed_at:
            raise Conflict("There is nothing to confirm.", "Look at your page again.")
        found.last_step = _step_of(found, seal, typed, now) or _wrong()
        found.confirmed_at = now
        codes = _new_codes(session, actor, seal)
        _note(session, actor, now, "second step set up")
    return codes


def check(session: Session, *, actor: Person, now: datetime, seal: Seal, typed: str) -> None:
    """Pass in silence when these are the digits of this moment, or an unused recovery code; each goes once.

    Raises `Refused`.
    """
    with writing(session):
        found = session.get(Authenticator, actor.id, with_for_update=True)
        if found is None or found.confirmed_at is None:
            raise Conflict("You have not set up a second step.", "Set it up on your own page.")
        code = session.get(RecoveryCode, _kept(seal, actor, typed), with_for_update=True)
        if code and code.used_at is None:
            code.used_at = now
            _note(session, actor, now, "recovery code used")
            return
        found.last_step = _step_of(found, seal, typed, now) or _wrong()


def new_codes(session: Session, *, actor: Person, now: datetime, seal: Seal) -> list[str]:
    """Fresh recovery codes in place of the old ones, which no longer go. Raises `Conflict` without a second step."""
    with writing(session):
        if of(session, actor.id) is None:
            raise Conflict("You have not set up a second step.", "Set it up on your own page.")
        codes = _new_codes(session, actor, seal)
        _note(session, actor, now, "recovery codes made")
    return codes


def remove(session: Session, *, actor: Person, now: datetime) -> None:
    """Ask for no digits any more; removing it twice changes nothing."""
    with writing(session):
        found = session.get(Authenticator, actor.id)
        if found is None:
            return
        session.delete(found)
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.id))
        if found.confirmed_at:
            _note(session, actor, now, "second step removed")


def _step_of(found: Authenticator, seal: Seal, typed: str, now: datetime) -> int | None:
    """The time step that these digits are of, where they are right and later than those used last."""
    digits = re.sub(r"\s", "", typed)
    here, totp = int(now.timestamp()) // STEP_S, TOTP(seal.open(found.secret))
    for step in range(here - DRIFT_STEPS, here + DRIFT_STEPS + 1):
        if hmac.compare_digest(totp.generate_otp(step).encode(), digits.encode()) and step > found.last_step:
            return step
    return None


def _wrong() -> int:
    raise Refused(
        "Those digits are not right, or were used already.",
        "Type the six digits that your telephone shows now. If it is lost, type one of your recovery codes.",
        code="second-step",
    )


def _new_codes(session: Session, actor: Person, seal: Seal) -> list[str]:
    session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == actor.id))
    codes = ["-".join(_random(_PART) for _ in range(2)) for _ in range(RECOVERY_CODES)]
    session.add_all(RecoveryCode(code_hash=_kept(seal, actor, code), person_id=actor.id) for code in codes)
    return codes


def _random(length: int) -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(length))


def _kept(seal: Seal, actor: Person, typed: str) -> str:
    """How a recovery code is kept: short enough to be copied from paper, so only with the installation's key."""
    letters = re.sub(r"[^a-z0-9]", "", typed.lower())
    return seal.mark("recovery code", actor.id, letters).hex()


def _note(session: Session, actor: Person, now: datetime, what: str) -> None:
    audit.record(session, actor=actor, now=now, what=what, subject="person", subject_id=actor.id)
