"""A remark about a leaflet or a PDF: a stable code, a place, and one sentence a volunteer understands."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How serious a problem is."""

    ERROR = "error"  # nothing prints with one of these
    WARNING = "warning"  # a person should look
    NOTE = "note"  # worth knowing; for example that copyfit made a heading smaller


@dataclass(frozen=True, slots=True)
class Place:
    """A rectangle on a page in millimetres from the top left corner of the trim, y downwards."""

    x_mm: float
    y_mm: float
    width_mm: float
    height_mm: float


@dataclass(frozen=True, slots=True)
class Problem:
    """One remark.

    `code` is kebab-case and never changes its meaning (`font-not-embedded`). `message` is one sentence that says
    what is wrong and what to do. `page` counts from 1. `zone` is the key of the template zone it is about.
    """

    code: str
    level: Level
    message: str
    page: int | None = None
    place: Place | None = None
    zone: str | None = None


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether anything here stops the press."""
    return any(problem.level is Level.ERROR for problem in problems)
