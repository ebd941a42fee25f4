"""The press from end to end: values in, a finished PDF or page images out, with everything that was found."""

from __future__ import annotations

import gc
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from leaflets.domain.press.printing import Purpose
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.press.schedule import Stage
from leaflets.domain.template import Kind, Template
from leaflets.domain.words.values import check_values, without_guesses
from leaflets.press import html
from leaflets.press.colour import warm
from leaflets.press.copyfit import Fitted, copyfit_notes, fit, smallest_sizes
from leaflets.press.finish import finish
from leaflets.press.job import PressJob, Printed, ProofPages
from leaflets.press.overset import characters_of, lost_problems, overlap_problems, overset_problems, type_problems
from leaflets.press.preflight import Expectation, preflight
from leaflets.press.proof import page_images
from leaflets.press.room import rooms
from leaflets.press.typeset import Typesetter, warm_page
from leaflets.typefaces import families

_UNREADABLE = re.compile(r"Failed to (?:load image at|render SVG image) '?(?:asset:([a-z0-9-]+))?")


def preload() -> None:
    """Load what every render needs, once in a worker before it forks: fonts, their characters, the press profile.

    A page in every face is set and drawn: what a first page costs more than the next is spent here. What is there
    then is no rubbish to look through: a child that did would copy all of it.
    """
    page_images(warm_page(), sides=1, ppi=96)
    html.warm_up()
    for family in families():
        characters_of(family)
    warm()
    gc.collect()
    gc.freeze()


def _silent(_stage: Stage) -> None:
    """Nobody waits."""


def print_leaflet(job: PressJob, *, now: datetime, enter: Callable[[Stage], None] = _silent) -> Printed:
    """A finished, judged PDF of the job. `enter` is told each stage as it begins.

    A PDF comes back even when `problems` holds errors, so that people can look at it; whoever orders it checks
    `has_errors`. Raises `Invalid` when the template itself cannot be set.
    """
    started = time.perf_counter()
    job = replace(job, purpose=Purpose.PRINT)
    enter(Stage.TYPESETTING)
    set_ = _set(job)
    enter(Stage.FINISHING)
    title = job.job_name or job.template.title
    pdf = finish(
        set_.pdf, job.template.format, job.spec, title=title, job_name=job.job_name, now=now, content=job.content
    )
    enter(Stage.CHECKING)
    problems = (*set_.problems, *preflight(pdf, Expectation.of(job.template.format, job.spec, job.content)))
    return Printed(pdf, set_.fitted.layout.pages, set_.fitted.copyfit, problems, time.perf_counter() - started)


def proof_pages(job: PressJob, *, ppi: float, bleed: bool = False, kept: Mapping[str, str] | None = None) -> ProofPages:
    """Images of the job's pages at `ppi` pixels an inch of paper, in screen colours, and what stands where on them.

    `kept` is as in `page_images`. Raises `Invalid` when the template itself cannot be set.
    """
    started = time.perf_counter()
    job = replace(job, purpose=Purpose.PROOF)
    set_ = _set(job)
    fitted, sides = set_.fitted, job.template.format.sides
    with ThreadPoolExecutor(1) as pool:  # while the pages are drawn, the room in them is measured
        images = pool.submit(page_images, set_.pdf, sides=sides, ppi=ppi, bleed=bleed, kept=kept or {})
        least = smallest_sizes(job.template)
        room = rooms(job.template, fitted, set_.typesetter.lay_out(least) if least else fitted.layout)
        return ProofPages(
            images.result(),
            fitted.copyfit,
            tuple(set_.problems),
            time.perf_counter() - started,
            fitted.layout.places,
            room,
        )


@dataclass(frozen=True, slots=True)
class _Set:
    """A job that was set: its raw PDF, how it was copyfitted, and what is wrong with its values, pictures and type."""

    typesetter: Typesetter
    pdf: bytes
    fitted: Fitted
    problems: list[Problem]


def _set(job: PressJob) -> _Set:
    of_words = without_guesses(job.template, check_values(job.template, job.values))
    problems = [*of_words, *_picture_problems(job), *_imprint_problems(job)]
    unreadable = {problem.zone for problem in problems if problem.code == "picture-unreadable"}
    job = replace(job, pictures={key: placed for key, placed in job.pictures.items() if key not in unreadable})
    typesetter = Typesetter(job, html.page(job))
    fitted = fit(job.template, typesetter.lay_out)
    pdf = typesetter.pdf(fitted.layout)
    problems += copyfit_notes(job.template, fitted.copyfit)
    problems += overset_problems(job.template, fitted.oversets)
    problems += overlap_problems(job.template, fitted.layout, fitted.oversets)
    problems += lost_problems(job.template, fitted.layout)
    problems += type_problems(job.template, fitted.layout)
    problems += _page_problems(job.template, fitted.layout.pages)
    problems += (_remark_problem(job.template, remark) for remark in typesetter.remarks)
    return _Set(typesetter, pdf, fitted, problems)


def _remark_problem(template: Template, remark: str) -> Problem:
    """What WeasyPrint only logs: a picture that it could not read is an error, a style that it ignored a warning."""
    if unreadable := _UNREADABLE.match(remark):
        what = "the picture" if unreadable[1] else "a drawing of the template"
        return Problem(
            "picture-unreadable",
            Level.ERROR,
            f"{template.ref}: {what} cannot be read; send it again.",
            zone=unreadable[1],
        )
    return Problem("template-remark", Level.WARNING, f"{template.ref} holds what the press cannot set: {remark}")


def _picture_problems(job: PressJob) -> Iterator[Problem]:
    """A picture that was chosen and cannot be placed is an error, never a gap."""
    for zone in job.template.zones:
        if zone.kind is not Kind.PICTURE:
            continue
        placed = job.pictures.get(zone.key)
        if placed is None and job.values.get(zone.key):
            yield Problem(
                "picture-missing",
                Level.ERROR,
                f"{zone.label}: the picture that was chosen is not ready or has been lost; choose it again.",
                zone=zone.key,
            )
        elif placed is not None and not _is_jpeg(placed.path):
            yield Problem(
                "picture-unreadable",
                Level.ERROR,
                f"{zone.label}: the picture cannot be read; send it again.",
                zone=zone.key,
            )


def _is_jpeg(path: Path) -> bool:
    """Whether it is a whole JPEG: a header that opens, and an end (ITU-T T.81, B.1.1.3: SOI and EOI)."""
    try:
        with path.open("rb") as file:
            if file.read(2) != b"\xff\xd8":
                return False
            file.seek(-min(64, path.stat().st_size), os.SEEK_END)
            if b"\xff\xd9" not in file.read():
                return False
        with Image.open(path) as picture:
            return picture.format == "JPEG"
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError):
        return False


def _imprint_problems(job: PressJob) -> Iterator[Problem]:
    zone = next((zone for zone in job.template.zones if zone.kind is Kind.IMPRINT), None)
    if zone is not None and job.purpose is Purpose.PRINT and not job.imprint.complete:
        yield Problem(
            "imprint-incomplete",
            Level.ERROR,
            "The imprint must name the printer, the promoter and the candidate, each with an address; "
            "choose a printer and check the campaign's details.",
            zone=zone.key,
        )


def _page_problems(template: Template, pages: int) -> Iterator[Problem]:
    """The PDF has as many pages as the sheet has sides, or something ran over."""
    sides = template.format.sides
    if pages > sides:
        yield Problem(
            "extra-page",
            Level.ERROR,
            f"The words run on to page {pages} of a sheet with {sides} sides; shorten them.",
            page=sides + 1,
        )
    elif pages < sides:
        yield Problem(
            "missing-page",
            Level.ERROR,
            f"{template.ref} makes {pages} of {sides} sides; tell its designer.",
        )
