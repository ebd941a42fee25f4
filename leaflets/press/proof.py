"""Page images, for the screen: of a proof, and of a finished PDF."""

from __future__ import annotations

import io
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256

import pypdfium2
from PIL import Image

from leaflets.press.job import PageImage

QUALITY = 82
EFFORT = 1  # of libwebp's 0 to 6: 2 takes twice as long for a twentieth fewer bytes

_NONE: Mapping[str, str] = {}


def page_images(
    pdf: bytes, *, sides: int, ppi: float, bleed: bool = False, kept: Mapping[str, str] = _NONE
) -> tuple[PageImage, ...]:
    """The first `sides` pages, each cut at its TrimBox or BleedBox, as WebP at `ppi` pixels an inch of paper.

    `kept` maps the hash of pixels to the name of an image that shows them: those are not written again.
    """
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = min(sides, len(document))
        with ThreadPoolExecutor(sides) as pool:  # libwebp runs without the interpreter's lock
            made = [pool.submit(_webp, _draw(document[number], ppi, bleed), kept) for number in range(count)]
            return tuple(image.result() for image in made)
    finally:
        document.close()


def _draw(page: pypdfium2.PdfPage, ppi: float, bleed: bool) -> Image.Image:
    left, bottom, right, top = page.get_mediabox()
    box = page.get_bleedbox() if bleed else page.get_trimbox()
    crop = (box[0] - left, box[1] - bottom, right - box[2], top - box[3])
    bitmap = page.render(scale=ppi / 72, crop=crop, rev_byteorder=True)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    page.close()
    return picture


def _webp(picture: Image.Image, kept: Mapping[str, str]) -> PageImage:
    pixels = sha256(picture.tobytes()).hexdigest()
    if name := kept.get(pixels):
        return PageImage(b"", picture.width, picture.height, pixels, name)
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return PageImage(out.getvalue(), picture.width, picture.height, pixels)
