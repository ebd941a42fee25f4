"""The typeface of the slug: a Latin subset of Barlow Condensed (SIL OFL 1.1), embedded as it is shipped.

A composite font with two-byte glyph numbers (ISO 32000-1, 9.7), so that Welsh and Polish names print as they are.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont
from pikepdf import Array, Dictionary, Name, Pdf, Stream, String

NAME = "/SlugText"
_FILE = Path(__file__).parent / "fonts" / "barlow-condensed-latin.ttf"
_POSTSCRIPT_NAME = "/SLUGLF+BarlowCondensed-Regular"
_STAND_IN = "?"


@dataclass(frozen=True, slots=True)
class _Face:
    """What of the font file a PDF needs. Advances and metrics are in thousandths of the type size."""

    program: bytes
    length: int
    glyphs: dict[str, int]
    advances: tuple[int, ...]
    box: tuple[int, int, int, int]
    ascent: int
    descent: int
    cap_height: int


@lru_cache(maxsize=1)
def _face() -> _Face:
    content = _FILE.read_bytes()
    with TTFont(_FILE) as font:
        per_mille: float = 1000 / font["head"].unitsPerEm
        order = font.getGlyphOrder()
        numbers = {name: number for number, name in enumerate(order)}
        head, hhea, os2 = font["head"], font["hhea"], font["OS/2"]

        def scaled(value: float) -> int:
            return round(value * per_mille)

        return _Face(
            program=zlib.compress(content, 9),
            length=len(content),
            glyphs={chr(code): numbers[name] for code, name in font.getBestCmap().items()},
            advances=tuple(scaled(font["hmtx"][name][0]) for name in order),
            box=(scaled(head.xMin), scaled(head.yMin), scaled(head.xMax), scaled(head.yMax)),
            ascent=scaled(hhea.ascent),
            descent=scaled(hhea.descent),
            cap_height=scaled(os2.sCapHeight),
        )


def shown(text: str) -> bytes:
    """A line of text as a string operand: two bytes a glyph, in hexadecimal; unknown characters become “?”."""
    glyphs = _face().glyphs
    return b"<" + b"".join(b"%04X" % glyphs.get(letter, glyphs[_STAND_IN]) for letter in text) + b">"


def fitted(text: str, size_pt: float, room_pt: float) -> str:
    """The text, cut with an ellipsis where it would run longer than the room."""
    if _width(text, size_pt) <= room_pt:
        return text
    while text and _width(text + "…", size_pt) > room_pt:
        text = text[:-1]
    return text.rstrip() + "…"


def _width(text: str, size_pt: float) -> float:
    face = _face()
    return sum(face.advances[face.glyphs.get(letter, face.glyphs[_STAND_IN])] for letter in text) * size_pt / 1000


def embedded(pdf: Pdf) -> Dictionary:
    """The font as an indirect object of this PDF."""
    face = _face()
    program = Stream(pdf, face.program)
    program["/Filter"] = Name.FlateDecode
    program["/Length1"] = face.length
    descriptor = Dictionary(
        Type=Name.FontDescriptor,
        FontName=Name(_POSTSCRIPT_NAME),
        Flags=32,
        FontBBox=Array(face.box),
        ItalicAngle=0,
        Ascent=face.ascent,
        Descent=face.descent,
        CapHeight=face.cap_height,
        StemV=80,
        FontFile2=pdf.make_indirect(program),
    )
    descendant = Dictionary(
        Type=Name.Font,
        Subtype=Name.CIDFontType2,
        BaseFont=Name(_POSTSCRIPT_NAME),
        CIDSystemInfo=Dictionary(Registry=String("Adobe"), Ordering=String("Identity"), Supplement=0),
        FontDescriptor=pdf.make_indirect(descriptor),
        CIDToGIDMap=Name.Identity,
        W=Array([0, Array(face.advances)]),
    )
    unicode_map = Stream(pdf, zlib.compress(_unicode_map(face.glyphs)))
    unicode_map["/Filter"] = Name.FlateDecode
    font = Dictionary(
        Type=Name.Font,
        Subtype=Name.Type0,
        BaseFont=Name(_POSTSCRIPT_NAME),
        Encoding=Name("/Identity-H"),
        DescendantFonts=Array([pdf.make_indirect(descendant)]),
        ToUnicode=pdf.make_indirect(unicode_map),
    )
    made = pdf.make_indirect(font)
    assert isinstance(made, Dictionary)
    return made


def _unicode_map(glyphs: dict[str, int]) -> bytes:
    """The ToUnicode CMap (9.10.3): at most 100 entries a block."""
    entries = [f"<{number:04X}> <{ord(letter):04X}>" for letter, number in sorted(glyphs.items())]
    blocks = [entries[start : start + 100] for start in range(0, len(entries), 100)]
    body = "\n".join(f"{len(block)} beginbfchar\n" + "\n".join(block) + "\nendbfchar" for block in blocks)
    return (
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n"
        "/CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n"
        "/CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n"
        "1 begincodespacerange\n<0000> <FFFF>\nendcodespacerange\n"
        f"{body}\nendcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
    ).encode()
