"""Whether a zone says an approved message, and nothing else.

Two texts are the same words when they are equal after tidying, but for what a typographer changes: curly and straight
quotes, the width of spaces, soft hyphens, and a dash between spaces. Case, spelling, punctuation, bold, italic and
links all count. A line is one unit, rich text one unit a paragraph or list, a list of items one unit an item; a zone
says messages when each of its units is one. In a gap stands what leaflets.domain.review.gap allows, the same each time.
"""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Generic, TypeGuard, TypeVar

from leaflets.domain.review import gap
from leaflets.domain.review.gap import GAPS, Facts
from leaflets.domain.review.message import MessageKind, Words, as_value, plain
from leaflets.domain.template import Kind, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.characters import tidy_line
from leaflets.domain.words.findings import MAX_VALUE_CHARS

_SAME = str.maketrans(
    {
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "…": "...",
        "\u00a0": " ",
        "\u2009": " ",
        "\u202f": " ",
        "\u2010": "-",
        "\u2011": "-",
        "\u00ad": "",
    }
)
_DASH = re.compile(r" (?:[-–—]|--) ")
_SPAN = re.compile(r"(?<=\d)–(?=\d)")
_SPACES = re.compile(r" +")
_BEGINS = (2, 3, 4)
_RUN = re.compile(r"[^\W_]+")

Text = TypeVar("Text")


@dataclass(frozen=True, slots=True)
class Said(Generic[Text]):
    """What the units of a zone say: for each the message, or `None`. One of three paragraphs is there three times."""

    units: tuple[Text | None, ...]

    @property
    def all(self) -> bool:
        """Whether there are words, and all of them are messages."""
        return bool(self.units) and None not in self.units

    @property
    def texts(self) -> tuple[Text, ...]:
        """The messages, each once, in order."""
        return tuple(dict.fromkeys(text for text in self.units if text is not None))


def units(zone: Zone, value: Any) -> tuple[str, ...]:
    """The units of a tidied value in their normal form; none where it holds no words, or is of the wrong type."""
    if zone.kind is Kind.LINE and isinstance(value, str):
        return (_normal(value),) if value.strip() else ()
    if zone.kind is Kind.RICH and isinstance(value, str) and len(value) <= MAX_VALUE_CHARS:
        return tuple(_normal_block(block) for block in prose.read_html(value))
    if zone.kind is Kind.ITEMS and isinstance(value, Sequence) and not isinstance(value, str):
        return tuple(_normal_item(zone, item) for item in value)
    return ()


def patterns(kind: MessageKind, words: Words, zone: Zone) -> tuple[str, ...]:
    """A message's units as a zone would hold them, gaps and all; none where it does not belong there."""
    value = as_value(kind, words, zone)
    return units(zone, value) if value is not None else ()


def said(zone: Zone, value: Any, messages: Iterable[tuple[Text, MessageKind, Words]], facts: Facts) -> Said[Text]:
    """Which units of a tidied value say which of these messages. The longest one is taken first."""
    there = units(zone, value)
    offered = [(text, found) for text, kind, words in messages if (found := patterns(kind, words, zone))]
    offered.sort(key=lambda each: -len(each[1]))
    taken: list[Text | None] = []
    while len(taken) < len(there):
        rest = there[len(taken) :]
        text, number = next(
            ((text, len(found)) for text, found in offered if _begins_with(rest, found, zone, facts)), (None, 1)
        )
        taken += [text] * number
    return Said(tuple(taken))


def key_of(words: Words) -> str:
    """By what `keys` finds a message: all letters of its first unit, or two to four words before its first gap.

    One that has a gap sooner is found by having gaps.
    """
    first = prose.plain(prose.read_html(words)[:1]) if _is_rich(words) else plain(words)
    before, brace, _ = first.partition("{")
    if not brace:
        return _hash("all", _letters(first))
    begins = _letters(before.rpartition(" ")[0])[: _BEGINS[-1]]
    return _hash("first", begins) if len(begins) in _BEGINS else _hash("gaps")


def keys(zone: Zone, value: Any) -> frozenset[str]:
    """The key of every message that a unit of this tidied value could be, or could begin."""
    found = {_hash("gaps")} if (there := units(zone, value)) else set()
    for unit in there:
        letters = _letters(prose.plain(prose.read_html(unit)) if zone.kind is Kind.RICH else unit)
        found |= {_hash("all", letters), *(_hash("first", letters[:many]) for many in _BEGINS)}
    return frozenset(found)


def _begins_with(there: Sequence[str], found: Sequence[str], zone: Zone, facts: Facts) -> bool:
    escape = zone.kind is Kind.RICH
    return len(found) <= len(there) and all(
        _says(unit, pattern, facts, escape) for unit, pattern in zip(there, found, strict=False)
    )


def _says(unit: str, pattern: str, facts: Facts, escape: bool) -> bool:
    if "{" not in pattern:
        return unit == pattern
    expression = _expression(pattern, facts, escape)
    found = expression.fullmatch(unit) if expression else None
    return found is not None and all(
        not free or gap.is_place_name(free) for name, free in found.groupdict().items() if name.startswith("free")
    )


@lru_cache(maxsize=4096)
def _expression(pattern: str, facts: Facts, escape: bool) -> re.Pattern[str] | None:
    """What the pattern allows for a campaign; `None` where the campaign has nothing for one of its gaps."""
    written, seen = "", set[str]()
    for position, part in enumerate(gap.NAME.split(pattern)):
        if position % 2 == 0:
            written += re.escape(part)
        elif part in seen:
            written += f"(?P={part})"
        else:
            seen.add(part)
            own = [_normal(words) for words in gap.known(part, facts)]
            choices = [re.escape(html.escape(words, quote=False) if escape else words) for words in own]
            choices += [f"(?P<free_{part}>{gap.FREE})"] if GAPS[part].free else []
            if not choices:
                return None
            written += f"(?P<{part}>{'|'.join(choices)})"
    return re.compile(written)


def _is_rich(words: Words) -> TypeGuard[str]:
    return isinstance(words, str) and words.startswith("<")


def _hash(*parts: Any) -> str:
    return hashlib.sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _letters(text: str) -> list[str]:
    return _RUN.findall(_normal(text))


def _normal(text: str) -> str:
    return _DASH.sub(" - ", _SPAN.sub("-", tidy_line(text.translate(_SAME))))


def _normal_block(block: prose.Block) -> str:
    return _DASH.sub(" - ", _SPAN.sub("-", _SPACES.sub(" ", prose.write_html([block]).translate(_SAME))))


def _normal_item(zone: Zone, item: Any) -> str:
    """The texts of an item, one a line in the order of the fields; what the zone does not know makes it another."""
    if not isinstance(item, Mapping) or not all(isinstance(text, str) for text in item.values()):
        return "\0"
    known = [field.key for field in zone.fields]
    return "\n".join([*(_normal(item.get(key, "")) for key in known), *(item[key] for key in item if key not in known)])
