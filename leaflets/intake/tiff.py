"""TIFF 6.0 and BigTIFF: the first image file directory, and whether all its data lies inside the file."""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import Container, take

# TIFF 6.0 §2 and §8; the number is the field's tag.
_WIDTH, _LENGTH, _BITS, _PHOTOMETRIC, _SAMPLES = 256, 257, 258, 262, 277
_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS = 273, 279, 324, 325
_DNG_VERSION = 50706  # DNG specification 1.4
_CODES = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q"}  # BYTE, SHORT, LONG, IFD, LONG8
_MODES = {0: "L", 1: "L", 2: "RGB", 3: "P", 5: "CMYK", 6: "RGB"}  # §8 and §16: PhotometricInterpretation
_MOST_FIELDS = 1_000
_MOST_PIECES = 200_000


@dataclass(frozen=True, slots=True)
class _Layout:
    """How classic TIFF and BigTIFF differ."""

    order: str
    count: str
    offset: str
    inline_bytes: int

    def unpack(self, codes: str, data: bytes) -> tuple[int, ...]:
        return struct.unpack(self.order + codes, data)

    def next(self, file: BinaryIO, codes: str) -> tuple[int, ...]:
        return self.unpack(codes, take(file, struct.calcsize(self.order + codes)))


def read(file: BinaryIO, size: int) -> Container:
    """Read the first picture of the file. A TIFF has no end of its own: the whole file counts as the picture."""
    file.seek(0)
    head = take(file, 16)
    if head[8:10] == b"CR":  # Canon's raw files are TIFFs up to this point
        raise _raw()
    order = "<" if head[:2] == b"II" else ">"
    big = struct.unpack(order + "H", head[2:4])[0] == 43
    layout = _Layout(order, "Q", "Q", 8) if big else _Layout(order, "H", "I", 4)
    (at,) = layout.unpack(layout.offset, head[8:16] if big else head[4:8])
    fields = _directory(file, layout, at)
    if _DNG_VERSION in fields:
        raise _raw()
    _check_pieces(fields, size)
    mode = _MODES.get(fields.get(_PHOTOMETRIC, (-1,))[0])
    if mode is None:
        raise refused("picture-format", what="a TIFF in an unusual colour space")
    depth = fields.get(_BITS, (1,))[0]
    if mode == "RGB" and fields.get(_SAMPLES, (3,))[0] > 3:
        mode = "RGBA"
    return Container(fields[_WIDTH][0], fields[_LENGTH][0], mode + (";16" if depth == 16 else ""), size)


def _raw() -> Exception:
    return refused("picture-format", what="a camera's raw file", remedy="Export it as a JPEG or TIFF and upload that.")


def _directory(file: BinaryIO, layout: _Layout, at: int) -> dict[int, tuple[int, ...]]:
    """The fields of whole numbers that the directory at that offset holds, by tag."""
    file.seek(at)
    (count,) = layout.next(file, layout.count)
    if not 0 < count <= _MOST_FIELDS:
        raise refused("picture-damaged")
    entries = [layout.next(file, "HH" + layout.offset + f"{layout.inline_bytes}B") for _ in range(count)]
    fields = {}
    for tag, kind, number, *inline in entries:
        code = _CODES.get(kind)
        if code is None or number == 0:
            continue
        if number > _MOST_PIECES:
            if tag in (_STRIP_OFFSETS, _STRIP_COUNTS, _TILE_OFFSETS, _TILE_COUNTS):
                raise refused("picture-damaged", where=": it is in too many pieces")
            continue
        length = struct.calcsize(layout.order + code) * number
        data = bytes(inline)
        if length > layout.inline_bytes:
            file.seek(layout.unpack(layout.offset, data)[0])
            data = take(file, length)
        fields[tag] = layout.unpack(f"{number}{code}", data[:length])
    return fields


def _check_pieces(fields: dict[int, tuple[int, ...]], size: int) -> None:
    offsets = fields.get(_STRIP_OFFSETS) or fields.get(_TILE_OFFSETS)
    counts = fields.get(_STRIP_COUNTS) or fields.get(_TILE_COUNTS)
    if not offsets or not counts or len(offsets) != len(counts) or _WIDTH not in fields or _LENGTH not in fields:
        raise refused("picture-damaged")
    if any(at + length > size for at, length in zip(offsets, counts, strict=True)):
        raise refused("picture-truncated")
