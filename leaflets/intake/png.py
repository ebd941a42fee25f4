"""PNG (ISO/IEC 15948, third edition): its chunks from IHDR to IEND."""

from __future__ import annotations

import struct
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import Container, take

_MODES = {0: "L", 2: "RGB", 3: "P", 4: "LA", 6: "RGBA"}  # 11.2.1, colour type
# Encoders write image data in chunks of 8 KB or more: 60 MB are some 7,500 of them.
_MOST_CHUNKS = 100_000


def read(file: BinaryIO, size: int) -> Container:
    """Walk the chunks. `acTL` before the image makes it an animation (11.3.6.1)."""
    file.seek(8)
    length, kind, width, height, depth, colour = struct.unpack(">I4sIIBB", take(file, 18))
    if kind != b"IHDR" or length != 13 or colour not in _MODES:
        raise refused("picture-damaged")
    mode = _MODES[colour] + (";16" if depth == 16 else "")
    animated = image = False
    offset = 8 + 12 + length
    for _ in range(_MOST_CHUNKS):
        file.seek(offset)
        length, kind = struct.unpack(">I4s", take(file, 8))
        offset += 12 + length
        if offset > size:
            raise refused("picture-truncated")
        animated = animated or (kind == b"acTL" and not image)
        image = image or kind == b"IDAT"
        if kind == b"IEND":
            if not image:
                raise refused("picture-damaged", where=": it has no image in it")
            return Container(width, height, mode, offset, animated)
    raise refused("picture-damaged", where=": it is in too many pieces")
