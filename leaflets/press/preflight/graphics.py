"""Operators of the graphics state (ISO 32000-1, 8.4.4): save, restore, scale, widths, and named states."""

from __future__ import annotations

from collections.abc import Callable

import pikepdf

from leaflets.press.preflight import fonts, objects
from leaflets.press.preflight.geometry import times
from leaflets.press.preflight.lexer import Operand, name, real, reals
from leaflets.press.preflight.reader import Action, Reader
from leaflets.press.preflight.state import State
from leaflets.press.preflight.streams import TooComplex

_MAX_SAVED = 512
_MAX_SCALE = 1e12


def _save(reader: Reader, operands: list[Operand]) -> None:
    if len(reader.saved) >= _MAX_SAVED:
        raise TooComplex
    reader.saved.append(reader.state)
    reader.state = reader.state.copy()


def _restore(reader: Reader, operands: list[Operand]) -> None:
    if reader.saved:
        reader.state = reader.saved.pop()
    else:
        reader.sight("content-broken", "“Q” without a “q” before it")


def _concatenate(reader: Reader, operands: list[Operand]) -> None:
    a, b, c, d, e, f = reals(operands)
    matrix = times((a, b, c, d, e, f), reader.state.ctm)
    if not all(abs(part) < _MAX_SCALE for part in matrix):
        raise ValueError
    reader.state.ctm = matrix


def _line_width(reader: Reader, operands: list[Operand]) -> None:
    reader.state.width = abs(real(operands[0]))


def _extended(reader: Reader, operands: list[Operand]) -> None:
    settings = reader.resources.named("/ExtGState", name(operands))
    if settings is None:
        reader.sight("resource-missing", f"graphics state ({name(operands)[1:]})")
        return
    values = dict(objects.pairs(settings))
    if "OP" in values:
        values.setdefault("op", values["OP"])  # ISO 32000-1, table 58
    for key, value in values.items():
        setting = _SETTINGS.get(key)
        if setting is not None:
            setting(reader, value)
    if min(reader.state.fill_alpha, reader.state.stroke_alpha) < 1:
        reader.sight("transparency", "see-through colours")


def _blend_mode(reader: Reader, value: object) -> None:
    mode = (objects.names(value) or ("Normal",))[0]
    reader.state.blended = mode not in ("Normal", "Compatible")
    if reader.state.blended:
        reader.sight("transparency", "a blend mode")


def _soft_mask(reader: Reader, value: object) -> None:
    if not isinstance(value, pikepdf.Dictionary):
        return
    reader.sight("transparency", "a soft mask")
    reader.state.blended = True
    form = objects.entry(value, "/G")
    if reader.once("mask", objects.identity(form)):
        reader.blending_space(form)
        matrix = objects.matrix(objects.entry(form, "/Matrix"))
        reader.nested(form, matrix, inner=reader.inner or reader.state.clip, around=State(ctm=reader.state.ctm))


def _transfer(reader: Reader, value: object) -> None:
    if objects.name(value) not in ("Identity", "Default"):
        reader.sight("transfer-function")


def _font(reader: Reader, value: object) -> None:
    parts = objects.items(value)
    if len(parts) == 2:
        reader.state.font, reader.state.size = fonts.read(parts[0]), objects.number(parts[1])


def _number(attribute: str) -> Callable[[Reader, object], None]:
    return lambda reader, value: setattr(reader.state, attribute, objects.number(value))


def _truth(attribute: str) -> Callable[[Reader, object], None]:
    return lambda reader, value: setattr(reader.state, attribute, value is True)


_SETTINGS: dict[str, Callable[[Reader, object], None]] = {
    "LW": _number("width"),
    "OP": _truth("stroke_overprints"),
    "op": _truth("fill_overprints"),
    "OPM": lambda reader, value: setattr(reader.state, "sparing", objects.number(value) == 1),
    "CA": _number("stroke_alpha"),
    "ca": _number("fill_alpha"),
    "BM": _blend_mode,
    "SMask": _soft_mask,
    "TR": _transfer,
    "TR2": _transfer,
    "Font": _font,
}

ACTIONS: dict[bytes, Action] = {
    b"q": _save,
    b"Q": _restore,
    b"cm": _concatenate,
    b"w": _line_width,
    b"gs": _extended,
}
