from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leaflets.domain.press.picture import MOST_ZOOM, Sharpness, crop_to, placed_ppi, sharpness, width_needed
from leaflets.domain.template import Frame

SIDES = st.integers(200, 40_000)
LENGTHS = st.floats(5, 420)
SHARES = st.floats(-1, 2)
ZOOMS = st.floats(-5, 50)


@given(SIDES, SIDES, LENGTHS, LENGTHS, SHARES, SHARES, ZOOMS)
@example(200, 40_000, 420, 5, 2, -1, MOST_ZOOM)
def test_a_crop_stays_inside_the_picture_and_has_the_shape_of_the_frame(
    width: int, height: int, frame_width: float, frame_height: float, x: float, y: float, zoom: float
) -> None:
    crop = crop_to(width, height, Frame(frame_width, frame_height), (x, y), zoom)
    left, top, right, bottom = crop.box
    assert left >= 0
    assert top >= 0
    assert right <= width * (1 + 1e-12)
    assert bottom <= height * (1 + 1e-12)
    assert crop.width_px / crop.height_px == pytest.approx(frame_width / frame_height)


@given(SIDES, SIDES, LENGTHS, LENGTHS, st.floats(1, MOST_ZOOM))
def test_a_zoom_costs_as_much_sharpness_as_it_shows_less(
    width: int, height: int, frame_width: float, frame_height: float, zoom: float
) -> None:
    frame = Frame(frame_width, frame_height)
    ppi = placed_ppi(width, height, frame, zoom)
    assert ppi * zoom == pytest.approx(placed_ppi(width, height, frame))
    needed = width_needed(width, height, frame, 300, zoom)
    assert placed_ppi(needed, round(needed * height / width), frame, zoom) >= 300 * 0.99


@given(SIDES, SIDES, LENGTHS, LENGTHS, st.floats(0, 1), st.floats(0, 1), st.floats(1, MOST_ZOOM))
def test_the_middle_of_a_crop_gives_the_same_crop_again(
    width: int, height: int, frame_width: float, frame_height: float, x: float, y: float, zoom: float
) -> None:
    frame = Frame(frame_width, frame_height)
    crop = crop_to(width, height, frame, (x, y), zoom)
    middle = ((crop.left_px + crop.width_px / 2) / width, (crop.top_px + crop.height_px / 2) / height)
    assert crop_to(width, height, frame, middle, zoom).box == pytest.approx(crop.box, abs=1e-6 * max(width, height))


@pytest.mark.parametrize(
    ("ppi", "words"),
    [
        (300, "good"),
        (199.6, "good"),
        (199.4, "soft"),
        (180, "soft"),
        (133.5, "soft"),
        (133.4, "too-small"),
        (1, "too-small"),
    ],
)
def test_two_thirds_of_what_is_asked_for_is_the_least(ppi: float, words: str) -> None:
    assert sharpness(ppi, 200) is Sharpness(words)
