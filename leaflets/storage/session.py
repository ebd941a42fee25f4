"""The way to the database: engines, sessions, and the one kind of transaction that writes.

SQLite runs in WAL mode with every commit on the disk before it is answered (`synchronous=FULL`): a machine that
loses power loses no acknowledged word. Writers take the lock when they begin, so that none fails half-way.
"""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from threading import Lock
from typing import Any
from weakref import WeakKeyDictionary

import psycopg
from sqlalchemy import Connection, Engine, ExceptionContext, NullPool, create_engine, event, make_url
from sqlalchemy.exc import IntegrityError, OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session, sessionmaker

from leaflets.domain.errors import Conflict, Invalid, NotFound, Unavailable
from leaflets.storage import (
    audit,
    tables,  # noqa: F401  # whoever opens the database knows all of its tables
)

BUSY_TIMEOUT_MS = 10_000
_LOOK_AGAIN_S = 0.001

_CHANGED = "something was sent to the database since the last commit"

_TURNS: WeakKeyDictionary[Engine, Lock] = WeakKeyDictionary()

Sessions = sessionmaker[Session]
"""Makes a session: `with sessions() as session: …`."""


def open_engine(url: str, *, pooled: bool = True) -> Engine:
    """An engine for an SQLite or PostgreSQL URL.

    A process that forks asks for no pool: a connection must never be used on both sides of a fork.
    """
    parsed = make_url(url)
    if parsed.drivername in ("postgresql", "postgres"):
        parsed = parsed.set(drivername="postgresql+psycopg")
    pool: dict[str, Any] = {} if pooled else {"poolclass": NullPool}
    if parsed.get_backend_name() != "sqlite":
        # A server may have gone meanwhile. Each statement sees what was committed before it: `writing` counts on that.
        engine = create_engine(parsed, isolation_level="READ COMMITTED", pool_pre_ping=pooled, **pool)
        event.listen(engine, "handle_error", _hold_nothing)
        return engine
    engine = create_engine(parsed, connect_args={"timeout": BUSY_TIMEOUT_MS / 1000}, **pool)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    event.listen(engine, "handle_error", _name_nothing)
    _TURNS[engine] = Lock()
    return engine


def _name_nothing(failure: ExceptionContext) -> None:
    """A number that SQLite cannot hold is the name of nothing: whoever typed it is told so."""
    if isinstance(failure.original_exception, OverflowError):
        raise NotFound("There is no such thing.", "Check the address.") from failure.original_exception


def _hold_nothing(failure: ExceptionContext) -> None:
    """A character that PostgreSQL cannot hold, U+0000, is in no name and no word: whoever sent it is told so."""
    if isinstance(failure.original_exception, psycopg.DataError):
        raise Invalid(
            "There is a character in this that cannot be kept.", "Type it anew."
        ) from failure.original_exception


def utc_now() -> datetime:
    """The clock on the wall, which every session goes by unless it was given another."""
    return datetime.now(UTC)


def open_sessions(url: str, *, pooled: bool = True, clock: Callable[[], datetime] = utc_now) -> Sessions:
    """Sessions on that database. What a service returns stays readable after its commit, while the session is open.

    `clock` says which grants are in force when somebody looks.
    """
    sessions = sessionmaker(open_engine(url, pooled=pooled), expire_on_commit=False, info={"clock": clock})
    event.listen(sessions, "after_flush", _note_change)
    return sessions


def moment(session: Session) -> datetime:
    """The moment by the clock that the session goes by."""
    now: datetime = session.info["clock"]()
    return now


def _note_change(session: Session, _context: object) -> None:
    session.info[_CHANGED] = True


def leave(session: Session) -> None:
    """Close a session; what no service committed is dropped.

    One that has only looked ends with a commit all the same: after a rollback psycopg forgets the statements that it
    has prepared, and PostgreSQL would plan every one of them anew, which is most of its work.
    """
    with session, suppress(SQLAlchemyError):
        changed = session.info.get(_CHANGED) or session.new or session.dirty or session.deleted
        if session.in_transaction() and not changed:
            session.commit()


def give_up(session: Session) -> None:
    """End what a failed statement has broken, so that the session can look again; a database that is gone stays so."""
    with suppress(SQLAlchemyError):
        session.rollback()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves, below
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_TIMEOUT_MS}"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if not connection.get_execution_options().get("writes"):
        connection.exec_driver_sql("BEGIN")
        return
    raw: Any = connection.connection.driver_connection
    raw.execute("PRAGMA busy_timeout=0")
    try:
        if not _has_begun_to_write(raw):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # once more, for what it says
    finally:
        raw.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


def _has_begun_to_write(raw: sqlite3.Connection) -> bool:
    """Begin as soon as no other process writes: look every millisecond, where SQLite itself would sleep ever longer."""
    patience_ends = time.monotonic() + BUSY_TIMEOUT_MS / 1000
    while time.monotonic() < patience_ends:
        try:
            raw.execute("BEGIN IMMEDIATE")
            return True
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                return False
            time.sleep(_LOOK_AGAIN_S)
    return False


@contextmanager
def _turn(session: Session) -> Iterator[None]:
    """On SQLite, the threads of a process write one after the other, the first to come first.

    Of each process no more than one then looks whether another still writes.
    """
    turn = _TURNS.get(session.get_bind().engine)
    if turn is None:
        yield
        return
    if not turn.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
        raise Unavailable("The database does not answer.", "Nothing was changed. Try again in a minute.")
    try:
        yield
    finally:
        if session.in_transaction():
            session.rollback()  # what was raised has ended it: before the next one's turn
        turn.release()


@contextmanager
def writing(session: Session) -> Iterator[None]:
    """One transaction that writes: committed at the end, rolled back when anything is raised.

    Whatever the session read before is read again, so that no decision rests on an old look. A database that is
    locked, full or gone raises `Unavailable`; a race with somebody who did the same raises `Conflict`. What was noted
    for the audit is chained to it at the end, as the last thing before the commit.
    """
    if session.new or session.dirty or session.deleted:
        raise RuntimeError("Something was changed outside a transaction; services change things, nobody else.")
    on_sqlite = session.get_bind().dialect.name == "sqlite"
    if on_sqlite:
        session.commit()  # ends the look that reading left open, and with it what it sees
    session.expire_all()
    try:
        with _turn(session):
            if on_sqlite:
                session.connection(execution_options={"writes": True})
            audit.begin_notes(session)
            yield
            audit.write_notes(session)
            session.commit()
    except OperationalError as error:
        session.rollback()
        raise Unavailable("The database does not answer.", "Nothing was changed. Try again in a minute.") from error
    except IntegrityError as error:
        session.rollback()
        raise Conflict(
            "Somebody did the same at the same moment.", "Look at the page again, then try again."
        ) from error
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.pop(_CHANGED, None)
        audit.end_notes(session)
