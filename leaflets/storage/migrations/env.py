"""Run by Alembic: opens the database and runs the migrations in one transaction."""

from alembic import context
from sqlalchemy import Connection, text

from leaflets.storage.session import open_engine
from leaflets.storage.tables import Base

MIGRATION_LOCK = 4_217_001  # any number, the same in every process of ours


def run() -> None:
    engine = open_engine(context.config.attributes["url"], pooled=False)
    with engine.connect().execution_options(writes=True) as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            _let_tables_be_copied(connection)
        with connection.begin():
            if not on_sqlite:
                connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
            context.configure(
                connection=connection,
                target_metadata=Base.metadata,
                compare_type=True,
                render_as_batch=on_sqlite,
                user_module_prefix="base.",
            )
            context.run_migrations()
            if on_sqlite:
                _check_references(connection)
    engine.dispose()


def _let_tables_be_copied(connection: Connection) -> None:
    """SQLite changes a table by copying it, which the rows that refer to it forbid unless nobody looks meanwhile.

    It can be told so outside of a transaction alone (sqlite.org/lang_altertable.html, "Making Other Kinds Of Table
    Schema Changes"); `_check_references` looks at the end.
    """
    raw = connection.connection.driver_connection
    if raw is None:
        raise RuntimeError("There is no connection to the database.")
    raw.execute("PRAGMA foreign_keys=OFF")


def _check_references(connection: Connection) -> None:
    broken = connection.execute(text("PRAGMA foreign_key_check")).all()
    if broken:
        raise RuntimeError(f"Rows would refer to what is not there, so nothing was changed: {broken[:5]}")


run()
