"""What a proof shows besides its pages: how it is drawn, where each zone stands, and how much more fits into it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Look(StrEnum):
    """How a proof is drawn."""

    SCREEN = "screen"  # cut at the trim, 144 ppi: quick, for somebody who types
    SHARP = "sharp"  # cut at the trim, 288 ppi: for a high-density screen, or zoomed in, once the typing pauses
    SHEET = "sheet"  # with its bleed, 144 ppi: as the printer sees it

    @property
    def ppi(self) -> int:
        """Pixels an inch of paper."""
        return 288 if self is Look.SHARP else 144

    @property
    def has_bleed(self) -> bool:
        """Whether it shows what is cut off."""
        return self is Look.SHEET


TRIMMED = (Look.SCREEN, Look.SHARP)
"""Two pictures of the same: cut at the trim."""


@dataclass(frozen=True, slots=True)
class ZonePlace:
    """Where a zone stands on a page: a rectangle in millimetres from the top left of the trim. Pages count from 1."""

    zone: str
    page: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class ZoneRoom:
    """How full a zone is as the press set it.

    `words` were set; `spare_words` about so many more fit (negative: so many are too many); `spare_mm` is the height
    left in its box. `set_pt` is the size its words were set in where copyfit may change it, and `from_pt` the size
    that was designed.
    """

    zone: str
    words: int
    spare_words: int
    spare_mm: float
    set_pt: float | None = None
    from_pt: float | None = None
