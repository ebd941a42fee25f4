"""What lies behind a mark: the last area, gradient or picture painted there before it."""

from __future__ import annotations

from leaflets.press.preflight.geometry import Box
from leaflets.press.preflight.scene import Kind, Mark, Scene
from leaflets.press.preflight.spaces import Inks

_LEAST_SIDE_PT = 3.0
_MAX_STEPS = 200_000


class Grounds:
    """The backgrounds of one page. A shape counts as its box: enough for advice about type."""

    def __init__(self, scene: Scene) -> None:
        self._grounds = [
            (index, mark)
            for index, mark in enumerate(scene.marks)
            if mark.kind in (Kind.AREA, Kind.GRADIENT, Kind.PICTURE) and not mark.inner and _broad(mark)
        ]
        self._steps = 0

    def behind(self, index: int, box: Box) -> Mark | None:
        """What the middle of `box`, painted as number `index`, stands on; None for bare paper."""
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        for number, ground in reversed(self._grounds):
            self._steps += 1
            if self._steps > _MAX_STEPS:
                return None
            if number < index and ground.box[0] <= x <= ground.box[2] and ground.box[1] <= y <= ground.box[3]:
                return ground
        return None


def _broad(mark: Mark) -> bool:
    if not mark.solid or (mark.picture is not None and mark.picture.stencil):
        return False
    return min(mark.box[2] - mark.box[0], mark.box[3] - mark.box[1]) >= _LEAST_SIDE_PT


def inks_of(ground: Mark) -> Inks:
    """The inks that a ground may hold: pictures and unknown colours may hold every one."""
    if ground.inks is not None:
        return ground.inks
    return (0.0, 0.0, 0.0, 1.0) if ground.space.channels == 1 and ground.space.direct else (1.0, 1.0, 1.0, 1.0)
