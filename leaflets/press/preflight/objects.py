"""Reading PDF objects that may be anything: each function gives what it is asked for, or nothing.

A hostile or broken file may hold a string where a dictionary belongs; no reader below may trip over that.
"""

from __future__ import annotations

from math import isfinite

import pikepdf
from pikepdf import Array, Dictionary, Name, Object, Stream

from leaflets.press.preflight.geometry import IDENTITY, Box, Matrix


def entry(holder: object, key: str) -> object:
    """The value of a key in a dictionary or stream, or None."""
    if isinstance(holder, Dictionary | Stream):
        value = holder.get(key)
        return value if value is not None else None
    return None


def number(value: object, default: float = 0.0) -> float:
    """A finite number, or the default."""
    if isinstance(value, bool | Object) or value is None:
        return default
    try:
        result = float(value)  # type: ignore[arg-type]
    except (TypeError, ValueError, OverflowError):
        return default
    return result if isfinite(result) and abs(result) < 1e9 else default


def truth(value: object) -> bool:
    """Whether it is the boolean true."""
    return isinstance(value, bool) and value


def numbers(value: object) -> tuple[float, ...]:
    """Every number of an array; anything else in it counts as 0."""
    if not isinstance(value, Array):
        return ()
    return tuple(number(part) for part in list(value)[:65536])


def matrix(value: object) -> Matrix:
    """A matrix, or the one that changes nothing."""
    values = numbers(value)
    if len(values) != 6:
        return IDENTITY
    return (values[0], values[1], values[2], values[3], values[4], values[5])


def box(value: object) -> Box | None:
    """A rectangle, its corners in order (ISO 32000-1, 7.9.5), or None."""
    sides = numbers(value)
    if len(sides) != 4:
        return None
    return (min(sides[0], sides[2]), min(sides[1], sides[3]), max(sides[0], sides[2]), max(sides[1], sides[3]))


def name(value: object) -> str:
    """A name without its slash, or the empty string; bytes that are no UTF-8 come as question marks."""
    if not isinstance(value, Name):
        return ""
    try:
        return str(value)[1:]
    except UnicodeDecodeError:
        return value.unparse().decode("utf-8", "replace")[1:]


def names(value: object) -> tuple[str, ...]:
    """A name, or an array of names, as a tuple."""
    if isinstance(value, Array):
        return tuple(name(part) for part in list(value)[:64])
    return (name(value),) if isinstance(value, Name) else ()


def text(value: object) -> str:
    """A text string, or the empty string."""
    return str(value) if isinstance(value, pikepdf.String) else ""


def items(value: object) -> list[Object]:
    """The members of an array, or of one thing a list of itself."""
    if isinstance(value, Array):
        return list(value)[:4096]
    return [value] if isinstance(value, Object) else []


def pairs(value: object) -> list[tuple[str, Object]]:
    """Key and value of a dictionary, the key without its slash."""
    if isinstance(value, Dictionary):
        return [(str(key)[1:], value[key]) for key in list(value.keys())[:4096]]
    return []


def identity(value: object) -> tuple[int, int] | None:
    """The number and generation of an indirect object; None for a direct one, which nothing else can share."""
    return value.objgen if isinstance(value, Object) and value.is_indirect else None
