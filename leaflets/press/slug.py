"""The slug: what a printer reads around the bleed. Crop, fold and register marks, colour bar, and the job's name.

Marks start 1 mm beyond the bleed, hence at least 4 mm from the trim with 3 mm of bleed, and are 0.25 pt wide in
registration colour: all four inks in full, so that they stand on every plate.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from pikepdf import Dictionary, Pdf

from leaflets.domain.press.geometry import POINTS_PER_MM, Format
from leaflets.domain.press.printing import PressSpec
from leaflets.press.boxes import SLUG_MM, Boxes
from leaflets.press.colour import press_profile
from leaflets.press.metadata import VERSION_KEYS
from leaflets.press.slugfont import NAME, embedded, fitted, shown

_GAP_MM = 1.0
_MARK_MM = 5.0
_HAIRLINE_PT = 0.25
_TARGET_MM = 2.5  # from the centre of a register mark to the ends of its cross
_RING_MM = 1.4
_PATCH_MM = 5.0
_TEXT_PT = 6.0
_LINES_MM = (SLUG_MM - 3.6, SLUG_MM - 1.2)  # baselines below the trim
_CIRCLE = 0.5523  # control points of a quarter circle, as a share of the radius
_REGISTRATION = "1 1 1 1"
_PATCHES = (
    # solids, their overprints, half tints, grey balance and its black twin (ISO 12647-2:2004, 4.3.5)
    "1 0 0 0",
    "0 1 0 0",
    "0 0 1 0",
    "0 0 0 1",
    "0 1 1 0",
    "1 0 1 0",
    "1 1 0 0",
    ".5 0 0 0",
    "0 .5 0 0",
    "0 0 .5 0",
    ".5 .4 .4 0",
    "0 0 0 .5",
)


@dataclass(slots=True)
class Slug:
    """The slug of one document. Distances are millimetres from the bottom left corner of the trim."""

    pdf: Pdf
    format_: Format
    boxes: Boxes
    spec: PressSpec
    job_name: str
    now: datetime
    _font: Dictionary | None = field(default=None, init=False)

    def add_resources(self, resources: Dictionary) -> None:
        """Give a page the font of the slug."""
        if self._font is None:
            self._font = embedded(self.pdf)
        if "/Font" not in resources:
            resources["/Font"] = Dictionary()
        resources["/Font"][NAME] = self._font

    def drawing(self, page: int, pages: int) -> bytes:
        """The marks of one page, in the page's own coordinates."""
        left, bottom = self.boxes.trim[:2]
        scale = POINTS_PER_MM
        parts = [
            "q",
            f"{scale:.6f} 0 0 {scale:.6f} {left:.4f} {bottom:.4f} cm",
            f"{_REGISTRATION} K {_REGISTRATION} k {_HAIRLINE_PT / scale:.4f} w 0 J [] 0 d",
            *self._crop_marks(),
            *self._register_marks(page - 1),
            *self._fold_marks(page - 1),
            *self._colour_bar(),
            "Q",
        ]
        return "\n".join(parts).encode() + b"\n" + self._words(page, pages)

    @property
    def _start_mm(self) -> float:
        return self.spec.bleed_mm + _GAP_MM

    def _crop_marks(self) -> list[str]:
        width, height, near = self.format_.width_mm, self.format_.height_mm, self._start_mm
        far = near + _MARK_MM
        marks = []
        for x in (0, width):
            marks += [_line(x, -near, x, -far), _line(x, height + near, x, height + far)]
        for y in (0, height):
            marks += [_line(-near, y, -far, y), _line(width + near, y, width + far, y)]
        return marks

    def _register_marks(self, side: int) -> list[str]:
        width, height = self.format_.width_mm, self.format_.height_mm
        out = self._start_mm + _TARGET_MM
        x = _clear_of(self.format_.folds_on(side), width)
        return [
            _target(-out, height / 2),
            _target(width + out, height / 2),
            _target(x, height + out),
            _target(x, -out),
        ]

    def _fold_marks(self, side: int) -> list[str]:
        height, near = self.format_.height_mm, self._start_mm
        far = near + _MARK_MM
        marks = [
            each
            for x in self.format_.folds_on(side)
            for each in (_line(x, -near, x, -far), _line(x, height + near, x, height + far))
        ]
        return ["[1.2 .8] 0 d", *marks, "[] 0 d"] if marks else []

    def _colour_bar(self) -> list[str]:
        """Down the right-hand slug from the upper crop mark to the register mark, as tall as that leaves room for."""
        x = self.format_.width_mm + self._start_mm
        room = self.format_.height_mm / 2 - 4 * _TARGET_MM
        patch = min(_PATCH_MM, room / len(_PATCHES))
        top = self.format_.height_mm - _TARGET_MM
        return [
            f"{inks} k {x:.3f} {top - (row + 1) * patch:.3f} {_PATCH_MM} {patch:.3f} re f"
            for row, inks in enumerate(_PATCHES)
        ]

    def _words(self, page: int, pages: int) -> bytes:
        format_, spec = self.format_, self.spec
        size = f"{format_.width_mm:g} × {format_.height_mm:g} mm + {spec.bleed_mm:g} mm bleed"
        rows = (
            f"{self.job_name}  ·  side {page} of {pages}  ·  {self.now.day} {self.now:%B %Y, %H:%M %Z}",
            f"{format_.label}  ·  {size}  ·  {VERSION_KEYS[spec.standard]}  ·  {press_profile(spec.profile).condition}",
        )
        left, bottom = self.boxes.trim[:2]
        room_pt = format_.width_mm * POINTS_PER_MM
        drawing = b"q 0 0 0 1 k BT %b %.1f Tf\n" % (NAME.encode(), _TEXT_PT)
        for row, below_mm in zip(rows, _LINES_MM, strict=True):
            y = bottom - below_mm * POINTS_PER_MM
            drawing += b"1 0 0 1 %.3f %.3f Tm %b Tj\n" % (left, y, shown(fitted(row, _TEXT_PT, room_pt)))
        return drawing + b"ET Q\n"


def _clear_of(folds: tuple[float, ...], width: float) -> float:
    """Where a register mark stands along an edge: in the middle, or in the middle of the first panel."""
    middle = width / 2
    return middle if all(abs(fold - middle) > 2 * _TARGET_MM for fold in folds) else min(folds) / 2


def _line(x1: float, y1: float, x2: float, y2: float) -> str:
    return f"{x1:.3f} {y1:.3f} m {x2:.3f} {y2:.3f} l S"


def _target(x: float, y: float) -> str:
    """A register mark: a cross through a ring."""
    r, c = _RING_MM, _RING_MM * _CIRCLE
    ring = (
        f"{x + r:.3f} {y:.3f} m "
        f"{x + r:.3f} {y + c:.3f} {x + c:.3f} {y + r:.3f} {x:.3f} {y + r:.3f} c "
        f"{x - c:.3f} {y + r:.3f} {x - r:.3f} {y + c:.3f} {x - r:.3f} {y:.3f} c "
        f"{x - r:.3f} {y - c:.3f} {x - c:.3f} {y - r:.3f} {x:.3f} {y - r:.3f} c "
        f"{x + c:.3f} {y - r:.3f} {x + r:.3f} {y - c:.3f} {x + r:.3f} {y:.3f} c s"
    )
    return f"{_line(x - _TARGET_MM, y, x + _TARGET_MM, y)} {_line(x, y - _TARGET_MM, x, y + _TARGET_MM)} {ring}"
