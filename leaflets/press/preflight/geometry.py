"""Boxes and matrices as plain tuples, and a page's frame, which turns PDF points into places on the sheet.

A box is (left, bottom, right, top) in default user space. A matrix is the six numbers of ISO 32000-1, 8.3.3.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

from leaflets.domain.press.geometry import POINTS_PER_MM
from leaflets.domain.press.problem import Place

Box = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]

IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)
EVERYWHERE: Box = (-1e9, -1e9, 1e9, 1e9)


def times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first` and after it `then`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def transformed(box: Box, matrix: Matrix) -> Box:
    """The smallest upright box round `box` after `matrix`."""
    left, bottom, right, top = box
    a, b, c, d, e, f = matrix
    xs = (a * left + c * bottom, a * right + c * bottom, a * left + c * top, a * right + c * top)
    ys = (b * left + d * bottom, b * right + d * bottom, b * left + d * top, b * right + d * top)
    return (min(xs) + e, min(ys) + f, max(xs) + e, max(ys) + f)


def common(one: Box, other: Box) -> Box | None:
    """Where two boxes overlap, or None. A box without width or height still counts: it may be a line."""
    left, bottom = max(one[0], other[0]), max(one[1], other[1])
    right, top = min(one[2], other[2]), min(one[3], other[3])
    return (left, bottom, right, top) if left <= right and bottom <= top else None


def contains(outer: Box, inner: Box, slack: float = 0.0) -> bool:
    """Whether `inner` lies in `outer`, but for `slack` points."""
    return (
        inner[0] >= outer[0] - slack
        and inner[1] >= outer[1] - slack
        and inner[2] <= outer[2] + slack
        and inner[3] <= outer[3] + slack
    )


def scale_of(matrix: Matrix) -> tuple[float, float]:
    """How much a matrix stretches the x axis and the y axis."""
    return hypot(matrix[0], matrix[1]), hypot(matrix[2], matrix[3])


@dataclass(frozen=True, slots=True)
class PageFrame:
    """A page's boxes and how to speak of places on it. `number` counts from 1; `unit` is the UserUnit.

    `trim` and `bleed` always hold something: where the page does not say, the next larger box stands in, and
    `has_trim` is false.
    """

    number: int
    media: Box
    trim: Box
    bleed: Box
    unit: float = 1.0
    turned: int = 0
    has_trim: bool = True

    def mm(self, points: float) -> float:
        """Points of this page in millimetres."""
        return points * self.unit / POINTS_PER_MM

    @property
    def trim_mm(self) -> tuple[float, float]:
        """Width and height of the trim, as seen, in millimetres."""
        width, height = self.mm(self.trim[2] - self.trim[0]), self.mm(self.trim[3] - self.trim[1])
        return (height, width) if self.turned % 180 else (width, height)

    def place(self, box: Box) -> Place:
        """The box in millimetres from the top left corner of the trim."""
        left, bottom, right, top = box
        return Place(
            round(self.mm(left - self.trim[0]), 1) + 0.0,
            round(self.mm(self.trim[3] - top), 1) + 0.0,  # + 0.0: no one reads -0.0 with pleasure
            round(self.mm(right - left), 1),
            round(self.mm(top - bottom), 1),
        )
