"""What WeasyPrint set, read from its layout tree: lines of type, where zones stand, and which letters are there.

The tree (`Page._page_box`) is private: pyproject pins the major version, and tests/press/test_overset.py measures a
planted overflow through it.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from weasyprint.document import Document
from weasyprint.formatting_structure import boxes

from leaflets.domain.press.proof import ZonePlace
from leaflets.press.lines import Rect, SetLine, letters

MM_PER_PX = 25.4 / 96
PT_PER_PX = 0.75


@dataclass(frozen=True, slots=True)
class _Around:
    """What surrounds a box: its zone, its block's content box, and the boxes of definite height that it sits in.

    `free_mm` is the height left for words in these, the panel apart; infinite when there is no other.
    """

    page: int
    zone: str
    column: Rect
    frames: tuple[Rect, ...]
    free_mm: float
    panels: Mapping[str, Rect]


def lines_of(document: Document, panels: Mapping[str, Rect]) -> Iterator[SetLine]:
    """Every line of type, page by page, in the order of the tree. `panels` are the panels' rectangles by key."""
    for number, page in enumerate(document.pages, 1):
        yield from _lines(page._page_box, _Around(number, "", Rect(0, 0, 0, 0), (), math.inf, panels))


def places_of(document: Document) -> tuple[ZonePlace, ...]:
    """Where each zone stands: the border boxes of what carries its key, united once a page, in the tree's order.

    What the style sheet made, what is hidden and what has no size stands nowhere.
    """
    found: dict[tuple[int, str], Rect] = {}
    for number, page in enumerate(document.pages, 1):
        for zone, box in _zone_boxes(page._page_box):
            before = found.get((number, zone), box)
            found[number, zone] = Rect(
                min(before.left_mm, box.left_mm),
                min(before.top_mm, box.top_mm),
                max(before.right_mm, box.right_mm),
                max(before.bottom_mm, box.bottom_mm),
            )
    return tuple(
        ZonePlace(
            zone,
            page,
            round(box.left_mm, 2),
            round(box.top_mm, 2),
            round(box.right_mm - box.left_mm, 2),
            round(box.bottom_mm - box.top_mm, 2),
        )
        for (page, zone), box in found.items()
    )


def letters_set(document: Document) -> Counter[str]:
    """How many letters and digits each zone has on the pages."""
    found: Counter[str] = Counter()

    def count(box: Any, zone: str) -> None:
        if _is_generated(box):
            return
        element = getattr(box, "element", None)
        zone = zone if element is None else element.get("data-zone", zone)
        if isinstance(box, boxes.TextBox):
            found[zone] += letters(box.text)
        for child in _children(box):
            count(child, zone)

    for page in document.pages:
        count(page._page_box, "")
    return found


def _children(box: Any) -> Iterator[Any]:
    """What a box holds. A placeholder stands where an absolute box was taken out of the flow; it holds that box."""
    for child in getattr(box, "children", ()):
        yield getattr(child, "_box", child)


def _lines(box: Any, around: _Around) -> Iterator[SetLine]:
    if isinstance(box, boxes.LineBox):
        line = _line(box, around)
        if line:
            yield line
    inside = _enter(box, around)
    for child in _children(box):
        yield from _lines(child, inside)


def _enter(box: Any, around: _Around) -> _Around:
    if isinstance(box, boxes.BlockContainerBox):
        left, top = box.content_box_x(), box.content_box_y()
        around = replace(around, column=_rect(left, top, left + box.width, top + box.height))
    element = getattr(box, "element", None)
    if element is None or _is_generated(box):
        return around
    zone = element.get("data-zone", around.zone)
    frames, free_mm = around.frames, around.free_mm
    panel = element.get("data-panel")
    if panel in around.panels:
        frames, free_mm = (around.panels[panel],), math.inf
    elif isinstance(box, boxes.BlockLevelBox) and _is_definite(box.style):
        frames = (*frames, _border_box(box))
        free_mm = _free_mm(box) if _has_height(box.style) else min(free_mm, _free_mm(box))
    return replace(around, zone=zone, frames=frames, free_mm=free_mm)


def _is_generated(box: Any) -> bool:
    """Whether the style sheet made it: a bullet, or the content of ::before and ::after."""
    return "::" in str(box.element_tag or "")


def _is_definite(style: Any) -> bool:
    """Whether words can be too long for it: its height is given, or how high it may grow."""
    most = style["max_height"]
    return _has_height(style) or (most.unit != "%" and most.value != math.inf)


def _has_height(style: Any) -> bool:
    height = style["height"]
    if height != "auto" and getattr(height, "unit", "%") != "%":
        return True
    return bool(style["position"] == "absolute" and style["top"] != "auto" and style["bottom"] != "auto")


def _free_mm(box: Any) -> float:
    """The height that what stands in a box leaves free, wherever in the box that is; negative when it runs over."""
    height = box.height if _has_height(box.style) else box.style["max_height"].value
    return float(height - _filled(box)) * MM_PER_PX


def _filled(box: Any) -> float:
    """How much of a box's height is taken, from the head of what stands in it to the foot; none by what has no type."""
    inside = [child for child in _children(box) if child.is_in_normal_flow() or _has_type(child)]
    if not inside:
        return -math.inf
    stretched = isinstance(box, boxes.FlexContainerBox)
    feet = []
    for child in inside:
        slack = 0.0
        if stretched and child.style["height"] == "auto" and not isinstance(child, boxes.ReplacedBox):
            slack = max(0.0, child.height - max(0.0, _filled(child)))
        feet.append(child.position_y + child.margin_height() - slack)
    return float(max(feet) - min(child.position_y for child in inside))


def _has_type(box: Any) -> bool:
    if isinstance(box, boxes.TextBox):
        return bool(box.text.strip())
    return any(_has_type(child) for child in _children(box))


def _zone_boxes(box: Any) -> Iterator[tuple[str, Rect]]:
    element = getattr(box, "element", None)
    # A line or a text speaks of the element that it is in, and may stand beyond its box.
    if element is not None and not _is_generated(box) and not isinstance(box, boxes.LineBox | boxes.TextBox):
        zone = element.get("data-zone")
        if zone and box.style["visibility"] == "visible" and box.style["opacity"] > 0:
            place = _border_box(box)
            if place.right_mm > place.left_mm and place.bottom_mm > place.top_mm:
                yield zone, place
    for child in _children(box):
        yield from _zone_boxes(child)


def _border_box(box: Any) -> Rect:
    left, top = box.border_box_x(), box.border_box_y()
    return _rect(left, top, left + box.border_width(), top + box.border_height())


def _rect(left: float, top: float, right: float, bottom: float) -> Rect:
    return Rect(left * MM_PER_PX, top * MM_PER_PX, right * MM_PER_PX, bottom * MM_PER_PX)


def _line(line: Any, around: _Around) -> SetLine | None:
    texts = [box for box in _texts(line) if box.text.strip()]
    if not texts:
        return None
    left = min(box.position_x for box in texts)
    right = max(box.position_x + box.width for box in texts)
    runs = tuple((box.style["font_family"][0], round(box.style["font_size"] * PT_PER_PX, 2), box.text) for box in texts)
    box = _rect(left, line.position_y, right, line.position_y + line.height)
    zone = around.zone or _inline_zone(line)
    return SetLine(around.page, zone, box, around.column, around.frames, runs, around.free_mm)


def _inline_zone(line: Any) -> str:
    """The zone of the first word, where a zone is a part of a line."""
    for child in line.children:
        if isinstance(child, boxes.InlineBox):
            return str(child.element.get("data-zone", "")) or _inline_zone(child)
    return ""


def _texts(box: Any) -> Iterator[Any]:
    """The text boxes of one line; an inline block in it has lines of its own."""
    for child in box.children:
        if isinstance(child, boxes.TextBox):
            yield child
        elif isinstance(child, boxes.InlineBox):
            yield from _texts(child)
