"""Text in a content stream (ISO 32000-1, 9.3 and 9.4): where each run of glyphs lands and how large it is."""

from __future__ import annotations

from collections.abc import Sequence

import pikepdf

from leaflets.press.preflight import objects
from leaflets.press.preflight.fonts import Font
from leaflets.press.preflight.geometry import IDENTITY, Box, Matrix, scale_of, times, transformed
from leaflets.press.preflight.lexer import Operand, real, reals
from leaflets.press.preflight.reader import Action, Reader
from leaflets.press.preflight.scene import Kind
from leaflets.press.preflight.state import State

_ASCENT, _DESCENT = 0.72, -0.2  # of the type size: Latin capitals and descenders, without the font's own extremes
_GAP = 1.0  # of the type size: a wider gap inside one TJ starts a new run
_INVISIBLE = 3
_CLIP_ONLY = 7


def _show(reader: Reader, parts: list[Operand]) -> None:
    """Shows strings and gaps; a gap is in thousandths of the type size, to the left."""
    state, text = reader.state, reader.text
    run = 0.0
    start = text.matrix
    seen: list[int] = []
    for part in parts:
        if isinstance(part, bytes):
            codes = state.font.codes(part)
            seen.extend(codes)
            run += _advance(state, codes)
        elif isinstance(part, float):
            gap = -part / 1000 * state.size * state.stretch
            if gap > _GAP * abs(state.size) and seen:
                _finish(reader, start, seen, run)
                start, run, seen = times((1, 0, 0, 1, run + gap, 0), start), 0.0, []
            else:
                run += gap
        else:
            raise TypeError
    _finish(reader, start, seen, run)
    text.matrix = times((1, 0, 0, 1, run, 0), start)


def _advance(state: State, codes: Sequence[int]) -> float:
    """How far the codes move the pen, in text space."""
    font = state.font
    widths, default = font.widths, font.width
    total, count, blanks = 0.0, 0, 0
    for code in codes:
        total += widths.get(code, default)
        count += 1
        blanks += code == 32
    spacing = count * state.character_spacing + (0.0 if font.two_bytes else blanks * state.word_spacing)
    return (total * state.size + spacing) * state.stretch


def _finish(reader: Reader, start: Matrix, codes: list[int], run: float) -> None:
    """Marks one run of glyphs, without the spaces at its ends."""
    state = reader.state
    font = state.font
    first, last = 0, len(codes)
    while first < last and codes[first] in font.spaces:
        first += 1
    while last > first and codes[last - 1] in font.spaces:
        last -= 1
    if first == last or state.mode in (_INVISIBLE, _CLIP_ONLY):
        return
    left = _advance(state, codes[:first]) if first else 0.0
    right = run - (_advance(state, codes[last:]) if last < len(codes) else 0.0)
    placed = times(start, state.ctm)
    size = state.size * font.em
    low, high = state.rise + _DESCENT * size, state.rise + _ASCENT * size
    box = transformed((min(left, right), min(low, high), max(left, right), max(low, high)), placed)
    reader.scene.fonts[id(font)] = font
    if font.marks_missing and 0 in codes:
        reader.sight("glyph-missing", font.name, box)
    stroked = state.mode in (1, 5)
    reader.mark(
        Kind.TEXT,
        state.stroke if stroked else state.fill,
        box,
        stroke=stroked,
        size=abs(size) * scale_of(placed)[1],
    )
    if font.type3:
        _draw_glyphs(reader, font, codes, placed, box)


def _draw_glyphs(reader: Reader, font: Font, codes: list[int], placed: Matrix, box: Box) -> None:
    """Reads the drawing of each Type 3 glyph once, for its colours and pictures."""
    names = _glyph_names(font.source)
    drawings = objects.entry(font.source, "/CharProcs")
    size = reader.state.size
    matrix = times(objects.matrix(objects.entry(font.source, "/FontMatrix")), (size, 0, 0, size, 0, 0))
    for code in set(codes):
        stream = objects.entry(drawings, f"/{names.get(code, '')}") if code in names else None
        if isinstance(stream, pikepdf.Stream) and reader.once("glyph", objects.identity(stream)):
            around = reader.state.copy()
            around.ctm = placed
            reader.nested(stream, matrix, inner=reader.inner or box, around=around)


def _glyph_names(font: object) -> dict[int, str]:
    """What each code of a Type 3 font is called."""
    found: dict[int, str] = {}
    code = 0
    for part in objects.items(objects.entry(objects.entry(font, "/Encoding"), "/Differences")):
        if isinstance(part, pikepdf.Name):
            found[code] = objects.name(part)
            code += 1
        else:
            code = int(objects.number(part))
    return found


def _begin(reader: Reader, operands: list[Operand]) -> None:
    reader.text.matrix = reader.text.line = IDENTITY


def _move(reader: Reader, operands: list[Operand]) -> None:
    x, y = reals(operands)
    reader.text.line = reader.text.matrix = times((1, 0, 0, 1, x, y), reader.text.line)


def _move_leading(reader: Reader, operands: list[Operand]) -> None:
    reader.state.leading = -real(operands[1])
    _move(reader, operands)


def _set_matrix(reader: Reader, operands: list[Operand]) -> None:
    a, b, c, d, e, f = reals(operands)
    reader.text.line = reader.text.matrix = (a, b, c, d, e, f)


def _next_line(reader: Reader, operands: list[Operand]) -> None:
    _move(reader, [0.0, -reader.state.leading])


def _font(reader: Reader, operands: list[Operand]) -> None:
    name, size = operands
    if not isinstance(name, str):
        raise TypeError
    reader.state.font, reader.state.size = reader.font_named(name), real(size)


def _show_string(reader: Reader, operands: list[Operand]) -> None:
    _show(reader, [operands[0]])


def _show_array(reader: Reader, operands: list[Operand]) -> None:
    parts = operands[0]
    if not isinstance(parts, list):
        raise TypeError
    _show(reader, parts)


def _show_on_next_line(reader: Reader, operands: list[Operand]) -> None:
    _next_line(reader, [])
    _show(reader, [operands[-1]])


def _show_spaced(reader: Reader, operands: list[Operand]) -> None:
    reader.state.word_spacing, reader.state.character_spacing = real(operands[0]), real(operands[1])
    _show_on_next_line(reader, operands)


def _setting(attribute: str, factor: float = 1.0) -> Action:
    def set_it(reader: Reader, operands: list[Operand]) -> None:
        setattr(reader.state, attribute, real(operands[0]) * factor)

    return set_it


ACTIONS: dict[bytes, Action] = {
    b"BT": _begin,
    b"Td": _move,
    b"TD": _move_leading,
    b"Tm": _set_matrix,
    b"T*": _next_line,
    b"Tf": _font,
    b"Tj": _show_string,
    b"TJ": _show_array,
    b"'": _show_on_next_line,
    b'"': _show_spaced,
    b"Tc": _setting("character_spacing"),
    b"Tw": _setting("word_spacing"),
    b"Tz": _setting("stretch", 0.01),
    b"TL": _setting("leading"),
    b"Ts": _setting("rise"),
    b"Tr": _setting("mode"),
}
