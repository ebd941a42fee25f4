"""Whether a PNG brings every row that its header promises. libpng's readers fill what is missing with black."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from leaflets.domain.press.picture import refused

_SIGNATURE_BYTES = 8
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}  # ISO/IEC 15948, 11.2.1: samples a pixel, by colour type
# ISO/IEC 15948, 8.2 (Adam7): first column and row of each pass, and the steps between.
_PASSES = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))
_PIECE = 1 << 20


def check_png_rows(path: Path) -> None:
    """Raise `PictureRefused` (`picture-truncated`) when the rows of a PNG end before its last one."""
    with path.open("rb") as file:
        chunks = _chunks(file)
        _, header = next(chunks)
        missing = _promised_bytes(*struct.unpack(">IIBBBBB", header))
        inflate = zlib.decompressobj()
        for kind, data in chunks:
            left = data if kind == b"IDAT" else b""
            while left and missing > 0:
                missing -= len(inflate.decompress(left, _PIECE))
                left = inflate.unconsumed_tail
        if missing > 0:
            raise refused("picture-truncated")


def _chunks(file: BinaryIO) -> Iterator[tuple[bytes, bytes]]:
    file.seek(_SIGNATURE_BYTES)
    while len(head := file.read(8)) == 8:
        length, kind = struct.unpack(">I4s", head)
        yield kind, file.read(length)
        file.seek(4, 1)


def _promised_bytes(width: int, height: int, depth: int, colour: int, _: int, __: int, interlace: int) -> int:
    """What the image data inflate to: each row of each pass with its filter byte (ISO/IEC 15948, 7.2)."""
    bits = depth * _CHANNELS[colour]
    total = 0
    for left, top, across, down in _PASSES if interlace else ((0, 0, 1, 1),):
        columns, rows = -(-(width - left) // across), -(-(height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total
