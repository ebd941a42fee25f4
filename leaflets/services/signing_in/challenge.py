"""Challenges that a passkey answers: made without a write, good for five minutes, and answered once.

A challenge carries its own end and a mark that only this installation can make, for one purpose and person. What was
answered is noted until it would be too old anyway, so that no answer is good a second time.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from leaflets.domain.errors import Refused
from leaflets.seal import Seal
from leaflets.storage.signing_in import UsedChallenge

LASTS = timedelta(minutes=5)
_NONCE, _END, _MARK = 16, 8, 16  # bytes


def make(seal: Seal, *, now: datetime, purpose: str, person_id: int = 0) -> bytes:
    """A new challenge; `person_id` is 0 where it is not known who answers."""
    said = secrets.token_bytes(_NONCE) + int((now + LASTS).timestamp()).to_bytes(_END, "big")
    return said + _mark(seal, said, purpose, person_id)


def use(session: Session, seal: Seal, *, now: datetime, purpose: str, person_id: int = 0, answered: bytes) -> bytes:
    """The challenge, used up, inside the transaction of what it allows. Raises `Refused` for any that is not good."""
    said, mark = answered[: _NONCE + _END], answered[_NONCE + _END :]
    ours = len(answered) == _NONCE + _END + _MARK and hmac.compare_digest(mark, _mark(seal, said, purpose, person_id))
    ends = datetime.fromtimestamp(int.from_bytes(said[_NONCE:], "big"), UTC) if ours else now
    if not ours or ends <= now:
        raise Refused("That took too long, or began on another page.", "Try once more.", code="challenge")
    session.execute(delete(UsedChallenge).where(UsedChallenge.expires_at <= now))
    kept = hashlib.sha256(answered).hexdigest()
    if session.get(UsedChallenge, kept):
        raise Refused("That answer was used already.", "Try once more.", code="challenge")
    session.add(UsedChallenge(challenge_hash=kept, expires_at=ends))
    session.flush()
    return answered


def _mark(seal: Seal, said: bytes, purpose: str, person_id: int) -> bytes:
    return seal.mark("challenge", said, purpose, person_id)[:_MARK]
