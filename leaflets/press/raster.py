"""Pictures already in a PDF (ISO 32000-1, 8.9): RGB becomes CMYK or grey; what is in inks stays byte for byte."""

from __future__ import annotations

import io
import zlib
from typing import Any

from pikepdf import Array, Name, PdfError, PdfImage, Stream
from pikepdf.models.image import UnsupportedImageTypeError
from PIL import Image

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec
from leaflets.press.colour import picture_to_inks
from leaflets.press.ink_limit import within_ink_limit
from leaflets.press.spaces import Model, inks_of, model_of

_JPEG_QUALITY = 92  # print.md: never below 90
_LIGHT_DEFLATE = 4  # of pixels; higher levels cost seconds on a photo and save little
_CUTOUT_EDGE_SHARE = 0.05
"""A mask whose half-transparent pixels are fewer than this is a cut-out with soft edges, not a fade."""
_CUTOUT_SCALE = 4


def separate_picture(picture: Stream, resources: Any, spec: PressSpec, *, grey: bool) -> None:
    """Turn one image XObject, in place, into DeviceCMYK or DeviceGray.

    JPEG stays JPEG (4:4:4, quality 92), anything else is deflated without loss. A picture whose pixels are all
    neutral becomes DeviceGray, which prints in black ink alone. Raises `Invalid` when it cannot be read.
    """
    space = picture.get("/ColorSpace")
    if picture.get("/ImageMask", False) or space is None:
        return
    if space == Name.DeviceGray or (space == Name.DeviceCMYK and not grey):
        return
    indexed = not isinstance(space, Name) and str(space[0]) == "/Indexed"
    if not indexed and model_of(space, resources) is Model.CMYK and not grey:
        picture["/ColorSpace"] = Name.DeviceCMYK
        return
    seen = _decoded(picture)
    neutral = grey or _is_neutral(seen)
    made = seen.convert("L") if neutral else picture_to_inks(seen.convert("RGB"), spec.profile)
    if not neutral:
        made = within_ink_limit(made, spec.ink_limit_percent)
    _recolour_matte(picture, made.mode, spec)
    _write(picture, made)


def harden_mask(picture: Stream) -> bool:
    """Rid a picture of its soft mask, for PDF/X-1a. False when the mask is a real fade and cannot be hardened.

    An all-opaque mask goes; a cut-out with soft edges becomes a stencil mask of four times the resolution, so
    that its edge stays smooth.
    """
    mask = picture["/SMask"]
    alpha = _decoded(mask).convert("L")
    counts = alpha.histogram()
    if not sum(counts[:255]):
        del picture["/SMask"]
        return True
    if sum(counts[8:248]) > _CUTOUT_EDGE_SHARE * alpha.width * alpha.height:
        return False
    fine = alpha.resize((alpha.width * _CUTOUT_SCALE, alpha.height * _CUTOUT_SCALE), Image.Resampling.BILINEAR)
    stencil = fine.point(lambda value: 255 if value < 128 else 0).convert("1")  # 1 hides (8.9.6.3)
    for key in ("/ColorSpace", "/Decode", "/Matte"):
        if key in mask:
            del mask[key]
    mask.write(zlib.compress(stencil.tobytes(), 9), filter=Name.FlateDecode)
    mask["/Width"], mask["/Height"] = stencil.size
    mask["/BitsPerComponent"] = 1
    mask["/ImageMask"] = True
    del picture["/SMask"]
    picture["/Mask"] = mask
    return True


def _decoded(picture: Any) -> Image.Image:
    try:
        if picture.get("/Filter") == Name.DCTDecode and "/Decode" not in picture:
            seen = Image.open(io.BytesIO(picture.read_raw_bytes()))
            seen.load()
            return seen
        return PdfImage(picture).as_pil_image()
    except (PdfError, UnsupportedImageTypeError, NotImplementedError, OSError, ValueError) as error:
        raise Invalid(
            f"A picture of {picture.get('/Width')} × {picture.get('/Height')} pixels cannot be read: {error}.",
            "Save it again as JPEG or PNG and put it back.",
            code="picture-unreadable",
        ) from error


def _is_neutral(picture: Image.Image) -> bool:
    if picture.mode in ("1", "L"):
        return True
    if picture.mode == "CMYK":
        return False
    red, green, blue = (band.tobytes() for band in picture.convert("RGB").split())
    return red == green == blue


def _recolour_matte(picture: Stream, mode: str, spec: PressSpec) -> None:
    """The backdrop a picture was blended with (11.6.5.3) speaks the picture's own colours."""
    mask = picture.get("/SMask")
    if mask is None or "/Matte" not in mask or len(mask["/Matte"]) != 3:
        return
    red, green, blue = (float(part) for part in mask["/Matte"])
    mask["/Matte"] = Array([red] if mode == "L" else list(inks_of((red, green, blue), spec)))


def _write(picture: Stream, made: Image.Image) -> None:
    was_jpeg = picture.get("/Filter") == Name.DCTDecode
    if "/Decode" in picture:
        del picture["/Decode"]
    if was_jpeg:
        buffer = io.BytesIO()
        made.save(buffer, "JPEG", quality=_JPEG_QUALITY, subsampling=0)
        picture.write(buffer.getvalue(), filter=Name.DCTDecode)
        if made.mode == "CMYK":
            picture["/Decode"] = Array([1, 0] * 4)  # Pillow writes CMYK JPEG as Adobe does: inverted
    else:
        picture.write(zlib.compress(made.tobytes(), _LIGHT_DEFLATE), filter=Name.FlateDecode)
    picture["/ColorSpace"] = Name.DeviceCMYK if made.mode == "CMYK" else Name.DeviceGray
    picture["/BitsPerComponent"] = 8
    picture["/Width"], picture["/Height"] = made.size
