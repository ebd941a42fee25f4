"""`leaflets render`: one leaflet from the library as a print-ready PDF, without the site."""

from __future__ import annotations

import json
import tempfile
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import click

from leaflets.domain.errors import Invalid, Unavailable
from leaflets.domain.press.printing import PressSpec, Purpose, Standard
from leaflets.domain.press.problem import has_errors
from leaflets.domain.template import Kind, Template, Values


@click.command()
@click.argument("ref", metavar="NAME[@VERSION]")
@click.option("--values", "values_file", type=click.Path(path_type=Path), help="Zone values, TOML or JSON.")
@click.option("--brand", metavar="KIT", help="The brand kit; the first of the library if none is given.")
@click.option(
    "--profile",
    type=click.Choice([standard.value for standard in Standard]),
    default=Standard.X4.value,
    show_default=True,
    help="The PDF/X that the printer asks for.",
)
@click.option("--marks", is_flag=True, help="With a slug outside the bleed: crop marks, fold marks, colour bar.")
@click.option("--out", required=True, type=click.Path(path_type=Path, dir_okay=False), help="Where the PDF goes.")
@click.option("--library", "folder", type=click.Path(path_type=Path), help="Another library folder.")
def render(
    ref: str, values_file: Path | None, brand: str | None, profile: str, marks: bool, out: Path, folder: Path | None
) -> None:
    """Render a template of the library, with its sample unless --values are given.

    The values are those of the form: a headline is text, rich text is light markup (**bold**, *italic*, - list), a
    picture is {file, focus, alt} with its file beside the values' file. Prints one JSON line: pages, seconds,
    copyfit, problems. Ends with 0; with 1 when a problem would stop the press (the PDF is written all the same, to
    look at); with 2 when nothing could be rendered.
    """
    from leaflets.catalogue import load_library
    from leaflets.config import ROOT
    from leaflets.press.isolate import run_isolated
    from leaflets.press.job import Inputs
    from leaflets.press.render import render_print
    from leaflets.press.sample import sample_inputs

    library = load_library(folder or ROOT / "library", drafts=True)
    template = library.template(ref)
    kit = library.kit(brand) if brand else library.kits[0]
    spec = PressSpec(standard=Standard(profile), marks=marks)
    inputs = sample_inputs(template, kit, Purpose.PRINT, spec)
    with tempfile.TemporaryDirectory(prefix="leaflets-render-") as room:
        if values_file:
            values, masters = _read(values_file, template, Path(room))
            inputs = Inputs(replace(inputs.job, values=values), masters)
        printed = run_isolated(render_print, inputs, Path(room), datetime.now(UTC))
    try:
        out.write_bytes(printed.pdf)
    except OSError as error:
        raise Unavailable(f"{out} cannot be written: {error.strerror}.", "Name another place.") from error
    click.echo(
        json.dumps(
            {
                "file": str(out),
                "pages": printed.pages,
                "seconds": round(printed.seconds, 3),
                "copyfit": [asdict(fitted) for fitted in printed.copyfit],
                "problems": [asdict(problem) for problem in printed.problems],
            },
            ensure_ascii=False,
        )
    )
    if has_errors(printed.problems):
        raise click.exceptions.Exit(1)


def _read(file: Path, template: Template, room: Path) -> tuple[Values, dict[str, Path]]:
    """The values of a file, and the masters of its pictures by hash. Raises `Invalid` with the file's name."""
    from leaflets import richtext
    from leaflets.domain.words.values import clean_values

    written = _table(file)
    known = {zone.key: zone for zone in template.zones}
    masters: dict[str, Path] = {}
    for key, value in written.items():
        if key not in known:
            continue
        if known[key].kind is Kind.RICH and isinstance(value, str):
            written[key] = richtext.from_markup(value)
        elif known[key].kind is Kind.PICTURE and isinstance(value, Mapping) and value.get("file"):
            written[key] = _picture(file.parent / str(value["file"]), value, masters, room)
    return clean_values(template, written), masters


def _table(file: Path) -> dict[str, Any]:
    """The zone values of a TOML or JSON file: the whole of it, or its table `values` as in a sample.toml."""
    try:
        text = file.read_text(encoding="utf-8")
        table = json.loads(text) if file.suffix.lower() == ".json" else tomllib.loads(text)
    except OSError as error:
        raise Invalid(f"{file} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    except ValueError as error:  # of JSON, of TOML and of UTF-8
        raise Invalid(f"{file} is not the TOML or JSON that its name says: {error}.", "Correct the file.") from error
    if isinstance(table, dict) and isinstance(table.get("values"), dict):
        table = table["values"]
    if not isinstance(table, dict):
        raise Invalid(f"{file} holds no table of zones.", "Give one value for each zone, by its key.")
    return table


def _picture(file: Path, value: Mapping[str, Any], masters: dict[str, Path], room: Path) -> dict[str, Any]:
    """The value of a picture zone for a photo on this machine: judged and cleaned as an upload is."""
    from leaflets import intake
    from leaflets.press.isolate import run_isolated
    from leaflets.press.picture import normalise

    try:
        content = sha256(file.read_bytes()).hexdigest()
        intake.inspect(file, filename=file.name)
    except OSError as error:
        raise Invalid(f"The picture {file} cannot be read: {error.strerror}.", "Check the name of the file.") from error
    masters[content] = run_isolated(normalise, file, room / content).master
    return {"picture": content, "focus": value.get("focus", [0.5, 0.5]), "alt": value.get("alt", "")}
