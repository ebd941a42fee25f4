"""`leaflets library`: checking the templates and kits, and drawing their thumbnails."""

from __future__ import annotations

import itertools
import tempfile
from datetime import UTC, datetime
from pathlib import Path

import click


@click.group()
def library() -> None:
    """The leaflet templates and brand kits."""


@library.command()
@click.argument("name", required=False)
@click.option("--library", "folder", type=click.Path(path_type=Path), help="Another library folder.")
def check(name: str | None, folder: Path | None) -> None:
    """Check the whole library, or one template: its manifest, its design, and its sample through the real press.

    Ends with 0 when all is well, 1 when a sample does not print, 2 when a manifest is wrong.
    """
    from leaflets.catalogue import load_library
    from leaflets.config import ROOT
    from leaflets.domain.press.printing import Purpose
    from leaflets.domain.press.problem import Level
    from leaflets.press.isolate import run_isolated
    from leaflets.press.render import render_print
    from leaflets.press.run import preload
    from leaflets.press.sample import sample_inputs

    preload()  # once, not in every child
    found = load_library(folder or ROOT / "library")
    templates = [found.template(name)] if name else found.versions
    wrong = 0
    with tempfile.TemporaryDirectory(prefix="leaflets-check-") as room:
        for template, kit in itertools.product(templates, found.kits):
            inputs = sample_inputs(template, kit, Purpose.PRINT)
            printed = run_isolated(render_print, inputs, Path(room), datetime.now(UTC))
            problems = [problem for problem in printed.problems if problem.level is not Level.NOTE]
            wrong += any(problem.level is Level.ERROR for problem in problems)
            click.echo(f"{template.ref} in {kit.key}: {'good' if not problems else f'{len(problems)} to look at'}")
            for problem in problems:
                click.echo(f"  {problem.level}: {problem.message} ({problem.code})")
    if wrong:
        raise click.exceptions.Exit(1)


@library.command()
@click.argument("name", required=False)
def pictures(name: str | None) -> None:
    """Draw the pictures by which the library shows every template, or one: its cover and its sides in each kit."""
    from leaflets.catalogue import load_library
    from leaflets.config import ROOT
    from leaflets.press.showcase import showcase

    found = load_library(ROOT / "library", drafts=True)
    templates = [found.template(name)] if name else found.versions
    with tempfile.TemporaryDirectory(prefix="leaflets-pictures-") as room:
        for template in templates:
            kit = found.kits[found.versions.index(template) % len(found.kits)]
            for picture in showcase(template, kit, found.kits, Path(room)):
                out = template.folder / picture.name
                out.parent.mkdir(exist_ok=True)
                out.write_bytes(picture.content)
                click.echo(f"{template.ref}: {picture.name}, {len(picture.content) // 1000} kB")
