"""Where text stands: inside the safe area, and clear of the folds."""

from __future__ import annotations

from leaflets.domain.press.geometry import POINTS_PER_MM
from leaflets.press.preflight.expectation import Expectation
from leaflets.press.preflight.findings import Findings
from leaflets.press.preflight.geometry import Box, PageFrame, common
from leaflets.press.preflight.scene import Kind, Scene

_TOLERANCE_MM = 0.3  # text is measured by its type size, not by its outlines
_CUT_MM = 1.5
_ACROSS_MM = 0.5


def check(scene: Scene, frame: PageFrame, expect: Expectation, findings: Findings) -> None:
    """Notes text too near to the trim or to a fold."""
    folds = [
        (fold, frame.trim[0] + fold * POINTS_PER_MM / frame.unit)
        for fold in (expect.folds_on(frame.number) if not frame.turned else ())
    ]
    for mark in scene.marks:
        if mark.kind is not Kind.TEXT or mark.inner or common(mark.box, frame.bleed) is None:
            continue
        _check_trim(mark.box, frame, expect, findings)
        for fold_mm, fold in folds:
            _check_fold(mark.box, fold_mm, fold, frame, expect, findings)


def _check_trim(box: Box, frame: PageFrame, expect: Expectation, findings: Findings) -> None:
    trim = frame.trim
    gaps = {
        "left": box[0] - trim[0],
        "bottom": box[1] - trim[1],
        "right": trim[2] - box[2],
        "top": trim[3] - box[3],
    }
    side = min(gaps, key=lambda key: gaps[key])
    gap = frame.mm(gaps[side])
    if gap >= expect.safe_from_trim_mm - _TOLERANCE_MM:
        return
    findings.add(
        "text-cut" if gap < _CUT_MM else "text-near-trim",
        page=frame.number,
        place=frame.place(box),
        worse=-gap,
        found=max(0.0, gap),
        side=side,
        expected=expect.safe_from_trim_mm,
    )


def _check_fold(
    box: Box, fold_mm: float, fold: float, frame: PageFrame, expect: Expectation, findings: Findings
) -> None:
    before, after = frame.mm(fold - box[0]), frame.mm(box[2] - fold)
    if min(before, after) > _ACROSS_MM:
        findings.add(
            "text-across-fold",
            page=frame.number,
            place=frame.place(box),
            key=fold_mm,
            worse=min(before, after),
            found=fold_mm,
        )
        return
    gap = max(0.0, -before, -after)
    if gap < expect.safe_from_fold_mm - _TOLERANCE_MM:
        findings.add(
            "text-near-fold",
            page=frame.number,
            place=frame.place(box),
            key=fold_mm,
            worse=-gap,
            gap=gap,
            found=fold_mm,
            expected=expect.safe_from_fold_mm,
        )
