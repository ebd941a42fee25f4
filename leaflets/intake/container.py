"""What every reader of a picture file shares: where the picture ends, and bytes that must be there."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from leaflets.domain.press.picture import refused

CHUNK_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Container:
    """A picture file's own account of itself. `end` is the offset of the first byte after the picture."""

    width_px: int
    height_px: int
    mode: str
    end: int
    animated: bool = False


def take(file: BinaryIO, count: int) -> bytes:
    """The next `count` bytes; refuses the picture as truncated when the file has fewer."""
    data = file.read(count)
    if len(data) != count:
        raise refused("picture-truncated")
    return data


def find(file: BinaryIO, pattern: re.Pattern[bytes], start: int, *, longest: int) -> int | None:
    """The offset of the first match at or after `start`, reading a chunk at a time.

    `longest` is the length of the longest match, which may lie across two chunks.
    """
    for offset, window in _windows(file, start, longest - 1):
        if match := pattern.search(window):
            return offset + match.start()
    return None


def _windows(file: BinaryIO, start: int, overlap: int) -> Iterator[tuple[int, bytes]]:
    file.seek(start)
    kept = b""
    while chunk := file.read(CHUNK_BYTES):
        window = kept + chunk
        yield start, window
        kept = window[-overlap:] if overlap else b""
        start += len(window) - len(kept)
