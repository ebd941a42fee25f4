"""Correcting a message and withdrawing it: whoever does it waits for what must stop at once, and for nothing more.

From that moment nothing that says the old words prints or is approved (message_stops). What follows for each leaflet,
and telling its people, goes on behind them (message_aftermath).
"""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict, Invalid, Unavailable
from leaflets.domain.review.message import MessageKind, gaps_in, plain
from leaflets.domain.words.characters import tidy_text
from leaflets.services.message import (
    message_aftermath,
    message_due,
    message_library,
    message_making,
    message_stops,
    message_uses,
)
from leaflets.services.message.message_uses import Templates
from leaflets.storage.message import Message, MessageText
from leaflets.storage.people import Person
from leaflets.storage.session import writing

LONGEST_REASON = 500
MOST_AT_ONCE = 10
"""Leaflets that are looked at, and dealt with, while whoever ends a message waits."""


def correct(
    session: Session,
    *,
    actor: Person | str,
    now: datetime,
    message_id: int,
    language: str,
    words: Any,
    because: str,
    version: int,
    templates: Templates,
) -> Message:
    """Say a message in other words from now on, in one language; the words before it are ended, and kept.

    `version` is that of the words which the person saw. Raises `Conflict` where they are others by now, `Invalid`
    without a reason or where nothing is changed, `NotFound`, `Refused`.
    """
    with writing(session):
        found = message_making.locked(session, actor, message_id)
        said, why = message_making.words_of(MessageKind(found.kind), words), _reason(because)
        old = next((text for text in message_library.current(found) if text.language == language), None)
        if old is None or old.version != version:
            raise Conflict("Somebody changed these words a moment ago.", "Look at them, then correct them.")
        if old.words == said:
            raise Invalid("Nothing is changed.", "Change the words, or leave the page.", code="unchanged")
        message_stops.look_at_orders(session, found.node, templates=templates)
        old.ended_at, old.ended_because = now, why
        message_stops.end(session, old)
        new = message_making.text_of(actor, now, found, language, said, version=version + 1)
        session.add(new)
        found.gaps = sorted({gap for text in message_library.current(found) for gap in gaps_in(text.words)})
        message_making.note(session, actor, now, "message corrected", found, was=plain(old.words), became=new.plain)
        session.flush()
        _stop(session, actor, now, found, old)
        message_due.mark_below(session, found.node)
    _begin(session, now, found, templates)
    return found


def withdraw(
    session: Session, *, actor: Person | str, now: datetime, message_id: int, because: str, templates: Templates
) -> Message:
    """Withdraw a message in all its languages. Raises `Conflict` when it is withdrawn, `Invalid`, `NotFound`."""
    with writing(session):
        found = message_making.locked(session, actor, message_id)
        why = _reason(because)
        message_stops.look_at_orders(session, found.node, templates=templates)
        found.withdrawn_at, found.withdrawn_because = now, why
        found.withdrawn_by = actor.id if isinstance(actor, Person) else None
        for text in found.texts:
            message_stops.end(session, text)
        message_making.note(session, actor, now, "message withdrawn", found, was=found.title, became=why)
        session.flush()
        _stop(session, actor, now, found, found.texts[0])
    _begin(session, now, found, templates)
    return found


def _reason(because: str) -> str:
    said = " ".join(tidy_text(because).split())
    if not said:
        raise Invalid("Say why.", "Everybody whose leaflet says it will read that.", code="reason-missing")
    if len(said) > LONGEST_REASON:
        raise Invalid(f"The reason has {len(said)} characters.", f"Say it in {LONGEST_REASON}.")
    return said


def _stop(session: Session, actor: Person | str, now: datetime, found: Message, text: MessageText) -> None:
    ending = message_aftermath.ending_of(session, found, text)
    stopped = message_stops.stop(session, ending.text_ids, at=ending.at, because=ending.because)
    if stopped.approvals:
        became = f"{stopped.approvals} approvals withdrawn, {stopped.orders} orders held"
        message_making.note(session, actor, now, "what says it was stopped", found, became=became)


def _begin(session: Session, now: datetime, found: Message, templates: Templates) -> None:
    """Deal with the leaflets at once where they are few, as mostly. Many, or what fails, are left to the sweeper."""
    with suppress(Conflict, Unavailable):
        message_uses.sweep(session, templates=templates, below=found.node, most=MOST_AT_ONCE)
        if 0 < message_aftermath.left(session, found) <= MOST_AT_ONCE:
            message_aftermath.carry_on(session, now=now, templates=templates, message_id=found.id, most=MOST_AT_ONCE)
