"""Profiles by name and by file, and the way between screen and ink."""

from __future__ import annotations

import zlib
from pathlib import Path

import pytest
from PIL import Image, ImageCms

from leaflets.domain.errors import Invalid
from leaflets.press import colour


def test_the_shipped_profile_is_fogra39_with_its_licence_beside_it() -> None:
    profile = colour.press_profile("fogra39")
    assert (profile.condition, profile.registry) == ("FOGRA39", "http://www.color.org")
    assert "zlib" in profile.licence
    assert profile.path.with_name("ISOcoated_v2_300_bas.LICENSE.txt").is_file()
    assert zlib.decompress(colour.deflated_profile("fogra39")) == colour.profile_bytes("fogra39")


def test_a_printers_own_profile_is_known_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "house.icc"
    path.write_bytes(colour.profile_bytes("fogra39"))
    profile = colour.press_profile(str(path))
    assert profile.condition == "Custom"
    assert profile.condition_name
    assert profile.registry == ""
    assert colour.mixed_inks((1, 0, 0), str(path)) == colour.mixed_inks((1, 0, 0), "fogra39")


@pytest.mark.parametrize("name", ["fogra99", "", "/nowhere/at-all.icc"])
def test_an_unknown_profile_is_refused_with_the_known_ones(name: str) -> None:
    with pytest.raises(Invalid, match="fogra39") as refusal:
        colour.press_profile(name)
    assert refusal.value.code == "unknown-profile"


def test_a_profile_of_a_screen_is_not_one_of_a_press(tmp_path: Path) -> None:
    path = tmp_path / "screen.icc"
    path.write_bytes(ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes())
    with pytest.raises(Invalid) as refusal:
        colour.press_profile(str(path))
    assert refusal.value.code == "profile-not-cmyk"


def test_a_colour_survives_the_way_to_ink_and_back() -> None:
    for seen in ((0.8, 0.2, 0.2), (0.2, 0.5, 0.3), (1.0, 1.0, 1.0), (0.1, 0.1, 0.1)):
        inks = tuple(round(ink * 255) for ink in colour.mixed_inks(seen, "fogra39"))
        proof = colour.picture_to_screen(Image.new("CMYK", (1, 1), inks), "fogra39")
        assert [channel / 255 for channel in proof.tobytes()] == pytest.approx(list(seen), abs=0.03)


def test_photos_keep_within_the_profiles_ink() -> None:
    every = Image.merge(
        "RGB", [Image.linear_gradient("L"), Image.radial_gradient("L"), Image.linear_gradient("L").rotate(90)]
    )
    inks = colour.picture_to_inks(every, "fogra39")
    assert inks.mode == "CMYK"
    assert 200 < colour.most_ink_percent(inks) <= 300
    assert "icc_profile" not in inks.info  # a JPEG made of it would carry a megabyte of profile


def test_a_picture_in_inks_is_not_converted_again() -> None:
    inks = Image.new("CMYK", (2, 2), (10, 20, 30, 40))
    assert colour.picture_to_inks(inks, "fogra39") is inks


def test_a_picture_with_a_broken_profile_is_refused() -> None:
    with pytest.raises(Invalid) as refusal:
        colour.picture_to_inks(Image.new("RGB", (2, 2)), "fogra39", b"not a profile")
    assert refusal.value.code == "picture-profile-unusable"


def test_the_heaviest_pixel_is_found() -> None:
    picture = Image.new("CMYK", (10, 10), (255, 0, 0, 0))
    picture.putpixel((3, 3), (255, 255, 255, 51))
    assert colour.most_ink_percent(picture) == 320
