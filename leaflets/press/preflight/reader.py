"""The one reading of a page: runs content streams, keeps the graphics state, and fills the scene.

What each operator does is in `graphics`, `colouring`, `paths`, `placing` and `showing`; `interpreter` has them all.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypedDict, Unpack

import pikepdf

from leaflets.press.preflight import objects, spaces
from leaflets.press.preflight.fonts import MISSING, Font
from leaflets.press.preflight.geometry import IDENTITY, Box, Matrix, common, times, transformed
from leaflets.press.preflight.lexer import Operand, instructions
from leaflets.press.preflight.resources import Resources
from leaflets.press.preflight.scene import Kind, Mark, Picture, Scene, Sighting
from leaflets.press.preflight.spaces import Family
from leaflets.press.preflight.state import Paint, State, TextPosition
from leaflets.press.preflight.streams import Damaged, TooComplex, decoded

_MAX_DEPTH = 24
_MAX_MARKS = 200_000
_MAX_SIGHTINGS = 1000

Action = Callable[["Reader", list[Operand]], None]
"""What an operator does. It may raise ValueError, TypeError or IndexError when its operands make no sense."""

_NOWHERE: Box = (0.0, 0.0, -1.0, -1.0)


class Details(TypedDict, total=False):
    """What a mark may have beside its colour and place; see `scene.Mark`."""

    size: float
    ppi: tuple[float, float]
    picture: Picture


class Path:
    """The path under construction, as a box."""

    def __init__(self) -> None:
        self.box: Box | None = None
        self.parts = 0
        self.rectangles = 0
        self.clips = False


class Budget:
    """How many operators may still be read in the whole document."""

    def __init__(self, operators: int = 1_000_000) -> None:
        self.operators = operators


class Reader:
    """Reads one page into `scene`. `inner` is the box of the pattern, glyph or mask being read, if any.

    `base` is the matrix at the start of the current page or form: tiling patterns are placed by it. `lenient` is
    the depth of BX … EX, where unknown operators are allowed.
    """

    def __init__(
        self, media: Box, actions: Mapping[bytes, Action | None], budget: Budget, shared: dict[object, object]
    ) -> None:
        self.scene = Scene()
        self.state = State(clip=media)
        self.text = TextPosition()
        self.path = Path()
        self.saved: list[State] = []
        self.resources = Resources(None, shared)
        self.inner: Box | None = None
        self.base: Matrix = IDENTITY
        self.lenient = 0
        self._actions = actions
        self._budget = budget
        self._shared = shared
        self._active: list[tuple[int, int] | None] = []
        self._met: set[object] = set()

    def read(self, content: bytes, resources: object) -> None:
        """Reads the content of a page. Raises TooComplex."""
        self.resources = Resources(resources, self._shared)
        self._run(content)

    def sight(self, code: str, what: str = "", box: Box | None = None) -> None:
        """Notes something that is no mark, where the content is being read."""
        if len(self.scene.sightings) < _MAX_SIGHTINGS:
            self.scene.sightings.append(Sighting(code, box or self.inner, what))

    def once(self, *key: object) -> bool:
        """Whether this is the first time the page meets something."""
        if key in self._met:
            return False
        self._met.add(key)
        return True

    def font_named(self, name: str) -> Font:
        """The font of a Tf operator; one that is missing is noted."""
        font = self.resources.font(name)
        if font is None:
            self.sight("resource-missing", f"font ({name[1:]})")
        return font or MISSING

    def mark(self, kind: Kind, paint: Paint, box: Box, *, stroke: bool = False, **details: Unpack[Details]) -> None:
        """Adds what was painted, cut to the clip, unless nothing of it shows."""
        state = self.state
        seen = common(box, state.clip)
        if seen is None or sum(seen) - sum(seen) != 0:  # not a number: a matrix ran away
            return
        if len(self.scene.marks) >= _MAX_MARKS:
            raise TooComplex
        if paint.pattern is not None:
            self._tile(paint.pattern, seen)
        alpha = state.stroke_alpha if stroke else state.fill_alpha
        overprints = state.stroke_overprints if stroke else state.fill_overprints
        self.scene.marks.append(
            Mark(
                Kind.GRADIENT if paint.gradient and kind is Kind.AREA else kind,
                self.inner or seen,
                paint.space,
                paint.inks,
                knocks_out=not overprints,
                sparing=overprints and state.sparing and paint.space.direct and paint.space.channels == 4,
                solid=alpha >= 1 and not state.blended,
                inner=self.inner is not None,
                **details,
            )
        )

    def blending_space(self, form: object) -> None:
        """Notes a transparency group, and the space it blends in when no press has it."""
        group = objects.entry(form, "/Group")
        if group is None:
            return
        self.sight("transparency", "a transparency group")
        value = objects.entry(group, "/CS")
        if value is not None and self.resources.space_of(value).family in (Family.RGB, Family.LAB):
            self.sight("blend-rgb")

    def nested(self, stream: object, matrix: Matrix, *, inner: Box | None = None, around: State | None = None) -> None:
        """Reads a stream with resources of its own: a form, a tile, a drawn glyph or a soft mask.

        `around` is the state it starts with; otherwise the current one. Raises TooComplex on cycles and depth.
        """
        if not isinstance(stream, pikepdf.Stream):
            return
        key = objects.identity(stream)
        if key in self._active or len(self._active) >= _MAX_DEPTH:
            raise TooComplex
        try:
            content = decoded(stream)
        except Damaged:
            self.sight("content-broken", "a drawing inside the page cannot be unpacked")
            return
        kept = dict(self.__dict__)
        self._active.append(key)
        try:
            self._enter(stream, matrix, inner, around or self.state)
            self._run(content)
        finally:
            self._active.pop()
            self.__dict__.update(kept)

    def _enter(self, stream: pikepdf.Stream, matrix: Matrix, inner: Box | None, around: State) -> None:
        self.state = around.copy()
        self.state.ctm = self.base = times(matrix, self.state.ctm)
        box = objects.box(objects.entry(stream, "/BBox"))
        if box is not None:
            self.state.clip = common(self.state.clip, transformed(box, self.state.ctm)) or _NOWHERE
        self.text, self.path, self.saved, self.lenient = TextPosition(), Path(), [], 0
        self.inner = inner or self.inner
        own = objects.entry(stream, "/Resources")
        if own is not None:
            self.resources = Resources(own, self._shared, self.resources)

    def _run(self, content: bytes) -> None:
        budget, actions = self._budget, self._actions
        for operator, operands in instructions(content):
            budget.operators -= 1
            if budget.operators < 0:
                raise TooComplex
            try:
                action = actions[operator]
            except KeyError:
                if not self.lenient:
                    self.sight("content-broken", f"“{operator[:12].decode('latin-1')}” is no instruction of PDF")
                continue
            if action is None:
                continue
            try:
                action(self, operands)
            except (ValueError, TypeError, IndexError):
                self.sight("content-broken", f"“{operator.decode('latin-1')}” has the wrong values")
        if self.saved:
            self.sight("content-broken", "“q” without a “Q” after it")

    def _tile(self, pattern: object, owner: Box) -> None:
        if self.once("tile", objects.identity(pattern)):
            around = State(ctm=self.base, fill=Paint(spaces.PATTERN, None), stroke=Paint(spaces.PATTERN, None))
            self.nested(pattern, objects.matrix(objects.entry(pattern, "/Matrix")), inner=owner, around=around)
