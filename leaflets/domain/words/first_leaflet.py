"""The first questions of a leaflet, and the words that their answers make of a template.

A zone says in its manifest what becomes of the answers:

    ask     which answer it holds as it stands: promises (items), contact (line), website (qr), photo (picture)
    fill    words with gaps: "I will {first_promise}.", of the same shape as the zone's default

What the answer leaves empty is taken from `fill`, part by part (a promise without its how, a website without a label);
words with a gap that has no answer, or that would break the zone's limits, give way to the default. An answer itself
is always kept: it was typed.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leaflets.domain.press.problem import Level
from leaflets.domain.template import Answer, Kind, Template, Values, Zone
from leaflets.domain.words.characters import tidy_line
from leaflets.domain.words.values import check_values, clean_values

MOST_PROMISES = 3
SHORT_AREA_CHARS = 24
HEAD_ROOM = (0.5, 0.4)
"""Where a portrait is looked at before anybody says: the face is a little above the middle."""

_GAP = re.compile(r"\{([^{}]*)\}")
_NEXT_PLACE = re.compile(r", | and | & | with ", re.IGNORECASE)
_PROMISES_WITH = re.compile(r"^(i will|i[’']ll|we will|we[’']ll|to) ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Promise:
    """Something that the candidate will do, as said after "I will", and how or by when, if that was said."""

    what: str
    how: str = ""


@dataclass(frozen=True, slots=True)
class Answers:
    """What somebody answered, tidy. Empty text is no answer. `photo` is the hash of an original."""

    candidate: str
    area: str
    area_short: str
    promises: tuple[Promise, ...] = ()
    phone: str = ""
    email: str = ""
    website: str = ""
    photo: str = ""


def short_area(area: str) -> str:
    """What people call a seat in a sentence: the whole of a short name, the first place of a long one."""
    return area if len(area) <= SHORT_AREA_CHARS else _NEXT_PLACE.split(area)[0]


def as_deed(promise: str) -> str:
    """A promise as it follows "I will": `bring back the bus`. The first word is a verb, so it has no capital."""
    bare = _PROMISES_WITH.sub("", tidy_line(promise)).rstrip(".!")
    return bare[:1].lower() + bare[1:] if bare[1:2].islower() or not bare[1:2].isalpha() else bare


def as_heading(promise: str) -> str:
    """A promise as it stands by itself: `Bring back the bus`."""
    deed = as_deed(promise)
    return deed[:1].upper() + deed[1:]


def as_sentence(how: str) -> str:
    """How or by when, as it stands below its promise: with a capital, and a full stop unless it ends in a sign."""
    return how[:1].upper() + how[1:] + ("." if how[-1:].isalnum() else "")


def _deed(answers: Answers, number: int) -> str:
    return as_deed(answers.promises[number].what) if number < len(answers.promises) else ""


_THINGS = ("One thing", "Two things", "Three things")

# Row: the gap, and what stands in it. An empty text is no answer. The polling day is none of them: a poll may move,
# and only the zones that the system fills move with it.
GAPS: Mapping[str, Callable[[Answers], str]] = {
    "candidate": lambda answers: answers.candidate,
    "first_name": lambda answers: answers.candidate.split(" ")[0],
    "area": lambda answers: answers.area,
    "area_short": lambda answers: answers.area_short,
    "first_promise": lambda answers: _deed(answers, 0),
    "second_promise": lambda answers: _deed(answers, 1),
    "third_promise": lambda answers: _deed(answers, 2),
    "things": lambda answers: ("", *_THINGS)[len(answers.promises[:MOST_PROMISES])],
    "phone": lambda answers: answers.phone,
    "email": lambda answers: answers.email,
}

HARDEST = Answers(
    candidate="Bartholomew Featherstonehaugh-Llewelyn",
    area="Cumbernauld Village, Kilsyth and Kirkintilloch",
    area_short="Kirkintilloch South-West",
    promises=tuple(Promise("bring the 10.40 bus back to a hill") for _ in range(MOST_PROMISES)),
    phone="01632 960 142",
    email="bartholomew@featherstone.example",
    website="https://featherstonehaugh.example/ask",
    photo="0" * 64,
)
"""Long names and promises, with which every shipped `fill` must still keep the limits of its zone."""


def unknown_gaps(fill: Any) -> Iterator[str]:
    """The names in braces that are no gap, each as often as it is there."""
    if isinstance(fill, str):
        yield from (name for name in _GAP.findall(fill) if name not in GAPS)
    for part in fill.values() if isinstance(fill, Mapping) else fill if isinstance(fill, list) else ():
        yield from unknown_gaps(part)


def filled(template: Template, answers: Answers) -> Values:
    """What the answers make of the template: the zones whose words are no longer the default ones."""
    found = {zone.key: words_of(template, zone, answers) for zone in template.zones if zone.ask or zone.fill}
    defaults = {zone.key: zone.default for zone in template.zones}
    return {key: value for key, value in found.items() if value is not None and value != defaults[key]}


def shipped(zone: Zone) -> tuple[Any, ...]:
    """What came with the template for a zone: its default, and its `fill` where that only counts the promises."""
    fill = zone.fill
    if not isinstance(fill, str) or set(_GAP.findall(fill)) != {"things"}:
        return (zone.default,)
    return (zone.default, *(fill.replace("{things}", things) for things in _THINGS))


def words_of(template: Template, zone: Zone, answers: Answers) -> Any:
    """What the answers make of one zone; `None` when its default stays."""
    value, is_answer = _words(template, zone, answers)
    return None if value is None or (not is_answer and _broken_limits(template, zone, value)) else value


def too_long(template: Template, zone: Zone) -> list[str]:
    """What would keep a zone's `fill` from printing where names are long."""
    value, _ = _words(template, zone, HARDEST)
    return _broken_limits(template, zone, value)


def _words(template: Template, zone: Zone, answers: Answers) -> tuple[Any, bool]:
    """The words, and whether somebody's own answer is among them."""
    words = _with_answers(zone.fill, answers, escape=zone.kind is Kind.RICH)
    value = _ANSWERED[zone.ask](zone, words, answers) if zone.ask else words
    return (None if value is None else clean_values(template, {zone.key: value})[zone.key]), zone.ask is not None


def _broken_limits(template: Template, zone: Zone, value: Any) -> list[str]:
    """What is wrong with words that nobody typed; what the design does not expect is enough."""
    problems = [problem for problem in check_values(template, {zone.key: value}) if problem.zone == zone.key]
    return [one.message for one in problems if one.level is Level.ERROR or one.code == "too-long"]


def _with_answers(fill: Any, answers: Answers, *, escape: bool = False) -> Any:
    """The same shape with every gap filled; a text with a gap that has no answer is `None`."""
    if isinstance(fill, Mapping):
        return {key: _with_answers(part, answers, escape=escape) for key, part in fill.items()}
    if isinstance(fill, list):
        return [_with_answers(part, answers, escape=escape) for part in fill]
    if not isinstance(fill, str):
        return None
    said = {name: GAPS[name](answers) for name in _GAP.findall(fill)}
    if not all(said.values()):
        return None
    return _GAP.sub(lambda gap: html.escape(said[gap[1]], quote=False) if escape else said[gap[1]], fill)


def _promises(zone: Zone, words: Any, answers: Answers) -> list[dict[str, str]] | None:
    """An item for each promise: its first field is the promise, its second the how."""
    what, *others = [part.key for part in zone.fields]
    items = []
    for number, promise in enumerate(answers.promises):
        spare = _item(words, number) or _item(zone.default, number)
        item = {what: as_heading(promise.what)}
        for key in others:
            item[key] = (as_sentence(promise.how) if key == others[0] else "") or spare.get(key) or ""
        items.append(item)
    return items or None


def _item(items: Any, number: int) -> Mapping[str, Any]:
    return items[number] if isinstance(items, list) and number < len(items) else {}


def _contact(zone: Zone, _words: Any, answers: Answers) -> str | None:
    """Telephone and e-mail where both fit, else the first that does."""
    both = " · ".join(filter(None, (answers.phone, answers.email)))
    ways = [way for way in (both, answers.phone, answers.email) if way]
    return next((way for way in ways if len(way) <= zone.max_chars), ways[0]) if ways else None


def _website(zone: Zone, words: Any, answers: Answers) -> dict[str, str] | None:
    if not answers.website:
        return None
    label = next((part["label"] for part in (words, zone.default) if part and part.get("label")), "")
    return {"url": answers.website, "label": label}


def _photo(_zone: Zone, words: Any, answers: Answers) -> dict[str, Any] | None:
    if not answers.photo:
        return None
    alt = (words or {}).get("alt") or answers.candidate
    return {"picture": answers.photo, "focus": list(HEAD_ROOM), "alt": alt}


_ANSWERED: Mapping[Answer, Callable[[Zone, Any, Answers], Any]] = {
    Answer.PROMISES: _promises,
    Answer.CONTACT: _contact,
    Answer.WEBSITE: _website,
    Answer.PHOTO: _photo,
}
