"""What goes into the press and what comes out: values only, no database, no request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from leaflets.domain.press.printing import ElectionDetails, Imprint, PressSpec, Purpose
from leaflets.domain.press.problem import Problem
from leaflets.domain.press.proof import ZonePlace, ZoneRoom
from leaflets.domain.template import Kit, Template, Values


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture cropped to its zone's frame and ready to place: a CMYK JPEG for print, an sRGB proxy for a proof.

    `ppi` is the resolution of the original at placed size, before any downsampling.
    """

    path: Path
    width_px: int
    height_px: int
    ppi: float
    alt: str


@dataclass(frozen=True, slots=True)
class ContentName:
    """Which content a file prints, as the file itself says it: its hash, and the number of the approval it has."""

    content_hash: str
    approval: int | None = None


@dataclass(frozen=True, slots=True)
class PressJob:
    """Everything one render needs. `pictures` is by zone key; a picture zone without one is empty."""

    template: Template
    kit: Kit
    values: Values
    imprint: Imprint
    election: ElectionDetails
    purpose: Purpose
    spec: PressSpec = field(default_factory=PressSpec)
    pictures: Mapping[str, PlacedPicture] = field(default_factory=dict)
    job_name: str = ""
    content: ContentName | None = None


@dataclass(frozen=True, slots=True)
class Inputs:
    """A press job whose pictures are not placed yet. `masters` maps the hash of an original to its master."""

    job: PressJob
    masters: Mapping[str, Path] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Copyfit:
    """The zones of one group were set smaller than designed so that the words fit."""

    group: str
    zones: tuple[str, ...]
    from_pt: float
    set_pt: float


@dataclass(frozen=True, slots=True)
class PageImage:
    """One side of the leaflet as a WebP image, cut at its trim, or at its bleed.

    `pixels` is the SHA-256 of what is on it. Where whoever asked has an image of these very pixels, `kept` names it
    and `webp` is empty.
    """

    webp: bytes
    width_px: int
    height_px: int
    pixels: str = ""
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Printed:
    """A finished PDF and what was found on the way. `problems` holds overset, copyfit notes and preflight.

    `images` shows the sides of the finished file itself; a file with errors, which nobody will send, has none.
    """

    pdf: bytes
    pages: int
    copyfit: tuple[Copyfit, ...]
    problems: tuple[Problem, ...]
    seconds: float
    images: tuple[PageImage, ...] = ()


@dataclass(frozen=True, slots=True)
class ProofPages:
    """A proof for the screen, and everything that would keep these words from printing or should be looked at.

    `places` says where each zone stands, `rooms` how much more fits into it.
    """

    pages: tuple[PageImage, ...]
    copyfit: tuple[Copyfit, ...]
    problems: tuple[Problem, ...]
    seconds: float
    places: tuple[ZonePlace, ...] = ()
    rooms: tuple[ZoneRoom, ...] = ()
