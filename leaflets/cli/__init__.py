"""The command line: every job of the system can be done and inspected from here."""

from __future__ import annotations

from typing import Any

import click

from leaflets.cli.audit import audit
from leaflets.cli.bench import bench
from leaflets.cli.certificate import certificate
from leaflets.cli.demo import demo
from leaflets.cli.durations import duration
from leaflets.cli.library import library
from leaflets.cli.migrate import migrate
from leaflets.cli.polls import dispatch, election
from leaflets.cli.preflight import preflight
from leaflets.cli.queue import queue
from leaflets.cli.render import render
from leaflets.cli.setting_up import campaign, office, organisation, person, printer
from leaflets.cli.simulate import simulate
from leaflets.cli.timetable import timetable
from leaflets.cli.tree import tree
from leaflets.cli.up import up
from leaflets.cli.welcome import welcome
from leaflets.cli.worker import worker
from leaflets.domain.errors import LeafletsError


class _PlainSpoken(click.Group):
    """A group whose commands end with one clear line, and exit code 2, when something is wrong."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except LeafletsError as error:
            said = str(error)
        except OSError as error:
            said = f"{error.filename}: {error.strerror}." if error.filename else f"{error}."
        click.echo(f"leaflets: {said}", err=True)
        raise click.exceptions.Exit(2)


@click.group(cls=_PlainSpoken, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Election leaflets and freepost addresses, from a tested template to a PDF that a printer accepts."""


# Each command lives in a module of its own and is added here by one line. The modules import what is slow or large
# (WeasyPrint, SQLAlchemy, Flask) inside the command, so that --help answers at once.
main.add_command(audit)
main.add_command(bench)
main.add_command(campaign)
main.add_command(certificate)
main.add_command(demo)
main.add_command(dispatch)
main.add_command(duration)
main.add_command(election)
main.add_command(library)
main.add_command(migrate)
main.add_command(office)
main.add_command(organisation)
main.add_command(person)
main.add_command(preflight)
main.add_command(printer)
main.add_command(queue)
main.add_command(render)
main.add_command(simulate)
main.add_command(timetable)
main.add_command(tree)
main.add_command(up)
main.add_command(welcome)
main.add_command(worker)
