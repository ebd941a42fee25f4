"""Overprint: white must knock out, black text must not, and colours should not mix by accident (GWG 2015)."""

from __future__ import annotations

from leaflets.press.preflight.colour import THINGS
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import PageFrame, common
from leaflets.press.preflight.grounds import Grounds, inks_of
from leaflets.press.preflight.scene import Kind, Mark, Scene
from leaflets.press.preflight.spaces import Family
from leaflets.press.preflight.type_rules import is_white

_DISPLAY_PT = 36
_TRACE = 0.05


def check(scene: Scene, grounds: Grounds, frame: PageFrame, findings: Findings) -> None:
    """Notes white and coloured marks that overprint, and black text on a colour that does not."""
    for index, mark in enumerate(scene.marks):
        if mark.inks is None or mark.inner or mark.kind in (Kind.PICTURE, Kind.GRADIENT):
            continue
        if mark.knocks_out and mark.kind is not Kind.TEXT:
            continue
        if common(mark.box, frame.trim) is None:
            continue
        code = _judged(mark, index, grounds)
        if code:
            place = frame.place(mark.box)
            thing = THINGS[mark.kind]
            thing = thing.lower().removeprefix("an ").removeprefix("a ") if code == "white-overprints" else thing
            findings.add(code, page=frame.number, place=place, key=mark.kind, thing=thing)


def _judged(mark: Mark, index: int, grounds: Grounds) -> str:
    inks = mark.inks
    if inks is None:
        return ""
    vanishes = mark.sparing or (not mark.knocks_out and mark.space.family is Family.GREY)
    only_black = inks[3] >= 0.95 and max(inks[:3]) < _TRACE
    if not vanishes and not only_black:
        return ""
    ground = grounds.behind(index, mark.box)
    below = inks_of(ground) if ground is not None else (0.0, 0.0, 0.0, 0.0)
    if is_white(inks):
        return "white-overprints" if mark.kind is Kind.TEXT or max(below) > _TRACE else ""
    if only_black:
        small = mark.kind is Kind.TEXT and mark.size < _DISPLAY_PT
        return "black-text-knocks-out" if small and not vanishes and max(below[:3]) > _TRACE else ""
    mixes = any(own < _TRACE < under for own, under in zip(inks, below, strict=True))
    return "colour-overprints" if mark.sparing and mixes else ""
