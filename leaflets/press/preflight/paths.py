"""Path operators (ISO 32000-1, 8.5): a path counts as the box round its points."""

from __future__ import annotations

from leaflets.press.preflight.geometry import Box, common, scale_of, transformed
from leaflets.press.preflight.lexer import Operand, reals
from leaflets.press.preflight.reader import Action, Path, Reader
from leaflets.press.preflight.scene import Kind


def _points(reader: Reader, operands: list[Operand]) -> None:
    a, b, c, d, e, f = reader.state.ctm
    path = reader.path
    values = reals(operands)
    for x, y in zip(values[::2], values[1::2], strict=True):
        across, up = a * x + c * y + e, b * x + d * y + f
        _grow(path, (across, up, across, up))
    path.parts += 1


def _rectangle(reader: Reader, operands: list[Operand]) -> None:
    x, y, width, height = reals(operands)
    _grow(reader.path, transformed((x, y, x + width, y + height), reader.state.ctm))
    reader.path.rectangles += 1


def _grow(path: Path, box: Box) -> None:
    known = path.box
    if known is None:
        path.box = box
    elif box[0] < known[0] or box[1] < known[1] or box[2] > known[2] or box[3] > known[3]:
        path.box = (min(known[0], box[0]), min(known[1], box[1]), max(known[2], box[2]), max(known[3], box[3]))


def _clip(reader: Reader, operands: list[Operand]) -> None:
    reader.path.clips = True


def _paint(*, fill: bool = False, stroke: bool = False) -> Action:
    def act(reader: Reader, operands: list[Operand]) -> None:
        path, state = reader.path, reader.state
        reader.path = Path()
        if path.box is not None and fill:
            alone = path.rectangles == 1 and not path.parts
            thin = min(path.box[2] - path.box[0], path.box[3] - path.box[1]) if alone else 0.0
            reader.mark(Kind.AREA, state.fill, path.box, size=thin)
        if path.box is not None and stroke:
            width = state.width * min(scale_of(state.ctm))
            left, bottom, right, top = path.box
            half = width / 2
            reader.mark(
                Kind.LINE, state.stroke, (left - half, bottom - half, right + half, top + half), stroke=True, size=width
            )
        if path.clips:
            state.clip = (common(state.clip, path.box) if path.box else None) or (0.0, 0.0, -1.0, -1.0)

    return act


ACTIONS: dict[bytes, Action] = {
    **dict.fromkeys((b"m", b"l", b"c", b"v", b"y"), _points),
    b"re": _rectangle,
    **dict.fromkeys((b"W", b"W*"), _clip),
    b"n": _paint(),
    **dict.fromkeys((b"f", b"F", b"f*"), _paint(fill=True)),
    **dict.fromkeys((b"S", b"s"), _paint(stroke=True)),
    **dict.fromkeys((b"B", b"B*", b"b", b"b*"), _paint(fill=True, stroke=True)),
}
