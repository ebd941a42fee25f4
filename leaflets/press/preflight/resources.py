"""The named things a content stream uses: fonts, colour spaces, graphics states, patterns and objects."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import pikepdf

from leaflets.press.preflight import fonts, objects, spaces
from leaflets.press.preflight.fonts import Font
from leaflets.press.preflight.spaces import Inks, Space

T = TypeVar("T")

_DEFAULTS = {"DeviceGray": "DefaultGray", "DeviceRGB": "DefaultRGB", "DeviceCMYK": "DefaultCMYK"}


class Resources:
    """One resource dictionary; what it does not name is looked for in the one that surrounds it.

    `shared` keeps what indirect objects turned out to be, for the whole document.
    """

    def __init__(self, dictionary: object, shared: dict[object, object], around: Resources | None = None) -> None:
        self._dictionary = dictionary
        self._shared = shared
        self._around = around
        self._read: dict[tuple[str, str], object] = {}
        self._has_defaults = any(
            objects.entry(objects.entry(dictionary, "/ColorSpace"), f"/{key}") is not None for key in _DEFAULTS.values()
        )

    def named(self, category: str, name: str) -> object:
        """What a name stands for: `name` comes with its slash, as does `category`."""
        found = objects.entry(objects.entry(self._dictionary, category), name) if len(name) > 1 else None
        return self._around.named(category, name) if found is None and self._around is not None else found

    def _once(self, category: str, name: str, read: Callable[[object], T]) -> T | None:
        if (category, name) in self._read:
            return self._read[category, name]  # type: ignore[return-value]
        value = self.named(category, name)
        result: T | None = None
        if value is not None:
            key = (category, objects.identity(value)) if objects.identity(value) else None
            result = self._shared.get(key) if key else None  # type: ignore[assignment]
            if result is None:
                result = read(value)
                if key:
                    self._shared[key] = result
        self._read[category, name] = result
        return result

    def font(self, name: str) -> Font | None:
        """The font of that name, read once."""
        return self._once("/Font", name, fonts.read)

    def space(self, name: str) -> Space | None:
        """The colour space of that name, or the default that replaces a device space (ISO 32000-1, 8.6.5.6)."""
        plain = name[1:]
        if (device := spaces.named(plain)) is not None:
            return self.device(plain, device)
        return self._once("/ColorSpace", name, spaces.read)

    def device(self, plain: str, device: Space) -> Space:
        """What stands in for DeviceGray, DeviceRGB or DeviceCMYK here; mostly the device space itself."""
        if not self._has_defaults or plain not in _DEFAULTS:
            return device
        return self._once("/ColorSpace", "/" + _DEFAULTS[plain], spaces.read) or device

    def space_of(self, value: object) -> Space:
        """The space an image, shading or group names, by value or by name."""
        if isinstance(value, pikepdf.Name):
            return self.space(str(value)) or spaces.UNKNOWN
        return spaces.read(value)


def gradient_inks(shading: object, space: Space) -> Inks | None:
    """The most of each ink that a shading's exponential functions reach; None for other functions."""
    peaks: list[Inks] = []
    waiting = list(objects.items(objects.entry(shading, "/Function")))[:8]
    for _ in range(64):
        if not waiting:
            break
        function = waiting.pop()
        kind = objects.number(objects.entry(function, "/FunctionType"), -1)
        if kind == 3:
            waiting += objects.items(objects.entry(function, "/Functions"))[:32]
        elif kind == 2:
            for end in ("/C0", "/C1"):
                inks = space.inks(objects.numbers(objects.entry(function, end)))
                if inks is not None:
                    peaks.append(inks)
        else:
            return None
    if not peaks:
        return None
    return (
        max(peak[0] for peak in peaks),
        max(peak[1] for peak in peaks),
        max(peak[2] for peak in peaks),
        max(peak[3] for peak in peaks),
    )
