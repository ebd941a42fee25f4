"""Which colours a press can print: the space of every mark, in forms, patterns, glyphs and masks alike."""

from __future__ import annotations

from leaflets.domain.press.printing import Standard
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame, common
from leaflets.press.preflight.scene import Kind, Scene
from leaflets.press.preflight.spaces import Family

THINGS = {
    Kind.AREA: "An area",
    Kind.LINE: "A line",
    Kind.TEXT: "Text",
    Kind.PICTURE: "A picture",
    Kind.GRADIENT: "A gradient",
}
_CODES = {
    Family.RGB: "colour-rgb",
    Family.LAB: "colour-lab",
    Family.PROFILED: "colour-profiled",
    Family.SPOT: "spot-colour",
    Family.REGISTRATION: "registration-colour",
}


def check(scene: Scene, frame: PageFrame, standard: Standard, findings: Findings) -> None:
    """Notes every mark in a space that a four-colour press does not have."""
    for mark in scene.marks:
        code = _CODES.get(mark.space.family)
        if code is None or (code == "registration-colour" and not _inside(mark.box, frame)):
            continue
        if code == "colour-profiled" and standard is Standard.X1A:
            code = "colour-profiled-x1a"
        findings.add(
            code,
            page=frame.number,
            place=frame.place(mark.box),
            key=(mark.kind, mark.space.spot),
            thing=THINGS[mark.kind],
            what=mark.space.spot,
        )


def _inside(box: tuple[float, float, float, float], frame: PageFrame) -> bool:
    shared = common(box, frame.trim)
    return shared is not None and shared[0] < shared[2] and shared[1] < shared[3]
