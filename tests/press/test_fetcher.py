from __future__ import annotations

from pathlib import Path

import pytest
from card import card_job

from leaflets.press.fetcher import NotFetched, fetch_font, fetch_for
from leaflets.press.job import PlacedPicture
from leaflets.typefaces import families


def test_a_page_gets_its_own_pictures_and_files_of_its_template_and_kit(tmp_path: Path) -> None:
    picture = tmp_path / "a.jpg"
    picture.write_bytes(b"a picture")
    job = card_job(pictures={"portrait": PlacedPicture(picture, 1, 1, 300, "x")})
    assert fetch_for(job, "asset:portrait") == (b"a picture", "image/jpeg")
    assert fetch_for(job, "library:portrait.png")[0].startswith(b"\x89PNG")
    assert fetch_for(job, "library:logo.svg")[1] == "image/svg+xml"


def test_a_drawing_is_given_the_kits_inks() -> None:
    drawing = fetch_for(card_job(), "library:logo.svg")[0].decode()
    assert 'fill="#00467f"' in drawing
    assert "fill: #ffffff" in drawing


@pytest.mark.parametrize(
    "url",
    [
        "asset:../portrait",
        "asset:",
        "library:",
        "library:missing.png",
        "library:../1.0.0/portrait.png",
        "library:sub/../../../kits/plain/kit.toml",
        "library:%2e%2e/1.0.0/portrait.png",
        "library://etc/passwd",
        "LIBRARY:portrait.png",
        "font:archivo/archivo-400-normal.woff2",
        "libraryx:portrait.png",
        "file:///etc/passwd",
        "https://example.org/",
        "//example.org/",
        "",
    ],
)
def test_nothing_else_is_fetched(url: str) -> None:
    with pytest.raises(NotFetched):
        fetch_for(card_job(), url)


def test_shipped_fonts_are_fetched_and_no_other_file() -> None:
    assert fetch_font(families(), "font:archivo/archivo-400-normal.woff2")[:4] == b"wOF2"
    for url in ("font:archivo/../fonts.toml", "font:archivo/none.woff2", "font:/etc/passwd", "file:///etc/passwd"):
        with pytest.raises(NotFetched):
            fetch_font(families(), url)


def test_every_face_that_is_listed_is_shipped() -> None:
    assert len(families()) >= 2
    for family in families().values():
        assert {(face.weight, face.style) for face in family.faces} >= {(400, "normal"), (700, "normal")}
        assert all(face.path.is_file() for face in family.faces)
