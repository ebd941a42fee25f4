"""The pictures by which the library shows a template: its cover, and every side in every kit's colours."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from leaflets.domain.press.printing import Purpose
from leaflets.domain.template import Kit, Template
from leaflets.press.render import render_proof
from leaflets.press.sample import sample_inputs

COVER_HEIGHT_PX = 1200
SIDE_WIDTH_PX = 1400
QUALITY = 80


@dataclass(frozen=True, slots=True)
class Picture:
    """A WebP file for the template's folder; `name` is its path in there."""

    name: str
    content: bytes


def showcase(template: Template, cover_kit: Kit, kits: Iterable[Kit], cache: Path) -> Iterator[Picture]:
    """thumbnail.webp, the first panel in `cover_kit`; and sides/<kit>-<side>.webp, counted from 1."""
    for kit in kits:
        proof = render_proof(sample_inputs(template, kit, Purpose.PROOF), cache)
        pages = [Image.open(io.BytesIO(page.webp)) for page in proof.pages]
        for number, page in enumerate(pages, 1):
            yield Picture(f"sides/{kit.key}-{number}.webp", _webp(page, width_px=SIDE_WIDTH_PX))
        if kit.key == cover_kit.key:
            cover = _cover(template, pages)
            yield Picture("thumbnail.webp", _webp(cover, width_px=round(COVER_HEIGHT_PX * cover.width / cover.height)))


def _cover(template: Template, pages: Sequence[Image.Image]) -> Image.Image:
    """The panel that a reader sees first."""
    panel = template.format.panels[0]
    page = pages[panel.side]
    px_per_mm = page.width / template.format.width_mm
    left, top = panel.x_mm * px_per_mm, panel.y_mm * px_per_mm
    return page.crop((left, top, left + panel.width_mm * px_per_mm, top + panel.height_mm * px_per_mm))


def _webp(picture: Image.Image, *, width_px: int) -> bytes:
    out = io.BytesIO()
    height_px = round(picture.height * width_px / picture.width)
    picture.resize((width_px, height_px), Image.Resampling.LANCZOS).save(out, "WEBP", quality=QUALITY, method=6)
    return out.getvalue()
