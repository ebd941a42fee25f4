"""The graphics state (ISO 32000-1, 8.4), as far as a judge of the page needs it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from leaflets.press.preflight.fonts import MISSING, Font
from leaflets.press.preflight.geometry import EVERYWHERE, IDENTITY, Box, Matrix
from leaflets.press.preflight.spaces import GREY, Inks, Space


class Paint(NamedTuple):
    """What fills or strokes: a colour, or a pattern. `pattern` is a tiling cell still to be read."""

    space: Space
    inks: Inks | None
    pattern: object = None
    gradient: bool = False


BLACK = Paint(GREY, (0.0, 0.0, 0.0, 1.0))


@dataclass
class State:
    """One level of the stack of q and Q. `blended` is true under a blend mode or a soft mask."""

    ctm: Matrix = IDENTITY
    clip: Box = EVERYWHERE
    fill: Paint = BLACK
    stroke: Paint = BLACK
    width: float = 1.0
    font: Font = MISSING
    size: float = 0.0
    character_spacing: float = 0.0
    word_spacing: float = 0.0
    stretch: float = 1.0
    leading: float = 0.0
    rise: float = 0.0
    mode: int = 0
    fill_overprints: bool = False
    stroke_overprints: bool = False
    sparing: bool = False
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    blended: bool = False

    def copy(self) -> State:
        """The same state, free to change."""
        clone = object.__new__(State)
        clone.__dict__.update(self.__dict__)
        return clone


class TextPosition:
    """The text matrix and the start of the current line, between BT and ET."""

    def __init__(self) -> None:
        self.matrix: Matrix = IDENTITY
        self.line: Matrix = IDENTITY
