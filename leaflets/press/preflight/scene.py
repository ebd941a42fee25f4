"""What a page shows, as a flat list in painting order: the one result of reading its content that checks judge."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import NamedTuple

from leaflets.press.preflight.fonts import Font
from leaflets.press.preflight.geometry import Box
from leaflets.press.preflight.spaces import Inks, Space


class Kind(StrEnum):
    """What kind of thing was painted."""

    AREA = "area"
    LINE = "line"
    TEXT = "text"
    PICTURE = "picture"
    GRADIENT = "gradient"


@dataclass(frozen=True, slots=True)
class Picture:
    """An image as the file holds it. `identity` tells two images apart. `stencil` is true for an image mask."""

    identity: tuple[int, ...]
    width_px: int
    height_px: int
    bits: int
    stencil: bool = False


class Mark(NamedTuple):
    """One thing painted, in points of default user space, cut to the clip's box.

    `inks` is None when they cannot be told (pictures, RGB). `size` is the type size of text, the width of a
    line, the smaller side of an upright rectangle, and 0 otherwise. `ppi` is across and down, for pictures.
    `inner` marks are parts of a pattern, a drawn glyph or a soft mask: their box is that of the whole, and
    rules of position do not apply. `knocks_out` is false when the mark overprints; `sparing` is true when
    overprinting spares the inks it has none of (OPM 1, DeviceCMYK). `solid` is false for what one can
    see through.
    """

    kind: Kind
    box: Box
    space: Space
    inks: Inks | None
    size: float = 0.0
    ppi: tuple[float, float] = (0.0, 0.0)
    picture: Picture | None = None
    knocks_out: bool = True
    sparing: bool = False
    solid: bool = True
    inner: bool = False


class Sighting(NamedTuple):
    """Something met on the way that is no mark: `code` is that of the check it belongs to, `what` the detail."""

    code: str
    box: Box | None
    what: str = ""


@dataclass(slots=True)
class Scene:
    """Everything a page paints, the fonts that show on it, and what was met on the way."""

    marks: list[Mark] = field(default_factory=list)
    sightings: list[Sighting] = field(default_factory=list)
    fonts: dict[int, Font] = field(default_factory=dict)
