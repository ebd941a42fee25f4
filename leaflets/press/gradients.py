"""Gradients in inks: a shading (ISO 32000-1, 8.7.4.5) that runs through screen colours, rebuilt to run through CMYK.

A ramp from grey to grey stays black ink alone. Any other ramp is sampled on screen and each sample goes through the
profile, so that its middle looks as designed and not as a straight line between two mixes of ink would.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pikepdf import Array, Dictionary, Name, Pdf, Stream

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec
from leaflets.press.colour import Inks, Rgb, is_neutral, mixed_inks
from leaflets.press.spaces import Model, inks_in, inks_of, luminosity, model_of, rgb_of, within_limit

_SAMPLES = 33  # a ramp of two colours bends gently through the profile: 32 straight pieces differ by no visible step
_UNIT = [0, 1]


def separate_gradient(pdf: Pdf, shading: Any, resources: Dictionary, spec: PressSpec, *, grey: bool) -> None:
    """Turn one shading dictionary, in place, into DeviceCMYK; into DeviceGray when it feeds a soft mask.

    Raises `Invalid` for meshes and for functions other than interpolation and stitching in screen colours.
    """
    space = shading["/ColorSpace"]
    wanted = Name.DeviceGray if grey else Name.DeviceCMYK
    if space == wanted or (not grey and space == Name.DeviceGray):
        return
    kind = int(shading["/ShadingType"])
    function = shading.get("/Function")
    if kind not in (2, 3) or function is None:
        raise _unsupported()
    model = model_of(space, resources)
    if _outputs(function) == 3:
        model = Model.RGB  # the typesetter labels its RGB ramps with the CMYK output intent
    shading["/ColorSpace"] = wanted
    shading["/Function"] = _separated(pdf, function, model, spec, grey)
    if "/Background" in shading:
        background = inks_in(model, [float(part) for part in shading["/Background"]], spec)
        shading["/Background"] = Array([luminosity(background)] if grey else list(background))


def _outputs(function: Any) -> int:
    """How many components a function gives; 0 when it does not say."""
    if int(function.get("/FunctionType", -1)) == 3:
        return _outputs(function["/Functions"][0])
    return len(function.get("/C0", []))


def _separated(pdf: Pdf, function: Any, model: Model, spec: PressSpec, grey: bool) -> Any:
    kind = int(function.get("/FunctionType", -1)) if isinstance(function, Dictionary) else -1
    if kind == 3:
        parts = [_separated(pdf, part, model, spec, grey) for part in function["/Functions"]]
        stitched = Dictionary(function)
        stitched["/Functions"] = Array(parts)
        return stitched
    if kind != 2:
        raise _unsupported()
    start = [float(part) for part in function.get("/C0", [0])]
    end = [float(part) for part in function.get("/C1", [1])]
    exponent = float(function.get("/N", 1))
    if model is Model.CMYK or exponent <= 0:
        mixes = [inks_in(model, start, spec), inks_in(model, end, spec)]
        return _straight(mixes[0], mixes[1], function, grey)
    first, last = rgb_of(model, start), rgb_of(model, end)
    if first == last or (is_neutral(first) and is_neutral(last)):
        return _straight(inks_of(first, spec), inks_of(last, spec), function, grey)

    def at(share: float) -> Inks:
        eased = share**exponent
        red, green, blue = (a + (b - a) * eased for a, b in zip(first, last, strict=True))
        middle: Rgb = (red, green, blue)
        return within_limit(mixed_inks(middle, spec.profile), spec)

    return _sampled(pdf, at, grey)


def _straight(start: Inks, end: Inks, function: Any, grey: bool) -> Dictionary:
    ramp = Dictionary(function)
    ramp["/C0"] = Array([luminosity(start)] if grey else list(start))
    ramp["/C1"] = Array([luminosity(end)] if grey else list(end))
    return ramp


def _sampled(pdf: Pdf, at: Callable[[float], Inks], grey: bool) -> Stream:
    """A sampled function (7.10.2), 8 bits a component."""
    table = bytearray()
    for step in range(_SAMPLES):
        inks = at(step / (_SAMPLES - 1))
        table += bytes(round(value * 255) for value in ((luminosity(inks),) if grey else inks))
    return pdf.make_stream(
        bytes(table),
        FunctionType=0,
        Domain=Array(_UNIT),
        Range=Array(_UNIT * (1 if grey else 4)),
        Size=Array([_SAMPLES]),
        BitsPerSample=8,
    )


def _unsupported() -> Invalid:
    return Invalid(
        "A gradient on the page is of a kind that cannot be turned into inks.",
        "Use a linear or radial gradient with plain colours.",
        code="gradient-unsupported",
    )
