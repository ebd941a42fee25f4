"""A database as an older version of ours left it, for tests of migrations."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic.config import Config as AlembicConfig
from sqlalchemy import Connection

from leaflets.storage import migrations

THEN = datetime(2026, 11, 21, 12, tzinfo=UTC)
FITS = {str: "x", int: 1, bool: False, datetime: THEN, date: THEN.date(), time: time(12)}


class Filled:
    """Rows of a database as it was, whose other columns hold something that fits."""

    def __init__(self, connection: Connection) -> None:
        self.connection, self.tables = connection, sa.MetaData()
        self.tables.reflect(connection)

    def row(self, table_name: str, /, **said: Any) -> None:
        table = self.tables.tables[table_name]
        for column in table.columns:
            if not column.nullable and column.name not in said and column.server_default is None:
                is_json = isinstance(column.type, sa.JSON)
                said[column.name] = [] if is_json else FITS[column.type.python_type]
        self.connection.execute(table.insert(), said)


def config_of(url: str) -> AlembicConfig:
    """How a database of before is made: to hand to Alembic's commands."""
    config = AlembicConfig()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    config.attributes["url"] = url
    return config
