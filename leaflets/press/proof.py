"""Page images, for the screen: of a proof, and of a finished PDF."""

from __future__ import annotations

import io
from concurrent.futures import ThreadPoolExecutor

import pypdfium2
from PIL import Image

from leaflets.press.job import PageImage

QUALITY = 82
EFFORT = 1  # of libwebp's 0 to 6: 2 takes twice as long for a twentieth fewer bytes


def page_images(pdf: bytes, *, sides: int, ppi: float) -> tuple[PageImage, ...]:
    """The first `sides` pages, each cut at its TrimBox, as WebP at `ppi` pixels an inch of paper."""
    document = pypdfium2.PdfDocument(pdf)
    try:
        count = min(sides, len(document))
        with ThreadPoolExecutor(sides) as pool:  # libwebp runs without the interpreter's lock
            made = [pool.submit(_webp, _draw(document[number], ppi)) for number in range(count)]
            return tuple(image.result() for image in made)
    finally:
        document.close()


def _draw(page: pypdfium2.PdfPage, ppi: float) -> Image.Image:
    left, bottom, right, top = page.get_mediabox()
    trim = page.get_trimbox()
    crop = (trim[0] - left, trim[1] - bottom, right - trim[2], top - trim[3])
    bitmap = page.render(scale=ppi / 72, crop=crop, rev_byteorder=True)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    bitmap.close()
    page.close()
    return picture


def _webp(picture: Image.Image) -> PageImage:
    out = io.BytesIO()
    picture.save(out, "WEBP", quality=QUALITY, method=EFFORT)
    return PageImage(out.getvalue(), picture.width, picture.height)
