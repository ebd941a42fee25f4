"""Who changed what, from what, to what, and when. The database itself refuses to change or delete a row.

Rows are chained (leaflets.domain.audit_chain), so only one transaction at a time can add to them. Each collects what
it notes and adds it as the last thing before its commit, under a lock that is held for no longer: nobody who waits for
it holds up who holds it, because a row refers to no other table and needs no other lock.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Index, String, Text, func, insert, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from leaflets.domain.audit_chain import GENESIS, Entry, Head, chained
from leaflets.storage.base import HASH, Base

_LOCK = 4_217_002  # any number, the same in every process of ours
_NOTES = "audit notes"


class AuditRow(Base):
    """One change. `person_id` is empty when a worker did it; `who` then names the worker.

    `node_id` is the place of the tree that it concerns, where there is one.
    """

    __tablename__ = "audit"
    __table_args__ = (
        Index("ix_audit_subject", "subject", "subject_id", "id"),
        Index("ix_audit_node_id", "node_id", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    at: Mapped[datetime]
    person_id: Mapped[int | None]
    who: Mapped[str] = mapped_column(String(200))
    campaign_id: Mapped[int | None] = mapped_column(index=True)
    node_id: Mapped[int | None]
    what: Mapped[str] = mapped_column(String(60))
    subject: Mapped[str] = mapped_column(String(20))
    subject_id: Mapped[int]
    was: Mapped[str] = mapped_column(Text, default="")
    became: Mapped[str] = mapped_column(Text, default="")
    previous_hash: Mapped[str] = mapped_column(HASH)
    hash: Mapped[str] = mapped_column(HASH)


def begin_notes(session: Session) -> None:
    """From here on the session's transaction may note changes."""
    session.info[_NOTES] = []


def note(session: Session, noted: Entry) -> None:
    """Have this noted when the transaction ends. Raises `RuntimeError` outside `writing`, where nobody would."""
    notes: list[Entry] | None = session.info.get(_NOTES)
    if notes is None:
        raise RuntimeError("A change can be noted inside `writing` alone.")
    notes.append(noted)


def write_notes(session: Session) -> None:
    """Chain what was noted to the record. The last thing before the commit: until then, nobody else can."""
    notes: list[Entry] = session.info.get(_NOTES) or []
    if not notes:
        return
    session.flush()  # whatever else may wait for somebody waits before the lock
    if session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCKED)
    rows = [
        asdict(link.entry) | {"previous_hash": link.previous_hash, "hash": link.hash}
        for link in chained(notes, head(session) or Head(0, GENESIS))
    ]
    session.execute(insert(AuditRow), rows)


def end_notes(session: Session) -> None:
    """What was noted and not written is forgotten with its transaction."""
    session.info.pop(_NOTES, None)


def head(session: Session) -> Head | None:
    """The last row of the record, where there is any."""
    row = session.execute(_LAST).one_or_none()
    return Head(row.id, row.hash) if row else None


_LOCKED = select(func.pg_advisory_xact_lock(_LOCK))
_LAST = select(AuditRow.id, AuditRow.hash).order_by(AuditRow.id.desc()).limit(1)
