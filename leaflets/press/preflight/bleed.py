"""Artwork that touches the edge must reach the end of the bleed, or a white line shows when the knife slips."""

from __future__ import annotations

from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import Box, PageFrame, contains
from leaflets.press.preflight.scene import Kind, Mark, Scene
from leaflets.press.preflight.type_rules import is_white

_TOUCH_MM = 0.1
_TOLERANCE_MM = 0.25
_SIDES = (("left", 0, -1), ("bottom", 1, -1), ("right", 2, 1), ("top", 3, 1))
_MAX_MARKS = 3000


def check(scene: Scene, frame: PageFrame, expect: Expectation, findings: Findings) -> None:
    """Notes areas, gradients and pictures that end between the trim and the bleed."""
    inked = [
        mark
        for mark in scene.marks
        if mark.kind in (Kind.AREA, Kind.GRADIENT, Kind.PICTURE) and not mark.inner and not is_white(mark.inks)
    ][:_MAX_MARKS]
    for name, index, sign in _SIDES:
        room = frame.mm(sign * (frame.bleed[index] - frame.trim[index]))
        if room < expect.bleed_mm - _TOLERANCE_MM:
            continue  # the boxes themselves are at fault, which is said elsewhere
        for mark in inked:
            past = frame.mm(sign * (mark.box[index] - frame.trim[index]))
            if not -_TOUCH_MM <= past < expect.bleed_mm - _TOLERANCE_MM or not _on_sheet(mark.box, frame, index):
                continue
            if not _hidden(mark, index, inked, frame):
                findings.add(
                    "bleed-not-filled",
                    page=frame.number,
                    place=frame.place(mark.box),
                    key=name,
                    worse=-past,
                    found=max(0.0, past),
                    side=name,
                    expected=expect.bleed_mm,
                )


def _on_sheet(box: Box, frame: PageFrame, index: int) -> bool:
    """Whether some of the box lies on the finished sheet, seen along the edge in question and across it."""
    trim = frame.trim
    across = 1 - index % 2
    along = index % 2
    return (
        box[across] < trim[across + 2]
        and box[across + 2] > trim[across]
        and box[along] < trim[along + 2]
        and box[along + 2] > trim[along]
    )


def _hidden(mark: Mark, index: int, inked: list[Mark], frame: PageFrame) -> bool:
    """Whether the same colour goes on into the bleed, or something later covers the whole strip."""
    strip = list(mark.box)
    near, far = frame.trim[index], frame.bleed[index]
    strip[index % 2], strip[index % 2 + 2] = min(near, far), max(near, far)
    across = 1 - index % 2
    strip[across] = max(strip[across], frame.bleed[across])
    strip[across + 2] = min(strip[across + 2], frame.bleed[across + 2])
    edge: Box = (strip[0], strip[1], strip[2], strip[3])
    after = False
    for other in inked:
        if other is mark:
            after = True
        elif (after or (mark.inks is not None and other.inks == mark.inks)) and contains(other.box, edge, 0.7):
            return True
    return False
