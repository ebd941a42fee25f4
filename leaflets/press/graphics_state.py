"""The part of the graphics state (ISO 32000-1, 8.4) that colour and overprinting depend on."""

from __future__ import annotations

from dataclasses import dataclass

from leaflets.press.colour import BLACK, Inks
from leaflets.press.matrix import IDENTITY, Matrix
from leaflets.press.spaces import Model


@dataclass(slots=True)
class GraphicsState:
    """What holds at one moment of a drawing. Inks are None when unknown."""

    ctm: Matrix = IDENTITY
    fill: Inks | None = None
    stroke: Inks | None = None
    fill_model: Model = Model.GREY
    stroke_model: Model = Model.GREY
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    line_width: float = 1.0
    text_mode: int = 0
    glyphs_draw_themselves: bool = False
    overprint: tuple[bool, bool] = (False, False)

    @property
    def fills_black(self) -> bool:
        """Whether what is filled becomes black, of that one ink, and hides what is under it."""
        return self.fill == BLACK and self.fill_alpha == 1.0

    @property
    def strokes_black(self) -> bool:
        """The same of what is stroked."""
        return self.stroke == BLACK and self.stroke_alpha == 1.0
