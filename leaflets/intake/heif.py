"""HEIF (ISO/IEC 23008-12) in ISO base media boxes (ISO/IEC 14496-12): the size of the primary image."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import Container, take

_MOST_BOXES = 1_000
_MOST_META_BYTES = 8_000_000  # a phone's is some 5 kB; 512 tiles and a depth map stay below 100 kB


def read(file: BinaryIO, size: int) -> Container:
    """Walk the top-level boxes, then ask `meta` for the primary item's `ispe`.

    Everything up to the end of the last whole box counts as the picture: phones add boxes of their own.
    """
    meta: bytes | None = None
    film = False
    offset = 0
    for _ in range(_MOST_BOXES):
        if size - offset < 8:
            break
        kind, start, end = _box(file, offset, size)
        if end > size:
            if meta is not None and not kind.isalnum():
                break  # a maker's trailer that is not a box at all
            raise refused("picture-truncated")
        if kind == b"meta" and meta is None:
            if end - start > _MOST_META_BYTES:
                raise refused("picture-damaged")
            file.seek(start)
            meta = take(file, end - start)
        film = film or kind == b"moov"
        offset = end
    if meta is None:
        raise refused("picture-animated") if film else refused("picture-damaged")
    width, height, bits = _primary(meta)
    return Container(width, height, "RGB" if bits <= 8 else "RGB;16", offset)


def _box(file: BinaryIO, offset: int, size: int) -> tuple[bytes, int, int]:
    """Kind, start and end of the contents of the box at that offset (14496-12 4.2)."""
    file.seek(offset)
    length, kind = struct.unpack(">I4s", take(file, 8))
    start = offset + 8
    if length == 1:
        (length,) = struct.unpack(">Q", take(file, 8))
        start += 8
    end = size if length == 0 else offset + length
    if end < start:
        raise refused("picture-damaged")
    return kind, start, end


def _boxes(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    """The boxes inside a box, with their contents."""
    offset = 0
    while len(data) - offset >= 8:
        length, kind = struct.unpack_from(">I4s", data, offset)
        start = offset + 8
        if length == 1:
            (length,) = struct.unpack_from(">Q", data, start)
            start += 8
        end = len(data) if length == 0 else offset + length
        if not start <= end <= len(data):
            raise refused("picture-damaged")
        yield kind, data[start:end]
        offset = end


def _primary(meta: bytes) -> tuple[int, int, int]:
    """Width, height and bits a sample of the primary item."""
    boxes = dict(_boxes(meta[4:]))
    if b"pitm" not in boxes or b"iprp" not in boxes:
        raise refused("picture-damaged")
    item = _primary_item(boxes[b"pitm"])
    properties: list[tuple[bytes, bytes]] = []
    used: list[int] = []
    for kind, data in _boxes(boxes[b"iprp"]):
        if kind == b"ipco":
            properties = list(_boxes(data))
        elif kind == b"ipma":
            used += _associations(data).get(item, [])
    sizes, bits = [], 8
    for index in used:
        kind, data = properties[index - 1] if 0 < index <= len(properties) else (b"", b"")
        if kind == b"ispe":  # 23008-12 6.5.3
            sizes.append(struct.unpack_from(">II", data, 4))
        elif kind == b"pixi" and len(data) > 5:  # 6.5.6
            bits = max(data[5:])
    if not sizes:
        raise refused("picture-damaged")
    width, height = sizes[0]
    return width, height, bits


def _primary_item(pitm: bytes) -> int:
    """14496-12 8.11.4."""
    return int(struct.unpack_from(">H" if pitm[0] == 0 else ">I", pitm, 4)[0])


def _associations(ipma: bytes) -> dict[int, list[int]]:
    """Item id to the numbers, from 1, of its properties (23008-12 9.3.1)."""
    wide_ids, wide_indices = ipma[0] > 0, bool(ipma[3] & 1)
    (count,) = struct.unpack_from(">I", ipma, 4)
    at, found = 8, {}
    for _ in range(min(count, len(ipma))):
        (item,) = struct.unpack_from(">I" if wide_ids else ">H", ipma, at)
        at += 4 if wide_ids else 2
        number, step = ipma[at], 2 if wide_indices else 1
        at += 1
        indices = struct.unpack_from(f">{number}{'H' if wide_indices else 'B'}", ipma, at)
        at += number * step
        found[item] = [index & (0x7FFF if wide_indices else 0x7F) for index in indices]
    return found
