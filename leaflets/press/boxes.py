"""Page boxes (ISO 32000-1, 14.11.2) as PDF/X wants them: MediaBox at 0,0, BleedBox and TrimBox inside, no ArtBox."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from pikepdf import Array, Page

from leaflets.domain.errors import Invalid
from leaflets.domain.press.geometry import POINTS_PER_MM, Format

SLUG_MM = 15.0
"""From the trim to the edge of the sheet when there are marks: room for 5 mm marks and two lines below them."""
_TRIM_TOLERANCE_MM = 0.2
_BLEED_TOLERANCE_MM = 0.01
Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Boxes:
    """One page, in points from the bottom left corner of the MediaBox: left, bottom, right, top."""

    media: Box
    bleed: Box
    trim: Box


def page_boxes(format_: Format, bleed_mm: float, *, marks: bool) -> Boxes:
    """The boxes of every page of a format, with a slug around the bleed when marks are wanted."""
    margin = max(SLUG_MM, bleed_mm + SLUG_MM - 3) if marks else bleed_mm
    width, height = format_.width_mm, format_.height_mm

    def box(out_mm: float) -> Box:
        low, across, up = margin - out_mm, margin + width + out_mm, margin + height + out_mm
        return (low * POINTS_PER_MM, low * POINTS_PER_MM, across * POINTS_PER_MM, up * POINTS_PER_MM)

    return Boxes(media=box(margin), bleed=box(bleed_mm), trim=box(0))


def shift_into(boxes: Boxes, page: Page, format_: Format, bleed_mm: float, number: int) -> tuple[float, float]:
    """How far, in points, the typeset page must move for its trim to lie on `boxes.trim`.

    Raises `Invalid` when the page is not of this format, or was typeset with less bleed than asked.
    """
    typeset = _box(page, "/TrimBox", number)
    media = _box(page, "/MediaBox", number)
    width, height = ((typeset[2] - typeset[0]) / POINTS_PER_MM, (typeset[3] - typeset[1]) / POINTS_PER_MM)
    if abs(width - format_.width_mm) > _TRIM_TOLERANCE_MM or abs(height - format_.height_mm) > _TRIM_TOLERANCE_MM:
        raise Invalid(
            f"Page {number} is typeset at {width:.1f} × {height:.1f} mm, "
            f"but {format_.label} is {format_.width_mm:g} × {format_.height_mm:g} mm.",
            "Use the template with the format it was drawn for.",
            code="trim-wrong",
        )
    got = min(typeset[0] - media[0], typeset[1] - media[1], media[2] - typeset[2], media[3] - typeset[3])
    if got / POINTS_PER_MM < bleed_mm - _BLEED_TOLERANCE_MM:
        raise Invalid(
            f"Page {number} is typeset with {max(0.0, got / POINTS_PER_MM):.1f} mm of bleed; "
            f"the printer asks for {bleed_mm:g} mm.",
            "Typeset it again with the printer's bleed.",
            code="bleed-missing",
        )
    return (boxes.trim[0] - typeset[0], boxes.trim[1] - typeset[1])


def as_array(box: Box) -> Array:
    """A box as PDF writes it: to 0.0001 pt, which is 0.00004 mm."""
    return Array([Decimal(f"{edge:.4f}") for edge in box])


def _box(page: Page, key: str, number: int) -> Box:
    try:
        left, bottom, right, top = (float(edge) for edge in page.obj[key])
    except (KeyError, ValueError, TypeError) as error:
        raise Invalid(
            f"Page {number} of the typeset PDF has no usable {key[1:]}.",
            "Make the proof again; if it happens twice, send the leaflet to support.",
            code="damaged-pdf",
        ) from error
    return (min(left, right), min(bottom, top), max(left, right), max(bottom, top))
