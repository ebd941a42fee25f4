"""Colour spaces (ISO 32000-1, 8.6): what a press makes of them, and how much ink a colour lays down."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import pikepdf

from leaflets.press.preflight import objects
from leaflets.press.preflight.streams import Damaged, TooComplex, decoded

Inks = tuple[float, float, float, float]
"""Cyan, magenta, yellow, black: 0 is none, 1 is solid."""

_PROCESS = {"Cyan": 0, "Magenta": 1, "Yellow": 2, "Black": 3}
_MAX_DEPTH = 6


class Family(StrEnum):
    """What a press sees in a colour space."""

    GREY = "grey"
    CMYK = "CMYK"
    RGB = "RGB"
    LAB = "Lab"
    PROFILED = "with a colour profile of its own"  # CMYK or grey with an ICC profile, calibrated grey
    SPOT = "spot"
    REGISTRATION = "registration"
    PATTERN = "pattern"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Space:
    """One colour space. `channels` are the numbers a colour has.

    `plates` names the process ink of each channel (0–3) where channels are inks: CMYK, Separation, DeviceN.
    `palette` holds the colours of an Indexed space in its `base`. `spot` names the first ink that is not one
    of the four. `direct` is true for DeviceGray and DeviceCMYK themselves.
    """

    family: Family
    channels: int
    plates: tuple[int, ...] = ()
    base: Space | None = None
    palette: bytes = b""
    spot: str = ""
    direct: bool = False

    @property
    def first_colour(self) -> tuple[float, ...]:
        """The colour that is current once the space is chosen (ISO 32000-1, 8.6.8)."""
        if self.plates == (0, 1, 2, 3):
            return (0.0, 0.0, 0.0, 1.0)
        return (1.0 if self.plates else 0.0,) * self.channels

    def inks(self, colour: tuple[float, ...]) -> Inks | None:
        """The four inks of a colour, as near as can be told; None when nothing can be told."""
        if self.palette and self.base is not None and colour:
            size = self.base.channels
            start = int(max(0.0, colour[0])) * size
            return self.base.inks(tuple(value / 255 for value in self.palette[start : start + size]))
        if len(colour) != self.channels:
            return None
        values = [min(1.0, max(0.0, value)) for value in colour]
        if self.plates:
            plate = [0.0, 0.0, 0.0, 0.0]
            for index, value in zip(self.plates, values, strict=True):
                plate[index] = max(plate[index], value)
            return (plate[0], plate[1], plate[2], plate[3])
        if self.family is Family.REGISTRATION:
            return (values[0],) * 4
        if self.family in (Family.GREY, Family.PROFILED) and self.channels == 1:
            return (0.0, 0.0, 0.0, 1.0 - values[0])
        return None


_CMYK_PLATES = (0, 1, 2, 3)
GREY = Space(Family.GREY, 1, direct=True)
RGB = Space(Family.RGB, 3)
CMYK = Space(Family.CMYK, 4, _CMYK_PLATES, direct=True)
PATTERN = Space(Family.PATTERN, 0)
UNKNOWN = Space(Family.UNKNOWN, 1)

_NAMED = {
    "DeviceGray": GREY,
    "G": GREY,
    "DeviceRGB": RGB,
    "RGB": RGB,
    "DeviceCMYK": CMYK,
    "CMYK": CMYK,
    "Pattern": PATTERN,
    "CalRGB": RGB,
}


def named(key: str) -> Space | None:
    """A space that has a name of its own and needs no parameters; abbreviations of inline images too."""
    return _NAMED.get(key)


def read(value: object, depth: int = 0) -> Space:
    """The space that a PDF object describes; UNKNOWN when it makes no sense."""
    if depth > _MAX_DEPTH:
        return UNKNOWN
    if isinstance(value, pikepdf.Name):
        return _NAMED.get(objects.name(value), UNKNOWN)
    parts = objects.items(value) if isinstance(value, pikepdf.Array) else []
    reader = _READERS.get(objects.name(parts[0])) if parts else None
    if reader is None:
        return read(parts[0], depth + 1) if len(parts) == 1 else UNKNOWN
    return reader(parts, depth + 1)


def _pattern(parts: list[pikepdf.Object], depth: int) -> Space:
    return Space(Family.PATTERN, 0, base=read(parts[1], depth) if len(parts) > 1 else None)


def _profiled(parts: list[pikepdf.Object], depth: int) -> Space:
    channels = int(objects.number(objects.entry(parts[1], "/N"))) if len(parts) > 1 else 0
    if channels == 4:
        return Space(Family.PROFILED, 4, _CMYK_PLATES)
    return {1: Space(Family.PROFILED, 1), 3: RGB}.get(channels, UNKNOWN)


def _indexed(parts: list[pikepdf.Object], depth: int) -> Space:
    if len(parts) < 4:
        return UNKNOWN
    base = read(parts[1], depth)
    palette = b""
    if isinstance(parts[3], pikepdf.Stream):
        try:
            palette = decoded(parts[3], 1 << 16)
        except (Damaged, TooComplex):
            palette = b""
    elif isinstance(parts[3], pikepdf.String):
        palette = bytes(parts[3])
    return Space(base.family, 1, base=base, palette=palette, spot=base.spot)


def _separation(parts: list[pikepdf.Object], depth: int) -> Space:
    inks = objects.names(parts[1]) if len(parts) > 1 else ()
    if not inks:
        return UNKNOWN
    if inks == ("All",):
        return Space(Family.REGISTRATION, 1)
    real = [ink for ink in inks if ink != "None"]
    spots = [ink for ink in real if ink not in _PROCESS]
    if spots:
        return Space(Family.SPOT, len(inks), spot=spots[0])
    alternate = read(parts[2], depth) if len(parts) > 2 else UNKNOWN
    if alternate.family in (Family.RGB, Family.LAB):
        return Space(alternate.family, len(inks))
    plates = tuple(_PROCESS[ink] for ink in real)
    return Space(Family.CMYK, len(inks), plates if len(plates) == len(inks) else ())


_READERS: dict[str, Callable[[list[pikepdf.Object], int], Space]] = {
    "Pattern": _pattern,
    "ICCBased": _profiled,
    "Indexed": _indexed,
    "I": _indexed,
    "Separation": _separation,
    "DeviceN": _separation,
    "Lab": lambda _parts, _depth: Space(Family.LAB, 3),
    "CalRGB": lambda _parts, _depth: RGB,
    "CalGray": lambda _parts, _depth: Space(Family.PROFILED, 1),
}
