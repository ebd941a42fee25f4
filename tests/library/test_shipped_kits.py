"""The shipped brand kits: colours that can be read, printed and trusted on a screen."""

from __future__ import annotations

import io

import pytest
from PIL import Image, ImageCms

from leaflets.catalogue import Library
from leaflets.domain.template import Ink
from leaflets.press.colour import profile_bytes

KITS = ("harbour-alliance", "hearth-and-field", "towpath-movement")
INK_LIMIT_PERCENT = 280
READABLE = 4.5  # WCAG 2.2, 1.4.3: text
SEEN = 3.0  # WCAG 2.2, 1.4.3: large text, 18 pt or 14 pt bold

# Row: what is set, on which ground, and the contrast that its size needs.
PAIRS = (
    ("on-primary", "primary", READABLE),
    ("on-accent", "accent", READABLE),
    ("ink", "paper", READABLE),
    ("ink", "tint", READABLE),
    ("primary", "paper", READABLE),
    ("primary", "tint", READABLE),
    ("accent", "primary", SEEN),
)


def _luminance(ink: Ink) -> float:
    """WCAG 2.2, relative luminance."""
    channels = [int(ink.screen[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


@pytest.mark.parametrize(("words", "ground", "enough"), PAIRS)
@pytest.mark.parametrize("key", KITS)
def test_words_stand_out_from_their_ground(library: Library, key: str, words: str, ground: str, enough: float) -> None:
    inks = library.kit(key).inks
    low, high = sorted((_luminance(inks[words]), _luminance(inks[ground])))
    assert (high + 0.05) / (low + 0.05) >= enough


@pytest.mark.parametrize("key", KITS)
def test_no_colour_asks_for_more_ink_than_any_coated_paper_takes(library: Library, key: str) -> None:
    for name, ink in library.kit(key).inks.items():
        assert ink.cyan + ink.magenta + ink.yellow + ink.black <= INK_LIMIT_PERCENT, name


@pytest.mark.parametrize("key", KITS)
def test_the_screen_shows_what_the_inks_will_be_on_paper(library: Library, key: str) -> None:
    """Relative colorimetric, as a proof is shown; one level of rounding in each channel."""
    to_screen = ImageCms.buildTransform(
        ImageCms.ImageCmsProfile(io.BytesIO(profile_bytes("fogra39"))),
        ImageCms.createProfile("sRGB"),
        "CMYK",
        "RGB",
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        flags=ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    for name, ink in library.kit(key).inks.items():
        levels = tuple(round(share * 2.55) for share in (ink.cyan, ink.magenta, ink.yellow, ink.black))
        shown = ImageCms.applyTransform(Image.new("CMYK", (1, 1), levels), to_screen)
        assert shown is not None
        written = tuple(int(ink.screen[place : place + 2], 16) for place in (1, 3, 5))
        assert all(abs(a - b) <= 1 for a, b in zip(shown.getpixel((0, 0)), written, strict=True)), name


def test_no_two_kits_share_a_typeface_for_headings_or_a_colour(library: Library) -> None:
    assert len({kit.fonts["heading"] for kit in library.kits}) == len(library.kits)
    assert len({kit.inks["primary"].screen for kit in library.kits}) == len(library.kits)
