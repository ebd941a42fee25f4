"""What we ask of a photograph, how a refusal reads, and the geometry of a crop.

The web process (`leaflets.intake`) and the worker (`leaflets.press.picture`) judge a picture by the same limits and
refuse it in the same words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from enum import StrEnum

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec
from leaflets.domain.template import Frame

MEGABYTE = 1_000_000
MEGAPIXEL = 1_000_000
MM_PER_INCH = 25.4

FORMATS_WE_TAKE = "JPEG, PNG, WebP, HEIC or TIFF"
NEWSPRINT_INK_LIMIT_PERCENT = 240
SHEETFED_PPI = 300
NEWSPRINT_PPI = 150
TOO_SMALL_SHARE = 2 / 3
MOST_ZOOM = 8.0
"""At this zoom a photo of twelve megapixels has 60 ppi across an A4 page: closer up, nothing is left to print."""


@dataclass(frozen=True, slots=True)
class PictureLimits:
    """The largest and smallest picture we take. `max_side_px` stays below what JPEG can hold (65,535)."""

    max_bytes: int = 60 * MEGABYTE
    max_pixels: int = 120 * MEGAPIXEL
    max_side_px: int = 40_000
    min_side_px: int = 200

    @classmethod
    def allowing(cls, *, megabytes: int, megapixels: int) -> PictureLimits:
        """The limits of an installation, from its settings; both are decimal, as cameras and refusals count."""
        return cls(max_bytes=megabytes * MEGABYTE, max_pixels=megapixels * MEGAPIXEL)


@dataclass(frozen=True, slots=True)
class PictureHeader:
    """What a file's own header says of the picture in it, before anybody decodes it.

    `format` is JPEG, PNG, WEBP, HEIF or TIFF. `mode` is in Pillow's words (L, RGB, CMYK, …, with ;16 for sixteen
    bits). Width and height are those of the stored pixels: orientation is not applied yet.
    """

    format: str
    width_px: int
    height_px: int
    mode: str
    bytes: int


class PictureRefused(Invalid):
    """A file that we do not take as a photograph. The code is a key of `REFUSALS`."""


_SAVE_AGAIN = f"Open it in your photo app, save it as {FORMATS_WE_TAKE}, and upload that."
_FETCH_AGAIN = "Copy it again from the phone or camera, or ask for it to be sent again, and upload the new copy."

REFUSALS: dict[str, tuple[str, str]] = {
    # code: (what happened, what to do); the names in braces are given by whoever refuses
    "picture-empty": ("This file is empty: it holds 0 bytes.", _FETCH_AGAIN),
    "picture-too-large-file": (
        "This file is {found}, and {limit} is the most we take.",
        "Save the photo as a JPEG at high quality: it will be much smaller and print just as well.",
    ),
    "picture-too-many-pixels": (
        "This photo is {width:,} × {height:,} pixels, more than we can take ({limit}).",
        "Save a smaller copy: 6,000 pixels on the long side are enough for a full page.",
    ),
    "picture-too-small": (
        "This photo is only {width:,} × {height:,} pixels; each side must have at least {limit}.",
        "Look for the original: pictures from websites and messages are often small copies.",
    ),
    "picture-not-a-picture": ("This is {what}, not a photo{name}.", "{remedy}"),
    "picture-disguised": (
        "This file says that it is a photo, but it {what}.",
        "For safety we do not take it. Open the photo in your photo app, save a fresh copy, and upload that.",
    ),
    "picture-truncated": ("This photo stops before its end: part of the file is missing.", _FETCH_AGAIN),
    "picture-damaged": ("This photo is damaged and cannot be read{where}.", _FETCH_AGAIN),
    "picture-too-heavy": (
        "This photo of {width:,} × {height:,} pixels is damaged, or needs more memory than one photo may take.",
        "Save it as a JPEG, 6,000 pixels on the long side are plenty, and upload that.",
    ),
    "picture-animated": (
        "This is an animation, and paper stands still.",
        "Choose the frame that you like, save it as a still picture (JPEG or PNG), and upload that.",
    ),
    "picture-format": ("This is {what}, which we cannot print from.", "{remedy}"),
}


def refused(code: str, **names: object) -> PictureRefused:
    """The refusal of that code in its set words. `KeyError` when the code or one of its names is missing."""
    message, remedy = REFUSALS[code]
    words = {"remedy": _SAVE_AGAIN, "name": "", "where": "", **names}
    return PictureRefused(message.format(**words), remedy.format(**words), code=code)


def check_file_size(size: int, limits: PictureLimits) -> None:
    """Refuse an empty file and one above the limit."""
    if size == 0:
        raise refused("picture-empty")
    if size > limits.max_bytes:
        found, limit = (f"{size / MEGABYTE:,.0f} MB" for size in (size, limits.max_bytes))
        if found == limit:
            found = f"more than {limit}"
        raise refused("picture-too-large-file", found=found, limit=limit)


def check_dimensions(width_px: int, height_px: int, limits: PictureLimits) -> None:
    """Refuse a picture with too many pixels, too long a side, or a side too short to print."""
    if width_px * height_px > limits.max_pixels:
        limit = f"{limits.max_pixels / MEGAPIXEL:,.0f} megapixels"
        raise refused("picture-too-many-pixels", width=width_px, height=height_px, limit=limit)
    if max(width_px, height_px) > limits.max_side_px:
        limit = f"{limits.max_side_px:,} pixels on a side"
        raise refused("picture-too-many-pixels", width=width_px, height=height_px, limit=limit)
    if min(width_px, height_px) < limits.min_side_px:
        raise refused("picture-too-small", width=width_px, height=height_px, limit=limits.min_side_px)


@dataclass(frozen=True, slots=True)
class Crop:
    """The part of a picture that a frame shows, in pixels from its top left corner; edges may fall inside a pixel."""

    left_px: float
    top_px: float
    width_px: float
    height_px: float

    @property
    def box(self) -> tuple[float, float, float, float]:
        """Left, top, right, bottom."""
        return self.left_px, self.top_px, self.left_px + self.width_px, self.top_px + self.height_px


def crop_to(width_px: int, height_px: int, frame: Frame, focus: tuple[float, float], zoom: float = 1.0) -> Crop:
    """The part of the picture that the frame shows: of the frame's shape, its middle as near to `focus` as edges allow.

    `focus` is in 0..1 from the top left. `zoom` 1 shows the largest such part, 2 one of half its width and height.
    Values outside are taken as the nearest edge, and as the nearest zoom of 1..`MOST_ZOOM`.
    """
    aspect = frame.width_mm / frame.height_mm
    closer = min(max(zoom, 1.0), MOST_ZOOM)
    width = min(float(width_px), height_px * aspect) / closer
    height = min(float(height_px), width_px / aspect) / closer
    left = min(max(focus[0] * width_px - width / 2, 0.0), width_px - width)
    top = min(max(focus[1] * height_px - height / 2, 0.0), height_px - height)
    return Crop(left, top, width, height)


def placed_ppi(width_px: int, height_px: int, frame: Frame, zoom: float = 1.0) -> float:
    """How many pixels an inch the picture has when it fills the frame at that zoom."""
    return crop_to(width_px, height_px, frame, (0.5, 0.5), zoom).width_px / frame.width_mm * MM_PER_INCH


class Sharpness(StrEnum):
    """How a photo will print at its size. The studio says the same (static/js/studio/pictures/framing.js)."""

    GOOD = "good"
    SOFT = "soft"
    TOO_SMALL = "too-small"


def sharpness(ppi: float, min_ppi: float) -> Sharpness:
    """What becomes of a photo with `ppi` where `min_ppi` are asked for.

    Below what is asked for it looks soft; below two thirds of that its pixels show: the line that GWG 2015 draws
    between a warning (225 ppi) and an error (150 ppi) for sheetfed printing. Judged in whole pixels an inch, as it is
    said to people.
    """
    if round(ppi) >= min_ppi:
        return Sharpness.GOOD
    return Sharpness.SOFT if round(ppi) >= min_ppi * TOO_SMALL_SHARE else Sharpness.TOO_SMALL


def press_ppi(spec: PressSpec) -> int:
    """The resolution that photos are printed at: 300 ppi, or 150 on newsprint, whose screen is too coarse for more.

    Newsprint is told by its ink limit (ISO 12647-3: 240 % and less).
    """
    return NEWSPRINT_PPI if spec.ink_limit_percent <= NEWSPRINT_INK_LIMIT_PERCENT else SHEETFED_PPI


def width_needed(width_px: int, height_px: int, frame: Frame, ppi: float, zoom: float = 1.0) -> int:
    """How wide a photo of the same shape must be to reach `ppi` in the frame, rounded up to a hundred pixels."""
    return math.ceil(width_px * ppi / placed_ppi(width_px, height_px, frame, zoom) / 100) * 100
