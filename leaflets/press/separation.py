"""Every colour of a typeset document into inks: each drawing, and each thing a drawing paints with, once.

`Separation` goes through pages, form XObjects, pictures, patterns, gradients, soft masks and Type 3 glyphs, and
remembers the fonts in use and what is see-through, which PDF/X-1a forbids.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

from pikepdf import Dictionary, Name, Object, Pdf, Stream

from leaflets.domain.press.printing import PressSpec, Standard
from leaflets.press.colour import BLACK
from leaflets.press.drawing import Drawing
from leaflets.press.gradients import separate_gradient
from leaflets.press.graphics_state import GraphicsState
from leaflets.press.matrix import IDENTITY, Matrix, matrix_of, multiplied, written
from leaflets.press.raster import harden_mask, separate_picture
from leaflets.press.spaces import Model, inks_in, luminosity


@dataclass(frozen=True, slots=True)
class Transparency:
    """Something see-through: the page it is on, counted from 1, and what it is."""

    page: int
    what: str


@dataclass(slots=True)
class Separation:
    """The work on one document, for a printer who wants it so."""

    pdf: Pdf
    spec: PressSpec
    transparencies: list[Transparency] = field(default_factory=list, init=False)
    fonts: list[Any] = field(default_factory=list, init=False)
    _done: set[tuple[int, int]] = field(default_factory=set, init=False)
    page: int = field(default=0, init=False)

    @property
    def opaque_only(self) -> bool:
        """Whether transparency is forbidden: then even opaque graphics states and groups are dropped."""
        return self.spec.standard is Standard.X1A

    def separate_page(self, contents: bytes, resources: Any, shift: Matrix) -> tuple[bytes, Dictionary]:
        """One page's drawing, to be run under `shift`, and the resources it needs."""
        self.page += 1
        walk = Drawing(self, resources, GraphicsState(ctm=shift, fill=BLACK, stroke=BLACK), grey=False, shift=shift)
        return walk.run(Stream(self.pdf, contents)), walk.used

    def separate_part(self, part: Stream, inherited: Any, ctm: Matrix, *, grey: bool) -> None:
        """A form XObject, tiling pattern or mask group, in place; `ctm` is where it was first used."""
        if not self._first_time(part):
            return
        start = multiplied(matrix_of(part.get("/Matrix")), ctm)
        walk = Drawing(self, part.get("/Resources", inherited), GraphicsState(ctm=start), grey=grey)
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
        matrix = multiplied(matrix_of(pattern.get("/Matrix")), shift) if shift else matrix_of(pattern.get("/Matrix"))
        pattern["/Matrix"] = [written(part, 6) for part in matrix]
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
            walk = Drawing(self, own, GraphicsState(), grey=False, used=used)
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
        found = Transparency(self.page, what)
        if found not in self.transparencies:
            self.transparencies.append(found)

    def _first_time(self, thing: Object, *, claim: bool = True) -> bool:
        known = thing.objgen in self._done
        if claim:
            self._done.add(thing.objgen)
        return not known
