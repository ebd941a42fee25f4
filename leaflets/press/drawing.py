"""One drawing, that is one content stream (ISO 32000-1, 7.8.2), rewritten in inks in a single pass.

Colour operators (8.6.8) become DeviceCMYK, or grey inside a mask; overprinting is set around each object that wants
it; whatever the drawing paints with is handed on to the separation, and only what it uses is kept.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable
from copy import copy
from typing import TYPE_CHECKING, Any

from pikepdf import (
    ContentStreamInlineImage,
    ContentStreamInstruction,
    Dictionary,
    Name,
    Object,
    Operator,
    PdfError,
    Stream,
    parse_content_stream,
    unparse_content_stream,
)

from leaflets.domain.errors import Invalid
from leaflets.press.colour import Inks
from leaflets.press.graphics_state import GraphicsState
from leaflets.press.matrix import Matrix, matrix_of, multiplied, written
from leaflets.press.overprint import NAMES, Outline, is_fine_stroke
from leaflets.press.spaces import Model, initial_inks, inks_in, luminosity, model_of

if TYPE_CHECKING:
    from leaflets.press.separation import Separation

_FILLS, _STROKES = frozenset(("f", "F", "f*", "B", "B*", "b", "b*")), frozenset(("S", "s", "B", "B*", "b", "b*"))
_EVEN_ODD = frozenset(("f*", "B*", "b*"))
_TRANSPARENCY_KEYS = frozenset(("/Type", "/ca", "/CA", "/SMask", "/BM", "/AIS"))
_GS = Operator("gs")
_Step = ContentStreamInstruction | ContentStreamInlineImage


class Drawing:
    """One content stream: reads instructions, writes instructions, collects the resources in `used`."""

    def __init__(
        self,
        whole: Separation,
        resources: Any,
        state: GraphicsState,
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
        self.stack: list[GraphicsState] = []
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
                f"The drawing instructions of page {self.whole.page} cannot be read: {error}.",
                "Make the proof again; if it happens twice, send the leaflet to support.",
                code="damaged-pdf",
            ) from error
        drawing = unparse_content_stream([step for step in self.out if step is not None])
        return drawing + b"\nQ" * len(self.stack)

    def _push(self, step: _Step, _: str) -> None:
        self.stack.append(copy(self.state))
        self.out.append(step)

    def _pop(self, step: _Step, _: str) -> None:
        self.state = self.stack.pop()
        self.out.append(step)

    def _transform(self, step: _Step, _: str) -> None:
        self.state.ctm = multiplied(matrix_of(step.operands), self.state.ctm)
        self.out.append(step)

    def _set_line_width(self, step: _Step, _: str) -> None:
        self.state.line_width = float(step.operands[0])
        self.out.append(step)

    def _set_text_mode(self, step: _Step, _: str) -> None:
        self.state.text_mode = int(step.operands[0])
        self.out.append(step)

    def _set_font(self, step: _Step, _: str) -> None:
        font = self._resource("/Font", step.operands[0])
        self.state.glyphs_draw_themselves = font.get("/Subtype") == Name.Type3
        self.whole.keep_font(font, self.resources)
        self.out.append(step)

    def _begin_subpath(self, step: _Step, operator: str) -> None:
        if self.outline is None:
            self.outline = Outline()
            self.outline_starts = len(self.out)
            self.out.append(None)  # where overprinting is set, once the paint operator tells
        points = [float(part) for part in step.operands]
        self.outline.begin(points[0], points[1])
        if operator == "re":
            self.outline.reach([points[0] + points[2], points[1] + points[3]])
        self.out.append(step)

    def _extend_subpath(self, step: _Step, _: str) -> None:
        if self.outline is not None:
            self.outline.reach([float(part) for part in step.operands])
        self.out.append(step)

    def _paint(self, step: _Step, operator: str) -> None:
        state = self.state
        fill, stroke = state.overprint
        if self.outline is not None:
            if operator in _FILLS:
                even_odd = operator in _EVEN_ODD
                fill = state.fills_black and self.outline.is_fine(state.ctm, even_odd=even_odd)
            if operator in _STROKES:
                stroke = state.strokes_black and is_fine_stroke(state.line_width, state.ctm)
            self.out[self.outline_starts] = self._overprinting(fill, stroke)
        self.outline = None
        self.out.append(step)

    def _show_text(self, step: _Step, _: str) -> None:
        state = self.state
        fill, stroke = state.overprint
        if state.text_mode in (0, 2, 4, 6):
            fill = state.fills_black and not state.glyphs_draw_themselves
        if state.text_mode in (1, 2, 5, 6):
            stroke = state.strokes_black and not state.glyphs_draw_themselves
        self._append(self._overprinting(fill, stroke))
        self.out.append(step)

    def _paint_xobject(self, step: _Step, _: str) -> None:
        xobject = self._resource("/XObject", step.operands[0])
        self.whole.separate_xobject(xobject, self.resources, self.state.ctm, grey=self.grey)
        self._append(self._overprinting(False, False))
        self.out.append(step)

    def _paint_shading(self, step: _Step, _: str) -> None:
        shading = self._resource("/Shading", step.operands[0])
        self.whole.separate_shading(shading, self.resources, grey=self.grey)
        self._append(self._overprinting(False, False))
        self.out.append(step)

    def _paint_inline_image(self, step: _Step, _: str) -> None:
        """An image inside the stream becomes a resource, so that one rule serves both kinds."""
        assert isinstance(step, ContentStreamInlineImage)
        image = step.iimage
        entries: dict[str, Object] = dict(image.obj.items())
        picture = self.whole.pdf.make_stream(image.read_raw_bytes(), entries)
        picture["/Type"], picture["/Subtype"] = Name.XObject, Name.Image
        name = f"/Inline{len(self.used.get('/XObject', {}))}"
        self.whole.separate_xobject(picture, self.resources, self.state.ctm, grey=self.grey)
        self._keep("/XObject", name, picture)
        self._append(self._overprinting(False, False))
        self.out.append(ContentStreamInstruction([Name(name)], Operator("Do")))

    def _set_grey_rgb_or_cmyk(self, step: _Step, operator: str) -> None:
        model = {"g": Model.GREY, "rg": Model.RGB, "k": Model.CMYK}[operator.lower()]
        self._choose(model, inks_in(model, [float(part) for part in step.operands], self.whole.spec), operator)

    def _set_space(self, step: _Step, operator: str) -> None:
        model = model_of(step.operands[0], self.resources)
        self._choose(model, initial_inks(model), operator)
        if model in (Model.PATTERN, Model.SPOT):
            self._keep_space(step.operands[0])
            self.out.append(step)

    def _set_colour(self, step: _Step, operator: str) -> None:
        model = self.state.stroke_model if operator.isupper() else self.state.fill_model
        if model is Model.PATTERN:
            pattern = self._resource("/Pattern", step.operands[-1])
            self.whole.separate_pattern(pattern, self.resources, self.shift, grey=self.grey)
        if model in (Model.PATTERN, Model.SPOT):
            self.out.append(step)
            return
        self._choose(model, inks_in(model, [float(part) for part in step.operands], self.whole.spec), operator)

    def _set_state(self, step: _Step, _: str) -> None:
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
            self._keep("/ExtGState", str(step.operands[0]), named)
            self.out.append(step)

    def _choose(self, model: Model, inks: Inks | None, operator: str) -> None:
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
        self.out.append(ContentStreamInstruction([written(value, 4) for value in values], Operator(name)))
        self.chosen = (len(self.out), name)

    def _overprinting(self, fill: bool, stroke: bool) -> _Step | None:
        """The instruction that makes fills and strokes overprint or not; None when they do already."""
        if self.grey or (fill, stroke) == self.state.overprint:
            return None
        self.state.overprint = (fill, stroke)
        name = NAMES[fill, stroke]
        if name not in self.used.get("/ExtGState", {}):
            self._keep("/ExtGState", name, Dictionary(Type=Name.ExtGState, OP=stroke, op=fill, OPM=1))
        return ContentStreamInstruction([Name(name)], _GS)

    def _append(self, step: _Step | None) -> None:
        if step is not None:
            self.out.append(step)

    def _resource(self, kind: str, name: Object) -> Any:
        """The resource of that name, kept for the rewritten stream. Raises `KeyError` when there is none."""
        found = self.resources[kind][str(name)]
        if not found.is_indirect:  # so that a thing shared by two pages is known to be one
            found = self.resources[kind][str(name)] = self.whole.pdf.make_indirect(found)
        self._keep(kind, str(name), found)
        return found

    def _keep(self, kind: str, name: str, thing: Object) -> None:
        if kind not in self.used:
            self.used[kind] = Dictionary()
        self.used[kind][name] = thing

    def _keep_space(self, name: Object) -> None:
        named = self.resources.get("/ColorSpace", Dictionary())
        if str(name) in named:
            self._keep("/ColorSpace", str(name), named[str(name)])

    def _keep_properties(self, step: _Step, _: str) -> None:
        if len(step.operands) > 1 and isinstance(step.operands[1], Name):
            self._resource("/Properties", step.operands[1])
        self.out.append(step)


_Rule = Callable[[Drawing, _Step, str], None]
_RULES: dict[str, _Rule] = {
    "q": Drawing._push,
    "Q": Drawing._pop,
    "cm": Drawing._transform,
    "w": Drawing._set_line_width,
    "gs": Drawing._set_state,
    "Tf": Drawing._set_font,
    "Tr": Drawing._set_text_mode,
    "Do": Drawing._paint_xobject,
    "sh": Drawing._paint_shading,
    "INLINE IMAGE": Drawing._paint_inline_image,
    "BDC": Drawing._keep_properties,
    "DP": Drawing._keep_properties,
    **dict.fromkeys(("m", "re"), Drawing._begin_subpath),
    **dict.fromkeys(("l", "c", "v", "y"), Drawing._extend_subpath),
    **dict.fromkeys((*_FILLS, *_STROKES, "n"), Drawing._paint),
    **dict.fromkeys(("Tj", "TJ", "'", '"'), Drawing._show_text),
    **dict.fromkeys(("g", "G", "rg", "RG", "k", "K"), Drawing._set_grey_rgb_or_cmyk),
    **dict.fromkeys(("cs", "CS"), Drawing._set_space),
    **dict.fromkeys(("sc", "SC", "scn", "SCN"), Drawing._set_colour),
}
