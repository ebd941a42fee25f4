"""How long is kept what nobody needs any more: letters that went, alerts that were read, ways in that are over.

Only what the system itself wrote, and what nothing reads again, is ever forgotten. What people typed, and whatever
proves something (edits, submissions, passes, approvals, orders, grants, requests, the audit), is kept for ever.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from leaflets.services import audit
from leaflets.services.signing_in import signed_in
from leaflets.storage.alert import Alert, Letter
from leaflets.storage.base import Base
from leaflets.storage.session import writing
from leaflets.storage.signing_in import SignInLink, SignInSession

MOST_AT_ONCE = 500
"""Rows of one transaction: nobody who writes is to notice it."""

MOST_BATCHES = 20
"""Transactions for one kind of row in one go; what is left is for the next."""


@dataclass(frozen=True, slots=True)
class Rule:
    """Rows that go `kept_for` after they were over. `over_by` says which were, by a moment."""

    what: str
    table: type[Base]
    key: InstrumentedAttribute[Any]
    kept_for: timedelta
    over_by: Callable[[datetime], ColumnElement[bool]]


def _signed_out_by(moment: datetime) -> ColumnElement[bool]:
    return or_(SignInSession.ended_at < moment, SignInSession.began_at < moment - signed_in.LASTS)


RULES = (
    # Whoever says that no mail came is answered from these.
    Rule("letters", Letter, Letter.id, timedelta(days=30), lambda moment: Letter.ended_at < moment),
    # No page shows one that was seen; what it spoke of is in the record of changes.
    Rule("alerts", Alert, Alert.id, timedelta(days=30), lambda moment: Alert.seen_at < moment),
    # An old letter's link lets nobody in, but mails its person a fresh one: people open invitations late.
    Rule("links", SignInLink, SignInLink.code_hash, timedelta(days=90), lambda moment: SignInLink.expires_at < moment),
    # From which network somebody was signed in is nowhere else: for as long as a theft may be looked into.
    Rule("sign-ins", SignInSession, SignInSession.id, timedelta(days=30), _signed_out_by),
)


def forget(session: Session, *, now: datetime) -> dict[str, int]:
    """Remove what is older than its rule, in small transactions: how many rows of each kind, where there were any.

    Any number may do so at once: what another has locked is left to them. Stopped half-way, the next goes on.
    """
    gone = {rule.what: sum(_batches(session, rule, now)) for rule in RULES}
    return {what: number for what, number in gone.items() if number}


def _batches(session: Session, rule: Rule, now: datetime) -> Iterator[int]:
    before = now - rule.kept_for
    for _ in range(MOST_BATCHES):
        # Found before anybody is kept from writing: the whole table may have to be read for it.
        found = session.scalars(select(rule.key).where(rule.over_by(before)).limit(MOST_AT_ONCE)).all()
        number = _remove(session, rule, before, found, now) if found else 0
        if not number:
            return
        yield number


def _remove(session: Session, rule: Rule, before: datetime, found: Collection[Any], now: datetime) -> int:
    with writing(session):
        mine = select(rule.key).where(rule.key.in_(found), rule.over_by(before)).order_by(rule.key)
        keys = session.scalars(mine.with_for_update(skip_locked=True)).all()
        session.execute(delete(rule.table).where(rule.key.in_(keys)).execution_options(synchronize_session=False))
        if keys:
            became = f"{len(keys)} that were over by {before.isoformat()}"
            audit.record(
                session, actor="sweeper", now=now, what="forgotten", subject=rule.what, subject_id=0, became=became
            )
    return len(keys)
