"""The queue of the press, as rows: asking, claiming under a lease, ending, and sweeping up after the dead.

Pages use `add` and `standing` through proofs, orders and pictures; the rest is for workers alone. Whoever has lost
a lease can write nothing: `LeaseLost`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from leaflets.domain.errors import Conflict
from leaflets.domain.press.forecast import Forecast, OpenOrder, Outlook, behind
from leaflets.domain.press.forecast import outlook as look_ahead
from leaflets.domain.press.schedule import (
    LEARN_FROM,
    LEASE,
    Lane,
    Stage,
    Urgency,
    WorkKind,
    WorkState,
    learnt_estimate,
    try_again_at,
    urgency,
    urgency_at_screen,
)
from leaflets.services.press import outcomes, turn
from leaflets.storage.people import Person
from leaflets.storage.press import Work
from leaflets.storage.session import writing


class LeaseLost(Conflict):
    """This row is somebody else's now, or it has ended: whoever hears this drops what they made."""

    code = "lease-lost"


@dataclass(frozen=True, slots=True)
class Claim:
    """One row, claimed. `worker` is the holder of the lease; `asked_at` is the same at every attempt."""

    work_id: int
    kind: WorkKind
    subject_id: int
    attempt: int
    worker: str
    asked_at: datetime


@dataclass(frozen=True, slots=True)
class Swept:
    """What a sweep found: leases that ran out, and how many rows could be claimed at once, by lane."""

    returned: int
    gave_up: int
    open: Mapping[Lane, int]


def add(
    session: Session, *, now: datetime, kind: WorkKind, subject_id: int, needed_by: datetime, key: str, inputs_hash: str
) -> Work:
    """Ask for one thing, inside the transaction of whoever asks. `key` names what its estimate is learnt from."""
    estimate_key = f"{kind}:{key}"
    recent = select(Work.seconds).where(Work.estimate_key == estimate_key, Work.seconds.is_not(None))
    seconds = session.scalars(recent.order_by(Work.finished_at.desc()).limit(LEARN_FROM)).all()
    estimate_s = learnt_estimate(kind, [second for second in seconds if second is not None])
    pressing = _URGENCIES[kind.lane](needed_by, estimate_s, now)
    work = Work(
        lane=kind.lane,
        kind=kind,
        subject_id=subject_id,
        needed_by=needed_by,
        estimate_key=estimate_key,
        estimate_s=estimate_s,
        urgent_at=pressing.urgent_at,
        lost_at=pressing.lost_at,
        state=WorkState.WAITING,
        not_before=now,
        inputs_hash=inputs_hash,
        created_at=now,
    )
    session.add(work)
    session.flush()
    return work


_URGENCIES = {Lane.PRESS: urgency, Lane.PROOF: urgency_at_screen}


def rerank(session: Session, needed_by: Mapping[int, datetime]) -> int:
    """New deadlines for orders that are still open, by order, inside the transaction of whoever moved them.

    Polling day moved, a council announced its dispatch: the very next claim follows the new order. Returns how many
    rows changed their place.
    """
    open_rows = select(Work.id, Work.subject_id, Work.estimate_s, Work.created_at).where(
        Work.kind == WorkKind.PRINT, Work.state.in_((WorkState.WAITING, WorkState.RUNNING))
    )
    moved = []
    for row in session.execute(open_rows):
        if new := needed_by.get(row.subject_id):
            pressing = urgency(new, row.estimate_s, row.created_at)
            moved.append({"id": row.id, "needed_by": new, "urgent_at": pressing.urgent_at, "lost_at": pressing.lost_at})
    if moved:
        session.execute(update(Work), moved)
    return len(moved)


def withdraw(session: Session, *, now: datetime, order_ids: Collection[int]) -> None:
    """Take orders out of the queue, inside the transaction of whoever holds them back.

    A worker that is at one of them has lost its lease, and drops what it made.
    """
    open_rows = select(Work).where(
        Work.kind == WorkKind.PRINT,
        Work.subject_id.in_(order_ids),
        Work.state.in_((WorkState.WAITING, WorkState.RUNNING)),
    )
    for work in session.scalars(open_rows.with_for_update()):
        _end(work, now, WorkState.SUPERSEDED)


def claim(session: Session, *, lane: Lane, worker: str, now: datetime, lease: timedelta = LEASE) -> Claim | None:
    """Take the most urgent row of a lane; `None` when there is nothing to do now. Two never get the same one."""
    with writing(session):
        work = turn.next_of(session, lane, now)
        if work is None:
            return None
        work.state, work.attempts, work.lease_owner = WorkState.RUNNING, work.attempts + 1, worker
        work.lease_until, work.started_at = now + lease, now
        work.stage, work.fraction = Stage.STARTING, Stage.STARTING.fraction
        outcomes.started(session, work, worker, now)
        return Claim(work.id, WorkKind(work.kind), work.subject_id, work.attempts, worker, work.created_at)


def renew(
    session: Session,
    *,
    claim: Claim,
    now: datetime,
    stage: Stage,
    lease: timedelta = LEASE,
) -> None:
    """Hold a claim for longer, and say how far the work is. Raises `LeaseLost`."""
    with writing(session):
        held = update(Work).where(
            Work.id == claim.work_id, Work.state == WorkState.RUNNING, Work.lease_owner == claim.worker
        )
        done = session.execute(held.values(lease_until=now + lease, stage=stage, fraction=stage.fraction))
        if done.rowcount == 0:  # type: ignore[attr-defined]
            raise _lost(claim)


def finish(session: Session, *, claim: Claim, now: datetime, outcome: outcomes.Outcome) -> None:
    """The end of a row and of what it served, in one transaction. Raises `LeaseLost`, and then writes nothing."""
    with writing(session):
        work = _held(session, claim)
        _end(work, now, WorkState.FAILED if isinstance(outcome, outcomes.Stopped) else WorkState.DONE)
        if work.started_at and work.state == WorkState.DONE:
            work.seconds = (now - work.started_at).total_seconds()
        outcomes.ended(session, work, claim.worker, now, outcome)


def fail(session: Session, *, claim: Claim, now: datetime, reason: str) -> datetime | None:
    """An attempt failed for a cause that may pass. Returns when it is tried again; `None` when this was the last."""
    with writing(session):
        return _failed(session, _held(session, claim), claim.worker, now, reason)


def give_back(session: Session, *, worker: str, now: datetime) -> None:
    """End the lease of a worker that is known to be dead; `worker` is how its name begins."""
    with writing(session):
        held = select(Work).where(Work.state == WorkState.RUNNING, Work.lease_owner.startswith(worker, autoescape=True))
        for work in session.scalars(held.with_for_update(skip_locked=True)):
            _failed(session, work, work.lease_owner, now, outcomes.WORKER_DIED)


def sweep(session: Session, *, now: datetime) -> Swept:
    """Return what dead workers held, and count what could be claimed now. Any number may sweep at once."""
    lapsed = select(Work).where(Work.state == WorkState.RUNNING, Work.lease_until < now).order_by(Work.id)
    again = []
    if session.scalar(lapsed.with_only_columns(Work.id).limit(1)) is not None:  # else nobody is kept from writing
        with writing(session):
            expired = session.scalars(lapsed.with_for_update(skip_locked=True)).all()
            again = [_failed(session, work, work.lease_owner, now, outcomes.WORKER_DIED) for work in expired]
    claimable = (
        select(Work.lane, func.count())
        .where(Work.state == WorkState.WAITING, Work.not_before <= now)
        .group_by(Work.lane)
    )
    counts = {Lane(lane): count for lane, count in session.execute(claimable)}
    gave_up = sum(when is None for when in again)
    return Swept(len(again) - gave_up, gave_up, {lane: counts.get(lane, 0) for lane in Lane})


def supersede(session: Session, *, actor: Person, now: datetime, kind: WorkKind, subject_ids: list[int]) -> None:
    """Drop rows that nobody has claimed yet, or is claiming, inside the transaction of whoever knows better."""
    waiting = select(Work).where(Work.kind == kind, Work.subject_id.in_(subject_ids), Work.state == WorkState.WAITING)
    for work in session.scalars(waiting.with_for_update(skip_locked=True)):
        _end(work, now, WorkState.SUPERSEDED)
        outcomes.superseded(session, work, actor, now)


def latest(session: Session, kind: WorkKind, subject_id: int) -> Work | None:
    """The row that serves this order, proof or picture: the last one when it was asked for again."""
    rows = select(Work).where(Work.kind == kind, Work.subject_id == subject_id)
    return session.scalar(rows.order_by(Work.id.desc()).limit(1))


def forecast_of(session: Session, work: Work, *, now: datetime) -> Forecast | None:
    """The place in the queue and the expected finish; `None` when the row has ended."""
    if work.state not in (WorkState.WAITING, WorkState.RUNNING):
        return None
    if work.state == WorkState.RUNNING:
        return Forecast(place=0, finish=now + timedelta(seconds=work.estimate_s * (1 - work.fraction)))
    running = session.execute(
        select(func.count(), func.coalesce(func.sum(Work.estimate_s), 0.0)).where(
            Work.lane == work.lane, Work.state == WorkState.RUNNING
        )
    ).one()
    ahead = session.execute(
        select(func.count(), func.coalesce(func.sum(Work.estimate_s), 0.0)).where(turn.before(work, now))
    ).one()
    start = max(now, work.not_before)
    return behind(start, ahead=ahead[0], ahead_s=ahead[1] + running[1], own_s=work.estimate_s, workers=running[0])


def outlook(session: Session, *, now: datetime, workers: int) -> Outlook:
    """Every open order in the order of the press, when each is expected, and whether all make it with `workers`."""
    rows = session.execute(
        select(
            Work.subject_id,
            Work.needed_by,
            Work.estimate_s,
            Work.urgent_at,
            Work.lost_at,
            Work.not_before,
            Work.state,
            Work.fraction,
        )
        .where(Work.lane == Lane.PRESS, Work.state.in_((WorkState.WAITING, WorkState.RUNNING)))
        .order_by(Work.id)
    )
    orders = [
        OpenOrder(
            number=row.subject_id,
            needed_by=row.needed_by,
            estimate_s=row.estimate_s,
            urgency=Urgency(row.urgent_at, row.lost_at),
            ready_at=row.not_before,
            running_until=now + timedelta(seconds=row.estimate_s * (1 - row.fraction))
            if row.state == WorkState.RUNNING
            else None,
        )
        for row in rows
    ]
    return look_ahead(now, orders, workers)


def _held(session: Session, claim: Claim) -> Work:
    work = session.get(Work, claim.work_id, with_for_update=True)
    if work is None or work.state != WorkState.RUNNING or work.lease_owner != claim.worker:
        raise _lost(claim)
    return work


def _failed(session: Session, work: Work, worker: str, now: datetime, reason: str) -> datetime | None:
    again = try_again_at(work.attempts, now)
    if again is None:
        _end(work, now, WorkState.FAILED)
        outcomes.ended(session, work, worker, now, outcomes.Stopped(reason))
    else:
        work.state, work.not_before, work.lease_owner, work.lease_until = WorkState.WAITING, again, "", None
        work.reason, work.stage, work.fraction = reason, "", 0.0
        outcomes.waits_again(session, work, worker, now, reason)
    return again


def _end(work: Work, now: datetime, state: WorkState) -> None:
    work.state, work.finished_at, work.lease_until, work.stage, work.fraction = state, now, None, "", 1.0


def _lost(claim: Claim) -> LeaseLost:
    return LeaseLost(f"Work {claim.work_id} no longer belongs to {claim.worker}.", "Drop what was made of it.")
