"""Type that prints: sizes for solid, tinted and reversed text, and black text in black alone."""

from __future__ import annotations

from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame, common
from leaflets.press.preflight.grounds import Grounds, inks_of
from leaflets.press.preflight.scene import Kind, Mark, Scene
from leaflets.press.preflight.spaces import Inks

_TOLERANCE_PT = 0.05
_SOLID_PT, _TINTED_PT, _REVERSED_PT, _REVERSED_OF_FOUR_PT = 6, 8, 8, 10
_DISPLAY_PT = 36  # type this large may be a solid of several inks
_HAIRLINE_PT = 0.25
_TRACE = 0.05


def check(scene: Scene, grounds: Grounds, frame: PageFrame, findings: Findings) -> None:
    """Notes type that is too small for its inks, black type of several inks, and lines that are too thin."""
    for index, mark in enumerate(scene.marks):
        if mark.inner or common(mark.box, frame.trim) is None:
            continue
        if mark.kind is Kind.TEXT:
            _check_type(mark, index, grounds, frame, findings)
        elif _is_hairline(mark, frame):
            findings.add(
                "hairline",
                page=frame.number,
                place=frame.place(mark.box),
                worse=-mark.size,
                size=mark.size * frame.unit,
            )


def _is_hairline(mark: Mark, frame: PageFrame) -> bool:
    drawn = mark.kind is Kind.LINE or (mark.kind is Kind.AREA and mark.size > 0)
    return drawn and mark.size * frame.unit < _HAIRLINE_PT - 0.005 and not is_white(mark.inks)


def _check_type(mark: Mark, index: int, grounds: Grounds, frame: PageFrame, findings: Findings) -> None:
    size = mark.size * frame.unit
    if size < _DISPLAY_PT and mark.inks is not None and is_black_of_several(mark.inks):
        findings.add("black-text-of-four-inks", page=frame.number, place=frame.place(mark.box), worse=-size, size=size)
    code, expected = _size_rule(mark, size, index, grounds)
    if code:
        findings.add(code, page=frame.number, place=frame.place(mark.box), worse=-size, size=size, expected=expected)


def _size_rule(mark: Mark, size: float, index: int, grounds: Grounds) -> tuple[str, int]:
    """The code of the rule that the size breaks, or none, and the least size."""
    if size >= _REVERSED_OF_FOUR_PT - _TOLERANCE_PT:
        return "", 0
    if size < _SOLID_PT - _TOLERANCE_PT:
        return "type-too-small", _SOLID_PT
    if is_white(mark.inks):
        ground = grounds.behind(index, mark.box)
        four = ground is not None and min(inks_of(ground)) > _TRACE
        least = _REVERSED_OF_FOUR_PT if four else _REVERSED_PT
        return ("type-too-small-reversed" if size < least - _TOLERANCE_PT else "", least)
    if mark.inks is not None and not is_solid(mark.inks) and size < _TINTED_PT - _TOLERANCE_PT:
        return "type-too-small-for-tint", _TINTED_PT
    return "", 0


def is_white(inks: Inks | None) -> bool:
    """Whether a colour is bare paper."""
    return inks is not None and max(inks) < _TRACE


def is_solid(inks: Inks) -> bool:
    """Whether a colour is one ink and all of it."""
    return max(inks) >= 0.95 and sum(ink > _TRACE for ink in inks) == 1


def is_black_of_several(inks: Inks) -> bool:
    """Whether a colour looks black and is not black ink alone."""
    *colours, black = inks
    extra, spread = sum(colours), max(colours) - min(colours)
    if black >= 0.85:
        return extra >= 0.3
    if black >= 0.5:
        return extra >= 0.9 and spread <= 0.4
    return min(colours) >= 0.7 and spread <= 0.3
