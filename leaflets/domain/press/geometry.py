"""Sheets, panels, folds and safe areas, in millimetres. The table of formats is at the end.

Coordinates on a side of a sheet start at the top left corner of the trim and grow to the right and downwards.
Sizes: ISO 216 (A series); DL as UK printers cut it (99 × 210 flat; 97/100/100 roll fold, so that the panel
that folds in does not buckle; 99/99/99 concertina).
"""

from __future__ import annotations

from dataclasses import dataclass

BLEED_MM = 3.0
SAFE_FROM_TRIM_MM = 5.0
SAFE_FROM_FOLD_MM = 3.0
POINTS_PER_MM = 72 / 25.4


@dataclass(frozen=True, slots=True)
class Panel:
    """One face of a folded sheet, or one whole side of a flat one.

    `side` is 0 for the outside (or front) of the sheet and 1 for the inside (or back).
    """

    key: str
    label: str
    side: int
    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Fold:
    """A fold that runs from the top to the bottom of one side at `x_mm`."""

    side: int
    x_mm: float


@dataclass(frozen=True, slots=True)
class Format:
    """A finished sheet: its trim, how it folds, and its panels in the order in which a reader meets them."""

    key: str
    label: str
    width_mm: float
    height_mm: float
    panels: tuple[Panel, ...]
    folds: tuple[Fold, ...] = ()
    folded_width_mm: float = 0.0
    folded_height_mm: float = 0.0

    @property
    def sides(self) -> int:
        """How many printed sides the flat sheet has: PDF pages."""
        return 1 + max(panel.side for panel in self.panels)

    def panel(self, key: str) -> Panel:
        """The panel of that key; `KeyError` when there is none."""
        for panel in self.panels:
            if panel.key == key:
                return panel
        raise KeyError(key)

    def folds_on(self, side: int) -> tuple[float, ...]:
        """Where the folds of one side lie, in millimetres from its left trim."""
        return tuple(fold.x_mm for fold in self.folds if fold.side == side)


def _flat(key: str, label: str, width_mm: float, height_mm: float) -> Format:
    front = Panel("front", "Front", 0, 0, 0, width_mm, height_mm)
    back = Panel("back", "Back", 1, 0, 0, width_mm, height_mm)
    return Format(key, label, width_mm, height_mm, (front, back), (), width_mm, height_mm)


def _half_fold(key: str, label: str, width_mm: float, height_mm: float) -> Format:
    half = width_mm / 2
    panels = (
        Panel("cover", "Front cover", 0, half, 0, half, height_mm),
        Panel("inside-left", "Inside left", 1, 0, 0, half, height_mm),
        Panel("inside-right", "Inside right", 1, half, 0, half, height_mm),
        Panel("back", "Back", 0, 0, 0, half, height_mm),
    )
    return Format(key, label, width_mm, height_mm, panels, (Fold(0, half), Fold(1, half)), half, height_mm)


def _three_panels(
    key: str, label: str, flap_mm: float, panel_mm: float, height_mm: float, *, labels: dict[str, str]
) -> Format:
    """Outside, left to right: flap, back, cover. Inside: left, middle, flap's other face.

    `labels` names the panels in the order in which a reader of that fold meets them.
    """
    width_mm = flap_mm + 2 * panel_mm
    places = {
        "cover": (0, flap_mm + panel_mm, panel_mm),
        "flap": (0, 0, flap_mm),
        "inside-left": (1, 0, panel_mm),
        "inside-middle": (1, panel_mm, panel_mm),
        "inside-right": (1, 2 * panel_mm, flap_mm),
        "back": (0, flap_mm, panel_mm),
    }
    panels = tuple(
        Panel(panel, name, side, x_mm, 0, panel_width_mm, height_mm)
        for panel, name in labels.items()
        for side, x_mm, panel_width_mm in [places[panel]]
    )
    folds = (Fold(0, flap_mm), Fold(0, flap_mm + panel_mm), Fold(1, panel_mm), Fold(1, 2 * panel_mm))
    return Format(key, label, width_mm, height_mm, panels, folds, panel_mm, height_mm)


_ROLL = {
    "cover": "Front cover",
    "flap": "Flap, seen first when opened",
    "inside-left": "Inside left",
    "inside-middle": "Inside middle",
    "inside-right": "Inside right",
    "back": "Back, the side with the address",
}
"""The flap is folded in, and the cover over it."""

_CONCERTINA = {
    "cover": "Front cover",
    "inside-left": "Inside left",
    "inside-middle": "Inside middle",
    "inside-right": "Inside right, underneath when folded: the side with the address",
    "flap": "Other side, left",
    "back": "Other side, middle",
}
"""It zigzags: the last panel of the inside lies underneath, and the rest of the outside is seen by turning it over."""


FORMATS: dict[str, Format] = {
    format_.key: format_
    for format_ in (
        _flat("a6", "A6 card", 105, 148),
        _flat("a5", "A5 flat", 148, 210),
        _flat("a5-landscape", "A5 flat, landscape", 210, 148),
        _flat("dl", "DL card", 99, 210),
        _flat("a4", "A4 flat", 210, 297),
        _flat("a3", "A3 flat", 297, 420),
        _half_fold("a4-to-a5", "A4 folded to A5", 297, 210),
        _half_fold("a3-to-a4", "A3 folded to A4", 420, 297),
        _three_panels("a4-to-dl", "A4 roll-folded to DL", 97, 100, 210, labels=_ROLL),
        _three_panels("a4-to-dl-z", "A4 concertina-folded to DL", 99, 99, 210, labels=_CONCERTINA),
    )
}
