"""Lines of type with their places, and how many letters a page of HTML asks for: what a layout is judged by."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle on a side in millimetres from the top left of the trim; edges, not sizes."""

    left_mm: float
    top_mm: float
    right_mm: float
    bottom_mm: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line of type: its words, its box, the column it was set in, and every box of definite height around it.

    `runs` are (family, size in points, words) in order. `zone` is empty for the template's own words. `free_mm` is
    the height that is left for words in its frames, the panel apart; infinite where there is no other.
    """

    page: int
    zone: str
    box: Rect
    column: Rect
    frames: tuple[Rect, ...]
    runs: tuple[tuple[str, float, str], ...]
    free_mm: float = math.inf

    @property
    def text(self) -> str:
        """The words of the line."""
        return "".join(words for _, _, words in self.runs)


def letters_of(root: Any) -> Counter[str]:
    """How many letters and digits each zone has in the page of HTML; `head` and drawings apart."""
    found: Counter[str] = Counter()

    def count(element: Any, zone: str) -> None:
        zone = element.get("data-zone", zone)
        found[zone] += letters(element.text)
        for child in element:
            if isinstance(child.tag, str) and child.tag.rpartition("}")[2] not in _SILENT:
                count(child, zone)
            found[zone] += letters(child.tail)

    count(root, "")
    return found


_SILENT = frozenset({"head", "style", "svg"})


def letters(text: str | None) -> int:
    """How many letters and digits there are, whatever their case."""
    return sum(map(str.isalnum, text or ""))
