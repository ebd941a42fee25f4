from __future__ import annotations

from itertools import pairwise

import pytest

from leaflets.domain.press.geometry import FORMATS, Format


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS.keys())
def test_the_panels_of_each_side_tile_the_sheet_without_gap_or_overlap(format_: Format) -> None:
    for side in range(format_.sides):
        panels = sorted((panel for panel in format_.panels if panel.side == side), key=lambda panel: panel.x_mm)
        assert panels[0].x_mm == 0
        for left, right in pairwise(panels):
            assert left.x_mm + left.width_mm == pytest.approx(right.x_mm)
        assert panels[-1].x_mm + panels[-1].width_mm == pytest.approx(format_.width_mm)
        assert {panel.height_mm for panel in panels} == {format_.height_mm}


@pytest.mark.parametrize("format_", FORMATS.values(), ids=FORMATS.keys())
def test_every_fold_lies_where_two_panels_meet_and_in_the_same_place_from_behind(format_: Format) -> None:
    for side in range(format_.sides):
        inner_edges = sorted(panel.x_mm for panel in format_.panels if panel.side == side and panel.x_mm > 0)
        assert list(format_.folds_on(side)) == pytest.approx(inner_edges)
    behind = sorted(format_.width_mm - x_mm for x_mm in format_.folds_on(1))
    assert list(format_.folds_on(0)) == pytest.approx(behind)


def test_the_panel_that_folds_in_is_three_millimetres_narrower() -> None:
    roll = FORMATS["a4-to-dl"]
    assert [roll.panel(key).width_mm for key in ("flap", "back", "cover")] == [97, 100, 100]
    assert [roll.panel(key).width_mm for key in ("inside-left", "inside-middle", "inside-right")] == [100, 100, 97]
    assert roll.panels[0].key == "cover"
    assert roll.panels[1].key == "flap"


def test_the_cover_of_a_folded_sheet_is_on_the_right_of_the_outside() -> None:
    for key in ("a4-to-a5", "a3-to-a4", "a4-to-dl"):
        format_ = FORMATS[key]
        cover = format_.panel("cover")
        assert cover.side == 0
        assert cover.x_mm + cover.width_mm == pytest.approx(format_.width_mm)


def test_a_concertina_ends_with_the_face_that_lies_underneath_and_then_the_other_side() -> None:
    zigzag = FORMATS["a4-to-dl-z"]
    assert [panel.key for panel in zigzag.panels[:4]] == ["cover", "inside-left", "inside-middle", "inside-right"]
    assert "address" in zigzag.panel("inside-right").label
    assert "address" in FORMATS["a4-to-dl"].panel("back").label
