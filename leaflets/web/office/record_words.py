"""The notes of the record in words: what a row says of before and after, as people read it.

The audit keeps what a program can check: numbers, hashes, times of the machine. Here each is said by its name, or in
short; the row itself stays as it was written (`leaflets audit verify`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import datetime

from leaflets.domain.permissions import Role
from leaflets.web.wording import moment

_ROLES = {role.value: role.label for role in Role}

_WORKER = re.compile(r"[\w.-]+:\d+:[0-9a-f]{8}")
_PERSON = re.compile(r"^person (\d+)(?:: ([a-z]+)\b)?")
_TIME = re.compile(r"\b\d{4}-\d\d-\d\dT\d\d:\d\d[\d:.]*(?:\+00:00|Z)")
_VERSIONS = re.compile(r"[a-z0-9-]+ v\d+(?:, [a-z0-9-]+ v\d+)*")

# Row: what a note looks like, and what is read instead.
_PLAIN: tuple[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]], ...] = (
    (re.compile(r"^(?:comment|submission)s? \d+(?:: )?"), ""),
    (re.compile(r"^approval \d+: "), ""),
    (re.compile(r"^workflow: \[.*", re.DOTALL), "who is asked to approve"),
    (re.compile(r"^when-silent: \{.*", re.DOTALL), "what silence means"),
    (re.compile(r"\bcertificate ([0-9a-f]{12})[0-9a-f]{52}\b"), r"certificate \1…"),
    (re.compile(r"(?<!certificate )\b([0-9a-f]{12})[0-9a-f]{52}\b"), r"content \1…"),
)


def who_words(who: str) -> str:
    """Who did it; a process of the press has no name that anybody knows."""
    return "The press" if _WORKER.fullmatch(who) else who


def note_words(note: str, *, people: Mapping[int, str], now: datetime) -> str:
    """A note as people read it; `people` are the names of those whom the page mentions, by id."""
    said = note
    for pattern, instead in _PLAIN:
        said = pattern.sub(instead, said)
    said = _PERSON.sub(lambda found: _person(found, people), said)
    said = _TIME.sub(lambda found: str(moment(datetime.fromisoformat(found[0]), now)), said)
    return re.sub(r" v\d+", "", said) if _VERSIONS.fullmatch(said) else said


def _person(found: re.Match[str], people: Mapping[int, str]) -> str:
    name = people.get(int(found[1]), found[0].partition(":")[0])
    return f"{name}: {_ROLES.get(found[2], found[2])}" if found[2] else name
