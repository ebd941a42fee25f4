"""Keeping a picture's total ink within what the paper takes.

A press profile keeps its own limit (300 % for the shipped one). A printer whose paper takes less, or a CMYK picture
that somebody else separated, needs more: the three colours give way and black stays, as in under-colour removal
(ISO 12647-2, 4.3.2.4 on tone value sum).
"""

from __future__ import annotations

from PIL import Image, ImageMath

from leaflets.press.colour import most_ink_percent

JPEG_SPILL_PERCENT = 4
"""How far JPEG's rounding lifts single pixels of a photo at quality 92 above what was put in; measured."""

_STEPS_PER_PERCENT = 255 / 100
_BAND_ROWS = 256  # sums need 32 bits a pixel and ink: never for a whole page at once


def within_ink_limit(picture: Image.Image, limit_percent: int) -> Image.Image:
    """Lighten the colours of a CMYK picture (0 is no ink), in place, where its inks together exceed the limit.

    The limit is taken less the spill of the JPEG that the picture will become. Every other pixel stays as it is.
    """
    limit = limit_percent - JPEG_SPILL_PERCENT
    for top in range(0, picture.height, _BAND_ROWS):
        band = picture.crop((0, top, picture.width, min(top + _BAND_ROWS, picture.height)))
        if most_ink_percent(band) >= limit:
            picture.paste(_lightened(band, limit), (0, top))
    return picture


def _lightened(band: Image.Image, limit_percent: float) -> Image.Image:
    cyan, magenta, yellow, black = band.split()
    share = ImageMath.lambda_eval(
        lambda inks: inks["min"](
            (limit_percent * _STEPS_PER_PERCENT - inks["float"](inks["k"]))
            / inks["max"](inks["float"](inks["c"] + inks["m"] + inks["y"]), 1.0),
            1.0,
        ),
        c=cyan,
        m=magenta,
        y=yellow,
        k=black,
    )
    colours = [
        ImageMath.lambda_eval(lambda inks: inks["convert"](inks["ink"] * inks["share"], "L"), ink=ink, share=share)
        for ink in (cyan, magenta, yellow)
    ]
    return Image.merge("CMYK", (*colours, black))
