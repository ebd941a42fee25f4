"""What is to be said of a value, by the kind of the zone that holds it: one row of a table for each kind."""

from __future__ import annotations

import json
import math
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from leaflets.domain.press.picture import MOST_ZOOM
from leaflets.domain.template import Kind, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.characters import hidden_characters

MAX_VALUE_CHARS = 20_000
"""The most that one zone may hold, written as JSON: six times the words of a full side of A4."""
MAX_URL_CHARS = 300  # a QR code of 25 mm with error correction M stays readable on uncoated paper up to here
MAX_ALT_CHARS = 300
_SHA256 = re.compile(r"[0-9a-f]{64}")
_SEE = "Look at the proof: it shows whether they fit."
_CUT = f"Shorten it to {MAX_URL_CHARS}."


def is_empty(zone: Zone, value: Any) -> bool:
    """Whether nothing has been put into the zone."""
    if value is None or value in ("", [], {}):
        return True
    if zone.kind is Kind.RICH and isinstance(value, str):
        return len(value) <= MAX_VALUE_CHARS and not _rich_words(value)
    if zone.kind is Kind.QR and isinstance(value, Mapping):
        return not value.get("url") and not value.get("label")
    if zone.kind is Kind.CHART and isinstance(value, Mapping):
        return not value.get("labels") and not value.get("numbers")
    if zone.kind is Kind.PICTURE and isinstance(value, Mapping):
        return not value.get("picture") and not value.get("file")
    return False


Finding = tuple[str, str]
"""A stable code, and a sentence that goes on after the zone's label."""


def findings(zone: Zone, value: Any) -> Iterator[Finding]:
    """What is to be said of one value, as codes with a sentence each; nothing when all is well."""
    if is_empty(zone, value):
        if zone.required:
            yield "required", f"nothing here yet. {_ASK[zone.kind]}"
        return
    if (size := _size(value)) > MAX_VALUE_CHARS:
        yield "far-too-long", f"{size} characters, far more than any leaflet holds. Shorten it."
        return
    try:
        yield from _JUDGES[zone.kind](zone, value)
    except _WrongType as wrong:
        yield "wrong-type", f"expected {wrong}. Type it again."


def _size(value: Any) -> int:
    try:
        return len(json.dumps(value, ensure_ascii=False, default=str))
    except (RecursionError, ValueError):  # lists in lists without end
        return sys.maxsize


class _WrongType(Exception):
    pass


def _text(value: Any, what: str) -> str:
    if not isinstance(value, str):
        raise _WrongType(what)
    return value


def _table(value: Any, what: str, **parts: type | tuple[type, ...]) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise _WrongType(what)
    for key, kind in parts.items():
        if not isinstance(value.get(key), kind):
            raise _WrongType(what)
    return value


def _hidden(text: str) -> Iterator[Finding]:
    if found := hidden_characters(text):
        yield "hidden-character", f"holds characters that nobody can see ({', '.join(found[:3])}). Type it again."


def _length(text: str, most: int, what: str = "") -> Iterator[Finding]:
    if most and len(text) > most:
        yield "too-long", f"{what}{len(text)} characters, and the design expects up to {most}. {_SEE}"


def _line(zone: Zone, value: Any) -> Iterator[Finding]:
    text = _text(value, "one line of text")
    yield from _hidden(text)
    yield from _length(text, zone.max_chars)


def _rich_words(html: str) -> list[str]:
    return prose.plain(prose.read_html(html)).split()


def _rich(zone: Zone, value: Any) -> Iterator[Finding]:
    text = _text(value, "text with paragraphs")
    yield from _hidden(text)
    words = len(_rich_words(text))
    if zone.max_words and words > zone.max_words:
        yield "too-long", f"{words} words, and the design expects up to {zone.max_words}. {_SEE}"


def _count(zone: Zone, number: int, noun: str) -> Iterator[Finding]:
    if zone.min_items and number < zone.min_items:
        yield "too-few-items", f"{number} {noun}, and the design needs at least {zone.min_items}. Add some."
    if zone.max_items and number > zone.max_items:
        yield "too-many-items", f"{number} {noun} where {zone.max_items} fit. Take out {number - zone.max_items}."


def _items(zone: Zone, value: Any) -> Iterator[Finding]:
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise _WrongType("a list of items")
    for item in value:
        _table(item, "a list of items with text fields")
        for part in item.values():
            _text(part, "a list of items with text fields")
    yield from _count(zone, len(value), "items")
    known = {field.key for field in zone.fields}
    for number, item in enumerate(value, 1):
        if extra := sorted(set(item) - known):
            yield "unknown-field", f"item {number} has “{extra[0]}”, which the design does not show."
        for field in zone.fields:
            text = item.get(field.key, "")
            if field.required and not text.strip():
                yield "required", f"item {number} has no {field.label.lower()}. Write one or take the item out."
            yield from _hidden(text)
            yield from _length(text, field.max_chars, f"item {number}, {field.label.lower()}: ")


def _picture(zone: Zone, value: Any) -> Iterator[Finding]:
    what = "a picture with its focal point and description"
    table = _table(value, what)
    digest, file = table.get("picture"), table.get("file")
    if (digest is None) == (file is None) or not isinstance(digest if file is None else file, str):
        raise _WrongType(what)
    if digest is not None and not _SHA256.fullmatch(digest):
        raise _WrongType(what)
    focus = table.get("focus", (0.5, 0.5))
    if not isinstance(focus, Sequence) or len(focus) != 2 or not all(_is_number(part) for part in focus):
        raise _WrongType(what)
    if not all(0 <= part <= 1 for part in focus):
        yield "focus-outside", "the focal point lies outside the picture. Set it again."
    zoom = table.get("zoom", 1)
    if not _is_number(zoom):
        raise _WrongType(what)
    if not 1 <= zoom <= MOST_ZOOM:
        yield "zoom-outside", f"a picture can be enlarged up to {MOST_ZOOM:.0f} times. Set its crop again."
    alt = _text(table.get("alt", ""), what)
    yield from _hidden(alt)
    if len(alt) > MAX_ALT_CHARS:
        yield "too-long", f"the description has {len(alt)} characters. Say it in {MAX_ALT_CHARS} or fewer."
    if not alt.strip():
        yield "alt-missing", "say in a few words what the picture shows, for people who cannot see it."


def _qr(zone: Zone, value: Any) -> Iterator[Finding]:
    table = _table(value, "a web address and a label", url=(str, type(None)), label=(str, type(None)))
    url, label = table.get("url") or "", table.get("label") or ""
    yield from _hidden(url + label)
    yield from _length(label, zone.max_chars, "the label has ")
    if not is_web_address(url):
        yield "url-form", "the address is not one a telephone can open. Write it like https://example.org/page."
    if len(url) > MAX_URL_CHARS:
        yield (
            "url-length",
            f"the address has {len(url)} characters, too many for a code that telephones can read. {_CUT}",
        )


def is_web_address(url: str) -> bool:
    """Whether it is an absolute http or https address with a host and without spaces or a password."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        return False
    return (
        parts.scheme in ("http", "https")
        and re.fullmatch(r"[\w-]+(\.[\w-]+)+", host) is not None
        and "@" not in parts.netloc
        and not re.search(r"[\s<>\"\\^`{|}]", url)
    )


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _chart(zone: Zone, value: Any) -> Iterator[Finding]:
    what = "labels with a number each, and their source"
    table = _table(value, what, labels=Sequence, numbers=Sequence, source=(str, type(None)))
    labels, numbers, source = table["labels"], table["numbers"], table.get("source") or ""
    if not all(isinstance(label, str) for label in labels) or not all(_is_number(number) for number in numbers):
        raise _WrongType(what)
    yield from _count(zone, len(labels), "bars")
    yield from _hidden(" ".join((*labels, source)))
    if len(labels) != len(numbers):
        yield "chart-uneven", f"{len(labels)} labels and {len(numbers)} numbers. Give each bar both."
    if not all(_finite(number) and number >= 0 for number in numbers):
        yield "chart-number", "a bar cannot be drawn to scale below zero or without end. Check the numbers."
    elif not any(numbers):
        yield "chart-number", "all the bars are zero, so there is nothing to show. Check the numbers."
    if not all(label.strip() for label in labels):
        yield "required", "a bar has no label. Write one or take the bar out."
    for label in labels:
        yield from _length(label, zone.max_chars, f"“{label[:20]}…” has ")
    if not source.strip():
        yield "source-missing", "say where the numbers come from."


def _finite(number: float) -> bool:
    try:
        return math.isfinite(number)
    except OverflowError:
        return False


def _choice(zone: Zone, value: Any) -> Iterator[Finding]:
    if _text(value, "one of the options") not in {option.key for option in zone.options}:
        names = ", ".join(option.label for option in zone.options)
        yield "unknown-option", f"“{value[:40]}” is not one of the options ({names}). Choose one."


_JUDGES: Mapping[Kind, Callable[[Zone, Any], Iterator[Finding]]] = {
    Kind.LINE: _line,
    Kind.RICH: _rich,
    Kind.ITEMS: _items,
    Kind.PICTURE: _picture,
    Kind.QR: _qr,
    Kind.CHART: _chart,
    Kind.CHOICE: _choice,
}

_ASK: Mapping[Kind, str] = {
    Kind.LINE: "Write something short.",
    Kind.RICH: "Write something.",
    Kind.ITEMS: "Add an item.",
    Kind.PICTURE: "Choose a picture.",
    Kind.QR: "Give the web address it should lead to.",
    Kind.CHART: "Give the numbers and their source.",
    Kind.CHOICE: "Choose one.",
}
