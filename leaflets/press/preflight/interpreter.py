"""All operators of PDF content (ISO 32000-1, annex A) and what each does to the reading of a page.

Forms, tiling patterns, shadings, soft masks, drawn glyphs and inline images are followed. Curves count by their control
points and clips by their boxes: enough to judge, and quick. Cycles, depth, the number of operators and the size of
streams are bounded; past a bound, TooComplex is raised and the page reported.
"""

from __future__ import annotations

from leaflets.press.preflight import colouring, graphics, paths, placing, showing
from leaflets.press.preflight.geometry import Box
from leaflets.press.preflight.lexer import Operand
from leaflets.press.preflight.reader import Action, Budget, Reader


def _lenient(reader: Reader, operands: list[Operand]) -> None:
    reader.lenient += 1


def _strict(reader: Reader, operands: list[Operand]) -> None:
    reader.lenient = max(0, reader.lenient - 1)


_WITHOUT_EFFECT = b"h j J M d ri i MP DP BMC BDC EMC d0 d1 ET".split()

ACTIONS: dict[bytes, Action | None] = {
    **dict.fromkeys(_WITHOUT_EFFECT),
    b"BX": _lenient,
    b"EX": _strict,
    **graphics.ACTIONS,
    **colouring.ACTIONS,
    **paths.ACTIONS,
    **placing.ACTIONS,
    **showing.ACTIONS,
}


def reader_of(media: Box, budget: Budget, shared: dict[object, object]) -> Reader:
    """Something to read one page with. `budget` and `shared` belong to the whole document."""
    return Reader(media, ACTIONS, budget, shared)
