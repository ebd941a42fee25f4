"""The words of a zone as boxes of a form, and what somebody made of them: another value of the same zone.

A text with paragraphs is one box of light markup (leaflets.richtext); a list has a box for each field of each item. A
picture, a choice and a chart are not put into boxes: what is to change there is said in words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leaflets import richtext
from leaflets.domain.template import Kind, Zone
from leaflets.domain.words.characters import tidy_line, tidy_text

_LONG = 60  # characters: more are easier to read in a box of several lines
_QR_PARTS = (("label", "Words beside the code"), ("url", "Address"))


@dataclass(frozen=True, slots=True)
class Box:
    """One box: the `name` of its field, what it is called, what stands in it, and whether that is long."""

    name: str
    label: str
    text: str
    is_long: bool


def boxes_of(zone: Zone | None, value: Any) -> tuple[Box, ...]:
    """The boxes of a value; none where its zone is not known or is of a kind that has none."""
    return tuple(_boxes(zone, value)) if zone else ()


def suggested(zone: Zone | None, value: Any, typed: Mapping[str, str]) -> Any:
    """The value that the boxes make; `None` where nobody changed a word of it, or where it has no boxes."""
    boxes = boxes_of(zone, value)
    if zone is None or all(_same(typed.get(box.name, box.text), box.text) for box in boxes):
        return None
    texts = {box.name: typed.get(box.name, box.text) for box in boxes}
    match zone.kind:
        case Kind.LINE:
            return tidy_line(texts["suggest"])
        case Kind.RICH:
            return richtext.from_markup(texts["suggest"])
        case Kind.QR:
            return {**value, **{part: tidy_line(texts[f"suggest-{part}"]) for part, _ in _QR_PARTS}}
        case _:
            items = [
                {**item, **{field.key: tidy_line(texts[f"suggest-{number}-{field.key}"]) for field in zone.fields}}
                for number, item in enumerate(value)
            ]
            return [item for item in items if any(item.values())]


def _boxes(zone: Zone, value: Any) -> Iterator[Box]:
    match zone.kind:
        case Kind.LINE if isinstance(value, str):
            yield Box("suggest", zone.label, value, len(value) > _LONG)
        case Kind.RICH if isinstance(value, str):
            yield Box("suggest", zone.label, richtext.to_markup(value), True)
        case Kind.QR if isinstance(value, Mapping):
            for part, label in _QR_PARTS:
                yield Box(f"suggest-{part}", label, _text(value.get(part)), False)
        case Kind.ITEMS if isinstance(value, list) and all(isinstance(item, Mapping) for item in value):
            for number, item in enumerate(value):
                for field in zone.fields:
                    text = _text(item.get(field.key))
                    label = f"{field.label} {number + 1}" if len(value) > 1 else field.label
                    yield Box(f"suggest-{number}-{field.key}", label, text, field.max_chars > _LONG)
        case _:
            return


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _same(typed: str, shown: str) -> bool:
    """Whether a box came back as it went out: a browser sends line ends of its own."""
    return tidy_text(typed).strip() == tidy_text(shown).strip()
