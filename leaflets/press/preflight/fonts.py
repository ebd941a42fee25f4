"""Fonts (ISO 32000-1, 9.5 to 9.10): whether the file carries them, and how wide their glyphs are."""

from __future__ import annotations

import re
from array import array
from collections.abc import Sequence
from dataclasses import dataclass, field
from sys import byteorder

import pikepdf

from leaflets.press.preflight import objects
from leaflets.press.preflight.streams import Damaged, TooComplex, decoded

_TYPICAL_WIDTH = 0.5
_MOST_WIDTHS = 1 << 17  # twice as many as a font can have glyphs
_FONT_FILES = ("/FontFile", "/FontFile2", "/FontFile3")


@dataclass(frozen=True, slots=True)
class Font:
    """One font as the content uses it. Widths are in units of the type size.

    `em` is what one unit of type size makes on the page: 1, but for Type 3 fonts with a coordinate system of
    their own. `spaces` are the codes that show nothing. `marks_missing` is true when code 0 draws the box that
    stands for a missing character.
    """

    name: str
    embedded: bool
    type3: bool = False
    two_bytes: bool = False
    em: float = 1.0
    width: float = _TYPICAL_WIDTH
    widths: dict[int, float] = field(default_factory=dict)
    spaces: frozenset[int] = frozenset((32,))
    marks_missing: bool = False
    source: pikepdf.Object | None = None

    def codes(self, shown: bytes) -> Sequence[int]:
        """The character codes of a string."""
        if not self.two_bytes:
            return shown
        codes = array("H", shown[: len(shown) & ~1])
        if byteorder == "little":
            codes.byteswap()
        return codes


MISSING = Font("", embedded=True)


def read(value: object) -> Font:
    """The font that a dictionary describes; MISSING when it is none."""
    subtype = objects.name(objects.entry(value, "/Subtype"))
    label = objects.name(objects.entry(value, "/BaseFont")) or objects.text(objects.entry(value, "/BaseFont"))
    plain = re.sub(r"^[A-Z]{6}\+", "", label) or "without a name"
    if subtype == "Type0":
        return _composite(value, plain)
    if subtype == "Type3":
        return _type3(value)
    if subtype:
        return _simple(value, plain)
    return MISSING


def _embedded(descriptor: object) -> bool:
    return any(isinstance(objects.entry(descriptor, key), pikepdf.Stream) for key in _FONT_FILES)


def _simple(value: object, label: str) -> Font:
    descriptor = objects.entry(value, "/FontDescriptor")
    first = int(objects.number(objects.entry(value, "/FirstChar")))
    widths = {
        first + index: width / 1000
        for index, width in enumerate(objects.numbers(objects.entry(value, "/Widths"))[:256])
    }
    missing = objects.number(objects.entry(descriptor, "/MissingWidth")) / 1000 if widths else _TYPICAL_WIDTH
    return Font(label, _embedded(descriptor), width=missing, widths=widths)


def _type3(value: object) -> Font:
    matrix = objects.numbers(objects.entry(value, "/FontMatrix")) or (0.001, 0, 0, 0.001, 0, 0)
    across, upright = abs(matrix[0]), abs(matrix[3]) if len(matrix) > 3 else abs(matrix[0])
    box = objects.numbers(objects.entry(value, "/FontBBox"))
    height = abs(box[3] - box[1]) if len(box) == 4 else 0.0
    first = int(objects.number(objects.entry(value, "/FirstChar")))
    widths = {
        first + index: width * across
        for index, width in enumerate(objects.numbers(objects.entry(value, "/Widths"))[:256])
    }
    return Font(
        "of drawn glyphs (Type 3)",
        embedded=True,
        type3=True,
        em=height * upright if height else 1.0,
        width=0.0,
        widths=widths,
        source=value if isinstance(value, pikepdf.Object) else None,
    )


def _composite(value: object, label: str) -> Font:
    descendants = objects.items(objects.entry(value, "/DescendantFonts"))
    descendant = descendants[0] if descendants else None
    encoding = objects.name(objects.entry(value, "/Encoding"))
    default = objects.number(objects.entry(descendant, "/DW"), 1000.0) / 1000
    return Font(
        label,
        _embedded(objects.entry(descendant, "/FontDescriptor")),
        two_bytes=True,
        width=default,
        widths=_cid_widths(objects.entry(descendant, "/W")),
        spaces=_spaces(objects.entry(value, "/ToUnicode")),
        marks_missing=encoding.startswith("Identity"),
    )


def _cid_widths(value: object) -> dict[int, float]:
    """The W array: `first [w1 w2 …]` or `first last w` (ISO 32000-1, 9.7.4.3)."""
    widths: dict[int, float] = {}
    parts = list(value) if isinstance(value, pikepdf.Array) else []
    index = 0
    steps = 0
    while index + 1 < len(parts) and steps < _MOST_WIDTHS:
        steps += 1
        first = int(objects.number(parts[index]))
        if isinstance(parts[index + 1], pikepdf.Array):
            for offset, width in enumerate(objects.numbers(parts[index + 1])):
                widths[first + offset] = width / 1000
            index += 2
        elif index + 2 < len(parts):
            last, width = int(objects.number(parts[index + 1])), objects.number(parts[index + 2]) / 1000
            for code in range(first, min(last, first + _MOST_WIDTHS - steps) + 1):
                widths[code] = width
                steps += 1
            index += 3
        else:
            break
    return widths


_SPACE = re.compile(rb"<([0-9A-Fa-f]{4})>\s*<(?:0020|00[aA]0|2009|202[fF])>")


def _spaces(to_unicode: object) -> frozenset[int]:
    """The codes that a ToUnicode map turns into a space."""
    if not isinstance(to_unicode, pikepdf.Stream):
        return frozenset()
    try:
        table = decoded(to_unicode, 1 << 20)
    except (Damaged, TooComplex):
        return frozenset()
    return frozenset(int(found, 16) for found in _SPACE.findall(table))
