"""How much more fits into each zone: measured on set lines, so that it counts words of this width in this box.

Copyfit makes a group smaller before anything is overset, so the room is measured on a layout with every group at its
smallest size. Words are taken to be added at the zone's end.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import groupby

from leaflets.domain.press.proof import ZoneRoom
from leaflets.domain.template import Kind, Template, Zone
from leaflets.press.copyfit import Fitted
from leaflets.press.lines import SetLine
from leaflets.press.overset import TOLERANCE_MM
from leaflets.press.typeset import Layout

WORDED = frozenset({Kind.LINE, Kind.RICH, Kind.ITEMS, Kind.QR})
"""The kinds of zones that hold words somebody counts."""

_USUAL_LETTERS = 5.5  # of a word, with the space after it one more: English; Welsh is a little shorter
_ENOUGH_WORDS = 8  # of a zone's own to know how long its words are
_RAGGED = 0.5  # of a word stays empty at the end of a line
_CAUTION = 0.9


def rooms(template: Template, fitted: Fitted, smallest: Layout) -> tuple[ZoneRoom, ...]:
    """The room of each zone whose words were set, in the template's order. `smallest` has each group at its least."""
    sizes = {zone: (one.from_pt, one.set_pt) for one in fitted.copyfit for zone in one.zones}
    found = []
    for zone in template.zones:
        if zone.kind not in WORDED:
            continue
        set_lines = [line for line in fitted.layout.lines if line.zone == zone.key]
        if not set_lines:
            continue
        too_many = sum(one.words for one in fitted.oversets if one.zone == zone.key)
        down_mm = max((one.down_mm for one in fitted.oversets if one.zone == zone.key), default=0.0)
        from_pt, set_pt = sizes.get(zone.key, (zone.fit.from_pt, zone.fit.from_pt) if zone.fit else (None, None))
        found.append(
            ZoneRoom(
                zone=zone.key,
                words=sum(len(line.text.split()) for line in set_lines),
                spare_words=-too_many if down_mm else _spare_words(zone, smallest.lines),
                spare_mm=round(-down_mm or min(_free_mm(set_lines, fitted.layout.lines, zone.key).values()), 1),
                set_pt=set_pt,
                from_pt=from_pt,
            )
        )
    return tuple(found)


def _spare_words(zone: Zone, lines: Sequence[SetLine]) -> int:
    """About how many words can be added at the zone's end; of a list, to whichever item has the least room."""
    own = [line for line in lines if line.zone == zone.key]
    free_mm = _free_mm(own, lines, zone.key)
    letters = _letters_of_a_word(own)
    return min(
        (_words_in(max(0.0, free_mm[frame]), list(held), letters) for frame, held in groupby(own, _frame)), default=0
    )


def _words_in(free_mm: float, held: Sequence[SetLine], letters: float) -> int:
    """How many words go into the rest of the last line and into the lines that the free height has room for."""
    last = held[-1]
    paragraph = [line for line in held if line.column == last.column]
    letter_mm = sum(line.box.right_mm - line.box.left_mm for line in paragraph) / sum(
        len(line.text) for line in paragraph
    )
    word_mm = (letters + 1) * letter_mm
    column_mm = last.column.right_mm - last.column.left_mm
    line_mm = max(line.box.bottom_mm - line.box.top_mm for line in paragraph)
    more_lines = math.floor((free_mm + TOLERANCE_MM) / line_mm)
    rest = max(0.0, (column_mm - (last.box.right_mm - last.box.left_mm)) / word_mm - _RAGGED)
    a_line = max(0.0, column_mm / word_mm - _RAGGED)
    return math.floor((rest + more_lines * a_line) * _CAUTION)


def _frame(line: SetLine) -> tuple[object, ...]:
    """The box of definite height that a line is set in."""
    return (line.page, *line.frames[-1:])


def _free_mm(own: Iterable[SetLine], lines: Iterable[SetLine], zone: str) -> dict[tuple[object, ...], float]:
    """The free height in each box that a zone's words are set in."""
    return {
        frame: min(_down_to_the_next(line, lines, zone) if math.isinf(line.free_mm) else line.free_mm for line in held)
        for frame, held in ((frame, list(held)) for frame, held in groupby(own, _frame))
    }


def _down_to_the_next(line: SetLine, lines: Iterable[SetLine], zone: str) -> float:
    """What is free below a line without a box: down to the next words, or to the foot of the panel."""
    below = [
        other.box.top_mm
        for other in lines
        if other.page == line.page
        and other.zone != zone
        and other.box.top_mm >= line.box.bottom_mm - TOLERANCE_MM
        and min(other.column.right_mm, line.column.right_mm) > max(other.column.left_mm, line.column.left_mm)
    ]
    foot = [frame.bottom_mm for frame in line.frames]
    return min([*below, *foot], default=line.box.bottom_mm) - line.box.bottom_mm


def _letters_of_a_word(lines: Sequence[SetLine]) -> float:
    words = [word for line in lines for word in line.text.split()]
    if len(words) < _ENOUGH_WORDS:
        return _USUAL_LETTERS
    return max(_USUAL_LETTERS - 1, sum(map(len, words)) / len(words))
