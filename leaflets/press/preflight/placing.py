"""Operators that place things: pictures, forms, inline images and gradients (ISO 32000-1, 8.7.4.2, 8.8 to 8.10)."""

from __future__ import annotations

import pikepdf

from leaflets.press.preflight import objects, spaces
from leaflets.press.preflight.geometry import Box, scale_of, transformed
from leaflets.press.preflight.lexer import Operand, name, real
from leaflets.press.preflight.reader import Action, Reader
from leaflets.press.preflight.resources import gradient_inks
from leaflets.press.preflight.scene import Kind, Picture
from leaflets.press.preflight.spaces import Space
from leaflets.press.preflight.state import Paint

_UNIT: Box = (0.0, 0.0, 1.0, 1.0)


def _external(reader: Reader, operands: list[Operand]) -> None:
    thing = reader.resources.named("/XObject", name(operands))
    subtype = objects.name(objects.entry(thing, "/Subtype"))
    if not isinstance(thing, pikepdf.Stream) or subtype not in ("Form", "Image", "PS"):
        reader.sight("resource-missing", f"picture or drawing ({name(operands)[1:]})")
        return
    if any(objects.entry(thing, key) is not None for key in ("/OPI", "/Ref", "/Alternates")):
        reader.sight("placeholder-picture")
    if subtype == "PS" or objects.name(objects.entry(thing, "/Subtype2")) == "PS":
        reader.sight("postscript")
    elif subtype == "Image":
        _image(reader, thing)
    else:
        reader.blending_space(thing)
        reader.nested(thing, objects.matrix(objects.entry(thing, "/Matrix")))


def _image(reader: Reader, image: pikepdf.Stream) -> None:
    stencil = objects.truth(objects.entry(image, "/ImageMask"))
    if objects.entry(image, "/SMask") is not None:
        reader.sight("transparency", "a picture with soft edges", transformed(_UNIT, reader.state.ctm))
    space = objects.entry(image, "/ColorSpace")
    picture = Picture(
        objects.identity(image) or (),
        int(objects.number(objects.entry(image, "/Width"))),
        int(objects.number(objects.entry(image, "/Height"))),
        1 if stencil else int(objects.number(objects.entry(image, "/BitsPerComponent"), 8)),
        stencil,
    )
    _place(reader, picture, reader.resources.space_of(space) if space is not None else spaces.UNKNOWN)


def _inline_image(reader: Reader, operands: list[Operand]) -> None:
    image = operands[0]
    if not isinstance(image, dict):
        raise TypeError
    stencil = image.get("/ImageMask") == 1.0
    filters = image.get("/Filter")
    if any(filter_ in ("/LZW", "/LZWDecode") for filter_ in (filters if isinstance(filters, list) else [filters])):
        reader.sight("filter-not-allowed", "LZW")
    picture = Picture(
        (),
        int(real(image.get("/Width", 0.0))),
        int(real(image.get("/Height", 0.0))),
        1 if stencil else int(real(image.get("/BitsPerComponent", 8.0))),
        stencil,
    )
    _place(reader, picture, _inline_space(reader, image.get("/ColorSpace")))


def _inline_space(reader: Reader, value: Operand | None) -> Space:
    """The colour space of an inline image: a name, or [/Indexed base …] (ISO 32000-1, 8.9.7)."""
    if isinstance(value, str):
        return reader.resources.space(value) or spaces.UNKNOWN
    if isinstance(value, list) and len(value) > 1 and value[0] in ("/I", "/Indexed"):
        base = _inline_space(reader, value[1])
        return Space(base.family, 1, base=base, spot=base.spot)
    return spaces.UNKNOWN


def _place(reader: Reader, picture: Picture, space: Space) -> None:
    across, down = scale_of(reader.state.ctm)
    ppi = (picture.width_px * 72 / max(across, 1e-6), picture.height_px * 72 / max(down, 1e-6))
    paint = reader.state.fill if picture.stencil else Paint(space, None)
    reader.mark(Kind.PICTURE, paint, transformed(_UNIT, reader.state.ctm), ppi=ppi, picture=picture)


def _shade(reader: Reader, operands: list[Operand]) -> None:
    shading = reader.resources.named("/Shading", name(operands))
    if shading is None:
        reader.sight("resource-missing", f"gradient ({name(operands)[1:]})")
        return
    space = reader.resources.space_of(objects.entry(shading, "/ColorSpace"))
    reader.mark(Kind.GRADIENT, Paint(space, gradient_inks(shading, space)), reader.state.clip)


ACTIONS: dict[bytes, Action] = {b"Do": _external, b"BI": _inline_image, b"sh": _shade}
