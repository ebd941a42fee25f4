"""Colour spaces as PDF names them (ISO 32000-1, 8.6), and the inks a colour in one of them becomes."""

from __future__ import annotations

from collections.abc import Sequence
from enum import Enum
from typing import Any

from pikepdf import Array, Dictionary, Name, Object

from leaflets.domain.errors import Invalid
from leaflets.domain.press.printing import PressSpec
from leaflets.press.colour import BLACK, Inks, Rgb, is_neutral, mixed_inks, neutral_inks, srgb_of_lab


class Model(Enum):
    """What the components of a colour mean. `SPOT` is Separation or DeviceN over grey or CMYK."""

    GREY = 1
    RGB = 3
    CMYK = 4
    LAB = 5
    PATTERN = 6
    SPOT = 7


_BY_NAME = {
    "/DeviceGray": Model.GREY,
    "/CalGray": Model.GREY,
    "/G": Model.GREY,
    "/DeviceRGB": Model.RGB,
    "/CalRGB": Model.RGB,
    "/RGB": Model.RGB,
    "/DeviceCMYK": Model.CMYK,
    "/CMYK": Model.CMYK,
    "/Lab": Model.LAB,
    "/Pattern": Model.PATTERN,
}
_BY_COMPONENTS = {1: Model.GREY, 3: Model.RGB, 4: Model.CMYK}


def model_of(space: Any, resources: Any = None) -> Model:
    """What a colour space is, looked up in `resources` when it is a name of theirs.

    Calibrated RGB and RGB with a profile count as sRGB, which is all that the typesetter writes; CMYK with a
    profile counts as the press's own. Raises `Invalid` for a space that no rule here turns into inks.
    """
    if isinstance(space, Name):
        if str(space) in _BY_NAME:
            return _BY_NAME[str(space)]
        named = resources.get("/ColorSpace", Dictionary()) if resources is not None else Dictionary()
        if str(space) in named:
            return model_of(named[str(space)])
    elif isinstance(space, Array) and len(space):
        family = str(space[0])
        if family == "/ICCBased" and int(space[1].get("/N", 0)) in _BY_COMPONENTS:
            return _BY_COMPONENTS[int(space[1]["/N"])]
        if family == "/Pattern" and len(space) > 1 and model_of(space[1]) not in (Model.GREY, Model.CMYK):
            raise _unknown(space)
        if family in ("/Separation", "/DeviceN") and model_of(space[2]) in (Model.GREY, Model.CMYK):
            return Model.SPOT
        if family in _BY_NAME:
            return _BY_NAME[family]
    raise _unknown(space)


def rgb_of(model: Model, parts: Sequence[float]) -> Rgb:
    """A grey, RGB or Lab colour as a screen shows it."""
    if model is Model.GREY:
        return (parts[0], parts[0], parts[0])
    if model is Model.LAB:
        return srgb_of_lab(*parts)
    red, green, blue = parts
    return (red, green, blue)


def inks_in(model: Model, parts: Sequence[float], spec: PressSpec) -> Inks:
    """The inks of a flat colour of that model; CMYK stays as the designer mixed it.

    Raises `Invalid` when the number of parts does not fit.
    """
    try:
        if model is Model.CMYK:
            cyan, magenta, yellow, black = parts
            return (cyan, magenta, yellow, black)
        return inks_of(rgb_of(model, parts), spec)
    except (ValueError, IndexError, TypeError) as error:
        raise Invalid(
            f"A colour of the typeset page has {len(parts)} parts, which does not fit its kind ({model.name}).",
            "Give the colour as device-cmyk() or #rrggbb.",
            code="damaged-pdf",
        ) from error


def inks_of(rgb: Rgb, spec: PressSpec) -> Inks:
    """The inks of one flat screen colour: a pure grey is black ink alone, so that small type needs one plate only."""
    return neutral_inks(rgb) if is_neutral(rgb) else within_limit(mixed_inks(rgb, spec.profile), spec)


def within_limit(inks: Inks, spec: PressSpec) -> Inks:
    """The mix with its colours lightened until the paper takes it; black stays (under-colour removal)."""
    cyan, magenta, yellow, black = inks
    colours, room = cyan + magenta + yellow, spec.ink_limit_percent / 100 - black
    if colours <= room:
        return inks
    share = room / colours
    return (cyan * share, magenta * share, yellow * share, black)


def luminosity(inks: Inks) -> float:
    """How light a mix of inks counts in a soft mask (ISO 32000-1, 10.3.3), 0 black to 1 white."""
    cyan, magenta, yellow, black = inks
    return round(1 - min(1.0, 0.3 * cyan + 0.59 * magenta + 0.11 * yellow + black), 4)


def initial_inks(model: Model) -> Inks | None:
    """The colour that choosing a space sets (8.6.3): black wherever we know its inks."""
    return BLACK if model in (Model.GREY, Model.RGB, Model.CMYK, Model.LAB) else None


def _unknown(space: Object) -> Invalid:
    return Invalid(
        f"The typeset page uses a kind of colour that the press does not know: {str(space)[:60]}.",
        "Give colours as device-cmyk() or #rrggbb, and pictures as sRGB or CMYK.",
        code="colour-space-unknown",
    )
