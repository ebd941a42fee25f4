from __future__ import annotations

from pathlib import Path
from typing import Any

import photographs as photo
import pytest
from PIL import Image

from leaflets.domain.press.geometry import FORMATS
from leaflets.domain.press.printing import PressSpec, Purpose
from leaflets.domain.press.problem import Level
from leaflets.domain.template import Frame, Kind, Template, Voice, Zone
from leaflets.press.placing import Placed, place_pictures

ORIGINAL = "a" * 64
NEWSPRINT = PressSpec(ink_limit_percent=240)


def a_template(folder: Path, *, min_ppi: int = 200) -> Template:
    portrait = Zone(
        "portrait",
        Kind.PICTURE,
        "Portrait",
        "You, from the shoulders up.",
        Voice.PERSONAL,
        "front",
        frame=Frame(60, 40),
        min_ppi=min_ppi,
    )
    headline = Zone("headline", Kind.LINE, "Headline", "One promise.", Voice.MESSAGE, "front")
    return Template("card", "1", "Card", "A card.", "To try", FORMATS["a6"], (portrait, headline), folder)


@pytest.fixture
def master(tmp_path: Path) -> Path:
    return photo.saved(photo.patches((1200, 800)), tmp_path / "master.jpg", quality=95)


def placed(
    folder: Path,
    value: Any,
    masters: dict[str, Path],
    purpose: Purpose = Purpose.PRINT,
    spec: PressSpec | None = None,
    **how: int,
) -> Placed:
    return place_pictures(
        a_template(folder, **how),
        {"portrait": value, "headline": "Words"},
        masters,
        purpose=purpose,
        spec=spec or PressSpec(),
        cache=folder / "cache",
    )


def chosen(focus: Any = (0.5, 0.5)) -> dict[str, Any]:
    return {"picture": ORIGINAL, "focus": list(focus), "alt": "Six colours"}


def test_a_chosen_picture_is_placed_in_inks_for_print_and_in_screen_colours_for_a_proof(
    tmp_path: Path, master: Path
) -> None:
    for purpose, mode, width_px in ((Purpose.PRINT, "CMYK", 709), (Purpose.PROOF, "RGB", 354)):
        found = placed(tmp_path, chosen(), {ORIGINAL: master}, purpose)
        assert found.problems == ()
        picture = found.pictures["portrait"]
        assert (picture.width_px, picture.alt) == (width_px, "Six colours")
        assert picture.ppi == pytest.approx(508)
        with Image.open(picture.path) as image:
            assert (image.mode, image.width) == (mode, width_px)


def test_a_crop_is_made_once_and_again_only_when_something_that_decides_it_changes(
    tmp_path: Path, master: Path
) -> None:
    first = placed(tmp_path, chosen(), {ORIGINAL: master})
    written = first.pictures["portrait"].path.stat().st_mtime_ns
    assert (
        placed(tmp_path, {**chosen(), "alt": "Other words"}, {ORIGINAL: master}).pictures["portrait"].alt
        == "Other words"
    )
    again = placed(tmp_path, chosen(), {ORIGINAL: master})
    assert again == first
    assert first.pictures["portrait"].path.stat().st_mtime_ns == written
    others = (
        placed(tmp_path, chosen((0.1, 0.5)), {ORIGINAL: master}),
        placed(tmp_path, chosen(), {ORIGINAL: master}, Purpose.PROOF),
        placed(tmp_path, chosen(), {ORIGINAL: master}, spec=NEWSPRINT),
        placed(tmp_path, {**chosen(), "picture": "b" * 64}, {"b" * 64: master}),
    )
    assert len({found.pictures["portrait"].path for found in (first, *others)}) == 5


def test_a_kept_crop_that_a_crash_has_spoilt_is_made_again(tmp_path: Path, master: Path) -> None:
    first = placed(tmp_path, chosen(), {ORIGINAL: master}).pictures["portrait"]
    whole = first.path.read_bytes()
    first.path.write_bytes(b"")
    assert placed(tmp_path, chosen(), {ORIGINAL: master}).pictures["portrait"] == first
    assert first.path.read_bytes() == whole


def test_a_sample_s_picture_is_found_in_the_template_s_folder(tmp_path: Path) -> None:
    photo.saved(photo.with_hole(photo.patches((1200, 800))), tmp_path / "portrait.png")
    found = placed(tmp_path, {"file": "portrait.png", "focus": [0.5, 0.5], "alt": "Six"}, {})
    assert found.problems == ()
    assert found.pictures["portrait"].width_px == 709


def test_no_name_leads_out_of_the_template_s_folder(tmp_path: Path, master: Path) -> None:
    folder = tmp_path / "template"
    folder.mkdir()
    (folder / "link.jpg").symlink_to(master)
    for name in ("../master.jpg", str(master), "link.jpg", "a/../../master.jpg", "none.jpg", ".", "\0"):
        found = placed(folder, {"file": name, "alt": "x"}, {})
        assert [problem.code for problem in found.problems] == ["picture-missing"], name
        assert found.pictures == {}


def test_a_picture_that_is_gone_is_an_error_and_not_a_gap(tmp_path: Path) -> None:
    for masters in ({}, {ORIGINAL: tmp_path / "deleted.jpg"}):
        (problem,) = placed(tmp_path, chosen(), masters).problems
        assert (problem.code, problem.level, problem.zone) == ("picture-missing", Level.ERROR, "portrait")
        assert problem.message == "Portrait: the photo is not here any more; choose it again."


def test_a_picture_that_cannot_be_read_is_an_error_with_what_to_do(tmp_path: Path, master: Path) -> None:
    master.write_bytes(master.read_bytes()[:3000])
    (problem,) = placed(tmp_path, chosen(), {ORIGINAL: master}).problems
    assert (problem.code, problem.level, problem.zone) == ("picture-unreadable", Level.ERROR, "portrait")
    assert problem.message.startswith("Portrait: the photo cannot be read. This photo stops before its end")


@pytest.mark.parametrize(
    ("width_px", "level", "message"),
    [
        (709, None, ""),
        (
            600,
            Level.NOTE,
            "Portrait: the photo has 254 ppi at this size: enough, though 800 pixels across would be sharper.",
        ),
        (
            474,
            Level.NOTE,
            "Portrait: the photo has 201 ppi at this size: enough, though 800 pixels across would be sharper.",
        ),
        (
            338,
            Level.WARNING,
            "Portrait: the photo will look soft: 143 ppi at this size; "
            "a photo at least 500 pixels wide would be sharp.",
        ),
        (
            300,
            Level.ERROR,
            "Portrait: the photo is too small: 127 ppi at this size; choose one at least 500 pixels wide, "
            "or show more of it.",
        ),
    ],
)
def test_a_picture_with_too_few_pixels_for_its_size_is_said_in_pixels(
    width_px: int, level: Level | None, message: str, tmp_path: Path
) -> None:
    small = photo.saved(photo.patches((width_px, width_px * 2 // 3)), tmp_path / "small.png")
    found = placed(tmp_path, chosen(), {ORIGINAL: small})
    assert [(problem.level, problem.message) for problem in found.problems] == ([(level, message)] if level else [])
    assert "portrait" in found.pictures  # a proof still shows it


def test_newsprint_asks_for_no_more_than_it_can_show(tmp_path: Path) -> None:
    small = photo.saved(photo.patches((360, 240)), tmp_path / "small.png")
    assert [problem.level for problem in placed(tmp_path, chosen(), {ORIGINAL: small}).problems] == [Level.WARNING]
    assert placed(tmp_path, chosen(), {ORIGINAL: small}, spec=NEWSPRINT).problems == ()


def test_a_printer_who_asks_for_more_than_the_template_is_heard(tmp_path: Path) -> None:
    small = photo.saved(photo.patches((600, 400)), tmp_path / "small.png")
    assert placed(tmp_path, chosen(), {ORIGINAL: small}).problems[0].level is Level.NOTE
    strict = placed(tmp_path, chosen(), {ORIGINAL: small}, spec=PressSpec(min_ppi=280))
    assert strict.problems[0].level is Level.WARNING


def test_a_zoom_shows_less_of_the_picture_at_fewer_pixels_an_inch(tmp_path: Path, master: Path) -> None:
    whole = placed(tmp_path, chosen(), {ORIGINAL: master}).pictures["portrait"]
    said = placed(tmp_path, chosen() | {"zoom": 1}, {ORIGINAL: master}).pictures["portrait"]
    close = placed(tmp_path, chosen((1 / 6, 1 / 4)) | {"zoom": 4}, {ORIGINAL: master})
    assert said.path == whole.path  # a value from before there was a zoom means the same
    assert close.pictures["portrait"].ppi == pytest.approx(127)
    assert [problem.code for problem in close.problems] == ["picture-too-small"]
    with Image.open(
        placed(tmp_path, chosen((1 / 6, 1 / 4)) | {"zoom": 4}, {ORIGINAL: master}, Purpose.PROOF)
        .pictures["portrait"]
        .path
    ) as image:
        assert photo.furthest([image.getpixel((9, 9)), image.getpixel((290, 190))], [photo.PATCHES[0]] * 2) < 3


@pytest.mark.parametrize("value", [None, {}, "", []])
def test_an_empty_zone_is_left_to_the_check_of_values(value: Any, tmp_path: Path) -> None:
    assert placed(tmp_path, value, {}) == Placed()


@pytest.mark.parametrize("value", ["a photo", [1], {"picture": 7}, {"file": ["x"]}, {"alt": "no picture at all"}])
def test_a_value_of_the_wrong_shape_is_a_problem_and_no_traceback(value: Any, tmp_path: Path) -> None:
    assert [problem.code for problem in placed(tmp_path, value, {}).problems] == ["picture-missing"]


@pytest.mark.parametrize("zoom", ["2", None, [2], 0.5, 99, float("nan"), 10**400, -1])
def test_a_zoom_of_the_wrong_shape_is_none(zoom: Any, tmp_path: Path, master: Path) -> None:
    found = placed(tmp_path, chosen() | {"zoom": zoom}, {ORIGINAL: master})
    assert found.pictures["portrait"].ppi == pytest.approx(508)


@pytest.mark.parametrize("focus", [None, "middle", [1], [None, 2], ["0.5", "0.5"]])
def test_a_focus_of_the_wrong_shape_is_the_middle(focus: Any, tmp_path: Path, master: Path) -> None:
    found = placed(tmp_path, {**chosen(), "focus": focus}, {ORIGINAL: master})
    assert found.pictures["portrait"].path == placed(tmp_path, chosen(), {ORIGINAL: master}).pictures["portrait"].path
