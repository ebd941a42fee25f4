"""The comparison with golden images sees a changed word and forgives an edge."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image, ImageDraw


def _page(word: str, *, at_px: float = 20) -> Image.Image:
    page = Image.new("RGB", (300, 200), "white")
    ImageDraw.Draw(page).text((at_px, 60), word, fill="black", font_size=60)
    return page


@pytest.fixture
def golden_folder(tmp_path: Path) -> Path:
    _page("Vote").save(tmp_path / "page.webp", lossless=True)
    return tmp_path


def test_the_same_page_passes(golden: Callable[[str, Image.Image], None]) -> None:
    golden("page", _page("Vote"))


@pytest.mark.parametrize(
    ("page", "said"),
    [
        (_page("Veto"), "changed"),
        (_page("Vote", at_px=23), "changed"),
        (_page("Vote").resize((301, 200)), "size"),
    ],
)
def test_another_page_fails(golden: Callable[[str, Image.Image], None], page: Image.Image, said: str) -> None:
    with pytest.raises(AssertionError, match=said):
        golden("page", page)


def test_a_page_without_a_golden_image_fails(golden: Callable[[str, Image.Image], None]) -> None:
    with pytest.raises(AssertionError, match="no golden image yet"):
        golden("never-drawn", _page("Vote"))
