"""From the values of a leaflet to its placed pictures: each cropped to its zone, or a problem that says why not."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from PIL import Image

from leaflets.domain.press.picture import (
    MOST_ZOOM,
    PictureRefused,
    Sharpness,
    placed_ppi,
    press_ppi,
    sharpness,
    width_needed,
)
from leaflets.domain.press.printing import PressSpec, Purpose
from leaflets.domain.press.problem import Level, Problem
from leaflets.domain.template import Frame, Kind, Template, Values, Zone
from leaflets.press.colour import profile_bytes
from leaflets.press.job import PlacedPicture
from leaflets.press.picture import PROOF_PPI, Rendition, proxy_crop, rendition
from leaflets.press.pixels import open_picture

WAY_OF_MAKING = 1
"""Part of every key: raise it when the same picture, frame and profile would now give other pixels."""


_SOFTNESS = {
    Sharpness.GOOD: (
        "picture-below-best",
        Level.NOTE,
        "has {ppi:.0f} ppi at this size: enough, though {width:,} pixels across would be sharper",
    ),
    Sharpness.SOFT: (
        "picture-soft",
        Level.WARNING,
        "will look soft: {ppi:.0f} ppi at this size; a photo at least {width:,} pixels wide would be sharp",
    ),
    Sharpness.TOO_SMALL: (
        "picture-too-small",
        Level.ERROR,
        "is too small: {ppi:.0f} ppi at this size; choose one at least {width:,} pixels wide, or show more of it",
    ),
}


@dataclass(frozen=True, slots=True)
class Placed:
    """The pictures of a press job by zone key, and what is to be said about them."""

    pictures: Mapping[str, PlacedPicture] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class _Wanted:
    """A zone's picture: where it is, the name of its content, and what part matters."""

    path: Path
    content: str
    focus: tuple[float, float]
    zoom: float
    alt: str


def place_pictures(
    template: Template,
    values: Values,
    masters: Mapping[str, Path],
    *,
    purpose: Purpose,
    spec: PressSpec,
    cache: Path,
    proof_ppi: int = PROOF_PPI,
) -> Placed:
    """Crop every picture that the values name, for a proof at `proof_ppi`.

    `masters` maps the hash of an original to its master. A sample's `{"file": …}` is looked for in the template's
    folder. Crops are kept in the folder `cache` and used again: CMYK for print, sRGB for a proof. A zone without a
    picture is left out in silence, for `check_values` to judge. `Unavailable` when the disk is full.
    """
    pictures: dict[str, PlacedPicture] = {}
    problems: list[Problem] = []
    for zone in template.zones:
        value = values.get(zone.key)
        if zone.kind is not Kind.PICTURE or zone.frame is None or not value:
            continue
        wanted = _wanted(value, template, masters)
        if wanted is None:
            problems.append(_problem(zone, "picture-missing", Level.ERROR, "is not here any more; choose it again"))
            continue
        try:
            made = _cropped(wanted, zone.frame, purpose, spec, cache, proof_ppi)
        except PictureRefused as refusal:
            problems.append(
                _problem(zone, "picture-unreadable", Level.ERROR, f"cannot be read. {refusal.message} {refusal.remedy}")
            )
            continue
        pictures[zone.key] = PlacedPicture(made.path, made.width_px, made.height_px, made.ppi, wanted.alt)
        if soft := _softness(zone, zone.frame, wanted, made.ppi, spec):
            problems.append(soft)
    return Placed(pictures, tuple(problems))


def _wanted(value: Any, template: Template, masters: Mapping[str, Path]) -> _Wanted | None:
    """The picture that a zone's value names; None when it is not to be found."""
    if not isinstance(value, Mapping):
        return None
    path, content = None, str(value.get("picture") or "")
    if content:
        path = masters.get(content)
    elif file := str(value.get("file") or ""):
        path = _inside(template.folder, file)
    if path is None or not path.is_file():
        return None
    return _Wanted(
        path,
        content or _digest(path.read_bytes()),
        _focus(value.get("focus")),
        _zoom(value.get("zoom")),
        str(value.get("alt") or ""),
    )


def _inside(folder: Path, name: str) -> Path | None:
    """The file of that name in the folder; None when the name leads out of it, by `..` or by a link."""
    try:
        path = (folder / name).resolve()
    except ValueError:  # a null character
        return None
    return path if path.is_relative_to(folder.resolve()) else None


def _focus(value: Any) -> tuple[float, float]:
    match value:
        case [int() | float() as x, int() | float() as y]:
            return float(x), float(y)
    return 0.5, 0.5


def _zoom(value: Any) -> float:
    """A zoom of the wrong shape is 1, as a focus of the wrong shape is the middle; `check_values` says so."""
    return float(value) if isinstance(value, int | float) and 1 <= value <= MOST_ZOOM else 1.0


def _cropped(
    wanted: _Wanted, frame: Frame, purpose: Purpose, spec: PressSpec, cache: Path, proof_ppi: int
) -> Rendition:
    out = cache / f"{_key(wanted, frame, purpose, spec, proof_ppi)}.jpg"
    # Not there when it was not made yet; no picture when the machine crashed before it was on the disk.
    with suppress(OSError), Image.open(out) as kept, open_picture(wanted.path) as own:
        return Rendition(out, *kept.size, placed_ppi(own.width_px, own.height_px, frame, wanted.zoom))
    if purpose is Purpose.PRINT:
        return rendition(wanted.path, frame, wanted.focus, spec, out, zoom=wanted.zoom)
    return proxy_crop(wanted.path, frame, wanted.focus, spec, out, zoom=wanted.zoom, ppi=proof_ppi)


def _key(wanted: _Wanted, frame: Frame, purpose: Purpose, spec: PressSpec, proof_ppi: int) -> str:
    """The name of a crop: everything that decides its pixels, and nothing else."""
    ppi = press_ppi(spec) if purpose is Purpose.PRINT else proof_ppi
    parts = (
        WAY_OF_MAKING,
        wanted.content,
        (frame.width_mm, frame.height_mm),
        wanted.focus,
        wanted.zoom,
        purpose.value,
        ppi,
        _digest(profile_bytes(spec.profile)),
        spec.ink_limit_percent,
    )
    return _digest(json.dumps(parts).encode())


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _softness(zone: Zone, frame: Frame, wanted: _Wanted, ppi: float, spec: PressSpec) -> Problem | None:
    """An error where pixels will show, a warning where it will look soft, a note below what the press can show."""
    best = press_ppi(spec)
    least = min(max(zone.min_ppi, spec.min_ppi), best)
    if round(ppi) >= best:
        return None
    sharp = sharpness(ppi, least)
    aim = best if sharp is Sharpness.GOOD else least
    with open_picture(wanted.path) as own:
        width = width_needed(own.width_px, own.height_px, frame, aim, wanted.zoom)
    code, level, what = _SOFTNESS[sharp]
    return _problem(zone, code, level, what.format(ppi=ppi, width=width))


def _problem(zone: Zone, code: str, level: Level, what: str) -> Problem:
    return Problem(code, level, f"{zone.label}: the photo {what.rstrip('.')}.", zone=zone.key)
