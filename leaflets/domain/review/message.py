"""Approved messages: the kinds, what each holds, and how it is said in a zone.

A message's words are JSON, by kind, with gaps written {so} (leaflets.domain.review.gap):

    headline, number    "text", one line
    pledge              {"heading": "text", "body": "text"}; the body may be empty
    quote               {"words": "text", "who": "text"}
    paragraph           "<p>restricted <strong>HTML</strong></p>", canonical as leaflets.richtext makes it

Whether a zone says a message is in leaflets.domain.review.saying.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from leaflets.domain.errors import Invalid
from leaflets.domain.review import gap
from leaflets.domain.review.gap import GAPS, Facts
from leaflets.domain.template import Kind, Zone
from leaflets.domain.words import prose
from leaflets.domain.words.characters import tidy_line

MOST_WORDS = 250
"""Of a paragraph: more is a leaflet of its own."""

WHO = "who"
"""An items zone for what people say calls its last field so; any other items zone is for pledges."""


class MessageKind(StrEnum):
    """What a message is."""

    HEADLINE = "headline"
    PLEDGE = "pledge"
    PARAGRAPH = "paragraph"
    QUOTE = "quote"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a message's words, as somebody writes it. `longest` counts characters, its gaps as written."""

    key: str
    label: str
    longest: int
    required: bool = True


# Row: the kind, and its parts in their order. One part without a key is the whole.
PARTS: Mapping[MessageKind, tuple[Part, ...]] = {
    MessageKind.HEADLINE: (Part("", "The headline", 120),),
    MessageKind.PLEDGE: (Part("heading", "The promise", 80), Part("body", "How it is kept", 400, required=False)),
    MessageKind.PARAGRAPH: (Part("", "The paragraph", 4000),),
    MessageKind.QUOTE: (Part("words", "What was said", 300), Part("who", "Who said it", 80)),
    MessageKind.NUMBER: (Part("", "The number, in a sentence", 200),),
}

Words = str | Mapping[str, str]


def tidied(kind: MessageKind, words: Any) -> Words:
    """The same words, tidy. A paragraph has to be canonical already.

    Raises `Invalid` for words of the wrong shape, a part that is missing or too long, or a gap that nothing fills.
    """
    parts = PARTS[kind]
    given = words if isinstance(words, Mapping) else {"": words}
    found = {part.key: _part(kind, part, given.get(part.key, "")) for part in parts}
    if kind is MessageKind.PARAGRAPH and (many := len(prose.plain(prose.read_html(found[""])).split())) > MOST_WORDS:
        raise Invalid(f"A paragraph of {many} words is too long.", f"Say it in {MOST_WORDS}, or make two of it.")
    return found.get("", found)


def gaps_in(words: Words) -> tuple[str, ...]:
    """The names of the gaps in a message's words, each once, in order."""
    texts = words.values() if isinstance(words, Mapping) else (words,)
    return tuple(dict.fromkeys(name for text in texts for name in gap.NAME.findall(text)))


def plain(words: Words) -> str:
    """What a reader reads: one line for each part or paragraph."""
    if isinstance(words, Mapping):
        return "\n".join(text for text in words.values() if text)
    return prose.plain(prose.read_html(words)) if words.startswith("<") else words


def filled(words: Words, facts: Facts) -> Words | None:
    """The words with the campaign's own in every gap; `None` where it has none for one of them."""
    own = {name: (gap.known(name, facts) or ("",))[0] for name in gaps_in(words)}
    if not all(own.values()):
        return None
    if isinstance(words, Mapping):
        return {key: gap.NAME.sub(lambda found: own[found[1]], text) for key, text in words.items()}
    escape = words.startswith("<")
    return gap.NAME.sub(lambda found: html.escape(own[found[1]], quote=False) if escape else own[found[1]], words)


def as_value(kind: MessageKind, words: Words, zone: Zone) -> Any | None:
    """How a zone holds the message: a text, or a list of one item; `None` where it does not belong there."""
    form = _FORMS.get((kind, zone.kind))
    return form(words, zone) if form else None


def belongs(kind: MessageKind, zone: Zone) -> bool:
    """Whether messages of a kind may have a place in a zone at all."""
    if zone.kind is not Kind.ITEMS:
        return (kind, zone.kind) in _FORMS
    return kind is (MessageKind.QUOTE if _is_for_quotes(zone) else MessageKind.PLEDGE)


def _part(kind: MessageKind, part: Part, text: Any) -> str:
    if not isinstance(text, str):
        raise Invalid(f"{part.label} has to be text.", "Write it again.")
    tidy = text if kind is MessageKind.PARAGRAPH else tidy_line(text)
    if part.required and not prose.plain(prose.read_html(tidy)).strip():
        raise Invalid(f"{part.label} is missing.", "Write it, and save again.")
    if len(tidy) > part.longest:
        raise Invalid(f"{part.label} has {len(tidy)} characters.", f"Say it in {part.longest}.")
    _check_gaps(part.label, tidy)
    return tidy


def _check_gaps(label: str, text: str) -> None:
    for name in gap.NAME.findall(text):
        if name not in GAPS:
            raise Invalid(f"{label}: nothing can fill {{{name}}}.", f"Use {', '.join(f'{{{each}}}' for each in GAPS)}.")
    if "{" in (rest := gap.NAME.sub("", text)) or "}" in rest:
        raise Invalid(f"{label} has a brace without its other half.", "Write a gap as {place}.")


def _is_for_quotes(zone: Zone) -> bool:
    return bool(zone.fields) and zone.fields[-1].key == WHO


def _line(words: Words, _zone: Zone) -> str | None:
    return words if isinstance(words, str) else None


def _line_of_pledge(words: Words, _zone: Zone) -> str | None:
    return words["heading"] if isinstance(words, Mapping) and not words["body"] else None


def _line_of_paragraph(words: Words, _zone: Zone) -> str | None:
    """A paragraph of one line without bold, italic or links may stand in a line."""
    blocks = prose.read_html(words) if isinstance(words, str) else ()
    lines = [line for block in blocks for line in block.lines]
    if len(lines) != 1 or blocks[0].bulleted or lines[0] != (prose.Span(lines[0][0].text),) or "\n" in lines[0][0].text:
        return None
    return lines[0][0].text


def _rich(words: Words, _zone: Zone) -> str | None:
    return words if isinstance(words, str) else None


def _rich_of_line(words: Words, _zone: Zone) -> str | None:
    return f"<p>{html.escape(words, quote=False)}</p>" if isinstance(words, str) else None


def _rich_of_quote(words: Words, _zone: Zone) -> str | None:
    if not isinstance(words, Mapping):
        return None
    said, who = (html.escape(words[key], quote=False) for key in ("words", WHO))
    return f"<p>“{said}”<br>{who}</p>"


def _item(words: Words, zone: Zone) -> list[dict[str, str]] | None:
    """One item, the parts in the order of the fields; none where a part has no field, or a field needs a part."""
    texts = list(words.values()) if isinstance(words, Mapping) else [words]
    spare = texts[len(zone.fields) :]
    item = dict(zip([field.key for field in zone.fields], [*texts, "", ""], strict=False))
    lacks = any(field.required and not item.get(field.key) for field in zone.fields)
    return None if any(spare) or lacks else [item]


def _pledge_item(words: Words, zone: Zone) -> list[dict[str, str]] | None:
    return None if _is_for_quotes(zone) else _item(words, zone)


def _quote_item(words: Words, zone: Zone) -> list[dict[str, str]] | None:
    return _item(words, zone) if _is_for_quotes(zone) else None


# Row: a kind of message in a kind of zone, and what becomes of it there.
_FORMS: Mapping[tuple[MessageKind, Kind], Callable[[Words, Zone], Any | None]] = {
    (MessageKind.HEADLINE, Kind.LINE): _line,
    (MessageKind.NUMBER, Kind.LINE): _line,
    (MessageKind.NUMBER, Kind.RICH): _rich_of_line,
    (MessageKind.PARAGRAPH, Kind.RICH): _rich,
    (MessageKind.PARAGRAPH, Kind.LINE): _line_of_paragraph,
    (MessageKind.PLEDGE, Kind.LINE): _line_of_pledge,
    (MessageKind.PLEDGE, Kind.ITEMS): _pledge_item,
    (MessageKind.QUOTE, Kind.ITEMS): _quote_item,
    (MessageKind.QUOTE, Kind.RICH): _rich_of_quote,
}


def kinds_for(zone: Zone) -> Iterator[MessageKind]:
    """The kinds of messages that may have a place in a zone."""
    return (kind for kind in MessageKind if belongs(kind, zone))
