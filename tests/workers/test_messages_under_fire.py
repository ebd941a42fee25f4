"""A message that ends in hundreds of leaflets, while whoever ends it, and the workers behind it, are killed."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest
from reviewing import Desk
from sqlalchemy import ColumnElement, Table, insert, select, text
from sqlalchemy.orm import Session
from warm import processes, read_messages, withdraw_message

from leaflets.domain.notices import Notice
from leaflets.domain.press.schedule import Lane, WorkState
from leaflets.services import audit_check
from leaflets.services.message import message_aftermath, message_making
from leaflets.services.message.message_making import Draft
from leaflets.services.press import outcomes, press_queue
from leaflets.storage.alert import Alert, Letter
from leaflets.storage.audit import AuditRow
from leaflets.storage.leaflet import Leaflet, Revision, ZoneText
from leaflets.storage.message import Message, MessageUse
from leaflets.storage.press import Order, Work
from leaflets.storage.review import Approval, ReviewZone, Submission, ZonePass
from leaflets.storage.session import writing

BUS = "We will bring the bus back"
OF_EACH = 50
"""Of four kinds: leaflets that are printed, on the press, ordered, and that wait for approval."""

BATCHES = 3
"""Of 20 leaflets, after which a worker that is to be killed stops by itself: three of them never come to the end."""

PATIENCE_S = 150
"""A busy machine takes a while to load everything, and to deal with the last of them."""

COPIED = (Leaflet, ZoneText, Revision, Submission, ZonePass, ReviewZone, Approval, Order, Work, MessageUse)
APART = 1000  # the ids of one copy from those of the next


@pytest.fixture
def desk(migrated_url: str, _warm_server: None) -> Desk:
    return Desk(migrated_url)


@pytest.fixture
def made(desk: Desk) -> int:
    """A message that 200 leaflets say."""
    with desk.sessions() as session:
        draft = Draft("headline", BUS, why="People wait for it.")
        made = message_making.make(session, actor="a test", now=desk.now, node_id=desk.clock.region.id, draft=draft)
    desk.scene.now += timedelta(hours=1)
    for _ in range(3):
        desk.order(desk.leaflet(headline=BUS))
    desk.send(desk.leaflet(headline=BUS, pledge="<p>Nobody has seen this.</p>"))
    with desk.sessions() as session:
        printed, pressed = (
            press_queue.claim(session, lane=Lane.PRESS, worker="a test", now=desk.now) for _ in range(2)
        )
        assert printed
        assert pressed
        press_queue.finish(session, claim=printed, now=desk.now, outcome=outcomes.PrintDone("a" * 64, 2, ()))
        multiply(session)
    desk.scene.now += timedelta(minutes=1)
    return made.id


def multiply(session: Session) -> None:
    """All that there is of leaflets again and again, under ids of its own."""
    tables: list[Any] = [kind.__table__ for kind in COPIED]
    with writing(session):
        for table in tables:
            own = {column.name for column in table.c if is_of_a_copy(column, tables)}
            rows = [dict(row) for row in session.execute(select(table)).mappings()]
            copies = [
                row | {name: row[name] + number * APART for name in own if row[name] is not None}
                for number in range(1, OF_EACH)
                for row in rows
            ]
            session.execute(insert(table), copies)
            if session.get_bind().dialect.name == "postgresql" and "id" in table.c:
                session.execute(text(f"SELECT setval('{table.name}_id_seq', (SELECT max(id) FROM {table.name}))"))


def is_of_a_copy(column: ColumnElement[Any], tables: list[Table]) -> bool:
    return column.name in ("id", "subject_id") or any(key.column.table in tables for key in column.foreign_keys)


@contextmanager
def process_of(target: Callable[..., None], *given: object) -> Iterator[BaseProcess]:
    """A process that has everything loaded and begins now."""
    begins, says_so = processes.Pipe(duplex=False)
    process = processes.Process(target=target, args=(says_so, *given))
    process.start()
    says_so.close()
    assert begins.poll(PATIENCE_S)
    yield process
    process.join()


def kill(*given: object, once: Callable[[], bool] = lambda: True) -> None:
    """Kill a process in the moment in which it has come so far, or some time after."""
    with process_of(*given) as process:
        while process.is_alive() and not once():
            time.sleep(0.01)
        time.sleep(random.choice((0, random.uniform(0, 0.15))))
        process.kill()


def finish(*given: object) -> None:
    with process_of(*given) as process:
        process.join(PATIENCE_S)
        assert process.exitcode == 0


def left(desk: Desk, made: int) -> int:
    with desk.sessions() as session:
        return message_aftermath.left(session, session.get_one(Message, made))


def told(desk: Desk) -> Counter[int | None]:
    """How often the agent was told of each leaflet."""
    with desk.sessions() as session:
        ended = select(Alert.leaflet_id).where(Alert.kind == Notice.MESSAGE, Alert.person_id == desk.agent.id)
        return Counter(session.scalars(ended))


def has_told(desk: Desk, many: int) -> bool:
    return told(desk).total() >= many


def states(desk: Desk) -> Counter[str]:
    """Of the orders."""
    with desk.sessions() as session:
        return Counter(session.scalars(select(Order.state)))


def words(desk: Desk) -> list[Any]:
    with desk.sessions() as session:
        said = select(ZoneText.leaflet_id, ZoneText.zone, ZoneText.value).order_by(ZoneText.leaflet_id, ZoneText.zone)
        return [tuple(row) for row in session.execute(said)]


@pytest.mark.timeout(600)
def test_whoever_is_killed_every_leaflet_is_dealt_with_once(desk: Desk, made: int, tmp_path: Path) -> None:
    before = words(desk)
    ending = (withdraw_message, desk.url, desk.now, made, desk.rita.id)
    reading = (read_messages, desk.url, desk.now)
    all_stopped = Counter({WorkState.DONE: OF_EACH, WorkState.HELD: 2 * OF_EACH})
    none_stopped = Counter({WorkState.DONE: OF_EACH, WorkState.RUNNING: OF_EACH, WorkState.WAITING: OF_EACH})

    kill(*ending)
    with desk.sessions() as session:
        is_withdrawn = session.get_one(Message, made).withdrawn_at is not None
    assert states(desk) == (all_stopped if is_withdrawn else none_stopped)
    if not is_withdrawn:
        finish(*ending)
    assert states(desk) == all_stopped
    for batches in random.sample(range(BATCHES), 3):
        goal = told(desk).total() + 20 * batches
        kill(*reading, BATCHES, once=partial(has_told, desk, goal))
    assert left(desk, made) > 0
    while left(desk, made):  # what a killed one has locked, a server lets go a moment later
        finish(*reading, 1000)

    with desk.sessions() as session:
        ids = set(session.scalars(select(Leaflet.id)))
        posted = select(Letter.path).where(Letter.kind == Notice.MESSAGE, Letter.person_id == desk.agent.id)
        noted = [(row.what, row.subject_id) for row in session.scalars(select(AuditRow))]
        assert len(ids) == 4 * OF_EACH
        assert told(desk) == Counter(ids)
        assert Counter(session.scalars(posted)) == Counter(f"/leaflets/{id_}" for id_ in ids)
        fallen = session.scalars(select(Approval)).all()
        assert all("“Headline”" in each.withdrawn_because for each in fallen)
        held = session.scalars(select(Order).where(Order.state == WorkState.HELD)).all()
        for what, of_these in (("approval withdrawn", fallen), ("order held", held)):
            assert Counter(id_ for said, id_ in noted if said == what) == Counter(each.id for each in of_these)
        assert audit_check.verify(session, data_folder=tmp_path).whole
    assert words(desk) == before
    assert states(desk) == all_stopped
