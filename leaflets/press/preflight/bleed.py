"""Artwork that touches the edge must reach the end of the bleed, or a white line shows when the knife slips."""

from __future__ import annotations

from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import Box, PageFrame, contains
from leaflets.press.preflight.scene import Kind, Mark, Scene
from leaflets.press.preflight.type_rules import is_white

_TOUCH_MM = 0.1
_TOLERANCE_MM = 0.25
_SLACK_PT = 0.7
_SIDES = (("left", 0, -1), ("bottom", 1, -1), ("right", 2, 1), ("top", 3, 1))
_MOST = 500  # of each, on one side: enough for any artwork, little enough to compare each with each


def check(scene: Scene, frame: PageFrame, expect: Expectation, findings: Findings) -> None:
    """Notes areas, gradients and pictures that end between the trim and the bleed."""
    inked = [
        mark
        for mark in scene.marks
        if mark.kind in (Kind.AREA, Kind.GRADIENT, Kind.PICTURE) and not mark.inner and not is_white(mark.inks)
    ]
    for name, index, sign in _SIDES:
        room = frame.mm(sign * (frame.bleed[index] - frame.trim[index]))
        if room < expect.bleed_mm - _TOLERANCE_MM:
            continue  # the boxes themselves are at fault, which is said elsewhere
        past = [(number, frame.mm(sign * (mark.box[index] - frame.trim[index]))) for number, mark in enumerate(inked)]
        full = expect.bleed_mm - _TOLERANCE_MM
        reaching = [number for number, beyond in past if beyond >= full][-_MOST:]
        short = [(number, beyond) for number, beyond in past if -_TOUCH_MM <= beyond < full][:_MOST]
        for number, beyond in short:
            mark = inked[number]
            if not _on_sheet(mark.box, frame) or _hidden(number, index, inked, reaching, frame):
                continue
            findings.add(
                "bleed-not-filled",
                page=frame.number,
                place=frame.place(mark.box),
                key=name,
                worse=-beyond,
                found=max(0.0, beyond),
                side=name,
                expected=expect.bleed_mm,
            )


def _on_sheet(box: Box, frame: PageFrame) -> bool:
    """Whether some of the box lies on the finished sheet."""
    trim = frame.trim
    return box[0] < trim[2] and box[2] > trim[0] and box[1] < trim[3] and box[3] > trim[1]


def _hidden(number: int, index: int, inked: list[Mark], reaching: list[int], frame: PageFrame) -> bool:
    """Whether the same colour goes on into the bleed, or something later covers the whole strip."""
    mark = inked[number]
    strip = list(mark.box)
    along, across = index % 2, 1 - index % 2
    strip[along], strip[along + 2] = sorted((frame.trim[index], frame.bleed[index]))
    strip[across] = max(strip[across], frame.bleed[across])
    strip[across + 2] = min(strip[across + 2], frame.bleed[across + 2])
    edge: Box = (strip[0], strip[1], strip[2], strip[3])
    return any(
        (other > number or (mark.inks is not None and inked[other].inks == mark.inks))
        and contains(inked[other].box, edge, _SLACK_PT)
        for other in reaching
    )
