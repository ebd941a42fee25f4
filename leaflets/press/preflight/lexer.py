"""A content stream as operators with their operands (ISO 32000-1, 7.2 and 7.8.2; inline images 8.9.7).

Lenient as readers must be, and never raising: what makes no sense comes out as an unknown operator, which the
interpreter reports.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from leaflets.press.preflight.streams import hexadecimal

Operand = float | str | bytes | list["Operand"] | dict[str, "Operand"]
"""A number, a name with its slash, a string's bytes, an array or a dictionary."""

Instruction = tuple[bytes, list[Operand]]

_TOKEN = re.compile(
    rb"[\0\t\n\f\r ]*(?:"
    rb"([+-]?(?:\d+\.?\d*|\.\d+)(?=[\0\t\n\f\r /<>()\[\]{}%]|$))"  # 1 number
    rb"|([A-Za-z'\"][^\0\t\n\f\r ()<>\[\]{}/%]*)"  # 2 operator
    rb"|/([^\0\t\n\f\r ()<>\[\]{}/%]*)"  # 3 name
    rb"|<([0-9A-Fa-f\0\t\n\f\r ]*)>"  # 4 hexadecimal string
    rb"|\(([^()\\\r]*)\)"  # 5 plain string
    rb"|(<<|>>|[\[\]])"  # 6 bracket
    rb"|(\()"  # 7 string with escapes or brackets in it
    rb"|(%[^\r\n]*)"  # 8 comment
    rb"|([^\0\t\n\f\r ])"  # 9 anything else
    rb")"
)
_END_OF_IMAGE = re.compile(rb"[\0\t\n\f\r ]EI(?=[\0\t\n\f\r ]|$)")
_LITERALS: dict[bytes, float] = {b"true": 1.0, b"false": 0.0, b"null": 0.0}
_MAX_DEPTH = 32
_HUGE = 1e9
_MAX_OPERANDS = 4096


def instructions(data: bytes) -> Iterator[Instruction]:
    """Each operator of a content stream with its operands.

    An inline image comes as ("BI", [its dictionary, its data]).
    """
    position, nest = 0, _Nest()
    operands: list[Operand] = []
    match = _TOKEN.match
    while found := match(data, position):
        position, kind = found.end(), found.lastindex or 0
        if kind in _ENDS and (kind == _ODD or (found[2] not in _LITERALS and not nest.open)):
            operator = found[kind]
            if operator == b"ID":
                operands, position = _inline_image(operands, data, position + 1)
                operator = b"BI"
            elif operator == b"BI":
                operator = b""
            if operator:
                yield operator, operands
            operands = []
            continue
        value: Operand | None
        if kind == _NUMBER:
            value = float(found[1])
            if not -_HUGE < value < _HUGE:
                value = _HUGE if value > 0 else -_HUGE
        elif kind == _OPENED:
            value, position = _string(data, position)
        else:
            value = nest.bracket(found[6]) if kind == _BRACKET else _VALUES[kind](found)
        if value is None:
            continue
        if nest.open:
            nest.add(value)
        elif len(operands) < _MAX_OPERANDS:
            operands.append(value)


_NUMBER, _OPERATOR, _BRACKET, _OPENED, _ODD = 1, 2, 6, 7, 9
_ENDS = (_OPERATOR, _ODD)
_VALUES: dict[int, Callable[[re.Match[bytes]], Operand | None]] = {
    2: lambda found: _LITERALS.get(found[2]),
    3: lambda found: "/" + _name(found[3]),
    4: lambda found: hexadecimal(found[4]),
    5: lambda found: found[5],
    8: lambda _: None,
}


class _Nest:
    """Arrays and dictionaries that are still open."""

    def __init__(self) -> None:
        self.open: list[tuple[bytes, list[Operand]]] = []

    def add(self, value: Operand) -> None:
        self.open[-1][1].append(value)

    def bracket(self, bracket: bytes) -> Operand | None:
        """Opens or closes a level; what a closing bracket completes is returned."""
        if bracket in (b"[", b"<<"):
            if len(self.open) < _MAX_DEPTH:
                self.open.append((bracket, []))
            return None
        if not self.open:
            return None
        opened, values = self.open.pop()
        if opened == b"[":
            return values
        return {key: value for key, value in zip(values[::2], values[1::2], strict=False) if isinstance(key, str)}


def real(operand: Operand) -> float:
    """An operand that must be a number; otherwise TypeError."""
    if isinstance(operand, float):
        return operand
    raise TypeError


def reals(operands: list[Operand]) -> tuple[float, ...]:
    """Operands that must all be numbers; otherwise TypeError."""
    return tuple([real(operand) for operand in operands])


def name(operands: list[Operand]) -> str:
    """The last operand, which must be a name, with its slash; otherwise TypeError."""
    if operands and isinstance(operands[-1], str):
        return operands[-1]
    raise TypeError


def _name(raw: bytes) -> str:
    if b"#" in raw:
        raw = re.sub(rb"#([0-9A-Fa-f]{2})", lambda found: bytes((int(found[1], 16),)), raw)
    return raw.decode("utf-8", "replace")


_ESCAPES = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
_PART = re.compile(rb"[^()\\]+|\\([0-7]{1,3})|\\(\r\n|[\s\S])|[()]")


def _string(data: bytes, position: int) -> tuple[bytes, int]:
    """A literal string after its opening bracket, and where it ends."""
    depth, parts = 1, []
    while found := _PART.match(data, position):
        position = found.end()
        part = found[0]
        if found[1]:
            part = bytes((int(found[1], 8) & 255,))
        elif found[2]:
            part = b"" if found[2] in (b"\n", b"\r", b"\r\n") else _ESCAPES.get(found[2], found[2])
        elif part == b"(":
            depth += 1
        elif part == b")":
            depth -= 1
            if not depth:
                break
        parts.append(part)
    return b"".join(parts), position


_SHORT_KEYS = {
    "/W": "/Width",
    "/H": "/Height",
    "/BPC": "/BitsPerComponent",
    "/CS": "/ColorSpace",
    "/F": "/Filter",
    "/IM": "/ImageMask",
    "/D": "/Decode",
    "/DP": "/DecodeParms",
}


def _inline_image(operands: list[Operand], data: bytes, start: int) -> tuple[list[Operand], int]:
    """The dictionary and data of an inline image, and where the stream goes on."""
    described = {
        _SHORT_KEYS.get(key, key): value
        for key, value in zip(operands[::2], operands[1::2], strict=False)
        if isinstance(key, str)
    }
    end = _END_OF_IMAGE.search(data, max(0, start + _plain_length(described) - 1))
    if end is None:
        return [described, data[start:]], len(data)
    return [described, data[start : end.start()]], end.end()


_CHANNELS = {"/G": 1, "/DeviceGray": 1, "/RGB": 3, "/DeviceRGB": 3, "/CMYK": 4, "/DeviceCMYK": 4}


def _plain_length(image: dict[str, Operand]) -> int:
    """How many bytes an inline image without a filter has; 0 when that cannot be told."""
    width, height = image.get("/Width"), image.get("/Height")
    if "/Filter" in image or not isinstance(width, float) or not isinstance(height, float):
        return 0
    bits = image.get("/BitsPerComponent", 8.0)
    space = image.get("/ColorSpace")
    channels = _CHANNELS.get(space, 1) if isinstance(space, str) else 1
    per_line = (int(width) * channels * int(bits if isinstance(bits, float) else 8) + 7) // 8
    return max(0, min(per_line * int(height), 1 << 24))
