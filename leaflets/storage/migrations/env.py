"""Run by Alembic: opens the database and runs the migrations in one transaction."""

from alembic import context
from sqlalchemy import text

from leaflets.storage.session import open_engine
from leaflets.storage.tables import Base

MIGRATION_LOCK = 4_217_001  # any number, the same in every process of ours


def run() -> None:
    engine = open_engine(context.config.attributes["url"], pooled=False)
    with engine.connect().execution_options(writes=True) as connection, connection.begin():
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({MIGRATION_LOCK})"))
        context.configure(
            connection=connection,
            target_metadata=Base.metadata,
            compare_type=True,
            render_as_batch=connection.dialect.name == "sqlite",
            user_module_prefix="base.",
        )
        context.run_migrations()
    engine.dispose()


run()
