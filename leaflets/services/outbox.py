"""The outbox: letters leave the database only when a mail server has taken them; none is lost while it is down.

A letter is claimed for a while, sent without holding the database, and ended. A sender that dies in between leaves
it to the next one, which may send it a second time under the same message id.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Unavailable
from leaflets.mail import Answer, Fate, MailServer, Message
from leaflets.storage.alert import Letter
from leaflets.storage.session import writing

AT_ONCE = 50
CLAIMED_FOR = timedelta(minutes=10)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""How long to wait after each attempt; after the last, always as long again."""

STALE_AFTER = timedelta(days=3)
"""A warning that old is no warning any more: the page has it, and the mail would only frighten."""

SECRET_STALE_AFTER = timedelta(hours=1)
"""A letter without a kind holds a way in; that lasts no longer, and the letter forgets it when it ends."""


def send(session: Session, *, server: MailServer, base_url: str, now: datetime, secrets_alone: bool = False) -> int:
    """Send what waits, one letter to each person and moment. Returns how many letters the server has taken.

    Ways in go first; with `secrets_alone` nothing else goes, because somebody stands at the door.

    Raises `Unavailable` when it does not answer; then everything waits for the next time.
    """
    letters = _claimed(session, now, secrets_alone=secrets_alone)
    bundles: dict[str, list[Letter]] = {}
    for letter in letters:
        together = letter.address if letter.kind else letter.message_id
        bundles.setdefault(together, []).append(letter)
    messages = {bundle[0].message_id: bundle for bundle in bundles.values()}
    taken = 0
    try:
        for message, answer in server.send([_message(bundle, base_url) for bundle in bundles.values()]):
            bundle = messages.pop(message.message_id)
            _end(session, now, bundle, answer)
            taken += len(bundle) if answer.fate is Fate.SENT else 0
    except Unavailable as error:
        for bundle in messages.values():
            _end(session, now, bundle, Answer(Fate.DEFERRED, error.message))
        raise
    return taken


def _claimed(session: Session, now: datetime, *, secrets_alone: bool) -> Sequence[Letter]:
    with writing(session):
        waiting = (
            select(Letter)
            .where(Letter.ended_at.is_(None), Letter.not_before <= now)
            .order_by(Letter.kind != "", Letter.not_before, Letter.id)
            .limit(AT_ONCE)
            .with_for_update(skip_locked=True)
        )
        if secrets_alone:
            waiting = waiting.where(Letter.kind == "")
        claimed = []
        for letter in session.scalars(waiting):
            if letter.written_at < now - (STALE_AFTER if letter.kind else SECRET_STALE_AFTER):
                letter.ended_at, letter.reason = now, "It waited so long that it would say nothing new."
                letter.path = letter.path if letter.kind else ""
                continue
            letter.not_before, letter.attempts = now + CLAIMED_FOR, letter.attempts + 1
            claimed.append(letter)
        return claimed


def _message(bundle: Sequence[Letter], base_url: str) -> Message:
    first = bundle[0]
    subject = first.subject if len(bundle) == 1 else f"{first.subject}, and {len(bundle) - 1} more"
    body = "\n\n———\n\n".join(f"{letter.body}\n\n{base_url}{letter.path}" for letter in bundle)
    return Message(first.address, subject, body, first.message_id, first.written_at)


def _end(session: Session, now: datetime, bundle: Sequence[Letter], answer: Answer) -> None:
    with writing(session):
        for letter in bundle:
            letter.reason = answer.words
            if answer.fate is Fate.DEFERRED:
                letter.not_before = now + BACK_OFF[min(letter.attempts, len(BACK_OFF)) - 1]
            else:
                letter.ended_at = now
                letter.sent_at = now if answer.fate is Fate.SENT else None
                letter.path = letter.path if letter.kind else ""
