"""WebP (RFC 9649): the RIFF header and the first chunk."""

from __future__ import annotations

import struct
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import Container, take

_ANIMATION = 0x02  # RFC 9649 2.7, flags of VP8X
_ALPHA = 0x10


def read(file: BinaryIO, size: int) -> Container:
    """Read the size of the canvas from whichever of the three kinds of first chunk there is."""
    file.seek(4)
    end = 8 + int(struct.unpack("<I", take(file, 4))[0])
    if end > size:
        raise refused("picture-truncated")
    file.seek(12)
    kind = take(file, 4)
    file.seek(20)
    head = take(file, 10)
    if kind == b"VP8X":
        width, height = (1 + int.from_bytes(head[at : at + 3], "little") for at in (4, 7))
        return Container(width, height, "RGBA" if head[0] & _ALPHA else "RGB", end, bool(head[0] & _ANIMATION))
    if kind == b"VP8 " and head[3:6] == b"\x9d\x01\x2a":  # RFC 6386 9.1
        width, height = (side & 0x3FFF for side in struct.unpack("<HH", head[6:10]))
        return Container(width, height, "RGB", end)
    if kind == b"VP8L" and head[0] == 0x2F:  # RFC 9649 3.4: 14 bits of width - 1, 14 of height - 1, alpha
        bits = int.from_bytes(head[1:5], "little")
        return Container(1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF), "RGBA" if bits >> 28 & 1 else "RGB", end)
    raise refused("picture-damaged")
