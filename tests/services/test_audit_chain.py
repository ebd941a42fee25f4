"""The record of changes: chained as it is written, and what is done to it by hand is found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig
from scene import NOON, Scene
from sqlalchemy import select, text, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from leaflets.domain.audit_chain import GENESIS, Anchor, Entry, Fault, Head, hash_of_entry
from leaflets.services import audit, audit_check
from leaflets.storage import migrations
from leaflets.storage.anchors import ANCHORS_FILE
from leaflets.storage.audit import AuditRow, head
from leaflets.storage.people import Person
from leaflets.storage.session import open_engine, open_sessions, writing

DROP = {
    "sqlite": ("DROP TRIGGER audit_no_update", "DROP TRIGGER audit_no_delete"),
    "postgresql": ("DROP TRIGGER audit_append_only ON audit",),
}
Deed = Callable[[Session, Sequence[AuditRow]], None]


@pytest.fixture
def scene(migrated_url: str) -> Scene:
    """A scene with a few dozen rows in its record."""
    scene = Scene(migrated_url)
    for number in range(6):
        leaflet = scene.leaflet()
        scene.save(leaflet.id, scene.edit(f"Promise {number}", 0))
    return scene


def check(scene: Scene, folder: Path, **more: Any) -> audit_check.Verdict:
    with scene.sessions() as session:
        return audit_check.verify(session, data_folder=folder, **more)


def anchored(scene: Scene, folder: Path, minutes: int = 0) -> Head | None:
    with scene.sessions() as session:
        return audit_check.anchor(session, data_folder=folder, now=NOON + timedelta(minutes=minutes))


def by_hand(scene: Scene, deed: Deed) -> None:
    """As whoever owns the database can: without the trigger."""
    with scene.sessions() as session, session.begin():
        for statement in DROP[session.get_bind().dialect.name]:
            session.execute(text(statement))
        deed(session, session.scalars(select(AuditRow).order_by(AuditRow.id)).all())


def _said(row: AuditRow, **changed: Any) -> Entry:
    return Entry(**{name: getattr(row, name) for name in Entry.__dataclass_fields__} | changed)


def _change(session: Session, row: AuditRow, **values: Any) -> None:
    session.execute(update(AuditRow).where(AuditRow.id == row.id).values(**values))


def _delete(session: Session, *rows: AuditRow) -> None:
    for row in rows:
        session.execute(text("DELETE FROM audit WHERE id = :id"), {"id": row.id})


def _swap(session: Session, first: AuditRow, second: AuditRow) -> None:
    ids = (first.id, second.id)
    for was, becomes in ((ids[0], -1), (ids[1], ids[0]), (-1, ids[1])):
        session.execute(text("UPDATE audit SET id = :becomes WHERE id = :was"), {"was": was, "becomes": becomes})


def _put_between(session: Session, rows: Sequence[AuditRow], at: int) -> None:
    """A row of somebody's own, fitted to the one before it; those behind it make room."""
    for row in reversed(rows[at:]):
        session.execute(text("UPDATE audit SET id = id + 1 WHERE id = :id"), {"id": row.id})
    before, forged = rows[at - 1], _said(rows[at], what="nothing to see here")
    own = hash_of_entry(forged, before.hash)
    session.execute(AuditRow.__table__.insert(), {**asdict(forged), "previous_hash": before.hash, "hash": own})


def _make_anew(session: Session, rows: Sequence[AuditRow], changed: int) -> None:
    """One row says something else, and every hash from there on is made again."""
    _change(session, rows[changed], who="somebody else")
    session.expire_all()
    before = GENESIS
    for row in session.scalars(select(AuditRow).order_by(AuditRow.id)).all():
        own = hash_of_entry(_said(row), before)
        session.execute(
            update(AuditRow)
            .where(AuditRow.id == row.id)
            .values(previous_hash=before, hash=own)
            .execution_options(synchronize_session=False)
        )
        before = own


def test_every_change_is_chained_to_the_one_before(scene: Scene, tmp_path: Path) -> None:
    anchored(scene, tmp_path)
    found = check(scene, tmp_path)
    assert found.whole
    assert found.rows > 16
    assert (found.anchors, found.witnessed.head if found.witnessed else None) == (1, found.last)
    with scene.sessions() as session:
        ids = list(session.scalars(select(AuditRow.id).order_by(AuditRow.id)))
    assert ids == list(range(1, len(ids) + 1))


DEEDS: dict[str, tuple[Deed, Fault, str]] = {
    "altered": (lambda s, rows: _change(s, rows[6], who="Nobody"), Fault.ALTERED, "Row 7 was altered"),
    "altered with a hash to match": (
        lambda s, rows: _change(
            s, rows[6], who="Nobody", hash=hash_of_entry(_said(rows[6], who="Nobody"), rows[6].previous_hash)
        ),
        Fault.ALTERED,
        "Row 7 was altered",
    ),
    "its moment altered": (
        lambda s, rows: _change(s, rows[6], at=rows[6].at + timedelta(microseconds=1)),
        Fault.ALTERED,
        "Row 7 was altered",
    ),
    "deleted": (lambda s, rows: _delete(s, rows[6]), Fault.REMOVED, "Removed: row 7 of the record"),
    "several deleted": (lambda s, rows: _delete(s, *rows[6:9]), Fault.REMOVED, "Removed: rows 7 to 9"),
    "the first deleted": (lambda s, rows: _delete(s, rows[0]), Fault.REMOVED, "Removed: row 1 of the record"),
    "two swapped": (lambda s, rows: _swap(s, rows[6], rows[7]), Fault.MOVED, "Reordered: row 7 was written after"),
    "two far apart swapped": (lambda s, rows: _swap(s, rows[6], rows[15]), Fault.MOVED, "Reordered: row 7"),
    "one put in": (lambda s, rows: _put_between(s, rows, 6), Fault.INSERTED, "Inserted: row 7 of the record"),
}


@pytest.mark.parametrize("deed", DEEDS)
def test_what_is_done_to_a_row_by_hand_is_named(scene: Scene, tmp_path: Path, deed: str) -> None:
    anchored(scene, tmp_path)
    assert check(scene, tmp_path).whole
    do, fault, words = DEEDS[deed]
    by_hand(scene, do)
    found = check(scene, tmp_path)
    assert found.broken is not None
    assert found.broken.fault is fault
    assert found.broken.words.startswith(words)
    assert not found.whole


def test_an_end_that_was_cut_off_is_found_by_what_was_noted_of_it(scene: Scene, tmp_path: Path) -> None:
    noted = anchored(scene, tmp_path)
    by_hand(scene, lambda session, rows: _delete(session, *rows[-3:]))
    assert noted is not None
    found = check(scene, tmp_path)
    assert found.broken is not None
    assert (found.broken.fault, found.broken.row) == (Fault.CUT, noted.id - 2)
    assert found.broken.words.startswith(f"The end was cut off: row {noted.id} was there on 2027-04-01 12:00 UTC")


def test_a_chain_that_was_made_anew_as_a_whole_is_found_by_what_was_noted_of_it(scene: Scene, tmp_path: Path) -> None:
    anchored(scene, tmp_path)
    by_hand(scene, lambda session, rows: _make_anew(session, rows, 6))
    found = check(scene, tmp_path)
    assert found.broken is not None
    assert found.broken.fault is Fault.REWRITTEN
    unwitnessed = check(scene, tmp_path / "..", more=())
    assert unwitnessed.broken is None
    assert unwitnessed.witnessed is None


def test_a_head_that_somebody_took_along_bears_witness(scene: Scene, tmp_path: Path) -> None:
    with scene.sessions() as session:
        last = head(session)
    assert last is not None
    assert check(scene, tmp_path, more=[Anchor(last, NOON)]).whole
    by_hand(scene, lambda session, rows: _make_anew(session, rows, 6))
    assert not check(scene, tmp_path, more=[Anchor(last, NOON)]).whole


def test_heads_are_noted_when_they_changed_and_every_few_minutes_at_most(scene: Scene, tmp_path: Path) -> None:
    first = anchored(scene, tmp_path)
    assert anchored(scene, tmp_path, 60) is None  # nothing happened
    scene.leaflet()
    assert anchored(scene, tmp_path, 4) is None  # too soon
    second = anchored(scene, tmp_path, 6)
    assert first is not None
    assert second is not None
    assert second.id > first.id
    assert check(scene, tmp_path).anchors == 2
    assert (tmp_path / "signing-key.pem").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("deed", ["altered", "taken out", "garbage", "emptied of its meaning"])
def test_what_is_done_to_the_noted_heads_is_found_too(migrated_sqlite_url: str, tmp_path: Path, deed: str) -> None:
    scene = Scene(migrated_sqlite_url)
    for number in range(3):
        scene.leaflet()
        anchored(scene, tmp_path, 10 * number)
    file = tmp_path / ANCHORS_FILE
    lines = file.read_text().splitlines(keepends=True)
    lines[1:2] = {
        "altered": [lines[1].replace('"row":', '"row":1')],
        "taken out": [],
        "garbage": ["\x00{{\n"],
        "emptied of its meaning": ["[]\n"],
    }[deed]
    file.write_text("".join(lines))
    found = check(scene, tmp_path)
    assert found.anchors_wrong.startswith(f"Line 2 of {ANCHORS_FILE} is not as it was signed")
    assert not found.whole


def test_a_row_that_did_not_come_by_the_chain_is_refused(scene: Scene) -> None:
    said = {"at": NOON, "who": "a test", "what": "x", "subject": "leaflet", "subject_id": 1, "was": "", "became": ""}
    with scene.sessions() as session, pytest.raises(IntegrityError):
        session.execute(AuditRow.__table__.insert(), {"id": 10_000, **said})


def test_a_change_cannot_be_noted_where_nobody_would_write_it(scene: Scene) -> None:
    with scene.sessions() as session, pytest.raises(RuntimeError, match="inside `writing`"):
        audit.record(session, actor="a test", now=NOON, what="x", subject="leaflet", subject_id=1)


def test_what_a_failed_transaction_noted_is_not_written_by_the_next(scene: Scene) -> None:
    with scene.sessions() as session:
        last = head(session)
        with pytest.raises(LookupError):
            _fail(session)
        with writing(session):
            audit.record(session, actor="a test", now=NOON, what="second", subject="leaflet", subject_id=1)
        rows = session.scalars(select(AuditRow.what).where(AuditRow.id > (last.id if last else 0))).all()
    assert rows == ["second"]


def test_rows_of_before_the_chain_are_chained_in_the_order_of_their_numbers(database_url: str, tmp_path: Path) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = database_url
    command.upgrade(config, "0006")
    engine = open_engine(database_url, pooled=False)
    with engine.begin() as connection:
        for number in (3, 1, 7):
            connection.execute(
                text(
                    "INSERT INTO audit (id, at, who, what, subject, subject_id, was, became) "
                    "VALUES (:id, '2026-11-21 10:00:00.123456', 'Ada', 'started', 'node', :id, '', 'Tŷ “£”')"
                ),
                {"id": number},
            )
    scene = Scene(database_url)
    found = check(scene, tmp_path)
    assert found.whole
    assert found.rows == found.last.id - 4  # 2, 4, 5 and 6 never were
    with scene.sessions() as session:
        assert [row.node_id for row in audit.history(session, subject="node", subject_id=7)] == [7]
        assert session.get_one(AuditRow, 1).previous_hash == GENESIS
    by_hand(scene, lambda session, rows: _change(session, rows[1], who="Nobody"))
    assert check(scene, tmp_path).broken is not None


def _fail(session: Session) -> None:
    with writing(session):
        audit.record(session, actor="a test", now=NOON, what="first", subject="leaflet", subject_id=1)
        raise LookupError


def test_many_who_write_at_once_neither_wait_for_each_other_for_ever_nor_break_the_chain(
    scene: Scene, tmp_path: Path
) -> None:
    sessions = open_sessions(scene.url, clock=lambda: NOON)
    people = [scene.agent.id, scene.helper.id, scene.stranger.id]

    def work(number: int) -> None:
        for turn in range(4):
            with sessions() as session, writing(session):
                somebody = session.get_one(Person, people[(number + turn) % 3], with_for_update=True)
                audit.record(session, actor=somebody, now=NOON, what="count", subject="person", subject_id=somebody.id)
                session.flush()

    before = check(scene, tmp_path).rows
    with ThreadPoolExecutor(16) as room:
        list(room.map(work, range(16)))
    sessions.kw["bind"].dispose()
    found = check(scene, tmp_path)
    assert found.whole
    assert found.rows == before + 64
