"""`leaflets preflight`: whether a printer would take this PDF."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from leaflets.domain.errors import Invalid
from leaflets.domain.press.geometry import BLEED_MM
from leaflets.domain.press.printing import Standard
from leaflets.domain.press.problem import Level, Problem

if TYPE_CHECKING:
    from leaflets.press.preflight import Expectation

_COLOURS = {Level.ERROR: "red", Level.WARNING: "yellow", Level.NOTE: "blue"}


class Size(click.ParamType[tuple[float, float]]):
    """Width × height in millimetres, as people write it: 210x148."""

    name = "WxH"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, float]:
        """Both lengths, each over 10 mm and under 5 m."""
        found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*[x×]\s*(\d+(?:\.\d+)?)(?:\s*mm)?", str(value).strip())
        if found is None or not all(10 <= float(side) <= 5000 for side in found.groups()):
            self.fail(f"“{value}” is no size in millimetres: write it like 210x148.", param, ctx)
        return float(found[1]), float(found[2])


class Folds(click.ParamType[tuple[float, ...]]):
    """Where one page is folded, in millimetres from its left edge: 97,197."""

    name = "MM,MM…"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[float, ...]:
        """Each fold's distance from the left trim; “-” for a page without folds."""
        parts = [part for part in str(value).split(",") if part.strip() not in ("", "-")]
        if not all(re.fullmatch(r"\s*\d+(\.\d+)?\s*", part) for part in parts):
            self.fail(f"“{value}” is no list of folds in millimetres: write it like 97,197.", param, ctx)
        return tuple(float(part) for part in parts)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--trim", type=Size(), help="Finished size, such as 210x148.")
@click.option(
    "--bleed", default=BLEED_MM, show_default=True, type=click.FloatRange(0, 50), help="Bleed in millimetres."
)
@click.option("--profile", type=click.Choice([standard.value for standard in Standard]), help="The PDF/X asked for.")
@click.option("--pages", type=click.IntRange(1, 400), help="How many pages there must be.")
@click.option(
    "--folds", multiple=True, type=Folds(), help="Folds of a page, from its left edge. Once for each page, in order."
)
@click.option(
    "--ink", default=300, show_default=True, type=click.IntRange(100, 400), help="Most ink the paper takes, in percent."
)
@click.option("--ppi", default=200, show_default=True, type=click.IntRange(1, 2400), help="Least pixels an inch.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead.")
def preflight(
    file: Path,
    trim: tuple[float, float] | None,
    bleed: float,
    profile: str | None,
    pages: int | None,
    folds: tuple[tuple[float, ...], ...],
    ink: int,
    ppi: int,
    as_json: bool,
) -> None:
    """Judge any PDF as a printer would, and say what to do about each problem.

    Ends with 0 when nothing stops the press (warnings allowed), 1 when something does, 2 when FILE cannot be read.
    """
    from leaflets.press.preflight import Expectation

    expect = Expectation(
        trim_mm=trim,
        bleed_mm=bleed,
        standard=Standard(profile) if profile else None,
        pages=pages,
        folds_mm=folds,
        ink_limit_percent=ink,
        min_ppi=ppi,
    )
    try:
        count, problems = _judge(file, expect)
    except Invalid as error:
        if not as_json:
            raise
        click.echo(json.dumps({"file": str(file), "pages": 0, "error": error.code, "message": str(error)}))
        raise click.exceptions.Exit(2) from error
    click.echo(_as_json(file, count, problems) if as_json else _as_text(file, count, problems))
    raise click.exceptions.Exit(1 if any(problem.level is Level.ERROR for problem in problems) else 0)


def _judge(file: Path, expect: Expectation) -> tuple[int, list[Problem]]:
    """The number of pages and the problems. Raises Unreadable."""
    from leaflets.press.preflight import Unreadable, page_count
    from leaflets.press.preflight import preflight as judge

    try:
        pdf = file.read_bytes()
    except OSError as error:
        raise Unreadable(f"{file} cannot be read: {(error.strerror or 'no reason given').lower()}.") from error
    return page_count(pdf), judge(pdf, expect)


def _as_json(file: Path, pages: int, problems: Sequence[Problem]) -> str:
    return json.dumps(
        {
            "file": str(file),
            "pages": pages,
            "problems": [asdict(problem) for problem in problems],
            "ink_method": "estimated" if any(problem.code == "ink-estimated" for problem in problems) else "rendered",
        },
        ensure_ascii=False,
    )


def _as_text(file: Path, pages: int, problems: Sequence[Problem]) -> str:
    head = f"{file}: {pages} page{'' if pages == 1 else 's'}, {_counted(problems)}"
    return "\n".join([click.style(head, bold=True), *(_line(problem) for problem in problems)])


def _line(problem: Problem) -> str:
    level = click.style(f"{problem.level.value:<7}", fg=_COLOURS[problem.level])
    where = f"page {problem.page}" if problem.page else "file"
    place = f"{problem.place.x_mm:.0f}, {problem.place.y_mm:.0f} mm" if problem.place else ""
    return f"  {level}  {where:<7} {place:<12}  {problem.message}  {click.style(f'[{problem.code}]', dim=True)}"


def _counted(problems: Sequence[Problem]) -> str:
    counts = Counter(problem.level for problem in problems)
    told = [f"{counts[level]} {level.value}{'' if counts[level] == 1 else 's'}" for level in Level if counts[level]]
    return ", ".join(told) if told else "nothing to remark: ready to print"
