"""Photos on the worker: cleaned once, then cropped for a frame, in inks or as a proof shows them.

`normalise` makes the *master* of an upload: upright, opaque, 8 bits, without EXIF, GPS or any other metadata; a JPEG
at quality 95 without chroma subsampling, in grey, RGB or CMYK. A wide-gamut or CMYK picture keeps its colours and
its ICC profile, so that the press sees what the camera saw and not what a screen can show. It is a JPEG because a
JPEG can be decoded at a half, a quarter or an eighth of its size (libjpeg's scaled DCT), which makes every later
crop cheap. The upload itself is kept elsewhere, untouched.

Grey photos print in all four inks: black ink alone has too little depth for a photograph.
"""

from __future__ import annotations

import io
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from leaflets.domain.errors import Unavailable
from leaflets.domain.press.picture import MM_PER_INCH, PictureLimits, crop_to, placed_ppi, press_ppi
from leaflets.domain.press.printing import PressSpec
from leaflets.domain.template import Frame
from leaflets.press.colour import picture_to_inks, picture_to_screen
from leaflets.press.ink_limit import within_ink_limit
from leaflets.press.pixels import Pixels, open_picture, to_srgb
from leaflets.press.png_data import check_png_rows

PROXY_SIDE_PX = 1600
PROOF_PPI = 150
# A3 with bleed at 300 ppi is 19 megapixels. Above this a master is made at half size, so that the largest upload
# that we take does not need the memory of its 120 megapixels.
FULL_SIZE_PIXELS = 50_000_000
SOURCE_CMYK = "fogra39"
"""What CMYK without a profile is taken to be when it must be shown on a screen and no printer is chosen yet."""


@dataclass(frozen=True, slots=True)
class Normalised:
    """The two files made of an upload, and the size of the master."""

    master: Path
    proxy: Path
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class Rendition:
    """A picture cropped to a frame. `ppi` is that of the picture it was made from, before any downsampling."""

    path: Path
    width_px: int
    height_px: int
    ppi: float


def normalise(original: Path, out_folder: Path, limits: PictureLimits | None = None) -> Normalised:
    """Write master.jpg, and proxy.jpg (sRGB, at most 1,600 pixels on the long side), into `out_folder`.

    Raises `PictureRefused` when the upload cannot be decoded in full, `Unavailable` when the disk is full.
    """
    with open_picture(original, limits) as file:
        if file.image.format == "PNG":
            check_png_rows(original)
        pixels = file.pixels(0.5 if file.width_px * file.height_px > FULL_SIZE_PIXELS else 1.0)
    master, proxy = out_folder / "master.jpg", out_folder / "proxy.jpg"
    if pixels.image.width * pixels.image.height > FULL_SIZE_PIXELS:
        pixels = Pixels(pixels.image.reduce(2), pixels.profile)
    _save(pixels.image, master, quality=95, subsampling=0, icc_profile=pixels.profile)
    width, height = pixels.image.size
    pixels.image.thumbnail((PROXY_SIDE_PX, PROXY_SIDE_PX), Image.Resampling.LANCZOS)
    _save(_on_screen(pixels), proxy, quality=85)
    return Normalised(master, proxy, width, height)


def rendition(
    picture: Path, frame: Frame, focus: tuple[float, float], spec: PressSpec, out: Path, *, zoom: float = 1.0
) -> Rendition:
    """The picture as the press prints it in this frame: a CMYK JPEG at `out`.

    At 300 ppi (150 on newsprint), or at the picture's own resolution when that is lower: it is never enlarged.
    `focus` and `zoom` are as in `crop_to`. Raises `PictureRefused` when the picture cannot be read.
    """
    inks, own_ppi = _inked(picture, frame, focus, zoom, spec, press_ppi(spec))
    return _cropped(inks, frame, own_ppi, out, quality=92)


def proxy_crop(
    picture: Path,
    frame: Frame,
    focus: tuple[float, float],
    spec: PressSpec,
    out: Path,
    *,
    zoom: float = 1.0,
    ppi: int = PROOF_PPI,
) -> Rendition:
    """The same crop for a proof: an sRGB JPEG of the colours that the inks of `rendition` will have on paper."""
    inks, own_ppi = _inked(picture, frame, focus, zoom, spec, ppi)
    return _cropped(picture_to_screen(inks, spec.profile), frame, own_ppi, out, quality=88)


def _inked(
    picture: Path, frame: Frame, focus: tuple[float, float], zoom: float, spec: PressSpec, ppi: int
) -> tuple[Image.Image, float]:
    """The crop in inks, scaled down to `ppi` where it has more; and what it had."""
    with open_picture(picture) as file:
        own_ppi = placed_ppi(file.width_px, file.height_px, frame, zoom)
        pixels = file.pixels(min(1.0, ppi / own_ppi))
    # A JPEG decoded at a fraction of its size: the crop is reckoned in the pixels that there are.
    crop = crop_to(*pixels.image.size, frame, focus, zoom)
    target = (round(frame.width_mm / MM_PER_INCH * ppi), round(frame.height_mm / MM_PER_INCH * ppi))
    size = (max(1, min(target[0], round(crop.width_px))), max(1, min(target[1], round(crop.height_px))))
    image = pixels.image.resize(size, Image.Resampling.LANCZOS, box=crop.box)
    inks = picture_to_inks(image, spec.profile, pixels.profile)
    return within_ink_limit(inks, spec.ink_limit_percent), own_ppi


def _cropped(image: Image.Image, frame: Frame, own_ppi: float, out: Path, *, quality: int) -> Rendition:
    density = round(image.width / frame.width_mm * MM_PER_INCH)
    _save(image, out, quality=quality, subsampling=0, dpi=(density, density))
    return Rendition(out, *image.size, own_ppi)


def _on_screen(pixels: Pixels) -> Image.Image:
    if pixels.image.mode == "CMYK" and pixels.profile is None:
        return picture_to_screen(pixels.image, SOURCE_CMYK)
    return to_srgb(pixels)


def _save(image: Image.Image, out: Path, **options: Any) -> None:
    """Write a JPEG that is there whole or not at all."""
    content = io.BytesIO()
    image.info = {}  # Pillow writes a comment or a profile that it finds here
    image.save(content, "JPEG", **options)
    temporary: Path | None = None
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=out.parent, prefix=".picture-", delete=False) as file:
            temporary = Path(file.name)
            file.write(content.getbuffer())
            file.flush()
        temporary.replace(out)
    except OSError as error:
        if temporary is not None:
            temporary.unlink(missing_ok=True)
        raise Unavailable(
            f"The disk that keeps pictures cannot take this one ({error.strerror or error}).",
            "Free some space; nothing was half written, and what waits is tried again.",
            code="disk",
        ) from error
