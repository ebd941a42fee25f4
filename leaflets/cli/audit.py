"""`leaflets audit`: whether the record of changes is what it was, and what happened to a thing."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaflets.cli.setting_up import database

if TYPE_CHECKING:
    from leaflets.services.audit_check import Verdict


@click.group()
def audit() -> None:
    """The record of changes: who changed what, from what, to what, and when."""


@audit.command()
@click.option(
    "--certificate",
    "certificates",
    multiple=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="A certificate that somebody took along: the record must still bear it out. May be given several times.",
)
def verify(certificates: tuple[Path, ...]) -> None:
    """Is the record what it was? Names the first row that was altered, removed, inserted or reordered.

    Every row is hashed again. Then the record is held against the heads that were noted outside the database, which
    finds an end that was cut off, and a chain that was made anew as a whole. Ends with 1 when anything is wrong.
    """
    from leaflets.cli.certificate import anchor_of
    from leaflets.services import audit_check

    with database() as (config, session):
        more = [anchor_of(path) for path in certificates]
        verdict = audit_check.verify(session, data_folder=config.data_folder, more=more)
    for line in _in_words(verdict):
        click.echo(line)
    if not verdict.whole:
        raise click.exceptions.Exit(1)


@audit.command()
@click.argument("subject")
@click.argument("subject_id", type=int, metavar="NUMBER")
def show(subject: str, subject_id: int) -> None:
    """What happened to a thing, oldest first: `leaflets audit show leaflet 12`, `… print 3`, `… node 4`."""
    from leaflets.services import audit

    with database() as (_, session):
        rows = audit.history(session, subject=subject, subject_id=subject_id)
    for row in rows:
        change = " → ".join(words for words in (row.was, row.became) if words)
        click.echo(f"{row.id:>8}  {row.at.astimezone(UTC):%Y-%m-%d %H:%M:%S}  {row.who}: {row.what}  {change}".rstrip())
    if not rows:
        click.echo(f"Nothing is noted about {subject} {subject_id}.")


def _in_words(verdict: Verdict) -> list[str]:
    said = []
    if verdict.broken:
        said.append(verdict.broken.words)
    if verdict.anchors_wrong:
        said.append(verdict.anchors_wrong)
    if verdict.whole:
        said.append(f"The record is whole: {verdict.rows:,} rows, each follows the one before.")
    if not verdict.broken:
        said.append(_witnesses(verdict))
    return said


def _witnesses(verdict: Verdict) -> str:
    witness = verdict.witnessed
    if witness is None:
        return (
            "Not checked: whether its end was cut off or all of it made anew. No head of it was ever noted outside the "
            "database; a worker notes one every few minutes."
        )
    after = verdict.last.id - witness.head.id
    when = f"{witness.at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    said = (
        f"{verdict.anchors:,} noted heads and {verdict.certificates:,} certificates bear it out, "
        f"up to row {witness.head.id} on {when}."
    )
    return f"{said} Nobody but the chain itself vouches for the {after:,} rows after that." if after > 0 else said
