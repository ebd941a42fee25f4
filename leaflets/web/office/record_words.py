"""The notes of the record in words: what a row says of what happened, before and after, as people read it.

The audit keeps what a program can check: numbers, keys, hashes, times of the machine. Here each is said by its name, or
in short; the row itself stays as it was written (`leaflets audit verify`). Words that a person wrote stay as they are:
keys are read only in the notes of changes that are known to hold them.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from leaflets.domain.clock.landing import Landing
from leaflets.domain.clock.moments import in_london
from leaflets.domain.clock.route import Route, Step
from leaflets.domain.errors import Invalid
from leaflets.domain.organisation.settings import SETTINGS
from leaflets.domain.permissions import Role
from leaflets.domain.words.language import LANGUAGES
from leaflets.web.office.happenings import HAPPENINGS
from leaflets.web.office.setting_words import DURATION_WORDS, say_setting, unit_of
from leaflets.web.wording import capitalised, count_of, moment, order_words, whole_day

_ROLES = {role.value: role.label for role in Role}

_WORKER = re.compile(r"[\w.-]+:\d+:[0-9a-f]{8}")
_PERSON = re.compile(r"^person (\d+)(?:: ([a-z]+)\b)?")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:\+00:00|Z)")
_UNTIL = re.compile(r"\buntil (\d{4}-\d\d-\d\d \d\d:\d\d) UTC")
_POLL = re.compile(r"\b[a-z]+(?:\.[a-z0-9-]+)*\.(\d{4}-\d\d-\d\d)\b")
_DAY = re.compile(r"\b\d{4}-\d\d-\d\d\b")

# Row: what a note looks like, and what is read instead.
_PLAIN: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(r"^(?:comment|submission)s? \d+(?:: )?"), ""),
    (re.compile(r"^approval \d+: "), ""),
    (re.compile(r"\bcertificate ([0-9a-f]{12})[0-9a-f]{52}\b"), r"certificate \1…"),
    (re.compile(r"(?<!certificate )\b([0-9a-f]{12})[0-9a-f]{52}\b"), r"content \1…"),
)

_FIELDS: Mapping[str, str] = {
    "candidate": "candidate",
    "promoter": "agent",
    "promoter_address": "agent’s address",
    "on_behalf_of_address": "candidate’s address",
    "election_title": "election",
    "election_area": "seat",
    "name": "campaign",
    "kit": "brand kit",
}


@dataclass(frozen=True, slots=True)
class Known:
    """The names of what a page of the record mentions: people by id, brand kits by key, printers by id.

    `zones` are the labels of a template's zones by their key, `templates` its title; both by `name@version`.
    """

    now: datetime
    people: Mapping[int, str] = field(default_factory=dict)
    kits: Mapping[str, str] = field(default_factory=dict)
    printers: Mapping[int, str] = field(default_factory=dict)
    zones: Callable[[str], Mapping[str, str]] = lambda ref: {}
    title: Callable[[str], str] = lambda ref: ""


def who_words(who: str) -> str:
    """Who did it; a process of the press has no name that anybody knows."""
    return "The press" if _WORKER.fullmatch(who) else who


def what_words(what: str) -> str:
    """What happened, as the table has it; anything else as it was noted."""
    return HAPPENINGS.get(what, capitalised(what))


def note_words(note: str, known: Known, *, what: str = "", template: str = "") -> str:
    """A note as people read it, of a change called `what`; `template` is that of the leaflet that it is about."""
    try:
        return _read(note, known, what, template)
    except (ValueError, OverflowError):  # somebody wrote what looks like a moment and is none: it stays as it is
        return note


def _read(note: str, known: Known, what: str, template: str) -> str:
    said = note
    for pattern, instead in _PLAIN:
        said = pattern.sub(instead, said)
    if reader := _READERS.get(what):
        said = reader(said, known, template)
    said = _PERSON.sub(lambda found: _person(found, known.people), said)
    return _TIME.sub(lambda found: str(moment(datetime.fromisoformat(found[0]), known.now)), said)


def _person(found: re.Match[str], people: Mapping[int, str]) -> str:
    name = people.get(int(found[1]), found[0].partition(":")[0])
    return f"{name}: {_ROLES.get(found[2], found[2])}" if found[2] else name


def _zones(note: str, known: Known, template: str) -> str:
    """`headline v3, letter kept beside v2` as `Headline, Letter (kept beside another)`."""
    said = re.sub(r"^as after edit \d+: ", "as it was before: ", note)
    said = re.sub(r" of edit \d+$", "", said)
    said = re.sub(r" kept beside v\d+\b", " (kept beside another)", said)
    said = re.sub(r" v\d+\b", "", said)
    labels = known.zones(template)
    return re.sub(r"(?<![\w-])[a-z0-9]+(?:-[a-z0-9]+)*(?![\w-])", lambda key: labels.get(key[0], key[0]), said)


def _template(note: str, known: Known, template: str) -> str:
    return known.title(note) or note


def _version(note: str, known: Known, template: str) -> str:
    return f"version {note}"


def _nothing(note: str, known: Known, template: str) -> str:
    """What only a program reads: which leaflet it was copied from, that the press went from waiting to running."""
    return ""


def _without_ids(note: str, known: Known, template: str) -> str:
    return re.sub(r"^leaflet \d+$", "", note)


def _step(note: str, known: Known, template: str) -> str:
    return Step(note).label if note in list(Step) else note


def _language(note: str, known: Known, template: str) -> str:
    tag, colon, rest = note.partition(": ")
    return f"{LANGUAGES.get(tag, tag)}{colon}{rest}"


def _plan(note: str, known: Known, template: str) -> str:
    """`before-polling-day by freepost for all elections`."""
    found = re.fullmatch(r"([a-z-]+)( \d{4}-\d\d-\d\d)? by ([a-z-]+) for (.*)", note)
    if not found or found[1] not in list(Landing) or found[3] not in list(Route):
        return note
    before = f"by {_days(found[2].strip())}" if found[2] else Landing(found[1]).label
    return f"lands {before}; {Route(found[3]).label}; for {_polls(found[4])}"


def _polls(note: str, known: Known | None = None, template: str = "") -> str:
    return _POLL.sub(lambda found: f"the poll of {_days(found[1])}", note)


def _days(note: str, known: Known | None = None, template: str = "") -> str:
    said = note.replace(", second None", "")
    return _DAY.sub(lambda found: whole_day(date.fromisoformat(found[0])), said)


def _role(note: str, known: Known, template: str) -> str:
    """A role that ends with a day is noted until the moment after it."""
    return _UNTIL.sub(lambda found: f"until {whole_day(_last_day(found[1]))}", note)


def _last_day(moment_after: str) -> date:
    at = datetime.fromisoformat(f"{moment_after}+00:00")
    return in_london(at - timedelta(seconds=1)).date()


def _order(note: str, known: Known, template: str) -> str:
    """`waiting: 5000 by 2026-11-23T06:43:36+00:00, content 0123…`, or a state alone."""
    state, _, rest = note.partition(": ")
    if found := re.match(r"(\d+) by ", rest):
        rest = f"{count_of(int(found[1]), 'copy', 'copies')} by {rest[found.end() :]}"
    return ": ".join(part for part in (order_words(state), rest) if part)


def _setting(note: str, known: Known, template: str) -> str:
    """`kits: ['plain']` as the settings page says it; `kits: as above`."""
    name, _, said = note.partition(": ")
    row = SETTINGS.get(name)
    if row is None:
        return note
    if said == "as above":
        return f"{row.decides}: as above"
    try:
        value: Any = ast.literal_eval(said)
        return f"{row.decides}: {' '.join(say_setting(name, value, kits=known.kits, printers=known.printers))}"
    except (ValueError, SyntaxError, TypeError, KeyError, Invalid):
        return row.decides  # as an older version of this program kept it


def _duration(note: str, known: Known, template: str) -> str:
    name, _, count = note.partition(": ")
    days = f"{count} {unit_of(name)}" if count.isdecimal() else count
    return f"{DURATION_WORDS.get(name, name)}: {days}" if count else note


def _details(note: str, known: Known, template: str) -> str:
    """`promoter: Agnes; kit: plain`."""
    said = []
    for part in note.split("; "):
        name, colon, value = part.partition(": ")
        said.append(f"{_FIELDS.get(name, name)}{colon}{known.kits.get(value, value) if name == 'kit' else value}")
    return "; ".join(said)


_Reader = Callable[[str, Known, str], str]

# Row: what happened, and how its notes are read.
_READERS: Mapping[str, _Reader] = {
    **dict.fromkeys(
        (
            "words saved",
            "words filled in",
            "words passed",
            "pass taken back",
            "change asked",
            "suggestion taken",
            "comment made",
            "comment answered",
            "comment resolved",
            "comment reopened",
            "picture replaced",
            "texts chosen",
            "text taken back",
            "version restored",
            "local zones chosen",
        ),
        _zones,
    ),
    **dict.fromkeys(("role given", "role ended", "end of role changed"), _role),
    **dict.fromkeys(("order placed", "order put back", "order held", "order replaced", "print failed"), _order),
    **dict.fromkeys(("step done", "step not done"), _step),
    **dict.fromkeys(("language chosen", "message translated"), _language),
    **dict.fromkeys(("place added", "leaflet duplicated"), _without_ids),
    **{f"{kind} {state}": _nothing for kind in ("print", "proof", "picture") for state in ("running", "done")},
    "leaflet started": _template,
    "template moved": _version,
    "plan chosen": _plan,
    "polling day moved": _polls,
    "dispatch announced": _days,
    "absence noted": _days,
    "setting changed": _setting,
    "duration set": _duration,
    "campaign changed": _details,
}
