"""Matrices and numbers as content streams write them (ISO 32000-1, 8.3.4)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

Matrix = tuple[float, float, float, float, float, float]
IDENTITY: Matrix = (1.0, 0.0, 0.0, 1.0, 0.0, 0.0)


def multiplied(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return (a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m)


def matrix_of(parts: Any) -> Matrix:
    """Six PDF numbers as a matrix; the identity when there are none. Raises `ValueError` for any other count."""
    if parts is None:
        return IDENTITY
    a, b, c, d, e, f = (float(part) for part in parts)
    return (a, b, c, d, e, f)


def written(value: float, places: int) -> Decimal | int:
    """A number to so many decimal places, in its shortest form."""
    rounded = round(value, places)
    return int(rounded) if rounded == int(rounded) else Decimal(f"{rounded:.{places}f}".rstrip("0"))
