"""One render, whole: pictures placed, then the press. Values and paths in, values out; what an isolated child runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from leaflets.domain.press.problem import Problem, has_errors
from leaflets.domain.press.proof import Look
from leaflets.domain.press.schedule import Stage
from leaflets.press.job import Inputs, PressJob, Printed, ProofPages
from leaflets.press.picture import PROOF_PPI
from leaflets.press.placing import place_pictures
from leaflets.press.proof import page_images
from leaflets.press.run import print_leaflet, proof_pages

PRINT_PPI = 96
"""One pixel for each CSS pixel: enough to know a finished file again, and quickly drawn."""

_NO_PICTURE = ("picture-missing", "picture-unreadable")


def _silent(_stage: Stage) -> None:
    """Nobody waits."""


def render_print(inputs: Inputs, cache: Path, now: datetime, enter: Callable[[Stage], None] = _silent) -> Printed:
    """The finished PDF, judged."""
    enter(Stage.PICTURES)
    job, problems = _placed(inputs, cache)
    printed = print_leaflet(job, now=now, enter=enter)
    return replace(printed, problems=_each_once([*problems, *printed.problems]))


def render_order(inputs: Inputs, cache: Path, now: datetime, enter: Callable[[Stage], None] = _silent) -> Printed:
    """The finished PDF of an order and, when nothing stops it, what it looks like."""
    printed = render_print(inputs, cache, now, enter)
    if has_errors(printed.problems):
        return printed
    images = page_images(printed.pdf, sides=inputs.job.template.format.sides, ppi=PRINT_PPI)
    return replace(printed, images=images)


def render_proof(
    inputs: Inputs,
    cache: Path,
    enter: Callable[[Stage], None] = _silent,
    *,
    look: Look = Look.SCREEN,
    ppi: float | None = None,
    kept: Mapping[str, str] | None = None,
) -> ProofPages:
    """The page images of a proof: as `look` says, at another `ppi` where one is given.

    `kept` maps the hash of a page's pixels to an image of them that need not be made again.
    """
    enter(Stage.PICTURES)
    job, problems = _placed(inputs, cache, max(PROOF_PPI, look.ppi))
    enter(Stage.TYPESETTING)
    pages = proof_pages(job, ppi=ppi or look.ppi, bleed=look.has_bleed, kept=kept)
    return replace(pages, problems=_each_once([*problems, *pages.problems]))


def _placed(inputs: Inputs, cache: Path, proof_ppi: int = PROOF_PPI) -> tuple[PressJob, tuple[Problem, ...]]:
    job = inputs.job
    placed = place_pictures(
        job.template,
        job.values,
        inputs.masters,
        purpose=job.purpose,
        spec=job.spec,
        cache=cache,
        proof_ppi=proof_ppi,
    )
    return replace(job, pictures=placed.pictures), placed.problems


def _each_once(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    """A picture that could not be placed is missed by the press as well: the first remark says why and is enough."""
    kept: dict[object, Problem] = {}
    for problem in problems:
        kept.setdefault(("picture", problem.zone) if problem.code in _NO_PICTURE else problem, problem)
    return tuple(kept.values())
