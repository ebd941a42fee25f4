"""The gate for uploads: what the web process looks at before a picture costs memory.

Nothing here decodes a pixel and no image library is loaded. Each reader walks the structure of one file format,
holds a few kilobytes of it, and stops at counts that no honest file reaches. The worker's full decode
(`leaflets.press.picture`) is the second gate.
"""

from __future__ import annotations

import struct
from contextlib import nullcontext
from pathlib import Path
from typing import BinaryIO

from leaflets.domain.press.picture import PictureHeader, PictureLimits, check_dimensions, check_file_size, refused
from leaflets.intake import heif, jpeg, png, tiff, webp
from leaflets.intake.pieces import write_piece
from leaflets.intake.signature import HEAD_BYTES, recognise
from leaflets.intake.stowaway import refuse_stowaways
from leaflets.intake.upload import Readable, Received, receive

__all__ = ["HEAD_BYTES", "Readable", "Received", "inspect", "receive", "recognise", "write_piece"]

_READERS = {"JPEG": jpeg.read, "PNG": png.read, "WEBP": webp.read, "HEIF": heif.read, "TIFF": tiff.read}


def inspect(source: Path | BinaryIO, *, filename: str, limits: PictureLimits | None = None) -> PictureHeader:
    """What the file says it is, or `PictureRefused` with one of the codes of `leaflets.domain.press.picture.REFUSALS`.

    `filename` is the name on the person's own computer; it is never used as a path. A `source` that is an open file
    is left open, at any position. `OSError` when our own copy cannot be read.
    """
    with source.open("rb") if isinstance(source, Path) else nullcontext(source) as file:
        return _inspect(file, filename, limits or PictureLimits())


def _inspect(file: BinaryIO, filename: str, limits: PictureLimits) -> PictureHeader:
    size = file.seek(0, 2)
    check_file_size(size, limits)
    file.seek(0)
    format_ = recognise(file.read(HEAD_BYTES), filename)
    try:
        container = _READERS[format_](file, size)
    except (struct.error, ValueError, IndexError, KeyError, OverflowError) as error:
        raise refused("picture-damaged") from error
    if container.animated:
        raise refused("picture-animated")
    check_dimensions(container.width_px, container.height_px, limits)
    refuse_stowaways(file, size, container.end)
    return PictureHeader(format_, container.width_px, container.height_px, container.mode, size)
