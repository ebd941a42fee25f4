"""What prints over instead of knocking out: text and fine rules in solid black, and nothing else.

A knocked-out hairline of black shows paper when the plates shift by a tenth of a millimetre; a large black solid that
overprints shows the picture beneath, and white that overprints vanishes (Ghent Workgroup 2015, R 4.18 and 4.19).
Nonzero overprint (ISO 32000-1, 8.6.7) is what lets the other inks beneath stand.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from math import hypot

from leaflets.domain.press.geometry import POINTS_PER_MM
from leaflets.press.matrix import Matrix

FINE_RULE_MM = 1.0
Extent = tuple[float, float, float, float]

NAMES = {
    (False, False): "/KnockOut",
    (True, False): "/OverprintFill",
    (False, True): "/OverprintStroke",
    (True, True): "/Overprint",
}
"""The graphics state for (fill, stroke) overprinting."""


@dataclass(slots=True)
class Outline:
    """The path being built: the extent of each subpath in user space, as it grows."""

    subpaths: list[Extent] = field(default_factory=list)

    def begin(self, x: float, y: float) -> None:
        """Start a subpath at a point."""
        self.subpaths.append((x, y, x, y))

    def reach(self, points: list[float]) -> None:
        """Go on to the points x, y, x, y, …; control points count, which errs on the side of knocking out."""
        left, low, right, high = self.subpaths[-1]
        self.subpaths[-1] = (
            min(left, *points[::2]),
            min(low, *points[1::2]),
            max(right, *points[::2]),
            max(high, *points[1::2]),
        )

    def is_fine(self, ctm: Matrix, *, even_odd: bool) -> bool:
        """Whether, filled, it is nothing but fine rules: thin bars, or one hollow frame with a thin border."""
        wide, tall = hypot(ctm[0], ctm[1]) / POINTS_PER_MM, hypot(ctm[2], ctm[3]) / POINTS_PER_MM
        if even_odd and len(self.subpaths) == 2 and self._border_mm(wide, tall) < FINE_RULE_MM:
            return True
        return bool(self.subpaths) and all(
            min((right - left) * wide, (high - low) * tall) < FINE_RULE_MM for left, low, right, high in self.subpaths
        )

    def _border_mm(self, wide: float, tall: float) -> float:
        """The thickest side of the frame between two nested subpaths; endless when they are not nested."""
        inner, outer = sorted(self.subpaths, key=lambda extent: (extent[2] - extent[0]) * (extent[3] - extent[1]))
        sides = (
            (inner[0] - outer[0]) * wide,
            (outer[2] - inner[2]) * wide,
            (inner[1] - outer[1]) * tall,
            (outer[3] - inner[3]) * tall,
        )
        return max(sides) if min(sides) >= 0 else float("inf")


def is_fine_stroke(width: float, ctm: Matrix) -> bool:
    """Whether a line of that width in user space prints as a fine rule."""
    return width * max(hypot(ctm[0], ctm[1]), hypot(ctm[2], ctm[3])) / POINTS_PER_MM < FINE_RULE_MM
