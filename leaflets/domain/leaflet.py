"""Edits, and what happens when two meet; a leaflet's content, and the hash that names it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from leaflets.domain.press.printing import ElectionDetails, Imprint
from leaflets.domain.template import Values

LARGEST_VALUE_BYTES = 200_000
"""A zone holds a few hundred words at most; more than this is a mistake of the clipboard, and is handed back."""

OP_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
ZONE_KEY = re.compile(r"[a-z][a-z0-9-]{0,63}")
DEVICE = re.compile(r"[A-Za-z0-9_-]{0,40}")
STEP = re.compile(r"[A-Za-z0-9_-]{0,64}")
PICTURE_HASH = re.compile(r"[0-9a-f]{64}")

MOST_VERSIONS = 2**31 - 1
"""What a version is counted up to in the database (a 32-bit integer)."""


class Act(StrEnum):
    """What made a change."""

    TYPED = "typed"  # somebody's hand: keys, a paste, a picture chosen, find and replace
    UNDO = "undo"  # took the step `of` back
    REDO = "redo"  # did the step `of` again
    RESTORE = "restore"  # brought words of an older version back
    FILL = "fill"  # the system's own: the first words of a leaflet, a duplicate, the answers to the first questions


@dataclass(frozen=True, slots=True)
class Edit:
    """One change of one zone, made on somebody's device.

    `op_id` is chosen by the device and never used again, so that sending twice is safe. `base_version` is the
    version of the zone that the person saw when they typed. `device` names the tab that it was made in. Edits of one
    `step` are undone together: a run of keys without a pause, one paste. `of` is the step that an undo takes back or
    a redo does again.
    """

    op_id: str
    zone: str
    value: Any
    base_version: int
    device: str = ""
    step: str = ""
    act: Act = Act.TYPED
    of: str = ""


class Outcome(StrEnum):
    """What became of an edit."""

    STORED = "stored"  # it is the zone's text now
    CONFLICT = "conflict"  # somebody else was faster; both texts are kept and a person chooses
    REFUSED = "refused"  # it cannot be stored; `message` and `remedy` say why


@dataclass(frozen=True, slots=True)
class Conflict:
    """Two texts for one zone. `stored` stays in the leaflet until somebody chooses; neither is lost."""

    edit_id: int
    zone: str
    offered: Any
    offered_by: str
    offered_at: datetime
    stored: Any
    stored_by: str
    stored_at: datetime
    version: int


@dataclass(frozen=True, slots=True)
class EditResult:
    """The answer to one edit, the same however often it is sent.

    `version` is what the zone reached by this edit: the next one's `base_version`. A conflict reached none, and its
    `version` is the one it was based on: whoever types on without having seen the newer words meets them again.
    """

    op_id: str
    zone: str
    outcome: Outcome
    version: int
    conflict: Conflict | None = None
    message: str = ""
    remedy: str = ""


@dataclass(frozen=True, slots=True)
class Saved:
    """The answers to a batch of edits, in its order."""

    leaflet_id: int
    at: datetime
    results: tuple[EditResult, ...]

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """What a person has to choose between."""
        return tuple(result.conflict for result in self.results if result.conflict)

    @property
    def refused(self) -> tuple[EditResult, ...]:
        """What could not be stored and is still only on the device."""
        return tuple(result for result in self.results if result.outcome is Outcome.REFUSED)


def meets_newer_words(base_version: int, version: int, offered: Any, stored: Any) -> bool:
    """Whether an edit is a conflict: made on another version than the zone's, and not the same words anyway."""
    return base_version != version and canonical_json(offered) != canonical_json(stored)


def why_not_storable(edit: Edit) -> tuple[str, str] | None:
    """What is wrong with an edit, and what to do; `None` when it can be stored.

    A value that breaks its zone's limits is storable: words are kept first and judged later.
    """
    named = OP_ID.fullmatch(edit.op_id) and DEVICE.fullmatch(edit.device)
    if not (named and STEP.fullmatch(edit.step) and STEP.fullmatch(edit.of)):
        return "This change has no proper number.", "Reload the page; what you typed stays on this device."
    if not ZONE_KEY.fullmatch(edit.zone):
        return f"“{edit.zone[:80]}” is not the name of a zone.", "Reload the page and type it again."
    if not 0 <= edit.base_version <= MOST_VERSIONS:
        return "This change was made on no known version.", "Reload the page; what you typed stays on this device."
    try:
        size = len(canonical_json(edit.value))
    except (TypeError, ValueError, RecursionError):
        return "This is not something that a leaflet can hold.", "Type it again as plain text."
    if size > LARGEST_VALUE_BYTES:
        return (
            f"This text is far too long for a leaflet ({size // 1000:,} kB; a zone holds up to 200 kB).",
            "Keep a copy elsewhere and paste only the part you need.",
        )
    return None


def canonical_json(value: Any) -> str:
    """One spelling for equal values: sorted keys, no spaces, ASCII. Raises `ValueError` or `TypeError` if not JSON."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), allow_nan=False)


def hash_of(value: Any) -> str:
    """The SHA-256 of the canonical JSON of a value."""
    return hashlib.sha256(canonical_json(value).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything that will be seen on paper, but for the printer's name, which the order adds.

    `pictures` are the hashes of the originals that the values speak of. In `imprint` the printer is empty. `language`
    is that of the words where it is not the template's, and only then a part of what is hashed.
    """

    template: str
    kit: str
    values: Values
    pictures: tuple[str, ...]
    election: ElectionDetails
    imprint: Imprint
    language: str = ""

    @property
    def content_hash(self) -> str:
        """The name of this content; equal content has an equal name."""
        return hash_of(self.as_json())

    def as_json(self) -> dict[str, Any]:
        """What is hashed and stored."""
        return {
            "template": self.template,
            "kit": self.kit,
            "values": dict(self.values),
            "pictures": list(self.pictures),
            "election": asdict(self.election),
            "imprint": asdict(self.imprint),
            **({"language": self.language} if self.language else {}),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Content:
        """What `as_json` gave."""
        return cls(
            template=stored["template"],
            kit=stored["kit"],
            values=stored["values"],
            pictures=tuple(stored["pictures"]),
            election=ElectionDetails(**stored["election"]),
            imprint=Imprint(**stored["imprint"]),
            language=stored.get("language", ""),
        )


def pictures_in(values: Values) -> tuple[str, ...]:
    """The hashes of the originals that values speak of, sorted, each once."""
    found = {
        value["picture"]
        for value in values.values()
        if isinstance(value, Mapping)
        and isinstance(value.get("picture"), str)
        and PICTURE_HASH.fullmatch(value["picture"])
    }
    return tuple(sorted(found))
