from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from multiprocessing import get_context
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config as AlembicConfig
from alembic.migration import MigrationContext
from scene import NOON, Scene
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.orm import Session

from leaflets.domain.errors import Unavailable
from leaflets.services.roles import people
from leaflets.storage import migrations
from leaflets.storage.migrations import is_current, migrate
from leaflets.storage.people import Campaign, Person
from leaflets.storage.session import Sessions, leave, open_engine, open_sessions, writing
from leaflets.storage.tables import Base


def test_the_migrations_make_exactly_the_tables_of_the_models(database_url: str) -> None:
    assert not is_current(database_url)
    migrate(database_url)
    migrate(database_url)
    assert is_current(database_url)
    engine = open_engine(database_url, pooled=False)
    with engine.connect() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []


def test_two_processes_may_migrate_at_once(database_url: str) -> None:
    with get_context("spawn").Pool(2) as processes:
        processes.map(migrate, [database_url] * 2, chunksize=1)
    assert is_current(database_url)


def test_times_come_back_aware_and_equal(database_url: str) -> None:
    migrate(database_url)
    summer = datetime(2027, 5, 6, 22, 0, 0, 123456, tzinfo=timezone(timedelta(hours=1)))
    with open_sessions(database_url, pooled=False)() as session:
        people.add_person(session, actor="a test", now=summer, name="Ann", email="ann@example.org")
        session.expire_all()
        kept = session.scalars(select(Person)).one().created_at
        assert kept == summer
        assert kept.utcoffset() == timedelta(0)
        assert session.scalars(select(Person).where(Person.created_at < summer + timedelta(seconds=1))).all()
        assert not session.scalars(select(Person).where(Person.created_at < summer)).all()


def test_a_time_without_a_zone_is_refused(database_url: str) -> None:
    migrate(database_url)
    naive = datetime(2027, 5, 6, 22, 0)  # noqa: DTZ001
    with open_sessions(database_url, pooled=False)() as session, pytest.raises(StatementError, match="no time zone"):
        people.add_person(session, actor="a test", now=naive, name="Ann", email="ann@example.org")


@pytest.mark.parametrize("statement", ["UPDATE audit SET who = 'nobody'", "DELETE FROM audit"])
def test_the_audit_can_be_added_to_and_never_changed(database_url: str, statement: str) -> None:
    scene = Scene(database_url)
    with scene.sessions() as session, pytest.raises(DBAPIError, match="append-only"):
        session.execute(text(statement))


def test_a_transaction_that_fails_leaves_nothing(database_url: str) -> None:
    scene = Scene(database_url)

    def fail_half_way(session: Session) -> None:
        with writing(session):
            session.add(Person(name="Ghost", email="ghost@example.org", created_at=NOON))
            session.flush()
            raise LookupError

    with scene.sessions() as session:
        with pytest.raises(LookupError):
            fail_half_way(session)
        assert people.person_by_email(session, "ghost@example.org") is None


def test_what_nobody_committed_is_dropped_when_a_session_is_left(database_url: str) -> None:
    scene = Scene(database_url)
    session = scene.sessions()
    session.add(Person(name="Ghost", email="ghost@example.org", created_at=NOON))
    session.flush()
    leave(session)
    with scene.sessions() as session:
        assert people.person_by_email(session, "ghost@example.org") is None


def test_what_postgresql_has_prepared_it_keeps_when_somebody_has_only_looked(postgres_url: str) -> None:
    sessions = open_sessions(postgres_url)
    for _ in range(8):  # psycopg has a statement prepared when it sees it for the sixth time
        session = sessions()
        prepared = session.scalar(text("SELECT count(*) FROM pg_prepared_statements"))
        leave(session)
    sessions.kw["bind"].dispose()
    assert prepared


def test_a_writer_sees_what_others_wrote_since_it_looked(database_url: str) -> None:
    scene = Scene(database_url)
    with scene.sessions() as mine, scene.sessions() as theirs:
        seen = people.person(mine, scene.agent.id)
        assert seen is not None
        with writing(theirs):
            theirs.get_one(Person, scene.agent.id).name = "Agatha"
        with writing(mine):
            assert mine.get_one(Person, scene.agent.id).name == "Agatha"


def test_a_database_that_is_gone_is_said_in_words(tmp_path: Path) -> None:
    sessions = open_sessions(f"sqlite:///{tmp_path / 'nowhere' / 'leaflets.db'}")
    with sessions() as session, pytest.raises(Unavailable):
        people.add_person(session, actor="a test", now=datetime.now(UTC), name="Ann", email="ann@example.org")


def test_who_writes_waits_until_another_process_has_written(database_url: str) -> None:
    migrate(database_url)
    theirs, mine = open_sessions(database_url), open_sessions(database_url)  # each with a turn of its own

    def write(sessions: Sessions, number: int) -> None:
        with sessions() as session:
            people.add_person(session, actor="a test", now=NOON, name="Ann", email=f"ann-{number}@example.org")

    with ThreadPoolExecutor(4) as threads:
        wrote = [threads.submit(write, (theirs, mine)[number % 2], number) for number in range(40)]
    assert [each.result() for each in wrote] == [None] * 40
    with mine() as session:
        assert len(session.scalars(select(Person)).all()) == 40
    for sessions in (theirs, mine):
        sessions.kw["bind"].dispose()


def test_every_acknowledged_word_is_on_the_disk_before_it_is_acknowledged(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    with engine.connect() as connection:
        pragmas = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in ("journal_mode", "synchronous")]
    engine.dispose()
    assert pragmas == ["wal", 2]


def test_campaigns_of_before_the_tree_stand_at_their_organisations_root(database_url: str) -> None:
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = database_url
    command.upgrade(config, "0001")
    engine = open_engine(database_url, pooled=False)
    with engine.begin() as connection:
        connection.execute(text("INSERT INTO organisation (id, name, created_at) VALUES (7, 'Plain', '2026-11-21')"))
        connection.execute(
            text(
                "INSERT INTO campaign (id, organisation_id, name, kit, election_title, election_area, polling_day, "
                "candidate, promoter, promoter_address, on_behalf_of, on_behalf_of_address, created_at) "
                "VALUES (3, 7, 'Ada', 'plain', 'e', 'a', 'p', 'c', 'p', 'a', 'c', '', '2026-11-21')"
            )
        )
    migrate(database_url)
    with open_sessions(database_url, pooled=False)() as session:
        node = session.get_one(Campaign, 3).node
        assert node is not None
        assert (node.name, node.tier, node.way_down) == ("Plain", "organisation", [node.id])


def test_threads_that_write_at_once_take_turns_and_each_sees_what_the_last_one_wrote(database_url: str) -> None:
    migrate(database_url)
    sessions = open_sessions(database_url)
    with sessions() as session:
        ada = people.add_person(session, actor="a test", now=NOON, name="0", email="ada@example.org")

    def count(_number: int) -> None:
        with sessions() as session, writing(session):
            person = session.get_one(Person, ada.id, with_for_update=True)
            person.name = str(int(person.name) + 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(count, range(40)))
    with sessions() as session:
        assert session.get_one(Person, ada.id).name == "40"
    sessions.kw["bind"].dispose()
