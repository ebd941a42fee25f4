"""The boxes of a page: where it is cut, how far it bleeds, and whether all agree (ISO 32000-1, 14.11.2)."""

from __future__ import annotations

import pikepdf

from leaflets.press.preflight import objects
from leaflets.press.preflight.document import inherited
from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import Box, PageFrame, contains

_TOLERANCE_MM = 0.2
_TOLERANCE_PT = 0.1
_A4: Box = (0.0, 0.0, 595.28, 841.89)


def frame_of(page: pikepdf.Object, number: int, expect: Expectation, findings: Findings) -> PageFrame:
    """The boxes of one page, with every fault in them noted."""
    media = _box(page, "MediaBox", number, findings) or _A4
    crop = _box(page, "CropBox", number, findings)
    trim = _box(page, "TrimBox", number, findings)
    bleed = _box(page, "BleedBox", number, findings)
    art = objects.entry(page, "/ArtBox")
    unit = objects.number(objects.entry(page, "/UserUnit"), 1.0)
    turned = int(objects.number(inherited(page, "/Rotate"))) % 360
    frame = PageFrame(
        number, media, trim or crop or media, bleed or crop or media, unit or 1.0, turned, trim is not None
    )
    if trim is None:
        findings.add("trim-missing", page=number)
    elif art is not None:
        findings.add("art-box", page=number)
    if unit != 1.0:
        findings.add("user-unit", page=number, found=unit)
    if turned:
        findings.add("page-rotated", page=number, found=turned)
    if abs(media[0]) > _TOLERANCE_PT or abs(media[1]) > _TOLERANCE_PT:
        findings.add("media-box-origin", page=number)
    if crop is not None and not contains(crop, media, _TOLERANCE_PT):
        findings.add("crop-box", page=number)
    _nesting(frame, trim, bleed, findings)
    if trim is not None:
        _sizes(frame, bleed, expect, findings)
    return frame


def _box(page: pikepdf.Object, key: str, number: int, findings: Findings) -> Box | None:
    value = inherited(page, f"/{key}") if key in ("MediaBox", "CropBox") else objects.entry(page, f"/{key}")
    if value is None:
        if key == "MediaBox":
            findings.add("box-broken", page=number, key=key, what=key)
        return None
    box = objects.box(value)
    if box is not None and box[2] - box[0] >= 1 and box[3] - box[1] >= 1:
        return box
    findings.add("box-broken", page=number, key=key, what=key)
    return None


def _nesting(frame: PageFrame, trim: Box | None, bleed: Box | None, findings: Findings) -> None:
    pairs = (
        ("TrimBox", trim, "BleedBox", bleed),
        ("BleedBox", bleed, "MediaBox", frame.media),
        ("TrimBox", trim if bleed is None else None, "MediaBox", frame.media),
    )
    for what, inner, outer, around in pairs:
        if inner is not None and around is not None and not contains(around, inner, _TOLERANCE_PT):
            findings.add("boxes-not-nested", page=frame.number, key=what, what=what, outer=outer)


def _sizes(frame: PageFrame, bleed: Box | None, expect: Expectation, findings: Findings) -> None:
    width, height = frame.trim_mm
    if expect.trim_mm is not None:
        wanted = expect.trim_mm
        if abs(width - wanted[0]) > _TOLERANCE_MM or abs(height - wanted[1]) > _TOLERANCE_MM:
            findings.add("trim-size", page=frame.number, found=size(width, height), expected=size(*wanted))
    if expect.bleed_mm <= 0:
        return
    if bleed is None:
        findings.add("bleed-missing", page=frame.number, expected=expect.bleed_mm)
        return
    trim = frame.trim
    least = frame.mm(min(trim[0] - bleed[0], trim[1] - bleed[1], bleed[2] - trim[2], bleed[3] - trim[3]))
    if -_TOLERANCE_MM < least < expect.bleed_mm - _TOLERANCE_MM:
        findings.add("bleed-too-small", page=frame.number, found=max(0.0, least), expected=expect.bleed_mm)


def size(width_mm: float, height_mm: float) -> str:
    """A page size as people write it."""
    return f"{width_mm:.1f} × {height_mm:.1f} mm".replace(".0 ", " ")


def compare(frames: list[PageFrame], findings: Findings) -> None:
    """Notes pages whose trim is not that of the first."""
    cut = [frame for frame in frames if frame.has_trim]
    first = cut[0].trim_mm if cut else (0.0, 0.0)
    for frame in cut[1:]:
        width, height = frame.trim_mm
        if abs(width - first[0]) > _TOLERANCE_MM or abs(height - first[1]) > _TOLERANCE_MM:
            findings.add("page-sizes-differ", page=frame.number, found=size(width, height), expected=size(*first))
