"""The trees of places: what is wrong in them, and the constituencies that they lack."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from leaflets.cli.setting_up import ACTOR, database
from leaflets.domain.organisation.tree import Place


@click.group()
def tree() -> None:
    """The trees of places that organisations hang their campaigns on."""


@tree.command()
@click.option("--mend", is_flag=True, help="Write anew the paths and nations that follow from what stands above.")
def check(mend: bool) -> None:
    """Say what is wrong in the trees of all organisations: loops, orphans, paths, nations. The exit code is then 1."""
    from leaflets.services.organisation import tree_check

    with database() as (_, session):
        if mend and (mended := tree_check.mend(session, actor=ACTOR, now=datetime.now(UTC))):
            click.echo(f"Mended: {mended}.")
        found = tree_check.faults(session)
    for fault in found:
        click.echo(f"{fault.words} {fault.remedy}")
    if found:
        click.echo(f"Wrong: {len(found)}.", err=True)
        raise click.exceptions.Exit(1)
    click.echo("Every place hangs where it should.")


@tree.command()
@click.option("--organisation", required=True, help="Its name.")
def seats(organisation: str) -> None:
    """Add the 650 constituencies that an organisation's tree lacks, below their nations. Twice adds nothing twice."""
    from leaflets.services.organisation import seats as constituencies
    from leaflets.services.organisation import tree as places

    with database() as (_, session):
        root = places.find(session, organisation=organisation, place=Place())
        added = constituencies.add_all_missing(session, actor=ACTOR, now=datetime.now(UTC), organisation=root)
    for nation, count in added.items():
        click.echo(f"{nation.label}: {count} added.")
