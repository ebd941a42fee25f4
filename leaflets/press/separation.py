"""Every colour of a typeset page into inks: one pass over each content stream, and over whatever it paints with.

`Separation` walks pages, form XObjects, tiling patterns, soft masks and Type 3 glyphs once each. It rewrites colour
operators (ISO 32000-1, 8.6.8) to DeviceCMYK, sets overprinting around each object that wants it, drops resources
nobody uses, and remembers what is see-through, which PDF/X-1a forbids.
"""

from __future__ import annotations

import warnings
import zlib
from collections.abc import Callable
from copy import copy
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from pikepdf import (
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    Pdf,
    PdfError,
    Stream,
    parse_content_stream,
    unparse_content_stream,
)

from leaflets.domain.errors import Invalid
from leaflets.domain.printing import PressSpec, Standard
from leaflets.press.colour import BLACK, Inks
from leaflets.press.gradients import separate_gradient
from leaflets.press.overprint import IDENTITY, NAMES, Matrix, Outline, is_fine_stroke, multiplied
from leaflets.press.raster import harden_mask, separate_picture
from leaflets.press.spaces import Model, initial_inks, inks_in, luminosity, model_of

_FILLS, _STROKES = frozenset(("f", "F", "f*", "B", "B*", "b", "b*")), frozenset(("S", "s", "B", "B*", "b", "b*"))
_EVEN_ODD = frozenset(("f*", "B*", "b*"))
_TRANSPARENCY_KEYS = frozenset(("/Type", "/ca", "/CA", "/SMask", "/BM", "/AIS"))
_GS = Operator("gs")
_Step = ContentStreamInstruction | ContentStreamInlineImage


@dataclass(frozen=True, slots=True)
class Transparency:
    """Something see-through: the page it is on, counted from 1, and what it is."""

    page: int
    what: str


@dataclass(slots=True)
class _State:
    """The part of the graphics state that colour and overprinting depend on. Inks are None when unknown."""

    ctm: Matrix = IDENTITY
    fill: Inks | None = None
    stroke: Inks | None = None
    fill_model: Model = Model.GREY
    stroke_model: Model = Model.GREY
    fill_alpha: float = 1.0
    stroke_alpha: float = 1.0
    line_width: float = 1.0
    text_mode: int = 0
    glyphs_draw_themselves: bool = False
    overprint: tuple[bool, bool] = (False, False)


@dataclass(slots=True)
class Separation:
    """The work on one document, for a printer who wants it so."""

    pdf: Pdf
    spec: PressSpec
    transparencies: list[Transparency] = field(default_factory=list)
    fonts: list[Any] = field(default_factory=list)
    _done: set[tuple[int, int]] = field(default_factory=set)
    _page: int = 0

    @property
    def opaque_only(self) -> bool:
        """Whether transparency is forbidden: then even opaque graphics states and groups are dropped."""
        return self.spec.standard is Standard.X1A

    def separate_page(self, contents: bytes, resources: Any, shift: Matrix) -> tuple[bytes, Dictionary]:
        """One page's drawing, to be run under `shift`, and the resources it needs."""
        self._page += 1
        walk = _Walk(self, resources, _State(ctm=shift, fill=BLACK, stroke=BLACK), grey=False, shift=shift)
        return walk.run(Stream(self.pdf, contents)), walk.used

    def separate_part(self, part: Stream, inherited: Any, ctm: Matrix, *, grey: bool) -> None:
        """A form XObject, tiling pattern or mask group, in place; `ctm` is where it was first used."""
        if not self._first_time(part):
            return
        start = multiplied(_matrix(part.get("/Matrix")), ctm)
        walk = _Walk(self, part.get("/Resources", inherited), _State(ctm=start), grey=grey)
        drawing = walk.run(part)
        part.write(zlib.compress(drawing), filter=Name.FlateDecode)
        part["/Resources"] = walk.used
        group: Any = part.get("/Group")
        if group is not None and self.opaque_only:
            del part["/Group"]
        elif group is not None:
            part["/Group"] = Dictionary(group)
            part["/Group"]["/CS"] = Name.DeviceGray if grey else Name.DeviceCMYK

    def separate_xobject(self, xobject: Stream, resources: Any, ctm: Matrix, *, grey: bool) -> None:
        """A picture or a form that `Do` paints."""
        if xobject.get("/Subtype") == Name.Form:
            self.separate_part(xobject, resources, ctm, grey=grey)
        elif self._first_time(xobject):
            separate_picture(xobject, resources, self.spec, grey=grey)
            if self.opaque_only and "/SMask" in xobject and not harden_mask(xobject):
                self.see_through("a picture that fades out")

    def separate_pattern(self, pattern: Any, resources: Any, shift: Matrix | None, *, grey: bool) -> None:
        """A tiling or shading pattern; a page's own patterns move with the page (8.7.3.1)."""
        if not self._first_time(pattern, claim=False):
            return
        matrix = multiplied(_matrix(pattern.get("/Matrix")), shift) if shift else _matrix(pattern.get("/Matrix"))
        pattern["/Matrix"] = [_number(part, 6) for part in matrix]
        if int(pattern["/PatternType"]) == 1:
            self.separate_part(pattern, resources, IDENTITY, grey=grey)
        elif self._first_time(pattern):
            separate_gradient(self.pdf, pattern["/Shading"], resources, self.spec, grey=grey)

    def separate_shading(self, shading: Any, resources: Any, *, grey: bool) -> None:
        """What the `sh` operator paints."""
        separate_gradient(self.pdf, shading, resources, self.spec, grey=grey)

    def separate_mask(self, mask: Any, resources: Any, ctm: Matrix) -> None:
        """The group of a soft mask: one of luminosity needs its lightness only."""
        grey = mask.get("/S") == Name.Luminosity
        self.separate_part(mask["/G"], resources, ctm, grey=grey)
        if "/BC" in mask and grey and len(mask["/BC"]) > 1:
            parts = [float(part) for part in mask["/BC"]]
            model = Model.RGB if len(parts) == 3 else Model.CMYK
            mask["/BC"] = [luminosity(inks_in(model, parts, self.spec))]

    def _separate_glyphs(self, font: Any, resources: Any) -> None:
        """The drawings of a Type 3 font: emoji and bitmap fonts."""
        own = font.get("/Resources", resources)
        used = Dictionary()
        for name in font["/CharProcs"]:
            glyph = font["/CharProcs"][name]
            walk = _Walk(self, own, _State(), grey=False, used=used)
            glyph.write(zlib.compress(walk.run(glyph)), filter=Name.FlateDecode)
        font["/Resources"] = used

    def keep_font(self, font: Any, resources: Any) -> None:
        """Remember a font that the document uses; a Type 3 font draws its glyphs itself (9.6.5)."""
        if self._first_time(font):
            self.fonts.append(font)
            if font.get("/Subtype") == Name.Type3:
                self._separate_glyphs(font, resources)

    def see_through(self, what: str) -> None:
        """Remember transparency on the page at hand."""
        found = Transparency(self._page, what)
        if found not in self.transparencies:
            self.transparencies.append(found)

    def _first_time(self, thing: Object, *, claim: bool = True) -> bool:
        known = thing.objgen in self._done
        if claim:
            self._done.add(thing.objgen)
        return not known


class _Walk:
    """One content stream: reads instructions, writes instructions, collects the resources in `used`."""

    def __init__(
        self,
        whole: Separation,
        resources: Any,
        state: _State,
        *,
        grey: bool,
        shift: Matrix | None = None,
        used: Dictionary | None = None,
    ) -> None:
        self.whole = whole
        self.resources = resources
        self.used = Dictionary() if used is None else used
        self.state = state
        self.grey = grey
        self.shift = shift
        self.stack: list[_State] = []
        self.out: list[_Step | None] = []
        self.outline: Outline | None = None
        self.outline_starts = 0
        self.chosen = (0, "")

    def run(self, stream: Stream) -> bytes:
        """The rewritten stream. Raises `Invalid` when it cannot be parsed."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("error", UserWarning)  # a stream that breaks off is only a warning to the parser
                steps = parse_content_stream(stream)
            for step in steps:
                rule = _RULES.get(str(step.operator))
                if rule is None:
                    self.out.append(step)
                else:
                    rule(self, step, str(step.operator))
        except (PdfError, UserWarning, ValueError, TypeError, IndexError, AttributeError, KeyError) as error:
            raise Invalid(
                f"The drawing instructions of page {self.whole._page} cannot be read: {error}.",
                "Make the proof again; if it happens twice, send the leaflet to support.",
                code="damaged-pdf",
            ) from error
        drawing = unparse_content_stream([step for step in self.out if step is not None])
        return drawing + b"\nQ" * len(self.stack)

    def push(self, step: _Step, _: str) -> None:
        self.stack.append(copy(self.state))
        self.out.append(step)

    def pop(self, step: _Step, _: str) -> None:
        self.state = self.stack.pop()
        self.out.append(step)

    def transform(self, step: _Step, _: str) -> None:
        self.state.ctm = multiplied(_matrix(step.operands), self.state.ctm)
        self.out.append(step)

    def set_line_width(self, step: _Step, _: str) -> None:
        self.state.line_width = float(step.operands[0])
        self.out.append(step)

    def set_text_mode(self, step: _Step, _: str) -> None:
        self.state.text_mode = int(step.operands[0])
        self.out.append(step)

    def set_font(self, step: _Step, _: str) -> None:
        font = self.resource("/Font", step.operands[0])
        self.state.glyphs_draw_themselves = font.get("/Subtype") == Name.Type3
        self.whole.keep_font(font, self.resources)
        self.out.append(step)

    def begin_subpath(self, step: _Step, operator: str) -> None:
        if self.outline is None:
            self.outline = Outline()
            self.outline_starts = len(self.out)
            self.out.append(None)  # where overprinting is set, once the paint operator tells
        points = [float(part) for part in step.operands]
        self.outline.begin(points[0], points[1])
        if operator == "re":
            self.outline.reach([points[0] + points[2], points[1] + points[3]])
        self.out.append(step)

    def extend_subpath(self, step: _Step, _: str) -> None:
        if self.outline is not None:
            self.outline.reach([float(part) for part in step.operands])
        self.out.append(step)

    def paint(self, step: _Step, operator: str) -> None:
        state = self.state
        fill, stroke = state.overprint
        if self.outline is not None:
            if operator in _FILLS:
                even_odd = operator in _EVEN_ODD
                fill = _is_solid_black(state.fill, state.fill_alpha) and self.outline.is_fine(
                    state.ctm, even_odd=even_odd
                )
            if operator in _STROKES:
                black = _is_solid_black(state.stroke, state.stroke_alpha)
                stroke = black and is_fine_stroke(state.line_width, state.ctm)
            self.out[self.outline_starts] = self.overprinting(fill, stroke)
        self.outline = None
        self.out.append(step)

    def show_text(self, step: _Step, _: str) -> None:
        state = self.state
        fill, stroke = state.overprint
        if state.text_mode in (0, 2, 4, 6):
            fill = _is_solid_black(state.fill, state.fill_alpha) and not state.glyphs_draw_themselves
        if state.text_mode in (1, 2, 5, 6):
            stroke = _is_solid_black(state.stroke, state.stroke_alpha) and not state.glyphs_draw_themselves
        self.append(self.overprinting(fill, stroke))
        self.out.append(step)

    def paint_xobject(self, step: _Step, _: str) -> None:
        xobject = self.resource("/XObject", step.operands[0])
        self.whole.separate_xobject(xobject, self.resources, self.state.ctm, grey=self.grey)
        self.append(self.overprinting(False, False))
        self.out.append(step)

    def paint_shading(self, step: _Step, _: str) -> None:
        shading = self.resource("/Shading", step.operands[0])
        self.whole.separate_shading(shading, self.resources, grey=self.grey)
        self.append(self.overprinting(False, False))
        self.out.append(step)

    def paint_inline_image(self, step: _Step, _: str) -> None:
        """An image inside the stream becomes a resource, so that one rule serves both kinds."""
        assert isinstance(step, ContentStreamInlineImage)
        image = step.iimage
        entries: dict[str, Object] = dict(image.obj.items())
        picture = self.whole.pdf.make_stream(image._data._inline_image_raw_bytes(), entries)
        picture["/Type"], picture["/Subtype"] = Name.XObject, Name.Image
        name = f"/Inline{len(self.used.get('/XObject', {}))}"
        self.whole.separate_xobject(picture, self.resources, self.state.ctm, grey=self.grey)
        self.keep("/XObject", name, picture)
        self.append(self.overprinting(False, False))
        self.out.append(ContentStreamInstruction([Name(name)], Operator("Do")))

    def set_grey_rgb_or_cmyk(self, step: _Step, operator: str) -> None:
        model = {"g": Model.GREY, "rg": Model.RGB, "k": Model.CMYK}[operator.lower()]
        self.choose(model, inks_in(model, [float(part) for part in step.operands], self.whole.spec), operator)

    def set_space(self, step: _Step, operator: str) -> None:
        model = model_of(step.operands[0], self.resources)
        self.choose(model, initial_inks(model), operator)
        if model in (Model.PATTERN, Model.SPOT):
            self.keep_space(step.operands[0])
            self.out.append(step)

    def set_colour(self, step: _Step, operator: str) -> None:
        model = self.state.stroke_model if operator.isupper() else self.state.fill_model
        if model is Model.PATTERN:
            pattern = self.resource("/Pattern", step.operands[-1])
            self.whole.separate_pattern(pattern, self.resources, self.shift, grey=self.grey)
        if model in (Model.PATTERN, Model.SPOT):
            self.out.append(step)
            return
        self.choose(model, inks_in(model, [float(part) for part in step.operands], self.whole.spec), operator)

    def set_state(self, step: _Step, _: str) -> None:
        """An external graphics state; overprinting in it is ours to set, so what it says of that is dropped."""
        state, named = self.state, self.resources["/ExtGState"][str(step.operands[0])]
        state.fill_alpha = float(named.get("/ca", state.fill_alpha))
        state.stroke_alpha = float(named.get("/CA", state.stroke_alpha))
        state.line_width = float(named.get("/LW", state.line_width))
        mask, blend = named.get("/SMask", Name("/None")), named.get("/BM", Name.Normal)
        if isinstance(mask, Dictionary):
            self.whole.separate_mask(mask, self.resources, state.ctm)
            self.whole.see_through("a mask")
        if blend not in (Name.Normal, Name.Compatible):
            self.whole.see_through(f"a blend mode ({str(blend)[1:].lower()})")
        for alpha in {float(named.get("/ca", 1)), float(named.get("/CA", 1))} - {1.0}:
            self.whole.see_through(f"a colour or group at {alpha:.0%} opacity")
        for key in ("/OP", "/op", "/OPM"):
            if key in named:
                del named[key]
        if not self.whole.opaque_only or set(named.keys()) - _TRANSPARENCY_KEYS:
            self.keep("/ExtGState", str(step.operands[0]), named)
            self.out.append(step)

    def choose(self, model: Model, inks: Inks | None, operator: str) -> None:
        """Set the colour of fills, or of strokes when the operator is in capitals."""
        stroking = operator.isupper()
        if stroking:
            self.state.stroke_model, self.state.stroke = model, inks
        else:
            self.state.fill_model, self.state.fill = model, inks
        if inks is None:
            return
        name = ("g" if self.grey else "k").upper() if stroking else ("g" if self.grey else "k")
        values = (luminosity(inks),) if self.grey else inks
        if self.chosen == (len(self.out), name):
            self.out.pop()  # a colour space's initial colour, never painted with
        self.out.append(ContentStreamInstruction([_number(value, 4) for value in values], Operator(name)))
        self.chosen = (len(self.out), name)

    def overprinting(self, fill: bool, stroke: bool) -> _Step | None:
        """The instruction that makes fills and strokes overprint or not; None when they do already."""
        if self.grey or (fill, stroke) == self.state.overprint:
            return None
        self.state.overprint = (fill, stroke)
        name = NAMES[fill, stroke]
        if name not in self.used.get("/ExtGState", {}):
            self.keep("/ExtGState", name, Dictionary(Type=Name.ExtGState, OP=stroke, op=fill, OPM=1))
        return ContentStreamInstruction([Name(name)], _GS)

    def append(self, step: _Step | None) -> None:
        if step is not None:
            self.out.append(step)

    def resource(self, kind: str, name: Object) -> Any:
        """The resource of that name, kept for the rewritten stream. Raises `KeyError` when there is none."""
        found = self.resources[kind][str(name)]
        if not found.is_indirect:  # so that a thing shared by two pages is known to be one
            found = self.resources[kind][str(name)] = self.whole.pdf.make_indirect(found)
        self.keep(kind, str(name), found)
        return found

    def keep(self, kind: str, name: str, thing: Object) -> None:
        if kind not in self.used:
            self.used[kind] = Dictionary()
        self.used[kind][name] = thing

    def keep_space(self, name: Object) -> None:
        named = self.resources.get("/ColorSpace", Dictionary())
        if str(name) in named:
            self.keep("/ColorSpace", str(name), named[str(name)])

    def keep_properties(self, step: _Step, _: str) -> None:
        if len(step.operands) > 1 and isinstance(step.operands[1], Name):
            self.resource("/Properties", step.operands[1])
        self.out.append(step)


def _is_solid_black(inks: Inks | None, alpha: float) -> bool:
    return inks == BLACK and alpha == 1.0


def _matrix(parts: Any) -> Matrix:
    if parts is None:
        return IDENTITY
    a, b, c, d, e, f = (float(part) for part in parts)
    return (a, b, c, d, e, f)


def _number(value: float, places: int) -> Decimal | int:
    rounded = round(value, places)
    return int(rounded) if rounded == int(rounded) else Decimal(f"{rounded:.{places}f}".rstrip("0"))


_Rule = Callable[[_Walk, _Step, str], None]
_RULES: dict[str, _Rule] = {
    "q": _Walk.push,
    "Q": _Walk.pop,
    "cm": _Walk.transform,
    "w": _Walk.set_line_width,
    "gs": _Walk.set_state,
    "Tf": _Walk.set_font,
    "Tr": _Walk.set_text_mode,
    "Do": _Walk.paint_xobject,
    "sh": _Walk.paint_shading,
    "INLINE IMAGE": _Walk.paint_inline_image,
    "BDC": _Walk.keep_properties,
    "DP": _Walk.keep_properties,
    **dict.fromkeys(("m", "re"), _Walk.begin_subpath),
    **dict.fromkeys(("l", "c", "v", "y"), _Walk.extend_subpath),
    **dict.fromkeys((*_FILLS, *_STROKES, "n"), _Walk.paint),
    **dict.fromkeys(("Tj", "TJ", "'", '"'), _Walk.show_text),
    **dict.fromkeys(("g", "G", "rg", "RG", "k", "K"), _Walk.set_grey_rgb_or_cmyk),
    **dict.fromkeys(("cs", "CS"), _Walk.set_space),
    **dict.fromkeys(("sc", "SC", "scn", "SCN"), _Walk.set_colour),
}
