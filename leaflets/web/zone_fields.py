"""A zone's value as the fields of a form, and back. Pure: no request, no page.

Field names, all below the zone's own name: line, rich and choice have one field without a name; items have
`0.heading`; a picture has `picture`, `focus_x`, `focus_y` (percent) and `alt`; a QR code `url` and `label`; a chart
`0.label`, `0.number` and `source`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from leaflets import richtext
from leaflets.domain.template import Kind, Zone

Fields = Mapping[str, str]

_MIDDLE = (0.5, 0.5)


def fields_of(zone: Zone, value: Any) -> dict[str, str]:
    """What the form holds for this value; a value of a wrong type gives what can be shown of it, and never raises."""
    return _WRITERS[zone.kind](zone, value)


def value_of(zone: Zone, fields: Fields) -> Any:
    """What somebody typed, as the zone's value, untidied and unjudged. Rows with nothing in them are left out."""
    return _READERS[zone.kind](zone, fields)


def rows_of(fields: Fields) -> list[dict[str, str]]:
    """The numbered fields of a list or a chart, row by row, in order."""
    rows: dict[int, dict[str, str]] = {}
    for name, text in fields.items():
        number, dot, part = name.partition(".")
        if dot and number.isdecimal() and len(number) <= 4:
            rows.setdefault(int(number), {})[part] = text
    return [rows[number] for number in sorted(rows)]


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _part(value: Any, key: str) -> Any:
    return value.get(key) if isinstance(value, Mapping) else None


def _sequence(value: Any) -> Sequence[Any]:
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _write_text(_zone: Zone, value: Any) -> dict[str, str]:
    return {"": _text(value)}


def _read_text(_zone: Zone, fields: Fields) -> str:
    return fields.get("", "")


def _write_rich(_zone: Zone, value: Any) -> dict[str, str]:
    return {"": richtext.to_markup(_text(value))}


def _read_rich(_zone: Zone, fields: Fields) -> str:
    return richtext.from_markup(fields.get("", ""))


def _write_items(zone: Zone, value: Any) -> dict[str, str]:
    return {
        f"{number}.{field.key}": _text(_part(item, field.key))
        for number, item in enumerate(_sequence(value))
        for field in zone.fields
    }


def _read_items(zone: Zone, fields: Fields) -> list[dict[str, str]]:
    rows = [{field.key: row.get(field.key, "") for field in zone.fields} for row in rows_of(fields)]
    return [row for row in rows if any(text.strip() for text in row.values())]


def _percent(share: Any) -> str:
    return f"{min(max(float(share), 0.0), 1.0) * 100:.0f}" if isinstance(share, int | float) else "50"


def _share(percent: str) -> float:
    try:
        return round(min(max(float(percent), 0.0), 100.0) / 100, 4)
    except ValueError:
        return 0.5


def _write_picture(_zone: Zone, value: Any) -> dict[str, str]:
    focus = _sequence(_part(value, "focus"))
    across, down = focus if len(focus) == 2 else _MIDDLE
    return {
        "picture": _text(_part(value, "picture")),
        "focus_x": _percent(across),
        "focus_y": _percent(down),
        "alt": _text(_part(value, "alt")),
    }


def _read_picture(_zone: Zone, fields: Fields) -> dict[str, Any] | None:
    chosen = fields.get("picture", "")
    if not chosen:
        return None
    focus = [_share(fields.get("focus_x", "")), _share(fields.get("focus_y", ""))]
    return {"picture": chosen, "focus": focus, "alt": fields.get("alt", "")}


def _write_qr(_zone: Zone, value: Any) -> dict[str, str]:
    return {part: _text(_part(value, part)) for part in ("url", "label")}


def _read_qr(_zone: Zone, fields: Fields) -> dict[str, str] | None:
    typed = {part: fields.get(part, "") for part in ("url", "label")}
    return typed if any(text.strip() for text in typed.values()) else None


def _number_text(number: Any) -> str:
    return f"{number:.12g}" if isinstance(number, int | float) else _text(number)


def _write_chart(_zone: Zone, value: Any) -> dict[str, str]:
    labels, numbers = _sequence(_part(value, "labels")), _sequence(_part(value, "numbers"))
    fields = {"source": _text(_part(value, "source"))}
    for number in range(max(len(labels), len(numbers))):
        fields[f"{number}.label"] = _text(labels[number]) if number < len(labels) else ""
        fields[f"{number}.number"] = _number_text(numbers[number]) if number < len(numbers) else ""
    return fields


def _read_chart(_zone: Zone, fields: Fields) -> dict[str, Any] | None:
    rows = [(row.get("label", ""), row.get("number", "")) for row in rows_of(fields)]
    rows = [row for row in rows if any(text.strip() for text in row)]
    source = fields.get("source", "")
    if not rows and not source.strip():
        return None
    return {"labels": [label for label, _ in rows], "numbers": [number for _, number in rows], "source": source}


def _write_nothing(_zone: Zone, _value: Any) -> dict[str, str]:
    return {}


def _read_nothing(_zone: Zone, _fields: Fields) -> None:
    return None


_WRITERS: Mapping[Kind, Callable[[Zone, Any], dict[str, str]]] = {
    Kind.LINE: _write_text,
    Kind.RICH: _write_rich,
    Kind.ITEMS: _write_items,
    Kind.PICTURE: _write_picture,
    Kind.QR: _write_qr,
    Kind.CHART: _write_chart,
    Kind.CHOICE: _write_text,
    Kind.IMPRINT: _write_nothing,
    Kind.ELECTION: _write_nothing,
}
_READERS: Mapping[Kind, Callable[[Zone, Fields], Any]] = {
    Kind.LINE: _read_text,
    Kind.RICH: _read_rich,
    Kind.ITEMS: _read_items,
    Kind.PICTURE: _read_picture,
    Kind.QR: _read_qr,
    Kind.CHART: _read_chart,
    Kind.CHOICE: _read_text,
    Kind.IMPRINT: _read_nothing,
    Kind.ELECTION: _read_nothing,
}
