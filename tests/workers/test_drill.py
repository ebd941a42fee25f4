"""The press under load and under fire: many orders, three workers, some of them killed, Redis flushed."""

import time
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select, update

from leaflets.domain.press.schedule import Urgency, WorkKind, WorkState, rank
from leaflets.services.press import orders as ordering
from leaflets.storage.audit import AuditRow
from leaflets.storage.press import Order, Work
from leaflets.storage.session import writing

HOURS = (1, 30, 5, 90, 2, 14, 700, 3)
"""From now to the deadlines, in turn: near and far, mixed."""


def place_many(press, number: int) -> None:
    """Orders of one leaflet, with deadlines of every kind."""
    leaflet, scene = press.scene.leaflet(), press.scene
    with scene.sessions() as session:
        for each in range(number):
            ordering.place(
                session,
                actor=scene.agent,
                now=scene.now,
                tickets=scene.tickets,
                leaflet_id=leaflet.id,
                template=scene.template,
                printer_id=scene.printer.id,
                quantity=each + 1,
                needed_by=scene.now + timedelta(hours=HOURS[each % len(HOURS)], minutes=each % 7),
            )


def done(press) -> int:
    with press.scene.sessions() as session:
        return session.scalar(select(func.count()).where(Order.state == WorkState.DONE)) or 0


def claims(press) -> list[int]:
    """The orders in which work began, in the order in which it was written down."""
    with press.scene.sessions() as session:
        begun = select(AuditRow.subject_id).where(AuditRow.what == "print running").order_by(AuditRow.id)
        return list(session.scalars(begun))


def assert_each_was_made_once(press, number: int) -> None:
    with press.scene.sessions() as session:
        rows = session.scalars(select(Work).where(Work.kind == WorkKind.PRINT)).all()
        ended = session.scalars(select(AuditRow.subject_id).where(AuditRow.what == "print done")).all()
        hashes = session.scalars(select(Order.pdf_hash)).all()
    assert Counter(ended) == {row.subject_id: 1 for row in rows}, "each order ended once"
    assert len(rows) == number
    assert {row.state for row in rows} == {WorkState.DONE}
    assert None not in hashes
    assert all(press.blobs.holds(each) for each in hashes)
    assert len(set(hashes)) == number, "each order has a PDF of its own: its number is in the slug"
    kept = [file for file in press.blobs.incoming.parent.glob("??/*") if file.read_bytes().startswith(b"%PDF")]
    assert len(kept) == number, "nothing was stored twice, nor for nobody"


@pytest.mark.timeout(900)
def test_three_workers_claim_in_the_order_of_the_policy(
    sqlite_url: str, redis_url: str, make_press: Callable, drill_orders: int
) -> None:
    press = make_press(sqlite_url, redis_url)
    place_many(press, drill_orders)
    with press.scene.sessions() as session:
        rows = session.scalars(select(Work)).all()
        expected = sorted(rows, key=lambda row: (rank(Urgency(row.urgent_at, row.lost_at), press.scene.now), row.id))
    for _ in range(3):
        press.start()
    press.until(lambda: done(press) == drill_orders, what="every order is done", seconds=600)
    assert claims(press) == [row.subject_id for row in expected]
    assert_each_was_made_once(press, drill_orders)


@pytest.mark.timeout(900)
def test_with_workers_killed_and_redis_flushed_every_order_is_finished_once(
    postgres_url: str, redis_server, make_press: Callable, drill_orders: int
) -> None:
    """A worker is killed at each fifth of the way; and every ten seconds, where those get on that are left."""
    press = make_press(postgres_url, redis_server.url)
    place_many(press, drill_orders)
    alive = [press.start() for _ in range(3)]
    killed, last_kill, done_then = 0, time.monotonic(), 0

    def finished() -> bool:
        nonlocal killed, last_kill, done_then
        so_far = done(press)
        is_time = so_far > done_then and time.monotonic() >= last_kill + 10
        if so_far < drill_orders and (is_time or so_far >= drill_orders * (killed + 1) / 5):
            press.kill(alive.pop(0))
            alive.append(press.start())
            let_the_dead_go(press, {worker.pid for worker in alive})
            killed, last_kill, done_then = killed + 1, time.monotonic(), so_far
            if killed <= 2:
                redis_server.flush()
        return so_far == drill_orders

    press.until(finished, what="every order is done", seconds=600)
    assert killed >= 2
    assert_each_was_made_once(press, drill_orders)


def let_the_dead_go(press, alive: set[int]) -> None:
    """As if a minute had passed for leases whose worker is dead, so that nobody waits for them here."""
    past = datetime.now(UTC) - timedelta(seconds=1)
    families = press.families(alive)
    with press.scene.sessions() as session, writing(session):
        for row in session.scalars(select(Work).where(Work.state == WorkState.RUNNING).with_for_update()):
            if int(row.lease_owner.split(":")[1]) not in families:
                row.lease_until = past
        session.execute(update(Work).where(Work.state == WorkState.WAITING).values(not_before=past))
