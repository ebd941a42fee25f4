"""JPEG (ITU T.81): the marker segments up to the frame header, then on to the end-of-image marker."""

from __future__ import annotations

import re
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import Container, find, take

# T.81 table B.1. Frame headers are C0–CF without DHT (C4), JPG (C8) and DAC (CC).
_FRAME_HEADERS = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_STANDALONE = frozenset((0x01, *range(0xD0, 0xD8)))  # TEM and the restart markers carry no length
_PREFIX = 0xFF
_MARKER = re.compile(rb"\xff[^\x00\xff]")
_SOI, _EOI, _SOS = 0xD8, 0xD9, 0xDA
# In entropy-coded data FF is followed by 00 or a restart marker, or is fill; anything else ends the scan (B.1.1.5).
_END_OF_SCAN = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")
_MODES = {1: "L", 3: "RGB", 4: "CMYK"}

# A camera writes about 20 segments and a progressive file about 10 scans. Each scan of a progressive file is one
# whole pass over the picture, so that thousands of tiny scans would keep a decoder busy for hours.
_MOST_SEGMENTS = 5_000
_MOST_SCANS = 100


def read(file: BinaryIO, size: int) -> Container:
    """Walk the segments. What follows EOI (a second picture, a film, maker's notes) is not part of the picture."""
    del size
    file.seek(2)
    frame: tuple[int, int, str] | None = None
    scans = 0
    for _ in range(_MOST_SEGMENTS):
        marker = _next_marker(file)
        if marker == _EOI:
            if frame is None or not scans:
                raise refused("picture-damaged", where=": it has no image in it")
            return Container(*frame, end=file.tell())
        if marker in _STANDALONE:
            continue
        if marker == _SOI:
            raise refused("picture-damaged")
        length = int.from_bytes(take(file, 2), "big")
        if length < 2:
            raise refused("picture-damaged")
        if marker in _FRAME_HEADERS and frame is None:
            frame = _frame(take(file, length - 2))
        else:
            file.seek(length - 2, 1)
        if marker == _SOS:
            scans += 1
            if scans > _MOST_SCANS:
                break
            _skip_scan(file)
    raise refused("picture-damaged", where=": its parts are not in any sensible order")


def _next_marker(file: BinaryIO) -> int:
    """The next marker's code; like libjpeg, past fill bytes and past what some cameras leave between segments."""
    first, second = take(file, 2)
    if first == _PREFIX and second not in (0, _PREFIX):
        return second
    at = find(file, _MARKER, file.tell() - 1 if second == _PREFIX else file.tell(), longest=2)
    if at is None:
        raise refused("picture-truncated")
    file.seek(at + 1)
    return take(file, 1)[0]


def _frame(header: bytes) -> tuple[int, int, str]:
    """T.81 B.2.2: precision, lines, samples a line, components."""
    if len(header) < 6:
        raise refused("picture-damaged")
    mode = _MODES.get(header[5])
    if mode is None or header[0] != 8:
        raise refused("picture-format", what="a JPEG of an unusual kind")
    return int.from_bytes(header[3:5], "big"), int.from_bytes(header[1:3], "big"), mode


def _skip_scan(file: BinaryIO) -> None:
    end = find(file, _END_OF_SCAN, file.tell(), longest=2)
    if end is None:
        raise refused("picture-truncated")
    file.seek(end)
