"""Two versions of a leaflet side by side, zone by zone, whatever the zones hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leaflets.domain.leaflet import canonical_json
from leaflets.domain.template import Kind, Values, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.word_changes import Part, Word, compare_words, styled_words, words_of


@dataclass(frozen=True, slots=True)
class ZoneChange:
    """A zone that two versions have different: its words side by side, and the two pictures where it holds one.

    `label` is its key where the template has no such zone (any more). `notes` say what words do not show.
    """

    zone: str
    label: str
    parts: tuple[Part, ...]
    pictures: tuple[str, str] | None = None
    notes: tuple[str, ...] = ()


def compare_leaflets(zones: Sequence[Zone], before: Values, after: Values) -> tuple[ZoneChange, ...]:
    """The zones that differ, in the order of `zones`, then those that the template has no more."""
    known = {zone.key: zone for zone in zones}
    keys = [*known, *sorted((before.keys() | after.keys()) - known.keys())]
    return tuple(
        compare_values(known.get(key), key, before.get(key), after.get(key))
        for key in keys
        if canonical_json(before.get(key)) != canonical_json(after.get(key))
    )


def compare_values(zone: Zone | None, key: str, before: Any, after: Any) -> ZoneChange:
    """One zone. A value that does not fit its zone's kind is compared as it is written."""
    parts = compare_words(words_in(zone, before), words_in(zone, after))
    was, becomes = _picture(before), _picture(after)
    return ZoneChange(
        zone=key,
        label=zone.label if zone else key,
        parts=parts,
        pictures=(was, becomes) if was or becomes else None,
        notes=_crop_notes(before, after) if was and was == becomes else (),
    )


def words_in(zone: Zone | None, value: Any) -> list[Word]:
    """What a reader sees of a value, as words; a line for each part of a list, a chart or an address.

    Half a character (a lone surrogate), which nothing can show, is the sign for that.
    """
    if isinstance(value, str):
        rich = zone.kind is Kind.RICH if zone else value.startswith("<")
        if rich:
            return styled_words(prose.read_html(_whole(value)))
        return words_of(_whole(_option(zone, value) if zone and zone.kind is Kind.CHOICE else value))
    return words_of(_whole("\n".join(_lines(value))))


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _option(zone: Zone, key: str) -> str:
    return next((option.label for option in zone.options if option.key == key), key)


def _lines(value: Any) -> list[str]:
    if value is None:
        return []
    if isinstance(value, Mapping):
        if isinstance(value.get("labels"), list) and isinstance(value.get("numbers"), list):
            return _chart_lines(value)
        hidden = ("picture", "file", "focus", "zoom")
        return [line for key, part in value.items() if key not in hidden for line in _lines(part)]
    if isinstance(value, list):
        lists = [
            ([""] if number and isinstance(item, Mapping) else []) + _lines(item) for number, item in enumerate(value)
        ]
        return [line for lines in lists for line in lines]
    return [value] if isinstance(value, str) else [canonical_json(value)]


def _chart_lines(chart: Mapping[str, Any]) -> list[str]:
    labels, numbers = chart["labels"], chart["numbers"]
    bars = max(len(labels), len(numbers))
    rows = [
        f"{_lines(labels[n])[0] if n < len(labels) and _lines(labels[n]) else ''}: "
        f"{_lines(numbers[n])[0] if n < len(numbers) and _lines(numbers[n]) else ''}"
        for n in range(bars)
    ]
    return [*rows, *_lines(chart.get("source"))]


def _picture(value: Any) -> str:
    """The hash of the picture in a value, or ""."""
    picture = value.get("picture") if isinstance(value, Mapping) else None
    return picture if isinstance(picture, str) else ""


def _crop_notes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """The same picture, cut out otherwise."""
    cut = ("focus", "zoom")
    moved = any(canonical_json(before.get(part)) != canonical_json(after.get(part)) for part in cut)
    return ("The picture is cropped differently.",) if moved else ()
