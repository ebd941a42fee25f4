"""Whether a second file rides inside or behind a picture: a polyglot.

Phones append much that is honest: a second picture (MPF, CIPA DC-007), a film (motion photos), makers' notes
(Samsung's SEFT block). None of that is refused. A ZIP, a PDF, a web page or a script is: nothing good comes so.
"""

from __future__ import annotations

import re
import struct
from typing import BinaryIO

from leaflets.domain.press.picture import refused
from leaflets.intake.container import find

_ZIP_END = b"PK\x05\x06"
_ZIP_END_BYTES = 22
_ZIP_COMMENT_BYTES = 65_535
_BEHIND: tuple[tuple[re.Pattern[bytes], str], ...] = (
    (re.compile(rb"%PDF-\d\.\d"), "has a PDF hidden behind it"),
    (
        re.compile(rb"(?i)(<script[\s>]|<!doctype html|<html[\s>]|<iframe[\s>]|<\?php\s)"),
        "has a web page or a script hidden behind it",
    ),
    (re.compile(rb"PK\x03\x04.{4}[\x00\x08]\x00", re.DOTALL), "has a ZIP archive hidden behind it"),
    (re.compile(rb"This program cannot be run in DOS mode"), "has a program hidden behind it"),
)
_LONGEST = 40


def refuse_stowaways(file: BinaryIO, size: int, end: int) -> None:
    """Look at what follows the picture's `end`, and for a ZIP that ends where the file ends; `PictureRefused`."""
    if _ends_as_zip(file, size):
        raise refused("picture-disguised", what="also opens as a ZIP archive")
    if end < size:
        for pattern, what in _BEHIND:
            if find(file, pattern, end, longest=_LONGEST) is not None:
                raise refused("picture-disguised", what=what)


def _ends_as_zip(file: BinaryIO, size: int) -> bool:
    """APPNOTE 4.3.16: readers look back from the end of the file for a record whose comment ends exactly there."""
    start = max(0, size - _ZIP_END_BYTES - _ZIP_COMMENT_BYTES)
    file.seek(start)
    tail = file.read(size - start)
    at = tail.rfind(_ZIP_END)
    while at >= 0:
        record = tail[at : at + _ZIP_END_BYTES]
        if len(record) == _ZIP_END_BYTES:
            directory_bytes, _, comment_bytes = struct.unpack("<IIH", record[12:])
            if start + at + _ZIP_END_BYTES + comment_bytes == size and directory_bytes <= start + at:
                return True
        at = tail.rfind(_ZIP_END, 0, at)
    return False
