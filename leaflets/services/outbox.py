"""The outbox: letters leave the database only when a mail server has taken them; none is lost while it is down.

A letter is claimed for a while, sent without holding the database, and ended. A sender that dies in between leaves
it to the next one, which may send it a second time under the same message id.

All that is due for one person goes in one mail, so that forty events are not forty mails: up to `WHOLE` letters are
read whole, more as one line each, by what they are about.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.errors import Unavailable
from leaflets.domain.notices import NOTICES
from leaflets.domain.words.characters import tidy_line
from leaflets.mail import Answer, Fate, MailServer, Message
from leaflets.storage.alert import Letter
from leaflets.storage.session import writing

AT_ONCE = 50
WHOLE = 3
LINES = 60
"""Lines of a mail: what is longer is read on the site."""

CLAIMED_FOR = timedelta(minutes=10)
BACK_OFF = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15), timedelta(hours=1))
"""How long to wait after each attempt; after the last, always as long again."""

_URGENCY = {kind.value: place for place, kind in enumerate(NOTICES)}

STALE_AFTER = timedelta(days=3)
"""A warning that old is no warning any more: the page has it, and the mail would only frighten."""

SECRET_STALE_AFTER = timedelta(hours=1)
"""A letter without a kind holds a way in; that lasts no longer, and the letter forgets it when it ends."""


def send(session: Session, *, server: MailServer, base_url: str, now: datetime, secrets_alone: bool = False) -> int:
    """Send what waits, together what is for one person. Returns how many letters the server has taken.

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
            .with_for_update(skip_locked=True)
        )
        if secrets_alone:
            waiting = waiting.where(Letter.kind == "")
        first = session.scalars(waiting.limit(AT_ONCE)).all()
        same_mail = Letter.address.in_({letter.address for letter in first if letter.kind}), Letter.kind != ""
        rest = session.scalars(waiting.where(*same_mail, Letter.id.not_in([letter.id for letter in first])))
        claimed = []
        for letter in [*first, *rest]:
            if letter.written_at < now - (STALE_AFTER if letter.kind else SECRET_STALE_AFTER):
                letter.ended_at, letter.reason = now, "It waited so long that it would say nothing new."
                letter.path = letter.path if letter.kind else ""
                continue
            letter.not_before, letter.attempts = now + CLAIMED_FOR, letter.attempts + 1
            claimed.append(letter)
        return claimed


def _message(bundle: Sequence[Letter], base_url: str) -> Message:
    """One mail, whose subject is the most urgent. What is said twice of one thing is read once."""
    said = {(letter.about, letter.line, letter.path, letter.kind): letter for letter in bundle}
    letters = sorted(said.values(), key=lambda letter: (_URGENCY.get(letter.kind, 0), letter.id))
    head = letters[0]
    subject = head.subject if len(letters) == 1 else f"{head.subject}, and {len(letters) - 1} more"
    whole = "\n\n———\n\n".join(f"{letter.body}\n\n{base_url}{letter.path}" for letter in letters)
    body = whole if len(letters) <= WHOLE else _in_lines(letters, base_url)
    if head.kind:
        body += f"\n\n———\nHow you hear of what: {base_url}/account/notices"
    return Message(head.address, subject, body, bundle[0].message_id, bundle[0].written_at)


def _in_lines(letters: Sequence[Letter], base_url: str) -> str:
    """One line for each, by leaflet and page, beginning with what is most urgent."""
    about: dict[tuple[str, str], list[str]] = {}
    for letter in letters[:LINES]:
        about.setdefault((letter.about, letter.path), []).append(f"- {tidy_line(letter.line)}")
    parts = ["\n".join((thing, *lines, f"  {base_url}{path}")) for (thing, path), lines in about.items()]
    if len(letters) > LINES:
        parts.append(f"And {len(letters) - LINES} more: {base_url}/")
    return "\n\n".join(parts)


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
