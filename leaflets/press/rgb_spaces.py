"""Wide RGB spaces that a picture may name without bringing their ICC profile, made here from their published numbers.

Cameras mark Adobe RGB by two EXIF tags alone (DCF 2.0, CIPA DC-009, 4.4 "optional file"), and a HEIC may name
Display P3 by code points (ITU-T H.273). Read as sRGB, both would print dull.
"""

from __future__ import annotations

import struct
from functools import lru_cache

_Colorants = tuple[tuple[float, float, float], tuple[float, float, float], tuple[float, float, float]]

# XYZ of the primaries, adapted to the D50 of the profile connection space (ICC.1:2022 annex E).
_ADOBE_RGB: _Colorants = ((0.60974, 0.31111, 0.01947), (0.20528, 0.62567, 0.06087), (0.14919, 0.06322, 0.74457))
_DISPLAY_P3: _Colorants = ((0.51512, 0.24120, -0.00105), (0.29198, 0.69225, 0.04189), (0.15710, 0.06657, 0.78407))
_D50 = (0.9642, 1.0, 0.8249)  # ICC.1:2022 7.2.16

# ICC.1:2022 table 68. Adobe RGB (1998) 4.3.1.2: gamma 563/256. P3 uses the curve of IEC 61966-2-1.
_GAMMA = (0, (563 / 256,))
_SRGB_CURVE = (3, (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045))


@lru_cache
def adobe_rgb() -> bytes:
    """An ICC profile of Adobe RGB (1998)."""
    return _matrix_profile("Adobe RGB (1998), made by Leaflets", _ADOBE_RGB, *_GAMMA)


@lru_cache
def display_p3() -> bytes:
    """An ICC profile of Display P3."""
    return _matrix_profile("Display P3, made by Leaflets", _DISPLAY_P3, *_SRGB_CURVE)


def _matrix_profile(name: str, colorants: _Colorants, curve: int, parameters: tuple[float, ...]) -> bytes:
    """ICC.1:2022 8.3.3, three-component matrix-based display profile."""
    trc = struct.pack(">4s4xHxx", b"para", curve) + b"".join(_fixed(value) for value in parameters)
    tags = {
        b"desc": _text(name),
        b"cprt": _text("No copyright, use freely"),
        b"wtpt": _xyz(_D50),
        **{tag: _xyz(colorant) for tag, colorant in zip((b"rXYZ", b"gXYZ", b"bXYZ"), colorants, strict=True)},
        **dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), trc),
    }
    table, body, offset = b"", b"", 128 + 4 + 12 * len(tags)
    for tag, data in tags.items():
        table += struct.pack(">4sII", tag, offset + len(body), len(data))
        body += data + b"\0" * (-len(data) % 4)
    header = struct.pack(">I4sI4s4s4s", offset + len(body), b"", 0x04300000, b"mntr", b"RGB ", b"XYZ ")
    header += struct.pack(">6H4s28x", 2026, 1, 1, 0, 0, 0, b"acsp") + b"".join(_fixed(value) for value in _D50)
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _fixed(value: float) -> bytes:
    """s15Fixed16Number (4.6)."""
    return struct.pack(">i", round(value * 65536))


def _xyz(values: tuple[float, float, float]) -> bytes:
    return struct.pack(">4s4x", b"XYZ ") + b"".join(_fixed(value) for value in values)


def _text(words: str) -> bytes:
    """The words as a multiLocalizedUnicodeType with one record (10.15)."""
    data = words.encode("utf-16-be")
    return struct.pack(">4s4xII4sII", b"mluc", 1, 12, b"enGB", len(data), 28) + data
