"""Whose turn it is on a lane: the order of leaflets.domain.press.schedule, in SQL and by index on both databases.

`schedule.rank` depends on the moment, so no single index holds it. But rows fall into three classes, each in the order
of a column that never changes: not urgent yet, aged (far off, but waiting for long), and lost. The next row is the
best of the three heads: three looks at the end of an index, however many rows are open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, literal_column, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from leaflets.domain.press.schedule import GRACE, Lane, Urgency, WorkState, rank
from leaflets.storage.press import Work

# The state is written out as the indexes have it: they could not be matched with a value that is bound.
_WAITING = Work.state == literal_column(f"'{WorkState.WAITING.value}'")
_HAS_AGED = Work.urgent_at < Work.lost_at


def next_of(session: Session, lane: Lane, now: datetime) -> Work | None:
    """The row whose turn it is, locked; rows that another worker is claiming at this moment are passed over."""
    for _, where, by in sorted(_heads(session, lane, now), key=lambda head: head[0]):
        rows = select(Work).where(*where).order_by(by, Work.id).limit(1).with_for_update(skip_locked=True)
        if work := session.scalar(rows):
            return work
    return None


def before(work: Work, now: datetime) -> ColumnElement[bool]:
    """The waiting rows of the same lane that have their turn before this one."""
    own = rank(Urgency(work.urgent_at, work.lost_at), now)

    def earlier(column: InstrumentedAttribute[datetime], moment: datetime) -> ColumnElement[bool]:
        return or_(column < moment, and_(column == moment, Work.id < work.id))

    return and_(
        Work.lane == work.lane,
        _WAITING,
        or_(
            and_(Work.lost_at > now, earlier(Work.urgent_at, own)),
            and_(Work.lost_at <= now, earlier(Work.lost_at, own - GRACE)),
        ),
    )


_Class = tuple[tuple[ColumnElement[bool], ...], InstrumentedAttribute[datetime]]
_Head = tuple[tuple[datetime, int], tuple[ColumnElement[bool], ...], InstrumentedAttribute[datetime]]


def _heads(session: Session, lane: Lane, now: datetime) -> Iterable[_Head]:
    """The rank of the first row of each class that has one, and how to find it again."""
    for where, by in _classes(lane, now):
        row = session.execute(
            select(Work.urgent_at, Work.lost_at, Work.id).where(*where).order_by(by, Work.id).limit(1)
        ).first()
        if row:
            yield (rank(Urgency(row.urgent_at, row.lost_at), now), row.id), where, by


def _classes(lane: Lane, now: datetime) -> Iterable[_Class]:
    claimable = (Work.lane == lane, _WAITING, Work.not_before <= now)
    yield (*claimable, Work.urgent_at > now), Work.urgent_at
    yield (*claimable, _HAS_AGED, Work.urgent_at <= now, Work.lost_at > now), Work.urgent_at
    yield (*claimable, Work.lost_at <= now), Work.lost_at
