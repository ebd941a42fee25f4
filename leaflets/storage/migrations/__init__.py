"""Brings a database to the tables of this release: `migrate(url)`."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from leaflets.storage.session import open_engine


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent))
    config.attributes["url"] = url
    return config


def migrate(url: str) -> None:
    """Create or bring up to date every table of that database. Safe to run again, and by two processes at once."""
    command.upgrade(_config(url), "head")


def is_current(url: str) -> bool:
    """Whether the database has the tables of this release."""
    engine = open_engine(url, pooled=False)
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == _head()


@cache
def _head() -> str | None:
    """The newest of the migrations, read from their files once."""
    return ScriptDirectory.from_config(_config("")).get_current_head()
