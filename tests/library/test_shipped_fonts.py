"""The shipped type families: whole, open, and able to set the names that people have."""

from __future__ import annotations

import pytest
from fontTools.ttLib import TTFont

from leaflets import typefaces

FAMILIES = ("Archivo", "Atkinson Hyperlegible Next", "Barlow Condensed", "Fraunces", "Public Sans", "Source Serif 4")
STYLES = {(400, "normal"), (400, "italic"), (700, "normal"), (800, "normal")}
# Row: language, and letters of it that a Latin-only font lacks; then what every leaflet needs.
LETTERS = (
    ("Welsh", "ÂâÊêÎîÔôÛûŴŵŶŷẀẁẂẃẄẅỲỳ"),
    ("Gaelic", "ÀàÈèÌìÒòÙùÁáÉéÍíÓóÚú"),
    ("Polish", "ĄąĆćĘęŁłŃńÓóŚśŹźŻż"),
    ("Czech and Slovak", "ČčĎďĚěŇňŘřŠšŤťŮůŽžĽľĹĺŔŕ"),
    ("Hungarian, Romanian, Turkish", "ŐőŰűĂăȘșȚțĞğİıŞş"),
    ("Baltic and Nordic", "ĀāĖėĢģĶķĻļŅņŪūŲųÅåÆæØøÞþÐð"),
    ("punctuation", "“”‘’–—…•·£€%½¼¾×°©†"),
)


def test_the_families_are_the_ones_that_kits_may_name() -> None:
    assert tuple(typefaces.families()) == FAMILIES


@pytest.mark.parametrize("name", FAMILIES)
def test_every_style_of_a_family_sets_every_name(name: str) -> None:
    family = typefaces.families()[name]
    assert {(face.weight, face.style) for face in family.faces} == STYLES
    for face in family.faces:
        with TTFont(face.path) as font:
            characters = font.getBestCmap()
            missing = {
                language: [one for one in letters if ord(one) not in characters] for language, letters in LETTERS
            }
            assert not any(missing.values()), (face.path.name, missing)
            assert "kern" in {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
            assert font["OS/2"].usWeightClass == face.weight
            assert font["OS/2"].fsType == 0, "may be embedded without limits"


@pytest.mark.parametrize("name", FAMILIES)
def test_the_licence_lies_beside_the_files(name: str) -> None:
    folder = typefaces.families()[name].faces[0].path.parent
    assert "SIL OPEN FONT LICENSE" in (folder / "OFL.txt").read_text(encoding="utf-8")
