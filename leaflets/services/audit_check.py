"""Whether the audit is what it was: noting its heads outside the database, and walking its chain from end to end."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from leaflets.domain.audit_chain import (
    GENESIS,
    Anchor,
    Break,
    Entry,
    Head,
    Link,
    first_anchor_lost,
    first_break,
)
from leaflets.storage import audit as record
from leaflets.storage.anchors import Anchors
from leaflets.storage.audit import AuditRow
from leaflets.storage.review import Approval
from leaflets.storage.signing_key import SigningKey

BATCH = 10_000


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the whole record found.

    `broken` is the first place where it is not what it was. `anchors` and `certificates` are how many heads, noted in
    the anchors' file and in certificates, bear it out; `witnessed` is the newest of them. `anchors_wrong` says what is
    wrong with the file itself.
    """

    rows: int
    last: Head
    broken: Break | None
    anchors: int
    certificates: int
    witnessed: Anchor | None
    anchors_wrong: str

    @property
    def whole(self) -> bool:
        """Whether nothing speaks against the record."""
        return self.broken is None and not self.anchors_wrong


def anchor(session: Session, *, data_folder: Path, now: datetime) -> Head | None:
    """Note the head of the record in the anchors' file when it is due; returns it when it was noted."""
    head = record.head(session)
    if head is None or not Anchors(data_folder).note(head, now, SigningKey(data_folder)):
        return None
    return head


def verify(session: Session, *, data_folder: Path, more: Iterable[Anchor] = ()) -> Verdict:
    """Walk the whole record, 10,000 rows at a time, then hold it against every head that was ever noted.

    `more` are heads from elsewhere: of certificates that somebody took along.
    """
    walk = _Walk(session)
    broken = first_break(walk, _row_of(session))
    noted = Anchors(data_folder).read(SigningKey(data_folder).public)
    certified = [*_certified(session), *more]
    every = sorted(chain(noted.anchors, certified), key=lambda each: each.head.id)
    if broken is None:
        broken = first_anchor_lost(every, _hash_at(session), walk.last)
    return Verdict(
        rows=walk.rows,
        last=walk.last,
        broken=broken,
        anchors=len(noted.anchors),
        certificates=len(certified),
        witnessed=every[-1] if every else None,
        anchors_wrong=noted.wrong,
    )


class _Walk:
    """The links in their order. Knows how far it has come."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self.rows = 0
        self.last = Head(0, GENESIS)

    def __iter__(self) -> Iterator[Link]:
        columns = AuditRow.__table__.columns
        entry_columns = [columns[name] for name in Entry.__dataclass_fields__]
        some = select(*entry_columns, AuditRow.previous_hash, AuditRow.hash).order_by(AuditRow.id).limit(BATCH)
        while rows := self._session.execute(some.where(AuditRow.id > self.last.id)).all():
            for *said, previous_hash, hash_ in rows:
                entry = Entry(*said)
                yield Link(entry, previous_hash, hash_)
                self.rows += 1
                self.last = Head(entry.id, hash_)


def _row_of(session: Session) -> Callable[[str], int | None]:
    return lambda hash_: session.scalar(select(AuditRow.id).where(AuditRow.hash == hash_).limit(1))


def _hash_at(session: Session) -> Callable[[int], str | None]:
    return lambda row: session.scalar(select(AuditRow.hash).where(AuditRow.id == row))


def _certified(session: Session) -> list[Anchor]:
    """The heads in the certificates that are kept here."""
    made = session.execute(select(Approval.at, Approval.certificate).order_by(Approval.id))
    return [
        Anchor(Head(said["audit"]["row"], said["audit"]["hash"]), at) for at, said in made if said and said.get("audit")
    ]
