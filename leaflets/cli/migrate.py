"""`leaflets migrate`: the database gets the tables of this release."""

from __future__ import annotations

import click

from leaflets.config import Config
from leaflets.domain.errors import Unavailable


@click.command()
def migrate() -> None:
    """Create the database's tables, or bring them up to date. Safe to run again."""
    bring_up_to_date(Config.from_env())
    click.echo("The database is up to date.")


def bring_up_to_date(config: Config) -> None:
    """Migrate the database of `config`; `Unavailable` when it does not answer."""
    from sqlalchemy.engine import make_url
    from sqlalchemy.exc import OperationalError

    from leaflets.storage.migrations import migrate as upgrade

    try:
        upgrade(config.database_url)
    except OperationalError as error:
        shown = make_url(config.database_url).render_as_string(hide_password=True)
        reason = str(error.orig).strip().partition("\n")[0]
        raise Unavailable(
            f"The database {shown} does not answer: {reason}.", "Check LEAFLETS_DATABASE_URL, and that it is running."
        ) from error
