"""Colour operators (ISO 32000-1, 8.6.8): what the next area, line or text is painted with."""

from __future__ import annotations

from leaflets.press.preflight import objects, spaces
from leaflets.press.preflight.lexer import Operand, name, reals
from leaflets.press.preflight.reader import Action, Reader
from leaflets.press.preflight.resources import gradient_inks
from leaflets.press.preflight.spaces import Family, Space
from leaflets.press.preflight.state import Paint


def _set(reader: Reader, paint: Paint, *, stroke: bool) -> None:
    if stroke:
        reader.state.stroke = paint
    else:
        reader.state.fill = paint


def _device(key: str, device: Space, *, stroke: bool) -> Action:
    def act(reader: Reader, operands: list[Operand]) -> None:
        colour = reals(operands)
        if len(colour) != device.channels:
            raise ValueError
        _set(reader, Paint(reader.resources.device(key, device), device.inks(colour)), stroke=stroke)

    return act


def _choose(*, stroke: bool) -> Action:
    def act(reader: Reader, operands: list[Operand]) -> None:
        space = reader.resources.space(name(operands))
        if space is None:
            reader.sight("resource-missing", f"colour space ({name(operands)[1:]})")
            space = spaces.UNKNOWN
        _set(reader, Paint(space, space.inks(space.first_colour)), stroke=stroke)

    return act


def _colour(*, stroke: bool) -> Action:
    def act(reader: Reader, operands: list[Operand]) -> None:
        current = (reader.state.stroke if stroke else reader.state.fill).space
        if operands and isinstance(operands[-1], str):
            _pattern(reader, operands, current, stroke=stroke)
            return
        colour = reals(operands)
        if len(colour) != current.channels and current.family not in (Family.UNKNOWN, Family.PATTERN):
            raise ValueError
        _set(reader, Paint(current, current.inks(colour)), stroke=stroke)

    return act


def _pattern(reader: Reader, operands: list[Operand], current: Space, *, stroke: bool) -> None:
    pattern = reader.resources.named("/Pattern", name(operands))
    if pattern is None:
        reader.sight("resource-missing", f"pattern ({name(operands)[1:]})")
        return
    shading = objects.entry(pattern, "/Shading")
    if shading is not None:
        space = reader.resources.space_of(objects.entry(shading, "/ColorSpace"))
        paint = Paint(space, gradient_inks(shading, space), gradient=True)
    elif objects.number(objects.entry(pattern, "/PaintType")) == 2 and current.base is not None:
        paint = Paint(current.base, current.base.inks(reals(operands[:-1])))
    else:
        paint = Paint(spaces.PATTERN, None, pattern=pattern)
    _set(reader, paint, stroke=stroke)


ACTIONS: dict[bytes, Action] = {
    b"g": _device("DeviceGray", spaces.GREY, stroke=False),
    b"rg": _device("DeviceRGB", spaces.RGB, stroke=False),
    b"k": _device("DeviceCMYK", spaces.CMYK, stroke=False),
    b"G": _device("DeviceGray", spaces.GREY, stroke=True),
    b"RG": _device("DeviceRGB", spaces.RGB, stroke=True),
    b"K": _device("DeviceCMYK", spaces.CMYK, stroke=True),
    b"cs": _choose(stroke=False),
    b"CS": _choose(stroke=True),
    b"sc": _colour(stroke=False),
    b"scn": _colour(stroke=False),
    b"SC": _colour(stroke=True),
    b"SCN": _colour(stroke=True),
}
